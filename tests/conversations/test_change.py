"""Changing one's mind: an old button, "change an answer", back, drafts, a new start, a restart."""

import pytest
from paths import Walker, is_answer
from talk import Talk

from actions.surroundings import Surroundings, set_up
from bot.records.database import open_database
from bot.records.drafts import open_drafts
from bot.records.store import find, list_for

SANDWELL = {"policy": "sandwell", "stage": "s1"}


def drafts(around, person):
    with around.database.reading() as session:
        return open_drafts(session, person=person)


def cases(around, person):
    with around.database.reading() as session:
        return list_for(session, person=person)


async def test_an_old_button_changes_its_own_answer_and_shows_the_answer_anew(walker):
    await walker.begin()
    await walker.to("check", SANDWELL)
    await walker.talk.choose("stage", "s2")
    walker.heed()
    assert (await walker.answers())["stage"] == "s2"
    await walker.to("check", {**SANDWELL, "stage": "s2"})
    card = [card for card in walker.shown if is_answer(card)][-1]
    assert "Stage 2" in card["title"]


async def test_answers_that_are_no_longer_needed_are_named_when_they_fall_away(walker):
    await walker.begin()
    before = await walker.to("check", SANDWELL)
    had = await walker.answers()
    await walker.talk.choose("stage", "s4")
    walker.heed()
    await walker.to("check", {**SANDWELL, "stage": "s4"})
    has = await walker.answers()
    gone = set(had) - set(has)
    assert gone, (had, has)
    dropped = [text for text in walker.heard if "have dropped" in text]
    assert dropped, walker.heard
    assert before.fact == "check"


async def test_change_an_answer_at_the_check_then_record_keeps_the_new_one(walker, around):
    await walker.begin()
    await walker.to("check", SANDWELL)
    await walker.tap("check", "change")
    await walker.tap("change", "area")
    asked = await walker.asked()
    assert asked.fact == "area"
    other = asked.choices[1].value
    await walker.tap("area", other)
    reference = await walker.record(SANDWELL)
    with around.database.reading() as session:
        case = find(session, reference=reference, person=walker.talk.person)
    assert case.area == other
    assert len(cases(around, walker.talk.person)) == 1


async def test_change_none_goes_back_to_the_check(walker):
    await walker.begin()
    await walker.to("check", SANDWELL)
    before = await walker.answers()
    await walker.say("change an answer")
    assert (await walker.asked()).fact == "change"
    await walker.tap("change", "none")
    assert (await walker.asked()).fact == "check"
    assert await walker.answers() == before


async def test_a_changed_stage_shows_the_answer_card_anew(walker):
    await walker.begin()
    await walker.to("check", SANDWELL)
    await walker.say("change an answer")
    await walker.tap("change", "stage")
    walker.shown.clear()
    await walker.to("check", {**SANDWELL, "stage": "s3"})
    assert any(is_answer(card) and "Stage 3" in card["title"] for card in walker.shown)


@pytest.mark.parametrize("fact", ["matter", "stage", "summary", "check"])
async def test_change_an_answer_works_in_the_middle_of_the_walk(walker, fact):
    await walker.begin()
    await walker.to(fact, SANDWELL)
    await walker.say("change an answer")
    await walker.tap("change", "imminent")
    assert (await walker.asked()).fact == "imminent"
    assert "policy" in await walker.answers()


async def test_back_takes_back_one_answer_at_a_time_to_the_very_beginning(walker):
    await walker.begin()
    await walker.to("summary", SANDWELL)
    count = len(await walker.answers())
    while (answers := await walker.answers()) and count > 0:
        last = list(answers)[-1]
        await walker.say("back")
        assert last not in await walker.answers()
        assert (await walker.asked()).ask in walker.talk.texts
        count -= 1
    for _ in range(2):
        await walker.say("go back")
        assert "no answer to change yet" in walker.talk.said
        assert (await walker.asked()).fact == "imminent"
    assert await walker.talk.loop() == "walk_form"
    await walker.to("check", SANDWELL)


async def test_back_from_the_check_asks_the_last_question_again(walker):
    await walker.begin()
    await walker.to("check", SANDWELL)
    await walker.say("back")
    assert (await walker.asked()).fact == "their_agency"


