"""docs/exchange.md and its schemas are true of every policy and every stage."""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from bot.escalation.exchange import (
    clocks_at,
    deadline_json,
    decision_json,
    policy_json,
    review_passed,
    stage_named,
)
from bot.escalation.safety import GENERAL_ADVICE
from bot.escalation.situation import UnknownFactError

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "exchange.md").read_text(encoding="utf-8")
SCHEMAS = {
    name: json.loads((DOCS / "exchange" / f"{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("deadline", "decision")
}
START = "2026-12-24T10:00"
NOW = datetime(2026, 12, 24, 12, 0, tzinfo=ZoneInfo("Europe/London"))
# The keys that other programs were promised: they are never taken away.
PROMISED = {
    "policy": "id title publisher version from review_due review_passed subjects",
    "deadline": "policy version stage clocks",
    "clock": "id what owner event strength basis indicative convention skipped readings due",
    "reading": "kind n words due unit_basis cite",
    "decision": "policy version status stage actor counterpart reasons duties forms clocks "
    "imminent next final questions",
    "duty": "id kind strength what to cite",
}


def keys(name: str) -> set[str]:
    return set(PROMISED[name].split())


def check(name: str, shape: dict[str, Any]) -> None:
    """`shape` keeps to its schema, and has no key that the schema leaves out."""
    schema = SCHEMAS[name]
    errors = [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(shape)
    ]
    assert errors == []
    assert set(undescribed(shape, schema, schema)) == set()
    assert json.loads(json.dumps(shape)) == shape


def undescribed(shape: Any, node: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """The keys of `shape` that its schema does not describe."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    if "oneOf" in node:
        return undescribed(shape, node["oneOf"][0], schema)
    if isinstance(shape, list):
        return [key for each in shape for key in undescribed(each, node["items"], schema)]
    if not isinstance(shape, dict):
        return []
    known = node["properties"]
    deeper = [undescribed(shape[key], known[key], schema) for key in shape if key in known]
    return [key for key in shape if key not in known] + [key for each in deeper for key in each]


def facts_at(policy, stage, **more: str) -> dict[str, str]:
    known = {"imminent": "no", "matter": policy.facts["matter"].options[0].value, "stage": stage.id}
    return {**known, **more}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_one(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_the_deadlines_of_every_stage_keep_to_the_schema(policy, stage):
    shape = deadline_json(policy, stage.id, START, None, NOW)
    check("deadline", shape)
    assert keys("deadline") <= set(shape)
    assert set(stage.clocks) <= {clock["id"] for clock in shape["clocks"]}
    assert [clock["id"] for clock in shape["clocks"]] == list(clocks_at(policy, stage))
    for clock in shape["clocks"]:
        assert keys("clock") <= set(clock)
        assert all(keys("reading") <= set(reading) for reading in clock["readings"])


@pytest.mark.parametrize("resolved", [None, "yes", "no"])
def test_the_decision_at_every_stage_keeps_to_the_schema(policy, stage, resolved):
    more = {"resolved": resolved} if resolved else {}
    shape = decision_json(policy, facts_at(policy, stage, **more), NOW)
    check("decision", shape)
    assert keys("decision") <= set(shape)
    assert all(keys("duty") <= set(duty) for duty in shape["duties"])


def test_every_other_status_keeps_to_the_schema(policy):
    excluded = policy.routes.excluded[0].when["matter"][0]
    for facts, status in (
        ({}, "need"),
        ({"imminent": "yes"}, "imminent"),
        ({"imminent": "no", "matter": excluded}, "outside"),
    ):
        shape = decision_json(policy, facts, NOW)
        check("decision", shape)
        assert shape["status"] == status
    check("deadline", deadline_json(policy, "imminent", START, None, NOW))


def test_a_row_of_the_list_has_the_promised_keys(policy):
    assert set(policy_json(policy, NOW.date())) == keys("policy")


def test_a_review_date_without_a_day_passes_when_its_month_is_over(policies):
    jersey = policies["jersey"]
    assert not review_passed(jersey, date(2017, 10, 31))
    assert review_passed(jersey, date(2017, 11, 1))
    assert not review_passed(policies["berkshire"], date(2099, 1, 1))


def test_words_alone_have_no_date_and_say_why(policies):
    [clock] = deadline_json(policies["gloucestershire"], "2", START, None, NOW)["clocks"]
    assert (clock["due"], clock["skipped"]) == (None, [])
    assert "no number" in clock["convention"]
    assert clock["readings"][0]["words"] == "without delay"


def test_hours_end_in_an_instant_with_its_offset(policies):
    shape = deadline_json(policies["berkshire"], "1", START, "reported", NOW)
    dues = {clock["id"]: clock["due"] for clock in shape["clocks"]}
    assert dues == {"s1_discuss": None, "s1_contact": "2026-12-25T10:00:00+00:00"}


def test_general_advice_stands_apart_from_the_route_of_the_policy(policies):
    shape = decision_json(policies["plymouth"], {"imminent": "yes"}, NOW)
    assert shape["imminent"] == {"route": [], "general_advice": GENERAL_ADVICE}
    assert "not part of the policy" in GENERAL_ADVICE
    berkshire = decision_json(policies["berkshire"], {"imminent": "yes"}, NOW)
    assert "999" in berkshire["imminent"]["route"][-1]["do"]


def test_only_berkshire_s_own_words_name_999(policy):
    shape = decision_json(policy, {"imminent": "yes"}, NOW)
    shape["imminent"].pop("general_advice")
    assert ("999" in json.dumps(shape)) == (policy.id == "berkshire")


@pytest.mark.parametrize(
    ("named", "start", "event", "says"),
    [
        ("9", START, None, "Found stage '9'. Allowed: s1, s2, s3, s4, s5, s6, 1"),
        ("1", "tomorrow", None, "found 'tomorrow'"),
        ("1", START, "stage1_begun", "Did you mean 'stage1_began'?"),
        ("1", START, 3, "Found 3, which starts no clock"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_is_allowed(
    policies, named, start, event, says
):
    with pytest.raises(UnknownFactError) as refusal:
        deadline_json(policies["jersey"], named, start, event, NOW)
    assert says in str(refusal.value)


@pytest.mark.parametrize("facts", [[], "imminent", None, 3])
def test_facts_that_are_no_object_are_refused(policies, facts):
    with pytest.raises(UnknownFactError, match="Give an object"):
        decision_json(policies["jersey"], facts, NOW)


def test_a_stage_is_found_by_its_number_or_its_id(policy, stage):
    assert stage_named(policy, stage.id) == stage
    if stage.number is not None:
        assert stage_named(policy, str(stage.number)).number == stage.number


@pytest.mark.parametrize("chapter", ["Deadlines", "Decisions"])
def test_the_printed_example_is_what_comes_out(policies, chapter):
    text = PAGE.split(f"## {chapter}\n")[1].split("\n## ")[0]
    asked, printed = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.S))
    policy = policies[asked["policy"]]
    if chapter == "Deadlines":
        answer = deadline_json(policy, asked["stage"], asked["start"], asked.get("event"), NOW)
    else:
        answer = decision_json(policy, asked["facts"], NOW)
    assert {"id": asked["id"], **answer} == printed


def test_the_deadlines_of_a_stage_include_what_only_sometimes_applies_or_began_before(policies):
    valley = policies["valley"]
    clocks = dict(valley.clocks)
    clocks["c_refer"] = clocks["b_write"].model_copy(update={"when": {"urgent": ("yes",)}})
    policy = valley.model_copy(update={"clocks": clocks})
    [clock] = deadline_json(policy, "c", "2026-11-12", None, NOW)["clocks"]
    assert clock["after"] == "b_meet"
    assert [reading["due"] for reading in clock["readings"]] == ["2026-11-23"]
