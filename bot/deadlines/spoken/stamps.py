"""Dates copied from a mail or a system, with their own zone: "12 Nov 2026 10:04:33 +0000".

`dateparser` reads these, and only these: given a whole sentence it makes dates of "we",
"may" and "3". It is imported when the first one is met, for it takes a quarter of a second.
"""

import re
from datetime import datetime

from bot.deadlines.spoken.words import MONTH

_STAMP = re.compile(
    rf"\b(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}} {MONTH},? [0-9]{{4}})"
    r"(?:t|,? (?:at )?)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r" ?(?:z|utc|gmt|bst|[+-][0-9]{2}:?[0-9]{2})(?![0-9a-z])"
)


def stamp(text: str) -> tuple[int, int, datetime] | None:
    """Where a date with a time and a zone stands in the text, and the instant it means."""
    match = _STAMP.search(text)
    if match is None:
        return None
    import dateparser  # noqa: PLC0415

    instant = dateparser.parse(
        match[0],
        languages=["en"],
        settings={
            "DATE_ORDER": "DMY",
            "REQUIRE_PARTS": ["day", "month", "year"],
            "RETURN_AS_TIMEZONE_AWARE": True,
        },
    )
    # In the first and the last year a zone may lead out of the calendar.
    if instant is None or not 1 < instant.year < 9999:
        return None
    return *match.span(), instant
