"""What a scenario says of its policies is held against them, with the line and what is allowed."""

import pytest
from valley_rehearsal import (
    LIBRARY,
    MIXED,
    READ,
    SECOND_POLICY,
    TEXT,
    TO_JERSEY,
    Mistake,
    assert_refused,
    changed,
    keys,
    refused,
)

from bot.rehearsal.load import load

FRAMES = {
    "an unknown policy": Mistake(
        "policy: valley\n", "policy: vally\n", "under[0].policy",
        ("Found 'vally', which is no policy here", "Allowed: berkshire", "mean 'valley'?"),
        at="  - policy: vally",
    ),
    "an unknown version": Mistake(
        "version: March 2026", "version: March 2025", "under[0].version",
        ("valley has no version 'March 2025'", "Allowed: March 2026"),
    ),
    "a policy there twice": Mistake(
        SECOND_POLICY[0], SECOND_POLICY[0] + "  - {policy: valley, version: March 2026,"
        " stage: a, situation: {}}\n", "under[1].policy",
        ("the policy 'valley' is there twice", "Keep one"), at="  - {policy: valley",
    ),
    "an unknown stage to begin at": Mistake(
        "    stage: a\n", "    stage: aa\n", "under[0].stage",
        ("'aa' is no stage of this scenario's policies", "Allowed: a, b, b_urgent, b_usual, c"),
    ),
    "an event that the policy does not have": Mistake(
        "began: {raised: ", "began: {rased: ", "under[0].began",
        ("'rased' is no event of this scenario's policies", "Did you mean 'raised'?"),
    ),
    "something begun on no date": Mistake(
        'began: {raised: "2026-03-31"}', "began: {raised: on Tuesday}", "under[0].began.raised",
        ("found 'on Tuesday'", "Give a date such as '2026-11-22'"),
    ),
    "a fact that the policy does not have": Mistake(
        "      urgent: ", "      urgant: ", "under[0].situation.urgant",
        ("Found 'urgant', which is no fact of valley", "Did you mean 'urgent'?"),
    ),
    "a value that a fact does not have": Mistake(
        '      urgent: "no"', "      urgent: soon", "under[0].situation.urgent",
        ("Fact 'urgent': found 'soon'", "Allowed: no, yes"),
    ),
    "a situation that the policy is not for": Mistake(
        "matter: another_agency", "matter: own_agency", "under[0].situation",
        ("valley says 'outside' of this situation", "change the facts or the stage"),
        at="    situation:",
    ),
    "a situation in which somebody is at risk now": Mistake(
        'imminent: "no"', 'imminent: "yes"', "under[0].situation", ("valley says 'imminent'",),
        at="    situation:",
    ),
    "a situation that leaves too much open": Mistake(
        "      matter: another_agency\n", "", "under[0].situation",
        ("valley says 'need' of this situation", "Add the facts matter to the situation"),
        at="    situation:",
    ),
    "a stage in which nobody stays": Mistake(
        "    stage: a\n", "    stage: b\n", "under[0].stage",
        ("found 'b', but these facts lead to 'b_usual'", "Write that stage"),
    ),
}  # fmt: skip

