"""A recorded case in conversation: status, outcomes, the next stage, the end, one step back."""

from datetime import date, timedelta

import pytest
from paths import is_answer

from bot.records.audit import verify_audit
from bot.records.store import find
from bot.reminders.due import Pace
from bot.reminders.sweep import sweep

DAYS = timedelta(days=1)
OTHERS = {"significant_harm": "yes", "child_status": "neither"}


def recorded(around, walker, reference):
    with around.database.reading() as session:
        return find(session, reference=reference, person=walker.talk.person)


async def raise_case(walker, policy, stage, **prefer):
    await walker.begin()
    return await walker.record({"policy": policy, "stage": stage, **prefer})


async def tell(walker, words, **prefer):
    """Tell what came of the stage, and answer whatever is asked until it is recorded."""
    await walker.say(words)
    for _ in range(20):
        asked = await walker.asked()
        if asked is None or (await walker.walk()).phase != "progress":
            return
        await walker.answer(asked, {"check": "record", **OTHERS, **prefer})
    raise AssertionError(f"never recorded: {await walker.answers()}")


async def test_the_status_shows_the_stage_what_is_due_and_what_is_owed(walker, around):
    reference = await raise_case(walker, "sandwell", "s1")
    await walker.say(f"what's happening with {reference}?")
    [card] = walker.talk.cards
    case = recorded(around, walker, reference)
    rows = {row["term"]: row["value"] for row in card["rows"]}
    assert card["title"] == reference
    assert case.stages[-1].label in rows["Stage"]
    for clock in case.clocks:
        if clock.due_on is not None:
            assert f"{clock.due_on.day} {clock.due_on:%B %Y}" in rows[f"To {clock.what}"]
    owed = [item for section in card["sections"] for item in section["items"]]
    assert all(any(duty.what in item for item in owed) for duty in case.duties)


async def test_what_is_overdue_says_so(walker, around, clock):
    reference = await raise_case(walker, "sandwell", "s1")
    clock.forward(30 * DAYS)
    await walker.say(f"status of {reference}")
    assert "overdue by" in walker.talk.said
    assert "Act now" in walker.talk.said


async def test_the_list_holds_my_cases_and_nobody_elses(walker, another, around):
    mine = await raise_case(walker, "jersey", "s3")
    other = another()
    theirs = await raise_case(other, "plymouth", "s2")
    await walker.say("show my open escalations")
    assert mine in walker.talk.said
    assert theirs not in walker.talk.said
    await walker.say(f"what is happening with {theirs}")
    assert "cannot find that reference" in walker.talk.said
    assert "Plymouth" not in walker.talk.said


async def test_whoever_comes_back_is_offered_the_list(walker):
    reference = await raise_case(walker, "sandwell", "s2")
    await walker.say("hello")
    await walker.talk.tap("My escalations")
    assert reference in walker.talk.said
    await walker.talk.tap(reference)
    assert walker.talk.cards[0]["title"] == reference
    await walker.talk.tap("Tell what happened")
    assert (await walker.asked()).fact == "outcome"


async def test_whoever_has_no_case_is_told_so(walker):
    await walker.say("my open escalations")
    assert "no escalation of yours" in walker.talk.said


async def test_not_agreed_leads_to_the_next_stage_with_its_dates(walker, around, clock):
    reference = await raise_case(walker, "berkshire", "s1")
    clock.forward(2 * DAYS)
    await tell(walker, "we met, not agreed")
    case = recorded(around, walker, reference)
    assert [each.outcome for each in case.stages] == ["not_agreed", None]
    assert case.stages[-1].stage == "s2"
    assert all(each.status != "running" for each in case.clocks if each.stage == "s1")
    assert any(is_answer(card) for card in walker.talk.cards)
    assert "You have left Stage One, and Stage Two has begun" in walker.talk.said


async def test_what_was_told_in_one_message_is_shown_before_it_is_recorded(walker, around, clock):
    reference = await raise_case(walker, "berkshire", "s1")
    before = recorded(around, walker, reference)
    clock.forward(1 * DAYS)
    await walker.say("we met today, not agreed")
    assert (await walker.asked()).fact == "check"
    assert [card["title"] for card in walker.talk.cards] == ["Is this right?"]
    assert "Stage Two begins" in walker.talk.said
    assert recorded(around, walker, reference) == before


async def test_silence_is_recorded_as_a_missed_limit(walker, around, clock):
    reference = await raise_case(walker, "sandwell", "s1")
    clock.forward(21 * DAYS)
    await tell(walker, "they never replied", outcome_on="today")
    case = recorded(around, walker, reference)
    assert case.stages[0].outcome == "no_reply"
    assert {each.status for each in case.clocks if each.stage == "s1"} <= {
        "missed", "no_number", "not_started",
    }  # fmt: skip
    assert case.stages[-1].stage == "s2"


async def test_agreement_ends_the_case_with_what_was_learnt(walker, around, clock):
    reference = await raise_case(walker, "gloucestershire", "s2")
    clock.forward(1 * DAYS)
    await tell(walker, "resolved yesterday", lessons="Share the chronology sooner")
    case = recorded(around, walker, reference)
    assert (case.status, case.ended_on) == ("resolved", date(2026, 11, 18))
    assert case.lessons == "Share the chronology sooner"
    await walker.say("my escalations")
    assert f"{reference}: resolved" in walker.talk.said


