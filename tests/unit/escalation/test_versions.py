"""What a newer version changes for a case, and whether a case can go on under it."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.escalation.carrying import carried
from bot.escalation.versions import differences, from_here
from bot.policy.model import Policy
from bot.policy.source import PolicyLoader

VALLEY = Path(__file__).parents[2] / "cases" / "policies" / "valley" / "2026-03.yml"
DATA = yaml.load(VALLEY.read_text(encoding="utf-8"), PolicyLoader)
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
FACTS = {"matter": "another_agency", "area": "support", "raised": "2026-11-17"}


def version(change: Callable[[dict[str, Any]], Any] = lambda data: None) -> Policy:
    """The Valley policy with something changed."""
    data = deepcopy(DATA)
    change(data)
    return Policy.model_validate(data)


def stage(data: dict[str, Any], id_: str) -> dict[str, Any]:
    return next(each for each in data["stages"] if each["id"] == id_)


def duty(data: dict[str, Any], id_: str) -> dict[str, Any]:
    return next(each for each in data["duties"] if each["id"] == id_)


def reading(data: dict[str, Any], clock: str, **changes: Any) -> None:
    data["clocks"][clock]["readings"][0].update(changes)


def without_c(data: dict[str, Any]) -> None:
    data["stages"] = [each for each in data["stages"] if each["id"] != "c"]
    for id_ in ("b", "b_usual", "b_urgent"):
        stage(data, id_)["next"] = None


def with_d(data: dict[str, Any]) -> None:
    data["stages"].append({**stage(data, "c"), "id": "d", "label": "Step D", "title": "Board"})
    stage(data, "c")["next"] = "d"


def extra_limit(data: dict[str, Any]) -> None:
    data["clocks"]["a_ring"] = {**data["clocks"]["a_talk"], "what": "ring the other agency"}
    stage(data, "a")["clocks"] = ["a_talk", "a_ring"]


OLD = version()


def test_a_version_does_not_differ_from_itself(policy, stage):
    assert differences(policy, policy, stage.id) == ()


@pytest.mark.parametrize(
    ("at", "change", "said"),
    [
        pytest.param(
            "a", lambda d: reading(d, "a_talk", n=1),
            "Step A, to talk to the worker of the other agency. Now: 1 working day. "
            "Before: 3 working days.", id="a shorter limit",
        ),
        pytest.param(
            "a", lambda d: reading(d, "a_talk", kind="elapsed_hours", n=72),
            "Step A, to talk to the worker of the other agency. Now: 72 hours. "
            "Before: 3 working days.", id="another unit",
        ),
        pytest.param(
            "c", lambda d: reading(d, "c_refer", kind="calendar_months", n=2),
            "Step C, to refer it to the Chair. Now: 2 months. "
            "Before: “promptly”, without a number.", id="a number where there was none",
        ),
        pytest.param(
            "b_urgent", lambda d: d["clocks"]["b_reply"]["readings"].pop(),
            "Step B, to give an answer. Now: 48 hours. Before: 48 hours and 2 working days.",
            id="one reading of two",
        ),
        pytest.param(
            "a", lambda d: d["clocks"]["a_talk"].update(strength="must"),
            "Step A, to talk to the worker of the other agency, how binding. "
            "Now: must. Before: should.",
            id="a limit that binds more",
        ),
        pytest.param(
            "a", lambda d: d["clocks"]["a_talk"].update(owner="lead"),
            "Step A, to talk to the worker of the other agency, for whom. "
            "Now: adult safeguarding lead. Before: worker.", id="a limit of somebody else",
        ),
        pytest.param(
            "a", lambda d: d["clocks"]["a_talk"].update(start=["form_sent"]),
            "Step A, to talk to the worker of the other agency, counted from the answer to. "
            "Now: “When was the form sent?”. "
            "Before: “When did you raise it with the other agency?”.", id="another start",
        ),
        pytest.param(
            "a", extra_limit,
            "Step A, new time limit to ring the other agency: 3 working days.", id="a new limit",
        ),
        pytest.param(
            "a", lambda d: stage(d, "a").update(clocks=[]),
            "Step A: no time limit any more to talk to the worker of the other agency.",
            id="a limit less",
        ),
        pytest.param(
            "a", lambda d: stage(d, "c").update(actor="lead"),
            "Step C, who acts. "
            "Now: the adult safeguarding lead, with the Chair of the Valley Adults Partnership. "
            "Before: the director, with the Chair of the Valley Adults Partnership.",
            id="somebody else acts at a later stage",
        ),
        pytest.param(
            "a", lambda d: d["roles"]["worker"].update(name="practitioner"),
            "Step A, who acts. Now: the practitioner, with the worker of the other agency. "
            "Before: the worker, with the worker of the other agency.", id="a role by another name",
        ),
        pytest.param(
            "a", lambda d: stage(d, "a").update(label="Level 1"),
            "Step A (Talk) is now called Level 1 (Talk).", id="a stage by another name",
        ),
        pytest.param(
            "a", with_d,
            "New: Step D (Board). Who acts: the director, with the Chair of the Valley Adults "
            "Partnership.", id="a new stage",
        ),
        pytest.param(
            "a", with_d,
            "Step C, what follows it. Now: Step D (Board). "
            "Before: nothing, it is the last stage.", id="it is not the last any more",
        ),
        pytest.param("a", without_c, "Step C (Chair) is no longer part of the policy.",
                     id="a stage less"),
        pytest.param(
            "a", lambda d: duty(d, "form_chair").update(strength="should"),
            "“Send the escalation record to the Chair”, how binding. Now: should. Before: must.",
            id="a duty of a later stage that binds less",
        ),
        pytest.param(
            "a", lambda d: duty(d, "ask_adult").update(who="lead"),
            "“Ask the adult what they want, and write it down”, who. "
            "Now: adult safeguarding lead. Before: worker.", id="a duty of somebody else",
        ),
        pytest.param(
            "b_usual", lambda d: duty(d, "form_usual")["when"].pop("urgent"),
            "“Send the escalation record to the partnership office”, when it applies. "
            "Now: at Step B. "
            "Before: at Step B and the answer to “How soon does it need an answer?” is "
            "“It can wait”.", id="a duty that applies more often",
        ),
        pytest.param(
            "a", lambda d: d["duties"].append({**duty(d, "ask_adult"), "id": "n", "what": "Ring"}),
            "New duty (must): Ring. Who: worker.", id="a new duty",
        ),
        pytest.param(
            "c", lambda d: d["duties"].remove(duty(d, "form_chair")),
            "No longer asked for: Send the escalation record to the Chair.", id="a duty less",
        ),
        pytest.param(
            "a", lambda d: d["endings"][0].update(force="final"),
            "Step C, how it may end. Now: by the Chair of the Valley Adults Partnership, final. "
            "Before: by the Chair of the Valley Adults Partnership, for consideration.",
            id="a last word",
        ),
        pytest.param(
            "c", lambda d: d["routes"]["imminent"][0].update(do="Ring 999"),
            "Immediate danger. Now: Ring 999.", id="another route at immediate danger",
        ),
        pytest.param(
            "c", lambda d: d["place"].update(calendar="scotland"),
            "Time limits are counted by the bank holidays of another place.", id="another place",
        ),
    ],
)  # fmt: skip
def test_a_difference_is_said_plainly(at, change, said):
    assert said in differences(OLD, version(change), at)


@pytest.mark.parametrize(
    ("at", "change"),
    [
        pytest.param("b_usual", lambda d: reading(d, "a_talk", n=1), id="a limit"),
        pytest.param("c", lambda d: stage(d, "a").update(actor="lead"), id="who acts"),
        pytest.param("c", lambda d: duty(d, "ask_adult").update(strength="may"), id="a duty"),
        pytest.param("b_urgent", lambda d: duty(d, "form_usual").update(strength="may"),
                     id="a duty of the other branch"),
    ],
)  # fmt: skip
def test_what_lies_behind_the_case_is_not_said(at, change):
    assert differences(OLD, version(change), at) == ()


def test_where_the_stage_is_gone_only_that_is_said():
    assert differences(OLD, version(without_c), "c") == (
        "Step C (Chair) is no longer part of the policy.",
    )


def test_a_stage_and_those_after_it_hold_every_branch():
    assert [each.id for each in from_here(OLD, "a")] == ["a", "b", "b_usual", "b_urgent", "c"]
    assert [each.id for each in from_here(OLD, "b_urgent")] == ["b_urgent", "c"]


def test_a_case_is_carried_over_with_what_the_newer_version_says_of_its_stage():
    newer = version(lambda d: reading(d, "a_talk", n=1))
    found = carried(OLD, newer, FACTS, ["a"], NOW)
    assert (found.obstacle, found.lost) == (None, ())
    assert found.decision.stage.id == "a"
    assert [(clock.id, str(clock.due)) for clock in found.decision.clocks] == [
        ("a_talk", "2026-11-18")
    ]


def lose_support(data):
    options = data["facts"]["area"]["options"]
    data["facts"]["area"]["options"] = [each for each in options if each["value"] != "support"]


def test_an_answer_that_does_not_fit_any_more_is_named():
    found = carried(OLD, version(lose_support), FACTS, ["a"], NOW)
    assert found.obstacle is None
    assert found.lost == ("What do you disagree about?",)


def lose_matter(data):
    for each in data["facts"]["matter"]["options"]:
        if each["value"] == "another_agency":
            each["value"] = "any_agency"


def refuse_matter(data):
    data["routes"]["excluded"][0]["when"] = {"matter": ["another_agency"]}


def fork_at_c(data):
    stage(data, "c")["fork"] = [{"when": {"urgent": ["yes"]}, "stage": "b_urgent"}]


def doorstep_at_c(data):
    stage(data, "c")["enter_if"] = {"urgent": ["yes"]}


@pytest.mark.parametrize(
    ("facts", "stages", "change", "why"),
    [
        pytest.param({}, ["a", "c"], without_c, "is at Step C, and version March 2026 has no such",
                     id="its stage is gone"),
        pytest.param({}, ["c", "a"], without_c, "went through Step C, and version", id="one gone"),
        pytest.param({}, ["a"], lose_matter, "to tell which stage applies: “Which of these fits?”",
                     id="what it is about does not fit"),
        pytest.param({}, ["a"], refuse_matter, "not for a matter like this one. Use your own",
                     id="not for this matter"),
        pytest.param({}, ["a", "c"], fork_at_c, "“How soon does it need an answer?”", id="a fork"),
        pytest.param({"urgent": "no"}, ["a", "c"], doorstep_at_c, "does not lead to Step C",
                     id="it may not be entered"),
    ],
)  # fmt: skip
def test_why_a_case_cannot_go_on_is_said(facts, stages, change, why):
    found = carried(OLD, version(change), {**FACTS, **facts}, stages, NOW)
    assert found.decision is None
    assert why in found.obstacle


def test_a_risk_told_long_ago_does_not_stop_a_case():
    found = carried(OLD, OLD, {**FACTS, "imminent": "yes"}, ["a"], NOW)
    assert found.obstacle is None
