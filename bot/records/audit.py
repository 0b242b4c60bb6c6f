"""The audit trail: who did what when, each entry chained to the one before by its hash.

An entry never holds free words of a person, so that erasing a case does not break the chain.
Whoever can write to the database past the triggers can also write a new chain: keep the head that
`verify_audit` gives somewhere else.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from bot.databases.checks import JsonValue, check_instant, check_json, check_text
from bot.records.errors import BrokenChainError
from bot.records.tables import AuditEntryRow, AuditHeadRow

GENESIS = "0" * 64
"""What stands before the first entry."""


@dataclass(frozen=True)
class Verified:
    """A whole chain: how many entries, and the hash of the last."""

    count: int
    head: str


def take_turn(session: Session) -> AuditHeadRow:
    """Wait until no other transaction writes, then hold that turn until this one ends.

    Every function that writes takes it first, so writers cannot deadlock. On SQLite the
    transaction itself began with the write lock; on PostgreSQL this row is the lock.
    """
    return session.scalars(
        select(AuditHeadRow).with_for_update().execution_options(populate_existing=True)
    ).one()


def note(
    session: Session,
    *,
    at: datetime,
    who: str,
    what: str,
    about: str,
    detail: Mapping[str, JsonValue],
) -> None:
    """Add one entry: an event in the past tense (`StageEntered`) about a reference or id."""
    check_instant("The time of an audit entry", at)
    for name, words in (("who", who), ("what", what), ("about", about)):
        check_text(f"The {name} of an audit entry", words)
    check_json("The detail of an audit entry", dict(detail))
    end = take_turn(session)
    entry = AuditEntryRow(
        seq=end.seq + 1,
        at=at.astimezone(UTC).isoformat(timespec="microseconds"),
        who=who,
        what=what,
        about=about,
        detail=canonical(dict(detail)),
        previous=end.hash,
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()
    session.execute(update(AuditHeadRow).values(seq=entry.seq, hash=entry.hash))


def verify_audit(session: Session) -> Verified:
    """Recompute the chain from its beginning, in one statement and so in one moment.

    Raises:
        BrokenChainError: names the first entry that is missing, changed or out of order.
    """
    rows = session.execute(
        select(AuditHeadRow.seq, AuditHeadRow.hash, AuditEntryRow)
        .join(AuditEntryRow, true(), isouter=True)
        .order_by(AuditEntryRow.seq)
        .execution_options(yield_per=500, populate_existing=True)
    )
    count, previous, head = 0, GENESIS, (-1, "")
    for head_seq, head_hash, entry in rows:
        head = (head_seq, head_hash)
        if entry is not None:
            _check(entry, count + 1, previous)
            count, previous = entry.seq, entry.hash
    if head != (count, previous):
        raise BrokenChainError(
            count + 1, f"the trail should end at entry {head[0]} and ends at {count}"
        )
    return Verified(count, previous)


def _check(entry: AuditEntryRow, expected: int, previous: str) -> None:
    if entry.seq != expected:
        raise BrokenChainError(expected, f"it is missing, the next is {entry.seq}")
    if entry.previous != previous:
        raise BrokenChainError(expected, "it does not follow the entry before it")
    if entry.hash != hash_of(entry):
        raise BrokenChainError(expected, "its words do not match its hash")


def hash_of(entry: AuditEntryRow) -> str:
    """SHA-256 over the canonical JSON of everything but the hash itself."""
    content = {
        "seq": entry.seq,
        "at": entry.at,
        "who": entry.who,
        "what": entry.what,
        "about": entry.about,
        "detail": entry.detail,
        "previous": entry.previous,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value: Mapping[str, object]) -> str:
    """The one way to write an object as JSON: sorted keys, no spaces, characters as they are."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