async def test_still_waiting_changes_nothing(walker, around):
    reference = await raise_case(walker, "sandwell", "s2")
    before = recorded(around, walker, reference)
    await walker.talk.command("report_outcome")
    await walker.tap("outcome", "waiting")
    assert recorded(around, walker, reference) == before
    assert reference in walker.talk.said
    assert "did not understand" not in walker.talk.said


async def test_no_leaves_the_case_as_it_was(walker, around):
    reference = await raise_case(walker, "sandwell", "s2")
    before = recorded(around, walker, reference)
    await tell(walker, "we met, not agreed", check="end")
    assert recorded(around, walker, reference) == before
    assert "as it was" in walker.talk.said


async def test_stopping_half_way_leaves_the_case_as_it_was(walker, around):
    reference = await raise_case(walker, "sandwell", "s2")
    before = recorded(around, walker, reference)
    await walker.talk.command("report_outcome")
    await walker.say("stop")
    assert await walker.talk.loop() is None
    assert recorded(around, walker, reference) == before


@pytest.mark.parametrize(
    ("said", "told"),
    [("1 November 2026", "before Stage 2 began"), ("tomorrow", "That is in the future")],
)
async def test_a_day_that_cannot_be_is_asked_again(walker, around, said, told):
    reference = await raise_case(walker, "sandwell", "s2")
    before = recorded(around, walker, reference)
    await walker.talk.command("report_outcome")
    await walker.tap("outcome", "not_agreed")
    await walker.say(said)
    assert (await walker.asked()).fact == "outcome_on"
    assert told in walker.talk.said
    assert recorded(around, walker, reference) == before


async def test_the_last_step_is_taken_back_once_confirmed(walker, around, clock):
    reference = await raise_case(walker, "berkshire", "s1")
    before = recorded(around, walker, reference)
    clock.forward(1 * DAYS)
    await tell(walker, "we met, not agreed")
    await walker.talk.command("undo_step")
    assert recorded(around, walker, reference) != before
    await walker.talk.tap("Yes, take it back")
    assert recorded(around, walker, reference) == before
    assert "taken back" in walker.talk.said
    assert "did not understand" not in walker.talk.said


async def test_with_nothing_to_undo_it_says_so(walker):
    await raise_case(walker, "berkshire", "s1")
    await walker.talk.command("undo_step")
    await walker.talk.tap("Yes, take it back")
    assert "no step to take back" in walker.talk.said


async def test_a_risk_while_telling_comes_first(walker):
    await raise_case(walker, "sandwell", "s2")
    await walker.talk.command("report_outcome")
    await walker.say("he has a knife and he is in the house with the children now")
    assert "999" in walker.talk.said
    assert (await walker.walk()).phase == "progress"


@pytest.mark.parametrize(
    ("policy", "stage", "stages"),
    [
        ("sandwell", "s1", ["s1", "s2", "s3", "s4"]),
        ("jersey", "s2", ["s2", "s3", "s4", "s5", "s6"]),
    ],
)
async def test_a_case_goes_to_its_end_over_the_weeks(walker, around, clock, policy, stage, stages):
    reference = await raise_case(walker, policy, stage, **OTHERS)
    for expected in stages[1:]:
        clock.forward(9 * DAYS)
        await tell(walker, f"{reference}: we met, not agreed")
        case = recorded(around, walker, reference)
        assert case.stages[-1].stage == expected, walker.talk.said
        assert case.status == "open"
    clock.forward(9 * DAYS)
    await walker.talk.command("report_outcome")
    await walker.tap("outcome", "decided")
    for _ in range(5):
        asked = await walker.asked()
        if asked is None or (await walker.walk()).phase != "progress":
            break
        await walker.answer(asked, {"check": "record"})
    case = recorded(around, walker, reference)
    assert case.status == "closed"
    assert [each.stage for each in case.stages] == stages
    assert not [each for each in case.clocks if each.status in ("running", "extended")]
    assert case.ending
    if policy == "jersey":
        assert "a recommendation, not a binding decision" in case.ending
    with around.database.reading() as session:
        assert verify_audit(session).count > 3 * len(stages)


async def test_a_reminder_waits_in_the_conversation_and_is_shown_once(walker, around, clock):
    reference = await raise_case(walker, "sandwell", "s2")
    clock.forward(30 * DAYS)
    swept = sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=None)
    assert swept.sent >= 1
    await walker.say("hello")
    assert f"Reminder.** {reference}" in walker.talk.said
    assert "Act now" in walker.talk.said
    await walker.say("hello")
    assert "Reminder" not in walker.talk.said


async def test_nobody_is_reminded_of_a_case_that_has_ended(walker, around, clock):
    await raise_case(walker, "gloucestershire", "s1")
    await tell(walker, "resolved today")
    clock.forward(30 * DAYS)
    sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=None)
    await walker.say("hello")
    assert "Reminder" not in walker.talk.said
