"""What cannot be, and what fails, in a recorded case: a clear answer, and nothing is lost."""

import errno
import os
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from mail import BOSS, MINE, SENDER
from paths import Walker
from test_cases import raise_case, recorded
from typer.testing import CliRunner

from actions import steps
from actions.surroundings import set_up
from bot.channels import downloads
from bot.channels.downloads import NOT_MADE, Downloads, Sources
from bot.channels.refusal import RefusedError
from bot.channels.sealed import Sealer, WantedFile
from bot.cli import app
from bot.records.audit import verify_audit
from bot.records.errors import DatabaseUnavailableError
from bot.records.post import dead_letters
from bot.reminders.due import Pace
from bot.reminders.mail import Mailer
from bot.reminders.sweep import sweep

DAYS = timedelta(days=1)
LONG_ENOUGH = 4 * 32
"""Sweeps: four days of them, before the next reminder would take the place of these."""
NOT_OURS = ("ESC-2026-9999", "esc 9999")


def trail(around):
    with around.database.reading() as session:
        return verify_audit(session)


def full(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("reference", NOT_OURS)
@pytest.mark.parametrize(
    "words",
    [
        "what's happening with {}",
        "{}: we met today, not agreed",
        "calendar file for {} please",
        "take back the last step of {}",
    ],
)
async def test_an_unknown_reference_is_said_to_be_unknown(walker, around, words, reference):
    mine = await raise_case(walker, "sandwell", "s2")
    before, trail_before = recorded(around, walker, mine), trail(around)
    await walker.say(words.format(reference))
    assert "cannot find that reference" in walker.talk.said
    assert await walker.talk.loop() is None
    assert walker.talk.files == []
    assert (recorded(around, walker, mine), trail(around)) == (before, trail_before)


@pytest.mark.parametrize(
    "words",
    [
        "what's happening with {}",
        "{}: we met today, not agreed",
        "resolved {} yesterday",
        "the record of {} as a Word document please",
        "take back the last step of {}",
        "extend the deadline for {}",
    ],
)
async def test_another_persons_reference_looks_like_one_that_is_not_there(
    walker, another, around, words
):
    other = another()
    theirs = await raise_case(other, "plymouth", "s2")
    mine = await raise_case(walker, "sandwell", "s2")
    before = recorded(around, other, theirs), recorded(around, walker, mine), trail(around)
    await walker.say(words.format(theirs))
    assert "cannot find that reference" in walker.talk.said
    assert "Plymouth" not in walker.talk.said
    assert (
        recorded(around, other, theirs), recorded(around, walker, mine), trail(around),
    ) == before  # fmt: skip


@pytest.mark.parametrize("tap", ["case_status", "case_report", "case_amend", "case_undo_now"])
async def test_a_button_of_another_person_opens_nothing(walker, another, around, tap):
    other = another()
    theirs = await raise_case(other, "plymouth", "s2")
    await raise_case(walker, "sandwell", "s2")
    before = recorded(around, other, theirs)
    await walker.talk.choose(tap, theirs)
    assert "cannot find that reference" in walker.talk.said
    assert "Plymouth" not in walker.talk.said
    assert recorded(around, other, theirs) == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("16 November 2026", "before Stage 2 began"),
        ("tomorrow", "That is in the future"),
        ("1 December 2026", "That is in the future"),
    ],
)
async def test_a_day_that_cannot_be_is_refused_even_in_one_message(walker, around, said, told):
    reference = await raise_case(walker, "sandwell", "s2", stage2_notified="today")
    before, trail_before = recorded(around, walker, reference), trail(around)
    await walker.say(f"{reference}: we met on {said}, not agreed")
    assert (await walker.asked()).fact == "outcome_on", walker.talk.said
    await walker.say(said)
    assert told in walker.talk.said
    assert (await walker.asked()).fact == "outcome_on"
    assert (recorded(around, walker, reference), trail(around)) == (before, trail_before)


@pytest.mark.parametrize(
    "words", ["go back to stage 1", "move it back to stage 1", "put it back to stage 1 please"]
)
async def test_a_case_never_moves_backwards(walker, around, words):
    reference = await raise_case(walker, "sandwell", "s2")
    before, trail_before = recorded(around, walker, reference), trail(around)
    await walker.say(f"status of {reference}")
    await walker.say(words)
    assert walker.talk.said.strip()
    assert "Recorded" not in walker.talk.said
    assert (recorded(around, walker, reference), trail(around)) == (before, trail_before)


async def ended(walker, around):
    reference = await raise_case(walker, "berkshire", "s2")
    await walker.say("resolved today")
    for fact, value in (("lessons", "skipped"), ("check", "record")):
        assert (await walker.asked()).fact == fact
        await walker.tap(fact, value)
    assert recorded(around, walker, reference).status == "resolved"
    return reference


@pytest.mark.parametrize(
    "words", ["{}: resolved today", "{}: we met, not agreed", "the chair has decided on {}"]
)
async def test_what_has_ended_cannot_end_again(walker, around, words):
    reference = await ended(walker, around)
    before, trail_before = recorded(around, walker, reference), trail(around)
    await walker.say(words.format(reference))
    assert f"{reference} has ended" in walker.talk.said.replace("*", "")
    assert await walker.talk.loop() is None
    assert (recorded(around, walker, reference), trail(around)) == (before, trail_before)


async def test_the_confirmation_of_an_end_twice_ends_it_once(walker, around):
    reference = await ended(walker, around)
    trail_before = trail(around)
    await walker.talk.choose("check", "record")
    assert walker.talk.said.strip()
    assert trail(around) == trail_before
    await walker.talk.choose("case_report", reference)
    assert f"{reference} has ended" in walker.talk.said.replace("*", "")


