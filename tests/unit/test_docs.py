"""The documentation names what there is: settings, commands, files."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer.main
import yaml

from bot import settings
from bot.cli import app
from bot.escalation.decide import decide
from bot.policy.library import load_library
from bot.policy.load import load
from bot.rehearsal.debrief import debrief
from bot.rehearsal.load import load as load_rehearsal
from bot.rehearsal.prove import walk
from bot.rehearsal.schema import scenario_schema

ROOT = Path(__file__).parents[2]
NOT_OURS = {"node_modules", "var", "models"}
COMMAND = re.compile(r"(?:uv run (?:--no-sync )?|`|bin/)escalate ([a-z]+)(?: ([a-z]+))?")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)


def pages() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*.md")):
        parts = path.relative_to(ROOT).parts
        if not NOT_OURS & {*parts} and not any(part.startswith(".") for part in parts):
            yield path


PAGES = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in pages()]


def commands() -> dict[str, set[str] | None]:
    """Every command with its subcommands; None where it has none."""
    group = typer.main.get_command(app)
    return {
        name: {*command.commands} if hasattr(command, "commands") else None
        for name, command in group.commands.items()
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page):
    known = commands()
    for name, sub in COMMAND.findall(page.read_text()):
        assert name in known, f"escalate {name}"
        if known[name] is not None and sub:
            assert sub in known[name], f"escalate {name} {sub}"


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_somewhere(page):
    for target in LINK.findall(FENCED.sub("", page.read_text())):
        if re.match(r"[a-z]+:|#", target):
            continue
        assert (page.parent / target.split("#")[0]).exists(), target


def rows(text: str) -> dict[str, tuple[str, ...]]:
    """The table rows that begin with a variable: its cells."""
    return {
        cells[0]: tuple(cells[1:])
        for line in text.splitlines()
        if line.startswith("| `ESCALATE_")
        for cells in [[cell.strip(" `") for cell in line.strip("|").split("|")]]
    }


def test_every_setting_is_documented_where_it_is_read():
    told = rows(settings.__doc__)
    assert {name: cells[0] for name, cells in told.items()} == settings.VARIABLES


def test_every_setting_is_documented_for_administrators_with_its_default():
    told = rows((ROOT / "docs" / "tasks" / "deploy.md").read_text())
    read = rows(settings.__doc__)
    assert {name: cells[0].replace("`", "") for name, cells in told.items()} == {
        name: cells[1].replace("`", "") for name, cells in read.items()
    }


def test_decisions_are_numbered_without_a_gap_and_have_their_three_parts():
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{n + 1:04}" for n in range(len(records))]
    for path in records:
        text = path.read_text()
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
            "Context", "Decision", "Consequences",
        ]  # fmt: skip


def test_the_changelog_has_a_place_for_what_is_new():
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()


def fragments(page: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


def test_the_fragments_of_add_a_policy_make_a_policy_whose_cases_hold(tmp_path):
    parts = fragments(ROOT / "docs" / "tasks" / "add-a-policy.md")
    file = tmp_path / "2026-04.yml"
    file.write_text("".join(part for part in parts if not part.startswith("- case")))
    policy = load(file)
    cases = [case for part in parts if part.startswith("- case") for case in yaml.safe_load(part)]
    assert cases
    for case in cases:
        now = datetime.fromisoformat(case["now"]).replace(tzinfo=ZoneInfo(policy.place.timezone))
        decision = decide(policy, case["facts"], now)
        expected = case["expect"]
        assert decision.stage.id == expected["stage"]
        assert [duty.id for duty in decision.duties] == expected["duties"]
        due = {clock.id: clock.due and clock.due.isoformat() for clock in decision.clocks}
        assert due == expected["clocks"]


def test_the_fragments_of_write_a_rehearsal_make_one_that_can_be_played(tmp_path):
    parts = fragments(ROOT / "docs" / "tasks" / "write-a-rehearsal.md")
    file = tmp_path / "jersey_a_quiet_child.yml"
    file.write_text("".join(parts), encoding="utf-8")
    world = load_rehearsal(file, load_library(ROOT / "policies"))
    assert world.scenario.id == file.stem
    scores = [
        debrief(world, walk(world, path)).score
        for path in (world.scenario.paths.typical, world.scenario.paths.bad)
    ]
    assert 0.45 <= scores[0] <= 0.75
    assert scores[1] < 0.25


def test_every_key_of_a_rehearsal_is_told_in_its_recipe():
    page = (ROOT / "docs" / "tasks" / "write-a-rehearsal.md").read_text(encoding="utf-8")
    parts = json.loads(scenario_schema())["$defs"].values()
    keys = {key for part in parts for key in part["properties"]}
    assert {key for key in keys if not re.search(rf"\b{key}\b", page)} == set()
