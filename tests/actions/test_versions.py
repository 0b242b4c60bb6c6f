"""A case and a newer version of its policy: what is offered, chosen, renewed and refused."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.cases import ActionShowStatus
from actions.state import standing_of
from actions.surroundings import Surroundings, set_up
from actions.taps import VERSION, VERSION_KEEP, VERSION_TAKE
from actions.versions import step_to, under
from actions.walk import ActionTakeUp
from actions.writing import new_escalation
from bot.escalation.decide import decide
from bot.policy.library import Library
from bot.policy.load import content_hash
from bot.policy.model import Policy
from bot.policy.source import PolicyLoader
from bot.records.errors import DatabaseUnavailableError
from bot.records.progress import take_step
from bot.records.steps import DutySettled, Ended, Step
from bot.records.store import find, record_escalation

VALLEY = Path(__file__).parents[1] / "cases" / "policies" / "valley" / "2026-03.yml"
DATA = yaml.load(VALLEY.read_text(encoding="utf-8"), PolicyLoader)


def version(change: Callable[[dict[str, Any]], Any] = lambda data: None, **document: str) -> Policy:
    data = deepcopy(DATA)
    data["document"] = {**data["document"], **document}
    change(data)
    return Policy.model_validate(data)


OLD = version()


@pytest.fixture
def newer(around):
    """Puts a newer version of Valley's policy beside the old one."""

    def put(change=lambda data: None) -> Surroundings:
        new = version(change, label="2027", issued="2027-01")
        given = replace(around, library=Library({"valley": (OLD, new)}))
        set_up(given)
        return given

    return put


@pytest.fixture
def raised(around, newer):
    """Records a case under the old version, and gives its reference."""
    set_up(replace(around, library=Library({"valley": (OLD,)})))

    def write(stage="a", person="me", **answers):
        said = [("matter", "another_agency"), ("stage", stage), ("imminent", "no")]
        said += answers.items()
        now = around.now()
        new = new_escalation(OLD, content_hash(OLD), decide(OLD, dict(said), now), said, None, now)
        with around.database.session() as session:
            key = f"{person}:{stage}"
            return record_escalation(session, key=key, person=person, now=now, new=new).reference

    return write


@pytest.fixture
def me(conversation):
    return conversation(person="me", in_form=False)


@pytest.fixture
def read(around):
    def reading(reference):
        with around.database.reading() as session:
            return find(session, reference=reference, person="me")

    return reading


def one_day(data):
    data["clocks"]["a_talk"]["readings"][0]["n"] = 1


def number_at_c(data):
    data["clocks"]["c_refer"]["readings"][0].update(kind="working_days", n=2, words="in two days")


def lose_enquiry(data):
    options = data["facts"]["area"]["options"]
    data["facts"]["area"]["options"] = [each for each in options if each["value"] != "enquiry"]


def test_a_newer_version_is_shown_once_and_offered(run_action, raised, me, newer):
    raised(raised="2026-11-17")
    newer(one_day)
    outcome = run_action(ActionShowStatus(), me.hears("status"))
    assert [card["title"] for card in outcome.cards][1:] == [
        "There is a newer version of this policy"
    ]
    assert outcome.responses == ["utter_case_version_choose", "utter_case_what_next"]
    assert outcome.titles[:2] == ["Keep the version it began under", "Go on under the new version"]


def test_two_versions_that_say_the_same_for_a_case_say_so(run_action, raised, me, newer):
    raised("c")
    newer(one_day)
    outcome = run_action(ActionShowStatus(), me.hears("status"))
    assert "I found no difference" in str(outcome.cards[1])


def test_an_ended_case_is_left_in_peace(run_action, raised, me, newer, around):
    reference = raised()
    newer()
    ended = Ended(status="resolved", ended_on=around.now().date(), ending="Agreed")
    step = Step(kind="outcome", at_stage="a", ended=ended)
    with around.database.session() as session:
        take_step(session, key="s", reference=reference, person="me", now=around.now(), step=step)
    outcome = run_action(ActionShowStatus(), me.hears("status"))
    assert outcome.responses == ["utter_case_what_next"]
    taken = run_action(ActionTakeUp(), me.hears(tap=(VERSION_KEEP, f"{reference} 2027")))
    assert "has ended" in taken.texts[0]


def test_an_answer_that_the_newer_version_does_not_know_is_asked_again(
    run_action, raised, me, newer, read, around
):
    reference = raised(area="enquiry")
    given = newer(lose_enquiry)
    outcome = run_action(ActionShowStatus(), me.hears("status"))
    assert "I may have to ask again: “What do you disagree about?”" in str(outcome.cards[1])
    run_action(ActionTakeUp(), me.hears(tap=(VERSION_TAKE, f"{reference} 2027")))
    case = read(reference)
    assert "area" not in standing_of(given.library.get("valley", "2027"), case).facts
    assert {each.fact: each.value for each in case.answers}["area"] == "enquiry"


