"""`escalate deadline` and `escalate decide`: for people, and for other programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

ESCALATE = Path(sys.executable).with_name("escalate")


def escalate(*arguments: str):
    return CliRunner().invoke(app, arguments)


def deadline(policy: str, stage: str, start: str, *more: str) -> dict:
    asked = ["--policy", policy, "--stage", stage, "--start", start, *more]
    result = escalate("deadline", *asked, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_jersey_stage_1_over_christmas_skips_three_named_holidays():
    (clock,) = deadline("jersey", "1", "2026-12-24T10:00")["clocks"]
    assert clock["due"] == "2027-01-05"
    assert clock["skipped"] == [
        {"date": "2026-12-25", "name": "Christmas Day"},
        {"date": "2026-12-28", "name": "Boxing Day (substitute day)"},
        {"date": "2027-01-01", "name": "New Year's Day"},
    ]
    assert "Day 1 is the first working day after Thursday 24 December 2026" in clock["convention"]


def test_a_jersey_stage_1_raised_on_a_saturday_is_due_on_friday():
    (clock,) = deadline("jersey", "s1", "2026-11-14")["clocks"]
    assert clock["due"] == "2026-11-20"
    assert clock["skipped"] == []


def test_gloucestershire_stage_2_gives_words_and_no_date():
    (clock,) = deadline("gloucestershire", "2", "2026-11-12")["clocks"]
    assert clock["due"] is None
    (reading,) = clock["readings"]
    assert reading["kind"] == "words_only"
    assert reading["words"]
    assert (reading["n"], reading["due"]) == (None, None)


def test_sandwell_stage_2_shows_day_8_as_inferred_working_days_with_both_citations():
    clock = deadline("sandwell", "2", "2026-11-12")["clocks"][0]
    (reading,) = clock["readings"]
    assert (reading["kind"], reading["n"], clock["due"]) == ("working_days", 8, "2026-11-24")
    assert reading["unit_basis"] == "inferred"
    assert clock["indicative"] is True
    assert [cite["section"] for cite in reading["cite"]] == ["s.7 Stage 2", "Appendix 1 row 2"]
    assert all(cite["phrase"] for cite in reading["cite"])


def test_people_read_the_same_date_with_its_convention():
    said = escalate("deadline", "--policy", "jersey", "--stage", "1", "--start", "2026-12-24T10:00")
    assert "2027-01-05" in said.stdout
    assert "Not counted: 2026-12-28 Boxing Day (substitute day)" in said.stdout


def test_decide_names_the_stage_or_what_it_still_needs(tmp_path):
    facts = tmp_path / "facts.json"
    known = {"imminent": "no", "matter": "child", "area": "risk", "stage": "s1"}
    facts.write_text(json.dumps(known | {"stage1_began": "2026-12-24T10:00"}))
    result = escalate("decide", "--policy", "jersey", "--facts", str(facts), "--json")
    decision = json.loads(result.stdout)
    assert decision["status"] == "stage"
    assert decision["stage"]["label"] == "Stage 1"
    assert decision["clocks"][0]["due"] == "2027-01-05"
    needing = json.loads(escalate("decide", "--policy", "jersey", "--json").stdout)
    assert needing["status"] == "need"
    assert needing["questions"]


def test_decide_says_the_same_to_people(tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"imminent": "yes"}))
    said = escalate("decide", "--policy", "sandwell", "--facts", str(facts)).stdout
    assert "999" in said
    assert "MARF" in said


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        pytest.param(("deadline", "--policy", "narnia"), "narnia", id="an unknown policy"),
        pytest.param(("deadline", "--policy", "jersey"), "stage", id="no stage"),
        pytest.param(
            ("deadline", "--policy", "jersey", "--stage", "9", "--start", "2026-11-12"),
            "Allowed: s1",
            id="an unknown stage",
        ),
        pytest.param(
            ("deadline", "--policy", "jersey", "--stage", "1", "--start", "someday"),
            "someday",
            id="a start that is no date",
        ),
        pytest.param(
            ("decide", "--policy", "jersey", "--facts", "no.json"), "no.json", id="no file of facts"
        ),
    ],
)
def test_what_is_wrong_goes_to_stderr_with_exit_code_2(arguments, named):
    result = escalate(*arguments, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert named in result.stderr


def test_json_is_one_document_on_stdout_and_nothing_else():
    asked = ["deadline", "--policy", "jersey", "--stage", "1", "--start", "2026-11-14", "--json"]
    done = subprocess.run([ESCALATE, *asked], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["policy"] == "jersey"
    assert done.stderr == ""


def test_jsonl_answers_line_by_line_and_a_wrong_line_does_not_stop_the_rest(tmp_path):
    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        '{"id": 1, "policy": "jersey", "stage": 1, "start": "2026-12-24T10:00"}\n'
        "\n"
        '{"id": "b", "policy": "narnia", "stage": 1, "start": "2026-11-12"}\n'
        "not json\n"
        '{"id": 4, "policy": "sandwell", "stage": "imminent", "start": "2026-11-12T09:00"}\n'
    )
    result = escalate("deadline", "--jsonl", str(asked))
    assert result.exit_code == 2
    first, second, third, last = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["clocks"][0]["due"]) == (1, "2027-01-05")
    assert second["id"] == "b"
    assert "narnia" in second["error"]
    assert "line 4" in third["error"]
    assert (last["id"], last["clocks"][0]["due"][:10]) == (4, "2026-11-12")
    assert "line 3" in result.stderr
