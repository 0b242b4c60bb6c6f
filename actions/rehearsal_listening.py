"""What typed words stand for in a rehearsal, and what is said where they stand for nothing."""

import re

from rasa_sdk.events import EventType, SlotSet

from actions.conversation import intent, text
from actions.rehearsal_places import Turn, asked, in_place, look, move, slot_of, stand
from actions.rehearsal_words import (
    ASKED,
    REHEARSAL,
    TO_REAL_WORK,
    button,
    buttons,
    offered,
    utter,
    utter_more,
    utter_offers,
    utter_response,
)
from bot.cards.questions import terms_card
from bot.escalation.said import NO, YES, plainly
from bot.rehearsal.hear import hear
from bot.rehearsal.offers import HELD_BACK, Offer, Offers, offers
from bot.wording.glossary import explained

YES_IT_IS = {*YES, "yes it is", "yes please", "that is it", "thats it", "yes end it"}
NO_IT_IS_NOT = {*NO, "none", "none of these", "none of them", "neither", "no thanks", "no go on"}
HEARD = {"thanks", "thank you", "right", "i see", "understood", "great", "cheers", "rehearse"}
"""What needs no answer but where it stands."""
HELP = {
    "help", "how does this work", "what can i do", "what do i do", "what do i do now",
    "what now", "what next", "whats next", "who are you", "what is this",
}  # fmt: skip
OF_REAL_WORK = ("list_cases", "get_document", "set_reminder")
"""Wishes that no part of a rehearsal could be meant by."""
_QUESTION = re.compile(
    r"(?:what|whats|who|whos|whose|when|where|why|how|which|is|are|was|were|do|does|did|has|have|"
    r"can|could)\b.* .*"
)


def listen_in_place(turn: Turn, words: str) -> list[EventType]:
    """Words typed by somebody who has a place: the answer to what was asked, a move, or neither."""
    before = turn.tracker.get_slot(REHEARSAL) or {}
    here: EventType = SlotSet(REHEARSAL, slot_of(turn.place))
    plain = plainly(words)
    if ASKED in before and plain in NO_IT_IS_NOT:
        return [here, *look(turn)]
    if before.get(ASKED) and plain in YES_IT_IS:
        command, _, value = before[ASKED].partition(":")
        return [here, *in_place(turn, command, value)]
    standing = stand(turn)
    if not words.strip() or standing.state.ended is not None:  # the facilitator was first
        return [here, *look(turn)]
    now = offers(standing.world, standing.state)
    heard = hear(now, words)
    if heard.entry is not None and heard.entry.kind == "leave":
        return in_place(turn, "leave", "")
    if now.paused:
        utter(turn.dispatcher, turn.place.reference, HELD_BACK)
        utter_offers(turn.dispatcher, turn.place.reference, now)
        return [here]
    if heard.entry is not None:
        return [here, *move(turn, heard.entry)]
    if heard.may_be:
        return ask_back(turn, heard.may_be)
    if plain in (YES_IT_IS | NO_IT_IS_NOT | HEARD):
        return [here, *look(turn)]
    say_not_heard(turn, words, plain, now)
    return [here]


def ask_back(turn: Turn, may_be: tuple[Offer, ...]) -> list[EventType]:
    """Which of the things that it may be is meant; of one alone, a typed yes is enough."""
    one = may_be[0] if len(may_be) == 1 else None
    asks, no = ("Is this what you decide?", "No") if one else ("Which of these?", "None of these")
    given = [*offered(may_be), button(no, "look")]
    utter(turn.dispatcher, turn.place.reference, asks, given)
    return asked(turn, f"{one.kind}:{one.id}" if one else "")


def say_not_heard(turn: Turn, words: str, plain: str, now: Offers) -> None:
    """What is said to words that are nothing that can be done here."""
    dispatcher, reference = turn.dispatcher, turn.place.reference
    # words kept while a risk was asked about are not those that the classifier has just read
    wish = intent(turn.tracker) if words == text(turn.tracker) else ""
    if meant := explained(words):
        utter(dispatcher, reference, terms_card(meant))
    elif not plain or plain in HELP or wish == "ask_help":
        utter_response(dispatcher, reference, "utter_rehearsal_help")
    elif wish in OF_REAL_WORK:
        given = buttons(TO_REAL_WORK)
        utter_response(dispatcher, reference, "utter_rehearsal_real_wish", given)
        return
    elif now.facts and (words.rstrip().endswith("?") or _QUESTION.fullmatch(plain)):
        utter_response(dispatcher, reference, "utter_rehearsal_no_such_question")
        utter_more(dispatcher, reference, now, "ask")
        return
    else:
        utter_response(dispatcher, reference, "utter_rehearsal_not_understood")
    utter_offers(dispatcher, reference, now)
