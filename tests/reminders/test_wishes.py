"""What is plainly wished, and what is only answered; every wish in the examples is one or other."""

from pathlib import Path
from typing import get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.reminders.wishes import Wish, wish_in

EXAMPLES = Path(__file__).parents[2] / "data" / "nlu" / "reminders.yml"


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("stop reminding me", "stop"),
        ("STOP THE EMAILS I HAVE DONE IT", "stop"),
        ("Unsubscribe me", "stop"),
        ("no more reminders", "stop"),
        ("no emails ta", "stop"),
        ("reminders off", "stop"),
        ("Can you stop e-mailing me please?", "stop"),
        ("please don't email me", "stop"),
        ("please don't stop the e-mails", "show"),
        ("stop esc 13 reminders", "one_case"),
        ("Please cease all reminders for ESC-2026-0120", "one_case"),
        ("mute this one", "one_case"),
        (
            "Please stop all reminders for ESC-2026-0120 at once, as both of the agencies have "
            "agreed upon it and the matter is at an end",
            "one_case",
        ),
        ("Do not send on Saturdays", "own_time"),
        ("Am I able to have the reminders in Welsh?", "own_way"),
        ("email me when due", "mail"),
        ("Could you e-mail me the day before?", "mail"),
        ("i changed my email", "mail"),
        ("email me at me@school.example", "mail"),
        ("email me at stop.friday@boss.example", "mail"),
        ("Tell my manager too", "manager"),
        ("copy my manager in", "manager"),
        ("cc my boss", "manager"),
        ("Could you copy my line manager into the reminders from now on?", "manager"),
        ("leave my manager out of it", "no_manager"),
        ("take my manager off the reminders", "no_manager"),
        ("stop telling my manager", "no_manager"),
        ("who gets reminders", "show"),
        ("Does my manager see the reminder or is it just me?", "show"),
        ("Is my boss emailed?", "show"),
        ("when do you stop?", "show"),
        ("reminders", "show"),
        ("", "show"),
        ("Day before please", "show"),
        ("remind me the day before it's due", "show"),
        ("remind me in three days at two o'clock", "own_time"),
        ("not on Fridays", "own_time"),
        ("remind me at 4", "own_time"),
        ("remind me tomorrow", "tomorrow"),
        ("Please remind me again tomorrow.", "tomorrow"),
        ("not now, remind me on the next working day instead", "tomorrow"),
        ("remind me tomorrow at 4", "own_time"),
        ("remind me to ring them tomorrow", "own_time"),
        ("email me on Monday", "own_time"),
        ("reminders weekly", "own_time"),
        ("no reminders till then", "own_time"),
        ("Let the team manager have a reminder too, only if it's overdue though", "own_time"),
        ("remind me to ring the school", "own_time"),
        ("Text me", "own_way"),
        ("gimme a bell when stage 1 runs out", "own_way"),
        ("can the reminder come as a text instead", "own_way"),
        ("remind the social worker as well", "others"),
        ("Let the designated lead know when we hit the date for stage 2", "others"),
        ("could we both be mailed? she is my deputy", "others"),
    ],
)
def test_a_wish_is_taken_where_it_is_plain(said, wish):
    assert wish_in(said) == wish


def test_a_long_message_stops_nothing():
    long = (
        "You can stop now with all that, I wanted to say that we have had a good talk and it went "
        "well and she was glad of it too and so am I"
    )
    assert wish_in(long) == "show"


def test_no_example_with_a_time_of_its_own_stops_or_begins_anything():
    """A wish that names a time is told that it cannot be met, never half met in silence."""
    found = yaml.safe_load(EXAMPLES.read_text())["nlu"][0]["examples"]
    said = [line.removeprefix("- ") for line in found.splitlines()]
    timed = [each for each in said if any(word in each.lower() for word in TIMES)]
    assert len(timed) > 40
    done = {each: wish_in(each) for each in timed}
    assert [each for each, wish in done.items() if wish in ("stop", "mail", "manager")] == []


TIMES = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "tomorrow", "next week",
    "fortnight", "morning", "evening", "night",
)  # fmt: skip


@given(st.text(max_size=300))
def test_any_text_is_one_wish(said):
    assert wish_in(said) in get_args(Wish)
