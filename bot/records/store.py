"""Record an escalation once, and find it again."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from bot.databases.checks import JsonValue, check_instant, check_text
from bot.records import audit
from bot.records.cases import Escalation, EscalationSummary, NewEscalation, Recorded
from bot.records.drafts import mark_recorded
from bot.records.errors import NotFoundError
from bot.records.idempotency import earlier_result, remember
from bot.records.rows import (
    answer_rows,
    clock_rows,
    duty_rows,
    participant_rows,
    stage_row,
    to_escalation,
    to_summary,
)
from bot.records.tables import EscalationRow, ReferenceCounterRow, RiskAlertRow


def record_escalation(
    session: Session, *, key: str, person: str, now: datetime, new: NewEscalation
) -> Recorded:
    """Write a whole escalation in this transaction, or find what the same key wrote before.

    Args:
        session: of `Database.session()`; nothing is recorded before that has ended.
        key: stands for this message of this person; a repeat writes nothing.
        person: the opaque sender id of who raised it.
        now: the present instant, with its zone.
        new: what to write.

    Raises:
        KeyReusedError: the key stands for something else.
        NotFoundError: the draft or an alert is not this person's.
        NotOpenError: the draft was recorded or discarded before.
        UnstorableError: words or an instant that no database keeps.
    """
    check_text("The person", person)
    check_instant("The present instant", now)
    audit.take_turn(session)
    earlier = earlier_result(session, key=key, what="EscalationRecorded", person=person)
    if earlier is not None:
        return Recorded(reference=earlier, already=True)
    row = _escalation_row(person, now, new, reference=_next_reference(session, now))
    session.add(row)
    session.flush()
    if new.draft is not None:
        mark_recorded(session, draft=new.draft, person=person, escalation_id=row.id, now=now)
    _link_alerts(session, person, new.alerts, row.id)
    remember(
        session,
        key=key,
        what="EscalationRecorded",
        person=person,
        result=row.reference,
        now=now,
    )
    audit.note(
        session,
        at=now,
        who=person,
        what="EscalationRecorded",
        about=row.reference,
        detail=_recorded_detail(new),
    )
    audit.note(
        session,
        at=now,
        who=person,
        what="StageEntered",
        about=row.reference,
        detail={"stage": new.stage.stage, "entered_on": new.stage.entered_on.isoformat()},
    )
    session.flush()
    return Recorded(reference=row.reference, already=False)


def find(session: Session, *, reference: str, person: str) -> Escalation:
    """The case of this reference.

    Raises:
        NotFoundError: there is none, or it is someone else's: the two look the same.
    """
    found = _found(session, reference, EscalationRow.person == person)
    if found is None:
        raise NotFoundError(f"You have no escalation with the reference {reference}.")
    return found


def find_any(session: Session, *, reference: str) -> Escalation:
    """The case of this reference, whoever's it is.

    For whoever keeps the records and may read the database anyway; never for a conversation.

    Raises:
        NotFoundError: there is none.
    """
    found = _found(session, reference)
    if found is None:
        raise NotFoundError(f"There is no escalation with the reference {reference}.")
    return found


def _found(session: Session, reference: str, *more: ColumnElement[bool]) -> Escalation | None:
    check_text("The reference", reference)
    row = session.scalars(
        select(EscalationRow)
        .where(EscalationRow.reference == reference, *more)
        .options(selectinload("*"))
    ).one_or_none()
    return None if row is None else to_escalation(row)


def cases_of(session: Session, *, person: str) -> tuple[Escalation, ...]:
    """Every case of this person as a whole, the newest first."""
    rows = session.scalars(
        select(EscalationRow)
        .where(EscalationRow.person == person)
        .order_by(EscalationRow.created_at.desc(), EscalationRow.reference.desc())
        .options(selectinload("*"))
    )
    return tuple(to_escalation(row) for row in rows)


def list_for(session: Session, *, person: str) -> tuple[EscalationSummary, ...]:
    """Every case of this person, the newest first."""
    rows = session.scalars(
        select(EscalationRow)
        .where(EscalationRow.person == person)
        .order_by(EscalationRow.created_at.desc(), EscalationRow.reference.desc())
        .options(selectinload(EscalationRow.stages))
    )
    return tuple(to_summary(row) for row in rows)


def _escalation_row(
    person: str, now: datetime, new: NewEscalation, *, reference: str
) -> EscalationRow:
    return EscalationRow(
        id=str(uuid4()),
        reference=reference,
        person=person,
        policy_id=new.policy_id,
        policy_version=new.policy_version,
        policy_hash=new.policy_hash,
        subject=new.subject,
        side=new.side,
        area=new.area,
        summary=new.summary,
        status="open",
        raised_on=new.raised_on,
        created_at=now,
        stages=[stage_row(new.stage)],
        clocks=clock_rows(new.clocks),
        duties=duty_rows(new.duties),
        answers=answer_rows(new.answers),
        participants=participant_rows(new.participants),
    )


def _next_reference(session: Session, now: datetime) -> str:
    # at New Year, UTC is the time of England and of Jersey
    year = now.astimezone(UTC).year
    counter = session.get(ReferenceCounterRow, year, with_for_update=True, populate_existing=True)
    if counter is None:
        # nobody else can be adding the year: the turn is ours
        counter = ReferenceCounterRow(year=year, last=0)
        session.add(counter)
    counter.last += 1
    return f"ESC-{year}-{counter.last:04d}"


def _link_alerts(
    session: Session, person: str, alerts: tuple[str, ...], escalation_id: str
) -> None:
    for alert in alerts:
        row = session.get(RiskAlertRow, alert, populate_existing=True)
        if row is None or row.person != person:
            raise NotFoundError("A risk alert to go with this escalation was not found.")
        if row.escalation_id is None:  # an alert stays with the case that it came up in
            row.escalation_id = escalation_id


def _recorded_detail(new: NewEscalation) -> dict[str, JsonValue]:
    return {
        "policy": new.policy_id,
        "version": new.policy_version,
        "hash": new.policy_hash,
        "subject": new.subject,
        "side": new.side,
        "raised_on": new.raised_on.isoformat(),
        "clocks": [
            {
                "stage": clock.stage,
                "key": clock.key,
                "status": clock.status,
                "due": (
                    clock.due_on.isoformat()
                    if clock.due_on
                    else clock.due_at.astimezone(UTC).isoformat()
                    if clock.due_at
                    else None
                ),
            }
            for clock in new.clocks
        ],
    }
