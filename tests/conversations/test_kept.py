"""What was said once is neither lost, nor used for something else, nor written twice."""

import pytest
from paths import Walker

from bot.records.store import list_for


async def test_a_record_whose_conversation_was_not_saved_is_told_again_not_written_again(
    walker, around, monkeypatch
):
    await walker.begin()
    await walker.to("check", {"policy": "jersey"})
    store = walker.talk.agent.tracker_store

    async def lost(self, tracker):
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(type(store), "save", lost)
        with pytest.raises(OSError, match="disk"):
            await walker.talk.choose("check", "record")
    with around.database.reading() as session:
        [written] = list_for(session, person=walker.talk.person)
    await walker.talk.choose("check", "record")
    assert written.reference in walker.talk.said
    with around.database.reading() as session:
        assert list_for(session, person=walker.talk.person) == (written,)


async def test_answers_under_one_policy_are_not_used_for_another(walker: Walker):
    await walker.begin()
    await walker.to("summary", {"policy": "berkshire", "stage": "s1"})
    await walker.say("change an answer")
    await walker.tap("change", "stage")
    await walker.tap("stage", "s3")
    await walker.say("change an answer")
    await walker.tap("change", "policy")
    await walker.tap("policy", "gloucestershire")
    walk = await walker.walk()
    assert dict(walk.answers).keys() <= {"policy", "imminent", "protected", "summary"}
    assert dict(walk.said).keys() <= {"summary"}
    assert "dropped" in walker.talk.said


@pytest.mark.parametrize(
    "words",
    ["I disagree with social care", "We want to challenge a decision by social care"],
)
async def test_words_of_a_beginning_do_not_wipe_a_walk(walker, words):
    await walker.begin()
    asked = await walker.to("stage", {"policy": "sandwell"})
    before = await walker.answers()
    await walker.say(words)
    assert (await walker.asked(), await walker.answers()) == (asked, before)


async def test_going_back_is_kept_in_the_draft(walker, around):
    await walker.begin()
    await walker.to("summary", {"policy": "jersey", "stage": "s1"})
    await walker.say("back")
    kept = await walker.walk()
    await walker.say("stop")
    await walker.say("carry on where I left off")
    resumed = dict((await walker.walk()).answers)
    assert resumed == {k: v for k, v in kept.answers if k not in ("imminent", "protected")}


async def test_a_draft_taken_up_again_asks_about_risk_first(walker):
    await walker.begin()
    await walker.to("stage", {"policy": "jersey"})
    await walker.say("stop")
    await walker.say("carry on where I left off")
    assert (await walker.asked()).fact == "imminent"
    await walker.tap("imminent", "no")
    assert (await walker.asked()).fact == "stage"


async def test_a_partnership_named_early_is_noted(walker):
    await walker.begin()
    await walker.say("I am a teacher in sandwell")
    assert (await walker.answers())["policy"] == "sandwell"
    assert (await walker.asked()).fact == "imminent"


async def test_the_challenged_agency_is_asked_in_its_own_words(walker):
    await walker.begin("We have received")
    asked = await walker.to("stage", {"policy": "plymouth"})
    assert asked.ask == "Which stage has their escalation reached?"
    await walker.say("stage three")
    assert (await walker.answers())["stage"] == "s3"
