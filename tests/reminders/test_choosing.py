"""The questions of mail, the addresses that are taken, and what is shown."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.answers import Answered, NotAnAnswer
from bot.escalation.questions import SKIPPED
from bot.records.mailboxes import Mailbox, check_address
from bot.reminders.choosing import (
    ADDRESS,
    CHECK,
    KEPT,
    LEAVE,
    MANAGER,
    mail_card,
    masked,
    next_mail_question,
    read_address,
    reminders_card,
)
from bot.reminders.due import Pace

MINE, BOSS = "me@school.example", "boss@school.example"
MAILBOX = Mailbox(
    person="p", address=MINE, to_manager=BOSS, consented_at=datetime(2026, 11, 18, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ADDRESS),
        ({"mail_address": LEAVE}, None),
        ({"mail_address": MINE}, MANAGER),
        ({"mail_address": KEPT}, MANAGER),
        ({"mail_address": MINE, "mail_manager": SKIPPED}, CHECK),
        ({"mail_address": MINE, "mail_manager": BOSS, "check": "yes"}, None),
    ],
)
def test_each_question_comes_in_its_turn(answers, asked):
    assert next_mail_question(tuple(answers.items())) is asked


@pytest.mark.parametrize(
    "said",
    [MINE, f" {MINE}. ", f"it's {MINE}", f"Me <{MINE}>", f"mailto:{MINE}", f"“{MINE}”, thanks"],
)
def test_an_address_is_found_in_a_sentence(said):
    assert read_address(ADDRESS, said, None) == Answered(MINE)


@pytest.mark.parametrize(
    ("asked", "said", "value"),
    [
        (ADDRESS, "leave", LEAVE), (ADDRESS, "Leave it", LEAVE), (ADDRESS, "no", LEAVE),
        (ADDRESS, "never mind", LEAVE), (MANAGER, "skipped", SKIPPED),
        (MANAGER, "Skip: only to me", SKIPPED), (MANAGER, "no", SKIPPED),
        (MANAGER, "just me", SKIPPED),
    ],
)  # fmt: skip
def test_either_address_may_be_left_out(asked, said, value):
    assert read_address(asked, said, MINE) == Answered(value)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "was not in your message"),
        ("me", "was not in your message"),
        ("why do you need it", "was not in your message"),
        ("me@school", "cannot be used"),
        ("mé@school.example", "cannot be used"),
        ("jos.é.x@school.example", "cannot be used"),
        (f"{'m' * 250}@a.example", "cannot be used"),
        (f"{MINE} or {BOSS}", "I found 2 addresses"),
        (f"{MINE},{BOSS}", "cannot be used"),
    ],
)
@pytest.mark.parametrize(
    ("asked", "whose"), [(ADDRESS, "Your address"), (MANAGER, "Your manager's address")]
)
def test_what_is_no_address_is_told_which_and_what_is_allowed(asked, whose, said, why):
    found = read_address(asked, said, None)
    assert isinstance(found, NotAnAnswer)
    assert why in found.why
    assert whose in found.why
    assert "name@school.example" in found.why


def test_ones_own_address_is_not_the_managers():
    assert isinstance(read_address(MANAGER, MINE.upper(), MINE), NotAnAnswer)
    assert read_address(ADDRESS, MINE, MINE) == Answered(MINE)


@given(st.text(max_size=200))
def test_whatever_is_taken_can_be_sent_to(said):
    found = read_address(MANAGER, said, MINE)
    if isinstance(found, Answered) and found.value != SKIPPED:
        check_address(found.value)


@pytest.mark.parametrize("manager", [SKIPPED, BOSS])
def test_the_card_to_confirm_shows_each_address_in_full_and_who_gets_none(manager):
    answers = (("policy", "jersey"), ("mail_address", MINE), ("mail_manager", manager))
    rows = {row.term: row.value for row in mail_card(answers, Pace()).rows}
    assert rows["Your address"] == MINE
    assert (BOSS in rows["Your manager"]) == (manager == BOSS)
    assert ("get none" in rows["Your manager"]) == (manager == SKIPPED)


@pytest.mark.parametrize("by_mail", [True, False])
def test_how_one_is_reminded_never_shows_a_whole_address(by_mail):
    shown = json.dumps(reminders_card(MAILBOX, Pace(), by_mail=by_mail).as_json())
    assert MINE not in shown
    assert BOSS not in shown
    assert shown.count("@school.example") == 2
    assert ("cannot send e-mail here" in shown) != by_mail


def test_without_mail_only_the_conversation_reminds():
    rows = {row.term: row.value for row in reminders_card(None, Pace(), by_mail=True).rows}
    assert rows["By e-mail"] == "You have not chosen it."
    assert rows["Your manager"] == "Gets no reminders."
    assert rows["In this conversation"].startswith("Always")


def test_the_pace_of_this_place_is_told():
    card = reminders_card(None, Pace(days_before=3, days_between=2), by_mail=True)
    rows = {row.term: row.value for row in card.rows}
    assert "3 working days before a date" in rows["When"]
    assert "every 2 working days" in rows["When"]
    assert "08:00 to 18:00" in rows["When"]


@pytest.mark.parametrize(
    ("address", "shown"), [(MINE, "m…@school.example"), ("a@b.example", "a…@b.example")]
)
def test_a_masked_address_is_known_again_and_no_more(address, shown):
    assert masked(address) == shown
