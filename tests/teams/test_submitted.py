"""What a client sends back counts only as far as we sealed it."""

from datetime import timedelta

import pytest

from bot.channels.sealed import Sealer, Tap, TapExpiredError, TapRefusedError
from bot.channels.teams.drawing.submitted import submitted

SECRET = "only-for-these-tests-" * 2
SEALER = Sealer(SECRET)
WHO = "teams:tenant:person"
NO = Tap("No", "choose", {"q": "risk", "raw": "no"})


@pytest.mark.parametrize("key", ["tap", "choice"])
def test_a_button_and_an_answer_from_a_list_are_what_was_sealed(key):
    assert submitted({key: SEALER.seal(NO, WHO)}, SEALER, WHO) == NO


def test_an_old_button_is_refused_as_old():
    old = Sealer(SECRET, lifetime=timedelta(seconds=-1)).seal(NO, WHO)
    with pytest.raises(TapExpiredError):
        submitted({"tap": old}, SEALER, WHO)


@pytest.mark.parametrize(
    "value",
    [None, "x", [], {}, {"tap": 1}, {"tap": "x"}, {"choice": {"a": 1}}, {"date": "2026-01-01"}],
)
def test_what_no_card_of_ours_sends_is_refused(value):
    with pytest.raises(TapRefusedError):
        submitted(value, SEALER, WHO)


def test_a_token_counts_only_for_what_it_was_made_for():
    day = SEALER.seal(Tap("Another date", "choose", {"q": "raised_on"}), WHO)
    tap = SEALER.seal(Tap("No", "choose", {"q": "risk", "raw": "no"}), WHO)
    for value in ({"tap": day}, {"asked": tap, "date": "2026-03-27"}):
        with pytest.raises(TapRefusedError):
            submitted(value, SEALER, WHO)
    with pytest.raises(TapRefusedError):
        submitted({"tap": tap}, SEALER, "teams:tenant:another")
    assert submitted({"tap": tap, "asked": day, "date": ""}, SEALER, WHO).title == "No"


@pytest.mark.parametrize("said", ["", "soon", "27/03/2026", None, 7])
def test_a_day_that_is_none_is_left_to_the_question(said):
    day = SEALER.seal(Tap("Another date", "choose", {"q": "raised_on"}), WHO)
    tap = submitted({"asked": day, "date": said}, SEALER, WHO)
    assert tap.title.strip()
    assert tap.choice == {
        "q": "raised_on",
        "raw": said if isinstance(said, str) else "",
    }
