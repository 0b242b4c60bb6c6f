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


async def test_a_question_about_somebody_s_safety_is_not_left(walker, around, clock):
    reference = await reminded(walker, around, clock)
    await walker.begin()
    await walker.to("protected", {"imminent": "yes", "policy": "sandwell"})
    await walker.talk.choose("case_met", limit_of(around, walker, reference))
    assert "safety" in walker.talk.said
    assert (await walker.asked()).fact == "protected"


async def test_what_was_told_before_there_was_a_draft_is_said_to_be_lost(walker, around, clock):
    reference = await reminded(walker, around, clock)
    await walker.say("They will not accept our referral and we think that they are wrong")
    assert (await walker.asked()).fact == "imminent"
    await walker.talk.choose("case_met", limit_of(around, walker, reference))
    assert "not kept" in walker.talk.said
    assert "Carry on where I was" not in walker.talk.titles


async def test_a_report_half_told_is_said_not_to_be_recorded(walker, around, midway):
    reference, limit = midway
    await walker.talk.choose("case_report", reference)
    await walker.talk.choose("case_met", limit)
    assert "Nothing has been recorded" in walker.talk.said
    assert (await walker.asked()).fact == "changed_on"
    await walker.say("yesterday")
    await walker.tap("check", "record")
    assert "Carry on where I was" in walker.talk.titles, "the draft is not forgotten on the way"
