"""Makes a scenario of a file, or refuses the file with every problem it has."""

import hashlib
import json
from pathlib import Path

from pydantic import ValidationError

from bot.policy.contradiction import Contradiction
from bot.policy.library import Library
from bot.policy.misfits import misfits, placed
from bot.policy.problems import Problem, RefusedFileError
from bot.policy.source import read
from bot.rehearsal.check import contradictions
from bot.rehearsal.frames import contradictions_of_policies
from bot.rehearsal.prove import contradictions_of_paths
from bot.rehearsal.scenario import Scenario
from bot.rehearsal.world import World, staged

NOT_CHECKED = "What these parts refer to, and the three paths, are checked once they are mended."


class ScenarioError(RefusedFileError):
    """A scenario that is refused."""


def load(path: Path, library: Library) -> World:
    """The scenario in the file at `path`, with the policies that it is under.

    Raises:
        ScenarioError: the file is refused; the error lists all its problems, each with the line
            and key, what was found, what is allowed and what to do.
    """
    source = read(path, ScenarioError)
    if not isinstance(source.data, dict):
        raise ScenarioError(path, [Problem((), 1, "is not a scenario: it has no keys")])
    try:
        scenario = Scenario.model_validate(source.data)
    except ValidationError as error:
        found = misfits(Scenario, source, error)
        raise ScenarioError(path, list(found), NOT_CHECKED) from error

    def refuse(found: list[Contradiction]) -> None:
        if found:
            raise ScenarioError(path, list(placed(source, found)))

    refuse([*contradictions(scenario), *contradictions_of_policies(scenario, library)])
    world = staged(scenario, library)
    refuse(list(contradictions_of_paths(world)))
    return world


def content_hash(scenario: Scenario) -> str:
    """SHA-256 of the scenario's canonical form: the same however its file is laid out."""
    return hashlib.sha256(canonical(scenario).encode()).hexdigest()


def canonical(scenario: Scenario) -> str:
    """The scenario as one line of JSON, from which it can be made again."""
    return json.dumps(
        scenario.model_dump(mode="json", by_alias=True),
        sort_keys=True, ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip


def restored(text: str, library: Library) -> World:
    """The scenario that `canonical` wrote: a session goes on as it began when the file changes.

    Raises:
        UnknownPolicyError: its policy is not here any more.
    """
    return staged(Scenario.model_validate_json(text), library)
