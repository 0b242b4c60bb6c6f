"""What an outcome does to a case, at every stage of every policy."""

from datetime import UTC, date, datetime

import pytest

from bot.escalation.progress import (
    WAITING,
    OutOfOrderError,
    Standing,
    asked_in_progress,
    move,
    next_progress_question,
    outcome_question,
    settled_as,
)
from bot.escalation.questions import NOT_YET
from bot.escalation.references import names_a_case, references_in

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ENTERED, ON = date(2026, 11, 16), date(2026, 11, 24)


def standing(policy, stage, **facts):
    first = policy.facts["matter"].options[0].value
    return Standing(policy, {"matter": first, **facts}, stage, ENTERED)


def told_to_the_end(at, outcome, prefer=None):
    """The answers until nothing is asked any more, each the first that is offered."""
    answers = [("outcome", outcome)]
    for _ in range(30):
        asked = next_progress_question(at, answers, NOW)
        if asked is None:
            return answers
        first = {"date": ON.isoformat(), "text": "In our own words"}.get(asked.kind)
        value = (prefer or {}).get(asked.fact) or first or asked.choices[0].value
        answers.append((asked.fact, value))
    raise AssertionError(f"no end: {answers}")


def test_without_agreement_a_stage_leads_on_or_is_the_last(policy, stage):
    at = standing(policy, stage.id)
    if at.last:
        assert outcome_question(at).choice("not_agreed") is None
        return
    answers = told_to_the_end(at, "not_agreed", {"significant_harm": "yes"})
    moved = move(at, answers, NOW)
    assert moved.goes_on or moved.stays
    if moved.goes_on:
        assert moved.entered is not None
        assert moved.entered.id != stage.id
        assert moved.decision.clocks or moved.decision.duties or moved.decision.reasons


def test_agreement_ends_the_case(policy, stage):
    at = standing(policy, stage.id)
    moved = move(at, told_to_the_end(at, "agreed"), NOW)
    assert not moved.goes_on
    assert not moved.stays
    assert moved.on == ON


def test_the_last_stage_is_decided_by_whoever_the_policy_names(policy):
    last = next(stage for stage in policy.stages if stage.next is None)
    at = standing(policy, last.id)
    moved = move(at, told_to_the_end(at, "decided"), NOW)
    assert moved.decision is not None
    assert moved.decision.status == "closed"


def test_what_had_not_happened_yet_is_asked_again_when_the_case_moves_on(policies):
    """Sandwell asks at stage 3 when its leaders could not agree; stage 4 counts from that day."""
    at = standing(
        policies["sandwell"], "s3", manager_aware="2026-11-12", not_resolved_3=NOT_YET,
        trust="neither",
    )  # fmt: skip
    answers = told_to_the_end(at, "not_agreed")
    assert ("not_resolved_3", ON.isoformat()) in answers
    due = {clock.id: clock.due for clock in move(at, answers, NOW).decision.clocks}
    assert due["s3_notice"] == date(2026, 12, 1)


def test_that_it_still_has_not_happened_is_an_answer(policies):
    at = standing(policies["sandwell"], "s3", not_resolved_3=NOT_YET)
    answers = told_to_the_end(at, "not_agreed", {"not_resolved_3": NOT_YET})
    assert [value for fact, value in answers if fact == "not_resolved_3"] == [NOT_YET]


def test_silence_leads_where_disagreement_leads(policy, stage):
    at = standing(policy, stage.id)
    if at.last:
        return
    silent, said_no = (
        move(at, told_to_the_end(at, outcome), NOW) for outcome in ("no_reply", "not_agreed")
    )
    assert silent.entered == said_no.entered


def test_every_question_of_the_journey_has_words(policy, stage):
    at = standing(policy, stage.id)
    assert all(asked_in_progress(at, fact).ask for fact, _ in told_to_the_end(at, "agreed"))


def test_a_stage_that_may_not_be_entered_leaves_the_case_where_it_is(policies):
    at = standing(policies["jersey"], "s1")
    moved = move(at, told_to_the_end(at, "not_agreed", {"significant_harm": "no"}), NOW)
    assert moved.stays
    assert not moved.goes_on


def test_waiting_asks_nothing_more(policies):
    at = standing(policies["jersey"], "s1")
    assert next_progress_question(at, [("outcome", WAITING)], NOW) is None


