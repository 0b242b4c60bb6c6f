"""Answers that are a date or a time and nothing else: they tell of nobody.

"Yesterday at 10am" stands in many messages about danger, but danger is never all it says.
"""

import re

from bot.deadlines.spoken.words import MONTHS, NUMBERS, WEEKDAYS, ready

_BESIDE_THEM = (  # noqa: SIM905 - forty words in quotes of their own would be hard to read
    "yesterday today tomorrow at on the of and in about around a an last this next since from "
    "am pm noon midday midnight morning afternoon evening past half quarter to o clock ago "
    "minute minutes hour hours day days week weeks month months year st nd rd th"
).split()
WORDS = frozenset({*WEEKDAYS, *MONTHS, *NUMBERS, *_BESIDE_THEM})
EMERGENCY = ("999", "112")
_WORD = re.compile(r"[^\W\d_]+")
LONGEST = 12
"""Words: no answer that is only a time is longer."""


def only_a_time(text: str) -> bool:
    """Whether every word of the text belongs to a date or a time, and there is at least one."""
    if len(text.split()) > LONGEST:
        return False
    plain = ready(text)
    if any(number in plain for number in EMERGENCY):
        return False
    words = _WORD.findall(plain)
    return bool(words or any(map(str.isdigit, plain))) and all(word in WORDS for word in words)
