"""Who asked for reminders by mail, and where to."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.records.audit import verify_audit
from bot.records.mailboxes import AddressError, choose_mail, how_many_ask, mailbox_of, stop_mail
from bot.records.post import NewPost, put
from bot.records.store import record_escalation
from bot.records.tables import AuditEntryRow, EscalationRow, PostRow


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


@pytest.fixture
def posted(database, new_case, now):
    """Mail of two people to themselves and their managers, sent and waiting."""
    with database.session() as session:
        for person in ("person-1", "person-2"):
            record_escalation(session, key=person, person=person, now=now, new=new_case())
            case = session.scalars(
                select(EscalationRow.id).where(EscalationRow.person == person)
            ).one()
            posts = [
                NewPost(
                    escalation_id=case, stage="one", key="reply", kind=kind, due="2026-11-19",
                    nth=0, way="mail", recipient=recipient, address=address, subject="s", body="b",
                )
                for kind in ("due_soon", "due_today")
                for recipient, address in (
                    ("person", "me@school.example"), ("manager", "head@school.example"),
                )
            ]  # fmt: skip
            put(session, posts, now=now)
        session.execute(
            update(PostRow).where(PostRow.kind == "due_soon").values(status="sent", sent_at=now)
        )


def addresses(database, person="person-1"):
    with database.reading() as session:
        rows = session.execute(
            select(PostRow.recipient, PostRow.kind, PostRow.address)
            .join(EscalationRow, EscalationRow.id == PostRow.escalation_id)
            .where(EscalationRow.person == person)
        )
        return {(recipient, kind): address for recipient, kind, address in rows}


def test_with_the_choice_its_reminders_forget_the_address_and_keep_to_whom(database, now, posted):
    choosing(database, now, to_manager="head@school.example")
    before = addresses(database)
    assert "" not in before.values()
    with database.session() as session:
        stop_mail(session, person="person-1", now=now)
    assert set(addresses(database).values()) == {""}
    assert addresses(database).keys() == before.keys()
    assert addresses(database, "person-2") == before, "nobody else's"


def test_an_address_that_is_replaced_is_forgotten_alone(database, now, posted):
    choosing(database, now, to_manager="head@school.example")
    choosing(database, now, address="me@school.example")
    kept = {recipient: address for (recipient, _), address in addresses(database).items()}
    assert kept == {"person": "me@school.example", "manager": ""}
    choosing(database, now, address="other@school.example")
    assert set(addresses(database).values()) == {""}
