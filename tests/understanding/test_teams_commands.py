"""The commands that Teams offers are sent as words: they must be understood."""

import pytest

from bot.channels.teams.package.manifest import COMMANDS

MEANT = {
    "someone is at risk now": "report_risk",
    "new": "start_again",
    "my escalations": "list_cases",
    "help": "ask_help",
    "stop": "stop_walk",
}


def test_every_command_is_tried():
    assert {title for title, _ in COMMANDS} == {*MEANT}


@pytest.mark.parametrize(("command", "intent"), MEANT.items())
@pytest.mark.parametrize("write", [str, str.capitalize])
def test_a_command_is_understood(understand, command, intent, write):
    assert understand(write(command))["intent"]["name"] == intent


def test_someone_is_at_risk_now_interrupts_at_once(understand):
    assert understand("someone is at risk now")["risk"]["tier"] == "high"
