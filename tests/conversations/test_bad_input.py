"""Bad input: always plain words and the same question again, whatever is typed."""

import random
import string

import pytest
from paths import assert_plain, mark, rewind

from bot.channels.received import as_plain_words, clean, has_words

SANDWELL = {"policy": "sandwell", "stage": "s1"}
DATE_FACT = "manager_aware"
FACTS = [
    "imminent", "policy", "matter", "area", "stage", DATE_FACT, "summary", "our_agency", "check",
]  # fmt: skip
LETTERS = random.Random(7)
GIBBERISH = "".join(LETTERS.choices(string.ascii_lowercase, k=24))
BAD = {
    "emoji only": "🙂🙂🙂",
    "control characters": "\x00\x07he\x1bllo\x00",
    "four thousand characters": "wibble " * 571,
    "gibberish": GIBBERISH,
    "one letter": "q",
    "punctuation": "?!…",
    "another alphabet": "здравствуйте",
    "a script": "<script>alert(1)</script>",
    "braces": "{Policy} {0} {{}}",
    "restart": "/restart",
    "an intent": '/deny{"x":1}',
    "a session": "/session_start",
    "a risk command": '/report_risk{"a":"b"}',
    "slashes only": "////",
    "a very long number": "9" * 3000,
    "right to left": "\u202eabc",
}


async def typed(talk, words):
    """The words the way every channel hands them on."""
    cleaned = as_plain_words(clean(words))
    if not has_words(cleaned):
        return False
    await talk.say(cleaned)
    return True


@pytest.mark.parametrize("fact", FACTS)
async def test_whatever_is_typed_gets_plain_words_and_the_same_question_again(walker, fact):
    await walker.begin()
    asked = await walker.to(fact, SANDWELL)
    answers, place = await walker.answers(), mark(walker.talk)
    for name, words in BAD.items():
        if not await typed(walker.talk, words):
            continue
        assert_plain(walker.talk)
        assert "went wrong" not in walker.talk.said, name
        after = await walker.answers()
        if name == "restart":  # what is left of it are plain words: they begin again
            assert "kept as a draft" in walker.talk.said or "policy" not in answers
        elif asked.kind == "text" and after != answers:
            assert after[fact] == as_plain_words(clean(words)), name
        else:
            assert (await walker.asked(), after) == (asked, answers), name
            assert asked.ask in walker.talk.texts, (name, walker.talk.texts)
        assert await walker.talk.loop() == "walk_form", name
        rewind(walker.talk, place)


@pytest.mark.parametrize("name", list(BAD))
async def test_outside_a_walk_it_is_never_met_with_silence(talk, name):
    if await typed(talk, BAD[name]):
        assert_plain(talk)
        assert "went wrong" not in talk.said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("the year 3000, 12 November 3000", "future"),
        ("12 November 3000", "future"),
        ("31 February", "date"),
        ("31/02/2026", "date"),
        ("tomorrow", "future"),
        ("12 November 1066", ""),
        ("0/0/0", "date"),
    ],
)
async def test_a_day_that_cannot_be_is_refused_with_the_reason(walker, words, says):
    await walker.begin()
    asked = await walker.to(DATE_FACT, SANDWELL)
    answers = await walker.answers()
    await walker.say(words)
    assert says in walker.talk.said
    assert (await walker.asked(), await walker.answers()) == (asked, answers)
    assert asked.ask in walker.talk.texts


async def test_a_typed_command_of_the_engine_never_ends_the_walk(walker):
    await walker.begin()
    await walker.to("area", SANDWELL)
    answers = await walker.answers()
    for words in ("/session_start", '/choose{"q":"area"}', '/deny{"x":1}', "/action_listen"):
        await typed(walker.talk, words)
        assert_plain(walker.talk)
        assert (await walker.answers()).items() >= answers.items()


async def test_words_too_long_for_the_record_are_refused_and_not_cut(walker):
    await walker.begin()
    asked = await walker.to("summary", SANDWELL)
    await walker.say("a wibble " * 500)
    assert "4,000" in walker.talk.said
    assert await walker.asked() == asked


async def test_a_button_with_a_value_nobody_offered_changes_nothing(walker):
    await walker.begin()
    asked = await walker.to("area", SANDWELL)
    answers = await walker.answers()
    for fact, value in (("area", "nonsense"), ("nonsense", "x"), ("stage", "s99"), ("policy", "x")):
        await walker.talk.choose(fact, value)
        assert_plain(walker.talk)
        assert (await walker.asked(), await walker.answers()) == (asked, answers)
