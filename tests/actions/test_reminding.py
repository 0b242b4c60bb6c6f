"""How one is reminded, the choice of mail, and what is said where it cannot be met."""

from dataclasses import replace

import pytest

from actions import reminding
from actions.ask import ActionAskWalkAnswer
from actions.keeping import keep
from actions.record import ActionRecord
from actions.reminding import ActionChooseReminders
from actions.state import Walk
from actions.surroundings import set_up
from actions.taps import REMINDERS
from actions.validate import ValidateWalkForm
from actions.walk import ActionGoBack, ActionStopWalk, ActionTakeUp
from bot.records.errors import DatabaseUnavailableError
from bot.records.mailboxes import choose_mail, mailbox_of, stop_mail

MINE, BOSS = "me@school.example", "boss@school.example"
GIVEN = (("mail_address", MINE), ("mail_manager", BOSS), ("check", "yes"))


@pytest.fixture
def around(around):
    given = replace(around, mail_from="guide@escalation.example")
    set_up(given)
    return given


@pytest.fixture
def me(conversation):
    return conversation(person="me", in_form=False)


@pytest.fixture
def at(conversation):
    """A conversation of mine in which mail is being chosen, with these answers."""

    def make(*answers, **walk):
        return conversation(Walk(phase="mail", answers=answers, **walk), person="me")

    return make


@pytest.fixture
def chosen(around):
    """Writes a choice, and reads the one that stands."""

    def read(**choice):
        if choice:
            with around.database.session() as session:
                choose_mail(session, person="me", now=around.now(), **choice)
        with around.database.reading() as session:
            return mailbox_of(session, person="me")

    return read


@pytest.fixture
def full(monkeypatch):
    def raises(*_, **__):
        raise DatabaseUnavailableError("full")

    for name in ("choose_mail", "stop_mail"):
        monkeypatch.setattr(reminding, name, raises)


@pytest.mark.parametrize(
    ("choice", "offers"),
    [
        ({}, ["Send me e-mail", "Tell my manager too", "Leave it"]),
        (
            {"address": MINE},
            ["Change my address", "Tell my manager too", "Stop the e-mail", "Leave it"],
        ),
        (
            {"address": MINE, "to_manager": BOSS},
            ["Change my address", "Leave my manager out", "Stop the e-mail", "Leave it"],
        ),
    ],
)
def test_what_stands_is_shown_with_what_may_be_chosen(run_action, me, chosen, choice, offers):
    chosen(**choice)
    outcome = run_action(ActionChooseReminders(), me.hears("reminders", intent="set_reminder"))
    assert [card["title"] for card in outcome.cards] == ["How I remind you"]
    assert outcome.titles == [*offers, "Calendar file"]


@pytest.mark.parametrize(
    ("choice", "offers"), [({}, []), ({"address": MINE}, ["Stop the e-mail", "Leave it"])]
)
@pytest.mark.parametrize("wish", ["show", "mail", "manager"])
def test_without_a_mail_server_it_says_so_and_takes_no_address(
    run_action, me, around, chosen, choice, offers, wish
):
    chosen(**choice)
    set_up(replace(around, mail_from=None))
    outcome = run_action(ActionChooseReminders(), me.hears(tap=(REMINDERS, wish)))
    assert "cannot send e-mail here" in str(outcome.cards)
    assert outcome.titles == [*offers, "Calendar file"]
    assert outcome.followup is None
    assert outcome.events == []


