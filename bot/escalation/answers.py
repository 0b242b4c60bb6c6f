"""What a practitioner said, as an answer to the question that was asked, or why it is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from bot.deadlines.spoken import DateRead, DateUnclear, NoDate, problem, read_date
from bot.escalation.questions import NOT_KNOWN, NOT_YET, SKIPPED, Choice, Question

LONGEST_TEXT = 4000
SHORT = 60
ALIKE = 0.84
YES = {"yes", "y", "yeah", "yep", "yup", "aye", "correct", "that is right", "ok", "okay", "sure"}
NO = {"no", "n", "nope", "nah", "not at all", "no one", "nobody"}
UNSURE = {
    "not sure", "i am not sure", "im not sure", "unsure", "dont know", "i dont know",
    "i do not know", "do not know", "maybe", "possibly", "perhaps", "i think so", "might be",
    "no idea", "not known", "unknown", "could be",
}  # fmt: skip
NOT_YET_WORDS = {"not yet", "it has not", "hasnt happened", "it hasnt happened yet", "no", "never"}
NOT_YET_SAID = re.compile(r"\b(?:not|\w+nt) (?:\w+ ){0,2}yet\b|\bnot happened\b|\bhasnt happened\b")
SKIP_WORDS = {"skip", "skip this", "skip it", "skip that", "pass", "leave it", "leave it blank"}
COUNTED = ("stage", "step", "level", "number")
NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}


@dataclass(frozen=True)
class Answered:
    """The value that the answer stands for."""

    value: str


@dataclass(frozen=True)
class Unclear:
    """An answer that could be one of several: to be asked back."""

    candidates: tuple[Choice, ...]
    why: str


@dataclass(frozen=True)
class NotAnAnswer:
    """Nothing that this question takes; `why` says so in plain words."""

    why: str


Parsed = Answered | Unclear | NotAnAnswer


def parse(question: Question, raw: str, now: datetime, timezone: str) -> Parsed:
    """The answer in `raw`: a tapped value, or typed words.

    `now` and `timezone` are what "yesterday" is counted from. Never raises on any text.
    """
    said = raw.strip()
    if not said:
        return NotAnAnswer("I did not get any words.")
    if question.choice(said):
        return Answered(said)
    match question.kind:
        case "text":
            return _text(question, said)
        case "date":
            return _date(question, said, now, timezone)
        case _:
            return _choice(question.choices, said)


def _text(question: Question, said: str) -> Parsed:
    plain = plainly(said)
    for choice in question.choices:
        skips = choice.value == SKIPPED and plain in SKIP_WORDS
        if skips or plain == plainly(choice.label):
            return Answered(choice.value)
    if len(said) > LONGEST_TEXT:
        return NotAnAnswer(
            f"That is {len(said):,} characters. Please keep it under {LONGEST_TEXT:,}."
        )
    if not any(character.isalnum() for character in said):
        return NotAnAnswer("Please answer in words.")
    return Answered(said)


def _date(question: Question, said: str, now: datetime, timezone: str) -> Parsed:
    plain = plainly(said)
    if plain in NOT_YET_WORDS or (len(plain) < SHORT and NOT_YET_SAID.search(plain)):
        return Answered(NOT_YET)
    if plain in UNSURE:
        return Answered(NOT_KNOWN)
    tapped = _choice(question.choices, said)
    if isinstance(tapped, Answered):
        return tapped
    local = now.astimezone(ZoneInfo(timezone))
    match read_date(said, local, timezone=timezone):
        case DateRead() as read:
            wrong = problem(read, local, timezone=timezone)
            return NotAnAnswer(wrong) if wrong else Answered(_iso(read.on, read.at, timezone))
        case DateUnclear(candidates=candidates, at=at, why=why):
            days = tuple(Choice(_iso(day, at, timezone), _say(day)) for day in candidates)
            return Unclear(days, why)
        case NoDate(why=why):
            return NotAnAnswer(why)


def _iso(day: date, at: time | None, timezone: str) -> str:
    if at is None:
        return day.isoformat()
    return datetime.combine(day, at, ZoneInfo(timezone)).isoformat(timespec="minutes")


def _say(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _choice(choices: Sequence[Choice], said: str) -> Parsed:
    plain = plainly(said)
    for words, value in ((YES, "yes"), (NO, "no"), (UNSURE, "not_sure")):
        if plain in words and any(choice.value == value for choice in choices):
            return Answered(value)
    if len(plain) < 3 and plain.isdecimal():
        return _numbered(choices, int(plain))
    exact = [choice for choice in choices if plain in (plainly(choice.label), choice.value)]
    if len(exact) == 1:
        return Answered(exact[0].value)
    inside = [choice for choice in choices if _says(plain, plainly(choice.label))]
    if len(inside) == 1:
        return Answered(inside[0].value)
    if len(inside) > 1:
        return Unclear(tuple(inside), "That fits more than one answer.")
    near = [choice for choice in choices if _likeness(plain, plainly(choice.label)) >= ALIKE]
    if len(near) == 1:
        return Answered(near[0].value)
    if plain.startswith("yes ") and len(plain) < SHORT and any(c.value == "yes" for c in choices):
        return Answered("yes")
    return NotAnAnswer("Please choose one of the answers, or type it.")


def _numbered(choices: Sequence[Choice], number: int) -> Parsed:
    """A bare number: that stage where stages are numbered, else that place in the list."""
    staged = [choice for choice in choices if f"stage {number}" in plainly(choice.label)]
    if len(staged) == 1:
        return Answered(staged[0].value)
    if any("stage " in plainly(choice.label) for choice in choices):
        return NotAnAnswer(f"There is no stage {number} among these. Please choose one of them.")
    if 1 <= number <= len(choices):
        return Answered(choices[number - 1].value)
    return NotAnAnswer(f"There are {len(choices)} answers here. Please choose one of them.")


def _says(plain: str, label: str) -> bool:
    """Whether every word that was said stands in the label: "stage 2", "team managers"."""
    words = plain.split()
    known = set(label.split())
    return 0 < len(words) <= 12 and set(words) <= known and (len(plain) > 3 or plain in YES)


def _likeness(plain: str, label: str) -> float:
    # Far longer than the label is never like it, and would take seconds to compare.
    if len(plain) > 2 * len(label):
        return 0.0
    return SequenceMatcher(None, plain, label).ratio()


def plainly(text: str) -> str:
    """Small letters, no punctuation, single spaces, and "stage two" as "stage 2"."""
    words = re.sub(r"[^\w\s]", " ", text.casefold().replace("'", "").replace("’", "")).split()
    counted = [
        NUMBERS.get(word, word) if before in COUNTED else word
        for before, word in zip(["", *words], words, strict=False)
    ]
    return NUMBERS.get(words[0], words[0]) if len(words) == 1 else " ".join(counted)
