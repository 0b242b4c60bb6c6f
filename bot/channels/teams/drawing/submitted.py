"""What a card sent back, opened: a client can send anything, and only our own tokens count.

| the card's data | is |
| --- | --- |
| `{"tap": TOKEN}` | a button |
| `{"asked": QUESTION, "choice": TOKEN}` | an answer from a list |
| `{"asked": QUESTION, "date": "2026-03-27"}` | a day, which is read like typed words |
| `{"asked": QUESTION}` | nothing chosen: the question is asked again |

Some clients send the inputs of the card with every button: a button counts before a list, a list
before a day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.channels.received import clean
from bot.channels.sealed import Sealer, Tap, TapRefusedError
from bot.channels.teams.drawing.elements import ASKED, CHOICE, DATE, TAP

_LONGEST_DATE = 40


def submitted(value: Any, sealer: Sealer, sender: str) -> Tap:
    """The tap that the `value` of an activity stands for.

    Raises:
        TapExpiredError: It was this sender's, and is too old.
        TapRefusedError: It is none of ours, or was made for somebody else.
    """
    if not isinstance(value, Mapping):
        raise TapRefusedError("There is no button in this.")
    token = value.get(TAP) or value.get(CHOICE)
    if token:
        tap = _opened(token, sealer, sender)
        if tap.choice is not None and "raw" not in tap.choice:
            raise TapRefusedError("A question was sent as if it were an answer.")
        return tap
    tap = _opened(value.get(ASKED), sealer, sender)
    if tap.choice is None or tap.choice.keys() != {"q"}:
        raise TapRefusedError("An answer was sent as if it were a question.")
    words = _day_in_words(value.get(DATE))
    return Tap(words or tap.title, tap.intent, {**tap.choice, "raw": words})


def _opened(token: Any, sealer: Sealer, sender: str) -> Tap:
    if not isinstance(token, str):
        raise TapRefusedError("There is no button in this.")
    return sealer.unseal(token, sender)


def _day_in_words(value: Any) -> str:
    """What the client says the day is, to be read like typed words; empty when it says none."""
    words = clean(value)[:_LONGEST_DATE] if isinstance(value, str) else ""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return words
    return f"{day.day} {day:%B %Y}"
