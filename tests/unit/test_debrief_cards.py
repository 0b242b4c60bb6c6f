"""The cards of a debrief: each judgement once, with its clause, and fit for every channel."""

import json
from functools import cache
from pathlib import Path

import pytest

from bot.cards.debrief import debrief_cards
from bot.channels.sealed import Sealer
from bot.channels.teams.drawing.cards import rendered
from bot.policy.library import load_library
from bot.rehearsal.debrief import Debrief, debrief
from bot.rehearsal.play import begin, take
from bot.rehearsal.prove import NAMES, walk
from bot.rehearsal.shelf import load_shelf
from bot.rehearsal.state import Entry
from bot.wording.rehearsed import NOTHING_DONE, NOTHING_MISSED, say_clauses

ROOT = Path(__file__).parents[2]
SHELF = load_shelf(ROOT / "rehearsals", load_library(ROOT / "policies"))
JERSEY = SHELF.get("jersey_before_christmas")
EVERY = [pytest.param(id_, path, id=f"{id_}-{path}") for id_ in SHELF.worlds for path in NAMES]
MOST_BYTES = 25_000
BLAME = ("fail", "wrong answer", "mistake", "poor", "bad ", "careless", "should have known")


@cache
def along(scenario: str, path: str) -> Debrief:
    world = SHELF.get(scenario)
    return debrief(world, walk(world, getattr(world.scenario.paths, path)))


def headings(card):
    return [section.heading for section in card.sections]


def items(card):
    return [item for section in card.sections for item in section.items]


@pytest.mark.parametrize(("scenario", "path"), EVERY)
def test_each_judgement_is_told_once_with_its_reason_and_its_clause(scenario, path):
    found = along(scenario, path)
    cards = debrief_cards(found)
    said = [item for card in cards for item in items(card)]
    for each in found.judgements:
        clause = f"({say_clauses(found.world, each.cite)})"
        telling = [item for item in said if f"{each.why} {clause}" in item]
        assert len(telling) == 1, each.id
    for question in found.questions:
        assert said.count(question) == 1


@pytest.mark.parametrize(("scenario", "path"), EVERY)
def test_every_card_says_that_it_is_a_rehearsal_and_nobody_is_blamed(scenario, path):
    for card in debrief_cards(along(scenario, path), reference="REH-2026-0001"):
        assert card.title.startswith("REHEARSAL")
        assert card.footer == "REHEARSAL REH-2026-0001. Nothing here is about a real case."
        headed = " ".join([card.title, *headings(card)]).lower()
        assert not [word for word in BLAME if word in headed]


@pytest.mark.parametrize(("scenario", "path"), EVERY)
def test_in_teams_no_message_is_bigger_than_25_kb(scenario, path):
    messages = [{"custom": each.as_json()} for each in debrief_cards(along(scenario, path))]
    sent = rendered(messages, Sealer("only-for-these-tests-" * 2), "teams:tenant:person")
    assert len(messages) <= len(sent) <= len(messages) + 1
    assert max(len(json.dumps(each).encode()) for each in sent) <= MOST_BYTES


def test_the_score_is_told_by_learning_aim():
    score, _, _ = debrief_cards(along(JERSEY.scenario.id, "typical"))
    assert {row.term: row.value for row in score.rows}["Reached"].startswith("**4 of 6**")
    aims = next(each for each in score.sections if each.heading == "By learning aim")
    assert aims.items[-1] == ("Keep a record, and bring evidence rather than feelings: **1 of 2**")


def test_a_decision_tells_what_was_done_what_the_policy_asks_why_and_the_time():
    _, done, _ = debrief_cards(along(JERSEY.scenario.id, "typical"))
    worse = next(each for each in done.sections if "nursery's call" in each.items[0])
    assert worse.heading == "4. Partly"
    assert [item.split(":**")[0].strip("*") for item in worse.items[1:]] == [
        "What you did", "What the policy asks", "Why", "Time",
    ]  # fmt: skip
    assert worse.items[3].endswith("(s.3, s.3 end)")


def test_what_was_missed_stands_apart_with_what_it_could_lead_to():
    world = JERSEY
    state, _ = begin(world)
    for name in ("to_stage_two", "wait", "wait", "wait", "wait"):
        kind = "choose" if name == "to_stage_two" else "wait"
        state, _ = take(world, state, Entry(kind, "" if kind == "wait" else name))
    _, done, missed = debrief_cards(debrief(world, state))
    away = next(each for each in missed.sections if "manager is away" in each.items[0].lower())
    assert away.heading.startswith("Missed (")
    assert (
        "**What it could lead to:** It is the end of the second working day. "
        "Nobody in your own service knows that you disagree."
    ) in away.items
    assert not [item for item in items(done) if "manager is away" in item]


def test_what_never_came_up_is_not_called_missed():
    _, _, missed = debrief_cards(along(JERSEY.scenario.id, "bad"))
    off = next(each for each in missed.sections if each.heading.startswith("Did not come up"))
    assert len(off.items) == 4
    assert "The policy asks: Speak to the named nurse for safeguarding today." in off.items[0]


def test_where_nothing_was_done_or_missed_it_says_so():
    _, _, missed = debrief_cards(along(JERSEY.scenario.id, "perfect"))
    assert NOTHING_MISSED in items(missed)
    state, _ = take(JERSEY, begin(JERSEY)[0], Entry("leave"))
    _, done, _ = debrief_cards(debrief(JERSEY, state))
    assert items(done) == [NOTHING_DONE]
