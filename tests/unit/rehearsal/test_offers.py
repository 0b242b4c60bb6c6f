"""What can be done now is offered, and what is offered can be done."""

from dataclasses import replace

import pytest
from valley_rehearsal import Played, valley

from bot.rehearsal.offers import offers, open_point
from bot.rehearsal.state import Entry

VALLEY = valley()


def ids(found) -> list[str]:
    return [offer.id for offer in found]


@pytest.fixture
def played() -> Played:
    return Played(VALLEY)


def test_at_first_there_is_the_first_decision_and_what_needs_nothing(played):
    now = offers(VALLEY, played.state)
    assert now.point.id == "no_help"
    assert {*ids(now.choices)} == {"to_leads", "wait_for_them", "talk_again"}
    assert ids(now.topics) == ["say_visits", "say_policy", "say_ring"]
    assert ids(now.facts) == ["wishes", "visits"]
    assert ids(now.steps) == ["write_down", "mail_everybody", "read_policy"]
    assert ids(now.every) == [*ids(now.choices), *ids(now.topics), *ids(now.facts), *ids(now.steps)]


def test_choices_stand_in_one_order_for_everybody_which_is_not_the_author_s():
    orders = [ids(offers(VALLEY, Played(VALLEY).state).choices) for _ in range(2)]
    assert orders[0] == orders[1]
    assert orders[0] != [choice.id for choice in VALLEY.points["no_help"].choices]


def test_an_offer_bears_the_words_people_say(played):
    lead = next(each for each in offers(VALLEY, played.state).choices if each.id == "to_leads")
    assert (lead.kind, lead.label, lead.hears) == (
        "choose", "Take it to my lead", ("lead", "step b"),
    )  # fmt: skip


def test_what_is_known_is_offered_again_as_known(played):
    played.do("wishes", "say_policy")
    now = offers(VALLEY, played.state)
    assert {offer.id: offer.new for offer in now.facts} == {"wishes": False, "visits": True}
    assert {offer.id: offer.new for offer in now.topics}["say_policy"] is False


def test_a_choice_or_a_step_is_offered_until_it_is_done(played):
    played.do("talk_again", "read_policy")
    now = offers(VALLEY, played.state)
    assert {*ids(now.choices)} == {"to_leads", "wait_for_them"}
    assert ids(now.steps) == ["write_down", "mail_everybody"]


def test_what_has_become_possible_is_offered_and_what_is_past_is_not(played):
    played.do("visits", "say_visits", "to_leads", "wait_on", "wait_on", "wait_on")
    now = offers(VALLEY, played.state)
    assert "letter" in ids(now.facts)
    assert "say_ring" not in ids(now.topics)
    assert "send_page" in ids(now.steps)


def test_the_order_of_the_choices_does_not_follow_the_file_and_stays_as_it_is(played):
    first, *others = VALLEY.scenario.points
    turned = first.model_copy(update={"choices": first.choices[::-1]})
    scenario = VALLEY.scenario.model_copy(update={"points": (turned, *others)})
    other = Played(replace(VALLEY, scenario=scenario))
    choices = offers(VALLEY, played.state).choices
    assert offers(other.world, other.state).choices == choices


def test_between_decisions_none_is_asked(played):
    played.do("to_leads")
    assert open_point(VALLEY, played.state) is None
    assert offers(VALLEY, played.state).choices == ()


def test_one_decision_is_asked_at_a_time(played):
    played.do("to_leads", "wait_on", "wait_on", "wait_on")
    # The neighbour's call is past its time; the leads' answer is not.
    assert {"no_answer", "leads_differ"} <= {*played.state.opened}
    assert open_point(VALLEY, played.state).id == "leads_differ"
    played.do("ring_team")
    assert open_point(VALLEY, played.state).id == "leads_differ"


def test_nothing_is_offered_once_it_has_ended(played):
    played.do(Entry("leave"))
    now = offers(VALLEY, played.state)
    assert (now.point, now.every) == (None, ())


def test_everything_that_is_offered_can_be_done(played):
    for steps in ((), ("visits", "say_visits"), ("to_leads",), ("wait_on",)):
        played.do(*steps)
        for offer in offers(VALLEY, played.state).every:
            again = Played(VALLEY)
            again.do(*played.entries, Entry(offer.kind, offer.id))
            assert offer.id in again.state.done
