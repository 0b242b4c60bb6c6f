"""Puts risk first: the alert is written, the advice shown, and the place kept."""

import logging
from dataclasses import replace
from typing import Any, Literal

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.alerts import raise_from_message, settle, upgrade
from actions.buttons import BEGIN, answer_buttons
from actions.conversation import intent, risk, tap, text
from actions.keeping import keep
from actions.rehearsal_words import REHEARSAL
from actions.rehearsing import OF_THE_PAGE, take_words
from actions.state import Walk, named_policy
from actions.surroundings import Surroundings, surroundings
from bot.cards.outcome import imminent_card
from bot.escalation.answers import LONGEST_TEXT, Answered, parse
from bot.escalation.decide import decide
from bot.escalation.journey import PROTECTED
from bot.escalation.questions import IMMINENT_CHOICES, Choice, Question
from bot.escalation.said import plainly
from bot.policy.library import UnknownPolicyError
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
REAL = Question(
    fact=FACT,
    kind="choice",
    ask="Is this real, or part of the rehearsal?",
    why="A rehearsal never stands between a real person and help.",
    choices=(
        Choice("yes", "It is real"),
        Choice("no", "It is part of the rehearsal"),
        Choice("not_sure", "I am not sure"),
    ),
)
Step = Literal["advise", "ask_again", "go_on"]
NOT_REAL = (
    "part of the rehearsal", "its part of the rehearsal", "this is part of the rehearsal",
    "the rehearsal", "rehearsal", "not real", "its not real", "it is not real", "this is not real",
)  # fmt: skip
MOST_ASKS = 2
RESPONSES = {
    "yes": "utter_risk_done",
    "not_needed": "utter_risk_not_needed",
    "not_confirmed": "utter_risk_not_confirmed",
    "advice_given": "utter_risk_advice_given",
}


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
        if tap(tracker) == (REHEARSAL, OF_THE_PAGE):
            return []  # a page that is open twice asked by itself: no answer of anybody
        if "rehearsed" in alert:
            return take_whether_real(dispatcher, tracker, alert)
        return take_answer(dispatcher, tracker, alert)


