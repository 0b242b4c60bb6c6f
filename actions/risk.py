"""Puts risk first: the alert is written, the advice shown, and the place kept."""

import logging
from dataclasses import replace
from typing import Any, Literal

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.alerts import raise_from_message, settle
from actions.buttons import BEGIN, answer_buttons
from actions.conversation import risk, tap, text
from actions.state import Walk
from actions.surroundings import Surroundings, surroundings
from bot.cards.outcome import imminent_card
from bot.escalation.answers import Answered, parse
from bot.escalation.decide import decide
from bot.escalation.journey import PROTECTED
from bot.escalation.questions import IMMINENT_CHOICES, Question
from bot.records.errors import RecordsError
from bot.records.words import Tier

logger = logging.getLogger(__name__)

SLOT = "risk_alert"
FACT = "risk"
IN_DANGER = Question(
    fact=FACT,
    kind="choice",
    ask="Is anyone in danger now?",
    why="If so, the escalation waits.",
    choices=IMMINENT_CHOICES,
)
DONE = replace(PROTECTED, fact=FACT)
Step = Literal["advise", "ask_again", "go_on"]
MOST_ASKS = 2


class ActionRisk(Action):
    """Answers a message that may be about someone at risk now, in every state of the walk."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_risk"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Raise an alert, or take the answer to the one that is open."""
        alert: dict[str, Any] | None = tracker.get_slot(SLOT)
        if alert is None:
            return begin(dispatcher, tracker)
        return take_answer(dispatcher, tracker, alert)


def begin(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Write the alert, then show the advice and ask. A record that fails never hides the advice."""
    around, walk = surroundings(), Walk.of(tracker)
    tier: Tier = "high" if risk(tracker).get("tier") == "high" else "low"
    tapped = risk(tracker).get("matched") == ["button"]
    advise(dispatcher, around, walk)
    try:
        raise_from_message(around, tracker, walk, tier, "button" if tapped else "typed")
    except RecordsError:
        logger.exception("risk.alert_not_recorded")
        dispatcher.utter_message(response="utter_risk_not_recorded")
    return ask(dispatcher, tier, asked=1)


def advise(dispatcher: CollectingDispatcher, around: Surroundings, walk: Walk) -> None:
    """General safety first, then the route of the partnership's own policy if it is known."""
    policy = walk.policy(around)
    decision = decide(policy, {"imminent": "yes"}, around.now()) if policy else None
    dispatcher.utter_message(json_message=imminent_card(policy, decision).as_json())


def ask(dispatcher: CollectingDispatcher, tier: Tier, *, asked: int) -> list[EventType]:
    """Ask whether it was done, or, where it is not certain, whether anyone is in danger."""
    question = DONE if tier == "high" else IN_DANGER
    dispatcher.utter_message(text=question.ask, buttons=answer_buttons(FACT, question.choices))
    return [SlotSet(SLOT, {"tier": tier, "asked": asked})]


def take_answer(
    dispatcher: CollectingDispatcher, tracker: Tracker, alert: dict[str, Any]
) -> list[EventType]:
    """What the practitioner said to an open alert. "Not sure" counts as yes."""
    around, walk = surroundings(), Walk.of(tracker)
    tier: Tier = alert["tier"]
    value = said(around, tracker, DONE if tier == "high" else IN_DANGER)
    if value is None and risk(tracker).get("tier") == "high":
        tier, value = "low", "yes"
    match tier, value:
        case "low", "yes" | "not_sure":
            advise(dispatcher, around, walk)
            return ask(dispatcher, "high", asked=1)
        case "low", "no":
            return settled(dispatcher, tracker, around, walk, "not_needed")
        case "high", "yes" | "not_needed":
            return settled(dispatcher, tracker, around, walk, value or "")
        case "high", "no":
            noted(dispatcher, around, tracker, "no")
            advise(dispatcher, around, walk)
            return ask(dispatcher, "high", asked=1)
        case _ if alert["asked"] < MOST_ASKS:
            dispatcher.utter_message(response="utter_risk_ask_first")
            return ask(dispatcher, tier, asked=alert["asked"] + 1)
        case _:
            return settled(dispatcher, tracker, around, walk, "advice_given")


def said(around: Surroundings, tracker: Tracker, question: Question) -> str | None:
    """The answer in the message, tapped or typed, if it is one."""
    tapped = tap(tracker)
    if tapped is not None:
        return tapped[1] if tapped[0] == FACT and question.choice(tapped[1]) else None
    parsed = parse(question, text(tracker), around.now(), "Europe/London")
    return parsed.value if isinstance(parsed, Answered) else None


def noted(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker, value: str
) -> bool:
    """Whether what was done could be recorded; if not, it is said, and nobody is held up by it."""
    try:
        settle(around, tracker, value)
    except RecordsError:
        logger.exception("risk.settlement_not_recorded")
        dispatcher.utter_message(response="utter_risk_not_recorded")
        return False
    return True


def settled(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    around: Surroundings,
    walk: Walk,
    value: str,
) -> list[EventType]:
    """Close the alert, keep what was done among the answers, and go on where we were."""
    if noted(dispatcher, around, tracker, value):
        dispatcher.utter_message(response=f"utter_risk_{value if value != 'yes' else 'done'}")
    events: list[EventType] = [SlotSet(SLOT, None)]
    in_walk = (tracker.active_loop or {}).get("name") is not None
    if value == "yes" and in_walk and walk.phase == "walk":
        protected = walk.taking(around, "imminent", "yes")
        asked = protected.question(around)
        if asked is not None and asked.fact == "protected":
            protected = protected.taking(around, "protected", "yes")
        events += protected.events()
    if not in_walk:
        dispatcher.utter_message(response="utter_risk_what_next", buttons=list(BEGIN))
    return events
