"""What is said to an open alert is never mistaken, and a risk that was said is never dropped."""

import pytest
from paths import is_answer
from rasa.shared.core.events import SlotSet
from test_risk import HIGH, LOW, alerts, assert_advice

ADVICE_ASKED = {"Yes", "No"}


@pytest.mark.parametrize(
    "words",
    ["Somebody is at risk now", "everybody is at risk", "ok", "at risk", "I will ring them later"],
)
async def test_what_does_not_say_that_it_was_done_keeps_the_alert_open(walker, around, words):
    await walker.begin()
    await walker.say(HIGH)
    await walker.say(words)
    [alert] = alerts(around, walker.talk.person)
    assert alert.settled_at is None
    assert "Yes, done" in walker.talk.titles


@pytest.mark.parametrize(
    "words",
    ["I have telephoned the duty police officer", "all sorted thanks", "yes, police on way"],
)
async def test_what_says_that_it_was_done_is_understood(walker, around, words):
    await walker.begin()
    await walker.say(HIGH)
    await walker.say(words)
    [alert] = alerts(around, walker.talk.person)
    assert (alert.settled_as, alert.call_made) == ("in_danger", "yes")


async def test_a_new_danger_in_the_answer_brings_the_advice_again(walker, around):
    await walker.begin()
    await walker.say(HIGH)
    await walker.say("Yes but he is back with a knife")
    assert_advice(walker.talk)
    assert alerts(around, walker.talk.person)[-1].settled_at is None


async def test_a_doubtful_alert_becomes_certain_when_the_danger_is_said(walker, around):
    await walker.begin()
    await walker.say(LOW)
    await walker.say("he is strangling her right now")
    assert_advice(walker.talk)
    [alert] = alerts(around, walker.talk.person)
    assert alert.tier == "high"
    assert "strangl" in alert.matched


async def test_an_alert_that_nobody_answered_stays_in_sight(walker, around):
    await walker.begin()
    await walker.to("matter", {"policy": "sandwell"})
    await walker.say(HIGH)
    await walker.say("can you remind me monday")
    await walker.say("what is the weather")
    [alert] = alerts(around, walker.talk.person)
    assert (alert.settled_as, alert.call_made) == ("in_danger", "no")
    assert (await walker.answers())["imminent"] == "yes"
    await walker.to("summary", {"stage": "s1"})
    answer = next(card for card in reversed(walker.shown) if is_answer(card))
    first = answer["sections"][0]
    assert "You have not told me" in first["items"][0]
    assert any("MARF" in item for item in first["items"])


async def test_the_marf_stays_on_the_answer_after_the_call(walker):
    await walker.begin()
    await walker.to("matter", {"policy": "sandwell"})
    await walker.talk.at_risk()
    await walker.talk.tap("Yes, done")
    await walker.to("summary", {"stage": "s1"})
    answer = next(card for card in reversed(walker.shown) if is_answer(card))
    assert any("MARF" in item for item in answer["sections"][0]["items"])
    assert "You have not told me" not in str(answer)


async def test_changing_the_answer_about_risk_asks_it_anew(walker):
    await walker.begin()
    await walker.tap("imminent", "yes")
    await walker.to("protected", {"policy": "jersey"})
    await walker.tap("protected", "not_needed")
    await walker.say("change an answer")
    await walker.tap("change", "imminent")
    assert (await walker.asked()).fact == "imminent"
    await walker.tap("imminent", "yes")
    assert (await walker.asked()).fact == "protected"


async def test_a_risk_in_the_words_that_end_the_walk_is_asked_about(walker, around):
    await walker.begin()
    await walker.record({"policy": "sandwell"})
    await walker.talk.tap("Prepare")
    preparation = (await walker.walk()).preparation(around)
    for _ in preparation.prompts[:-1]:
        await walker.talk.tap("Skip")
    await walker.say(LOW)
    assert await walker.talk.loop() is None
    assert set(walker.talk.titles) >= ADVICE_ASKED, walker.talk.titles
    assert alerts(around, walker.talk.person)[-1].tier == "low"


async def test_an_alert_of_another_walk_is_not_linked_to_this_case(walker, around):
    await walker.begin()
    await walker.to("matter", {"policy": "sandwell"})
    await walker.talk.at_risk()
    await walker.talk.tap("Yes, done")
    await walker.talk.command("start_again")
    await walker.record({"policy": "jersey"})
    [alert] = alerts(around, walker.talk.person)
    assert alert.escalation_id is None


async def test_the_alert_of_a_walk_is_linked_to_its_case(walker, around):
    await walker.begin()
    await walker.to("matter", {"policy": "jersey"})
    await walker.talk.at_risk()
    await walker.talk.tap("Yes, done")
    await walker.record({"policy": "jersey"})
    [alert] = alerts(around, walker.talk.person)
    assert alert.escalation_id is not None


async def test_a_slot_of_another_version_of_the_program_never_hides_a_risk(walker, around):
    await walker.begin()
    store = walker.talk.agent.tracker_store
    tracker = await store.retrieve(walker.talk.person)
    case = {"policy": "gone", "version": "V9", "unknown": 1}
    tracker.update(SlotSet("walk_case", case), walker.talk.agent.domain)
    tracker.update(SlotSet("walk_answers", [["policy", "sandwell"]]), walker.talk.agent.domain)
    await store.save(tracker)
    await walker.talk.at_risk()
    assert_advice(walker.talk)
    assert len(alerts(around, walker.talk.person)) == 1
