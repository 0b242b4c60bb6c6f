"""Takes from the outbox what is to be sent now, and writes down what became of it.

Several sweepers may work at once. On PostgreSQL each passes over what another holds (`SKIP
LOCKED`); on SQLite a transaction that writes holds the whole file. A notice is sent in the very
transaction that takes it, so exactly once. A mail leaves the database: its sender takes it with a
lease, sends it outside the transaction, and settles it in a second one. Whoever dies in between
loses the lease, and the mail is taken again.

Nothing here takes the writers' turn (`audit.take_turn`), or nobody could be passed over. It cannot
deadlock: each transaction waits for no row but the one it settles.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, cast

from sqlalchemy import Row, exists, select, update
from sqlalchemy.orm import Session, aliased

from bot.escalation.safety import advice_of
from bot.policy.library import Library, UnknownPolicyError
from bot.records.post import OF_ITS_CLOCK, due_words
from bot.records.tables import ClockRow, EscalationRow, MailboxRow, PostRow
from bot.records.tables.post import OF_ONE_LIMIT
from bot.records.teams_outbox import put_notice
from bot.records.words import STILL_RUNS, PostWay, Recipient
from bot.reminders.hours import WorkingHours, hours_of

Happened: TypeAlias = Literal["sent", "dropped", "put_off", "failed", "dead"]
LEASE = timedelta(minutes=10)
"""How long a sweeper may take over one mail before another takes it up."""
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
"""What lies between one try and the next; the try after the last pause is the last one."""
BATCH = 100
"""Notices that are sent in one transaction."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail that this sweeper holds; `attempt` counts from 1 and is what its lease is known by.

    `name` is the same at every try, so that a mail that arrives twice can be recognised. `advice`
    is what to do at immediate danger, as the case's policy has it.
    """

    id: int
    attempt: int
    name: tuple[str, ...]
    recipient: Recipient
    address: str
    subject: str
    body: str
    advice: str
    hours: WorkingHours


def send_notices(session: Session, library: Library, *, now: datetime) -> Counter[Happened]:
    """Send one batch of notices in this transaction: empty once none is left.

    Who can be reached in Microsoft Teams gets them there too, without having to ask.
    """
    happened: Counter[Happened] = Counter()
    for row in _waiting(session, way="conversation", now=now, most=BATCH):
        held_back = _hold_back(row, library, now)
        if held_back is None:
            row.PostRow.status, row.PostRow.sent_at, row.PostRow.attempts = "sent", now, 1
            row.PostRow.last_error = None
            case = row.EscalationRow
            put_notice(session, row.PostRow, person=case.person, case=case.reference, now=now)
        happened[held_back or "sent"] += 1
    return happened


def take_letter(
    session: Session, library: Library, *, now: datetime
) -> tuple[Letter | None, Counter[Happened]]:
    """Take the next mail with a lease; none if there is none. And what was held back on the way."""
    happened: Counter[Happened] = Counter()
    while rows := _waiting(session, way="mail", now=now, most=1):
        held_back = _hold_back(rows[0], library, now)
        if held_back is None:
            return _leased(rows[0], library, now), happened
        happened[held_back] += 1
    return None, happened


def mark_sent(session: Session, letter: Letter, *, now: datetime) -> None:
    """A mail arrived at its server: that stands, even where the lease was lost meanwhile."""
    session.execute(
        update(PostRow)
        .where(PostRow.id == letter.id)
        .values(status="sent", sent_at=now, last_error=None)
    )


def mark_failed(session: Session, letter: Letter, *, error: str, now: datetime) -> Happened:
    """A mail did not arrive: it waits for its next try, or is dead after the last.

    A sweeper that has lost its lease changes nothing.
    """
    dead = letter.attempt > len(PAUSES)
    pause = timedelta(0) if dead else PAUSES[letter.attempt - 1]
    session.execute(
        update(PostRow)
        .where(
            PostRow.id == letter.id,
            PostRow.status == "waiting",
            PostRow.attempts == letter.attempt,
        )
        .values(
            status="dead" if dead else "waiting",
            next_try_at=letter.hours.next_open(now + pause),
            last_error=error,
        )
    )
    return "dead" if dead else "failed"


def _waiting(session: Session, *, way: PostWay, now: datetime, most: int) -> Sequence[Row[Any]]:
    """What may be sent by now, with its case, its clock and its mailbox; held until the end."""
    later = aliased(PostRow)
    replaced = exists().where(
        *(getattr(later, name) == getattr(PostRow, name) for name in OF_ONE_LIMIT),
        later.made_at > PostRow.made_at,
    )
    return session.execute(
        select(PostRow, EscalationRow, ClockRow, MailboxRow, replaced.label("replaced"))
        .join(EscalationRow, EscalationRow.id == PostRow.escalation_id)
        .outerjoin(ClockRow, OF_ITS_CLOCK)
        .outerjoin(MailboxRow, MailboxRow.person == EscalationRow.person)
        .where(PostRow.status == "waiting", PostRow.way == way, PostRow.next_try_at <= now)
        .order_by(PostRow.next_try_at, PostRow.id)
        .limit(most)
        .with_for_update(of=PostRow, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def _hold_back(row: Row[Any], library: Library, now: datetime) -> Happened | None:
    """Settle what must not be sent now; none if it may be."""
    post, case = row.PostRow, row.EscalationRow
    needless = _needless(row)
    if needless is not None:
        post.status, post.last_error = "dropped", needless
        return "dropped"
    try:
        hours = hours_of(library.get(case.policy_id, case.policy_version))
    except UnknownPolicyError as error:
        # the sweep tells of it each time; once the file is back, the reminder goes on its way
        post.next_try_at, post.last_error = now + LEASE, str(error)
        return "put_off"
    if post.attempts > len(PAUSES):
        post.status = "dead"
        post.last_error = post.last_error or "The program ended during every try to send it."
        return "dead"
    if not hours.open_at(now):
        post.next_try_at = hours.next_open(now)
        return "put_off"
    return None


def _needless(row: Row[Any]) -> str | None:
    """Why a reminder need not be sent any more; none if it must be."""
    post, case, clock, mailbox = row.PostRow, row.EscalationRow, row.ClockRow, row.MailboxRow
    if case.status != "open":
        return "The case has ended."
    if clock is None or clock.status not in STILL_RUNS:
        return "The time limit was settled."
    if post.due != due_words(clock.due_on, clock.due_at):
        return "The time limit has another date."
    if row.replaced:
        return "A later reminder took its place."
    if post.way == "mail":
        chosen = mailbox and (mailbox.address if post.recipient == "person" else mailbox.to_manager)
        if post.address != chosen:
            return "Mail to this address is not asked for any more."
    return None


def _leased(row: Row[Any], library: Library, now: datetime) -> Letter:
    post, case = row.PostRow, row.EscalationRow
    policy = library.get(case.policy_id, case.policy_version)
    post.attempts += 1
    post.next_try_at = now + LEASE
    return Letter(
        id=post.id,
        attempt=post.attempts,
        name=(
            post.escalation_id, post.stage, post.key, post.kind, post.due, str(post.nth),
            post.recipient,
        ),
        recipient=cast(Recipient, post.recipient),
        address=post.address,
        subject=post.subject,
        body=post.body,
        advice=advice_of(policy),
        hours=hours_of(policy),
    )  # fmt: skip