@pytest.mark.parametrize(
    ("said", "response"),
    [
        ("remind me at 4 on Friday", "utter_reminders_own_time"),
        ("text me", "utter_reminders_own_way"),
        ("remind the health visitor as well", "utter_reminders_others"),
        ("stop esc 13 reminders", "utter_reminders_one_case"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(run_action, me, chosen, said, response):
    before = chosen(address=MINE)
    outcome = run_action(ActionChooseReminders(), me.hears(said, intent="set_reminder"))
    assert outcome.responses[0] == response
    assert len(outcome.cards) == 1
    assert chosen() == before


@pytest.mark.parametrize(
    ("said", "choice", "answers"),
    [
        ("email me", {}, {}),
        (f"email me at {MINE}", {}, {"mail_address": MINE}),
        ("email me at me@school", {}, {}),
        (f"email me at {MINE} or {BOSS}", {}, {}),
        ("tell my manager too", {}, {}),
        (f"tell my manager too, {BOSS}", {}, {}),
        ("tell my manager too", {"address": MINE}, {"mail_address": "kept"}),
    ],
)
def test_the_form_begins_with_what_was_plainly_said(run_action, me, chosen, said, choice, answers):
    before = chosen(**choice)
    outcome = run_action(ActionChooseReminders(), me.hears(said, intent="set_reminder"))
    assert outcome.answers == answers
    assert outcome.slots()["walk_case"]["phase"] == "mail"
    assert outcome.followup == "walk_form"
    assert ("utter_reminders_own_first" in outcome.responses) == ("manager" in said and not choice)
    assert chosen() == before


def test_a_walk_is_put_by_and_comes_back(run_action, conversation, walk_of, around):
    walk = keep(around, "me", walk_of("sandwell", imminent="no", matter="another_agency"), "d")
    began = run_action(
        ActionChooseReminders(),
        conversation(walk, person="me", in_form=False).hears(tap=(REMINDERS, "mail")),
    )
    assert began.answers == {"policy": "sandwell"}
    put_by = replace(
        walk, phase="mail", answers=(("policy", "sandwell"), *GIVEN), said=walk.answers
    )
    done = run_action(ActionRecord(), conversation(put_by, person="me").hears("yes"))
    assert done.answers == dict(walk.answers)
    case = done.slots()["walk_case"]
    assert (case["phase"], case["said"], case["draft"]) == ("walk", [], "d")


@pytest.mark.parametrize("phase", ["prepare", "progress"])
def test_what_was_half_told_elsewhere_is_not_taken_for_a_walk(run_action, conversation, phase):
    answers = (("policy", "jersey"), ("outcome", "agreed"))
    walk = Walk(phase=phase, version="v", reference="ESC-2026-0001", answers=answers)
    talk = conversation(walk, person="me", in_form=False)
    began = run_action(ActionChooseReminders(), talk.hears(tap=(REMINDERS, "mail")))
    assert began.slots()["walk_case"]["said"] == [["policy", "jersey"]]


def test_a_confirmed_choice_is_written(run_action, at, chosen):
    outcome = run_action(ActionRecord(), at(*GIVEN).hears("yes"))
    assert outcome.said("utter_reminders_chosen")["sender"] == "guide@escalation.example"
    assert (chosen().address, chosen().to_manager) == (MINE, BOSS)
    assert outcome.answers == {}


@pytest.mark.parametrize(
    "answers",
    [
        (), GIVEN[:1], GIVEN[:2], GIVEN[1:], (("mail_address", "leave"),),
        (*GIVEN[:2], ("check", "no")),
    ],
)  # fmt: skip
def test_nothing_is_written_without_every_answer_and_the_confirmation(
    run_action, at, chosen, answers
):
    outcome = run_action(ActionRecord(), at(*answers).hears("yes"))
    assert outcome.responses == ["utter_reminders_left"]
    assert chosen() is None


def test_a_choice_that_cannot_be_written_is_asked_for_again(run_action, at, chosen, full):
    outcome = run_action(ActionRecord(), at(*GIVEN).hears("yes"))
    assert outcome.responses == ["utter_reminders_not_changed"]
    assert outcome.answers == dict(GIVEN[:2])
    assert outcome.followup == "walk_form"
    assert chosen() is None


def test_mail_switched_off_before_the_confirmation_takes_no_address(run_action, at, around, chosen):
    set_up(replace(around, mail_from=None))
    outcome = run_action(ActionRecord(), at(*GIVEN).hears("yes"))
    assert outcome.responses == ["utter_reminders_no_mail"]
    assert chosen() is None


def test_a_kept_address_that_was_stopped_meanwhile_is_asked_for(run_action, at, around, chosen):
    answers = (("mail_address", "kept"), *GIVEN[1:])
    chosen(address=MINE)
    assert run_action(ActionRecord(), at(*answers).hears("yes")).answers == {}
    assert (chosen().address, chosen().to_manager) == (MINE, BOSS)
    with around.database.session() as session:
        stop_mail(session, person="me", now=around.now())
    outcome = run_action(ActionRecord(), at(*answers).hears("yes"))
    assert outcome.responses == ["utter_reminders_address_gone"]
    assert outcome.answers == {"mail_manager": BOSS}
    assert outcome.followup == "walk_form"


def test_stopping_is_done_at_once_and_said_where_there_was_nothing(run_action, me, chosen):
    chosen(address=MINE)
    stopping = me.hears("stop the emails", intent="set_reminder")
    assert run_action(ActionChooseReminders(), stopping).responses == ["utter_reminders_stopped"]
    assert chosen() is None
    again = run_action(ActionChooseReminders(), stopping)
    assert again.responses == ["utter_reminders_nothing_to_stop"]


def test_a_manager_is_left_out_and_the_person_goes_on(run_action, me, chosen):
    chosen(address=MINE, to_manager=BOSS)
    outcome = run_action(ActionChooseReminders(), me.hears(tap=(REMINDERS, "no_manager")))
    assert outcome.responses == ["utter_reminders_manager_out"]
    assert (chosen().address, chosen().to_manager) == (MINE, None)
    again = run_action(ActionChooseReminders(), me.hears(tap=(REMINDERS, "no_manager")))
    assert again.responses == ["utter_reminders_choose"]


@pytest.mark.parametrize("wish", ["stop", "no_manager"])
def test_what_cannot_be_taken_back_is_said(run_action, me, chosen, request, wish):
    before = chosen(address=MINE, to_manager=BOSS)
    request.getfixturevalue("full")
    outcome = run_action(ActionChooseReminders(), me.hears(tap=(REMINDERS, wish)))
    assert outcome.responses == ["utter_reminders_not_changed"]
    assert chosen() == before


def test_a_button_of_this_choice_works_whenever_no_question_is_open(run_action, me):
    outcome = run_action(ActionTakeUp(), me.hears(tap=(REMINDERS, "show")))
    assert outcome.cards[0]["title"] == "How I remind you"
    left = run_action(ActionTakeUp(), me.hears(tap=(REMINDERS, "leave")))
    assert left.responses == ["utter_reminders_left"]


def test_an_address_is_taken_without_a_warning_that_it_is_personal(run_action, at):
    outcome = run_action(ValidateWalkForm(), at().hears(f"it is {MINE}"))
    assert outcome.answers == {"mail_address": MINE}
    assert outcome.responses == []


def test_the_second_wrong_address_offers_to_leave_it(run_action, at):
    missed = [
        {"event": "user", "text": "me@school", "timestamp": 1},
        {"event": "bot", "metadata": {"utter_action": "utter_reminders_not_an_answer"}},
    ]
    first = run_action(ValidateWalkForm(), at().hears("me@school"))
    assert first.responses == ["utter_reminders_not_an_answer"]
    assert "name@school.example" in first.said("utter_reminders_not_an_answer")["why"]
    second = run_action(ValidateWalkForm(), at().hears("me@school", earlier=missed))
    assert second.responses == [
        "utter_reminders_not_an_answer", "utter_reminders_leave_if_unsure",
    ]  # fmt: skip
    assert second.answers == {}


@pytest.mark.parametrize("address", [MINE, "kept"])
def test_the_managers_address_is_not_ones_own(run_action, at, chosen, address):
    chosen(address=MINE)
    talk = at(("mail_address", address))
    outcome = run_action(ValidateWalkForm(), talk.hears(MINE))
    assert "your own address" in outcome.said("utter_reminders_not_an_answer")["why"]


def test_the_check_is_asked_under_its_card_with_a_way_back(run_action, at):
    outcome = run_action(ActionAskWalkAnswer(), at(*GIVEN[:2]).hears("x"))
    assert [card["title"] for card in outcome.cards] == ["Is this right?"]
    assert outcome.titles == ["Yes, send e-mail", "No, leave it as it was", "Back"]
    assert run_action(ActionAskWalkAnswer(), at().hears("x")).titles == ["Leave it"]


def test_back_and_stop(run_action, at):
    assert run_action(ActionGoBack(), at(*GIVEN[:2]).hears("back")).answers == dict(GIVEN[:1])
    stopped = run_action(ActionStopWalk(), at(*GIVEN[:1]).hears("stop"))
    assert stopped.responses == ["utter_reminders_left"]
    assert stopped.answers == {}
