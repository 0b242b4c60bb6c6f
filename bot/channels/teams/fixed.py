"""What the channel says by itself, without asking the assistant.

The words stand with all others in bot/responses. A message in a group never reaches the assistant,
and a person who has just installed the app has not said anything yet.
"""

from functools import cache
from pathlib import Path

import yaml

RESPONSES = Path(__file__).parents[2] / "responses"


def words(*, response: str, **gaps: str) -> str:
    """The text of a response, with its gaps filled.

    Raises:
        KeyError: there is no such response, or a gap is left open.
    """
    return _responses()[response].format(**gaps)


@cache
def _responses() -> dict[str, str]:
    found = {}
    for path in sorted(RESPONSES.glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            found[name] = str(variants[0]["text"])
    return found
