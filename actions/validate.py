"""Takes an answer of the walk: the one place where what was said becomes a fact."""

import logging
from dataclasses import replace
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.alerts import raise_from_question, settle
from actions.amendments import decided_again
from actions.buttons import intent_button
from actions.conversation import already_dealt_with, confidence, entity, intent, once, tap, text
from actions.interruptions import (
    SMALL_TALK,
    SURE,
    interrupts,
    looks_like_a_question,
    may_be_a_question,
)
from actions.keeping import keep
from actions.offers import MOST_MISSES, likeliest, misses
from actions.putting_aside import held_back
from actions.reminding import address_said, not_an_address
from actions.state import Walk
from actions.surroundings import Surroundings, surroundings
from actions.taps import TAPS
from bot.escalation.agencies import OURS, SIDES
from bot.escalation.amending import objection
from bot.escalation.answers import (
    LONGEST_TEXT,
    Answered,
    NotAnAnswer,
    Parsed,
    Unclear,
    parse,
)
from bot.escalation.correction import ElsewhereError
from bot.escalation.journey import question_asked
from bot.escalation.partnerships import parse_partnership
from bot.escalation.privacy import personal_details
from bot.escalation.progress import OutOfOrderError, check_day
from bot.escalation.questions import NOT_KNOWN, NOT_YET, Question
from bot.records.errors import RecordsError
from bot.wording.answers import say_answer, say_term

logger = logging.getLogger(__name__)

REQUESTED = "requested_slot"
UNDER_ANY_POLICY = ("imminent", "protected", "summary", *SIDES)
SAID_OF_ANY = (("matter", "received"),)
NO_LONGER_ASKED = "That question is not part of this walk any more, so nothing has changed."


class ValidateWalkForm(Action):
    """The form's validator. Returning nothing hands the message to the rule for its intent."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "validate_walk_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Read the last message as an answer, keep it, and say whether the walk is complete."""
        around, walk = surroundings(), Walk.of(tracker)
        if already_dealt_with(tracker):
            return completion(around, walk)
        tapped = tap(tracker)
        if tapped is not None and tapped[0] in TAPS:
            why = held_back(tapped, walk)
            return [] if why is None else self._refuse(dispatcher, why)
        asked = question_of(around, walk, tracker)
        if asked is None:
            return self._refuse(dispatcher, NO_LONGER_ASKED)
        raw = (tap(tracker) or ("", text(tracker)))[1]
        parsed = read(around, walk, asked, raw)
        named = named_early(around, tracker, walk, asked)
        chat = intent(tracker) in SMALL_TALK
        if interrupts(tracker, asked, parsed) and not (named and chat):
            return []
        match parsed:
            case NotAnAnswer(why=why):
                return self._not_taken(dispatcher, tracker, walk, asked, why)
            case Unclear(candidates=candidates, why=why):
                dispatcher.utter_message(text=why)
                meant = tuple((choice.value, choice.label) for choice in candidates)
                return replace(walk, narrowed=meant).events()
            case Answered(value=value):
                return self._keep(dispatcher, tracker, walk, asked, value)

    @staticmethod
    def _refuse(dispatcher: CollectingDispatcher, why: str) -> list[EventType]:
        dispatcher.utter_message(text=why)
        return [SlotSet("walk_answer", None)]

    @staticmethod
    def _not_taken(
        dispatcher: CollectingDispatcher, tracker: Tracker, walk: Walk, asked: Question, why: str
    ) -> list[EventType]:
        """Say why; what came too early is kept for its question, never lost."""
        around = surroundings()
        named = named_early(around, tracker, walk, asked)
        if named is not None:
            partnership = around.library.get(named).publisher
            dispatcher.utter_message(response="utter_walk_policy_noted", partnership=partnership)
            version = around.library.get(named).document.label
            answers = (("policy", named), *walk.answers)
            walk = replace(walk, version=version, answers=answers)
        if describes_early(tracker, walk, asked):
            dispatcher.utter_message(response="utter_walk_words_kept")
            ahead = (*walk.said, ("summary", text(tracker)[:LONGEST_TEXT]))
            return replace(walk, said=ahead, narrowed=()).events()
        if walk.phase == "mail" and asked.kind == "text":
            not_an_address(dispatcher, tracker, why)
        elif named is None:
            not_an_answer(dispatcher, tracker, why)
        return replace(walk, narrowed=()).events()

    @staticmethod
    def _keep(
        dispatcher: CollectingDispatcher, tracker: Tracker, walk: Walk, asked: Question, value: str
    ) -> list[EventType]:
        around = surroundings()
        after, dropped = with_answer(around, walk, asked, value)
        about_risk = after.phase == "walk" and asked.fact in ("imminent", "protected")
        try:
            if about_risk:
                after = note_risk(around, tracker, after, asked.fact, value)
            if asked.fact != "check":  # a confirmation is kept by the record alone
                after = keep(around, tracker.sender_id, after, once(tracker, "draft"))
        except RecordsError:
            if not about_risk:
                raise
            logger.exception("risk.alert_not_recorded")  # the advice follows all the same
            safe = (asked.fact, value) == ("imminent", "no")
            dispatcher.utter_message(
                response="utter_walk_answer_not_kept" if safe else "utter_risk_not_recorded"
            )
        for sentence in echo(around, walk, after, asked, value, dropped):
            dispatcher.utter_message(text=sentence)
        wanted = asked.kind != "text" or after.phase == "mail"  # an address was asked for
        details = () if wanted else personal_details(value)
        if details:
            dispatcher.utter_message(response="utter_walk_personal", details=", ".join(details))
        if asked.kind == "text" and tap(tracker) is None and may_be_a_question(tracker):
            dispatcher.utter_message(
                response="utter_walk_kept_as_answer",
                buttons=[intent_button("I was asking a question", "go_back")],
            )
        return [*after.events(), *completion(around, after)]


