"""Reminders that a person put off: each wish on record, none of them moves a time limit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.databases.checks import check_instant, check_text
from bot.records import audit
from bot.records.cases import Recorded
from bot.records.errors import NotFoundError, NotOpenError
from bot.records.idempotency import earlier_result, remember
from bot.records.post import due_words
from bot.records.progress import own_case
from bot.records.tables import ClockRow, SnoozeRow
from bot.records.words import STILL_RUNS

Limit: TypeAlias = tuple[str, str, str, str]
"""The id of its case, its stage, its key, and the due date that it had."""


@dataclass(frozen=True)
class Snooze:
    """The last wish about a limit: no reminder before `until`; `nth` counts its wishes from 1."""

    until: datetime
    nth: int


def snooze(
    session: Session,
    *,
    key: str,
    reference: str,
    person: str,
    stage: str,
    limit: str,
    until: datetime,
    now: datetime,
) -> Recorded:
    """Remind this person of one running limit at `until` and not before, once for each key.

    Raises:
        NotFoundError: there is no such case of this person, or no such limit in it.
        NotOpenError: the case has ended, or the limit does not run or has no date.
        KeyReusedError: the key stands for something else.
        UnstorableError: words or an instant that no database keeps.
    """
    check_text("The person", person)
    for name, instant in (("The present instant", now), ("The time of a reminder", until)):
        check_instant(name, instant)
    audit.take_turn(session)
    earlier = earlier_result(session, key=key, what="ReminderSnoozed", person=person)
    if earlier is not None:
        return Recorded(reference=earlier, already=True)
    clock = _clock(session, reference, person, stage, limit)
    due = due_words(clock.due_on, clock.due_at)
    if clock.status not in STILL_RUNS or due is None:
        raise NotOpenError(f"That time limit of {reference} does not run: it has no reminders.")
    session.add(
        SnoozeRow(
            escalation_id=clock.escalation_id, stage=stage, key=limit, due=due, until=until,
            asked_at=now,
        )
    )  # fmt: skip
    remember(session, key=key, what="ReminderSnoozed", person=person, result=reference, now=now)
    detail = {"stage": stage, "key": limit, "due": due, "until": until.isoformat()}
    audit.note(session, at=now, who=person, what="ReminderSnoozed", about=reference, detail=detail)
    session.flush()
    return Recorded(reference=reference, already=False)


def snoozes_of(session: Session, cases: Collection[str]) -> Mapping[Limit, Snooze]:
    """The last wish about each limit of these cases, by the date that the limit had then."""
    found: dict[Limit, Snooze] = {}
    rows = select(SnoozeRow).where(SnoozeRow.escalation_id.in_(cases)).order_by(SnoozeRow.id)
    for row in session.scalars(rows):
        limit = (row.escalation_id, row.stage, row.key, row.due)
        found[limit] = Snooze(row.until, found[limit].nth + 1 if limit in found else 1)
    return found


def _clock(session: Session, reference: str, person: str, stage: str, limit: str) -> ClockRow:
    case = own_case(session, reference, person)
    if case.status != "open":
        raise NotOpenError(f"{reference} has ended ({case.status}): it has no reminders.")
    found = next((each for each in case.clocks if (each.stage, each.key) == (stage, limit)), None)
    if found is None:
        raise NotFoundError(f"{reference} has no time limit {limit} at that stage.")
    return found
