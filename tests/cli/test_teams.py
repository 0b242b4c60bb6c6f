"""`escalate teams package`."""

import json
import zipfile
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from bot.cli import app

SETTINGS = {
    "ESCALATE_TEAMS_APP_ID": "2f6c1c0e-5a1b-4c3d-9e8f-0a1b2c3d4e5f",
    "ESCALATE_TEAMS_TENANT": "7d0f7c3e-0b1a-4c3d-9e8f-0a1b2c3d4e5f",
    "ESCALATE_PUBLIC_ORIGIN": "https://guide.example.org",
}


def escalate(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def settings(monkeypatch):
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "teams.zip"


def manifest(path):
    with zipfile.ZipFile(path) as kept:
        return json.loads(kept.read("manifest.json"))


def test_three_settings_are_enough_for_a_package(settings, out):
    result = escalate("teams", "package", "--out", out)
    assert (result.exit_code, result.stderr) == (0, "")
    for told in (str(out), *list(SETTINGS.values()), "docs/tasks/teams.md"):
        assert told in result.stdout
    made = manifest(out)
    assert made["version"] == version("escalation-guide")
    assert made["bots"][0]["botId"] == SETTINGS["ESCALATE_TEAMS_APP_ID"]
    assert made["developer"] == {
        "name": "Escalation Guide",
        "websiteUrl": "https://guide.example.org/",
        "privacyUrl": "https://guide.example.org/privacy",
        "termsOfUseUrl": "https://guide.example.org/privacy#terms",
    }


def test_an_organisation_can_show_its_own_name_and_pages(settings, out):
    given = {
        "--organisation": "Example Council",
        "--website": "https://example.org/guide",
        "--privacy": "https://example.org/privacy",
        "--terms": "https://example.org/terms",
    }
    options = [each for pair in given.items() for each in pair]
    result = escalate("teams", "package", "--out", out, "--app-version", "2.0.1", *options)
    assert result.exit_code == 0
    made = manifest(out)
    assert made["version"] == "2.0.1"
    assert list(made["developer"].values()) == list(given.values())


def test_made_twice_it_is_the_same_file(settings, out):
    escalate("teams", "package", "--out", out)
    first = out.read_bytes()
    escalate("teams", "package", "--out", out)
    assert out.read_bytes() == first


def test_without_settings_it_says_what_is_missing_and_where_to_get_it(monkeypatch, out):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    result = escalate("teams", "package", "--out", out)
    assert (result.exit_code, result.stdout) == (2, "")
    for told in (*SETTINGS, "Microsoft Entra", "docs/tasks/teams.md"):
        assert told in result.stderr
    assert not out.exists()


def test_what_teams_would_refuse_is_not_written_and_leaves_the_old_file(settings, out):
    out.write_bytes(b"of last year")
    result = escalate("teams", "package", "--out", out, "--organisation", "x" * 33)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "developer.name has 33 characters and may have 32" in result.stderr
    assert "--organisation" in result.stderr
    assert out.read_bytes() == b"of last year"


def test_a_folder_that_is_not_there_is_named(settings, tmp_path):
    result = escalate("teams", "package", "--out", tmp_path / "none" / "teams.zip")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr
