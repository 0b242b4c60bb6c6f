"""Asks the next question of the walk, and gives the answer as soon as it can be given."""

from operator import attrgetter
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.amendments import amendment
from actions.buttons import Button, answer_buttons, intent_button
from actions.conversation import already_dealt_with, newly_answered
from actions.state import Walk
from actions.surroundings import Surroundings, surroundings
from bot.cards.answer import answer_card
from bot.cards.card import Card
from bot.cards.check import check_card
from bot.cards.outcome import imminent_card, outcome_card
from bot.cards.told import told_card
from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.journey import comes_before_the_answer, facts_of
from bot.escalation.questions import Choice, Question
from bot.policy.model import Policy
from bot.reminders.choosing import ADDRESS_FACT, mail_card
from bot.wording.answers import say_answer, say_term

RECENT = (Choice("today", "Today"), Choice("yesterday", "Yesterday"))


class ActionAskWalkAnswer(Action):
    """The form asks for every answer through this one action."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_ask_walk_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Show what belongs before the question, then ask it."""
        around, walk = surroundings(), Walk.of(tracker)
        question = walk.question(around)
        if question is None:
            return []
        news = newly_answered(tracker)
        # "Not yet: show me the advice again" answers nothing anew, and is promised the advice.
        due = (news or question.fact == "protected") and not already_dealt_with(tracker)
        # All may have been told in the message that another action took: it is shown all the same.
        if due or (walk.phase in ("progress", "amend", "mail") and question.fact == "check"):
            for card in cards_before(around, walk, question, news):
                dispatcher.utter_message(json_message=card.as_json())
        if walk.narrowed:
            meant = [Choice(value, label) for value, label in walk.narrowed]
            buttons = answer_buttons(question.fact, meant)
            dispatcher.utter_message(response="utter_walk_which_meant", buttons=buttons)
            return []
        dispatcher.utter_message(text=question.ask, buttons=buttons_of(around, walk, question))
        return []


def cards_before(
    around: Surroundings, walk: Walk, question: Question, news: set[str]
) -> list[Card]:
    """What is shown before a question: the risk route, the answer, the answers to check."""
    if walk.phase == "mail":
        return [mail_card(walk.answers, around.pace)] if question.fact == "check" else []
    policy = walk.policy(around)
    standing = walk.standing(around)
    if standing is not None and question.fact == "check":
        return [told_card(standing, walk.reported, around.now())]
    case = walk.case(around) if walk.amending and question.fact == "check" else None
    if case is not None and policy is not None:
        told = amendment(around.library, policy, case, dict(walk.reported), around.now())
        return [Card(title="Is this right?", rows=told.rows)]
    if walk.phase != "walk":
        return []
    if policy is None:
        at_risk = dict(walk.answers).get("imminent") in ("yes", "not_sure")
        return [imminent_card(None)] if at_risk else []
    if question.fact == "protected":
        return [imminent_card(policy, walk.so_far(around))]
    if question.fact == "outside":
        so_far = walk.so_far(around)
        return [outcome_card(so_far)] if so_far else []
    cards = []
    decision = walk.decision(around)
    if decision is not None and answer_is_news(around, walk, policy, decision, question, news):
        cards.append(answer_card(decision))
    if question.fact == "check":
        cards.append(check_card(around.library, policy, walk.answers))
    return cards


def answer_is_news(
    around: Surroundings,
    walk: Walk,
    policy: Policy,
    decision: Decision,
    question: Question,
    news: set[str],
) -> bool:
    """Whether the last message completed the answer, or, before the check, altered its duties."""
    now = around.now()
    decisive = {
        fact for fact, _ in walk.answers if comes_before_the_answer(policy, fact, walk.answers, now)
    }
    if news & decisive:
        return True
    if question.fact != "check":
        return False
    facts = facts_of(walk.answers)
    first = decide(policy, {fact: facts[fact] for fact in facts if fact in decisive}, now)
    shown = attrgetter("duties", "clocks", "reasons")
    return bool(shown(first) != shown(decision))


def buttons_of(around: Surroundings, walk: Walk, question: Question) -> list[Button]:
    """The choices of a question, and the ways out that it offers."""
    if question.fact == "change":
        return answer_buttons(question.fact, answers_to_change(around, walk, question))
    recent = RECENT if question.kind == "date" and not question.ahead else ()
    buttons = answer_buttons(question.fact, (*recent, *question.choices))
    if walk.phase == "prepare":
        buttons += [intent_button("Back", "go_back"), intent_button("Stop here", "stop_walk")]
    if walk.phase == "mail" and question.fact != ADDRESS_FACT:
        buttons.append(intent_button("Back", "go_back"))
    return buttons


def answers_to_change(around: Surroundings, walk: Walk, question: Question) -> list[Choice]:
    """The answers given so far, each with what was said."""
    policy, given = walk.policy(around), dict(walk.answers)
    return [
        Choice(
            each.value,
            f"{say_term(policy, each.value)}: "
            f"{say_answer(around.library, policy, each.value, given[each.value])}",
        )
        if each.value in given
        else each
        for each in question.choices
    ]
