"""Which reminders of the running clocks are due and not made yet. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import Session

from bot.deadlines.calendar import OutsideCalendarError
from bot.policy.library import Library, UnknownPolicyError
from bot.policy.terms import Strength
from bot.records.post import NewPost, due_words
from bot.records.snoozing import Snooze, snoozes_of
from bot.records.tables import ClockRow, EscalationRow, MailboxRow, PostRow
from bot.records.tables.post import OF_ONE_LIMIT, ONCE
from bot.records.words import STILL_RUNS, PostWay, Recipient
from bot.reminders.due import Pace, Reminder, due_reminder, last_near
from bot.reminders.hours import hours_of
from bot.reminders.words import as_asked, body_of, subject_of

BATCH = 500
"""Clocks that are looked at together."""


@dataclass
class Found:
    """Reminders to make, and the clocks that could not be judged, each in one sentence."""

    posts: list[NewPost] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def find(session: Session, library: Library, *, now: datetime, pace: Pace, by_mail: bool) -> Found:
    """Every reminder that is due at `now` and not in the outbox yet.

    The conversation is always reminded; with `by_mail`, so is whoever asked for mail.
    """
    found = Found()
    places = {hours_of(each) for versions in library.versions.values() for each in versions}
    near = [last_near(now, each, pace) for each in places if each.open_at(now)]
    if not near:  # it is night or a holiday everywhere
        return found
    for wanted in running_until(max(near)):
        due = session.scalars(wanted).all()
        for start in range(0, len(due), BATCH):
            rows = session.execute(_whole(due[start : start + BATCH]))
            made = [post for row in rows for post in _of(row, library, now, pace, by_mail, found)]
            found.posts += _to_make(session, made, now)
    return found


def running_until(day: date) -> Iterator[Select[tuple[int]]]:
    """The ids of the running clocks that are due by then: one search for each kind of due date.

    One search for both would use neither index. The states are written into the statement,
    because SQLite uses a partial index only for a condition that it can read. An index alone
    answers for the ids; asked for the whole case at once, PostgreSQL expects fifty times as many
    and reads every case there is.
    """
    runs: BindParameter[Any] = bindparam("runs", STILL_RUNS, expanding=True, literal_execute=True)
    # the coarse end of that day, wherever it is: what is not due yet is left out afterwards
    instant = datetime.combine(day + timedelta(days=2), time.min, UTC)
    conditions: tuple[ColumnElement[bool], ...] = (
        ClockRow.due_on <= day,
        ClockRow.due_at < instant,
    )
    for due in conditions:
        yield select(ClockRow.id).where(ClockRow.status.in_(runs), due)


def _whole(ids: Sequence[int]) -> Select[Any]:
    """These clocks, of open cases, with the case and whoever asked for mail of it."""
    return (
        select(ClockRow, EscalationRow, MailboxRow)
        .join(EscalationRow, EscalationRow.id == ClockRow.escalation_id)
        .outerjoin(MailboxRow, MailboxRow.person == EscalationRow.person)
        .where(ClockRow.id.in_(ids), EscalationRow.status == "open")
        .order_by(ClockRow.id)
    )


def _of(
    row: Row[Any], library: Library, now: datetime, pace: Pace, by_mail: bool, found: Found
) -> Iterator[NewPost]:
    """The reminders of one clock: one for each recipient, or none."""
    clock, case, mailbox = row
    try:
        policy = library.get(case.policy_id, case.policy_version)
        hours = hours_of(policy)
        reminder = due_reminder(clock.due_on or clock.due_at, now, hours, pace)
    except (UnknownPolicyError, OutsideCalendarError) as error:
        found.problems.append(f"{case.reference} cannot be reminded of: {error}")
        return
    label = next((stage.label for stage in policy.stages if stage.id == clock.stage), None)
    if label is None:
        found.problems.append(
            f"{case.reference} cannot be reminded of: {case.policy_id} has no stage {clock.stage}."
        )
    elif reminder is not None:
        due = clock.due_on or clock.due_at.astimezone(hours.zone)
        for (way, recipient), address in _addresses(mailbox, by_mail):
            yield _post(clock, case, reminder, label, due, way, recipient, address)


def _addresses(
    mailbox: MailboxRow | None, by_mail: bool
) -> Iterator[tuple[tuple[PostWay, Recipient], str | None]]:
    yield ("conversation", "person"), None
    if by_mail and mailbox is not None:
        yield ("mail", "person"), mailbox.address
        manager = mailbox.to_manager
        # one mailbox for both gets one mail
        if manager is not None and manager.casefold() != mailbox.address.casefold():
            yield ("mail", "manager"), manager


def _post(
    clock: ClockRow,
    case: EscalationRow,
    reminder: Reminder,
    label: str,
    due: date | datetime,
    way: PostWay,
    recipient: Recipient,
    address: str | None,
) -> NewPost:
    return NewPost(
        escalation_id=case.id,
        stage=clock.stage,
        key=clock.key,
        kind=reminder.kind,
        due=cast(str, due_words(clock.due_on, clock.due_at)),
        nth=reminder.nth,
        way=way,
        recipient=recipient,
        address=address,
        subject=subject_of(case.reference, reminder.kind),
        body=body_of(
            reference=case.reference,
            stage=label,
            kind=reminder.kind,
            due=due,
            strength=cast(Strength, clock.strength),
            indicative=clock.indicative,
            recipient=recipient,
        ),
    )


def _to_make(session: Session, posts: Sequence[NewPost], now: datetime) -> list[NewPost]:
    """Those that are not in the outbox, or were dropped from it, as their person wished.

    What a person put off is left out until its time. Then there is one reminder: the one that has
    come due meanwhile, else the last one once more. A manager has put nothing off.
    """
    cases = {post.escalation_id for post in posts}
    snoozes = snoozes_of(session, cases)
    made = session.execute(
        select(*(getattr(PostRow, name) for name in ONCE), PostRow.made_at)
        .where(PostRow.escalation_id.in_(cases), PostRow.status != "dropped")
        .order_by(PostRow.made_at)
    ).all()
    known = {_named(row, ONCE) for row in made}
    last = {_named(row, OF_ONE_LIMIT): row.made_at for row in made}
    wanted = []
    for post in posts:
        limit = (post.escalation_id, post.stage, post.key, post.due)
        snooze = snoozes.get(limit) if post.recipient == "person" else None
        new = _named(post, ONCE) not in known
        if snooze is not None and not _heard_since(snooze, last.get(_named(post, OF_ONE_LIMIT))):
            if now >= snooze.until:
                nth = post.nth if new else -snooze.nth
                wanted.append(replace(post, nth=nth, body=as_asked(post.body)))
        elif new:
            wanted.append(post)
    return wanted


def _named(post: Any, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(post, name) for name in names)


def _heard_since(snooze: Snooze, last_made_at: datetime | None) -> bool:
    """Whether a reminder was made at the time that was wished for, or after it."""
    return last_made_at is not None and last_made_at >= snooze.until