def begin(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Write the alert, then show the advice and ask. A record that fails never hides the advice."""
    around, walk = surroundings(), Walk.of(tracker)
    tier: Tier = "high" if risk(tracker).get("tier") == "high" else "low"
    if tracker.get_slot(REHEARSAL):
        advise(dispatcher, around, walk, tracker)
        typed = tap(tracker) is None and risk(tracker).get("matched") != ["button"]
        return ask_whether_real(
            dispatcher, dict(risk(tracker)), words=text(tracker) if typed else ""
        )
    tapped = risk(tracker).get("matched") == ["button"]
    alert: str | None = None
    try:
        alert = raise_from_message(around, tracker, walk, tier, "button" if tapped else "typed").id
        walk = walk.alerted(alert)
    except RecordsError:
        logger.exception("risk.alert_not_recorded")
    advise(dispatcher, around, walk, tracker)
    if alert is None:
        dispatcher.utter_message(response="utter_risk_not_recorded")
    try:
        slots = words_kept(around, walk, tracker).events()
    except UnknownPolicyError:
        slots = []
    return [*slots, *ask(dispatcher, tier, alert)]


def words_kept(around: Surroundings, walk: Walk, tracker: Tracker) -> Walk:
    """The walk with the words that raised the alert, where they answer a question.

    That is the summary, if it was asked, or a description given before a walk began.
    """
    in_walk = (tracker.active_loop or {}).get("name") is not None
    asked = walk.question(around) if in_walk and walk.phase == "walk" else None
    meant = asked is not None and asked.fact == "summary"
    early = not in_walk and not walk.reference and intent(tracker) == "describe"
    typed = tap(tracker) is None and risk(tracker).get("matched") != ["button"]
    if not typed or not (meant or early):
        return walk
    others = tuple(pair for pair in walk.said if pair[0] != "summary")
    return replace(walk, said=(*others, ("summary", text(tracker).strip()[:LONGEST_TEXT])))


def advise(
    dispatcher: CollectingDispatcher, around: Surroundings, walk: Walk, tracker: Tracker
) -> None:
    """General safety first, then the route of the partnership's own policy if it is known."""
    try:
        policy = walk.policy(around) or named_policy(around, tracker)
    except UnknownPolicyError:  # the version of this walk is gone; the advice is not
        policy = None
    decision = decide(policy, {"imminent": "yes"}, around.now()) if policy else None
    dispatcher.utter_message(json_message=imminent_card(policy, decision).as_json())


def ask(
    dispatcher: CollectingDispatcher, tier: Tier, alert: str | None, *, asked: int = 1
) -> list[EventType]:
    """Ask whether it was done, or, where it is not certain, whether anyone is in danger."""
    question = DONE if tier == "high" else IN_DANGER
    dispatcher.utter_message(text=question.ask, buttons=answer_buttons(FACT, question.choices))
    return [SlotSet(SLOT, {"tier": tier, "asked": asked, "id": alert})]


def ask_whether_real(
    dispatcher: CollectingDispatcher, found: dict[str, Any], *, words: str, asked: int = 1
) -> list[EventType]:
    """In a rehearsal nothing is recorded before it is known to be real; the advice is shown.

    The words are kept: they may have been a move of the rehearsal.
    """
    dispatcher.utter_message(text=REAL.ask, buttons=answer_buttons(FACT, REAL.choices))
    return [SlotSet(SLOT, {"rehearsed": found, "words": words, "asked": asked})]


def take_whether_real(
    dispatcher: CollectingDispatcher, tracker: Tracker, alert: dict[str, Any]
) -> list[EventType]:
    """What was said to "is this real?". "Not sure" counts as real, and so does no clear answer.

    What is real ends the rehearsal: nothing that is typed from then on may be taken for a move.
    """
    around, walk = surroundings(), Walk.of(tracker)
    value, asked = said(around, tracker, REAL), alert.get("asked", 1)
    if tap(tracker) is None and plainly(text(tracker)) in NOT_REAL:
        value = "no"
    if value is None and asked < MOST_ASKS and risk(tracker).get("tier") is None:
        dispatcher.utter_message(response="utter_risk_ask_first")
        return ask_whether_real(
            dispatcher, alert["rehearsed"], words=alert.get("words", ""), asked=asked + 1
        )
    if value == "no":
        dispatcher.utter_message(response="utter_risk_rehearsed")
        return [SlotSet(SLOT, None), *take_words(dispatcher, tracker, alert.get("words", ""))]
    id_: str | None = None
    try:
        found = alert["rehearsed"]
        id_ = raise_from_message(around, tracker, walk, "high", "typed", found=found).id
    except RecordsError:
        logger.exception("risk.alert_not_recorded")
    advise(dispatcher, around, walk, tracker)
    if id_ is None:
        dispatcher.utter_message(response="utter_risk_not_recorded")
    dispatcher.utter_message(response="utter_rehearsal_stopped_for_real")
    return [SlotSet(REHEARSAL, None), *ask(dispatcher, "high", id_)]


def take_answer(
    dispatcher: CollectingDispatcher, tracker: Tracker, alert: dict[str, Any]
) -> list[EventType]:
    """What the practitioner said to an open alert. "Not sure" counts as yes."""
    around, walk = surroundings(), Walk.of(tracker)
    tier: Tier = "high" if alert.get("tier") == "high" else "low"
    id_: str | None = alert.get("id")
    if risk(tracker).get("tier") == "high":  # told again, or worse: never an answer
        raised_again(dispatcher, around, tracker, id_)
        advise(dispatcher, around, walk, tracker)
        return ask(dispatcher, "high", id_)
    value = said(around, tracker, DONE if tier == "high" else IN_DANGER)
    match tier, value:
        case "low", "yes" | "not_sure":
            raised_again(dispatcher, around, tracker, id_)
            advise(dispatcher, around, walk, tracker)
            return ask(dispatcher, "high", id_)
        case "low", "no":
            return settled(dispatcher, tracker, id_, "not_needed")
        case "high", "yes" | "not_needed" | "not_confirmed":
            return settled(dispatcher, tracker, id_, value or "")
        case "high", "no":
            noted(dispatcher, around, tracker, id_, "no")
            advise(dispatcher, around, walk, tracker)
            return ask(dispatcher, "high", id_)
        case _ if alert.get("asked", 1) < MOST_ASKS:
            dispatcher.utter_message(response="utter_risk_ask_first")
            return ask(dispatcher, tier, id_, asked=alert.get("asked", 1) + 1)
        case _:
            unanswered = "not_confirmed" if tier == "high" else "advice_given"
            return settled(dispatcher, tracker, id_, unanswered)


def said(around: Surroundings, tracker: Tracker, question: Question) -> str | None:
    """The answer in the message, tapped or typed, if it is one."""
    tapped = tap(tracker)
    if tapped is not None:
        return tapped[1] if tapped[0] == FACT and question.choice(tapped[1]) else None
    parsed = parse(question, text(tracker), around.now(), "Europe/London")
    return parsed.value if isinstance(parsed, Answered) else None


def raised_again(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker, alert: str | None
) -> None:
    """Mark the open alert as certain; if it cannot be recorded, that is said."""
    try:
        if alert is not None:
            upgrade(around, tracker, alert)
    except RecordsError:
        logger.exception("risk.alert_not_upgraded")
        dispatcher.utter_message(response="utter_risk_not_recorded")


def noted(
    dispatcher: CollectingDispatcher,
    around: Surroundings,
    tracker: Tracker,
    alert: str | None,
    value: str,
) -> bool:
    """Whether what was done is recorded; if it cannot be, that is said, and nobody is held up."""
    try:
        recorded = alert is not None and settle(around, tracker, (alert,), value)
    except RecordsError:
        logger.exception("risk.settlement_not_recorded")
        recorded = False
    if not recorded:
        dispatcher.utter_message(response="utter_risk_not_recorded")
    return recorded


def settled(
    dispatcher: CollectingDispatcher, tracker: Tracker, alert: str | None, value: str
) -> list[EventType]:
    """Close the alert, keep what was done among the answers, and go on where we were."""
    around, walk = surroundings(), Walk.of(tracker)
    if noted(dispatcher, around, tracker, alert, value):
        dispatcher.utter_message(response=RESPONSES[value])
    closed: EventType = SlotSet(SLOT, None)
    if (tracker.active_loop or {}).get("name") is None:
        dispatcher.utter_message(response="utter_risk_what_next", buttons=list(BEGIN))
        return [closed]
    if walk.phase != "walk":
        return [closed]
    if value in ("yes", "not_confirmed"):
        walk = protected(around, walk, value)
    return [closed, *kept(around, tracker, walk.caught_up(around)).events()]


def protected(around: Surroundings, walk: Walk, value: str) -> Walk:
    """The walk that knows of the risk, and of what was done about it."""
    walk = walk.taking(around, "imminent", "yes")
    asked = walk.question(around)
    waiting = asked is not None and asked.fact == "protected"
    return walk.taking(around, "protected", value) if waiting else walk


def kept(around: Surroundings, tracker: Tracker, walk: Walk) -> Walk:
    """The walk, with its draft as it now stands; a draft that cannot be saved holds nobody up."""
    try:
        return keep(around, tracker.sender_id, walk, walk.draft) if walk.draft else walk
    except RecordsError:
        logger.exception("risk.draft_not_kept")
        return walk
