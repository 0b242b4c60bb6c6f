"""Dates, force and answers in words; and every word that a person meets is easy to read."""

import re
from datetime import date, datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.deadlines.calendar import Holiday
from bot.deadlines.count import Overdue
from bot.escalation import journey, questions
from bot.escalation.decide import decide
from bot.escalation.safety import GENERAL_ADVICE
from bot.policy.load import load
from bot.policy.model import Policy
from bot.wording.dates import (
    plural,
    say_date,
    say_due,
    say_event,
    say_moment,
    say_overdue,
    say_skipped,
)
from bot.wording.force import BASIS, ENDINGS, HEADINGS, LEADS, say_force, say_source

ROOT = Path(__file__).parents[2]
POLICIES = {policy.id: policy for policy in map(load, sorted((ROOT / "policies").glob("*/*.yml")))}
LONDON = ZoneInfo("Europe/London")
HARDEST_SENTENCE, HARDEST_HALF = 12.0, 8.0
"""School grades: 8 is read at about 13, and half of what is said must be easier."""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 12), "Thursday 12 November 2026"),
        (date(2026, 3, 1), "Sunday 1 March 2026"),
        (date(2027, 1, 5), "Tuesday 5 January 2027"),
    ],
)
def test_a_date_is_said_in_full_without_a_leading_zero(day, words):
    assert say_date(day) == words
    assert say_moment(day) == words


def test_a_moment_is_said_with_its_local_time():
    moment = datetime(2026, 11, 12, 9, 5, tzinfo=LONDON)
    assert say_moment(moment) == "Thursday 12 November 2026 at 09:05"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-11-12", "Thursday 12 November 2026"),
        ("2026-11-12T16:45", "Thursday 12 November 2026 at 16:45"),
        ("not_yet", "It has not happened yet"),
        ("not_known", "Not known"),
    ],
)
def test_when_something_happened_is_said_back_in_full(value, words):
    assert say_event(value) == words


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (Overdue(1, 1), "overdue by 1 working day"),
        (Overdue(5, 7), "overdue by 5 working days"),
        (Overdue(0, 1), "overdue by 1 day"),
        (Overdue(0, 2), "overdue by 2 days"),
        (Overdue(0, 0, hours=0), "overdue by less than an hour"),
        (Overdue(0, 0, hours=1), "overdue by 1 hour"),
        (Overdue(2, 2, hours=48), "overdue by 48 hours"),
        (Overdue(2, 2, hours=53), "overdue by 2 working days"),
        (Overdue(8, 13, hours=321), "overdue by 8 working days"),
        (Overdue(0, 2, hours=49), "overdue by 2 days"),
    ],
)
def test_how_late_is_said_in_hours_for_two_days_then_in_days(late, words):
    assert say_overdue(late) == words


@pytest.mark.parametrize(
    ("policy", "facts", "clock", "words"),
    [
        ("jersey", {"stage": "s1", "stage1_began": "2026-11-12"}, "s1_meet",
         "Thursday 19 November 2026"),
        ("jersey", {"stage": "s1"}, "s1_meet", "“within 5 working days”"),
        ("berkshire", {"stage": "s1", "reported": "2026-11-12T16:30"}, "s1_contact",
         "Friday 13 November 2026 at 16:30"),
        ("gloucestershire", {"stage": "s2", "not_resolved_1": "2026-11-12"}, "s2_refer",
         "No date: the policy says “without delay”"),
    ],
)  # fmt: skip
def test_a_limit_is_said_as_a_date_or_in_the_policys_words(policy, facts, clock, words):
    matter = "child" if policy == "jersey" else "another_agency"
    area = {"area": "other"} if "area" in POLICIES[policy].facts else {}
    known = {"imminent": "no", "matter": matter, **area, **facts}
    decision = decide(POLICIES[policy], known, datetime(2026, 11, 12, 12, tzinfo=LONDON))
    assert {each.id: say_due(each) for each in decision.clocks}[clock] == words


def test_skipped_holidays_are_named_with_their_dates():
    days = (
        Holiday(date(2026, 12, 25), "Christmas Day"),
        Holiday(date(2027, 1, 1), "New Year's Day"),
    )
    assert say_skipped(days) == (
        "Bank holidays not counted: Christmas Day (Friday 25 December 2026), "
        "New Year's Day (Friday 1 January 2027)."
    )
    assert say_skipped(()) == ""
    assert (plural(1, "day"), plural(2, "day")) == ("1 day", "2 days")


