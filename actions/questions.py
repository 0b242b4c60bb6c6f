"""Answers a free question at any moment; the walk keeps its place and asks again afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import BEGIN, answer_button
from actions.conversation import entity, intent, text
from actions.offers import MOST_MISSES, misses
from actions.state import Walk, named_policy
from actions.surroundings import Surroundings, surroundings
from actions.taps import FORM_TAP
from bot.cards.answer import answer_card
from bot.cards.card import Card
from bot.cards.outcome import imminent_card
from bot.cards.policy import stage_card
from bot.cards.questions import (
    contacts_card,
    deadlines_card,
    factors_card,
    forms_card,
    stages_card,
    terms_card,
    why_card,
    working_day_card,
)
from bot.escalation.preparation import preparation_for
from bot.escalation.said import plainly
from bot.policy.ladder import Stage
from bot.policy.model import Policy
from bot.wording.glossary import explained

Reply = Card | str
"""A card to show, or the name of a response to utter."""


@dataclass(frozen=True)
class Asked:
    """A free question: where the walk stands, and the policy that is meant, if that is known."""

    around: Surroundings
    walk: Walk
    policy: Policy | None
    tracker: Tracker


class ActionAnswerQuestion(Action):
    """One action for every kind of question: the intent says which."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_answer_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer from the policy, or say which partnership must be known first."""
        around, walk = surroundings(), Walk.of(tracker)
        asked = Asked(around, walk, walk.policy(around) or named_policy(around, tracker), tracker)
        answer = ANSWERS.get(intent(tracker))
        reply = answer(asked) if answer else off_topic(tracker)
        in_walk = (tracker.active_loop or {}).get("name") is not None
        if isinstance(reply, Card):
            dispatcher.utter_message(json_message=reply.as_json())
        else:
            dispatcher.utter_message(response=reply, buttons=[] if in_walk else list(BEGIN))
        if intent(tracker) == "ask_form" and walk.reference and not in_walk:
            dispatcher.utter_message(
                response="utter_files_form_offer",
                reference=walk.reference,
                buttons=[answer_button("Get the form", FORM_TAP, walk.reference)],
            )
        return []


def off_topic(tracker: Tracker) -> Reply:
    """What it cannot help with; a third time in a row, whom to ask."""
    if misses(tracker) < MOST_MISSES:
        return "utter_question_out_of_scope"
    return "utter_conversation_ask_a_person"


def stage(asked: Asked) -> Reply:
    """Which stage applies: the answer if it can be given, else the ladder."""
    policy = asked.policy
    decision = asked.walk.decision(asked.around)
    if decision is not None:
        return answer_card(decision)
    return stages_card(policy) if policy else "utter_question_which_partnership"


def deadline(asked: Asked) -> Reply:
    """By when: the dates if they are known, else every limit in the policy's words."""
    policy = asked.policy
    if policy is None:
        return "utter_question_which_partnership"
    return deadlines_card(policy, asked.walk.decision(asked.around))


def contact(asked: Asked) -> Reply:
    """Who to contact: the people of this stage, and the contacts as the document prints them."""
    policy = asked.policy
    if policy is None:
        return "utter_question_which_partnership"
    return contacts_card(policy, asked.walk.decision(asked.around))


def form(asked: Asked) -> Reply:
    """Which form: those of this stage, or of the policy."""
    policy = asked.policy
    if policy is None:
        return "utter_question_which_partnership"
    return forms_card(policy, asked.walk.decision(asked.around))


def why(asked: Asked) -> Reply:
    """Why the last question is asked."""
    question = asked.walk.question(asked.around) if asked.walk.begun else None
    preparation = asked.walk.preparation(asked.around)
    source = preparation.source if preparation else asked.policy
    return why_card(source, question) if question else "utter_question_nothing_asked"


def policy_stage(asked: Asked) -> Reply:
    """What the policy says about one stage: the one that is named, or the one we are at."""
    policy = asked.policy
    if policy is None:
        return "utter_question_which_partnership"
    found = stage_in(policy, entity(asked.tracker, "stage") or "", text(asked.tracker))
    decision = asked.walk.decision(asked.around)
    if found is None and decision is not None:
        found = decision.stage
    return stage_card(policy, found) if found else stages_card(policy)


def stage_in(policy: Policy, named: str, said: str) -> Stage | None:
    """The stage that a message names by its number or its label."""
    words = f" {plainly(said)} "
    for each in policy.stages:
        by_number = each.number is not None and named == str(each.number)
        if by_number or f" {plainly(each.label)} " in words or named == each.id:
            return each
    return None


def factors(asked: Asked) -> Reply:
    """The factors to consider and the reflective questions, borrowed ones labelled."""
    policy = asked.policy
    if policy is None:
        return "utter_question_which_partnership"
    return factors_card(policy, preparation_for(asked.around.library, policy))


def working_day(asked: Asked) -> Reply:
    """What counts as a working day: our convention, since no policy defines it."""
    return working_day_card(asked.policy)


def term(asked: Asked) -> Reply:
    """What a word means; where none is known, which words are."""
    found = explained(text(asked.tracker))
    return terms_card(found) if found else "utter_question_unknown_term"


def risk(asked: Asked) -> Reply:
    """What to do at imminent risk: the same information, without alarm."""
    return imminent_card(asked.policy, title="What to do if someone is at risk now")


ANSWERS: dict[str, Callable[[Asked], Reply]] = {
    "ask_stage": stage,
    "ask_deadline": deadline,
    "ask_contact": contact,
    "ask_form": form,
    "ask_why": why,
    "ask_policy_stage": policy_stage,
    "ask_factors": factors,
    "ask_working_day": working_day,
    "ask_term": term,
    "ask_risk": risk,
    "ask_help": lambda _: "utter_question_help",
    "thanks": lambda _: "utter_question_thanks",
    "goodbye": lambda _: "utter_question_goodbye",
}
