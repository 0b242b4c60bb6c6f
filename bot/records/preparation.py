"""Notes at the reflective questions: help to prepare, kept with the draft or with the case."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.databases.checks import Checked, check_text
from bot.records import audit
from bot.records.drafts import owned_draft
from bot.records.errors import NotFoundError
from bot.records.tables import EscalationRow, PreparationNoteRow
from bot.records.words import NoteState


@dataclass(frozen=True, kw_only=True)
class CaseHome:
    """The notes belong to a recorded escalation, by its reference."""

    reference: str


@dataclass(frozen=True, kw_only=True)
class DraftHome:
    """The notes belong to a draft, by its id; they move to the case when it is recorded."""

    draft: str


Home = CaseHome | DraftHome


@dataclass(frozen=True, kw_only=True)
class PreparationNote(Checked):
    """What was noted at one question; those `not_known_yet` are the agenda for the meeting."""

    question: str
    heading: str
    note: str | None = None
    state: NoteState


def save_preparation_note(
    session: Session, *, home: Home, person: str, note: PreparationNote
) -> None:
    """Keep a note; a second one at the same question takes the place of the first.

    Raises:
        NotFoundError: no such case or draft, or someone else's.
    """
    audit.take_turn(session)
    escalation_id, draft_id = _home_ids(session, home, person)
    row = session.scalars(
        select(PreparationNoteRow).where(
            _at(escalation_id, draft_id), PreparationNoteRow.question == note.question
        )
    ).one_or_none()
    if row is None:
        row = PreparationNoteRow(
            escalation_id=escalation_id, draft_id=draft_id, question=note.question
        )
        session.add(row)
    row.heading, row.note, row.state = note.heading, note.note, note.state
    session.flush()


def preparation_notes(session: Session, *, home: Home, person: str) -> tuple[PreparationNote, ...]:
    """The notes, in the order in which the questions were first answered.

    Raises:
        NotFoundError: no such case or draft, or someone else's.
    """
    escalation_id, draft_id = _home_ids(session, home, person)
    rows = session.scalars(
        select(PreparationNoteRow)
        .where(_at(escalation_id, draft_id))
        .order_by(PreparationNoteRow.id)
    )
    return tuple(
        PreparationNote(
            question=row.question,
            heading=row.heading,
            note=row.note,
            state=cast(NoteState, row.state),
        )
        for row in rows
    )


def _home_ids(session: Session, home: Home, person: str) -> tuple[str | None, str | None]:
    """The ids of the escalation and of the draft: one of them is none."""
    if isinstance(home, DraftHome):
        return None, owned_draft(session, draft=home.draft, person=person).id
    check_text("The reference", home.reference)
    found = session.scalars(
        select(EscalationRow.id).where(
            EscalationRow.reference == home.reference, EscalationRow.person == person
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError(f"You have no escalation with the reference {home.reference}.")
    return found, None


def _at(escalation_id: str | None, draft_id: str | None) -> ColumnElement[bool]:
    if draft_id is not None:
        return PreparationNoteRow.draft_id == draft_id
    return PreparationNoteRow.escalation_id == escalation_id
