"""What may be the outcome of a case on record, typed where no walk is running."""

from datetime import timedelta

import pytest

from bot.records.store import find

OUTCOMES = [
    "we met and we did not agree",
    "they wouldn't agree",
    "we had the stage 2 meeting and couldn't agree",
    "no agreement reached",
    "met with them yesterday, still no agreement",
]
NEW = "No, it is a new disagreement"


def recorded(around, walker, reference):
    with around.database.reading() as session:
        return find(session, reference=reference, person=walker.talk.person)


@pytest.fixture
async def reference(walker, clock):
    await walker.begin()
    raised = await walker.record({"policy": "berkshire", "stage": "s1"})
    clock.forward(timedelta(days=2))
    return raised


@pytest.fixture
async def asked(walker, reference):
    """The first of these words that the model takes for a new disagreement, just said."""
    for words in OUTCOMES:
        await walker.say(words)
        if NEW in walker.talk.titles:
            return words
        await walker.say("stop")
    raise AssertionError("all of them are heard as outcomes: that question can go")


@pytest.mark.parametrize("words", OUTCOMES)
async def test_an_outcome_in_plain_words_reaches_the_open_case(walker, around, reference, words):
    await walker.say(words)
    if (await walker.walk()).phase != "progress":
        assert reference in walker.talk.said
        await walker.talk.tap("Yes: tell what happened")
    answers = await walker.answers()
    assert answers["outcome"] == "not_agreed"
    assert ("yesterday" in words) == ("outcome_on" in answers)
    while (question := await walker.asked()) is not None and (
        await walker.walk()
    ).phase == "progress":
        await walker.answer(question, {"check": "record"})
    case = recorded(around, walker, reference)
    assert [each.outcome for each in case.stages] == ["not_agreed", None]


async def test_a_new_disagreement_keeps_every_word(walker, around, asked):
    await walker.talk.tap(NEW)
    assert (await walker.asked()).fact == "imminent"
    reference = await walker.record({"policy": "plymouth"})
    assert recorded(around, walker, reference).summary == asked


@pytest.mark.parametrize(("said", "phase"), [("yes", "progress"), ("no", "walk")])
async def test_it_can_be_answered_in_words(walker, asked, said, phase):
    await walker.say(said)
    assert ((await walker.walk()).phase, await walker.talk.loop()) == (phase, "walk_form")
    assert "did not understand" not in walker.talk.said


async def test_a_risk_comes_before_the_answer(walker, asked):
    await walker.say("he has a knife and he is in the house with the children now")
    assert "999" in walker.talk.said


async def test_something_else_can_be_said_and_nothing_is_changed(walker, around, reference, asked):
    before = recorded(around, walker, reference)
    await walker.say("my escalations")
    assert reference in walker.talk.said
    assert recorded(around, walker, reference) == before
