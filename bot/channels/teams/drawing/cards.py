"""The assistant's messages as Teams shows them: plain texts and Adaptive Cards 1.5.

Each card carries the safety advice and the button that says that someone is at risk. A turn ends
with a card, so that both are always within reach. The activities have no routing fields; sent as
UTF-8, none is bigger than 25 KB.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from bot.channels import shown
from bot.channels.answering import NO_ANSWER, RISK
from bot.channels.received import clean
from bot.channels.refusal import CALL_999
from bot.channels.sealed import PayloadError, Sealer, Tap
from bot.channels.teams.drawing import elements
from bot.channels.teams.drawing.drawn import FileLink, card_parts, choice_parts, file_parts
from bot.channels.teams.drawing.elements import Element
from bot.channels.teams.drawing.parts import Group, Part, body, fallback, laid_out, size, text_parts
from bot.channels.teams.drawing.words import Run, escaped, lines, pieces, plain, shortened
from bot.wording.rehearsal import say_mark

log = logging.getLogger(__name__)

Activity = dict[str, Any]

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
VERSION = "1.5"
MOST_BYTES = 24_000
"""Of one activity; the fields that say where it goes have the rest of the 25 KB."""
_LONGEST_TEXT = 4_500
_LONGEST_SUMMARY = 120
_LONGEST_CHOSEN = 200
_TO_COPY = "You can copy the text above."
_NO_WORDS = "Choose an answer"
_NO_TITLE = "Escalation Guide"
_INPUTS = ("Input.ChoiceSet", "Input.Date")


def not_here(_: Mapping[str, Any]) -> None:
    """No file has an address."""


@dataclass
class _Drawn:
    """One message of ours.

    Attributes:
        title: What it is about, for a notification and for those who hear it.
        text: Its words.
        parts: What is drawn after the words.
        paste: Words to carry elsewhere, letter for letter.
        choices: What can be answered.
    """

    title: str = _NO_WORDS
    text: str = ""
    parts: list[Part] = field(default_factory=list)
    paste: str = ""
    choices: list[Part] = field(default_factory=list)


def rendered(
    messages: Sequence[Mapping[str, Any]],
    sealer: Sealer,
    sender: str,
    link: FileLink = not_here,
) -> list[Activity]:
    """The messages of one turn as activities, in order.

    A message that breaks the contract between us and the actions is logged. In its place the
    person is told that something went wrong, so that the others still arrive.

    Args:
        messages: Rasa bot messages: text, buttons, custom.
        sealer: Seals the buttons.
        sender: Whom they are for.
        link: The address of an entry of `custom.files`, or None where it has none.
    """
    drawn: list[_Drawn] = []
    for message in messages:
        try:
            if shown.as_shown(message, sealer, sender) is not None:
                drawn.append(_drawn(message, sealer, sender, link))
        except (PayloadError, KeyError, TypeError):
            log.exception("A message of the assistant could not be drawn for Teams.")
            drawn.append(_Drawn(title=NO_ANSWER, text=NO_ANSWER))
    risk = elements.button(RISK.title, sealer.seal(RISK, sender), style="destructive")
    return [
        activity
        for n, each in enumerate(drawn, start=1)
        for activity in _activities(each, risk, last=n == len(drawn))
    ]


def chosen(activity: Mapping[str, Any], title: str) -> Activity:
    """What takes a card's place once one of its choices was used: it can be chosen no more.

    Its words stay, and so do the links, what unfolds a list, and the safety advice.

    Args:
        activity: The activity with the card, as it came from `rendered`.
        title: The words of the choice.
    """
    card = activity["attachments"][0]["content"]
    words = _chosen_words(title)
    *content, safety = card["body"]
    line = elements.text_of((Run("You chose: ", bold=True), Run(words)), separator=True)
    return _card_activity(
        {
            **card,
            "body": [*_without_choices(content), line, safety],
            "fallbackText": f"{card['fallbackText']}\n\n{escaped(f'You chose: {words}')}",
            "speak": _speakable(f"You chose: {words}. {CALL_999}"),
        },
        f"You chose: {shortened(words, _LONGEST_SUMMARY)}",
    )


def said_chosen(title: str) -> Activity:
    """The same as a message of its own: a card that changes is not read out."""
    return _text_activity(f"You chose: {_chosen_words(title)}")


def _drawn(message: Mapping[str, Any], sealer: Sealer, sender: str, link: FileLink) -> _Drawn:
    text = (message.get("text") or "").strip()
    custom = message.get("custom") or {}
    card = custom.get("card")
    if "rehearsal" in custom:
        text = f"**{say_mark(custom['rehearsal'])}**\n\n{text}".strip()
    parts = card_parts(card) if card else []
    if custom.get("files"):
        parts += file_parts(custom["files"], link)
    taps = [Tap.from_button(button) for button in message.get("buttons") or ()]
    return _Drawn(
        title=(card["title"] if card else text) or _NO_WORDS,
        text=text,
        parts=parts,
        paste=clean(custom.get("paste") or ""),
        choices=choice_parts(taps, sealer, sender) if taps else [],
    )


def _activities(drawn: _Drawn, risk: Element, *, last: bool) -> list[Activity]:
    """One message: a card, except where it is one line of words and a card is still to come.

    Several lines always go on a card: outside of one, Teams may run them together.
    """
    more = drawn.parts or drawn.paste or drawn.choices
    if not (more or last) and len(lines(drawn.text)) <= 1:
        return [_text_activity(plain(drawn.text))] if drawn.text else []
    before = [*text_parts(drawn.text), *drawn.parts]
    if not drawn.paste:
        return _cards([*before, *drawn.choices], drawn.title, risk)
    after = drawn.choices or (text_parts(_TO_COPY) if last else [])
    return [
        *_cards(before, drawn.title, risk),
        *_to_copy(drawn.paste),
        *_cards(after, _TO_COPY, risk),
    ]


def _cards(parts: Sequence[Part], title: str, risk: Element) -> list[Activity]:
    """The parts on as many cards as they need."""
    title = shortened(title, _LONGEST_SUMMARY) or _NO_TITLE
    again = elements.heading(f"{title} (continued)")
    empty = _card([again], [again["text"]], title, risk)
    activities = []
    before: Group | None = None
    for n, members in enumerate(laid_out(parts, MOST_BYTES - size(empty))):
        head, words = ([], []) if n == 0 else ([again], [again["text"]])
        drawn = [*head, *body(members, before)]
        activities.append(_card(drawn, [*words, *fallback(members, before)], title, risk))
        before = members[-1].group
    return activities


def _card(drawn: list[Element], words: list[str], title: str, risk: Element) -> Activity:
    card = {
        "type": "AdaptiveCard",
        "version": VERSION,
        "lang": "en",
        "fallbackText": "\n\n".join([*words, escaped(CALL_999)]),
        "speak": _speakable(f"{title}. {CALL_999}"),
        "body": [*drawn, elements.container("emphasis", [elements.notice(CALL_999)])],
        "actions": [risk],
    }
    return _card_activity(card, title)


def _card_activity(card: Mapping[str, Any], summary: str) -> Activity:
    attachment = {"contentType": CONTENT_TYPE, "content": dict(card)}
    return {"type": "message", "summary": summary, "attachments": [attachment]}


def _to_copy(text: str) -> list[Activity]:
    """A text whose lines and signs stay as they are: in plain words Teams may join the lines."""
    return [
        {"type": "message", "text": f"<p>{_as_xml(piece)}</p>", "textFormat": "xml"}
        for piece in pieces(text, _LONGEST_TEXT)
        if piece.strip()
    ]


def _as_xml(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")


def _text_activity(text: str) -> Activity:
    return {"type": "message", "text": text, "textFormat": "plain"}


def _without_choices(content: Sequence[Element]) -> list[Element]:
    """The elements without what can be chosen or filled in."""
    kept = []
    for element in content:
        if element["type"] in _INPUTS:
            continue
        if element["type"] == "ActionSet":
            links = [each for each in element["actions"] if each["type"] != "Action.Submit"]
            kept += [{**element, "actions": links}] if links else []
        else:
            kept.append(element)
    return kept


def _chosen_words(title: str) -> str:
    return shortened(title, _LONGEST_CHOSEN)


def _speakable(text: str) -> str:
    """Words that no client takes for SSML."""
    return " ".join(re.sub(r"[<>&]", " ", text).split())
