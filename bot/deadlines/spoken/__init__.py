"""Dates as people say them: "last Thursday", "yesterday at 4", "12 Nov", "a fortnight ago".

What is asked for is mostly when something happened: `read_date` reads the past. `read_coming`
reads days still to come. What could be two days is given as both, to be asked back; what is not a
date is refused, never guessed.
"""

from bot.deadlines.spoken.coming import problem_ahead, read_coming
from bot.deadlines.spoken.read import (
    DateRead,
    DateUnclear,
    NoDate,
    Reading,
    problem,
    read_date,
)

__all__ = [
    "DateRead",
    "DateUnclear",
    "NoDate",
    "Reading",
    "problem",
    "problem_ahead",
    "read_coming",
    "read_date",
]
