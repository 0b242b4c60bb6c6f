"""A rehearsed scenario, and a group of thirty that takes it in thirty ways."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.documents.group import Group, Participant
from bot.policy.library import load_library
from bot.rehearsal.debrief import Debrief, debrief
from bot.rehearsal.offers import offers
from bot.rehearsal.play import begin, take
from bot.rehearsal.prove import walk
from bot.rehearsal.shelf import load_shelf
from bot.rehearsal.state import Entry
from bot.rehearsal.world import World

ROOT = Path(__file__).parents[3]
SHELF = load_shelf(ROOT / "rehearsals", load_library(ROOT / "policies"))
JERSEY = SHELF.get("jersey_before_christmas")
MOST_STEPS = 120


def at_random(world: World, seed: int) -> Debrief:
    """What it comes to for somebody who does whatever can be done, in any order."""
    chance = random.Random(seed)
    state, _ = begin(world)
    for _ in range(MOST_STEPS):
        if state.ended is not None:
            break
        found = [each for each in offers(world, state).every if each.new]
        if found and chance.random() < 0.8:
            offer = chance.choice(found)
            state, _ = take(world, state, Entry(offer.kind, offer.id))
        else:
            state, _ = take(world, state, Entry("wait", chance.choice(["", "on"])))
    return debrief(world, state)


@pytest.fixture(scope="session")
def world() -> World:
    return JERSEY


@pytest.fixture(scope="session", params=list(SHELF), ids=lambda each: each.scenario.id)
def any_group(request) -> Group:
    """Six participants of each scenario, who do whatever can be done."""
    return Group(
        tuple(
            Participant(f"Bird {n}", f"REH-2026-{n:04}", at_random(request.param, n))
            for n in range(6)
        )
    )


@pytest.fixture(scope="session")
def along() -> Callable[[str], Debrief]:
    """The debrief of one of the three paths of the scenario."""
    return lambda path: debrief(JERSEY, walk(JERSEY, getattr(JERSEY.scenario.paths, path)))


@pytest.fixture(scope="session")
def three(along) -> Group:
    """Three participants, one along each path."""
    paths = (("perfect", "Blue Heron"), ("typical", "Red Kite"), ("bad", "Green Finch"))
    return Group(
        tuple(
            Participant(alias, f"REH-2026-{n:04}", along(path))
            for n, (path, alias) in enumerate(paths, start=1)
        )
    )


@pytest.fixture(scope="session")
def thirty() -> Group:
    return Group(
        tuple(
            Participant(f"Bird {n}", f"REH-2026-{n:04}", at_random(JERSEY, n)) for n in range(1, 31)
        )
    )
