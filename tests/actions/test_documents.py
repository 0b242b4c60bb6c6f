"""The files of a case: which case, which file, what is blank; never an address, never a guess."""

import json

import pytest

from actions.documents import ActionGetDocument
from actions.putting_aside import SAFETY_FIRST
from actions.state import Walk
from actions.taps import FILES, INTO_A_CASE, TAPS
from actions.validate import ValidateWalkForm
from actions.walk import ActionTakeUp
from bot.documents.summary import summary_text
from bot.records.preparation import CaseHome, PreparationNote, save_preparation_note
from bot.records.store import find
from bot.records.tables import ClockRow

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def raised(raised):
    """Records a case whose time limits have their dates."""
    began = {"sandwell": {"manager_aware": "2026-11-12"}, "jersey": {"stage3_began": "2026-11-16"}}

    def write(policy="sandwell", stage="s2", **more):
        return raised(policy, stage, **began.get(policy, {}), **more)

    return write


@pytest.fixture
def me(conversation):
    return conversation(person="me", in_form=False)


@pytest.fixture
def ask(run_action, me):
    """Ask for a file in words, or with a tap."""
    return lambda words="", **more: run_action(ActionGetDocument(), me.hears(words, **more))


def documents(outcome):
    return [file["document"] for file in outcome.files]


@pytest.mark.parametrize(
    ("words", "document", "response"),
    [
        ("calendar file please", "calendar", "utter_files_calendar"),
        ("the record as word", "record", "utter_files_record"),
        ("meeting pack", "pack", "utter_files_pack"),
    ],
)
def test_the_only_case_and_the_file_that_is_named(ask, raised, words, document, response):
    reference = raised()
    outcome = ask(words)
    assert outcome.responses[0] == response
    assert documents(outcome) == [document]
    assert outcome.slots()["walk_case"]["reference"] == reference


def test_a_file_is_told_without_any_address(ask, raised):
    reference = raised()
    [file] = ask("calendar please").files
    assert file == {
        "document": "calendar",
        "reference": reference,
        "title": f"the dates of {reference}",
        "name": f"{reference}-dates.ics",
        "mime": "text/calendar",
    }
    [record] = ask("record").files
    assert record["mime"] == WORD


def test_a_form_says_what_is_still_to_be_filled_in_and_by_whom(ask, raised):
    raised("jersey", "s3")
    outcome = ask("the form please")
    assert documents(outcome) == ["form:app2"]
    assert outcome.responses[:2] == ["utter_files_form", "utter_files_form_yours"]
    assert outcome.said("utter_files_form_yours")["yours"].startswith("- ")


def test_every_form_of_a_policy_is_given(ask, raised):
    raised("sandwell")
    outcome = ask("the form please")
    assert documents(outcome) == ["form:app3", "form:app4"]
    assert "D.O.B" in outcome.said("utter_files_form_yours")["yours"]
    assert "(for the " in outcome.said("utter_files_form_others")["others"]


def test_a_policy_without_a_form_says_so_and_gives_the_record(ask, raised):
    raised("plymouth")
    outcome = ask("form")
    assert outcome.responses == ["utter_files_no_form", "utter_files_record"]
    assert documents(outcome) == ["record"]


def test_two_files_may_be_asked_for_at_once(ask, raised):
    raised()
    assert documents(ask("ics AND the agenda")) == ["calendar", "pack"]


def test_words_that_do_not_say_which_get_every_file(ask, raised):
    reference = raised()
    outcome = ask("can I print it")
    assert outcome.responses == ["utter_files_all"]
    assert documents(outcome) == ["calendar", "form:app3", "form:app4", "record", "pack"]
    assert outcome.titles[0] == "A summary to paste"
    assert {file["reference"] for file in outcome.files} == {reference}


def test_the_summary_is_text_to_paste_word_for_word(ask, raised, around):
    reference = raised(summary="We *think* it is level 4_ and # they do not")
    outcome = ask("summary for cpoms")
    with around.database.reading() as session:
        case = find(session, reference=reference, person="me")
    expected = summary_text(case, around.library.get("sandwell"))
    assert outcome.said("utter_files_summary")["custom"] == {"paste": expected}
    assert "We *think* it is level 4_ and # they do not" in expected


