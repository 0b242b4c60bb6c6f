"""The time of day in a sentence: "at 4", "half past ten", "10am", "noon", "two hours ago".

A bare hour is read as in an office: 1 to 6 are in the afternoon, 7 to 12 as they stand,
unless "am", "pm", "morning", "evening" or "night" says otherwise.
"""

import re
from datetime import datetime, time, timedelta

from bot.deadlines.spoken.words import NUMBER, NUMBERS, WHOLE, number

_HOUR = "(?:[0-9]{1,2}|" + "|".join(w for w, n in NUMBERS.items() if n <= 12 and len(w) > 2) + ")"
_HALF_DAY = r"(?: ?(?P<half>[ap])\.?m\b\.?)"
_STANDS = (
    r"(?=$|[,.;!?)·]|ish\b| (?:·|ish|sharp|in the|this|on|and|when|but|that|today|yesterday|last))"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?P<minutes>half|quarter|[0-9]{{1,2}}|five|ten|twenty) (?:minutes? )?"
        rf"(?P<way>past|to) (?P<h>{_HOUR})\b{_HALF_DAY}?",
        # "half ten", as in Britain: 10:30.
        rf"\b(?P<minutes>half)(?P<way> )(?P<h>{_HOUR})\b{_HALF_DAY}?",
        rf"(?<![0-9:.])(?P<h>[0-9]{{1,2}}):(?P<m>[0-9]{{2}})(?::[0-9]{{2}}(?:\.[0-9]+)?)?"
        rf"(?![0-9:]){_HALF_DAY}?",
        rf"(?<![0-9:.])(?P<h>[0-9]{{1,2}})\.(?P<m>[0-9]{{2}}){_HALF_DAY}",
        r"\bat (?P<h>[0-9]{1,2})\.(?P<m>[0-9]{2})(?![0-9.])",
        rf"(?<![0-9:.])\b(?P<h>{_HOUR}){_HALF_DAY}",
        rf"(?<![0-9:.])\b(?P<h>{_HOUR}) ?o'?clock\b",
        r"\b(?P<h>[0-2][0-9])(?P<m>[0-5][0-9]) ?(?:hours|hrs|h)\b",
        r"\bat (?P<h>[0-2][0-9])(?P<m>[0-5][0-9])\b",
        rf"\b(?:at|around|about|after|before) (?:about |around )?(?P<h>{_HOUR}){_STANDS}",
        # "yesterday 4", "today, 10": the day has been taken out before.
        rf"·,? (?P<h>{_HOUR})$",
    )
)
_NOON = re.compile(r"\b(?:(?:12 )?noon|midday)\b")
_MIDNIGHT = re.compile(r"\b(?:12 )?midnight\b")
_PART = re.compile(r"\b(morning|afternoon|evening|night|tonight)\b")
_INSTANT = re.compile(
    rf"{WHOLE}\b(?:(?P<half>half an)|(?P<n>{NUMBER})) "
    r"(?P<unit>minutes?|mins?|hours?|hrs?)(?P<more> and a half)? ago\b"
)
_JUST_NOW = re.compile(r"\b(?:just|right) now\b|^now$")

_MINUTES = {"half": 30, "quarter": 15}


def times(text: str, whole: str) -> tuple[time, ...]:
    """The different times of day in `text`, from which the days are taken out.

    `whole` is the text with its days: "this morning" is a day that says which half is meant.
    Midnight is 00:00.
    """
    said = _PART.search(whole)
    found: list[time] = []
    for word, at in ((_NOON, time(12)), (_MIDNIGHT, time(0))):
        if word.search(text):
            found.append(at)
            text = word.sub(" ", text)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            at_ = _time(match, said[1] if said else "")
            if at_ is not None:
                found.append(at_)
        text = pattern.sub(" ", text)
    return tuple(dict.fromkeys(found))


def instant(text: str, now: datetime) -> tuple[int, int, datetime] | None:
    """Where "two hours ago" or "just now" stands in the text, and the minute it means.

    The hours are real ones: `now` is in UTC, and so is the answer.
    """
    if match := _JUST_NOW.search(text):
        return *match.span(), now.replace(second=0, microsecond=0)
    if not (match := _INSTANT.search(text)):
        return None
    count = 0.5 if match["half"] else number(match["n"]) + (0.5 if match["more"] else 0)
    ago = timedelta(hours=count) if match["unit"].startswith("h") else timedelta(minutes=count)
    return *match.span(), (now - ago).replace(second=0, microsecond=0)


def _time(match: re.Match[str], part: str) -> time | None:
    groups = match.groupdict()
    written = match["h"]
    hour, minute = number(written), int(groups.get("m") or 0)
    if groups.get("way"):
        minute = _MINUTES.get(match["minutes"]) or number(match["minutes"])
        if match["way"] == "to":
            hour, minute = (hour - 1 or 12), 60 - minute
    exact = len(written) == 2 and written[0] == "0"
    hour = _hour_of_day(hour, groups.get("half"), part, exact)
    return time(hour, minute) if 0 <= hour < 24 and 0 <= minute < 60 else None


def _hour_of_day(hour: int, half: str | None, part: str, exact: bool) -> int:
    """The hour of 24 that a said hour means; -1 for "0pm"."""
    if half:
        if hour > 12 or hour < 1:
            return hour if half == "p" and hour > 12 else -1
        return hour % 12 + (12 if half == "p" else 0)
    if exact or hour > 12 or part == "morning":
        return hour
    if part in ("night", "tonight"):
        return hour % 12 + (12 if 5 <= hour < 12 else 0)
    if part:
        return hour % 12 + 12
    return hour + 12 if 1 <= hour <= 6 else hour
