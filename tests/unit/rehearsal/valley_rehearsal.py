"""The invented scenario: its text, its world, and both with a few changes; played step by step."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.policy.library import Library, load_library
from bot.policy.problems import Problem, dotted
from bot.policy.source import PolicyLoader
from bot.rehearsal.debrief import debrief
from bot.rehearsal.judge import Judgement
from bot.rehearsal.load import ScenarioError, load
from bot.rehearsal.play import begin, take
from bot.rehearsal.prove import entry_of
from bot.rehearsal.scenario import Scenario
from bot.rehearsal.state import Entry, Scene, State, Told
from bot.rehearsal.world import World, staged

ROOT = Path(__file__).parents[3]
FILE = ROOT / "tests" / "cases" / "rehearsals" / "valley_over_easter.yml"
TEXT = FILE.read_text(encoding="utf-8")
REAL = load_library(ROOT / "policies")
INVENTED = load_library(ROOT / "tests" / "cases" / "policies")
LIBRARY = Library({**REAL.versions, **INVENTED.versions})
LONDON = ZoneInfo("Europe/London")

SECOND_POLICY = (
    "    began: {raised: \"2026-03-31\"}\n",
    "    began: {raised: \"2026-03-31\"}\n"
    "  - policy: jersey\n"
    "    version: October 2014\n"
    "    stage: s1\n"
    "    situation: {imminent: \"no\", matter: child, area: risk, significant_harm: \"yes\",\n"
    "      our_agency: health, their_agency: childrens_social_care}\n",
)  # fmt: skip
"""A change that puts the case under Jersey's policy too."""

READ = "    says: You read it.\n"
TO_JERSEY = (READ, f"{READ}    under: jersey\n    enters: s1\n")
"""A change by which a step takes the case on under Jersey's policy."""

MIXED = (
    SECOND_POLICY,
    TO_JERSEY,
    ("        enters: b_usual\n", "        under: valley\n        enters: b_usual\n"),
    ("        enters: c\n", "        under: valley\n        enters: c\n"),
)
"""The changes that make a sound scenario of two policies."""

Change = tuple[str, str]


def changed(*changes: Change) -> str:
    """The scenario's text with changes, each made once and in order."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def valley(*changes: Change) -> World:
    """The scenario with changes, ready to be played and not checked any further."""
    data = yaml.load(changed(*changes), PolicyLoader)
    return staged(Scenario.model_validate(data), LIBRARY)


def at(text: str) -> datetime:
    """A moment of the year of the scenario: `04-07 09:00`."""
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}").replace(tzinfo=LONDON)


class Played:
    """A rehearsal as it is played; each step gives what was told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.entries: list[Entry] = []
        self.state: State
        self.state, self.opening = begin(world)

    def do(self, *names: str | Entry) -> tuple[Scene, ...]:
        """Ids, words of a path or entries, one after another; what the last one brought."""
        told: tuple[Scene, ...] = ()
        for name in names:
            entry = name if isinstance(name, Entry) else entry_of(self.world, name)
            self.state, told = take(self.world, self.state, entry)
            self.entries.append(entry)
        return told

    def judged(self, id_: str) -> Judgement:
        """What the debrief says of one decision or step."""
        [found] = [each for each in debrief(self.world, self.state).judgements if each.id == id_]
        return found


def words(told: tuple[Scene, ...]) -> list[str]:
    """What was said, without the time that passed and the policy's answers."""
    return [scene.text for scene in told if isinstance(scene, Told)]


@dataclass(frozen=True)
class Mistake:
    """One change to the sound file, and what has to be said of it: `says` stands in the message."""

    old: str
    new: str
    key: str
    says: tuple[str, ...]
    # The text that stands on the line to be named; the new text's first line if it is empty.
    at: str = ""
    # Changes that the mistake needs to be one.
    beside: tuple[Change, ...] = ()


def refused(tmp_path: Path, text: str) -> ScenarioError:
    """How a text is refused, naming its file."""
    path = tmp_path / "valley_over_easter.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refusal:
        load(path, LIBRARY)
    assert str(path) in str(refusal.value)
    return refusal.value


def assert_refused(mistake: Mistake, tmp_path: Path) -> None:
    """That the mistake is reported once, with its key, its line and what is said of it."""
    text = changed(*mistake.beside, (mistake.old, mistake.new))
    error = refused(tmp_path, text)
    found = [each for each in error.problems if dotted(each.key) == mistake.key]
    assert found, str(error)
    [problem] = [each for each in found if all(words in str(each) for words in mistake.says)]
    assert problem.line == line_of(text, mistake.at or mistake.new), str(problem)
    assert str(problem) in str(error)


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which a part of the text begins."""
    return text[: text.index(part)].count("\n") + 1


def keys(problems: tuple[Problem, ...]) -> list[str]:
    """Where the problems stand."""
    return [dotted(each.key) for each in problems]