def test_an_agenda_that_is_empty_says_how_to_fill_it(ask, raised, around):
    reference = raised()
    assert "utter_files_pack_no_agenda" in ask("agenda").responses
    prompt = around.library.get("sandwell").reflection[0]
    note = PreparationNote(
        question=prompt.id, heading=prompt.heading, note=None, state="not_known_yet"
    )
    with around.database.session() as session:
        home = CaseHome(reference=reference)
        save_preparation_note(session, home=home, person="me", note=note)
    assert ask("agenda").responses == ["utter_files_pack"]


def test_a_case_without_a_date_is_not_given_an_empty_calendar(ask, raised, around):
    raised()
    with around.database.session() as session:
        for clock in session.query(ClockRow):
            clock.due_on = clock.due_at = None
            clock.status = "no_number"
    outcome = ask("dates into my phone")
    assert outcome.responses == ["utter_files_no_dates"]
    assert outcome.files == []
    assert "calendar" not in documents(ask("what files are there"))


def test_a_pdf_is_said_to_be_impossible_and_the_word_file_given(ask, raised):
    raised()
    outcome = ask("the record as a pdf")
    assert outcome.responses == ["utter_files_no_pdf", "utter_files_record"]


def test_among_several_it_is_asked_which_and_the_answer_keeps_the_file(ask, raised):
    raised()
    second = raised("jersey", "s3")
    asked = ask("the calendar file")
    assert asked.responses == ["utter_case_which"]
    assert asked.files == []
    given = ask(tap=tap_of(asked, second))
    assert [(file["document"], file["reference"]) for file in given.files] == [("calendar", second)]


def tap_of(outcome, reference):
    [button] = [b for m in outcome.messages for b in m["buttons"] if reference in b["title"]]
    choice = json.loads(button["payload"])["choice"]
    return choice["q"], choice["raw"]


def test_the_reference_that_is_named_or_spoken_of_is_meant(run_action, raised, conversation, ask):
    first = raised()
    second = raised("jersey", "s3")
    assert {file["reference"] for file in ask(f"record of {second}").files} == {second}
    talk = conversation(Walk(reference=first), person="me", in_form=False)
    outcome = run_action(ActionGetDocument(), talk.hears("the record"))
    assert {file["reference"] for file in outcome.files} == {first}


def test_nobody_gets_a_file_of_somebody_elses_case(ask, raised):
    raised()
    theirs = raised("jersey", "s3", person="somebody else")
    for outcome in (ask(f"record of {theirs}"), ask(tap=(FILES, theirs))):
        assert outcome.responses == ["utter_case_unknown"]
        assert outcome.files == []


def test_without_a_case_it_says_so(ask):
    assert ask("calendar file").responses == ["utter_case_none"]


def test_in_a_walk_a_file_is_given_and_the_walk_left_alone(run_action, raised, conversation):
    raised()
    talk = conversation(Walk(answers=(("policy", "jersey"),)), person="me", in_form=True)
    outcome = run_action(ActionGetDocument(), talk.hears("calendar please"))
    assert documents(outcome) == ["calendar"]
    assert outcome.events == []
    everything = run_action(ActionGetDocument(), talk.hears("what files are there"))
    assert everything.titles == ["A summary to paste"]


def test_in_a_walk_without_a_case_no_button_leads_away(run_action, conversation):
    talk = conversation(person="me", in_form=True)
    outcome = run_action(ActionGetDocument(), talk.hears("calendar please"))
    assert (outcome.responses, outcome.titles) == (["utter_case_none_yet"], [])


def test_the_button_of_the_status_lists_the_files(run_action, raised, me):
    reference = raised()
    outcome = run_action(ActionTakeUp(), me.hears(tap=(FILES, reference)))
    assert outcome.responses == ["utter_files_all"]


@pytest.mark.parametrize("name", TAPS)
def test_in_a_walk_every_button_of_a_case_is_left_to_another_action(
    run_action, conversation, walk_of, name
):
    talk = conversation(walk_of("sandwell"))
    outcome = run_action(ValidateWalkForm(), talk.hears(tap=(name, "ESC-2026-0001")))
    assert outcome.events == []


@pytest.mark.parametrize("name", TAPS)
def test_where_somebody_s_safety_is_asked_about_only_what_keeps_the_place_is(
    run_action, conversation, walk_of, name
):
    talk = conversation(walk_of("sandwell", imminent="yes"))
    outcome = run_action(ValidateWalkForm(), talk.hears(tap=(name, "ESC-2026-0001")))
    assert (outcome.events == []) is (name not in INTO_A_CASE)
    assert (SAFETY_FIRST in outcome.texts) is (name in INTO_A_CASE)
