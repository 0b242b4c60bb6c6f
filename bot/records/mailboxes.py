"""Reminders by mail, for whoever asked for them: the choice, and taking it back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.databases.checks import Checked, check_instant, check_text
from bot.records import audit
from bot.records.errors import RecordsError
from bot.records.tables import EscalationRow, MailboxRow, PostRow
from bot.records.words import Recipient

ADDRESS = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[a-z\d-]+(\.[a-z\d-]+)+", re.A | re.I
)
LONGEST = 254
"""Characters of an address that mail servers carry (RFC 5321, erratum 1690)."""
FORGOTTEN = ""
"""Stands with a mail whose address was taken back: the table wants one with every mail."""


class AddressError(RecordsError, ValueError):
    """What was given is no address that mail can be sent to."""


@dataclass(frozen=True, kw_only=True)
class Mailbox(Checked):
    """Where one person's reminders go by mail; `to_manager` gets them too, where it is given."""

    person: str
    address: str
    to_manager: str | None
    consented_at: datetime


def choose_mail(
    session: Session, *, person: str, address: str, to_manager: str | None = None, now: datetime
) -> Mailbox:
    """Send this person's reminders by mail from now on; a second choice replaces the first.

    An address that is not chosen any more is forgotten, as by `stop_mail`.

    Raises:
        AddressError: one of the addresses cannot be sent to.
    """
    check_text("The person", person)
    check_instant("The present instant", now)
    for given in (address, to_manager):
        if given is not None:
            check_address(given)
    audit.take_turn(session)
    row = session.get(MailboxRow, person, populate_existing=True) or MailboxRow(person=person)
    row.address, row.to_manager, row.consented_at = address, to_manager, now
    session.add(row)
    _forget_others(session, person, {"person": address, "manager": to_manager})
    audit.note(
        session,
        at=now,
        who=person,
        what="MailChosen",
        about=person,
        detail={"manager": to_manager is not None},
    )
    return Mailbox(person=person, address=address, to_manager=to_manager, consented_at=now)


def stop_mail(session: Session, *, person: str, now: datetime) -> None:
    """Send this person no more mail; a second time changes nothing.

    What waits is dropped by the next sweep. Every reminder forgets its address, and keeps whether
    it went to the person or to the manager.
    """
    check_instant("The present instant", now)
    audit.take_turn(session)
    row = session.get(MailboxRow, person, populate_existing=True)
    if row is not None:
        session.delete(row)
        _forget_others(session, person, {"person": None, "manager": None})
        audit.note(session, at=now, who=person, what="MailStopped", about=person, detail={})


def mailbox_of(session: Session, *, person: str) -> Mailbox | None:
    """What this person chose, if they chose mail."""
    row = session.get(MailboxRow, person, populate_existing=True)
    if row is None:
        return None
    return Mailbox(
        person=row.person,
        address=row.address,
        to_manager=row.to_manager,
        consented_at=row.consented_at,
    )


def how_many_ask(session: Session) -> int:
    """How many people asked for mail."""
    return session.scalars(select(func.count()).select_from(MailboxRow)).one()


def check_address(address: str) -> None:
    """Refuse what is no address.

    Raises:
        AddressError: says what was found and what is allowed.
    """
    if len(address) > LONGEST or not ADDRESS.fullmatch(address):
        raise AddressError(
            f"{address!r} is not an address that mail can be sent to. "
            "Give one address such as head@school.example."
        )


def _forget_others(session: Session, person: str, chosen: Mapping[Recipient, str | None]) -> None:
    """Blank every address of this person's reminders but those that are chosen.

    Nothing needs them: what was sent is done, and what waits is dropped by its address.
    """
    theirs = select(EscalationRow.id).where(EscalationRow.person == person)
    for recipient, address in chosen.items():
        session.execute(
            update(PostRow)
            .where(
                PostRow.escalation_id.in_(theirs),
                PostRow.way == "mail",
                PostRow.recipient == recipient,
                PostRow.address != (address or FORGOTTEN),
            )
            .values(address=FORGOTTEN)
        )
