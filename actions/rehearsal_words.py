"""How a rehearsal speaks: every message of it marked, with the buttons that can be tapped now."""

from collections.abc import Iterable, Sequence

from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button, answer_button, intent_button
from bot.cards.card import Card
from bot.cards.rehearsal import Shown
from bot.rehearsal.offers import Offer, Offers
from bot.wording.rehearsal import DEBRIEF, debrief_name

REHEARSAL = "rehearsal"
"""The question that every button of a rehearsal carries; its value is what to do."""
ASKED = "asked"
"""In the slot, what a typed yes does; empty where it would not say which of several is meant."""
# not that of bot.documents, which knows the records
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_BUTTONS = 12
MENU = (
    ("Ask about the case", "more:ask"),
    ("Talk to the other agency", "more:say"),
    ("Do something else", "more:do"),
    ("Let time pass", "more:wait"),
    ("Ask the guide", "guide"),
    ("End the rehearsal", "leave"),
)
TIME = (
    ("Until the next working day", "wait"),
    ("Until something happens", "wait:on"),
)
MORE = {
    "ask": "What do you want to know?",
    "say": "What do you say to them?",
    "do": "What do you do?",
    "wait": "How long do you wait? Time limits run on meanwhile.",
}
NOTHING_MORE = {
    "ask": "There is nothing more to find out at this point.",
    "say": "There is nothing to say to them at this point.",
    "do": "There is nothing else to do at this point.",
}
BACK = ("Back", "look")
ASIDE = ("Put it aside for now", "aside")
PAUSED = "You can go on when the facilitator lets you."
PAUSED_MENU = (("See whether it goes on", "look"), ("End the rehearsal", "leave"))
TO_REAL_WORK = (("Go on rehearsing", "look"), ASIDE, ("End the rehearsal", "leave"))


def button(label: str, value: str) -> Button:
    """A button of a rehearsal."""
    return answer_button(label, REHEARSAL, value)


def buttons(pairs: Iterable[tuple[str, str]]) -> list[Button]:
    """Buttons of a rehearsal, in their order."""
    return [button(label, value) for label, value in pairs]


def utter(
    dispatcher: CollectingDispatcher,
    reference: str,
    said: Shown,
    given: Sequence[Button] = (),
) -> None:
    """One message of a rehearsal: the channel is told that it is one."""
    mark = {REHEARSAL: reference}
    if isinstance(said, Card):
        dispatcher.utter_message(json_message={**said.as_json(), **mark}, buttons=list(given))
    else:
        dispatcher.utter_message(text=said, json_message=mark, buttons=list(given))


def utter_response(
    dispatcher: CollectingDispatcher,
    reference: str,
    response: str,
    given: Sequence[Button] = (),
) -> None:
    """One of our fixed messages, marked as part of a rehearsal."""
    mark = {REHEARSAL: reference}
    dispatcher.utter_message(response=response, json_message=mark, buttons=list(given))


def utter_debrief_file(dispatcher: CollectingDispatcher, reference: str) -> None:
    """The debrief to print or to keep, as a link."""
    file = {
        "document": DEBRIEF,
        "reference": reference,
        "title": f"the debrief of {reference}",
        "name": debrief_name(reference),
        "mime": WORD,
    }
    dispatcher.utter_message(
        response="utter_rehearsal_debrief_file",
        json_message={"files": [file], REHEARSAL: reference},
    )


def utter_offers(dispatcher: CollectingDispatcher, reference: str, now: Offers) -> None:
    """The decision that is open with its choices, then what else can be done."""
    if now.paused:
        utter(dispatcher, reference, PAUSED, buttons(PAUSED_MENU))
    elif now.point is not None:
        utter(dispatcher, reference, f"**{now.point.asks}**", offered(now.choices))
        utter(dispatcher, reference, "Before you decide you can also:", buttons(MENU))
    else:
        utter(dispatcher, reference, "What do you do?", buttons(MENU))


def utter_more(dispatcher: CollectingDispatcher, reference: str, now: Offers, what: str) -> None:
    """What can be asked, said or done, what is new first; or for how long to wait."""
    if now.paused:
        utter_offers(dispatcher, reference, now)
        return
    if what == "wait":
        utter(dispatcher, reference, MORE[what], buttons((*TIME, BACK)))
        return
    found = {"ask": now.facts, "say": now.topics, "do": now.steps}.get(what, ())
    new = sorted(found, key=lambda offer: not offer.new)[:MOST_BUTTONS]
    words = MORE[what] if new else NOTHING_MORE[what]
    utter(dispatcher, reference, words, [*offered(new), button(*BACK)])


def offered(found: Iterable[Offer]) -> list[Button]:
    """One button for each thing that can be done; one that was done before says so."""
    return [
        button(offer.label if offer.new else f"{offer.label} (again)", f"{offer.kind}:{offer.id}")
        for offer in found
    ]


def ways_in() -> list[Button]:
    """Alone or with a code."""
    return [button("Join with a code", "join"), intent_button("Back to real work", "greet")]
