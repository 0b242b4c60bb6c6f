"""The answers to a reminder: put off, met, not agreed; each about its own limit."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from actions import putting_off
from actions.reminding import ActionChooseReminders
from actions.surroundings import set_up
from actions.walk import ActionTakeUp
from bot.records.errors import DatabaseUnavailableError
from bot.records.progress import take_step
from bot.records.steps import ClockSettled, Step
from bot.records.store import find
from bot.records.tables import SnoozeRow
from bot.reminders.words import MET, NOT_AGREED, TOMORROW


@pytest.fixture
def me(conversation):
    return conversation(person="me", in_form=False)


@pytest.fixture
def case(around, raised):
    """A case of mine and its only limit, on the morning of its day or so many days `late`."""

    def make(late=0):
        reference = raised("jersey", "s1", stage1_began="2026-11-12")
        with around.database.reading() as session:
            found = find(session, reference=reference, person="me")
        [limit] = found.clocks
        moment = datetime.combine(limit.due_on, datetime.min.time(), UTC)
        at = moment + timedelta(days=late, hours=9)
        set_up(replace(around, now=lambda: at))
        return found, limit

    return make


@pytest.fixture
def wishes(database):
    def read():
        with database.reading() as session:
            return [(row.stage, row.key, row.until) for row in session.query(SnoozeRow)]

    return read


def pressed(me, what, case, limit, **more):
    value = f"{case.reference} {limit.stage}/{limit.key}"
    return me.hears(tap=(what, value), **more)


def test_a_press_puts_the_reminder_off_and_says_when_it_comes(run_action, me, case, wishes):
    found, limit = case()
    outcome = run_action(ActionTakeUp(), pressed(me, TOMORROW, found, limit))
    said = outcome.said("utter_reminders_put_off")
    [(stage, key, until)] = wishes()
    assert (stage, key) == (limit.stage, limit.key)
    assert f"{until.day} {until:%B %Y} at 08:00" in said["when"]
    assert said["date"].endswith("before I remind you. Do not wait.")
    assert "Tell what happened" in outcome.titles


def test_the_same_press_taken_twice_is_one_wish(run_action, me, case, wishes):
    found, limit = case()
    for _ in range(2):
        run_action(ActionTakeUp(), pressed(me, TOMORROW, found, limit, message_id="m1"))
    assert len(wishes()) == 1
    run_action(ActionTakeUp(), pressed(me, TOMORROW, found, limit, message_id="m2"))
    assert len(wishes()) == 2


@pytest.mark.parametrize("late", [1, 4])
def test_what_has_passed_is_told_to_have_passed(run_action, me, case, late):
    found, limit = case(late=late)
    said = run_action(ActionTakeUp(), pressed(me, TOMORROW, found, limit)).messages[0]
    assert said["date"].startswith("It ended on")
    assert "act now" in said["date"]


def test_an_old_button_promises_no_reminder_that_would_not_come(run_action, me, case, wishes):
    found, limit = case(late=-30)
    outcome = run_action(ActionTakeUp(), pressed(me, TOMORROW, found, limit))
    assert outcome.responses == ["utter_reminders_not_near"]
    assert wishes() == []


@pytest.mark.parametrize("what", [TOMORROW, MET])
def test_a_limit_that_was_met_meanwhile_is_told_to_be_over(
    run_action, me, case, wishes, database, what
):
    found, limit = case()
    met = ClockSettled(stage=limit.stage, key=limit.key, status="met", settled_on=limit.due_on)
    step = Step(kind="clock", at_stage=found.stages[-1].stage, settled=(met,))
    with database.session() as session:
        take_step(
            session, key="s", reference=found.reference, person="me",
            now=datetime(2026, 11, 20, tzinfo=UTC), step=step,
        )  # fmt: skip
    outcome = run_action(ActionTakeUp(), pressed(me, what, found, limit))
    assert outcome.responses == ["utter_case_limit_over"]
    assert wishes() == []
    assert outcome.followup is None


def test_the_case_of_somebody_else_is_not_touched(run_action, conversation, raised, case, wishes):
    found, limit = case()
    raised("jersey", "s3", person="thief")
    thief = conversation(person="thief", in_form=False)
    outcome = run_action(ActionTakeUp(), pressed(thief, TOMORROW, found, limit))
    assert outcome.responses == ["utter_case_unknown"]
    assert wishes() == []


def test_a_record_that_cannot_be_written_is_told(run_action, me, case, wishes, monkeypatch):
    def fails(*_args, **_named):
        raise DatabaseUnavailableError("locked")

    found, limit = case()
    monkeypatch.setattr(putting_off, "snooze", fails)
    outcome = run_action(ActionTakeUp(), pressed(me, TOMORROW, found, limit))
    assert outcome.responses == ["utter_reminders_not_changed"]
    assert wishes() == []


def test_in_words_the_only_limit_that_is_near_is_meant(run_action, me, case, wishes):
    _, limit = case()
    outcome = run_action(ActionChooseReminders(), me.hears("Remind me tomorrow please"))
    assert outcome.responses == ["utter_reminders_put_off"]
    assert [(stage, key) for stage, key, _ in wishes()] == [(limit.stage, limit.key)]


def test_in_words_among_several_it_is_asked_which(run_action, me, case, raised, wishes):
    raised("jersey", "s3", stage3_began="2026-11-12")
    case()
    outcome = run_action(ActionChooseReminders(), me.hears("remind me tomorrow"))
    assert outcome.responses == ["utter_reminders_which_limit"]
    assert wishes() == []
    button = outcome.messages[-1]["buttons"][0]
    choice = json.loads(button["payload"])["choice"]
    run_action(ActionTakeUp(), me.hears(tap=(choice["q"], choice["raw"])))
    assert len(wishes()) == 1


@pytest.mark.parametrize("with_case", [True, False])
def test_in_words_where_nothing_is_near_that_is_said(run_action, me, case, wishes, with_case):
    if with_case:
        case(late=-30)
    outcome = run_action(ActionChooseReminders(), me.hears("remind me tomorrow"))
    assert outcome.responses == ["utter_reminders_none_near"]
    assert wishes() == []


def test_met_asks_only_for_the_day_and_the_check(run_action, me, case):
    found, limit = case()
    outcome = run_action(ActionTakeUp(), pressed(me, MET, found, limit))
    assert outcome.answers == {
        "policy": found.policy_id, "change_what": "limit",
        "limit": f"{limit.stage}/{limit.key}", "limit_change": "met",
    }  # fmt: skip
    assert outcome.followup == "walk_form"


def test_not_agreed_is_told_of_the_stage_that_the_reminder_was_about(run_action, me, case):
    found, limit = case()
    outcome = run_action(ActionTakeUp(), pressed(me, NOT_AGREED, found, limit))
    assert outcome.answers == {"policy": found.policy_id, "outcome": "not_agreed"}
    assert outcome.followup == "walk_form"


def test_not_agreed_of_a_stage_that_was_left_is_asked_anew(run_action, me, case):
    found, limit = case()
    gone = replace(limit, stage="s3")
    outcome = run_action(ActionTakeUp(), pressed(me, NOT_AGREED, found, gone))
    assert outcome.answers == {"policy": found.policy_id}
    assert outcome.responses == ["utter_case_report"]
