"""A decision in single steps: what comes before what, and what is refused."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.escalation.decide import decide
from bot.escalation.situation import UnknownFactError, checked

NOW = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))
LADDER = {"imminent": "no", "matter": "another_agency"}


def in_scope(policy) -> str:
    """An answer to the question of scope that the policy is for."""
    return policy.facts["matter"].options[0].value


def test_risk_comes_before_scope(policy):
    excluded = policy.routes.excluded[0].when["matter"][0]
    facts = {"imminent": "not_sure", "matter": excluded}
    assert decide(policy, facts, NOW).status == "imminent"
    assert decide(policy, {**facts, "protected": "yes"}, NOW).status == "outside"


def test_once_the_person_is_protected_the_route_is_still_shown(policy):
    stage = policy.stages[0].id
    facts = {"imminent": "yes", "protected": "yes", "matter": in_scope(policy), "stage": stage}
    decision = decide(policy, facts, NOW)
    assert decision.status in ("stage", "discuss_first")
    assert decision.imminent is not None


def test_scope_comes_before_the_stage(policy):
    excluded = policy.routes.excluded[0]
    facts = {"imminent": "no", "matter": excluded.when["matter"][0]}
    decision = decide(policy, facts, NOW)
    assert decision.status == "outside"
    assert decision.excluded == excluded
    assert decision.duties == ()


@pytest.mark.parametrize(("facts", "asked"), [
    ({}, ["imminent", "matter", "stage"]),
    ({"imminent": "no"}, ["matter", "stage"]),
    (LADDER, ["stage"]),
])  # fmt: skip
def test_exactly_what_is_missing_is_asked(policies, facts, asked):
    decision = decide(policies["sandwell"], facts, NOW)
    assert decision.status == "need"
    assert [question.fact for question in decision.questions] == asked


def test_a_condition_to_enter_is_asked_for_and_if_it_fails_the_stage_before_stays(policies):
    facts = {"imminent": "no", "matter": "child", "stage": "s2"}
    asked = decide(policies["jersey"], facts, NOW)
    assert [question.fact for question in asked.questions] == ["significant_harm"]
    below = decide(policies["jersey"], {**facts, "significant_harm": "no"}, NOW)
    assert (below.status, below.stage.id) == ("discuss_first", "s1")
    assert "good practice, not a duty" in below.reasons[0].text


def test_a_fork_is_asked_for_and_followed(policies):
    facts = {**LADDER, "stage": "b"}
    valley = policies["valley"]
    assert [question.fact for question in decide(valley, facts, NOW).questions] == ["urgent"]
    assert decide(valley, {**facts, "urgent": "yes"}, NOW).stage.id == "b_urgent"
    assert decide(valley, {**facts, "urgent": "no", "resolved": "yes"}, NOW).stage.id == "b_usual"


def test_resolved_closes_the_stage_with_every_duty_of_it(policies):
    facts = {**LADDER, "stage": "s2", "trust": "neither", "child_status": "neither"}
    running = decide(policies["sandwell"], facts, NOW)
    closed = decide(policies["sandwell"], {**facts, "resolved": "yes"}, NOW)
    assert (closed.status, closed.next) == ("closed", None)
    assert all(duty in closed.duties for duty in running.duties)


def test_unresolved_moves_to_the_next_stage_with_what_is_due_on_leaving(policies):
    facts = {**LADDER, "stage": "s2", "trust": "challenged", "resolved": "no"}
    decision = decide(policies["sandwell"], facts, NOW)
    ids = {duty.id for duty in decision.duties}
    assert decision.stage.id == "s3"
    assert {"record_dispute", "tell_rep", "tell_dqr", "form_3"} <= ids


def test_only_sandwell_forbids_to_skip(policies):
    for policy in policies.values():
        last = policy.stages[-1]
        facts = {"imminent": "no", "matter": in_scope(policy), "stage": last.id}
        skipped = [stage.id for stage in decide(policy, facts, NOW).may_not_skip]
        assert skipped == (["s1", "s2", "s3"] if policy.id == "sandwell" else [])


@pytest.mark.parametrize(
    ("matter", "side", "expected"),
    [("received", None, "challenged"), ("another_agency", None, "raising"),
     ("received", "raising", "raising")],
)  # fmt: skip
def test_the_side_follows_from_the_matter_unless_it_is_given(policies, matter, side, expected):
    given = {"matter": matter, **({"side": side} if side else {})}
    assert checked(policies["sandwell"], given)["side"] == expected


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"colour": "red"}, "Found 'colour', which is no fact of sandwell. Allowed: imminent"),
        ({"trsut": "challenged"}, "Did you mean 'trust'?"),
        ({"stage": "s9"}, "Fact 'stage': found 's9'. Allowed: s0, s1, s2, s3, s4."),
        ({"trust": "maybe"}, "Fact 'trust': found 'maybe'. Allowed: challenged, raising, neither."),
        ({"imminent": True}, "Fact 'imminent': found True. A value is text, in quotation marks."),
        ({"manager_aware": "soon"}, "Event 'manager_aware': found 'soon'. Give a date such as"),
        ({"manager_aware": "2026-02-30"}, "Event 'manager_aware': found '2026-02-30'"),
        ({"manager_aware": "3000-01-01"}, "Dates are counted from 1981 to 2099. Check the year."),
        ({"manager_aware": "9999-12-31"}, "Check the year."),
        ({"manager_aware": "9999-12-31T23:00-12:00"}, "Event 'manager_aware': found"),
        ({"manager_aware": "0001-01-01T00:00+14:00"}, "Event 'manager_aware': found"),
        ({"resolved": ["no"]}, "A value is text"),
    ],
)
def test_what_a_policy_does_not_declare_is_refused_with_what_is_allowed(policies, facts, says):
    with pytest.raises(UnknownFactError) as refusal:
        decide(policies["sandwell"], facts, NOW)
    assert says in str(refusal.value)


@pytest.mark.parametrize("id_", ["jersey", "plymouth", "sandwell", "gloucestershire", "berkshire"])
def test_the_challenged_side_is_told_what_falls_to_it_at_every_formal_stage(policies, id_):
    policy = policies[id_]
    told = {}
    for stage in (stage for stage in policy.stages if stage.formal):
        facts = {"imminent": "no", "matter": "received", "stage": stage.id}
        if "significant_harm" in policy.facts:
            facts["significant_harm"] = "yes"
        decision = decide(policy, facts, NOW)
        told[stage.id] = any(decision.falls_to_us(duty.who) for duty in decision.duties)
    assert all(told.values()), told


def changed(policy, stage: str, clocks: tuple[str, ...], **changes: dict):
    """The policy with other clocks at one stage, and clocks changed as told."""
    stages = tuple(
        each.model_copy(update={"clocks": clocks}) if each.id == stage else each
        for each in policy.stages
    )
    changed = {id_: policy.clocks[id_].model_copy(update=made) for id_, made in changes.items()}
    return policy.model_copy(update={"stages": stages, "clocks": {**policy.clocks, **changed}})


@pytest.mark.parametrize(
    ("given", "asked", "due"),
    [
        ({}, ["form_sent", "meeting_called"], None),
        ({"form_sent": "not_yet"}, ["meeting_called"], None),
        ({"form_sent": "2026-11-12"}, [], "2026-11-23"),
    ],
)
def test_the_start_of_a_chain_is_asked_though_it_lies_in_an_earlier_stage(
    policies, given, asked, due
):
    policy = changed(policies["valley"], "c", ("b_write",))
    decision = decide(policy, {**LADDER, "stage": "c", **given}, NOW)
    events = [each.fact for each in decision.questions if each.fact in policy.events]
    assert events == asked
    assert [clock.due and clock.due.isoformat() for clock in decision.clocks] == [due]


@pytest.mark.parametrize("conditional", ["a_talk", "b_meet"])
def test_what_a_limit_depends_on_is_asked_before_the_limit_is_shown(policies, conditional):
    shown = "b_write" if conditional == "b_meet" else "a_talk"
    policy = changed(
        policies["valley"], "a", (shown,), **{conditional: {"when": {"urgent": ("yes",)}}}
    )
    facts = {**LADDER, "stage": "a"}
    open_ = decide(policy, facts, NOW)
    assert open_.clocks == ()
    assert [each.fact for each in open_.questions][:1] == ["urgent"]
    for answer, clocks in (("no", []), ("yes", [shown])):
        decision = decide(policy, {**facts, "urgent": answer}, NOW)
        assert [clock.id for clock in decision.clocks] == clocks
        assert ("raised" in {each.fact for each in decision.questions}) == (clocks == ["a_talk"])
