"""Who asked for reminders by mail, and where to."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.records.audit import verify_audit
from bot.records.mailboxes import AddressError, choose_mail, how_many_ask, mailbox_of, stop_mail
from bot.records.tables import AuditEntryRow


def choosing(database, now, **given):
    with database.session() as session:
        return choose_mail(
            session, **{"person": "person-1", "address": "me@school.example", "now": now, **given}
        )


def chosen(database, person="person-1"):
    with database.reading() as session:
        return mailbox_of(session, person=person)


def test_a_choice_is_kept_and_a_second_one_replaces_it(database, now):
    assert chosen(database) is None
    assert choosing(database, now) == chosen(database)
    later = now + timedelta(days=1)
    choosing(database, later, address="we@school.example", to_manager="head@school.example")
    found = chosen(database)
    assert (found.address, found.to_manager) == ("we@school.example", "head@school.example")
    assert found.consented_at == later
    assert chosen(database, "person-2") is None
    with database.reading() as session:
        assert how_many_ask(session) == 1


def test_it_can_be_taken_back_and_the_address_is_gone(database, now):
    choosing(database, now)
    for _ in range(2):
        with database.session() as session:
            stop_mail(session, person="person-1", now=now)
    assert chosen(database) is None
    with database.reading() as session:
        verify_audit(session)
        entries = session.scalars(select(AuditEntryRow).order_by(AuditEntryRow.seq)).all()
    assert [entry.what for entry in entries] == ["MailChosen", "MailStopped"]
    assert "school.example" not in "".join(entry.detail + entry.about for entry in entries)


@pytest.mark.parametrize(
    "address",
    [
        "", "me", "me@", "@school.example", "me@school", "me@school.example, you@school.example",
        "me@school.example\nBcc: all@school.example", "Me <me@school.example>",
        "me @school.example", ".me@school.example", "mé@school.example", "me@sch_ool.example",
        f"{'m' * 250}@a.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_for_both(database, now, address):
    for field in ("address", "to_manager"):
        with pytest.raises(AddressError, match=r"Give one address such as"):
            choosing(database, now, **{field: address})
    assert chosen(database) is None


@pytest.mark.parametrize("address", ["a.b+c@x-y.co.uk", "O'Neil_1@school.sch.uk"])
def test_what_is_an_address_is_taken(database, now, address):
    assert choosing(database, now, address=address).address == address
