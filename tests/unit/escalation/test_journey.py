"""The walk: which question comes next, how soon the answer comes, what a change drops."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.decide import decide
from bot.escalation.journey import (
    CHECK,
    OUTSIDE,
    PROTECTED,
    answerable,
    comes_before_the_answer,
    facts_of,
    next_question,
    question_asked,
    take,
)
from bot.escalation.questions import NOT_KNOWN, NOT_YET, SKIPPED, Question

NOW = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))
TAPS_TO_THE_ANSWER = 7
LONGEST_WALK = 25
Answers = list[tuple[str, str]]


def first_answer(asked: Question, wishes: dict[str, str]) -> str:
    """What is wished for, or the first answer that there is."""
    if asked.fact in wishes:
        return wishes[asked.fact]
    if asked.kind == "date":
        return "2026-11-12"
    return SKIPPED if asked.kind == "text" else asked.choices[0].value


def adding(policy, answers: Answers, fact: str, value: str) -> Answers:
    """The answers with one more. Until the partnership is chosen nothing can be left over."""
    if fact != "policy" and "policy" not in dict(answers):
        return [*answers, (fact, value)]
    kept, left_over = take(policy, answers, fact, value, NOW)
    assert left_over == []
    return kept


def walk(policy, until: str = "check", **wishes: str) -> Answers:
    """The answers given up to the question for `until`."""
    wishes = {"imminent": "no", "policy": policy.id, **wishes}
    answers: Answers = []
    for _ in range(LONGEST_WALK):
        chosen = policy if "policy" in dict(answers) else None
        asked = next_question(chosen, answers, NOW)
        if asked is None or asked.fact == until:
            return answers
        value = first_answer(asked, wishes)
        answers = adding(policy, answers, asked.fact, value)
        assert dict(answers)[asked.fact] == value
    raise AssertionError(f"no end after {LONGEST_WALK} questions: {answers}")


def asked_of(answers: Answers) -> list[str]:
    return [fact for fact, _ in answers]


def test_risk_is_asked_before_the_partnership():
    assert next_question(None, [], NOW).fact == "imminent"
    assert next_question(None, [("imminent", "no")], NOW).fact == "policy"
    assert next_question(None, [("imminent", "yes")], NOW).fact == "policy"


def test_risk_is_asked_first_where_the_partnership_is_known_from_the_start(policy):
    assert next_question(policy, [("policy", policy.id)], NOW).fact == "imminent"


@pytest.mark.parametrize("risk", ["yes", "not_sure"])
def test_at_risk_nothing_else_is_asked_until_the_person_is_safe(policy, risk):
    answers = [("imminent", risk), ("policy", policy.id)]
    assert next_question(policy, answers, NOW) == PROTECTED
    again, _ = take(policy, answers, "protected", "no", NOW)
    assert next_question(policy, again, NOW) == PROTECTED
    safe, _ = take(policy, answers, "protected", "yes", NOW)
    assert next_question(policy, safe, NOW).fact == "matter"
    nobody, _ = take(policy, answers, "protected", "not_needed", NOW)
    assert facts_of(nobody)["imminent"] == "no"
    assert next_question(policy, nobody, NOW).fact == "matter"


def test_the_answer_comes_within_seven_taps_at_every_stage(policy, offered):
    answers: Answers = []
    wishes = {"imminent": "no", "policy": policy.id, "stage": offered.id}
    for taps in range(TAPS_TO_THE_ANSWER + 1):
        chosen = policy if "policy" in dict(answers) else None
        if chosen and answerable(policy, answers, NOW):
            assert answerable(policy, answers, NOW).stage is not None
            assert taps <= TAPS_TO_THE_ANSWER
            return
        asked = next_question(chosen, answers, NOW)
        answers = adding(policy, answers, asked.fact, first_answer(asked, wishes))
    raise AssertionError(f"no answer after {TAPS_TO_THE_ANSWER} taps: {asked_of(answers)}")


def test_every_stage_comes_to_the_check_and_is_then_complete(policy, offered):
    answers = walk(policy, stage=offered.id)
    assert next_question(policy, answers, NOW) == CHECK
    for end in ("record", "keep_draft"):
        done, dropped = take(policy, answers, "check", end, NOW)
        assert (next_question(policy, done, NOW), dropped) == (None, [])


def test_a_date_that_is_not_known_does_not_stop_the_walk(policy, offered):
    for unknown in (NOT_YET, NOT_KNOWN):
        wishes = dict.fromkeys(policy.events, unknown)
        answers = walk(policy, stage=offered.id, **wishes)
        assert next_question(policy, answers, NOW) == CHECK


def test_of_two_start_events_the_second_is_asked_only_if_the_first_has_not_happened(policies):
    valley = policies["valley"]
    happened = walk(valley, stage="b", urgent="no", form_sent="2026-11-12")
    assert "meeting_called" not in asked_of(happened)
    other = walk(valley, stage="b", urgent="no", form_sent=NOT_YET)
    assert "meeting_called" in asked_of(other)


def test_outside_the_policy_there_is_a_way_back_and_an_end(policy):
    for excluded in policy.routes.excluded:
        [matter] = excluded.when["matter"]
        answers = walk(policy, until="outside", matter=matter)
        assert next_question(policy, answers, NOW) == OUTSIDE
        back, _ = take(policy, answers, "outside", "change", NOW)
        assert next_question(policy, back, NOW).fact == "matter"
        ended, _ = take(policy, answers, "outside", "end", NOW)
        assert next_question(policy, ended, NOW) is None


def test_a_changed_stage_leaves_over_what_it_does_not_ask_for(policies):
    jersey = policies["jersey"]
    answers = walk(jersey, stage="s2", summary="We differ about the risk.")
    kept, left_over = take(jersey, answers, "stage", "s4", NOW)
    assert dict(kept)["stage"] == "s4"
    assert next_question(jersey, kept, NOW).fact == "stage4_began"
    assert left_over == [
        ("significant_harm", "yes"),
        ("stage2_began", "2026-11-12"),
        ("area", "risk"),
        ("summary", "We differ about the risk."),
        ("our_agency", "childrens_social_care"),
        ("their_agency", "childrens_social_care"),
    ]


def test_what_is_left_over_is_taken_up_where_it_is_asked_for_again(policies):
    jersey = policies["jersey"]
    answers = walk(jersey, stage="s2", summary="We differ about the risk.")
    changed, left_over = take(jersey, answers, "stage", "s4", NOW)
    later, still_left = take(jersey, [*changed, *left_over], "stage4_began", "2026-11-13", NOW)
    assert dict(later)["summary"] == "We differ about the risk."
    assert dict(still_left).keys() == {"significant_harm", "stage2_began"}
    assert next_question(jersey, later, NOW) == CHECK


def test_a_changed_answer_that_leads_nowhere_else_drops_nothing(policies):
    sandwell = policies["sandwell"]
    answers = walk(sandwell, stage="s1")
    kept, dropped = take(sandwell, answers, "manager_aware", "2026-11-13", NOW)
    assert dropped == []
    assert asked_of(kept) == asked_of(answers)
    assert dict(kept)["manager_aware"] == "2026-11-13"


def test_a_new_risk_in_the_middle_keeps_the_answers(policies):
    sandwell = policies["sandwell"]
    answers = walk(sandwell, stage="s1")
    risky, left_over = take(sandwell, answers, "imminent", "yes", NOW)
    assert next_question(sandwell, risky, NOW) == PROTECTED
    assert dict([*risky, *left_over]) == {**dict(answers), "imminent": "yes"}


@pytest.mark.parametrize("done", ["yes", "not_needed"])
def test_what_was_done_about_an_earlier_risk_is_not_taken_for_a_new_one(policies, done):
    sandwell = policies["sandwell"]
    answers = [("policy", "sandwell"), ("imminent", "yes"), ("protected", done)]
    again, _ = take(sandwell, answers, "imminent", "yes", NOW)
    assert next_question(sandwell, again, NOW) == PROTECTED
    changing, _ = take(sandwell, answers, "change", "imminent", NOW)
    changed, _ = take(sandwell, changing, "imminent", "not_sure", NOW)
    assert next_question(sandwell, changed, NOW) == PROTECTED


def test_choosing_to_change_asks_which_and_then_that_one(policies):
    sandwell = policies["sandwell"]
    answers = walk(sandwell, stage="s1")
    changing, _ = take(sandwell, answers, "check", "change", NOW)
    asked = next_question(sandwell, changing, NOW)
    assert asked.fact == "change"
    given = [choice.value for choice in asked.choices]
    assert given == [*asked_of(answers), "none"]
    back, _ = take(sandwell, changing, "change", "manager_aware", NOW)
    assert next_question(sandwell, back, NOW).fact == "manager_aware"
    stay, _ = take(sandwell, changing, "change", "none", NOW)
    assert next_question(sandwell, stay, NOW) == CHECK


def test_what_the_answer_depends_on_comes_before_it(policies):
    sandwell = policies["sandwell"]
    answers = walk(sandwell, stage="s2")
    for fact in ("imminent", "matter", "stage", "manager_aware"):
        assert comes_before_the_answer(sandwell, fact, answers, NOW)
    for fact in ("trust", "summary", "stage2_notified"):
        assert not comes_before_the_answer(sandwell, fact, answers, NOW)


def test_every_answer_given_has_its_question(policy, offered):
    for fact in asked_of(walk(policy, stage=offered.id)):
        asked = question_asked(policy, fact)
        assert asked.fact == fact
        assert asked.ask.endswith(("?", "."))
        assert asked.why


@given(data=st.data())
def test_any_walk_comes_to_an_end_and_never_asks_twice(policy, data):
    answers: Answers = [("imminent", "no"), ("policy", policy.id)]
    seen: list[str] = []
    for _ in range(LONGEST_WALK):
        asked = next_question(policy, answers, NOW)
        if asked is None or asked in (CHECK, OUTSIDE):
            break
        assert asked.fact not in seen
        seen.append(asked.fact)
        values = [choice.value for choice in asked.choices]
        values += ["2026-11-12"] if asked.kind == "date" else []
        value = data.draw(st.sampled_from(values))
        answers, dropped = take(policy, answers, asked.fact, value, NOW)
        assert dropped == []
    assert asked is None or asked in (CHECK, OUTSIDE)
    status = decide(policy, facts_of(answers), NOW).status
    assert status in ("stage", "discuss_first", "outside")


@pytest.mark.parametrize(
    ("summary", "asked"),
    [
        (SKIPPED, ["our_agency", "their_agency"]),
        ("MASH have refused our referral", ["our_agency"]),
        ("Our school referred and MASH refused", []),
    ],
)
def test_the_kinds_of_agency_are_asked_last_and_only_where_they_were_not_told(
    policies, summary, asked
):
    plymouth = policies["plymouth"]
    answers = adding(plymouth, walk(plymouth, until="summary"), "summary", summary)
    found = []
    while (question := next_question(plymouth, answers, NOW)) != CHECK:
        found.append(question.fact)
        answers = adding(plymouth, answers, question.fact, "health")
    assert found == asked
    assert {"our_agency", "their_agency"} <= dict(answers).keys()


def test_what_a_changed_sentence_tells_no_more_is_asked(policies):
    plymouth = policies["plymouth"]
    told = walk(plymouth, summary="Our school referred and MASH refused")
    assert dict(told)["our_agency"] == "education"
    changed, _ = take(plymouth, told, "summary", "They refused", NOW)
    assert next_question(plymouth, changed, NOW).fact == "our_agency"


def test_an_agency_that_was_told_can_be_changed_and_stays_so(policies):
    plymouth = policies["plymouth"]
    told = walk(plymouth, summary="Our school referred and MASH refused")
    at_check, _ = take(plymouth, told, "check", "change", NOW)
    asked, _ = take(plymouth, at_check, "change", "their_agency", NOW)
    assert next_question(plymouth, asked, NOW).fact == "their_agency"
    changed = adding(plymouth, asked, "their_agency", "health")
    assert dict(changed)["their_agency"] == "health"
    assert dict(adding(plymouth, changed, "area", "roles"))["their_agency"] == "health"


def test_sandwell_never_asks_which_agency_the_trust_is(policies):
    sandwell = policies["sandwell"]
    raising = walk(sandwell, stage="s2", trust="challenged")
    assert dict(raising)["their_agency"] == "childrens_social_care"
    received = walk(sandwell, stage="s2", trust="challenged", matter="received")
    assert dict(received)["our_agency"] == "childrens_social_care"
    changed, _ = take(sandwell, raising, "trust", "neither", NOW)
    assert "their_agency" not in dict(changed)


def test_a_risk_that_is_over_does_not_stand_in_the_way_of_the_answer(policy):
    answers = walk(policy, imminent="yes", protected="not_needed")
    assert ("protected", "not_needed") in answers
    assert answerable(policy, answers, NOW) is not None
    for fact in ("imminent", "protected"):
        assert comes_before_the_answer(policy, fact, answers, NOW)
