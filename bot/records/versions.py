"""Keeps a case under the policy version that it follows, and remembers over which newer one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.databases.checks import check_instant, check_text
from bot.records import audit
from bot.records.cases import Recorded
from bot.records.errors import NotFoundError, NotOpenError
from bot.records.idempotency import earlier_result, remember
from bot.records.tables import EscalationRow


def keep_version(
    session: Session, *, key: str, reference: str, person: str, now: datetime, over: str
) -> Recorded:
    """Remember that this person saw the version `over` and keeps the one the case follows.

    It is a choice and no step: nothing of the case changes, and it can be chosen anew.

    Raises:
        NotFoundError: there is no such case of this person.
        NotOpenError: the case has ended.
        KeyReusedError: the key stands for something else.
        UnstorableError: words or an instant that no database keeps.
    """
    check_text("The reference", reference)
    check_text("The version", over)
    check_instant("The present instant", now)
    audit.take_turn(session)
    earlier = earlier_result(session, key=key, what="PolicyVersionKept", person=person)
    if earlier is not None:
        return Recorded(reference=earlier, already=True)
    case = session.scalars(
        select(EscalationRow).where(
            EscalationRow.reference == reference, EscalationRow.person == person
        )
    ).one_or_none()
    if case is None:
        raise NotFoundError(f"You have no escalation with the reference {reference}.")
    if case.status != "open":
        raise NotOpenError(f"{reference} has ended: its policy version does not change any more.")
    case.kept_over = over
    remember(session, key=key, what="PolicyVersionKept", person=person, result=reference, now=now)
    audit.note(
        session, at=now, who=person, what="PolicyVersionKept", about=reference,
        detail={"kept": case.policy_version, "over": over},
    )  # fmt: skip
    session.flush()
    return Recorded(reference=reference, already=False)
