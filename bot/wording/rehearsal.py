"""What is told in a rehearsal, in words: the virtual time, days that pass, who says what."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.deadlines.calendar import WorkingCalendar
from bot.rehearsal.scenario import Difficulty
from bot.rehearsal.state import Passed, Told
from bot.wording.dates import plural, say_date, say_moment

MARK = "REHEARSAL"
DEBRIEF = "debrief"
"""The word by which a conversation asks for the debrief as a file."""
DIFFICULTY: Mapping[Difficulty, str] = {"gentle": "Gentle", "steady": "Steady", "hard": "Hard"}


def say_mark(reference: str) -> str:
    """What every message of a rehearsal is marked with, in every channel."""
    return f"{MARK} {reference}"


def debrief_name(reference: str) -> str:
    """What the file of a debrief is called."""
    return f"{reference}-debrief.docx"


def say_effort(difficulty: Difficulty, minutes: int) -> str:
    """How hard it is and how long it takes: "Steady, about 20 minutes"."""
    return f"{DIFFICULTY[difficulty]}, about {minutes} minutes"


def say_passed(passed: Passed, calendar: WorkingCalendar) -> str:
    """How much time went by, what day it is now, and the holidays on the way."""
    before, after = passed.since.date(), passed.until.date()
    working = calendar.working_days_between(before, after)
    gone = plural(working, "working day") if working else plural((after - before).days, "day")
    goes = "goes by" if gone.startswith("1 ") else "go by"
    holidays = _holidays(before, after, calendar)
    closed = f" Closed in between: {', '.join(holidays)}." if holidays else ""
    return f"*{gone} {goes}. It is {say_moment(passed.until)}.*{closed}"


def _holidays(before: date, after: date, calendar: WorkingCalendar) -> list[str]:
    days = (before + timedelta(days=n) for n in range(1, (after - before).days + 1))
    named = ((day, calendar.holiday_on(day)) for day in days if day.weekday() < 5)
    return [f"{name} ({say_date(day)})" for day, name in named if name is not None]


def say_told(told: Told) -> str:
    """Words of the scene, or of somebody in it."""
    if told.manner == "leader":
        return f"**{told.who}:** {told.text}"
    if told.who is None:
        return told.text
    return f"**{told.who}:** “{told.text}”"
