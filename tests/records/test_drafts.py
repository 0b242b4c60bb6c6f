from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.records.database import open_database
from bot.records.drafts import discard_draft, open_drafts, save_draft, take_up
from bot.records.errors import NotFoundError, NotOpenError, UnstorableError
from bot.records.preparation import (
    CaseHome,
    DraftHome,
    PreparationNote,
    preparation_notes,
    save_preparation_note,
)
from bot.records.store import record_escalation

ANSWERS = (("spoken", True), ("summary", "“not yet” – 🙂"), ("dates", ["2026-11-12", None]))


@pytest.fixture
def save(now):
    def run(session, *, draft=None, person="person-1", at=now, answers=ANSWERS, phase="walk"):
        return save_draft(
            session,
            draft=draft,
            person=person,
            policy_id="invented",
            policy_version="2026-01",
            phase=phase,
            answers=answers,
            now=at,
        )

    return run


def test_drafts_are_taken_up_again_after_a_restart(url, save, now):
    with open_database(url) as database, database.session() as session:
        first = save(session)
        second = save(session, at=now + timedelta(minutes=1), answers=())
    with open_database(url) as database, database.reading() as session:
        assert open_drafts(session, person="person-1") == (second, first)
        again = take_up(session, draft=first.id, person="person-1")
    assert again == first
    assert again.answers == ANSWERS


def test_saving_again_replaces_the_answers_and_keeps_the_beginning(database, save, now):
    later = now + timedelta(days=1)
    with database.session() as session:
        first = save(session)
    with database.session() as session:
        save(session, draft=first.id, at=later, answers=ANSWERS[:1], phase="check")
    with database.reading() as session:
        (found,) = open_drafts(session, person="person-1")
    assert (found.id, found.phase, found.answers) == (first.id, "check", ANSWERS[:1])
    assert (found.created_at, found.updated_at) == (now, later)


def test_a_discarded_draft_is_gone_and_audited_once(database, save, now):
    with database.session() as session:
        draft = save(session)
    for _ in range(2):
        with database.session() as session:
            discard_draft(session, draft=draft.id, person="person-1", now=now)
    with database.session() as session:
        assert open_drafts(session, person="person-1") == ()
        with pytest.raises(NotOpenError, match="discarded"):
            take_up(session, draft=draft.id, person="person-1")
        with pytest.raises(NotOpenError, match="discarded"):
            save(session, draft=draft.id)
        entries = session.execute(text("SELECT what, about FROM audit_entry")).all()
    assert [tuple(entry) for entry in entries] == [("DraftDiscarded", draft.id)]


def test_a_draft_of_someone_else_looks_like_none(database, save, now):
    with database.session() as session:
        draft = save(session)
    attempts = [
        lambda session, which: take_up(session, draft=which, person="person-2"),
        lambda session, which: discard_draft(session, draft=which, person="person-2", now=now),
        lambda session, which: preparation_notes(
            session, home=DraftHome(draft=which), person="person-2"
        ),
    ]
    for attempt in attempts:
        told = set()
        for which in (draft.id, "no-such"):
            with pytest.raises(NotFoundError) as refused, database.session() as session:
                attempt(session, which)
            told.add(str(refused.value))
        assert told == {"You have no such draft."}
    with pytest.raises(NotFoundError), database.session() as session:
        save(session, draft=draft.id, person="person-2")
    with database.reading() as session:
        assert open_drafts(session, person="person-2") == ()
        assert open_drafts(session, person="person-1") == (draft,)


def test_a_draft_with_an_id_of_the_callers_choosing_is_made_once(database, save):
    for _ in range(2):
        with database.session() as session:
            assert save(session, draft="chosen").id == "chosen"
    with database.reading() as session:
        assert [draft.id for draft in open_drafts(session, person="person-1")] == ["chosen"]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ((("summary", "a\0"),), r"\[0\]\[1\] has a NUL"),
        ((("days", (1, 2)),), "Allowed: text"),
        ((("when", datetime(2026, 1, 1)),), "Allowed: text"),
    ],
)
def test_answers_that_would_not_come_back_are_refused(database, save, answers, told):
    with pytest.raises(UnstorableError, match=told), database.session() as session:
        save(session, answers=answers)


def note(question, words=None, state="answered"):
    return PreparationNote(question=question, heading="About it", note=words, state=state)


def test_a_second_note_at_a_question_takes_the_place_of_the_first(database, save):
    with database.session() as session:
        home = DraftHome(draft=save(session).id)
        for each in (note("q1", "first"), note("q2", state="not_known_yet"), note("q1", "second")):
            save_preparation_note(session, home=home, person="person-1", note=each)
    with database.reading() as session:
        assert preparation_notes(session, home=home, person="person-1") == (
            note("q1", "second"),
            note("q2", state="not_known_yet"),
        )


def test_notes_of_a_draft_move_to_the_case_and_go_on_there(database, save, now, new_case):
    with database.session() as session:
        draft = save(session)
        save_preparation_note(
            session, home=DraftHome(draft=draft.id), person="person-1", note=note("q1", "before")
        )
    with database.session() as session:
        told = record_escalation(
            session, key="k", person="person-1", now=now, new=new_case(draft=draft.id)
        )
        home = CaseHome(reference=told.reference)
        save_preparation_note(session, home=home, person="person-1", note=note("q2", "after"))
    with database.reading() as session:
        assert preparation_notes(session, home=DraftHome(draft=draft.id), person="person-1") == ()
        assert preparation_notes(session, home=home, person="person-1") == (
            note("q1", "before"),
            note("q2", "after"),
        )
        with pytest.raises(NotFoundError, match="You have no escalation"):
            preparation_notes(session, home=home, person="person-2")
