"""Writes risk alerts before anything is said about them, and what became of them."""

from rasa_sdk import Tracker

from actions.conversation import once, risk
from actions.state import Walk
from actions.surroundings import Surroundings
from bot.records.alerts import NewAlert, RiskAlert, note_call, open_alert, raise_alert, settle_alert
from bot.records.words import AlertSource, CallMade, SettledAs, Tier


def raise_from_message(
    around: Surroundings, tracker: Tracker, walk: Walk, tier: Tier, source: AlertSource
) -> RiskAlert:
    """The alert of this message; taken twice, the message still makes one alert."""
    found = risk(tracker)
    policy = walk.policy(around)
    new = NewAlert(
        conversation=tracker.sender_id,
        tier=tier,
        source=source,
        matched=", ".join(found.get("matched") or ["said so"]),
        score=found.get("score"),
        policy_id=policy.id if policy else None,
        escalation=walk.reference,
    )
    with around.database.session() as session:
        return raise_alert(
            session, key=once(tracker, "alert"), person=tracker.sender_id, now=around.now(), new=new
        )


def raise_from_question(
    around: Surroundings, tracker: Tracker, walk: Walk, fact: str, value: str
) -> None:
    """An alert where the first question of the walk was answered with "yes" or "not sure"."""
    if fact == "imminent" and value in ("yes", "not_sure"):
        raise_from_message(around, tracker, walk, "high", "question")


def note_protection(around: Surroundings, tracker: Tracker, fact: str, value: str) -> None:
    """What the practitioner said of the protective action, on the alert that waits for it."""
    if fact == "protected":
        settle(around, tracker, value)


def settle(around: Surroundings, tracker: Tracker, value: str) -> None:
    """End the open alert: the action was taken, or nobody is at risk. "Not yet" keeps it open."""
    with around.database.session() as session:
        alert = open_alert(session, conversation=tracker.sender_id)
        if alert is None:
            return
        if value == "no":
            note_call(
                session, alert=alert.id, person=alert.person, now=around.now(), call_made="no"
            )
            return
        outcome: tuple[SettledAs, CallMade | None] = {
            "yes": ("in_danger", "yes"),
            "not_needed": ("not_in_danger", None),
        }.get(value, ("advice_given", None))  # type: ignore[assignment]
        settle_alert(
            session,
            alert=alert.id,
            person=alert.person,
            now=around.now(),
            settled_as=outcome[0],
            call_made=outcome[1],
        )
