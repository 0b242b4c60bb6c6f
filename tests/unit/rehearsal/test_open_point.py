"""Which decision is asked for when several are open."""

from pathlib import Path

import pytest

from bot.policy.library import load_library
from bot.rehearsal.check import contradictions
from bot.rehearsal.load import load
from bot.rehearsal.offers import open_point
from bot.rehearsal.play import ON, NotPossibleError, play
from bot.rehearsal.state import Entry
from bot.rehearsal.world import World

ROOT = Path(__file__).parents[3]
UNTIL_SATURDAY = [Entry("choose", "send_a_note"), Entry("wait", ON), Entry("wait", ON)]


@pytest.fixture(scope="module")
def world() -> World:
    return load(ROOT / "rehearsals/jersey_liberation_day.yml", load_library(ROOT / "policies"))


def test_what_runs_out_first_is_asked_before_what_was_opened_first(world):
    state = play(world, UNTIL_SATURDAY)
    assert list(state.opened)[-2:] == ["for_children_only", "saturday"]
    assert open_point(world, state).id == "saturday"


def test_what_has_run_out_is_asked_after_what_has_not(world):
    state = play(world, [*UNTIL_SATURDAY, Entry("wait")])
    assert set(state.missed) == {"saturday"}
    assert open_point(world, state).id == "for_children_only"


def test_one_that_closes_cannot_be_taken_once_its_time_has_run_out(world):
    with pytest.raises(NotPossibleError, match="not open now"):
        play(world, [*UNTIL_SATURDAY, Entry("wait"), Entry("choose", "police_now")])


def test_one_that_closes_needs_a_limit(world):
    first, *others = world.scenario.points
    endless = first.model_copy(update={"by": None, "closes": True})
    scenario = world.scenario.model_copy(update={"points": (endless, *others)})
    found = [each.what for each in contradictions(scenario)]
    assert found == ["the decision closes, and nothing says when"]
