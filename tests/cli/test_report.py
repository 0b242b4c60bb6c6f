"""`escalate log` and `escalate report`."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from typer.testing import CliRunner

from bot.cli import app
from bot.documents import report_pdf
from bot.policy.library import load_library
from bot.records.cases import NewEscalation, StageEntry
from bot.records.database import open_database
from bot.records.migrate import upgrade
from bot.records.store import record_escalation
from bot.settings import Settings

POLICIES = load_library(Settings.from_environment({}).policies_dir)


def escalate(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty, up-to-date database; the files of a test lie beside it."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("ESCALATE_HOME", str(home))
    upgrade(f"sqlite:///{home / 'escalations.db'}")
    return home


@pytest.fixture
def record(home):
    """Record so many cases under a policy, raised on a day."""
    keys = iter(range(1000))

    def run(count=1, policy_id="jersey", raised_on=date(2026, 3, 2), **fields):
        policy = POLICIES.get(policy_id)
        stage = policy.stages[0]
        new = NewEscalation(
            policy_id=policy_id, policy_version=policy.document.label, policy_hash="ab" * 32,
            subject="child", side=fields.get("side", "raising"), raised_on=raised_on,
            summary=fields.get("summary"),
            stage=StageEntry(stage=stage.id, label=stage.label, entered_on=raised_on),
        )  # fmt: skip
        now = datetime(2026, 11, 26, 9, tzinfo=UTC)
        with open_database(f"sqlite:///{home / 'escalations.db'}") as database:
            for _ in range(count):
                with database.session() as session:
                    record_escalation(session, key=f"k{next(keys)}", person="p", now=now, new=new)

    return run


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_the_log_is_written_in_both_forms_and_nothing_else_is_left(home, record, tmp_path):
    record(2, summary="=1+1")
    record(policy_id="sandwell")
    files = tmp_path / "log.csv", tmp_path / "log.xlsx"
    said = escalate("log", "--csv", files[0], "--xlsx", files[1])
    assert said.exit_code == 0, said.stderr
    assert said.stdout.splitlines() == [
        f"3 escalations are written to {files[0]}.", f"3 escalations are written to {files[1]}."
    ]  # fmt: skip
    numbers = [row["Escalation number"] for row in rows_of(files[0])]
    assert numbers == ["ESC-2026-0001", "ESC-2026-0002", "ESC-2026-0003"]
    assert rows_of(files[0])[0]["Summary of professional disagreement"] == "'=1+1"
    sheet = load_workbook(files[1])["Escalation log"]
    assert [cell.value for cell in sheet["A"][1:]] == numbers
    assert {path.name for path in tmp_path.iterdir()} == {"home", "log.csv", "log.xlsx"}


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (["--policy", "jersey"], ["1", "2"]),
        (["--year", "2026"], ["2", "3"]),
        (["--policy", "jersey", "--year", "2026"], ["2"]),
        (["--year", "1999"], []),
    ],
)
def test_the_log_is_of_the_policy_and_the_year_that_were_asked_for(
    record, tmp_path, asked, numbers
):
    record(raised_on=date(2025, 12, 31))
    record()
    record(policy_id="sandwell")
    path = tmp_path / "log.csv"
    assert escalate("log", *asked, "--csv", path).exit_code == 0
    assert [row["Escalation number"][-1] for row in rows_of(path)] == numbers


def test_a_log_without_a_file_is_not_printed(home):
    said = escalate("log")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "Give --csv FILE, --xlsx FILE, or both." in said.stderr


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["log", "--policy", "jersy", "--csv", "FILE"], "Did you mean 'jersey'?"),
        (["log", "--year", "0", "--csv", "FILE"], "greater than or equal to 1"),
        (["log", "--csv", "FILE", "--xlsx", "FILE"], "Give each a name of its own"),
        (["log", "--csv", "none/FILE"], "does not exist. Make it first"),
        (["report", "--policy", "jersy", "--year", "2026", "--json"], "Did you mean 'jersey'?"),
        (["report", "--policy", "jersey", "--json"], "Missing option"),
        (["report", "--policy", "jersey", "--year", "2026", "--pdf", "none/FILE"], "Make it first"),
        (["report", "--policy", "jersey", "--year", "2026", "--html", "FILE", "--pdf", "FILE"],
         "Give each a name of its own"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_on_stderr_and_an_earlier_file_stays(record, tmp_path, command, told):
    record()
    path = tmp_path / "FILE"
    path.write_text("of yesterday")
    places = {"FILE": path, "none/FILE": tmp_path / "none" / "FILE"}
    said = escalate(*(places.get(each, each) for each in command))
    assert (said.exit_code, said.stdout) == (2, "")
    assert told in " ".join(said.stderr.replace("│", " ").split())
    assert path.read_text() == "of yesterday"


def test_without_a_database_it_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path))
    for command in (["log", "--csv", tmp_path / "x"],
                    ["report", "--policy", "jersey", "--year", "2026"]):  # fmt: skip
        said = escalate(*command)
        assert (said.exit_code, said.stdout) == (2, "")
        assert "escalate db upgrade" in said.stderr


def test_the_report_is_printed_for_people(record):
    record(7)
    record(6, side="challenged")
    record(1, raised_on=date(2025, 6, 2))
    said = escalate("report", "--policy", "jersey", "--year", "2026")
    assert said.exit_code == 0, said.stderr
    assert "13 escalations were raised in 2026." in said.stdout
    assert "Received  6" in said.stdout


def test_json_is_all_that_stands_on_stdout_even_when_files_are_written(record, tmp_path):
    record(7)
    files = tmp_path / "r.html", tmp_path / "r.pdf"
    said = escalate("report", "--policy", "jersey", "--year", "2026", "--json",
                    "--html", files[0], "--pdf", files[1])  # fmt: skip
    data = json.loads(said.stdout)
    assert (data["policy"], data["year"], data["total"]["count"]) == ("jersey", 2026, 7)
    assert "7 escalations were raised in 2026." in files[0].read_text()
    assert "7 escalations were raised" in PdfReader(files[1]).pages[0].extract_text()


def test_small_numbers_are_hidden_unless_the_report_is_for_internal_use(record):
    record(3)
    asked = ["report", "--policy", "jersey", "--year", "2026", "--json"]
    assert json.loads(escalate(*asked).stdout)["total"] == {
        "label": "Total", "count": None, "text": "fewer than 5"
    }  # fmt: skip
    internal = json.loads(escalate(*asked, "--internal").stdout)
    assert (internal["total"]["count"], internal["suppressed"]) == (3, False)


def test_where_one_file_cannot_be_made_neither_is_written(record, tmp_path, monkeypatch):
    record()
    monkeypatch.setattr(report_pdf, "find_spec", lambda _: None)
    page = tmp_path / "r.html"
    said = escalate("report", "--policy", "jersey", "--year", "2026", "--html", page,
                    "--pdf", tmp_path / "r.pdf")  # fmt: skip
    assert (said.exit_code, said.stdout) == (2, "")
    assert "Run: uv sync" in said.stderr
    assert not page.exists()


def test_the_report_says_where_it_is(record, tmp_path):
    record()
    page = tmp_path / "r.html"
    said = escalate("report", "--policy", "jersey", "--year", "2026", "--html", page)
    assert said.stdout == f"The report for 2026 is written to {page}.\n"