def test_withdrawing_needs_no_say_of_the_policy(policies):
    at = standing(policies["jersey"], "s1")
    moved = move(at, told_to_the_end(at, "withdrawn"), NOW)
    assert moved.decision is None
    assert not moved.goes_on


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2026, 11, 15), "is before .* began, on 16 November 2026"),
        (date(2026, 11, 26), "26 November 2026 has not come yet"),
    ],
)
def test_a_day_that_cannot_be_is_refused(policies, on, says):
    at = standing(policies["jersey"], "s1")
    answers = [("outcome", "agreed"), ("outcome_on", on.isoformat())]
    with pytest.raises(OutOfOrderError, match=says):
        move(at, answers, NOW)


def test_an_outcome_that_this_stage_cannot_have_is_refused(policies):
    at = standing(policies["jersey"], "s1")
    with pytest.raises(ValueError, match=r"Found the outcome 'decided'. Allowed here: agreed"):
        move(at, [("outcome", "decided"), ("outcome_on", ON.isoformat())], NOW)


def test_a_fact_that_the_next_stage_needs_must_be_given(policies):
    answers = [("outcome", "not_agreed"), ("outcome_on", ON.isoformat())]
    with pytest.raises(ValueError, match="significant_harm"):
        move(standing(policies["jersey"], "s1"), answers, NOW)


@pytest.mark.parametrize(
    ("outcome", "due", "status"),
    [
        ("agreed", date(2026, 11, 24), "met"),
        ("agreed", date(2026, 11, 23), "missed"),
        ("not_agreed", date(2026, 11, 25), "met"),
        ("decided", None, "met"),
        ("no_reply", date(2026, 11, 23), "missed"),
        ("no_reply", date(2026, 11, 24), "stopped"),
        ("no_reply", None, "stopped"),
        ("withdrawn", date(2026, 11, 1), "stopped"),
    ],
)
def test_how_a_limit_ends(outcome, due, status):
    found, reason = settled_as(outcome, ON, None, due)
    assert found == status
    assert bool(reason) == (status == "stopped")


NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EARLIER, LATER = NOON.replace(hour=9), NOON.replace(hour=15)


@pytest.mark.parametrize(
    ("at", "due", "status"),
    [
        pytest.param(EARLIER, NOON, "met", id="the time is known and early enough"),
        pytest.param(LATER, NOON, "missed", id="the time is known and too late"),
        pytest.param(None, NOON.replace(day=25), "met", id="due on a later day"),
        pytest.param(None, NOON.replace(day=23), "missed", id="due on an earlier day"),
        pytest.param(None, NOON.replace(hour=0), "missed", id="it ran out as that day began"),
        pytest.param(None, NOON, "stopped", id="the hour would tell and is not known"),
    ],
)
def test_a_limit_of_hours_is_never_called_met_on_a_day_alone(at, due, status):
    found, reason = settled_as("agreed", ON, at, due)
    assert found == status
    assert bool(reason) == (status == "stopped")


def test_the_time_of_an_outcome_is_kept_where_it_was_told(policies):
    at = standing(policies["jersey"], "s1")
    told = [("outcome", "agreed"), ("outcome_on", "2026-11-24T09:30+00:00")]
    assert move(at, told, NOW).at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert move(at, [told[0], ("outcome_on", "2026-11-24")], NOW).at is None


KNOWN = ["ESC-2026-0012", "ESC-2026-0007", "ESC-2025-0012"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("what's happening with ESC-2026-0012", ["ESC-2026-0012"]),
        ("esc 7 please", ["ESC-2026-0007"]),
        ("esc12", ["ESC-2026-0012", "ESC-2025-0012"]),
        ("2026-0012 and 2025-0012", ["ESC-2026-0012", "ESC-2025-0012"]),
        ("escalation number 7", ["ESC-2026-0007"]),
        ("ESC-2026-0099", []),
        ("we met at 12", []),
        ("", []),
    ],
)
def test_a_reference_is_found_however_it_is_typed(text, found):
    assert list(references_in(text, KNOWN)) == found


@pytest.mark.parametrize(("text", "names"), [("esc 99", True), ("we met on the 9th", False)])
def test_a_reference_nobody_has_is_still_one(text, names):
    assert names_a_case(text) is names


def test_not_yet_is_no_day(policies):
    at = standing(policies["jersey"], "s1")
    with pytest.raises(ValueError, match="not_yet"):
        move(at, [("outcome", "agreed"), ("outcome_on", NOT_YET)], NOW)
