"""A sixth policy is one file: the same model walks it, with no other change and no retraining."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from paths import Walker, is_answer
from rasa.core.agent import Agent
from talk import Talk

from actions.surroundings import Surroundings, set_up
from bot.engine.training import fingerprint, model_for
from bot.policy.library import Library, load_library
from bot.records.store import find

VALLEY = Path(__file__).parents[1] / "cases" / "policies" / "valley"


@pytest.fixture(scope="module")
def six(settings, tmp_path_factory) -> Path:
    """The five policies and one file more."""
    folder = tmp_path_factory.mktemp("policies") / "policies"
    shutil.copytree(settings.policies_dir, folder)
    shutil.copytree(VALLEY, folder / "valley")
    return folder


@pytest.fixture(scope="module")
def enlarged(six) -> Library:
    return load_library(six)


@pytest.fixture(scope="module")
def same_model(six, started, settings, model) -> Iterator[Agent]:
    """The trained model, loaded where the sixth file lies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESCALATE_POLICIES", str(six))
        before = fingerprint(settings.root)
        agent = started()
        assert model_for(settings, pytest.fail) == model
        assert fingerprint(settings.root) == before == model.name.removesuffix(".tar.gz")
        yield agent


@pytest.fixture
def valley(same_model, enlarged, database, clock) -> Iterator[Walker]:
    around = Surroundings(enlarged, database, now=clock)
    set_up(around)
    yield Walker(Talk(same_model), around)
    set_up(None)


def case_of(walker, reference):
    with walker.around.database.reading() as session:
        return find(session, reference=reference, person=walker.talk.person)


async def test_the_sixth_is_offered_beside_the_five(valley):
    await valley.begin()
    asked = await valley.to("policy")
    assert len(asked.choices) == 7
    assert "Valley Adults Partnership (invented for tests)" in valley.talk.titles


@pytest.mark.parametrize(
    ("said", "stage", "recorded", "dues"),
    [
        ({"stage": "a"}, "Step A", "a", {"a_talk": "2026-11-20"}),
        (
            {"stage": "b", "urgent": "no", "form_sent": "12 November"},
            "Step B",
            "b_usual",
            {"b_meet": "2026-11-19", "b_write": "2026-11-23"},
        ),
        (
            {"stage": "b", "urgent": "no", "form_sent": "not yet", "meeting_called": "12 November"},
            "Step B",
            "b_usual",
            {"b_meet": "2026-11-19", "b_write": "2026-11-23"},
        ),
        (
            {"stage": "b", "urgent": "yes", "lead_told": "yesterday at 4"},
            "Step B",
            "b_urgent",
            {"b_reply": "2026-11-19"},
        ),
        ({"stage": "c"}, "Step C", "c", {"c_refer": None}),
    ],
    ids=["a", "b can wait", "b by the meeting", "b cannot wait", "c"],
)
async def test_every_step_is_walked_and_recorded(valley, said, stage, recorded, dues):
    await valley.begin()
    reference = await valley.record({"policy": "valley", **said})
    (card, *_) = [card for card in reversed(valley.shown) if is_answer(card)]
    assert stage in card["title"]
    case = case_of(valley, reference)
    assert (case.policy_id, case.policy_version) == ("valley", "March 2026")
    assert case.subject == "adult_at_risk"
    assert case.stages[-1].stage == recorded
    due = {
        clock.key: str(clock.due_on or (clock.due_at and clock.due_at.date()) or "") or None
        for clock in case.clocks
    }
    assert due == dues


async def test_both_readings_of_one_limit_are_shown_and_the_earlier_counts(valley):
    await valley.begin()
    said = {"policy": "valley", "stage": "b", "urgent": "yes", "lead_told": "yesterday at 4"}
    await valley.to("check", said)
    card = str([card for card in valley.shown if is_answer(card)][-1])
    assert "48 hours" in card
    assert "two working days" in card
    assert "Thursday 19 November 2026 at 16:00" in card


async def test_the_sixth_is_known_by_its_alias_in_the_first_sentence(valley):
    await valley.talk.say("I want to escalate a disagreement in Upper Valley")
    assert (await valley.answers())["policy"] == "valley"


async def test_a_free_question_about_the_sixth_is_answered_from_its_file(valley):
    await valley.begin()
    asked = await valley.to("stage", {"policy": "valley"})
    await valley.say("what does the policy say about step B?")
    assert "Step B" in valley.talk.said
    assert await valley.asked() == asked


async def test_the_excluded_matters_of_the_sixth_lead_elsewhere(valley):
    await valley.begin()
    await valley.to("matter", {"policy": "valley"})
    await valley.tap("matter", "child")
    assert "children's partnership" in valley.talk.said


async def test_the_route_at_risk_is_that_of_the_sixth(valley):
    await valley.begin()
    await valley.to("matter", {"policy": "valley"})
    await valley.say("he has a knife and is in the house")
    assert "Ring the adult safeguarding team at once" in valley.talk.said
    assert "999" in valley.talk.said
