"""What Teams says by itself: safety first, the privacy notice, nothing of a case."""

import re

import pytest

from bot.channels.teams.fixed import words
from bot.channels.teams.package.manifest import COMMANDS

WELCOME = words(response="utter_teams_welcome")
PERSONAL_ONLY = words(response="utter_teams_personal_only")
EDITED = words(response="utter_teams_edited")


@pytest.mark.parametrize(
    "name", [WELCOME, PERSONAL_ONLY, EDITED], ids=("welcome", "group", "edited")
)
def test_fixed_words_have_no_gap_to_fill(name):
    assert name.strip()
    assert not re.search(r"[{}]", name)


def test_the_welcome_begins_with_safety():
    assert WELCOME.startswith("If someone is in immediate danger, call 999 now.")


@pytest.mark.parametrize(
    "told", ["Leave out names", "Microsoft", "on a server", "keep the records", "privacy notice"]
)
def test_the_welcome_says_what_is_kept_and_who_can_read_it(told):
    assert told in WELCOME


@pytest.mark.parametrize("command", [title for title, _ in COMMANDS])
def test_the_welcome_names_every_command_of_the_app(command):
    assert f"“{command}”" in WELCOME


def test_the_line_for_a_group_is_one_line_that_leads_away_and_tells_of_no_case():
    line = PERSONAL_ONLY
    assert "\n" not in line
    assert "personal chat" in line
    assert "999" in line
    assert not re.search(r"escalation(?! guide)|reference|case|stage", line, re.IGNORECASE)


def test_an_edited_message_changes_nothing_in_silence():
    assert "has not changed" in EDITED


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="utter_teams_farewell"):
        words(response="utter_teams_farewell")


def test_a_gap_is_filled_with_the_words_as_they_are():
    said = words(response="utter_case_reminder", reminder="To {reply} is due today.")
    assert said == "**Reminder.** To {reply} is due today."


def test_a_gap_that_is_left_open_is_an_error():
    with pytest.raises(KeyError, match="reminder"):
        words(response="utter_case_reminder")
