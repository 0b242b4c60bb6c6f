"""Every scenario of rehearsals/: it loads, its paths are in order, and its words are ours."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from valley_rehearsal import LIBRARY, REAL, ROOT

from bot.rehearsal.debrief import debrief
from bot.rehearsal.load import load
from bot.rehearsal.prove import NAMES, walk
from bot.rehearsal.world import World

SEEDS = ROOT.parent / "shared" / "seeds"
FILES = sorted((ROOT / "rehearsals").glob("*.yml"))
IN_A_ROW = 8


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def world(request) -> World:
    return load(request.param, LIBRARY)


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
