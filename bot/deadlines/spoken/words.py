"""The words that dates are made of, and the text made ready for them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bot.spelling import corrected

WEEKDAYS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("monday", "mon"), 0),
        **dict.fromkeys(("tuesday", "tues", "tue"), 1),
        **dict.fromkeys(("wednesday", "weds", "wed"), 2),
        **dict.fromkeys(("thursday", "thurs", "thur", "thu"), 3),
        **dict.fromkeys(("friday", "fri"), 4),
        **dict.fromkeys(("saturday", "sat"), 5),
        **dict.fromkeys(("sunday", "sun"), 6),
    }
)
# English words as well ("the family sat with us"): days only where the words around say so.
SHORT_WORDS = frozenset({"wed", "sat", "sun"})

_MONTH_NAMES = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTHS: Mapping[str, int] = MappingProxyType(
    {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
)

_UNITS = (  # noqa: SIM905 - forty words in quotes of their own would be hard to read
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
NUMBERS: Mapping[str, int] = MappingProxyType(
    {"a": 1, "an": 1, "thirty": 30} | {word: n for n, word in enumerate(_UNITS, 1)}
)
_ORDINALS = (  # noqa: SIM905
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_ORDINAL_DAYS = {word: n for n, word in enumerate(_ORDINALS, 1)} | {"thirtieth": 30}
_OF_DATES = frozenset(
    {*WEEKDAYS, *MONTHS, *_ORDINAL_DAYS, "yesterday", "today", "tomorrow", "fortnight"}
)


def any_of(words: Mapping[str, object]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


NUMBER = f"(?:[0-9]{{1,3}}|{any_of(NUMBERS)})"
WEEKDAY = any_of(WEEKDAYS)
MONTH = any_of(MONTHS)
# Before a number: it must not be the end of a longer one ("one hundred and five days ago").
WHOLE = r"(?<![0-9.,/-])" + "".join(
    f"(?<!{word} )"
    for word in (
        *("and", "half", "point", "dozen", "hundred", "thousand"),
        *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    )
)

_TENS = re.compile(rf"\b(twenty|thirty)[ -]({'|'.join([*_UNITS[:9], *_ORDINALS[:9]])})\b")
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINAL_DAYS)})(?=(?: day)?(?: of)? {MONTH}\b)")
_MONTH_FIRST = re.compile(rf"\b({MONTH})(?: the)? ({'|'.join(_ORDINAL_DAYS)})\b")
_SPELLINGS = str.maketrans({"‘": "'", "’": "'", "`": "'", "–": "-", "—": "-"})


@dataclass(frozen=True)
class Found:
    """One stretch of the text that says a day, and the days that it may mean.

    `weekday` is set where the stretch is no more than a weekday's name: beside a calendar
    date it is only a check of it. `calendar` marks a date given by day and month.
    """

    days: tuple[date, ...]
    why: str = ""
    weekday: int | None = None
    calendar: bool = False


def ready(text: str) -> str:
    """The text in small letters and plain characters, with numbers above twenty in digits.

    A slip in a word of a date is put right: "last thrsday".
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SPELLINGS).casefold()
    plain = corrected(" ".join(plain.split()), _OF_DATES)
    plain = _TENS.sub(_tens, plain)
    plain = _MONTH_FIRST.sub(lambda match: f"{match[1]} {_ORDINAL_DAYS[match[2]]}th", plain)
    return _ORDINAL.sub(lambda match: f"{_ORDINAL_DAYS[match[1]]}th", plain)


def number(word: str) -> int:
    """The number that a word or digits matched by `NUMBER` say."""
    return NUMBERS[word] if word in NUMBERS else int(word)


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_before(day: date, days: int) -> date | None:
    """The day that many days earlier (later if negative), or None before year 1."""
    try:
        return day - timedelta(days=days)
    except OverflowError:
        return None


def _tens(match: re.Match[str]) -> str:
    tens = 20 if match[1] == "twenty" else 30
    if match[2] in _ORDINALS:
        return f"{tens + _ORDINAL_DAYS[match[2]]}th"
    return str(tens + NUMBERS[match[2]])