PARTS = {
    "a stage to enter that is none": Mistake(
        "enters: b_usual", "enters: b_usua", "points[0].choices[0].enters",
        ("'b_usua' is no stage of this scenario's policies", "Did you mean 'b_usual'?"),
    ),
    "a stage to enter in which nobody stays": Mistake(
        "enters: b_usual", "enters: b", "points[0].choices[0].enters",
        ("found 'b', but these facts lead to 'b_usual'",), at="        enters: b\n",
    ),
    "a stage to enter that asks for more facts": Mistake(
        '      urgent: "no"\n', "", "points[0].choices[0].enters",
        ("valley says 'need' of this situation", "Add the facts urgent"),
        at="        enters: b\n", beside=(("enters: b_usual", "enters: b"),),
    ),
    "an event that happens and is none": Mistake(
        "happens: [form_sent]", "happens: [form_send]", "points[0].choices[0].happens",
        ("'form_send' is no event of this scenario's policies", "mean 'form_sent'?"),
    ),
    "another policy that the scenario is not under": Mistake(
        READ, f"{READ}    under: jersey\n    enters: s1\n", "steps[3].under",
        ("'jersey' is no policy of this scenario's policies", "Allowed: valley"),
        at="    under: jersey",
    ),
    "a stage of another policy": Mistake(
        READ, f"{READ}    under: jersey\n    enters: b_usual\n", "steps[3].enters",
        ("'b_usual' is no stage", "Allowed: s1"), at="    enters: b_usual\n    takes",
        beside=(SECOND_POLICY,),
    ),
    "a stage of one of two policies that does not say which": Mistake(
        TO_JERSEY[0], TO_JERSEY[1], "points[0].choices[0].enters",
        ("not every policy of this scenario has 'b_usual'", "Allowed: jersey, valley", "'under'"),
        at="        enters: b_usual", beside=(SECOND_POLICY,),
    ),
    "an event of one of two policies that does not say which": Mistake(
        "        enters: b_usual\n", "", "points[0].choices[0].happens",
        ("not every policy of this scenario has 'form_sent'", "add 'under'"),
        at="        happens: [form_sent]", beside=(SECOND_POLICY,),
    ),
    "a condition on a stage that is none": Mistake(
        "- given: {stage: [b_usual]}", "- given: {stage: [b_usuel]}",
        "counterpart.topics[1].answers[0].given.stage",
        ("'b_usuel' is no stage", "Did you mean 'b_usual'?"),
    ),
    "a clock that is none": Mistake(
        "by: {clock: a_talk}", "by: {clock: a_walk}", "points[0].by.clock",
        ("'a_walk' is no clock of this scenario's policies", "Did you mean 'a_talk'?"),
    ),
    "a clause that is none": Mistake(
        "        cite: [a, b]\n", "        cite: [a, b_frok]\n", "points[0].choices[2].cite",
        ("'b_frok' is no clause of valley", "Did you mean 'b_fork'?"),
    ),
    "a clause of a step that is none": Mistake(
        "      cite: [form]\n", "      cite: [from]\n", "steps[2].unsafe.cite",
        ("'from' is no clause of valley", "Did you mean 'form'?"),
    ),
    "a clause of a policy that the scenario is not under": Mistake(
        "        cite: [a, b]\n", "        cite: [a, jersey:purpose]\n",
        "points[0].choices[2].cite",
        ("found 'jersey:purpose', but the scenario is not under that policy", "Allowed: valley"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "mistake", [pytest.param(each, id=id_) for id_, each in {**FRAMES, **PARTS}.items()]
)
def test_what_a_policy_does_not_bear_out_is_refused(mistake, tmp_path):
    assert_refused(mistake, tmp_path)


@pytest.mark.parametrize(
    "mistake", [pytest.param(each, id=id_) for id_, each in FRAMES.items() if "twice" not in id_]
)
def test_a_mistake_about_the_policy_is_reported_once(mistake, tmp_path):
    text = changed(*mistake.beside, (mistake.old, mistake.new))
    assert keys(refused(tmp_path, text).problems) == [mistake.key]


def test_a_scenario_under_two_policies_says_in_every_turn_which_it_is(tmp_path):
    path = tmp_path / "valley_over_easter.yml"
    path.write_text(changed(*MIXED), encoding="utf-8")
    world = load(path, LIBRARY)
    assert world.mixed
    assert [*world.policies] == ["valley", "jersey"]


def test_a_clause_of_the_second_policy_bears_its_name(tmp_path):
    text = changed(SECOND_POLICY).replace("cite: [form]", "cite: [jersey:purpose]")
    assert "steps[2].unsafe.cite" not in keys(refused(tmp_path, text).problems)
    again = text.replace("jersey:purpose", "jersey:purposes")
    [problem] = [each for each in refused(tmp_path, again).problems if each.key[:2] == ("steps", 2)]
    assert "'purposes' is no clause of jersey. Did you mean 'purpose'?" in str(problem)
    assert "cite: [form]" in TEXT
