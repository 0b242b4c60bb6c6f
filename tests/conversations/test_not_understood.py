"""What was not understood is said, with a way on: twice at most, then the person to ask."""

import pytest

A_PERSON = "your safeguarding lead or your manager"


async def test_outside_a_walk_it_says_whom_to_ask_the_third_time(walker):
    said = []
    for words in ("flim flam", "zzz kkk qqq", "flim flam zzz"):
        await walker.say(words)
        assert walker.talk.titles, "there is always a way on"
        said.append(walker.talk.said.lower())
    assert A_PERSON in said[-1]
    assert not any(A_PERSON in each for each in said[:-1])


@pytest.mark.parametrize("fact", ["matter", "stage"])
async def test_in_a_walk_it_says_whom_to_ask_the_third_time_and_keeps_the_place(walker, fact):
    await walker.begin()
    asked = await walker.to(fact, {"policy": "sandwell"})
    said = []
    for words in ("purple", "purple wombat", "wombat"):
        await walker.say(words)
        assert await walker.asked() == asked
        assert asked.ask in walker.talk.texts
        said.append(walker.talk.said)
    assert A_PERSON in said[-1].lower()
    assert not any(A_PERSON in each.lower() for each in said[:-1])


async def test_an_answer_that_fits_begins_the_count_anew(walker):
    await walker.begin()
    asked = await walker.to("matter", {"policy": "sandwell"})
    for words in ("purple", "wombat"):
        await walker.say(words)
    await walker.tap("matter", asked.choices[0].value)
    await walker.say("purple")
    assert A_PERSON not in walker.talk.said.lower()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("what is an IRO?", "Independent Reviewing Officer"),
        ("what does MARF stand for", "multi-agency referral form"),
    ],
)
async def test_a_word_of_the_field_is_explained_and_the_place_kept(walker, words, says):
    await walker.begin()
    asked = await walker.to("stage", {"policy": "sandwell"})
    await walker.say(words)
    assert says in walker.talk.said
    assert await walker.asked() == asked
