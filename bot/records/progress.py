"""Takes a recorded case a step further, and takes the last step back.

Each step is one transaction and keeps what it changed, so that it can be undone; the audit trail
keeps both. Nothing of an earlier step is ever overwritten.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.databases.checks import JsonValue, check_instant, check_text
from bot.records import audit
from bot.records.cases import Recorded
from bot.records.errors import NotFoundError, NotOpenError
from bot.records.idempotency import earlier_result, remember
from bot.records.restoring import CHANGED, as_text, remember_row, restore
from bot.records.rows import clock_rows, duty_rows, stage_row
from bot.records.steps import ClockSettled, DutySettled, Step
from bot.records.tables import (
    AnswerRow,
    Base,
    EscalationRow,
    StepRow,
)


def take_step(
    session: Session, *, key: str, reference: str, person: str, now: datetime, step: Step
) -> Recorded:
    """Write a step of this person's case in this transaction, once for each key.

    Raises:
        NotFoundError: there is no such case of this person, or no such clock or duty in it.
        NotOpenError: the case has ended, or is at another stage than the step was decided at.
        KeyReusedError: the key stands for something else.
        UnstorableError: words or an instant that no database keeps.
    """
    check_text("The person", person)
    check_instant("The present instant", now)
    audit.take_turn(session)
    earlier = earlier_result(session, key=key, what="StepTaken", person=person)
    if earlier is not None:
        return Recorded(reference=earlier, already=True)
    case = own_case(session, reference, person)
    _check_place(case, step)
    before: dict[str, Any] = {"changed": [], "added": {}}
    _leave(case, step, before)
    for settled in step.settled:
        _settle_clock(case, settled, before)
    for done in step.done:
        _settle_duty(case, done, before)
    _end(case, step, before)
    _follow(case, step, before)
    _renew(case, step, before)
    _correct(case, step, before)
    _add(session, case, step, before)
    position = _steps(session, case) + 1
    session.add(
        StepRow(
            escalation_id=case.id, position=position, kind=step.kind, before=before, taken_at=now
        )
    )
    remember(session, key=key, what="StepTaken", person=person, result=reference, now=now)
    for what, detail in _events(step):
        audit.note(session, at=now, who=person, what=what, about=reference, detail=detail)
    session.flush()
    return Recorded(reference=reference, already=False)


def undo_last(
    session: Session, *, key: str, reference: str, person: str, now: datetime
) -> Recorded:
    """Take the last step back that stands; the trail keeps that it was taken and undone.

    Raises:
        NotFoundError: there is no such case of this person.
        NotOpenError: no step is left to undo.
        KeyReusedError: the key stands for something else.
    """
    check_instant("The present instant", now)
    audit.take_turn(session)
    earlier = earlier_result(session, key=key, what="StepUndone", person=person)
    if earlier is not None:
        return Recorded(reference=earlier, already=True)
    case = own_case(session, reference, person)
    step = session.scalars(
        select(StepRow)
        .where(StepRow.escalation_id == case.id, StepRow.undone_at.is_(None))
        .order_by(StepRow.position.desc())
        .limit(1)
    ).one_or_none()
    if step is None:
        raise NotOpenError(f"{reference} has no step to undo: it is as it was recorded.")
    restore(session, step.before)
    step.undone_at = now
    remember(session, key=key, what="StepUndone", person=person, result=reference, now=now)
    detail: dict[str, JsonValue] = {"step": step.position, "kind": step.kind}
    audit.note(session, at=now, who=person, what="StepUndone", about=reference, detail=detail)
    session.flush()
    return Recorded(reference=reference, already=False)


def own_case(session: Session, reference: str, person: str) -> EscalationRow:
    """The case of this person with that reference.

    Raises:
        NotFoundError: there is none.
    """
    check_text("The reference", reference)
    row = session.scalars(
        select(EscalationRow).where(
            EscalationRow.reference == reference, EscalationRow.person == person
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"You have no escalation with the reference {reference}.")
    return row


def _check_place(case: EscalationRow, step: Step) -> None:
    here = case.stages[-1]
    if step.kind in ("outcome", "version") and case.status != "open":
        raise NotOpenError(
            f"{case.reference} has ended ({case.status}). Undo its last step to go on with it."
        )
    if here.stage != step.at_stage:
        raise NotOpenError(
            f"{case.reference} is at {here.label}, not where this was decided. Ask for its status, "
            "and tell what happened from there."
        )


def _leave(case: EscalationRow, step: Step, before: dict[str, Any]) -> None:
    if step.left is not None:
        here = case.stages[-1]
        remember_row(here, before)
        here.left_on, here.outcome = step.left.left_on, step.left.outcome


def _settle_clock(case: EscalationRow, settled: ClockSettled, before: dict[str, Any]) -> None:
    row = next((c for c in case.clocks if (c.stage, c.key) == (settled.stage, settled.key)), None)
    if row is None:
        raise NotFoundError(f"{case.reference} has no time limit {settled.key} at that stage.")
    remember_row(row, before)
    row.status, row.settled_on = settled.status, settled.settled_on
    row.reason = settled.reason
    if settled.due_on is not None or settled.due_at is not None:
        row.due_on, row.due_at = settled.due_on, settled.due_at


def _settle_duty(case: EscalationRow, done: DutySettled, before: dict[str, Any]) -> None:
    row = next((d for d in case.duties if (d.stage, d.key) == (done.stage, done.key)), None)
    if row is None:
        raise NotFoundError(f"{case.reference} has no duty {done.key} at that stage.")
    remember_row(row, before)
    row.status, row.settled_on = done.status, done.settled_on


def _end(case: EscalationRow, step: Step, before: dict[str, Any]) -> None:
    if step.ended is not None:
        remember_row(case, before)
        case.status, case.ended_on = step.ended.status, step.ended.ended_on
        case.ending, case.lessons = step.ended.ending, step.ended.lessons


def _follow(case: EscalationRow, step: Step, before: dict[str, Any]) -> None:
    if step.version is None:
        return
    if case.policy_version != step.version.left:
        raise NotOpenError(
            f"{case.reference} follows version {case.policy_version} of its policy, not the one "
            "that this was decided under. Ask for its status."
        )
    remember_row(case, before)
    case.began_under = case.began_under or step.version.left
    case.policy_version, case.policy_hash = step.version.taken, step.version.content_hash


def _renew(case: EscalationRow, step: Step, before: dict[str, Any]) -> None:
    clocks = {(row.stage, row.key): row for row in case.clocks}
    duties = {(row.stage, row.key): row for row in case.duties}
    pairs = [
        *((clocks.get((part.stage, part.key)), part) for part in step.renewed_clocks),
        *((duties.get((part.stage, part.key)), part) for part in step.renewed_duties),
    ]
    for row, part in pairs:
        if row is None:
            raise NotFoundError(f"{case.reference} does not hold what was to be renewed.")
        remember_row(row, before)
        for name in CHANGED[row.__tablename__]:
            setattr(row, name, getattr(part, name))


def _correct(case: EscalationRow, step: Step, before: dict[str, Any]) -> None:
    if step.corrected is not None:
        here = case.stages[-1]
        remember_row(case, before)
        remember_row(here, before)
        case.raised_on, here.entered_on = step.corrected.raised_on, step.corrected.entered_on
        case.area, case.summary = step.corrected.area, step.corrected.summary


def _add(session: Session, case: EscalationRow, step: Step, before: dict[str, Any]) -> None:
    last = max((answer.position for answer in case.answers), default=0)
    rows: list[tuple[str, Base]] = [
        *((("stage_entry", stage_row(step.entered)),) if step.entered else ()),
        *(("clock", row) for row in clock_rows(step.clocks)),
        *(("duty", row) for row in duty_rows(step.duties)),
        *(
            (
                "answer",
                AnswerRow(
                    position=last + n, fact=each.fact, value=each.value, said_at=each.said_at
                ),
            )
            for n, each in enumerate(step.answers, start=1)
        ),
    ]
    for _, row in rows:
        row.escalation_id = case.id  # type: ignore[attr-defined]
    session.add_all(row for _, row in rows)
    session.flush()
    session.expire(case)
    for table, row in rows:
        before["added"].setdefault(table, []).append(row.id)  # type: ignore[attr-defined]


def _steps(session: Session, case: EscalationRow) -> int:
    counted = select(func.count()).where(StepRow.escalation_id == case.id)
    return int(session.scalars(counted).one())


def _events(step: Step) -> list[tuple[str, dict[str, JsonValue]]]:
    """What the audit trail says of a step: never the free words of a person."""
    found: list[tuple[str, dict[str, JsonValue]]] = []
    if step.left is not None:
        on = step.left.left_on.isoformat()
        left: dict[str, JsonValue] = {"stage": step.left.stage, "left_on": on}
        found.append(("StageLeft", {**left, "outcome": step.left.outcome}))
    found += [
        (
            "ClockSettled",
            {
                "stage": each.stage, "key": each.key, "status": each.status,
                "due": as_text(each.due_on or each.due_at),
            },
        )
        for each in step.settled
    ]  # fmt: skip
    found += [
        ("DutySettled", {"stage": each.stage, "key": each.key, "status": each.status})
        for each in step.done
    ]
    if step.entered is not None:
        on = step.entered.entered_on.isoformat()
        found.append(("StageEntered", {"stage": step.entered.stage, "entered_on": on}))
    if step.version is not None:
        new = step.version
        versions = {"left": new.left, "taken": new.taken, "hash": new.content_hash}
        found.append(("PolicyVersionTaken", {**versions}))
    found += [
        (
            "ClockCounted",
            {
                "stage": each.stage, "key": each.key, "status": each.status,
                "due": as_text(each.due_on or each.due_at),
            },
        )
        for each in step.renewed_clocks
        if step.corrected is not None
    ]  # fmt: skip
    if step.corrected is not None:
        raised, entered = as_text(step.corrected.raised_on), as_text(step.corrected.entered_on)
        days: dict[str, JsonValue] = {"raised_on": raised, "entered_on": entered}
        found.append(("AnswerCorrected", {"fact": step.corrected.fact, **days}))
    if step.ended is not None:
        on = step.ended.ended_on.isoformat()
        found.append(("EscalationEnded", {"status": step.ended.status, "ended_on": on}))
    return found
