"""A button of a case in the midst of a walk: it does what it says, and the walk is put aside."""

import pytest
from test_cases import recorded
from test_putting_off import reminded

from bot.records.drafts import open_drafts


def limit_of(around, walker, reference):
    [limit] = [each for each in recorded(around, walker, reference).clocks if each.due_on]
    return f"{reference} {limit.stage}/{limit.key}"


@pytest.fixture
async def midway(walker, around, clock):
    """Somebody in a walk of another partnership, whose recorded case has a reminder."""
    reference = await reminded(walker, around, clock)
    await walker.begin()
    await walker.to("stage", {"policy": "sandwell"})
    return reference, limit_of(around, walker, reference)


async def test_met_is_recorded_and_the_walk_goes_on_where_it_was(walker, around, midway):
    reference, limit = midway
    await walker.talk.choose("case_met", limit)
    assert "put aside" in walker.talk.said
    assert reference in walker.talk.said
    assert (await walker.asked()).fact == "changed_on"
    await walker.say("yesterday")
    await walker.tap("check", "record")
    [met] = [each for each in recorded(around, walker, reference).clocks if each.due_on]
    assert met.status in ("met", "missed")
    await walker.talk.tap("Carry on where I was")
    assert (await walker.asked()).fact == "imminent"  # whoever was safe may not be now
    await walker.tap("imminent", "no")
    assert (await walker.asked()).fact == "stage"
    assert (await walker.answers())["policy"] == "sandwell"


async def test_not_agreed_is_recorded_and_the_walk_waits(walker, around, midway):
    reference, limit = midway
    await walker.talk.choose("case_not_agreed", limit)
    assert (await walker.asked()).fact == "outcome_on"
    await walker.say("yesterday")
    while (asked := await walker.asked()) is not None and await walker.talk.loop():
        await walker.answer(asked, {"check": "record"})
    assert recorded(around, walker, reference).stages[0].outcome == "not_agreed"
    assert "Carry on where I was" in walker.talk.titles
    with around.database.reading() as session:
        [draft] = open_drafts(session, person=walker.talk.person)
    assert draft.policy_id == "sandwell"


async def test_left_alone_the_case_is_as_it_was_and_the_walk_waits(walker, around, midway):
    reference, limit = midway
    before = recorded(around, walker, reference)
    await walker.talk.choose("case_met", limit)
    await walker.say("stop")
    assert "is as it was" in walker.talk.said
    assert recorded(around, walker, reference) == before
    await walker.talk.tap("Carry on where I was")
    assert (await walker.asked()).fact == "imminent"


async def test_what_only_shows_keeps_the_place(walker, midway):
    reference, _ = midway
    await walker.talk.choose("case_status", reference)
    assert reference in walker.talk.said
    assert (await walker.asked()).fact == "stage"
    assert await walker.talk.loop() == "walk_form"


async def test_a_case_that_has_ended_keeps_the_place(walker, around, midway):
    await walker.talk.choose("case_report", "ESC-2026-9999")
    assert "put aside" not in walker.talk.said
    assert (await walker.asked()).fact == "stage"


@pytest.mark.parametrize("asked", ["policy", "protected"])
async def test_somebody_s_safety_is_not_left(walker, around, clock, asked):
    reference = await reminded(walker, around, clock)
    await walker.begin()
    await walker.to(asked, {"imminent": "yes", "policy": "sandwell"})
    await walker.talk.choose("case_met", limit_of(around, walker, reference))
    assert "safety" in walker.talk.said
    assert (await walker.asked()).fact == asked
    assert (await walker.answers())["imminent"] == "yes"


async def test_what_was_told_before_the_partnership_is_known_is_said_to_be_lost(
    walker, around, clock
):
    reference = await reminded(walker, around, clock)
    await walker.say("They will not accept our referral and we think that they are wrong")
    assert (await walker.asked()).fact == "imminent"
    await walker.talk.choose("case_met", limit_of(around, walker, reference))
    assert "not kept" in walker.talk.said
    assert "Carry on where I was" not in walker.talk.titles


async def test_of_what_was_not_told_yet_nothing_is_said(walker, around, clock):
    reference = await reminded(walker, around, clock)
    await walker.begin()
    await walker.talk.choose("case_met", limit_of(around, walker, reference))
    assert "kept" not in walker.talk.said


@pytest.mark.parametrize("as_far_as", ["imminent", "matter"])
async def test_words_told_early_are_there_when_the_walk_goes_on(walker, around, clock, as_far_as):
    reference = await reminded(walker, around, clock)
    told = "We disagree with Sandwell: they will not accept our referral"
    await walker.say(told)
    assert "Sandwell" in walker.talk.said
    await walker.to(as_far_as)
    await walker.talk.choose("case_met", limit_of(around, walker, reference))
    assert "put aside" in walker.talk.said
    await walker.say("stop")
    await walker.talk.tap("Carry on where I was")
    assert dict((await walker.walk()).said)["summary"] == told
    assert (await walker.answers())["policy"] == "sandwell"


async def test_words_told_early_are_there_after_a_stop_too(walker, around):
    told = "We disagree with Sandwell: they will not accept our referral"
    await walker.say(told)
    await walker.to("matter")
    await walker.say("stop")
    await walker.say("carry on")
    assert dict((await walker.walk()).said)["summary"] == told


@pytest.mark.parametrize("into", ["case_report", "case_met"])
@pytest.mark.parametrize("button", ["case_undo", "case_undo_now", "case_version_take"])
async def test_what_would_change_a_case_waits_until_its_report_is_told(
    walker, around, midway, into, button
):
    reference, limit = midway
    await walker.talk.choose(into, limit if into == "case_met" else reference)
    asked, before = await walker.asked(), recorded(around, walker, reference)
    await walker.talk.choose(button, f"{reference} V9.9" if "version" in button else reference)
    assert "answer the question below first" in walker.talk.said
    assert await walker.asked() == asked
    assert recorded(around, walker, reference) == before


async def test_a_report_half_told_is_said_not_to_be_recorded(walker, around, midway):
    reference, limit = midway
    await walker.talk.choose("case_report", reference)
    await walker.talk.choose("case_met", limit)
    assert "Nothing has been recorded" in walker.talk.said
    assert (await walker.asked()).fact == "changed_on"
    await walker.say("yesterday")
    await walker.tap("check", "record")
    assert "Carry on where I was" in walker.talk.titles, "the draft is not forgotten on the way"
