"""Keeps the walk while it goes: the draft, and the notes made in preparation."""

from dataclasses import replace

from actions.state import Walk
from actions.surroundings import Surroundings
from bot.escalation.questions import NOT_KNOWN, SKIPPED
from bot.records.drafts import save_draft
from bot.records.preparation import CaseHome, DraftHome, PreparationNote, save_preparation_note
from bot.records.words import NoteState

STATES: dict[str, NoteState] = {NOT_KNOWN: "not_known_yet", SKIPPED: "skipped"}


def keep(around: Surroundings, person: str, walk: Walk, draft: str) -> Walk:
    """Save the walk as it stands and return it with the id of its draft.

    Before the partnership is known there is nothing to keep it under.

    Raises:
        RecordsError: it could not be saved.
    """
    if walk.phase == "prepare":
        _keep_note(around, person, walk)
        return walk
    if walk.phase == "mail":  # no address is written before it is confirmed
        return walk
    if walk.progressing:  # the case is on record already; only the confirmed step is written
        return walk
    policy = walk.policy(around)
    if policy is None:
        return walk
    kept = replace(walk, draft=walk.draft or draft)
    with around.database.session() as session:
        save_draft(
            session,
            draft=kept.draft,
            person=person,
            policy_id=policy.id,
            policy_version=policy.document.label,
            phase=kept.phase,
            answers=kept.answers,
            now=around.now(),
        )
    return kept


def _keep_note(around: Surroundings, person: str, walk: Walk) -> None:
    preparation = walk.preparation(around)
    if preparation is None or not walk.answers:
        return
    question, value = walk.answers[-1]
    state: NoteState = STATES.get(value, "answered")
    note = PreparationNote(
        question=question,
        heading=preparation.prompt(question).heading,
        note=value if state == "answered" else None,
        state=state,
    )
    home = (
        CaseHome(reference=walk.reference) if walk.reference else DraftHome(draft=walk.draft or "")
    )
    with around.database.session() as session:
        save_preparation_note(session, home=home, person=person, note=note)
