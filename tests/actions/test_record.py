from dataclasses import replace

import pytest
from sqlalchemy import select

from actions import record
from actions.keeping import keep, known_of_us
from actions.record import ActionRecord
from actions.state import Walk
from actions.surroundings import set_up
from actions.walk import ActionStartWalk
from bot.records.alerts import NewAlert, raise_alert
from bot.records.errors import DatabaseUnavailableError
from bot.records.store import list_for
from bot.records.tables import RiskAlertRow

ANSWERS = {
    "imminent": "no", "matter": "another_agency", "area": "threshold", "stage": "s1",
    "manager_aware": "2026-11-12", "child_status": "neither",
}  # fmt: skip


@pytest.fixture
def confirmed(around, walk_of, conversation):
    """A conversation whose walk is complete and confirmed."""
    walk = walk_of("sandwell", **ANSWERS)
    while (asked := walk.question(around)).fact != "check":
        value = "skipped" if asked.kind == "text" else asked.choices[-1].value
        walk = walk.taking(around, asked.fact, value)
    walk = walk.taking(around, "check", "record")
    talk = conversation()
    return conversation(keep(around, talk.person, walk, "draft-1"), person=talk.person)


@pytest.fixture
def act(run_action):
    return lambda talk: run_action(ActionRecord(), talk.hears("Yes, record it"))


def cases(around, person):
    with around.database.reading() as session:
        return list_for(session, person=person)


def test_a_confirmed_walk_is_recorded_and_the_reference_told(act, confirmed, around):
    outcome = act(confirmed)
    (case,) = cases(around, confirmed.person)
    assert outcome.said("utter_record_done")["reference"] == case.reference
    assert outcome.slots()["walk_case"]["reference"] == case.reference


def test_however_often_it_is_confirmed_one_case_is_written(act, confirmed, around):
    references = {act(confirmed).said("utter_record_done")["reference"] for _ in range(3)}
    assert len(references) == len(cases(around, confirmed.person)) == 1


@pytest.mark.parametrize("missing", ["check", "stage", "area"])
def test_the_end_of_the_form_without_its_answers_records_nothing(
    act, confirmed, conversation, around, missing
):
    left = tuple(pair for pair in confirmed.walk.answers if pair[0] != missing)
    outcome = act(conversation(replace(confirmed.walk, answers=left), person=confirmed.person))
    assert outcome.responses == ["utter_record_failed"]
    assert outcome.followup == "walk_form"
    assert cases(around, confirmed.person) == ()


def test_a_record_that_fails_keeps_every_answer_but_the_confirmation(
    act, confirmed, monkeypatch, around
):
    def full(*_, **__):
        raise DatabaseUnavailableError("full")

    monkeypatch.setattr(record, "record_escalation", full)
    outcome = act(confirmed)
    assert outcome.responses == ["utter_record_failed"]
    expected = {fact: value for fact, value in confirmed.walk.answers if fact != "check"}
    assert outcome.answers == expected
    assert cases(around, confirmed.person) == ()


def test_kept_as_a_draft_nothing_is_recorded(act, confirmed, conversation, around):
    answers = (*confirmed.walk.answers[:-1], ("check", "keep_draft"))
    outcome = act(conversation(replace(confirmed.walk, answers=answers), person=confirmed.person))
    assert outcome.responses == ["utter_walk_stopped"]
    assert "check" not in outcome.answers
    assert cases(around, confirmed.person) == ()


def test_a_matter_outside_the_policy_ends_without_a_record(act, conversation, walk_of, around):
    walk = walk_of("sandwell", imminent="no", matter="own_agency", outside="end")
    talk = conversation(walk)
    assert act(talk).responses == ["utter_record_outside"]
    assert cases(around, talk.person) == ()


@pytest.mark.parametrize("ours", [True, False])
def test_only_the_alerts_of_the_walk_go_with_the_case(act, conversation, confirmed, around, ours):
    with around.database.session() as session:
        new = NewAlert(conversation=confirmed.person, tier="high", source="typed", matched="x")
        alert = raise_alert(session, key="k", person=confirmed.person, now=around.now(), new=new)
    walk = confirmed.walk.alerted(alert.id) if ours else confirmed.walk
    act(conversation(walk, person=confirmed.person))
    with around.database.reading() as session:
        linked = session.scalars(select(RiskAlertRow.escalation_id)).one()
    assert (linked is not None) == ours


@pytest.mark.parametrize("note", ["not_known", "skipped", "a note"])
def test_the_end_of_the_preparation_gives_the_agenda(act, conversation, around, walk_of, note):
    walk = replace(walk_of("jersey"), phase="prepare", reference="ESC-2026-0001")
    prompts = walk.preparation(around).prompts
    notes = tuple((prompt.id, note) for prompt in prompts)
    outcome = act(conversation(replace(walk, answers=(*walk.answers, *notes))))
    if note == "not_known":
        items = outcome.said("utter_prepare_agenda")["items"]
        assert items.count("\n") == len(prompts) - 1
    else:
        assert outcome.responses == ["utter_prepare_done"]


def test_an_empty_walk_is_not_recorded(act, conversation):
    assert act(conversation(Walk())).responses == ["utter_record_failed"]


@pytest.mark.parametrize(
    ("said", "known"), [("health", (("our_agency", "health"),)), ("skipped", ())]
)
def test_our_agency_is_known_from_then_on_to_this_person_alone(
    act, confirmed, conversation, around, said, known
):
    walk = confirmed.walk.taking(around, "our_agency", said)
    act(conversation(walk, person=confirmed.person))
    assert known_of_us(around, confirmed.person) == known
    assert known_of_us(around, "somebody else") == ()


def test_a_walk_begins_although_the_earlier_cases_cannot_be_read(around, run_action, conversation):
    set_up(replace(around, database=Unreadable()))
    outcome = run_action(ActionStartWalk(), conversation(in_form=False).hears("begin"))
    assert "utter_walk_begin" in outcome.responses
    assert outcome.slots()["walk_case"]["said"] == []


class Unreadable:
    def reading(self):
        raise DatabaseUnavailableError("gone")
