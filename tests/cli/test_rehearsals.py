"""`escalate rehearsals`: what there is to rehearse, and whether a file is fit for it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings

REHEARSALS = Settings.from_environment({}).rehearsals_dir
JERSEY = REHEARSALS / "jersey_before_christmas.yml"
FILES = sorted(REHEARSALS.glob("*.yml"))


def escalate(*arguments: str):
    return CliRunner().invoke(app, ["rehearsals", *arguments])


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder of scenarios of its own, with one in it."""
    monkeypatch.setenv("ESCALATE_REHEARSALS", str(tmp_path))
    (tmp_path / JERSEY.name).write_text(JERSEY.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_every_scenario_is_listed_with_what_helps_to_choose_one():
    result = escalate("list")
    assert result.exit_code == 0
    rows = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert {*rows} == {path.stem for path in FILES}
    assert rows["jersey_before_christmas"].split() == [
        "jersey_before_christmas", "steady", "20", "min", "jersey",
    ]  # fmt: skip


def test_one_file_is_checked_and_its_three_paths_are_played():
    result = escalate("check", str(JERSEY))
    assert result.exit_code == 0
    assert result.stdout.startswith("jersey_before_christmas: no problems (perfect 100%, typical ")


def test_all_of_them_are_checked_if_none_is_named(folder):
    assert escalate("check").stdout.count("no problems (perfect 100%") == 1


def test_every_problem_of_a_file_is_told_at_once(tmp_path):
    broken = tmp_path / "broken.yml"
    text = JERSEY.read_text(encoding="utf-8")
    text = text.replace("enters: s2\n", "enters: s22\n", 1).replace(
        "cite: [urgent,", "cite: [urgen,"
    )
    broken.write_text(text, encoding="utf-8")
    result = escalate("check", str(broken))
    assert result.exit_code == 2
    assert result.stdout == ""
    for named in (str(broken), "2 problems", "'s22' is no stage", "Did you mean 'urgent'?"):
        assert named in result.stderr


def test_a_file_that_is_not_there_is_named(tmp_path):
    result = escalate("check", str(tmp_path / "none.yml"))
    assert result.exit_code == 2
    assert "none.yml" in result.stderr


@pytest.mark.parametrize("command", ["list", "check"])
def test_one_broken_file_of_the_folder_is_told_and_nothing_is_left_out(command, folder):
    (folder / "another.yml").write_text("schema: 1\n", encoding="utf-8")
    result = escalate(command)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "another.yml" in result.stderr


@pytest.mark.parametrize("command", ["list", "check"])
def test_a_folder_without_scenarios_is_named(command, folder):
    (folder / JERSEY.name).unlink()
    result = escalate(command)
    assert result.exit_code == 2
    assert f"No scenario in {folder}" in result.stderr
