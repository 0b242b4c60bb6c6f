"""Case work on the command line: status, calendar, form, record, pack, summary."""

import json
import re
import shutil
from datetime import UTC, datetime

import docx
import pytest
import vobject
from typer.testing import CliRunner

from actions.writing import new_escalation
from bot.cli import app
from bot.escalation.decide import decide
from bot.policy.library import load_library
from bot.policy.load import content_hash
from bot.records.database import open_database
from bot.records.migrate import upgrade
from bot.records.store import record_escalation
from bot.settings import Settings

NOW = datetime.now(UTC)


def escalate(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def reference(tmp_path, monkeypatch):
    """A recorded Sandwell case at stage 2, in records of its own."""
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path))
    url = Settings.from_environment({"ESCALATE_HOME": str(tmp_path)}).database_url
    upgrade(url)
    policy = load_library(Settings.from_environment({}).policies_dir).get("sandwell")
    said = [
        ("imminent", "no"), ("matter", "another_agency"), ("stage", "s2"),
        ("manager_aware", NOW.date().isoformat()), ("summary", "We think it is level 4"),
    ]  # fmt: skip
    new = new_escalation(
        policy, content_hash(policy), decide(policy, dict(said), NOW), said, None, NOW
    )
    with open_database(url) as database, database.session() as session:
        return record_escalation(session, key="k", person="me", now=NOW, new=new).reference


def test_the_status_of_a_case_and_of_all(reference):
    one = escalate("status", reference.lower())
    assert one.exit_code == 0, one.stderr
    assert reference in one.stdout
    assert "Stage 2" in one.stdout
    assert reference in escalate("status").stdout


def test_json_is_one_document_and_nothing_else(reference):
    assert json.loads(escalate("status", reference, "--json").stdout)["title"] == reference


def test_a_calendar_that_another_library_reads(reference, tmp_path):
    written = escalate("calendar", reference, "--out", tmp_path / "dates.ics")
    assert written.exit_code == 0, written.stderr
    read = vobject.readOne((tmp_path / "dates.ics").read_text())
    assert any(reference in event.summary.value for event in read.vevent_list)


def test_the_form_and_the_record_are_word_documents(reference, tmp_path):
    for command, name in (("form", "form.docx"), ("record", "record.docx")):
        more = ("--form", "app3") if command == "form" else ()
        written = escalate(command, reference, *more, "--out", tmp_path / name)
        assert written.exit_code == 0, written.stderr + written.stdout
        read = docx.Document(tmp_path / name)
        words = [paragraph.text for paragraph in read.paragraphs] + [
            cell.text for table in read.tables for row in table.rows for cell in row.cells
        ]
        assert any("level 4" in each for each in words)


def test_the_meeting_pack_and_the_summary_need_no_notes(reference, tmp_path):
    written = escalate("pack", reference, "--out", tmp_path / "pack.docx")
    assert written.exit_code == 0, written.stderr + written.stdout
    assert docx.Document(tmp_path / "pack.docx").paragraphs
    summed = escalate("summary", reference)
    assert summed.exit_code == 0, summed.stderr
    assert reference in summed.stdout


def test_a_policy_with_several_forms_asks_which(reference, tmp_path):
    asked = escalate("form", reference, "--out", tmp_path / "x.docx")
    assert asked.exit_code == 2
    assert "app3" in asked.stderr
    assert not (tmp_path / "x.docx").exists()


@pytest.mark.parametrize("command", ["calendar", "form", "record", "pack", "summary"])
def test_a_policy_file_that_was_edited_since_is_told_without_a_traceback(
    reference, tmp_path, monkeypatch, command
):
    """A stage of the case is no longer in the file of its version."""
    shipped = Settings.from_environment({}).policies_dir
    edited = tmp_path / "policies"
    shutil.copytree(shipped, edited)
    file = edited / "sandwell" / "v0.3.yml"
    file.write_text(re.sub(r"\bs2\b", "s2_new", file.read_text()))
    monkeypatch.setenv("ESCALATE_POLICIES", str(edited))
    more = ("--form", "app3") if command == "form" else ()
    out = () if command == "summary" else ("--out", tmp_path / "x")
    failed = escalate(command, reference, *more, *out)
    assert failed.exit_code == 2
    assert f"{reference} is at the stage 's2', which sandwell V0.3 does not have" in failed.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("command", ["status", "calendar", "form", "record", "pack", "summary"])
def test_an_unknown_reference_is_said_to_be_unknown(reference, tmp_path, command):
    out = () if command in ("status", "summary") else ("--out", tmp_path / "x")
    failed = escalate(command, "ESC-2026-9999", *out)
    assert failed.exit_code == 2
    assert "no escalation with the reference ESC-2026-9999" in failed.stderr
    assert not (tmp_path / "x").exists()


def test_a_folder_that_is_missing_is_named(reference, tmp_path):
    failed = escalate("calendar", reference, "--out", tmp_path / "missing" / "dates.ics")
    assert failed.exit_code == 2
    assert "missing" in failed.stderr
