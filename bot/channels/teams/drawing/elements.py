"""The elements of Adaptive Cards 1.5 that our cards are made of."""

from typing import Any, Literal

from bot.channels.teams.drawing.words import Line, escaped

Element = dict[str, Any]
Style = Literal["default", "emphasis", "accent", "warning"]

TAP, CHOICE, DATE, ASKED = "tap", "choice", "date", "asked"
"""The keys of what a card sends back: see submitted.py.

No input is required: a client that checks every input at every button would hold back the button
that says that someone is at risk. What is sent empty is asked again.
"""


def heading(text: str, *, large: bool = False) -> Element:
    """A heading, also for those who cannot see its size."""
    return {
        "type": "TextBlock",
        "text": escaped(text),
        "style": "heading",
        "weight": "Bolder",
        "size": "Large" if large else "Medium",
        "wrap": True,
    }


def notice(text: str) -> Element:
    """A sentence of ours, in bold."""
    return {"type": "TextBlock", "text": escaped(text), "weight": "Bolder", "wrap": True}


def text_of(line: Line, **more: Any) -> Element:
    """One line; its words are taken as they are, whatever stands in them."""
    inlines = [
        {"type": "TextRun", "text": run.text, **({"weight": "Bolder"} if run.bold else {})}
        for run in line
    ]
    return {"type": "RichTextBlock", "inlines": inlines, **more}


def container(style: Style, items: list[Element], **more: Any) -> Element:
    """A part of a card that is set off by its ground."""
    return {"type": "Container", "style": style, "items": items, **more}


def actions(*each: Element) -> Element:
    """Buttons side by side."""
    return {"type": "ActionSet", "actions": list(each)}


def button(title: str, token: str, **more: Any) -> Element:
    """A button that sends its token and none of what was typed on the card."""
    data = {TAP: token}
    return {
        "type": "Action.Submit",
        "title": title,
        "data": data,
        "associatedInputs": "none",
        **more,
    }


def send_inputs(title: str, **data: str) -> Element:
    """A button that sends what was chosen on the card."""
    return {"type": "Action.Submit", "title": title, "data": data, "associatedInputs": "auto"}


def link(title: str, url: str) -> Element:
    """A button that opens an address."""
    return {"type": "Action.OpenUrl", "title": title, "url": url}


def drop_down(choices: list[tuple[str, str]]) -> Element:
    """A list to choose one answer from: what is shown, and the token that it sends."""
    return {
        "type": "Input.ChoiceSet",
        "id": CHOICE,
        "style": "compact",
        "isMultiSelect": False,
        "label": "Your answer",
        "placeholder": "Choose an answer",
        "errorMessage": "Choose an answer from the list.",
        "wrap": True,
        "choices": [{"title": title, "value": token} for title, token in choices],
    }


def date_picker() -> Element:
    """A day from the calendar."""
    return {
        "type": "Input.Date",
        "id": DATE,
        "label": "Another date",
        "errorMessage": "Choose a date, such as 27 March 2026.",
    }


def fold(title: str, name: str) -> Element:
    """A button that shows or hides the element of this name."""
    toggle = {"type": "Action.ToggleVisibility", "title": title, "targetElements": [name]}
    return actions(toggle)
