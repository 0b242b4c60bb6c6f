"""`escalate policies` and `escalate db`."""

import json
import sqlite3

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings

JERSEY = Settings.from_environment({}).policies_dir / "jersey" / "2014-10.yml"


def escalate(*arguments: str):
    return CliRunner().invoke(app, arguments)


def test_the_five_policies_are_listed_in_the_promised_shape():
    rows = json.loads(escalate("policies", "list", "--json").stdout)
    ids = ["berkshire", "gloucestershire", "jersey", "plymouth", "sandwell"]
    assert sorted(row["id"] for row in rows) == ids
    promised = {"id", "title", "publisher", "version", "from"}
    promised |= {"review_due", "review_passed", "subjects"}
    assert all(promised <= row.keys() for row in rows)
    jersey = next(row for row in rows if row["id"] == "jersey")
    assert (jersey["version"], jersey["review_passed"]) == ("October 2014", True)


def test_the_list_for_people_says_whose_review_has_passed():
    said = escalate("policies", "list").stdout
    assert "review due 2017-10 (passed)" in said
    assert len(said.splitlines()) == 5


def test_check_reports_every_problem_of_a_file_at_once(tmp_path):
    policy = yaml.safe_load(JERSEY.read_text())
    policy["unheard_of"] = 1
    policy["document"]["issued"] = "one day"
    policy["stages"][0]["actor"] = "nobody"
    broken = tmp_path / "broken.yml"
    broken.write_text(yaml.safe_dump(policy, sort_keys=False))
    result = escalate("policies", "check", str(broken))
    assert result.exit_code == 2
    assert result.stdout == ""
    for named in (str(broken), "unheard_of", "one day"):
        assert named in result.stderr


def test_check_finds_a_role_that_does_not_exist(tmp_path):
    broken = tmp_path / "broken.yml"
    text = JERSEY.read_text()
    policy = yaml.safe_load(text)
    actor = policy["stages"][0]["actor"]
    broken.write_text(text.replace(f"actor: {actor}", "actor: nobody", 1))
    result = escalate("policies", "check", str(broken))
    assert result.exit_code == 2
    assert "nobody" in result.stderr


def test_check_is_content_with_a_good_file_and_with_all_of_them():
    assert "no problems" in escalate("policies", "check", str(JERSEY)).stdout
    assert escalate("policies", "check").stdout.count("no problems") == 5


def test_check_of_a_file_that_is_not_there_says_so(tmp_path):
    result = escalate("policies", "check", str(tmp_path / "none.yml"))
    assert result.exit_code == 2
    assert "none.yml" in result.stderr


def test_show_gives_a_policy_and_a_stage_with_their_clauses():
    assert "Stage 6" in escalate("policies", "show", "jersey").stdout
    stage = escalate("policies", "show", "jersey", "--stage", "1").stdout
    assert "s.3 Stage 1" in stage
    assert "within 5 working days" in stage
    wrong = escalate("policies", "show", "jersey", "--stage", "12")
    assert wrong.exit_code == 2
    assert "Allowed: s1" in wrong.stderr


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_db_upgrade_makes_the_records_and_a_second_time_does_nothing(home):
    first, second = escalate("db", "upgrade"), escalate("db", "upgrade")
    assert first.exit_code == second.exit_code == 0
    assert first.stdout == second.stdout
    assert "0 entries, none changed" in escalate("db", "verify").stdout


def test_db_verify_finds_a_changed_audit_trail(home):
    escalate("db", "upgrade")
    with sqlite3.connect(home / "escalations.db") as records:
        records.execute("UPDATE audit_head SET seq = 3")
    result = escalate("db", "verify")
    assert result.exit_code == 2
    assert "The audit trail is broken" in result.stderr


def test_db_verify_without_a_database_says_how_to_make_it(home):
    home.mkdir()
    result = escalate("db", "verify")
    assert result.exit_code == 2
    assert "escalate db upgrade" in result.stderr


def test_a_mistyped_setting_is_named(monkeypatch):
    monkeypatch.setenv("ESCALATE_HOMER", "x")
    result = escalate("policies", "list")
    assert result.exit_code == 2
    assert "Did you mean ESCALATE_HOME?" in result.stderr