async def test_an_answer_put_right_cannot_begin_a_stage_after_it_was_left(walker, around, clock):
    reference = await raise_case(walker, "sandwell", "s1")
    await walker.say("resolved today")
    for fact, value in (("lessons", "skipped"), ("check", "record")):
        await walker.tap(fact, value)
    clock.forward(7 * DAYS)
    before, trail_before = recorded(around, walker, reference), trail(around)
    await walker.talk.choose("case_amend", reference)
    if (await walker.asked()).fact == "change_what":
        await walker.tap("change_what", "answer")
    await walker.tap("answer", "manager_aware")
    await walker.say("today")
    assert "Stage 1 was left on Wednesday 18 November 2026" in walker.talk.said
    assert "I have not changed the record" in walker.talk.said
    assert (await walker.asked()).fact == "corrected"
    await walker.say("stop")
    assert (recorded(around, walker, reference), trail(around)) == (before, trail_before)


@pytest.fixture
def by_mail(talk, around):
    """The same conversation, with a mail server set up."""
    given = replace(around, mail_from=SENDER)
    set_up(given)
    return Walker(talk, given)


async def test_with_the_mail_server_down_the_conversation_reminds_and_the_mail_waits(
    by_mail, around, clock
):
    reference = await raise_case(by_mail, "sandwell", "s2")
    for words in ("email me please", MINE, BOSS, "yes"):
        await by_mail.say(words)
    down = Mailer(host="127.0.0.1", port=9, security="none", sender=SENDER)
    clock.forward(13 * DAYS)  # Tuesday 1 December, 14:00
    swept = sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=down)
    assert any("takes no mail now" in each for each in swept.problems)
    assert swept.waiting >= 2
    await by_mail.say("hello")
    assert f"Reminder.** {reference}" in by_mail.talk.said
    for _ in range(LONG_ENOUGH):  # a sweep tries one mail while the server takes none
        clock.forward(timedelta(minutes=45))
        sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=down)
    with around.database.reading() as session:
        dead = dead_letters(session)
    assert {each.recipient for each in dead} <= {"person", "manager"}
    assert dead
    assert all(each.reference == reference and each.last_error for each in dead)
    assert recorded(around, by_mail, reference).status == "open"


async def test_with_a_full_disk_a_file_in_the_chat_is_not_made_and_then_is(
    walker, around, monkeypatch, caplog
):
    reference = await raise_case(walker, "sandwell", "s2")
    await walker.say("give us the form")
    sealer = Sealer("only-for-these-tests-" * 2)
    files = Downloads(sealer, lambda: Sources(around.library, around.database))
    link = sealer.seal_file(WantedFile("form:app3", reference), walker.talk.person)
    before = recorded(around, walker, reference)
    monkeypatch.setattr(downloads, "made", full)
    with pytest.raises(RefusedError) as refused:
        files.answer(link, walker.talk.person)
    assert (refused.value.status, str(refused.value)) == (503, NOT_MADE)
    assert "Your record is kept" in NOT_MADE
    monkeypatch.undo()
    assert files.answer(link, walker.talk.person).status == 200
    assert recorded(around, walker, reference) == before


async def test_with_a_full_disk_the_command_says_so_and_keeps_the_old_file(
    walker, around, records_file, tmp_path, monkeypatch
):
    reference = await raise_case(walker, "sandwell", "s2")
    around.database.close()
    monkeypatch.setenv("ESCALATE_HOME", str(records_file.parent))
    out = tmp_path / "form.docx"
    command = ["form", reference, "--form", "app3", "--out", str(out)]
    assert CliRunner().invoke(app, command).exit_code == 0
    old = out.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    failed = CliRunner().invoke(app, command)
    monkeypatch.undo()
    assert failed.exit_code == 2
    assert "no space left" in failed.stderr
    assert "Any earlier file of that name is unchanged." in failed.stderr
    assert out.read_bytes() == old
    assert not list(tmp_path.glob(".escalate-*"))


async def test_a_step_that_cannot_be_written_keeps_the_answers_and_the_next_try_writes_it_once(
    walker, around, records_file, clock
):
    reference = await raise_case(walker, "berkshire", "s1")
    before, trail_before = recorded(around, walker, reference), trail(around)
    clock.forward(DAYS)
    await walker.say("we met today, not agreed")
    busy = sqlite3.connect(records_file)
    # the last thing of a step: everything before it must be undone
    busy.execute("CREATE TRIGGER f BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(FAIL, 'x'); END")
    busy.commit()
    await walker.tap("check", "record")
    assert "Nothing has been recorded" in walker.talk.said
    assert "Recorded for" not in walker.talk.said
    assert (await walker.asked()).fact == "check"
    assert (recorded(around, walker, reference), trail(around)) == (before, trail_before)
    busy.execute("DROP TRIGGER f")
    busy.commit()
    busy.close()
    await walker.tap("check", "record")
    assert [each.stage for each in recorded(around, walker, reference).stages] == ["s1", "s2"]
    assert "You have left" in walker.talk.said


async def test_a_database_that_is_away_while_a_step_is_written_loses_nothing(
    walker, around, monkeypatch, clock
):
    def away(*_, **__):
        raise DatabaseUnavailableError("gone")

    reference = await raise_case(walker, "berkshire", "s1")
    before = recorded(around, walker, reference)
    clock.forward(DAYS)
    await walker.say("we met today, not agreed")
    monkeypatch.setattr(steps, "take_step", away)
    await walker.tap("check", "record")
    assert "Nothing has been recorded" in walker.talk.said
    monkeypatch.undo()
    assert recorded(around, walker, reference) == before
    await walker.tap("check", "record")
    assert recorded(around, walker, reference) != before