def test_a_limit_that_gets_its_number_gets_its_date(run_action, raised, me, newer, read):
    reference = raised("c", not_agreed="2026-11-17")
    assert [clock.status for clock in read(reference).clocks] == ["no_number"]
    newer(number_at_c)
    outcome = run_action(ActionTakeUp(), me.hears(tap=(VERSION_TAKE, f"{reference} 2027")))
    [clock] = read(reference).clocks
    assert (clock.status, str(clock.due_on)) == ("running", "2026-11-19")
    assert "utter_case_version_waiting" not in outcome.responses


def test_a_limit_whose_start_is_not_known_is_named_and_has_no_date(
    run_action, raised, me, newer, read
):
    reference = raised("c")
    newer(number_at_c)
    outcome = run_action(ActionTakeUp(), me.hears(tap=(VERSION_TAKE, f"{reference} 2027")))
    [clock] = read(reference).clocks
    assert (clock.status, clock.due_on) == ("not_started", None)
    assert outcome.said("utter_case_version_waiting")["limits"] == (
        "- To refer it to the Chair: “in two days”"
    )


def may_ask(data):
    for each in data["duties"]:
        if each["id"] == "ask_adult":
            each["strength"] = "may"


@pytest.mark.parametrize(("done", "strength"), [(False, "may"), (True, "must")])
def test_what_is_owed_is_renewed_and_what_is_done_is_not(
    raised, newer, read, around, done, strength
):
    reference = raised()
    given = newer(may_ask)
    if done:
        settled = DutySettled(stage="a", key="ask_adult", status="done")
        step = Step(kind="duty", at_stage="a", done=(settled,))
        with around.database.session() as session:
            take_step(
                session, key="d", reference=reference, person="me", now=around.now(), step=step
            )
    case, new = read(reference), given.library.get("valley", "2027")
    step = step_to(case, OLD, new, under(case, OLD, new, around.now()).decision, "hash")
    with around.database.session() as session:
        take_step(session, key="s", reference=reference, person="me", now=around.now(), step=step)
    [duty] = [each for each in read(reference).duties if each.key == "ask_adult"]
    assert duty.strength == strength


def test_the_words_of_the_button_fit_a_case_that_moved_before(
    run_action, raised, me, newer, around
):
    reference = raised()
    newer()
    run_action(ActionTakeUp(), me.hears(tap=(VERSION_TAKE, f"{reference} 2027")))
    third = version(one_day, label="2028", issued="2028-01")
    second = version(label="2027", issued="2027-01")
    set_up(replace(around, library=Library({"valley": (OLD, second, third)})))
    outcome = run_action(ActionShowStatus(), me.hears("status"))
    assert outcome.titles[0] == "Keep the version it follows now"
    assert "2027; it began under March 2026" in str(outcome.cards[0])


def test_seeing_it_again_asks_again(run_action, raised, me, newer):
    reference = raised()
    newer()
    kept = run_action(ActionTakeUp(), me.hears(tap=(VERSION_KEEP, f"{reference} 2027")))
    assert kept.responses == ["utter_case_version_kept", "utter_case_what_next"]
    assert kept.titles[0] == "Compare with version 2027"
    seen = run_action(ActionTakeUp(), me.hears(tap=(VERSION, f"{reference} 2027")))
    assert "utter_case_version_choose" in seen.responses


@pytest.mark.parametrize("chosen", [VERSION_KEEP, VERSION_TAKE])
def test_a_record_that_cannot_be_written_changes_nothing_and_says_so(
    run_action, raised, me, newer, read, monkeypatch, caplog, chosen
):
    reference = raised()
    newer()
    before = read(reference)

    def fail(*args, **kwargs):
        raise DatabaseUnavailableError("gone")

    monkeypatch.setattr("actions.versions.keep_version", fail)
    monkeypatch.setattr("actions.steps.take_step", fail)
    outcome = run_action(ActionTakeUp(), me.hears(tap=(chosen, f"{reference} 2027")))
    assert outcome.responses[0] == "utter_case_not_changed"
    assert f"case.version_failed: {chosen}" in caplog.text
    assert read(reference) == before


@pytest.mark.parametrize("chosen", [VERSION_KEEP, VERSION_TAKE])
def test_somebody_elses_case_is_unknown(run_action, raised, me, newer, chosen):
    reference = raised(person="somebody else")
    raised()
    newer()
    outcome = run_action(ActionTakeUp(), me.hears(tap=(chosen, f"{reference} 2027")))
    assert outcome.responses == ["utter_case_unknown"]
