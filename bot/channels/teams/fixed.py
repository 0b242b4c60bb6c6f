"""What the channel says by itself, without asking the assistant.

The words stand with all others in bot/responses. A message in a group never reaches the assistant,
and a person who has just installed the app has not said anything yet.
"""

from functools import cache
from pathlib import Path

import yaml

WELCOME = "utter_teams_welcome"
PERSONAL_ONLY = "utter_teams_personal_only"
EDITED = "utter_teams_edited"

RESPONSES = Path(__file__).parents[2] / "responses" / "teams.yml"


@cache
def words(response: str) -> str:
    """The text of a response, such as `WELCOME`. It has no gaps to fill.

    Raises:
        KeyError: there is no such response.
    """
    responses = yaml.safe_load(RESPONSES.read_text(encoding="utf-8"))["responses"]
    return str(responses[response][0]["text"])