def not_an_answer(dispatcher: CollectingDispatcher, tracker: Tracker, why: str) -> None:
    """Say why, and offer what else was most likely meant; a third time, say whom to ask."""
    if misses(tracker) >= MOST_MISSES:
        dispatcher.utter_message(response="utter_walk_ask_a_person")
        return
    meant = likeliest(tracker) if looks_like_a_question(tracker) else []
    dispatcher.utter_message(response="utter_walk_not_an_answer", why=why, buttons=meant)


def note_risk(around: Surroundings, tracker: Tracker, walk: Walk, fact: str, value: str) -> Walk:
    """Write what was said of a risk: an alert, what was done about it, or that there is none.

    Raises:
        RecordsError: it could not be written.
    """
    if fact == "imminent" and value != "no":
        return walk.alerted(raise_from_question(around, tracker, walk))
    settle(around, tracker, walk.alerts, "not_needed" if fact == "imminent" else value)
    return walk


def named_early(around: Surroundings, tracker: Tracker, walk: Walk, asked: Question) -> str | None:
    """The partnership that the words name before it was asked, if they do."""
    if walk.phase != "walk" or walk.policy(around) is not None or asked.fact == "policy":
        return None
    named = entity(tracker, "partnership")
    return named if named in around.library.versions else None


def describes_early(tracker: Tracker, walk: Walk, asked: Question) -> bool:
    """Whether the words describe the disagreement while something else is asked."""
    known = {fact for fact, _ in (*walk.answers, *walk.said)}
    wanted = walk.phase == "walk" and asked.kind == "choice" and "summary" not in known
    return wanted and intent(tracker) == "describe" and confidence(tracker) >= SURE


def question_of(around: Surroundings, walk: Walk, tracker: Tracker) -> Question | None:
    """The question that the message answers: a button carries its own; words, the one asked."""
    tapped = tap(tracker)
    now = walk.question(around)
    if tapped is None or (now is not None and tapped[0] == now.fact):
        return now
    preparation = walk.preparation(around)
    if preparation is not None or walk.phase == "mail" or tapped[0] not in dict(walk.answers):
        return None
    if tapped[0] == "policy":
        return None
    return question_asked(walk.policy(around), tapped[0])


