"""A repeated message writes once: the second time it gets what the first got."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.databases.checks import check_text
from bot.records.errors import KeyReusedError
from bot.records.tables import IdempotencyRow


def earlier_result(session: Session, *, key: str, what: str, person: str) -> str | None:
    """What this key led to before, if anything. Call it with the writer's lock held.

    Raises:
        KeyReusedError: the key stands for something else, or for someone else.
    """
    check_text("The idempotency key", key)
    row = session.get(IdempotencyRow, key)
    if row is None:
        return None
    if (row.what, row.person) != (what, person):
        raise KeyReusedError(
            f"The key of this {what} was used before for another {row.what}, or by someone else. "
            "Make a key from the person, the message and the action."
        )
    return row.result


def remember(
    session: Session, *, key: str, what: str, person: str, result: str, now: datetime
) -> None:
    """Keep what a key led to."""
    session.add(IdempotencyRow(key=key, what=what, person=person, result=result, at=now))
