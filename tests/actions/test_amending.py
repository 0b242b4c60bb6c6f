"""What a message plainly says of a change, before anything is asked."""

import pytest

from actions.amending import plainly_told
from bot.escalation.amending import Changeable
from bot.escalation.questions import SUMMARY, Choice

ONE = Changeable(
    limits=(Choice("s1/reply", "To reply"),),
    duties=(),
    corrections=((Choice("summary", "In your words"), SUMMARY),),
)
TWO = Changeable(
    limits=(Choice("s1/reply", "To reply"), Choice("s1/meet", "To meet")),
    duties=(),
    corrections=(),
)
EXTENDED = (("change_what", "limit"), ("limit", "s1/reply"), ("limit_change", "extended"))
STOPPED = (("change_what", "limit"), ("limit", "s1/reply"), ("limit_change", "stopped"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Extend the time limit please, manager's on leave", EXTENDED),
        ("can they have an extension", EXTENDED),
        ("more time needed", EXTENDED),
        ("they need a bit longer", EXTENDED),
        ("please push the reply date back", EXTENDED),
        ("stop the clock", STOPPED),
        ("freeze the timer", STOPPED),
        ("tick off the meeting", ()),
        ("stop it, they want an extension", ()),
    ],
)
def test_a_plain_wish_is_taken(words, told):
    assert plainly_told(ONE, "extend_clock", words) == told


def test_among_several_limits_it_is_asked_which():
    assert plainly_told(TWO, "extend_clock", "we extended it") == (
        ("change_what", "limit"), ("limit_change", "extended"),
    )  # fmt: skip


def test_a_wish_to_correct_an_answer_leads_to_the_answers():
    assert plainly_told(ONE, "change_answer", "I got a date wrong") == (("change_what", "answer"),)
    assert plainly_told(TWO, "change_answer", "I got a date wrong") == ()
