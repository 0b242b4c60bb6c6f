from dataclasses import replace

import pytest

from actions.state import Walk
from actions.validate import NO_LONGER_ASKED, ValidateWalkForm
from bot.records.database import Database
from bot.records.drafts import open_drafts
from bot.records.errors import DatabaseUnavailableError

SANDWELL = {"imminent": "no", "matter": "another_agency", "area": "threshold", "stage": "s1"}
TO_SUMMARY = {**SANDWELL, "manager_aware": "2026-11-12", "child_status": "neither"}


@pytest.fixture
def validate(run_action):
    return lambda tracker: run_action(ValidateWalkForm(), tracker)


@pytest.fixture
def at_summary(around, walk_of):
    walk = walk_of("sandwell", **TO_SUMMARY)
    while (asked := walk.question(around)).fact != "summary":
        walk = walk.taking(around, asked.fact, (asked.choices or [None])[-1].value)
    return walk


def test_a_tapped_answer_is_kept_and_the_form_goes_on(validate, conversation, walk_of):
    outcome = validate(
        conversation(walk_of("sandwell", imminent="no")).hears(
            "A decision of another agency", tap=("matter", "another_agency")
        )
    )
    assert outcome.answers["matter"] == "another_agency"
    assert outcome.slots()["walk_answer"] is None
    assert "requested_slot" not in outcome.slots()


def test_typed_words_answer_the_question_that_is_asked(validate, conversation, walk_of):
    talk = conversation(walk_of("sandwell"))
    assert validate(talk.hears("no")).answers["imminent"] == "no"


def test_an_interruption_returns_nothing_so_that_its_own_rule_takes_it(
    validate, conversation, walk_of
):
    talk = conversation(walk_of("sandwell", imminent="no"))
    tracker = talk.hears("which stage is it?", intent="ask_stage", confidence=0.9)
    assert validate(tracker).events == []


@pytest.mark.parametrize(
    ("value", "told"),
    [("yes", "utter_risk_not_recorded"), ("no", "utter_walk_answer_not_kept")],
)
def test_what_is_said_of_a_risk_goes_on_though_it_cannot_be_recorded(
    validate, conversation, walk_of, monkeypatch, value, told
):
    def broken(_self, patience=None):
        raise DatabaseUnavailableError("gone")

    monkeypatch.setattr(Database, "session", broken)
    monkeypatch.setattr(Database, "reading", broken)
    outcome = validate(conversation(walk_of("sandwell")).hears(tap=("imminent", value)))
    assert outcome.responses == [told]
    assert outcome.answers["imminent"] == value


@pytest.mark.parametrize("words", ["purple", "🙂", "", "x" * 9000])
def test_what_is_no_answer_is_said_and_changes_nothing(validate, conversation, walk_of, words):
    talk = conversation(walk_of("sandwell", imminent="no"))
    answers = [list(pair) for pair in talk.walk.answers]
    outcome = validate(talk.hears(words))
    assert outcome.responses == ["utter_walk_not_an_answer"]
    assert outcome.slots()["walk_answer"] is None
    assert outcome.slots().get("walk_answers", answers) == answers


def test_what_was_probably_a_question_is_offered_as_one(validate, conversation, walk_of):
    talk = conversation(walk_of("sandwell", imminent="no"))
    ranking = {"ask_deadline": 0.25, "describe": 0.2, "go_back": 0.01}
    outcome = validate(talk.hears("and the two week thing?", ranking=ranking))
    assert outcome.titles == ["By when?"]


def test_a_third_answer_that_fits_nothing_brings_the_person_to_ask(validate, conversation, walk_of):
    miss = {"event": "bot", "text": "no", "metadata": {"utter_action": "utter_walk_not_an_answer"}}
    earlier = [{"event": "user", "text": "purple", "parse_data": {}}, miss] * 2
    talk = conversation(walk_of("sandwell", imminent="no"))
    outcome = validate(talk.hears("purple", earlier=earlier))
    assert outcome.responses == ["utter_walk_ask_a_person"]


