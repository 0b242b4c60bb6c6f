"""Choosing reminders by mail in the conversation, to the mail itself and back again."""

import email
import email.policy
import json
import logging
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from mail import BOSS, MINE, SENDER
from paths import SENTENCE, Walker

from actions import validate
from actions.surroundings import set_up
from bot.records.mailboxes import mailbox_of
from bot.records.tables import AuditEntryRow, DraftRow, PostRow
from bot.reminders.due import Pace
from bot.reminders.sweep import sweep

DAYS = timedelta(days=1)


@pytest.fixture
def around(around):
    """The same surroundings, with a mail server set up."""
    given = replace(around, mail_from=SENDER)
    set_up(given)
    return given


@pytest.fixture
def walker(talk, around):
    return Walker(talk, around)


def whole(content):
    """The subject and the words of a mail, each on one line."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    return f"{message['Subject']}\n{' '.join(message.get_content().split())}"


def mailbox(around, walker):
    with around.database.reading() as session:
        return mailbox_of(session, person=walker.talk.person)


async def raise_case(walker):
    await walker.begin()
    return await walker.record({"policy": "sandwell", "stage": "s2"})


async def choose(walker, manager=BOSS):
    """Choose mail to the end."""
    await walker.say("email me please")
    await walker.say(MINE)
    if manager is None:
        await walker.talk.tap("Skip")
    else:
        await walker.say(manager)
    await walker.talk.tap("Yes, send e-mail")


async def test_mail_is_chosen_once_it_was_shown_and_confirmed(walker, around):
    await raise_case(walker)
    before = await walker.answers()
    await walker.say("email me please")
    assert (await walker.asked()).fact == "mail_address"
    await walker.say(f"it's {MINE}.")
    assert "I do not need it" not in walker.talk.said
    await walker.say(BOSS)
    [card] = walker.talk.cards
    assert MINE in json.dumps(card)
    assert BOSS in json.dumps(card)
    assert "No name of a child" in walker.talk.said
    assert mailbox(around, walker) is None
    await walker.talk.tap("Yes, send e-mail")
    found = mailbox(around, walker)
    assert (found.address, found.to_manager) == (MINE, BOSS)
    assert SENDER in walker.talk.said
    assert await walker.talk.loop() is None
    assert await walker.answers() == before, "the walk is what it was"
    assert "did not understand" not in walker.talk.said


async def test_an_address_in_the_wish_is_taken_and_shown_first(walker, around):
    await walker.say(f"email me at {MINE}")
    assert (await walker.asked()).fact == "mail_manager"
    await walker.say("no, just me")
    await walker.say("skip")
    assert MINE in walker.talk.said
    assert mailbox(around, walker) is None
    await walker.say("yes")
    assert mailbox(around, walker).to_manager is None


async def test_the_case_leads_to_its_reminders(walker, around):
    reference = await raise_case(walker)
    await walker.say(f"status of {reference}")
    await walker.talk.tap("Reminders")
    assert walker.talk.cards[0]["title"] == "How I remind you"
    assert "1 working day before a date" in walker.talk.said
    await walker.talk.tap("Tell my manager too")
    assert (await walker.asked()).fact == "mail_address"
    await walker.talk.tap("Leave it")
    assert mailbox(around, walker) is None
    assert "Nothing has changed" in walker.talk.said
    assert (await walker.walk()).reference == reference


async def test_a_manager_is_added_without_giving_ones_own_address_again(walker, around):
    await choose(walker, manager=None)
    await walker.say("copy my manager in")
    assert (await walker.asked()).fact == "mail_manager"
    await walker.say(MINE)
    assert "your own address" in walker.talk.said
    await walker.say(BOSS)
    assert MINE not in walker.talk.said
    await walker.talk.tap("Yes, send e-mail")
    found = mailbox(around, walker)
    assert (found.address, found.to_manager) == (MINE, BOSS)
    await walker.say("reminders")
    assert MINE not in walker.talk.said
    assert "m…@school.example" in walker.talk.said
    await walker.talk.tap("Leave my manager out")
    assert mailbox(around, walker).to_manager is None


async def test_a_typo_on_the_card_is_mended_by_going_back(walker, around):
    await walker.say("email me please")
    await walker.say("mee@school.example")
    await walker.talk.tap("Back")
    assert (await walker.asked()).fact == "mail_address"
    await walker.say(MINE)
    await walker.talk.tap("Skip")
    await walker.talk.tap("Yes, send e-mail")
    assert mailbox(around, walker).address == MINE


async def test_a_wrong_address_twice_says_what_is_wrong_and_how_to_leave_it(walker, around):
    await walker.say("email me please")
    await walker.say("me@school")
    assert "Your address cannot be used" in walker.talk.said
    await walker.say("me at school dot example")
    assert "was not in your message" in walker.talk.said
    assert "leave it" in walker.talk.said
    await walker.say("leave it")
    assert mailbox(around, walker) is None
    assert await walker.talk.loop() is None


@pytest.mark.parametrize("way", ["stop", "no", "end"])
async def test_nothing_is_written_unless_it_is_confirmed(walker, around, way):
    await walker.say(f"email me at {MINE}")
    await walker.talk.tap("Skip")
    if way == "end":
        await walker.talk.tap("No, leave it")
    else:
        await walker.say(way)
    assert mailbox(around, walker) is None
    assert "Nothing has changed" in walker.talk.said
    assert await walker.talk.loop() is None
    assert MINE not in json.dumps(await walker.answers())


async def test_a_stopped_walk_is_as_it_was_after_mail_was_chosen(walker):
    await walker.begin()
    await walker.to("area", {"policy": "sandwell"})
    await walker.say("stop")
    before = await walker.answers()
    await choose(walker)
    assert await walker.answers() == before
    await walker.say("carry on")
    assert (await walker.asked()).fact == "imminent"  # a risk is asked about anew
    await walker.tap("imminent", "no")
    assert (await walker.asked()).fact == "area"


async def test_the_mail_is_stopped_by_a_word(walker, around):
    await choose(walker)
    await walker.say("stop the emails")
    assert mailbox(around, walker) is None
    assert "stopped the e-mail" in walker.talk.said
    await walker.say("stop the emails")
    assert "none to stop" in walker.talk.said


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("remind me in three days at two o'clock", "cannot remind you at a time"),
        ("no reminders on Fridays please", "cannot remind you at a time"),
        ("who gets the reminders?", "Anyone else"),
        ("can the reminder come as a text instead", "cannot send a text message"),
        ("remind the health visitor as well", "nobody else"),
    ],
)
async def test_what_it_cannot_do_is_said_plainly(walker, around, wish, told):
    await choose(walker)
    await walker.say(wish)
    assert told in walker.talk.said
    assert "Calendar file" in walker.talk.titles
    assert await walker.talk.loop() is None
    assert mailbox(around, walker) is not None


@pytest.mark.parametrize("wish", ["email me when it is due", "copy my manager in please"])
async def test_without_a_mail_server_no_address_is_taken(talk, around, wish):
    set_up(replace(around, mail_from=None))
    walker = Walker(talk, around)
    await walker.say(wish)
    assert "cannot send e-mail here" in walker.talk.said
    assert "Ask your administrator" in walker.talk.said
    assert await walker.talk.loop() is None


async def test_a_record_that_cannot_be_written_changes_nothing_and_the_next_try_works(
    walker, around, records_file
):
    await walker.say(f"email me at {MINE}")
    await walker.talk.tap("Skip")
    busy = sqlite3.connect(records_file)
    busy.execute("CREATE TRIGGER full BEFORE INSERT ON mailbox BEGIN SELECT RAISE(FAIL, 'x'); END")
    busy.commit()
    await walker.talk.tap("Yes, send e-mail")
    assert mailbox(around, walker) is None
    assert "Done" not in walker.talk.said
    assert "Nothing has" in walker.talk.said
    assert (await walker.asked()).fact == "check"
    busy.execute("DROP TRIGGER full")
    busy.commit()
    busy.close()
    await walker.talk.tap("Yes, send e-mail")
    assert mailbox(around, walker).address == MINE


async def test_a_risk_while_choosing_comes_first_and_keeps_the_place(walker):
    await walker.say("email me please")
    await walker.say("he has a knife and he is in the house with the children now")
    assert "999" in walker.talk.said
    assert (await walker.walk()).phase == "mail"
    assert "none of your own words" not in walker.talk.said


async def test_an_old_button_in_the_midst_of_it_changes_nothing(walker, around):
    await walker.say(f"email me at {MINE}")
    await walker.talk.tap("Skip")
    await walker.talk.choose("mail_manager", "skipped")
    assert "not part of this" in walker.talk.said
    await walker.talk.choose("reminders", "stop")
    assert "not part of this" in walker.talk.said
    assert (await walker.asked()).fact == "check"


async def test_an_overdue_date_reaches_the_manager_by_mail_until_it_is_stopped(
    walker, around, clock, office, mailer
):
    reference = await raise_case(walker)
    await choose(walker)
    clock.forward(30 * DAYS)
    sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=mailer)
    sent = {each.rcpt_tos[0]: whole(each.content) for each in office.taken}
    assert set(sent) == {MINE, BOSS}
    assert f"{reference}: a time limit has passed" in sent[BOSS]
    assert "Act now with the practitioner who holds this case" in sent[BOSS]
    assert SENTENCE not in "".join(sent.values())
    office.taken.clear()
    office.refused.add(BOSS)
    clock.forward(12 * DAYS)
    sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=mailer)
    assert {each.rcpt_tos[0] for each in office.taken} == {MINE}
    await walker.say("stop the emails")
    office.refused.clear()
    office.taken.clear()
    for days in range(10):
        clock.forward(days * DAYS)
        swept = sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=mailer)
    assert office.taken == []
    assert swept.waiting == 0
    with around.database.reading() as session:
        assert not list(session.scalars(sa.select(PostRow).where(PostRow.address.like("%@%"))))


async def test_the_address_is_in_no_log_no_trail_and_no_draft(walker, around, caplog):
    caplog.set_level(logging.INFO)
    await raise_case(walker)
    await choose(walker)
    await walker.say("reminders")
    await walker.say("stop the emails")
    assert "school.example" not in caplog.text
    with around.database.reading() as session:
        kept = [each.detail + each.about for each in session.scalars(sa.select(AuditEntryRow))]
        kept += [json.dumps(each.answers) for each in session.scalars(sa.select(DraftRow))]
    assert kept
    assert "school.example" not in "".join(kept)


async def test_a_fault_while_choosing_is_no_matter_of_risk_and_keeps_the_place(walker, monkeypatch):
    def fails(*_):
        raise RuntimeError("SELECT secret")

    await walker.say("email me please")
    monkeypatch.setattr(validate, "read", fails)
    await walker.say(MINE)
    assert "went wrong on my side" in walker.talk.said
    assert "your policy's own steps" not in walker.talk.said
    monkeypatch.undo()
    await walker.say(MINE)
    assert (await walker.asked()).fact == "mail_manager"
