"""What the channel says by itself, without asking the assistant.

The words stand with all others in bot/responses. A message in a group never reaches the assistant,
and a person who has just installed the app has not said anything yet.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.channels.refusal import CALL_999

RESPONSES = Path(__file__).parents[2] / "responses"
UNSHOWABLE = (
    "I have an answer, and Microsoft Teams does not take it. Your answers so far are kept. Type "
    f"“where am I” to go on, or speak to your designated safeguarding lead. {CALL_999}"
)


def words(*, response: str, **gaps: str) -> str:
    """The text of a response, with its gaps filled.

    Raises:
        KeyError: there is no such response, or a gap is left open.
    """
    return _responses()[response].format(**gaps)


def as_text(text: str) -> dict[str, Any]:
    """Plain words as an activity."""
    return {"type": "message", "text": text, "textFormat": "plain"}


@cache
def _responses() -> dict[str, str]:
    found = {}
    for path in sorted(RESPONSES.glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            found[name] = str(variants[0]["text"])
    return found
