"""What a practitioner said, as an answer to the question that was asked, or why it is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from bot.deadlines.spoken import DateRead, DateUnclear, NoDate, problem, read_date
from bot.escalation.questions import NOT_KNOWN, NOT_YET, Choice, Question

LONGEST_TEXT = 4000
ALIKE = 0.84
YES = {"yes", "y", "yeah", "yep", "yup", "aye", "correct", "that is right", "ok", "okay", "sure"}
NO = {"no", "n", "nope", "nah", "not at all"}
UNSURE = {"not sure", "i am not sure", "im not sure", "unsure", "dont know", "i dont know", "maybe"}
NOT_YET_WORDS = {"not yet", "it has not", "hasnt happened", "it hasnt happened yet", "no", "never"}


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
    skip = _choice(question.choices, said) if len(said) < 30 else NotAnAnswer("")
    if isinstance(skip, Answered):
        return skip
    if len(said) > LONGEST_TEXT:
        return NotAnAnswer(
            f"That is {len(said):,} characters. Please keep it under {LONGEST_TEXT:,}."
        )
    if not any(character.isalnum() for character in said):
        return NotAnAnswer("Please answer in words.")
    return Answered(said)


def _date(question: Question, said: str, now: datetime, timezone: str) -> Parsed:
    plain = plainly(said)
    if plain in NOT_YET_WORDS:
        return Answered(NOT_YET)
    if plain in UNSURE or plain in ("not known", "unknown"):
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
    # No more than two digits: int() refuses "²" and numbers of thousands of digits.
    if len(plain) < 3 and plain.isdecimal() and 1 <= int(plain) <= len(choices):
        return Answered(choices[int(plain) - 1].value)
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
    return NotAnAnswer("Please choose one of the answers, or type it.")


def _says(plain: str, label: str) -> bool:
    """Whether every word that was said stands in the label: "stage 2", "team managers"."""
    words = plain.split()
    return 0 < len(words) <= 12 and set(words) <= set(label.split()) and len(plain) > 3


def _likeness(plain: str, label: str) -> float:
    # Far longer than the label is never like it, and would take seconds to compare.
    if len(plain) > 2 * len(label):
        return 0.0
    return SequenceMatcher(None, plain, label).ratio()


def plainly(text: str) -> str:
    """Small letters, no punctuation, single spaces."""
    return " ".join(
        re.sub(r"[^\w\s]", " ", text.casefold().replace("'", "").replace("’", "")).split()
    )
