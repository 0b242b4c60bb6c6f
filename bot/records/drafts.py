"""Walks that are not recorded yet: several a person, taken up again after a restart or tomorrow."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.databases.checks import Checked, JsonValue, check_instant, check_json, check_text
from bot.records import audit
from bot.records.errors import NotFoundError, NotOpenError
from bot.records.tables import DraftRow, PreparationNoteRow
from bot.records.words import DraftStatus

Pairs = tuple[tuple[str, JsonValue], ...]
"""Facts and what was said to each, in order."""


@dataclass(frozen=True, kw_only=True)
class Draft(Checked):
    """A walk as far as it has got; `phase` is where the conversation stood."""

    id: str
    person: str
    policy_id: str
    policy_version: str
    phase: str
    answers: Pairs
    status: DraftStatus
    created_at: datetime
    updated_at: datetime


def save_draft(
    session: Session,
    *,
    draft: str | None,
    person: str,
    policy_id: str,
    policy_version: str,
    phase: str,
    answers: Pairs,
    now: datetime,
) -> Draft:
    """Keep a walk as it stands: a new draft, or in place of what the draft held before.

    `draft` is an id of the caller's choosing, so that a repeated message makes no second draft;
    with none, the draft is new and gets one.

    Raises:
        NotFoundError: the draft is someone else's.
        NotOpenError: it was recorded or discarded.
        UnstorableError: words that no database keeps.
    """
    pairs: JsonValue = [[fact, value] for fact, value in answers]
    check_json("The answers", pairs)
    check_instant("The present instant", now)
    for name, words in (("person", person), ("policy", policy_id), ("phase", phase)):
        check_text(f"The {name} of a draft", words)
    check_text("The version of a draft's policy", policy_version)
    if draft is not None:
        check_text("The id of a draft", draft)
    audit.take_turn(session)
    if draft is None or session.get(DraftRow, draft) is None:
        row = DraftRow(id=draft or str(uuid4()), person=person, status="open", created_at=now)
        session.add(row)
    else:
        row = _open(session, draft=draft, person=person)
    row.policy_id = policy_id
    row.policy_version = policy_version
    row.phase = phase
    row.answers = pairs
    row.updated_at = now
    session.flush()
    session.refresh(row)
    return _to_draft(row)


def open_drafts(session: Session, *, person: str) -> tuple[Draft, ...]:
    """The drafts this person can take up again, the last one touched first."""
    rows = session.scalars(
        select(DraftRow)
        .where(DraftRow.person == person, DraftRow.status == "open")
        .order_by(DraftRow.updated_at.desc(), DraftRow.id)
    )
    return tuple(_to_draft(row) for row in rows)


def take_up(session: Session, *, draft: str, person: str) -> Draft:
    """An open draft, to go on with.

    Raises:
        NotFoundError: no such draft, or someone else's.
        NotOpenError: it was recorded or discarded.
    """
    return _to_draft(_open(session, draft=draft, person=person))


def discard_draft(session: Session, *, draft: str, person: str, now: datetime) -> None:
    """Put a draft aside for good; a second time changes nothing.

    Raises:
        NotFoundError: no such draft, or someone else's.
        NotOpenError: it was recorded.
    """
    audit.take_turn(session)
    row = owned_draft(session, draft=draft, person=person)
    if row.status == "discarded":
        return
    _require_open(row)
    row.status = "discarded"
    row.updated_at = now
    audit.note(
        session,
        at=now,
        who=person,
        what="DraftDiscarded",
        about=row.id,
        detail={"policy": row.policy_id, "version": row.policy_version},
    )


def mark_recorded(
    session: Session, *, draft: str, person: str, escalation_id: str, now: datetime
) -> None:
    """End a draft because it became this escalation, which takes over its preparation notes.

    Raises:
        NotFoundError: no such draft, or someone else's.
        NotOpenError: it was recorded or discarded.
    """
    row = _open(session, draft=draft, person=person)
    row.status = "recorded"
    row.updated_at = now
    session.execute(
        update(PreparationNoteRow)
        .where(PreparationNoteRow.draft_id == row.id)
        .values(draft_id=None, escalation_id=escalation_id)
    )


def owned_draft(session: Session, *, draft: str, person: str) -> DraftRow:
    """The row of a draft in any state.

    Raises:
        NotFoundError: no such draft, or someone else's.
    """
    check_text("The id of a draft", draft)
    row = session.get(DraftRow, draft, populate_existing=True)
    if row is None or row.person != person:
        raise NotFoundError("You have no such draft.")
    return row


def _open(session: Session, *, draft: str, person: str) -> DraftRow:
    row = owned_draft(session, draft=draft, person=person)
    _require_open(row)
    return row


def _require_open(row: DraftRow) -> None:
    if row.status != "open":
        raise NotOpenError(f"This draft was {row.status} and can no longer be changed.")


def _to_draft(row: DraftRow) -> Draft:
    return Draft(
        id=row.id,
        person=row.person,
        policy_id=row.policy_id,
        policy_version=row.policy_version,
        phase=row.phase,
        answers=tuple((fact, value) for fact, value in row.answers),
        status=cast(DraftStatus, row.status),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