async def test_kept_as_a_draft_nothing_is_recorded_and_it_goes_on_from_the_check(walker, around):
    await walker.begin()
    await walker.to("check", SANDWELL)
    answers = await walker.answers()
    await walker.tap("check", "keep_draft")
    assert "kept as a draft" in walker.talk.said
    assert "ESC-" not in walker.talk.said
    assert not cases(around, walker.talk.person)
    assert len(drafts(around, walker.talk.person)) == 1
    await walker.say("carry on")
    await walker.tap("imminent", "no")  # risk is asked anew
    assert (await walker.asked()).fact == "check"
    assert await walker.answers() == answers
    await walker.tap("check", "record")
    assert walker.reference()
    assert not drafts(around, walker.talk.person)


async def test_stopping_keeps_a_draft_that_can_be_taken_up(walker, around):
    await walker.begin()
    asked = await walker.to("area", SANDWELL)
    await walker.say("stop")
    assert await walker.talk.loop() is None
    assert "kept as a draft" in walker.talk.said
    await walker.talk.tap("Carry on")
    await walker.tap("imminent", "no")
    assert await walker.asked() == asked
    assert asked.ask in walker.talk.texts


async def test_starting_again_keeps_what_there_was_as_a_draft(walker, around):
    await walker.begin()
    await walker.to("area", SANDWELL)
    await walker.say("start again")
    assert "kept as a draft" in walker.talk.said
    assert (await walker.asked()).fact == "imminent"
    assert not await walker.answers()
    reference = await walker.record({"policy": "plymouth"})
    assert reference
    (left,) = drafts(around, walker.talk.person)
    assert left.policy_id == "sandwell"


async def test_of_several_drafts_one_is_picked(walker, around, clock):
    await walker.begin()
    await walker.to("area", SANDWELL)
    await walker.say("start again")
    jersey = await walker.to("stage", {"policy": "jersey"})
    await walker.say("stop")
    assert len(drafts(around, walker.talk.person)) == 2
    await walker.say("carry on")
    assert len(walker.talk.titles) == 2
    await walker.talk.tap(next(t for t in walker.talk.titles if "Jersey" in t))
    assert (await walker.answers())["policy"] == "jersey"
    await walker.tap("imminent", "no")
    assert await walker.asked() == jersey
    await walker.say("stop")
    await walker.say("carry on")
    await walker.talk.tap(next(t for t in walker.talk.titles if "Sandwell" in t))
    assert (await walker.answers())["policy"] == "sandwell"
    await walker.tap("imminent", "no")
    assert (await walker.asked()).fact == "area"


async def test_somebody_elses_draft_cannot_be_taken_up(walker, another, around):
    await walker.begin()
    await walker.to("area", SANDWELL)
    (draft,) = drafts(around, walker.talk.person)
    stranger = another()
    await stranger.talk.choose("draft", draft.id)
    assert "no draft to go on with" in stranger.talk.said
    assert not await stranger.answers()


async def test_after_a_restart_the_walk_goes_on_in_the_same_place(
    walker, started, library, records_file, clock, around
):
    await walker.begin()
    asked = await walker.to_kind("date", SANDWELL)
    answers = await walker.answers()
    around.database.close()
    with open_database(f"sqlite:///{records_file}") as database:
        anew = Surroundings(library, database, now=clock)
        set_up(anew)
        again = Walker(Talk(started(), walker.talk.person), anew)
        assert await again.asked() == asked
        await again.say("hello")
        assert asked.ask in again.talk.texts
        assert await again.answers() == answers
        reference = await again.record(SANDWELL)
        assert [case.reference for case in cases(anew, walker.talk.person)] == [reference]
        assert not drafts(anew, walker.talk.person)
        set_up(None)


async def test_a_second_walk_after_a_recorded_one_is_another_case(walker, around):
    await walker.begin()
    first = await walker.record(SANDWELL)
    await walker.talk.tap("Start another")
    second = await walker.record({"policy": "jersey"})
    assert {case.reference for case in cases(around, walker.talk.person)} == {first, second}


async def test_an_old_button_of_a_recorded_walk_changes_nothing(walker, around):
    await walker.begin()
    reference = await walker.record(SANDWELL)
    for fact, value in (("stage", "s2"), ("check", "record"), ("check", "change")):
        await walker.talk.choose(fact, value)
        walker.heed()
    assert [case.reference for case in cases(around, walker.talk.person)] == [reference]
