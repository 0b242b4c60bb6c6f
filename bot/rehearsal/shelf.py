"""All scenarios of a folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.policy.library import Library
from bot.policy.problems import Problem, nearest
from bot.rehearsal.load import ScenarioError, load
from bot.rehearsal.world import World

DIFFICULTIES = ("gentle", "steady", "hard")


class UnknownScenarioError(LookupError):
    """No scenario of that name: says which there are."""


@dataclass(frozen=True)
class Shelf:
    """The scenarios of a folder, by id; in the order in which to offer them."""

    worlds: Mapping[str, World]

    def __iter__(self) -> Iterator[World]:
        return iter(self.worlds.values())

    def get(self, id_: str) -> World:
        """One scenario.

        Raises:
            UnknownScenarioError: there is none; the message lists what there is.
        """
        if id_ not in self.worlds:
            raise UnknownScenarioError(
                f"Found {id_!r}, which is no scenario here. Allowed: {', '.join(self.worlds)}. "
                f"{nearest(id_, self.worlds)}".strip()
            )
        return self.worlds[id_]

    def under(self, policy: str) -> tuple[World, ...]:
        """The scenarios of one policy alone; those of several policies are `mixed`."""
        return tuple(world for world in self if not world.mixed and world.first.policy == policy)

    @property
    def mixed(self) -> tuple[World, ...]:
        """The scenarios in which more than one policy has a part."""
        return tuple(world for world in self if world.mixed)


def load_shelf(folder: Path, library: Library) -> Shelf:
    """Every scenario of `folder`, the gentle ones first.

    Raises:
        ScenarioError: a file is refused, or does not bear its scenario's id.
    """
    found: dict[str, World] = {}
    for path in sorted(folder.glob("*.yml")):
        world = load(path, library)
        if world.scenario.id != path.stem:
            what = f"found {world.scenario.id!r} in the file {path.name}"
            raise ScenarioError(path, [Problem(("id",), 1, what, remedy="Give both one name.")])
        found[world.scenario.id] = world
    if not found:
        raise UnknownScenarioError(f"No scenario in {folder}: expected {folder}/*.yml.")
    ordered = sorted(
        found.values(),
        key=lambda world: (
            world.mixed, world.first.policy, DIFFICULTIES.index(world.scenario.difficulty),
        ),
    )  # fmt: skip
    return Shelf({world.scenario.id: world for world in ordered})
