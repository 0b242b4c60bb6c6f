"""Cards over every case of every policy: all of it there, once, with its force and its clause."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.cards.answer import YOURS, answer_card
from bot.cards.card import Card, Row, Section
from bot.cards.outcome import imminent_card, outcome_card
from bot.cards.policy import policy_card, stage_card
from bot.cards.questions import deadlines_card, forms_card, working_day_card
from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.safety import CALL_999, GENERAL_ADVICE
from bot.policy.load import load
from bot.wording.force import HEADINGS, LEADS, say_cites

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
FILES = [
    *sorted((ROOT / "policies").glob("*/*.yml")),
    *sorted((CASES / "policies").glob("*/*.yml")),
]
POLICIES = {policy.id: policy for policy in map(load, FILES)}
ELSEWHERE = ("Due earlier", "Depends", "What to do", "What happens")
GENERAL = "general safety advice, not part of the policy"


def decisions() -> list[tuple[str, Decision]]:
    """The decision of every case."""
    found = []
    for policy in POLICIES.values():
        for row in yaml.safe_load((CASES / f"{policy.id}.yml").read_text()):
            zone = ZoneInfo(policy.place.timezone)
            now = datetime.fromisoformat(row["now"]).replace(tzinfo=zone)
            found.append((f"{policy.id}: {row['case']}", decide(policy, row["facts"], now)))
    return found


DECIDED = decisions()
STAGED = [pytest.param(each, id=name) for name, each in DECIDED if each.stage]
AT_RISK = [pytest.param(each, id=name) for name, each in DECIDED if each.status == "imminent"]


def of(policy: str, now: str = "2026-11-12T12:00", **facts: str) -> Decision:
    zone = ZoneInfo(POLICIES[policy].place.timezone)
    return decide(POLICIES[policy], facts, datetime.fromisoformat(now).replace(tzinfo=zone))


def items(card: Card, heading: str) -> tuple[str, ...]:
    return next((section.items for section in card.sections if section.heading == heading), ())


def row(card: Card, term: str) -> str:
    return {each.term: each.value for each in card.rows}[term]


@pytest.mark.parametrize("decision", STAGED)
def test_every_duty_is_shown_once_under_its_own_force(decision):
    card = answer_card(decision)
    for duty in decision.duties:
        said = [
            (section.heading, item)
            for section in card.sections
            for item in section.items
            if duty.what in item and say_cites(decision.policy, duty.cite) in item
            and not section.heading.startswith(ELSEWHERE)
        ]  # fmt: skip
        under = {
            heading
            for heading, item in said
            if heading.startswith(HEADINGS[duty.strength])
            or (heading == YOURS and item.startswith(LEADS[duty.strength]))
        }
        assert under, f"{duty.id} ({duty.strength}) is shown as {said}"


@pytest.mark.parametrize("decision", STAGED)
def test_nothing_is_said_twice_and_nothing_is_left_open(decision):
    card = answer_card(decision)
    said = [item for section in card.sections for item in section.items]
    assert len(said) == len({*said})
    assert not re.search(r"[{}]|\(\)|\bNone\b|  |\[(must|should|may|info)\]", card.as_text())


@pytest.mark.parametrize("decision", STAGED)
def test_every_limit_has_its_words_its_clause_and_its_date_or_none(decision):
    card = answer_card(decision)
    for clock in decision.clocks:
        value = next(each.value for each in card.rows if each.term[1:] == clock.clock.what[1:])
        for reading in clock.clock.readings:
            assert f"“{reading.words}”" in value
            assert say_cites(decision.policy, reading.cite) in value
        if not clock.counts:
            assert value.startswith("**No date: the policy says “")
        elif clock.due is None:
            assert value.startswith("**No date yet.** ")
        if clock.clock.basis == "inferred" or any(
            reading.unit_basis == "inferred" for reading in clock.clock.readings
        ):
            assert "inferred, not stated" in value
        if clock.clock.indicative:
            assert "is a guide" in value
        if clock.overdue:
            assert "overdue" in value


@pytest.mark.parametrize("decision", STAGED)
def test_the_count_and_the_skipped_holidays_stand_beside_every_date(decision):
    text = answer_card(decision).as_text()
    for clock in decision.clocks:
        if clock.due is not None:
            assert clock.target.convention in text
            assert all(holiday.name in text for holiday in clock.skipped)


@pytest.mark.parametrize("decision", STAGED)
def test_what_a_person_needs_comes_first(decision):
    card = answer_card(decision)
    assert card.rows[0].term == "Who acts"
    order = [section.heading for section in card.sections]
    late = ["How the dates are counted", "Where the policy is unclear", "About this policy"]
    present = [heading for heading in late if heading in order]
    assert order[len(order) - len(present) :] == present
    assert all(section.items for section in card.sections)


def test_a_limit_without_a_number_shows_words_and_no_date():
    card = answer_card(of("gloucestershire", imminent="no", matter="another_agency", area="other",
                          stage="s2", not_resolved_1="2026-11-12"))  # fmt: skip
    said = row(card, "Refer it to second tier management")
    assert "No date: the policy says “without delay”" in said
    assert not re.search(r"\d{4}", said)
    assert items(card, "How the dates are counted") == ()


def test_an_inferred_unit_is_labelled_and_indicative():
    card = answer_card(of("sandwell", imminent="no", matter="another_agency", area="threshold",
                          stage="s2", manager_aware="2026-11-12"))  # fmt: skip
    said = row(card, "Complete stage 2")
    assert said.startswith("**Tuesday 24 November 2026**.")
    assert "working days: inferred, not stated" in said
    assert "s.7 Stage 2, Appendix 1 row 2" in said


def test_two_readings_are_both_shown_with_their_dates_and_the_earlier_counts():
    decision = of("valley", "2026-11-13T12:00", imminent="no", matter="another_agency",
                  area="enquiry", stage="b", urgent="yes",
                  lead_told="2026-11-13T10:00")  # fmt: skip
    said = row(answer_card(decision), "Give an answer")
    assert said.startswith("**Sunday 15 November 2026 at 10:00**.")
    assert "more than one way, and the earlier date counts" in said
    assert "gives Sunday 15 November 2026 at 10:00" in said
    assert "gives Tuesday 17 November 2026" in said


def test_a_limit_that_waits_says_for_what():
    said = row(answer_card(of("jersey", imminent="no", matter="child", area="other", stage="s1")),
               "Meet and discuss")  # fmt: skip
    assert said.startswith("**No date yet.** I need to know: “When did stage 1 begin?”")


def test_a_limit_that_passed_says_by_how_much_and_what_to_do():
    card = answer_card(of("jersey", imminent="no", matter="child", area="other", stage="s1",
                          stage1_began="2026-10-30"))  # fmt: skip
    assert "overdue by" in row(card, "Meet and discuss")
    assert "Act now and tell your manager." in row(card, "Meet and discuss")


def test_the_challenged_agency_sees_what_falls_to_it():
    card = answer_card(of("sandwell", imminent="no", matter="received", area="services",
                          stage="s2", manager_aware="2026-11-12"))  # fmt: skip
    assert card.sections[0].heading == YOURS
    assert any("On your side this is for" in item for item in items(card, YOURS))
    assert any(item.startswith("**Must:** Record") for item in items(card, YOURS))


def test_a_recommendation_is_not_shown_as_a_decision():
    card = answer_card(of("jersey", imminent="no", matter="child", area="other", stage="s6",
                          stage6_began="2026-11-10"))  # fmt: skip
    assert "a recommendation, not a binding decision" in row(card, "If it is not settled")


def test_a_matter_that_is_settled_says_that_it_is_closed():
    card = answer_card(of("jersey", imminent="no", matter="child", area="other", stage="s1",
                          stage1_began="2026-11-10", resolved="yes"))  # fmt: skip
    assert card.title == "Closed at Stage 1"
    assert [each.term for each in card.rows][-1] == "How it ends"


@pytest.mark.parametrize("decision", AT_RISK)
def test_safety_comes_before_everything_and_is_labelled(decision):
    card = outcome_card(decision)
    first, text = card.sections[0], card.as_text()
    assert first.tone == "warning"
    assert first.items[0].startswith("If someone is in immediate danger, call 999 now")
    assert not card.rows
    names_999 = any(step.names_999 for step in decision.policy.routes.imminent)
    assert names_999 == (decision.policy.id == "berkshire")
    assert (GENERAL in text) != names_999
    for step in decision.policy.routes.imminent:
        assert f"{LEADS[step.strength]}{step.do}".replace("**", "") in text
    for clock in decision.clocks:
        assert f"“{clock.clock.readings[0].words}”" in text


def test_without_a_policy_the_advice_is_general():
    assert imminent_card(None).sections == (Section("Do this first", (GENERAL_ADVICE,), "warning"),)
    assert GENERAL_ADVICE.startswith(CALL_999)


def test_a_matter_outside_says_where_to_go_with_its_clause():
    card = outcome_card(of("sandwell", imminent="no", matter="family"))
    assert row(card, "What to do instead") == (
        "The family uses the Council's complaints process. (s.6 examples)"
    )


def test_without_a_stage_there_is_no_answer_to_show():
    with pytest.raises(ValueError, match="need"):
        answer_card(of("jersey"))


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_every_stage_can_be_read_by_itself(policy):
    assert policy_card(policy).sections
    for stage in policy.stages:
        card = stage_card(policy, stage)
        assert card.title.startswith(stage.label)
        assert say_cites(policy, stage.cite) in card.footer
        for clock in stage.clocks:
            for reading in policy.clocks[clock].readings:
                assert f"“{reading.words}”" in card.as_text()
    assert deadlines_card(policy, None).sections
    assert forms_card(policy, None).sections
    assert working_day_card(policy).footer


def test_text_for_a_terminal_has_no_marks():
    card = Card(
        "Title", (Row("When", "By **Monday**"),), (Section("Must do", ("**Must:** go",)),), "End"
    )
    assert card.as_text() == "Title\nWhen: By Monday\n\nMust do\n- Must: go\n\nEnd"
    assert card.as_json()["card"]["rows"] == ({"term": "When", "value": "By **Monday**"},)
