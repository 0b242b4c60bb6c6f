"""One thing of a recorded case changed in conversation: a limit, something done, an answer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from test_cases import raise_case, recorded

from bot.records.audit import verify_audit
from bot.records.tables import AuditEntryRow

DAYS = timedelta(days=1)


def running(case):
    """The limit that is due first."""
    found = [clock for clock in case.clocks if clock.status in ("running", "extended")]
    return min(found, key=lambda clock: clock.due_on)


async def choose(walker, limit):
    if (await walker.asked()).fact == "limit":
        await walker.tap("limit", f"{limit.stage}/{limit.key}")


async def amend(walker, reference, what):
    await walker.say(f"status of {reference}")
    await walker.talk.tap("Change or mark something")
    await walker.tap("change_what", what)


async def test_a_limit_is_extended_with_its_reason_and_the_old_date_stays_on_record(walker, around):
    reference = await raise_case(walker, "sandwell", "s1")
    limit = running(recorded(around, walker, reference))
    await walker.say("they've asked for longer, we have agreed to extend the time limit")
    await choose(walker, limit)
    if (await walker.asked()).fact == "limit_change":
        await walker.tap("limit_change", "extended")
    assert (await walker.asked()).fact == "until"
    await walker.say("yesterday")
    assert "has passed" in walker.talk.said
    await walker.say("9 December")
    await walker.say("The team manager is on leave; both safeguarding leads agreed")
    assert (await walker.asked()).fact == "check"
    [card] = walker.talk.cards
    assert "does not say that a time limit can be extended" in walker.talk.said
    assert "Wednesday 9 December 2026" in str(card["rows"])
    assert limit in recorded(around, walker, reference).clocks
    await walker.tap("check", "record")
    case = recorded(around, walker, reference)
    [after] = [clock for clock in case.clocks if clock.key == limit.key]
    assert (after.status, after.due_on) == ("extended", date(2026, 12, 9))
    assert after.reason.startswith("The team manager is on leave")
    assert "extended: The team manager" in walker.talk.said
    with around.database.reading() as session:
        assert verify_audit(session)
        noted = session.scalars(
            select(AuditEntryRow).where(AuditEntryRow.what == "ClockSettled")
        ).all()
    assert "team manager" not in str([row.detail for row in noted])


async def test_a_later_day_is_wanted_and_dates_are_offered(walker, around):
    reference = await raise_case(walker, "sandwell", "s1")
    limit = running(recorded(around, walker, reference))
    await amend(walker, reference, "limit")
    await choose(walker, limit)
    await walker.tap("limit_change", "extended")
    assert any("2 working days more" in title for title in walker.talk.titles)
    await walker.say(f"{limit.due_on:%-d %B %Y}")
    assert "Give a later day" in walker.talk.said
    assert (await walker.asked()).fact == "until"


@pytest.mark.parametrize(("days", "status"), [(0, "met"), (30, "missed")])
async def test_a_limit_is_met_in_time_or_late(walker, around, clock, days, status):
    reference = await raise_case(walker, "sandwell", "s1")
    clock.forward(days * DAYS)
    await amend(walker, reference, "limit")
    limit = running(recorded(around, walker, reference))
    await choose(walker, limit)
    await walker.tap("limit_change", "met")
    await walker.say("next Friday")
    assert (await walker.asked()).fact == "changed_on"
    await walker.say("today")
    await walker.tap("check", "record")
    case = recorded(around, walker, reference)
    [settled] = [each for each in case.clocks if each.key == limit.key]
    assert (settled.status, settled.settled_on) == (status, clock().date())
    assert case.status == "open"


async def test_a_duty_is_marked_as_done_and_taken_back(walker, around):
    reference = await raise_case(walker, "jersey", "s3")
    before = recorded(around, walker, reference)
    await amend(walker, reference, "duty")
    duty = next(each for each in before.duties if each.status == "owed")
    await walker.tap("duty", f"{duty.stage}/{duty.key}")
    await walker.say("today")
    await walker.tap("check", "record")
    after = recorded(around, walker, reference)
    [done] = [each for each in after.duties if each.status == "done"]
    assert (done.key, done.settled_on) == (duty.key, date(2026, 11, 18))
    assert "1 marked as done" in walker.talk.said
    await walker.talk.tap("Take the last step back")
    await walker.talk.tap("Yes")
    assert recorded(around, walker, reference).duties == before.duties


async def test_a_wrong_day_is_put_right_and_the_dates_follow(walker, around, clock):
    reference = await raise_case(walker, "sandwell", "s1")
    before = recorded(around, walker, reference)
    limit = running(before)
    event = limit.event
    clock.forward(2 * DAYS)
    await walker.say("I gave you a wrong date, I need to change an answer")
    await walker.tap("answer", event)
    await walker.say("13 November 2026")
    [card] = walker.talk.cards
    assert any(row["term"] == "Before" for row in card["rows"])
    await walker.tap("check", "record")
    after = recorded(around, walker, reference)
    [moved] = [clock for clock in after.clocks if clock.key == limit.key]
    assert moved.due_on < limit.due_on
    assert after.raised_on == after.stages[-1].entered_on == date(2026, 11, 13)
    said = [each.value for each in after.answers if each.fact == event]
    assert len(said) == 2
    assert said[-1] == "2026-11-13"
    with around.database.reading() as session:
        [noted] = session.scalars(
            select(AuditEntryRow).where(AuditEntryRow.what == "AnswerCorrected")
        ).all()
        assert verify_audit(session)
    assert f'"{event}"' in str(noted.detail).replace("'", '"')
    await walker.talk.tap("Take the last step back")
    await walker.talk.tap("Yes")
    assert recorded(around, walker, reference) == before


async def test_the_words_of_the_disagreement_can_be_put_right(walker, around):
    reference = await raise_case(walker, "plymouth", "s2")
    await amend(walker, reference, "answer")
    await walker.tap("answer", "summary")
    await walker.say("We disagree about the plan for the unborn baby")
    await walker.tap("check", "record")
    assert recorded(around, walker, reference).summary.endswith("unborn baby")


async def test_an_answer_that_leads_to_another_stage_is_not_taken(walker, around):
    reference = await raise_case(walker, "jersey", "s2", significant_harm="not_sure")
    before = recorded(around, walker, reference)
    await amend(walker, reference, "answer")
    await walker.tap("answer", "significant_harm")
    await walker.tap("corrected", "no")
    assert "the policy leads to" in walker.talk.said
    assert "I have not changed the record" in walker.talk.said
    assert (await walker.asked()).fact == "corrected"
    await walker.tap("corrected", "yes")
    await walker.tap("check", "record")
    after = recorded(around, walker, reference)
    assert after.stages == before.stages
    assert [each.value for each in after.answers if each.fact == "significant_harm"][-1] == "yes"


async def test_where_no_limit_runs_there_is_none_to_extend(walker):
    reference = await raise_case(walker, "sandwell", "s0")
    await walker.say("can you extend the deadline please")
    assert f"No time limit of **{reference}** is running" in walker.talk.said
    assert "Something has been done" in walker.talk.titles


async def test_stopping_changes_nothing(walker, around):
    reference = await raise_case(walker, "sandwell", "s1")
    before = recorded(around, walker, reference)
    await amend(walker, reference, "limit")
    await walker.say("stop")
    assert "Nothing has been recorded" in walker.talk.said
    assert recorded(around, walker, reference) == before


async def test_a_risk_told_in_between_comes_first(walker, around):
    reference = await raise_case(walker, "sandwell", "s1")
    await amend(walker, reference, "limit")
    await walker.say("he has turned up at her school with a knife")
    assert "999" in walker.talk.said


async def test_somebody_elses_case_cannot_be_changed(walker, another):
    reference = await raise_case(walker, "sandwell", "s1")
    other = another()
    await other.talk.say("hello")
    await other.talk.choose("case_amend", reference)
    assert "no escalation of yours" in other.talk.said
