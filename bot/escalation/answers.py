"""What a practitioner said, as an answer to the question that was asked, or why it is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from bot.deadlines.spoken import (
    DateRead,
    DateUnclear,
    NoDate,
    problem,
    problem_ahead,
    read_coming,
    read_date,
)
from bot.escalation.agencies import SIDES, kind_named
from bot.escalation.questions import NOT_KNOWN, NOT_YET, SKIPPED, Choice, Question
from bot.escalation.said import NOT_YET_SAID, UNSURE, YES, plainly, same_sense, was_done, yes_or_no

LONGEST_TEXT = 4000
SHORT = 60
ALIKE = 0.84
NOT_YET_WORDS = {"not yet", "it has not", "hasnt happened", "it hasnt happened yet", "no", "never"}
SKIP_WORDS = {"skip", "skip this", "skip it", "skip that", "pass", "leave it", "leave it blank"}
STAGE_NAMED = re.compile(r"\b(?:stage|step|level) (?:\d+|[a-f])\b")
ABOUT_RISK = ("imminent", "protected", "risk")
NOT_MATCHED = "I could not match that to one of the answers. Please choose one."


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
        case _ if question.fact in ABOUT_RISK:
            return _about_risk(question, said)
        case _ if question.fact in SIDES:
            return _agency(question, said)
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
    if plain in NOT_YET_WORDS:
        return Answered(NOT_YET)
    if plain in UNSURE:
        return Answered(NOT_KNOWN)
    tapped = _choice(question.choices, said)
    if isinstance(tapped, Answered):
        return tapped
    local = now.astimezone(ZoneInfo(timezone))
    reads, objects = (read_coming, problem_ahead) if question.ahead else (read_date, problem)
    match reads(said, local, timezone=timezone):
        case DateRead() as read:
            wrong = objects(read, local, timezone=timezone)
            return NotAnAnswer(wrong) if wrong else Answered(_iso(read.on, read.at, timezone))
        case DateUnclear(candidates=candidates, at=at, why=why):
            days = tuple(Choice(_iso(day, at, timezone), _say(day)) for day in candidates)
            return Unclear(days, why)
        case NoDate(why=why):
            not_yet = len(plain) < SHORT and NOT_YET_SAID.search(plain)
            return Answered(NOT_YET) if not_yet else NotAnAnswer(why)


def _iso(day: date, at: time | None, timezone: str) -> str:
    if at is None:
        return day.isoformat()
    return datetime.combine(day, at, ZoneInfo(timezone)).isoformat(timespec="minutes")


def _say(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _choice(choices: Sequence[Choice], said: str) -> Parsed:
    plain = plainly(said)
    meant = yes_or_no(plain)
    if meant is not None and any(choice.value == meant for choice in choices):
        return Answered(meant)
    if len(plain) < 3 and plain.isdecimal():
        return _numbered(choices, int(plain))
    exact = [choice for choice in choices if plain in (plainly(choice.label), choice.value)]
    if len(exact) == 1:
        return Answered(exact[0].value)
    named = [choice for choice in choices if _names_its_stage(plain, plainly(choice.label))]
    if len(named) == 1:
        return Answered(named[0].value)
    alike = [choice for choice in choices if same_sense(plain, plainly(choice.label))]
    inside = [choice for choice in alike if _says(plain, plainly(choice.label))]
    if len(inside) == 1:
        return Answered(inside[0].value)
    if len(inside) > 1:
        return Unclear(tuple(inside), "That fits more than one answer.")
    near = [choice for choice in alike if _likeness(plain, plainly(choice.label)) >= ALIKE]
    return Answered(near[0].value) if len(near) == 1 else NotAnAnswer(NOT_MATCHED)


def _agency(question: Question, said: str) -> Parsed:
    """A kind of agency by its label, or by what people call it: "csc", "the GP"."""
    plain = plainly(said)
    if plain in SKIP_WORDS or plain in UNSURE:
        return Answered(SKIPPED)
    found = _choice(question.choices, said)
    kind = kind_named(said) if isinstance(found, NotAnAnswer) else None
    return Answered(kind) if kind else found


def _names_its_stage(plain: str, label: str) -> bool:
    """Whether one stage is named, and it is the stage of this label: "we are at stage 2"."""
    stages = set(STAGE_NAMED.findall(plain))
    return len(stages) == 1 and bool(stages & set(STAGE_NAMED.findall(label)))


def _about_risk(question: Question, said: str) -> Parsed:
    """An answer about risk is taken only where it is certain: no likeness, no part of a label."""
    plain = plainly(said)
    meant = yes_or_no(plain) if question.choice("not_sure") else was_done(plain)
    if meant == "not_needed" and not question.choice("not_needed"):
        meant = "no"
    if meant is not None and question.choice(meant):
        return Answered(meant)
    for number, choice in enumerate(question.choices, start=1):
        if plain in (plainly(choice.label), str(number)):
            return Answered(choice.value)
    return NotAnAnswer(NOT_MATCHED)


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
