"""What a facilitator does in a rehearsal: inject, announce, move, pause, reveal, end."""

import pytest
from valley_rehearsal import Played, at, valley, words

from bot.rehearsal.offers import offers
from bot.rehearsal.play import ENDED, HELD, NotPossibleError
from bot.rehearsal.state import Entry

VALLEY = valley()


@pytest.fixture
def played() -> Played:
    return Played(VALLEY)


def test_an_event_without_a_time_happens_only_when_it_is_injected(played):
    assert words(played.do(Entry("inject", "he_moves"))) == [
        "He tells you that he may move to his sister."
    ]
    assert played.state.done["he_moves"] == at("04-01 15:00")


def test_an_event_that_is_injected_does_not_come_again_in_its_time(played):
    played.do(Entry("inject", "good_friday"))
    assert words(played.do(Entry("move", "1"), Entry("move", "1"))) == []
    assert played.state.now == at("04-07 09:00")


def test_an_event_can_be_injected_though_its_condition_does_not_hold(played):
    played.do("say_ring", Entry("inject", "neighbour_rings"))
    assert "no_answer" in played.state.opened


def test_an_injected_event_ends_the_limits_before_it(played):
    told = words(played.do("to_leads", Entry("inject", "their_answer")))
    assert told == ["We met and did not agree.", "Your lead had nothing in her hand."]


@pytest.mark.parametrize("what", ["he_moves", "no_event", ""])
def test_an_event_is_injected_once_and_must_be_one(what, played):
    played.do(Entry("inject", "he_moves"))
    with pytest.raises(NotPossibleError, match="happened already, or it is no event"):
        played.do(Entry("inject", what))


def test_an_announcement_is_the_facilitator_s(played):
    [told] = played.do(Entry("announce", "Five minutes more."))
    assert (told.manner, told.who, told.text) == ("leader", "The facilitator", "Five minutes more.")


@pytest.mark.parametrize("what", ["", "  "])
def test_an_announcement_has_words(what, played):
    with pytest.raises(NotPossibleError, match="Write what you want to say"):
        played.do(Entry("announce", what))


def test_the_clock_moves_on_by_working_days_without_stopping(played):
    told = played.do(Entry("move", "3"))
    assert played.state.now == at("04-08 09:00")
    assert "It is Good Friday. Offices are closed until Tuesday." in words(told)
    assert "The three days have gone by. He is still by himself." in words(told)


def test_the_clock_moves_no_further_than_the_rehearsal_lasts(played):
    played.do(Entry("move", "60"))
    assert (played.state.ended, played.state.now) == ("time_up", at("04-17 23:59"))


@pytest.mark.parametrize("what", ["", "0", "61", "-1", "1.5", "soon", "²", "9" * 5000])
def test_the_clock_moves_on_by_a_number_of_days_that_can_be(what, played):
    with pytest.raises(NotPossibleError, match="moves on by 1 to 60 working days"):
        played.do(Entry("move", what))


def test_while_it_is_paused_only_the_facilitator_acts(played):
    played.do(Entry("pause"))
    now = offers(VALLEY, played.state)
    assert (now.every, now.paused) == ((), True)
    for name in ("wishes", "wait", "guide"):
        with pytest.raises(NotPossibleError, match="paused"):
            played.do(name)
    played.do(Entry("inject", "he_moves"), Entry("resume"), "wishes")
    assert {"he_moves", "wishes"} <= {*played.state.done}


def test_whoever_has_to_go_can_leave_while_it_is_paused(played):
    played.do(Entry("pause"), Entry("leave"))
    assert played.state.ended == "left"


def test_whoever_is_paused_is_told_so_and_when_it_goes_on(played):
    for kind in ("pause", "resume"):
        [told] = played.do(Entry(kind))
        assert (told.manner, told.text) == ("leader", HELD[kind])


def test_the_answer_to_the_open_decision_can_be_revealed(played):
    [told] = played.do(Entry("reveal"))
    assert told.who == "The policy"
    assert told.text == "Take it to my lead. Where workers do not agree it goes to the leads."


def test_there_is_nothing_to_reveal_while_no_decision_is_open(played):
    played.do("to_leads")
    with pytest.raises(NotPossibleError, match="nothing to reveal"):
        played.do(Entry("reveal"))


def test_the_facilitator_ends_it(played):
    assert words(played.do(Entry("end"))) == [ENDED]
    assert played.state.ended == "closed"
    with pytest.raises(NotPossibleError, match="has ended"):
        played.do(Entry("announce", "One more thing."))
