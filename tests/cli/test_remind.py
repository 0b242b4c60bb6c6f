"""`escalate remind`: one sweep from the command line."""

import json
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli import app
from bot.policy.library import load_library
from bot.records.cases import Clock, NewEscalation, StageEntry
from bot.records.database import open_database
from bot.records.mailboxes import choose_mail
from bot.records.migrate import upgrade
from bot.records.store import record_escalation
from bot.records.tables import PostRow
from bot.settings import Settings

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def escalate(*arguments):
    return CliRunner().invoke(app, [*arguments])


@pytest.fixture
def database(tmp_path, monkeypatch):
    """Records with a case that is due tomorrow, on a Wednesday morning."""
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path))
    settings = Settings.from_environment({"ESCALATE_HOME": str(tmp_path)})
    # the package's own attribute of that name is the command
    monkeypatch.setattr(import_module("bot.cli.remind"), "now", lambda: NOW)
    upgrade(settings.database_url)
    policy = load_library(settings.policies_dir).get("sandwell")
    stage = policy.stages[0]
    clock = Clock(
        stage=stage.id, key="reply", what="reply", owner="Manager", event="told",
        due_on=date(2026, 11, 19), words="5 working days", strength="should", basis="stated",
        indicative=False, status="running",
    )  # fmt: skip
    new = NewEscalation(
        policy_id=policy.id, policy_version=policy.document.label, policy_hash="ab",
        subject="child", side="raising", raised_on=date(2026, 11, 12), clocks=(clock,),
        stage=StageEntry(stage=stage.id, label=stage.label, entered_on=date(2026, 11, 12)),
    )  # fmt: skip
    with open_database(settings.database_url) as opened:
        with opened.session() as session:
            record_escalation(session, key="k", person="me", now=NOW, new=new)
        yield opened


def test_a_sweep_says_what_it_did_and_a_second_one_does_nothing(database):
    first = escalate("remind")
    assert first.exit_code == 0, first.stderr
    assert first.stdout.startswith("Made 1, sent 1, dropped 0, failed 0.")
    assert escalate("remind").stdout.startswith("Made 0, sent 0")


def test_a_dry_run_shows_what_would_be_made_and_makes_nothing(database):
    for _ in range(2):
        shown = escalate("remind", "--dry-run").stdout
        assert "ESC-2026-0001: a time limit ends soon (2026-11-19), by conversation" in shown
        assert "1 would be made. Nothing was made or sent." in shown
    assert json.loads(escalate("remind", "--dry-run", "--json").stdout)["due"][0]["to"] == "person"
    assert escalate("remind").stdout.startswith("Made 1")


def test_json_is_one_document_and_nothing_else(database):
    assert json.loads(escalate("remind", "--json").stdout) == {
        "made": 1, "sent": 1, "dropped": 0, "failed": 0, "waiting": 0, "dead": 0, "problems": [],
    }  # fmt: skip
    assert json.loads(escalate("remind", "--dead", "--json").stdout) == []


def test_the_dead_are_pointed_at_and_listed(database):
    escalate("remind")
    with database.session() as session:
        session.execute(
            update(PostRow).values(status="dead", sent_at=None, attempts=6, last_error="550 no")
        )
    swept = escalate("remind").stdout
    assert "1 dead" in swept
    assert "uv run escalate remind --dead" in swept
    listed = escalate("remind", "--dead").stdout
    assert "ESC-2026-0001" in listed
    assert "6 tries. 550 no" in listed
    assert json.loads(escalate("remind", "--dead", "--json").stdout)[0]["last_error"] == "550 no"


def test_mail_that_nobody_can_send_is_told_on_stderr(database):
    with database.session() as session:
        choose_mail(session, person="me", address="me@school.example", now=NOW)
    swept = escalate("remind")
    assert swept.exit_code == 0
    assert "ESCALATE_SMTP_URL" in swept.stderr
    assert "ESCALATE_SMTP_URL" not in swept.stdout


def test_two_questions_at_once_are_refused(database):
    assert escalate("remind", "--dead", "--dry-run").exit_code == 2


def test_missing_records_are_told_plainly(tmp_path, monkeypatch):
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path))
    refused = escalate("remind")
    assert refused.exit_code == 2
    assert "There is no database at" in refused.stderr