def test_a_message_that_another_action_took_is_not_read_again(validate, conversation, walk_of):
    talk = conversation(walk_of("sandwell"))
    since = [{"event": "action", "name": "action_answer_question"}]
    assert validate(talk.hears("yes", since=since)).events == []


def test_an_unclear_answer_is_asked_back_with_what_it_could_mean(validate, conversation, walk_of):
    talk = conversation(walk_of("sandwell", **SANDWELL))
    outcome = validate(talk.hears("Friday 12 November"))
    assert "manager_aware" not in outcome.answers
    assert outcome.slots()["walk_case"]["narrowed"]


def test_a_date_is_said_back_in_full(validate, conversation, walk_of):
    outcome = validate(conversation(walk_of("sandwell", **SANDWELL)).hears("last Thursday"))
    assert outcome.texts == ["Noted: Thursday 12 November 2026."]


def test_an_old_button_changes_its_own_answer(validate, conversation, walk_of):
    talk = conversation(walk_of("sandwell", **TO_SUMMARY))
    assert validate(talk.hears(tap=("stage", "s2"))).answers["stage"] == "s2"


def test_a_button_of_another_walk_changes_nothing(validate, conversation, walk_of):
    talk = conversation(walk_of("sandwell", imminent="no"))
    assert validate(talk.hears(tap=("significant_harm", "yes"))).texts == [NO_LONGER_ASKED]


def test_what_fell_away_is_named_once_all_is_answered(validate, conversation, at_summary):
    said = tuple({"child_status": "cpp"}.items())
    walk = Walk(**{**at_summary.__dict__, "said": said})
    outcome = validate(conversation(walk).hears("Our school does not agree: MASH refused"))
    assert any("have dropped" in text for text in outcome.texts)
    assert outcome.slots()["walk_case"]["said"] == []


def test_free_text_that_sounds_like_a_question_is_kept_and_the_way_back_offered(
    validate, conversation, at_summary
):
    words = "why they closed it, nobody at the team can say"
    outcome = validate(conversation(at_summary).hears(words, intent="describe", confidence=0.6))
    assert outcome.answers["summary"] == words
    assert "utter_walk_kept_as_answer" in outcome.responses
    assert outcome.titles == ["I was asking a question"]


def test_the_draft_is_saved_under_one_id_for_one_message(validate, conversation, walk_of, around):
    talk = conversation(walk_of("sandwell"))
    for _ in range(2):
        outcome = validate(talk.hears("no", message_id="m1"))
    with around.database.reading() as session:
        (draft,) = open_drafts(session, person=talk.person)
    assert draft.id == outcome.slots()["walk_case"]["draft"]
    assert dict(draft.answers)["imminent"] == "no"


def test_the_confirmation_ends_the_form(validate, conversation, at_summary, around):
    walk = at_summary
    for fact in ("summary", "our_agency", "their_agency"):
        walk = walk.taking(around, fact, "skipped")
    outcome = validate(conversation(walk).hears(tap=("check", "record")))
    assert outcome.slots()["requested_slot"] is None


def test_nothing_else_ends_the_form(validate, conversation, at_summary):
    outcome = validate(conversation(at_summary).hears("We do not agree"))
    assert "requested_slot" not in outcome.slots()


def test_our_agency_of_an_earlier_case_is_used_and_never_called_dropped(
    validate, conversation, at_summary
):
    walk = replace(at_summary, said=(("our_agency", "health"),))
    outcome = validate(conversation(walk).hears("MASH have refused our referral"))
    assert outcome.answers["our_agency"] == "health"
    assert outcome.answers["their_agency"] == "childrens_social_care"
    told = replace(walk, said=(("our_agency", "health"),))
    outcome = validate(conversation(told).hears("Our school does not agree: MASH refused"))
    assert outcome.answers["our_agency"] == "education"
    assert not any("dropped" in text for text in outcome.texts)
