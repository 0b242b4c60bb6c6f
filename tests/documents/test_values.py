"""Which field is filled with what: by its label, its columns, its options, and never by a guess."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.documents.known import KEEP_ONE, Case, Value
from bot.documents.next_stage import next_after
from bot.documents.recorded import still_to_do
from bot.documents.values import TABLES, TEXTS, value_of
from bot.policy.ladder import Fact, Option
from bot.policy.model import Form, FormField
from bot.records.cases import Answer, Participant

TYPES = ("text", "date", "email", "choice", "table", "yes_no_reason")
LABELS = [
    "Role and Agency", "Escalation Number", "Agency / School", "Concern", "Date raised",
    "Summary of Professional Disagreement", "Outcome of Resolution", "Lessons learnt", "Next Steps",
    "Date of discussion/ Meeting re disagreement", "Actions taken", "Disagreement resolved at",
]  # fmt: skip


@pytest.fixture(scope="module")
def case(library, sandwell_case) -> Case:
    return Case(sandwell_case, library.get("sandwell"), "app3")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(LABELS) | st.text(min_size=1).filter(str.strip), st.sampled_from(TYPES))
def test_a_field_of_a_person_or_of_somebody_else_is_never_filled(case, label, kind):
    columns = ("Level", "Date") if kind == "table" else ()
    field = FormField(label=label, type=kind, columns=columns, personal=True)
    others = FormField(label=label, type=kind, columns=columns, filled_by="bm")
    assert value_of(case, field) == value_of(case, others) == Value()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text("abcdefgh ijklmnop?/-", min_size=1).filter(str.strip), st.sampled_from(TYPES))
def test_a_label_that_nothing_knows_stays_blank(case, label, kind):
    columns = ("What", "When") if kind == "table" else ()
    assert value_of(case, FormField(label=label, type=kind, columns=columns)) == Value()


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("Role and Agency:", "Head of Service, Safeguarding Lead or Service Manager"),
        ("CASE REFERENCE", "ESC-2026-0007"),
        ("Date raised", "Thursday 12 November 2026"),
        ("concern", "A referral, and whether it meets the threshold"),
        (
            "Next step",
            "Stage 3: Escalation to Executive Leader/Manager. "
            "Who acts then: Executive Leader/Manager.",
        ),
    ],
)
def test_a_label_is_known_whatever_its_capitals_and_its_colon(case, label, line):
    assert value_of(case, FormField(label=label)).lines == (line,)


@pytest.mark.parametrize("label", ["Desired outcome", "Concerns of the child", "Agency contact"])
def test_a_label_that_only_looks_like_another_stays_blank(case, label):
    assert value_of(case, FormField(label=label)) == Value()


def test_a_table_with_other_columns_stays_blank(case):
    field = FormField(label="Actions taken", type="table", columns=("Action", "Reason", "Date"))
    assert value_of(case, field) == Value()


def test_every_rule_is_met_by_a_form_or_by_a_label_here(library):
    fields = [
        field for policy in library for form in policy.forms.values() for field in form.fields
    ]
    printed = {" ".join(f.label.casefold().split()).rstrip(" :;") for f in fields if not f.personal}
    tables = {f"{f.label} [{', '.join(f.columns)}]".casefold() for f in fields if f.columns}
    for rules, labels in ((TEXTS, printed), (TABLES, tables)):
        assert [each for each in rules if not any(re.fullmatch(each, one) for one in labels)] == []


def choice(policy, options, *, twice=False):
    """The policy with one question and one form (or two fields) that share these options."""
    fact = Fact(
        ask="Which?", why="It matters.", kind="choice",
        options=tuple(Option(value=f"v{n}", label=label) for n, label in enumerate(options)),
    )  # fmt: skip
    fields = [
        FormField(label=f"Field {n}", type="choice", options=options) for n in range(1 + twice)
    ]
    form = Form(title="A form", fields=tuple(fields), cite=("version",))
    return policy.model_copy(
        update={"facts": {**policy.facts, "which": fact}, "forms": {"one": form}}
    ), fields[0]


def answered(case, value):
    said = Answer(fact="which", value=value, said_at=case.created_at)
    return replace(case, answers=(*case.answers, said))


def test_a_box_is_ticked_where_the_options_are_the_answers_of_one_question(library, sandwell_case):
    policy, field = choice(library.get("sandwell"), ("Low", "High"))
    case = Case(answered(sandwell_case, "v1"), policy, "one")
    assert value_of(case, field).ticked == "High"
    assert value_of(Case(sandwell_case, policy, "one"), field) == Value()


@pytest.mark.parametrize(
    ("options", "twice"),
    [
        pytest.param(("Yes", "No"), False, id="yes and no fit any question"),
        pytest.param(("Low", "High"), True, id="two fields share the options"),
    ],
)
def test_no_box_is_ticked_by_a_guess(library, sandwell_case, options, twice):
    policy, field = choice(library.get("sandwell"), options, twice=twice)
    assert value_of(Case(answered(sandwell_case, "v1"), policy, "one"), field) == Value()


def test_of_several_roles_the_practitioner_keeps_one(case):
    people = tuple(Participant(role=role, side="raising", agency="A school") for role in ("a", "b"))
    several = replace(case, escalation=replace(case.escalation, participants=people))
    value = value_of(several, FormField(label="Role and Agency"))
    assert (value.lines, value.remark) == (("A, A school", "B, A school"), KEEP_ONE)


@pytest.mark.parametrize(
    ("kind", "lines"),
    [("education", ("Education",)), ("other", ()), ("skipped", ())],
)
def test_the_agency_of_a_form_is_ours_where_it_says_which(library, case_of, kind, lines):
    policy = library.get("sandwell")
    answers = {"imminent": "no", "matter": "another_agency", "stage": "s2", "our_agency": kind}
    known = Case(case_of(policy, answers), policy, "app4")
    assert value_of(known, FormField(label="Agency / School")).lines == lines
    assert value_of(known, FormField(label="Role and Agency")).lines[0].endswith(lines or "")


def test_an_ended_case_has_no_next_step(case):
    ended = replace(case.escalation, status="resolved", ended_on=date(2026, 11, 24))
    field = FormField(label="Next Steps")
    assert value_of(replace(case, escalation=ended), field) == Value()


def test_a_duty_asked_for_at_two_stages_is_to_do_once_at_the_later(case):
    owed = next(duty for duty in case.escalation.duties if duty.status == "owed")
    later = replace(owed, stage="s3")
    twice = replace(case.escalation, duties=(owed, later))
    assert still_to_do(twice) == (later,)


def test_after_the_last_stage_a_recommendation_stays_one(library, case_of):
    policy = library.get("jersey")
    facts = {"imminent": "no", "matter": "child", "stage": "s6", "stage6_began": "2026-11-23"}
    assert next_after(case_of(policy, facts), policy) == (
        "The SPB Chair recommends how to proceed. It is advice, not a decision. "
        "(a recommendation, not a binding decision)",
    )


def test_where_the_ladder_divides_the_facts_tell_or_the_question_is_named(library, case_of):
    policy = library.get("valley")
    case = case_of(policy, {"imminent": "no", "matter": "another_agency", "stage": "a"})
    assert next_after(case, policy) == (
        "Step B: Leads. Who acts then: adult safeguarding lead. "
        "It depends on: How soon does it need an answer?",
    )
    urgent = Answer(fact="urgent", value="yes", said_at=case.created_at)
    assert next_after(replace(case, answers=(*case.answers, urgent)), policy) == (
        "Step B: Leads, the short way. Who acts then: adult safeguarding lead.",
    )


def test_what_a_stage_depends_on_is_asked_with_it(library, case_of):
    policy = library.get("jersey")
    case = case_of(
        policy, {"imminent": "no", "matter": "child", "stage": "s1", "stage1_began": "2026-11-23"}
    )
    [said] = next_after(case, policy)
    assert said.endswith(f"It depends on: {policy.facts['significant_harm'].ask}")
    no_harm = Answer(fact="significant_harm", value="no", said_at=case.created_at)
    below = replace(case, answers=(*case.answers, no_harm))
    assert next_after(below, policy) == (policy.stages[1].otherwise.text,)