def read(around: Surroundings, walk: Walk, asked: Question, raw: str) -> Parsed:
    """The message as an answer to the question."""
    if asked.fact == "policy":
        return parse_partnership(around.library, raw)
    if walk.phase == "mail" and asked.kind == "text":
        return address_said(around, walk, asked, raw)
    policy = walk.policy(around)
    timezone = policy.place.timezone if policy else "Europe/London"
    found = parse(asked, raw, around.now(), timezone)
    if asked.fact == "outcome_on":
        return in_order(around, walk, found)
    return possible(around, walk, asked, found) if walk.amending else found


def in_order(around: Surroundings, walk: Walk, found: Parsed) -> Parsed:
    """The day a stage ended, refused where it cannot be: before the stage began, or to come."""
    standing = walk.standing(around)
    if standing is None or not isinstance(found, Answered):
        return found
    if found.value in (NOT_YET, NOT_KNOWN):
        return NotAnAnswer("I need the day to record it. If it has not happened yet, say “stop”.")
    try:
        check_day(standing, date.fromisoformat(found.value[:10]), around.now())
    except OutOfOrderError as error:
        return NotAnAnswer(str(error))
    return found


def possible(around: Surroundings, walk: Walk, asked: Question, found: Parsed) -> Parsed:
    """An answer about a change of the case, refused where it cannot be."""
    can, policy, case = walk.changeable(around), walk.policy(around), walk.case(around)
    if not isinstance(found, Answered) or can is None or policy is None or case is None:
        return found
    now, value = around.now(), found.value
    why = objection(can, walk.reported, asked.fact, value, now, policy.place.timezone)
    if why is not None:
        return NotAnAnswer(why)
    if asked.fact == "corrected":
        try:
            decided_again(policy, case, dict(walk.reported)["answer"], value, now)
        except ElsewhereError as error:
            return NotAnAnswer(str(error))
    return found


def with_answer(
    around: Surroundings, walk: Walk, asked: Question, value: str
) -> tuple[Walk, list[str]]:
    """The walk with the answer, and the facts that fell away with it."""
    if walk.phase != "walk":
        return walk.answered([*walk.answers, (asked.fact, value)]), []
    if asked.fact != "policy":
        return no_longer_needed(around, walk.taking(around, asked.fact, value))
    kept = tuple(pair for pair in walk.answers if pair[0] in UNDER_ANY_POLICY)
    version = around.library.get(value).document.label
    ahead = tuple(pair for pair in walk.said if pair in SAID_OF_ANY or pair[0] in UNDER_ANY_POLICY)
    moved = replace(walk, version=version, answers=(("policy", value), *kept), said=ahead)
    left = [fact for fact, _ in (*walk.answers, *walk.said) if fact not in UNDER_ANY_POLICY]
    dropped = [fact for fact in left if fact != "policy" and fact not in dict(ahead)]
    return moved.taking(around, "policy", value), list(dict.fromkeys(dropped))


def no_longer_needed(around: Surroundings, walk: Walk) -> tuple[Walk, list[str]]:
    """Once all is answered, what is still left over falls away; the facts are named.

    Our own agency may be known from an earlier case: it was not said in this walk.
    """
    asked = walk.question(around)
    if walk.phase != "walk" or (asked is not None and asked.fact != "check"):
        return walk, []
    return replace(walk, said=()), [fact for fact, _ in walk.said if fact != OURS]


def echo(
    around: Surroundings, before: Walk, after: Walk, asked: Question, value: str, dropped: list[str]
) -> list[str]:
    """What is said back at once: every date in full, and every answer that fell away."""
    said = []
    policy = after.policy(around)
    if asked.kind == "date" and before.phase == "walk":
        said.append(f"Noted: {say_answer(around.library, policy, asked.fact, value)}.")
    if dropped:
        terms = ", ".join(f"“{say_term(before.policy(around), fact)}”" for fact in dropped)
        said.append(f"Because of that change I no longer need, and have dropped: {terms}.")
    return said


def completion(around: Surroundings, walk: Walk) -> list[EventType]:
    """Ends the form when no question is left; else leaves it as it is."""
    return [] if walk.question(around) is not None else [SlotSet(REQUESTED, None)]