@pytest.mark.parametrize("words", [HEADINGS, LEADS], ids=["headings", "leads"])
def test_only_a_must_is_shown_as_a_must(words):
    assert "must" in words["must"].casefold()
    for strength, said in words.items():
        if strength != "must":
            assert not re.search(r"\b(must|need|have to|required)\b", said.casefold()), strength
    said = [each for each in words.values() if each]
    assert len(said) == len({*said})


def test_a_should_among_others_says_that_it_is_one():
    assert say_force("should", "Tell your manager") == "**Should:** Tell your manager"
    assert say_force("info", "It is quick") == "It is quick"


def test_a_source_names_who_where_and_what_is_not_stated():
    policy = POLICIES["jersey"]
    cite = policy.stages[0].cite
    where = policy.cites[cite[0]].section
    assert say_source(policy, cite) == f"({where})"
    assert (
        say_source(policy, cite, "inferred", who="chair")
        == f"(chair; {where}; inferred, not stated)"
    )
    assert [basis for basis, words in BASIS.items() if not words] == ["stated"]


def test_only_a_final_ending_is_called_final():
    for force, words in ENDINGS.items():
        assert (re.search(r"\bcalls this final\b", words) is not None) == (force == "final")


def sentences_of(text: str) -> list[str]:
    plain = re.sub(r"\*\*|\{\w+\}", "", text)
    return [each for each in re.split(r"[.?:;]+(?:\s|$)|\n+", plain) if re.search(r"\w", each)]


def syllables(word: str) -> int:
    stem = re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word.casefold())
    return max(1, len(re.findall(r"[aeiouy]{1,2}", stem)))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: the school year in which a text is understood."""
    words = re.findall(r"[A-Za-z][\w'’-]*", re.sub(r"\{\w+\}", "", text))
    long = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences_of(text)) + 11.8 * long - 15.59


def responses() -> dict[str, str]:
    """What we say in words of our own: a response that is a placeholder alone says nothing yet."""
    return {
        name: each["text"]
        for path in sorted((ROOT / "bot" / "responses").glob("*.yml"))
        for name, texts in yaml.safe_load(path.read_text())["responses"].items()
        for each in texts
        if sentences_of(each["text"])
    }


def questions_of(policy: Policy) -> list[str]:
    asked = [*policy.facts.values(), *policy.events.values()]
    return [words for each in asked for words in (each.ask, each.why)] + [
        f"{stage.where}." for stage in policy.stages
    ]


OURS = [
    words
    for each in (
        *(journey.PROTECTED, journey.OUTSIDE, journey.PARTNERSHIP, journey.CHECK),
        *(questions.SUMMARY, questions.RESOLVED, questions.IMMINENT),
    )
    for words in (each.ask, each.why)
]
TEXTS = {
    "responses": [*responses().values()],
    "our questions": [*OURS, GENERAL_ADVICE],
    **{policy.id: questions_of(policy) for policy in POLICIES.values()},
}


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_what_is_said_is_easy_to_read(texts):
    grades = {text: grade(text) for text in texts}
    assert median(grades.values()) <= HARDEST_HALF
    # three or four long words are a term of the policy, not a hard sentence
    hard = {text: round(grades[text], 1) for text in texts if len(text.split()) > 8}
    assert {text: n for text, n in hard.items() if n > HARDEST_SENTENCE} == {}


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_what_is_said_is_calm_and_british(texts):
    for text in texts:
        assert "!" not in text, text
        assert not re.search(r"\b(organi|recogni|apologi)z|\bbehavior|\bplease be advised", text), (
            text
        )


def test_the_measure_tells_hard_words_from_easy_ones():
    hard = (
        "Notwithstanding the aforementioned considerations, practitioners are respectfully advised "
        "that commencement of formalised escalation procedures necessitates prior authorisation."
    )
    assert grade(hard) > HARDEST_SENTENCE
    assert grade("Call 999 now. Then tell your manager.") < 4


def test_gaps_in_a_response_are_closed_and_plain():
    for name, text in responses().items():
        assert text.count("{") == text.count("}") == len(re.findall(r"\{[a-z]+\}", text)), name
