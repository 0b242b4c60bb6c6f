"""What Teams says by itself: safety first, the privacy notice, nothing of a case."""

import re

import pytest

from bot.channels.teams.fixed import EDITED, PERSONAL_ONLY, WELCOME, words
from bot.channels.teams.package.manifest import COMMANDS


@pytest.mark.parametrize("name", [WELCOME, PERSONAL_ONLY, EDITED])
def test_fixed_words_have_no_gap_to_fill(name):
    assert words(name).strip()
    assert not re.search(r"[{}]", words(name))


def test_the_welcome_begins_with_safety():
    assert words(WELCOME).startswith("If someone is in immediate danger, call 999 now.")


@pytest.mark.parametrize(
    "told", ["Leave out names", "Microsoft", "on a server", "keep the records", "privacy notice"]
)
def test_the_welcome_says_what_is_kept_and_who_can_read_it(told):
    assert told in words(WELCOME)


@pytest.mark.parametrize("command", [title for title, _ in COMMANDS])
def test_the_welcome_names_every_command_of_the_app(command):
    assert f"“{command}”" in words(WELCOME)


def test_the_line_for_a_group_is_one_line_that_leads_away_and_tells_of_no_case():
    line = words(PERSONAL_ONLY)
    assert "\n" not in line
    assert "personal chat" in line
    assert "999" in line
    assert not re.search(r"escalation(?! guide)|reference|case|stage", line, re.IGNORECASE)


def test_an_edited_message_changes_nothing_in_silence():
    assert "has not changed" in words(EDITED)


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="utter_teams_farewell"):
        words("utter_teams_farewell")
