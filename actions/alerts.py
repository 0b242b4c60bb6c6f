"""Writes risk alerts before anything is said about them, and what became of them.

Advice never waits long for a database: a record that cannot be made within a second is said to be
missing, and the advice goes on.
"""

from collections.abc import Collection, Mapping
from typing import Any

from rasa_sdk import Tracker

from actions.conversation import once, risk
from actions.state import Walk
from actions.surroundings import Surroundings
from bot.policy.library import UnknownPolicyError
from bot.records.alerts import (
    NewAlert,
    RiskAlert,
    note_call,
    open_alerts,
    raise_alert,
    settle_alert,
    upgrade_alert,
)
from bot.records.words import AlertSource, CallMade, SettledAs, Tier

PATIENCE = 1.0
OUTCOMES: dict[str, tuple[SettledAs, CallMade | None]] = {
    "yes": ("in_danger", "yes"),
    "not_needed": ("not_in_danger", None),
    "not_confirmed": ("in_danger", "no"),
    "advice_given": ("advice_given", None),
}


def raise_from_message(
    around: Surroundings,
    tracker: Tracker,
    walk: Walk,
    tier: Tier,
    source: AlertSource,
    *,
    found: Mapping[str, Any] | None = None,
) -> RiskAlert:
    """The alert of this message; taken twice, the message still makes one alert.

    `found` is what the screen wrote, if it was about an earlier message.

    Raises:
        RecordsError: it could not be written.
    """
    found = risk(tracker) if found is None else found
    new = NewAlert(
        conversation=tracker.sender_id,
        tier=tier,
        source=source,
        matched=words(found),
        score=found.get("score"),
        policy_id=policy_of(around, walk),
        escalation=walk.reference,
    )
    with around.database.session(patience=PATIENCE) as session:
        return raise_alert(
            session, key=once(tracker, "alert"), person=tracker.sender_id, now=around.now(), new=new
        )


def raise_from_question(around: Surroundings, tracker: Tracker, walk: Walk) -> str:
    """The id of the walk's open alert, or of a new one: its first question was answered "yes".

    Raises:
        RecordsError: it could not be written.
    """
    waiting = still_open(around, tracker, walk.alerts)
    if waiting:
        return waiting[0].id
    return raise_from_message(around, tracker, walk, "high", "question").id


def still_open(
    around: Surroundings, tracker: Tracker, alerts: Collection[str]
) -> tuple[RiskAlert, ...]:
    """Those of these alerts that wait for an answer."""
    with around.database.reading() as session:
        waiting = open_alerts(session, conversation=tracker.sender_id)
    return tuple(alert for alert in waiting if alert.id in alerts)


def upgrade(around: Surroundings, tracker: Tracker, alert: str) -> None:
    """A message that leaves no doubt came while a doubtful alert was open.

    Raises:
        RecordsError: it could not be written.
    """
    with around.database.session(patience=PATIENCE) as session:
        upgrade_alert(
            session,
            alert=alert,
            person=tracker.sender_id,
            now=around.now(),
            tier="high",
            matched=words(risk(tracker)),
            score=risk(tracker).get("score"),
        )


def settle(around: Surroundings, tracker: Tracker, alerts: Collection[str], value: str) -> bool:
    """End those of these alerts that are open; "not yet" keeps them open. Whether there were any.

    Raises:
        RecordsError: it could not be written.
    """
    with around.database.session(patience=PATIENCE) as session:
        waiting = open_alerts(session, conversation=tracker.sender_id)
        ours = [alert for alert in waiting if alert.id in alerts]
        for alert in ours:
            who = {"alert": alert.id, "person": alert.person}
            if value == "no":
                note_call(session, **who, now=around.now(), call_made="no")
                continue
            settled_as, call_made = OUTCOMES[value]
            settle_alert(
                session, **who, now=around.now(), settled_as=settled_as, call_made=call_made
            )
    return bool(ours)


def words(found: Mapping[str, Any]) -> str:
    """The words that triggered the alert."""
    return ", ".join(found.get("matched") or ["said so"])


def policy_of(around: Surroundings, walk: Walk) -> str | None:
    """The walk's policy, if it can be read: an alert never depends on it."""
    try:
        policy = walk.policy(around)
    except UnknownPolicyError:
        return None
    return policy.id if policy else None
