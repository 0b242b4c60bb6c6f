"""Every case of tests/cases against the real policies, and nothing in a policy without a case."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.exchange import due_json
from bot.policy.load import load
from bot.policy.model import Policy

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases"
FILES = [
    *sorted((ROOT / "policies").glob("*/*.yml")),
    *sorted((CASES / "policies").glob("*/*.yml")),
]
POLICIES = {policy.id: policy for policy in map(load, FILES)}
EXPECTABLE = {
    "status", "stage", "actor", "counterpart", "duties", "duties_if", "earlier", "forms", "clocks",
    "questions", "excluded", "next", "final", "ending", "ambiguities", "says", "may_not_skip",
    "overdue",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    policy: Policy
    name: str
    treats: tuple[str, ...]
    now: datetime
    facts: dict[str, str]
    expect: dict[str, Any]

    def decide(self) -> Decision:
        return decide(self.policy, self.facts, self.now)


def read_cases(policy: Policy) -> list[Case]:
    """The cases of one policy; a key that means nothing here is refused."""
    cases = []
    for row in yaml.safe_load((CASES / f"{policy.id}.yml").read_text()):
        unknown = {*row} - {"case", "treats", "now", "facts", "expect"}
        unknown |= {*row["expect"]} - EXPECTABLE
        assert not unknown, f"{policy.id}: {row['case']}: unknown keys {unknown}"
        now = datetime.fromisoformat(row["now"]).replace(tzinfo=ZoneInfo(policy.place.timezone))
        cases.append(
            Case(
                policy, row["case"], tuple(row.get("treats", ())), now, row["facts"], row["expect"]
            )
        )
    return cases


ALL = {id_: read_cases(policy) for id_, policy in POLICIES.items()}


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{id_}: {case.name}") for id_, cases in ALL.items() for case in cases],
)
def test_case(case: Case):
    decision = case.decide()
    shown = outcome(decision, case.expect)
    expected = {
        key: value for key, value in case.expect.items() if key not in ("says", "ambiguities")
    }
    assert shown == expected
    missing = set(case.expect.get("ambiguities", ())) - {each.id for each in decision.ambiguities}
    assert not missing, f"not applied: {missing}"
    said = words_of(decision)
    for phrase in case.expect.get("says", ()):
        assert phrase.casefold() in said, f"{phrase!r} is not said in: {said}"


def outcome(decision: Decision, expect: dict[str, Any]) -> dict[str, Any]:
    """The decision in the words of a case, for the keys that the case expects."""
    stage = decision.stage
    every = {
        "status": decision.status,
        "stage": stage.id if stage else None,
        "actor": stage.actor if stage else None,
        "counterpart": stage.counterpart if stage else None,
        "duties": [duty.id for duty in decision.duties],
        "duties_if": [each.duty.id for each in decision.duties_if],
        "earlier": [each.duty.id for each in decision.earlier],
        "forms": {duty.form: duty.strength for duty in decision.forms},
        "clocks": {clock.id: due_json(clock.due) for clock in decision.clocks},
        "questions": [question.fact for question in decision.questions],
        "excluded": decision.excluded.id if decision.excluded else None,
        "next": decision.next.id if decision.next else None,
        "final": decision.final,
        "ending": [ending.force for ending in decision.endings],
        "may_not_skip": [stage.id for stage in decision.may_not_skip],
        "overdue": [clock.id for clock in decision.clocks if clock.overdue],
    }
    return {key: every[key] for key in expect if key in every}


def words_of(decision: Decision) -> str:
    """Everything a decision says, in small letters."""
    policy = decision.policy
    parts = [note.text for note in decision.reasons]
    parts += [f"{each.says} {each.treat_as}" for each in decision.ambiguities]
    parts += [
        f"{duty.what} {duty.strength}"
        for duty in (*decision.duties, *(each.duty for each in decision.earlier))
    ]
    parts += [each.duty.what for each in decision.duties_if]
    parts += [each.what for each in decision.endings]
    parts += [note.text for note in policy.banners]
    for clock in decision.clocks:
        parts += [clock.clock.what, clock.clock.note or ""]
        for limit in clock.limits:
            parts += [limit.reading.words, limit.convention]
    if decision.imminent:
        parts += [step.do for step in decision.imminent.route]
        parts.append(policy.routes.ladder.words)
    if decision.excluded:
        parts.append(decision.excluded.go_to)
    return " ".join(parts).casefold()


@pytest.mark.parametrize("id_", POLICIES)
def test_every_part_of_a_policy_has_a_case(id_):
    policy, decisions = POLICIES[id_], [case.decide() for case in ALL[id_]]
    expects = [case.expect for case in ALL[id_]]

    def expected(key: str) -> set[str]:
        return {value for expect in expects for value in (expect.get(key) or ())}

    stages = {expect["stage"] for expect in expects if expect.get("stage")}
    assert {stage.id for stage in policy.stages if not stage.fork} <= stages
    assert {duty.id for duty in policy.duties} <= expected("duties")
    assert set(policy.clocks) <= expected("clocks")
    excluded = {expect["excluded"] for expect in expects if expect.get("excluded")}
    assert {exclusion.id for exclusion in policy.routes.excluded} <= excluded
    assert any(expect.get("status") == "imminent" for expect in expects)
    endings = [
        ending
        for decision, expect in zip(decisions, expects, strict=True)
        if "ending" in expect
        for ending in decision.endings
    ]
    assert all(ending in endings for ending in policy.endings)


@pytest.mark.parametrize("id_", POLICIES)
def test_every_ambiguity_is_treated_by_a_case(id_):
    treated = {id_ for case in ALL[id_] for id_ in case.treats}
    assert treated == {each.id for each in POLICIES[id_].ambiguities}


def test_every_ambiguity_of_the_ground_truth_is_in_a_policy():
    truth = ROOT.parent / "shared" / "policies" / "ground-truth.md"
    if not truth.exists():
        pytest.skip(f"the ground truth is not at {truth}: only the builders have it")
    listed = set(re.findall(r"^\| ([JPSGB]-G\d+) \|", truth.read_text(), re.MULTILINE))
    held = {each.id for policy in POLICIES.values() for each in policy.ambiguities}
    assert len(listed) > 60
    assert listed <= held
