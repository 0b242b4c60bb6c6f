"""Every scenario of rehearsals/: it loads, its paths are in order, and its words are ours."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from valley_rehearsal import LIBRARY, REAL, ROOT

from bot.rehearsal.debrief import debrief
from bot.rehearsal.load import load
from bot.rehearsal.offers import offers
from bot.rehearsal.play import begin, take
from bot.rehearsal.prove import NAMES, entry_of, walk
from bot.rehearsal.shelf import load_shelf
from bot.rehearsal.state import State
from bot.rehearsal.world import World

SEEDS = ROOT.parent / "shared" / "seeds"
FILES = sorted((ROOT / "rehearsals").glob("*.yml"))
IN_A_ROW = 8
EACH = 3
TRAPS = {
    "waiting out a limit while the risk grows": {
        "berkshire_nobody_in": "until_open",
        "gloucestershire_before_easter": "after_holiday",
        "jersey_before_christmas": "wait_stage_three",
        "plymouth_before_the_long_weekend": "diary_it",
        "sandwell_bank_holiday_friday": "friday_is_in_time",
    },
    "skipping a stage that the policy does not let anybody skip": {
        "berkshire_before_a_decision": "stage_five",
        "jersey_before_christmas": "skip_to_heads",
        "mixed_two_decisions": "chair_scsp",
        "sandwell_two_may_holidays": "to_directors",
    },
    "leaving out the reviewing officer or somebody else who must be told": {
        "mixed_family_moves": "own_iro",
        "mixed_two_decisions": "manager_only",
        "plymouth_on_the_receiving_side": "tell_the_board",
        "sandwell_two_may_holidays": "tell_iro",
    },
    "taking advice or a recommendation for a final decision": {
        "berkshire_before_a_decision": "chair_final",
        "gloucestershire_bank_holiday_weekend": "final_word",
        "jersey_advice_of_the_chair": "as_final",
    },
    "escalating a family's complaint": {
        "gloucestershire_more_information": "add_it",
        "jersey_before_christmas": "advise_complaint",
        "sandwell_after_the_conference": "as_ours",
    },
}
"""Where each of the usual mistakes can be made: the choice or the step, by scenario."""


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def world(request) -> World:
    return load(request.param, LIBRARY)


def along(world: World, name: str) -> Iterator[State]:
    """Every state along a path, before each of its steps."""
    state, _ = begin(world)
    for step in getattr(world.scenario.paths, name):
        yield state
        state, _ = take(world, state, entry_of(world, step))


def test_its_name_says_its_policy_or_that_it_is_mixed(world):
    assert world.scenario.id.startswith("mixed_" if world.mixed else f"{world.first.policy}_")


def test_its_three_paths_are_in_the_order_of_their_scores(world):
    paths = world.scenario.paths
    perfect, typical, bad = (
        debrief(world, walk(world, getattr(paths, name))).score for name in NAMES
    )
    assert perfect == 1
    assert perfect > typical > bad
    assert bad < 0.25 < typical


def test_every_aim_is_judged_along_the_perfect_path(world):
    found = debrief(world, walk(world, world.scenario.paths.perfect))
    assert {each.aim.id: each.share for each in found.aims} == dict.fromkeys(
        [aim.id for aim in world.scenario.aims], 1
    )


def test_the_sound_choice_is_offered_first_no_more_often_than_the_others():
    first = [
        world.choices[now.choices[0].id][1].mark == "sound"
        for world in load_shelf(ROOT / "rehearsals", REAL)
        for now in (offers(world, state) for state in along(world, "perfect"))
        if now.point is not None
    ]
    assert 0.2 < sum(first) / len(first) < 0.5


def test_there_are_three_for_each_policy_and_three_across_policies():
    shelf = load_shelf(ROOT / "rehearsals", REAL)
    found = {policy.id: len(shelf.under(policy.id)) for policy in REAL}
    assert min(found.values()) >= EACH, found
    assert len(shelf.mixed) >= EACH


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_laid_in_several_rehearsals_and_is_never_the_sound_choice(trap):
    worlds = load_shelf(ROOT / "rehearsals", REAL).worlds
    assert len(TRAPS[trap]) > 1
    for name, id_ in TRAPS[trap].items():
        _, choice = worlds[name].choices.get(id_, (None, None))
        step = worlds[name].steps.get(id_)
        assert choice is None or choice.mark != "sound"
        assert choice is not None or step.unsafe is not None or step.expected is not None


def texts(part: object) -> Iterator[str]:
    """Every text of a scenario, ids among them."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for each in part.values():
            yield from texts(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from texts(each)


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.replace("’", "'").replace("\\", "").casefold()))


def rows(text: str, policy: str) -> set[str]:
    """Every few words that stand in a row; the title of a post counts as one, however long."""
    said = plain(text)
    titles = {plain(role.name) for role in REAL.get(policy).roles.values()}
    for title in sorted(titles, key=len, reverse=True):
        said = re.sub(rf"\b{re.escape(title)}\b", "TITLE", said)
    words = said.split()
    return {" ".join(words[at : at + IN_A_ROW]) for at in range(len(words) - IN_A_ROW + 1)}


@cache
def document(policy: str) -> set[str]:
    seed = REAL.get(policy).document.seed
    return rows((SEEDS / seed).read_text(encoding="utf-8"), policy)


@pytest.mark.skipif(
    not SEEDS.is_dir(), reason=f"the documents are not at {SEEDS}: only the builders have them"
)
@pytest.mark.parametrize("policy", REAL.versions)
def test_nothing_of_it_is_copied_from_a_policy_s_document(policy, world):
    said = {row for text in texts(world.scenario.model_dump()) for row in rows(text, policy)}
    assert said & document(policy) == set()
