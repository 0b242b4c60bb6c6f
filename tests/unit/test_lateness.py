"""Whether a stage was entered late, at stages of every policy, by the limits as recorded."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from actions.writing import new_escalation
from bot.cards.case import case_card
from bot.escalation.decide import decide
from bot.escalation.progress import settled_as
from bot.policy.library import load_library
from bot.records.cases import Escalation, NewEscalation, StageEntry
from bot.settings import Settings
from bot.wording.lateness import late_entry, say_late_entry

LIBRARY = load_library(Settings.from_environment({}).policies_dir)
NOW = datetime(2026, 12, 15, 12, tzinfo=UTC)
RAISED = "2026-11-12"
"""A Thursday."""


def moved(policy_id: str, entered_on: date, stage: str, then: str, **facts: str) -> Escalation:
    """A case recorded at a stage and left for the next one on that day, not agreed."""
    policy = LIBRARY.get(policy_id)
    matter = policy.facts["matter"].options[0].value
    said = [("imminent", "no"), ("matter", matter), ("stage", stage), *facts.items()]
    new = new_escalation(policy, "hash", decide(policy, dict(said), NOW), said, None, NOW)
    kept = {each.name: getattr(new, each.name) for each in fields(NewEscalation)}
    for name in ("stage", "draft", "alerts"):
        del kept[name]
    clocks = tuple(
        replace(clock, status=settled_as("not_agreed", entered_on, None,
                                         clock.due_on or clock.due_at)[0])
        if clock.status == "running" else clock
        for clock in new.clocks
    )  # fmt: skip
    labels = {each.id: each.label for each in policy.stages}
    left = replace(new.stage, left_on=entered_on, outcome="not_agreed")
    entry = StageEntry(stage=then, label=labels[then], entered_on=entered_on)
    return Escalation(
        **{**kept, "clocks": clocks}, reference="ESC-2026-0001", person="p", status="open",
        created_at=NOW, ended_on=None, ending=None, lessons=None, stages=(left, entry),
    )  # fmt: skip


JERSEY = {"stage1_began": RAISED}
SANDWELL = {"manager_aware": RAISED, "child_status": "neither", "trust": "neither"}


@pytest.mark.parametrize(
    ("policy_id", "stage", "then", "facts", "entered_on", "said"),
    [
        pytest.param(
            "jersey", "s1", "s2", JERSEY, date(2026, 11, 24),
            "entered late: 3 working days after the limit to meet and discuss "
            "(Thursday 19 November 2026)", id="three working days over a weekend",
        ),
        pytest.param("jersey", "s1", "s2", JERSEY, date(2026, 11, 19), "", id="on the last day"),
        pytest.param(
            "jersey", "s2", "s3", {"stage2_began": RAISED, "significant_harm": "yes"},
            date(2026, 11, 17), "entered late: 1 working day after the limit to talk to your "
            "manager or lead and agree how to proceed (Monday 16 November 2026)", id="a must",
        ),
        pytest.param(
            "sandwell", "s1", "s2", SANDWELL, date(2026, 11, 18),
            "entered late: 1 working day after the limit to complete stage 1 "
            "(Tuesday 17 November 2026)", id="two limits on one day",
        ),
        pytest.param(
            "sandwell", "s2", "s3", {**SANDWELL, "stage2_notified": "2026-11-23"},
            date(2026, 11, 26), "entered late: 2 working days after the limit to complete stage 2 "
            "(Tuesday 24 November 2026)", id="day 8 binds although there is time to meet",
        ),
        pytest.param(
            "sandwell", "s3", "s4", {**SANDWELL, "form_received_3": "2026-11-18"},
            date(2026, 11, 30), "", id="a limit to be in contact makes no stage late",
        ),
        pytest.param(
            "berkshire", "s1", "s2", {"reported": "2026-11-12T16:00+00:00",
                                      "disagreement_arose": RAISED},
            date(2026, 11, 14), "entered late: 1 day after the limit to be in contact with the "
            "other line manager or team manager, to review the information and settle it "
            "(Friday 13 November 2026)", id="on a Saturday, in days",
        ),
        pytest.param(
            "berkshire", "s1", "s2", {"reported": "2026-11-12T16:00+00:00",
                                      "disagreement_arose": RAISED},
            date(2026, 11, 13), "", id="an hour of the very day cannot be told",
        ),
        pytest.param("berkshire", "s2", "s3", {"not_resolved_1": RAISED}, date(2026, 12, 14), "",
                     id="without delay is no number"),
        pytest.param("gloucestershire", "s2", "s3", {"not_resolved_1": RAISED, "area": "other"},
                     date(2026, 12, 14), "", id="no number in Gloucestershire"),
        pytest.param("plymouth", "s2", "s3", {"raised": RAISED}, date(2026, 12, 14), "",
                     id="no number at all in Plymouth"),
    ],
)  # fmt: skip
def test_a_stage_entered_after_its_limit_says_so(policy_id, stage, then, facts, entered_on, said):
    case = moved(policy_id, entered_on, stage, then, **facts)
    policy = LIBRARY.get(policy_id)
    first, second = case.stages
    assert say_late_entry(case, policy, first) == ""
    assert say_late_entry(case, policy, second) == said
    shown = str(case_card(case, policy, NOW).as_json())
    assert ("entered late" in shown) == bool(said)


def test_a_limit_that_was_met_makes_nothing_late():
    case = moved("jersey", date(2026, 11, 24), "s1", "s2", **JERSEY)
    met = tuple(replace(clock, status="met") for clock in case.clocks)
    assert late_entry(replace(case, clocks=met), LIBRARY.get("jersey"), case.stages[1]) is None


def test_an_extended_limit_counts_from_its_new_date():
    case = moved("jersey", date(2026, 11, 24), "s1", "s2", **JERSEY)
    longer = tuple(
        replace(clock, status="extended", due_on=date(2026, 11, 23)) for clock in case.clocks
    )
    late = late_entry(replace(case, clocks=longer), LIBRARY.get("jersey"), case.stages[1])
    assert (late.due, late.working_days) == (date(2026, 11, 23), 1)


def test_a_first_stage_may_be_late_by_its_own_limit():
    facts = {**SANDWELL, "form_received_4": "2026-12-14"}
    case = moved("sandwell", date(2026, 12, 15), "s4", "s4", **facts)
    first = replace(case.stages[0], left_on=None, outcome=None)
    case = replace(case, stages=(first,))
    assert first.entered_on == date(2026, 12, 14)
    assert "complete stage 4 (Thursday 10 December 2026)" in say_late_entry(
        case, LIBRARY.get("sandwell"), first
    )
