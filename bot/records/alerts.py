"""Risk alerts: written before anything else is said, settled when the person has answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.databases.checks import Checked, check_instant, check_text
from bot.records import audit
from bot.records.errors import NotFoundError, NotOpenError
from bot.records.idempotency import earlier_result, remember
from bot.records.tables import EscalationRow, RiskAlertRow
from bot.records.words import AlertSource, CallMade, SettledAs, Tier

BETWEEN = ", "
"""Stands between the words that matched."""


@dataclass(frozen=True, kw_only=True)
class NewAlert(Checked):
    """What set an alert off. `matched` is the words that did; `escalation` a reference.

    An alert is worth more than its link: where no such case is found, it stands by itself.
    """

    conversation: str
    tier: Tier
    source: AlertSource
    matched: str
    score: float | None = None
    policy_id: str | None = None
    escalation: str | None = None


@dataclass(frozen=True, kw_only=True)
class RiskAlert(Checked):
    """An alert as it was committed; `settled_as` is none while it is open."""

    id: str
    person: str
    conversation: str
    escalation: str | None
    policy_id: str | None
    tier: Tier
    source: AlertSource
    matched: str
    score: float | None
    raised_at: datetime
    call_made: CallMade
    settled_at: datetime | None
    settled_as: SettledAs | None


def raise_alert(
    session: Session, *, key: str, person: str, now: datetime, new: NewAlert
) -> RiskAlert:
    """Write an alert once; the same key again gives the one that stands.

    Raises:
        KeyReusedError: the key stands for something else.
    """
    check_text("The person", person)
    check_instant("The present instant", now)
    audit.take_turn(session)
    earlier = earlier_result(session, key=key, what="RiskAlertRaised", person=person)
    if earlier is not None:
        return _to_alert(session, _owned(session, alert=earlier, person=person))
    row = RiskAlertRow(
        id=str(uuid4()),
        person=person,
        conversation=new.conversation,
        escalation_id=_escalation_id(session, new.escalation, person),
        policy_id=new.policy_id,
        tier=new.tier,
        source=new.source,
        matched=new.matched,
        score=new.score,
        raised_at=now,
        call_made="not_said",
    )
    session.add(row)
    remember(session, key=key, what="RiskAlertRaised", person=person, result=row.id, now=now)
    audit.note(
        session,
        at=now,
        who=person,
        what="RiskAlertRaised",
        about=row.id,
        detail={"tier": new.tier, "source": new.source, "policy": new.policy_id},
    )
    return _to_alert(session, row)


def upgrade_alert(
    session: Session,
    *,
    alert: str,
    person: str,
    now: datetime,
    tier: Tier,
    matched: str,
    score: float | None,
) -> RiskAlert:
    """Add what was said since to an open alert: its tier and score only rise, its words add up.

    What it says already changes nothing, so a repeated message writes nothing.

    Raises:
        NotFoundError: no such alert, or someone else's.
        NotOpenError: it was settled; raise a new alert instead.
    """
    check_text("The words that matched", matched)
    check_instant("The present instant", now)
    audit.take_turn(session)
    row = _owned(session, alert=alert, person=person)
    if row.settled_as is not None:
        raise NotOpenError(f"This alert was settled as {row.settled_as}: raise a new alert.")
    before = (row.tier, row.matched, row.score)
    said = [words for words in row.matched.split(BETWEEN) if words]
    row.matched = BETWEEN.join(dict.fromkeys([*said, *filter(None, matched.split(BETWEEN))]))
    row.tier = "high" if "high" in (row.tier, tier) else tier
    row.score = max((each for each in (row.score, score) if each is not None), default=None)
    if before != (row.tier, row.matched, row.score):
        audit.note(
            session,
            at=now,
            who=person,
            what="RiskAlertUpgraded",
            about=row.id,
            detail={"tier": row.tier, "before": before[0]},
        )
    return _to_alert(session, row)


def settle_alert(
    session: Session,
    *,
    alert: str,
    person: str,
    now: datetime,
    settled_as: SettledAs,
    call_made: CallMade | None = None,
) -> RiskAlert:
    """End an alert with what the person answered; the same answer again changes nothing.

    Raises:
        NotFoundError: no such alert, or someone else's.
        NotOpenError: it was settled with another answer; raise a new alert instead.
    """
    audit.take_turn(session)
    row = _owned(session, alert=alert, person=person)
    if row.settled_as is None:
        check_instant("The present instant", now)
        row.settled_at, row.settled_as = now, settled_as
        audit.note(
            session,
            at=now,
            who=person,
            what="RiskAlertSettled",
            about=row.id,
            detail={"settled_as": settled_as},
        )
    elif row.settled_as != settled_as:
        raise NotOpenError(
            f"This alert was settled as {row.settled_as}, now {settled_as}: raise a new alert."
        )
    if call_made is not None:
        return note_call(session, alert=alert, person=person, now=now, call_made=call_made)
    return _to_alert(session, row)


def note_call(
    session: Session, *, alert: str, person: str, now: datetime, call_made: CallMade
) -> RiskAlert:
    """Keep the answer to "was the call made?", which may come after the alert is settled.

    Raises:
        NotFoundError: no such alert, or someone else's.
    """
    audit.take_turn(session)
    row = _owned(session, alert=alert, person=person)
    if row.call_made != call_made:
        row.call_made = call_made
        audit.note(
            session,
            at=now,
            who=person,
            what="RiskCallNoted",
            about=row.id,
            detail={"call_made": call_made},
        )
    return _to_alert(session, row)


def open_alerts(session: Session, *, conversation: str) -> tuple[RiskAlert, ...]:
    """Every alert of this conversation that waits for an answer, the newest first."""
    rows = session.scalars(
        select(RiskAlertRow)
        .where(RiskAlertRow.conversation == conversation, RiskAlertRow.settled_at.is_(None))
        .order_by(RiskAlertRow.raised_at.desc(), RiskAlertRow.id)
    )
    return tuple(_to_alert(session, row) for row in rows.all())


def _owned(session: Session, *, alert: str, person: str) -> RiskAlertRow:
    check_text("The id of an alert", alert)
    row = session.get(RiskAlertRow, alert, populate_existing=True)
    if row is None or row.person != person:
        raise NotFoundError("You have no such risk alert.")
    return row


def _escalation_id(session: Session, reference: str | None, person: str) -> str | None:
    if reference is None:
        return None
    return session.scalars(
        select(EscalationRow.id).where(
            EscalationRow.reference == reference, EscalationRow.person == person
        )
    ).one_or_none()


def _to_alert(session: Session, row: RiskAlertRow) -> RiskAlert:
    session.flush()
    escalation = row.escalation_id and session.get_one(EscalationRow, row.escalation_id).reference
    return RiskAlert(
        id=row.id,
        person=row.person,
        conversation=row.conversation,
        escalation=escalation,
        policy_id=row.policy_id,
        tier=cast(Tier, row.tier),
        source=cast(AlertSource, row.source),
        matched=row.matched,
        score=row.score,
        raised_at=row.raised_at,
        call_made=cast(CallMade, row.call_made),
        settled_at=row.settled_at,
        settled_as=cast("SettledAs | None", row.settled_as),
    )
