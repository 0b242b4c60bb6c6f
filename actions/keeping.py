"""Keeps the walk while it goes: the draft, and the notes made in preparation."""

import logging
from dataclasses import replace

from actions.state import Walk
from actions.surroundings import Surroundings
from bot.escalation.agencies import OURS
from bot.escalation.questions import NOT_KNOWN, SKIPPED
from bot.records.drafts import save_draft
from bot.records.errors import RecordsError
from bot.records.preparation import CaseHome, DraftHome, PreparationNote, save_preparation_note
from bot.records.store import cases_of
from bot.records.words import NoteState

logger = logging.getLogger(__name__)

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
    if walk.progressing or walk.amending:  # on record already; only a confirmed step is written
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


def known_of_us(around: Surroundings, person: str) -> tuple[tuple[str, str], ...]:
    """The kind of agency that this person named in their last case: it is not asked again.

    Where the records cannot be read it is asked: a walk begins with risk, and never waits for them.
    """
    try:
        with around.database.reading() as session:
            cases = cases_of(session, person=person)
    except RecordsError:
        logger.exception("walk.earlier_cases_not_read")
        return ()
    said = (each for case in cases for each in reversed(case.answers) if each.fact == OURS)
    last = next(said, None)
    return () if last is None or last.value == SKIPPED else ((OURS, str(last.value)),)
