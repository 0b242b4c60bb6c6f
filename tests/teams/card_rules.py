"""What Teams takes as a message of a bot: its parts, and every element of a card."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
NEWEST = (1, 5)
MOST_BYTES_OF_CARD = 28 * 1024
REQUIRED = {
    "TextBlock": {"text"}, "RichTextBlock": {"inlines"}, "Image": {"url"},
    "ImageSet": {"images"}, "Media": {"sources"}, "FactSet": {"facts"}, "Table": set(),
    "Container": {"items"}, "ColumnSet": {"columns"}, "Column": set(), "ActionSet": {"actions"},
    "TableRow": set(), "TableCell": {"items"},
    "Input.Text": {"id"}, "Input.Number": {"id"}, "Input.Date": {"id"}, "Input.Time": {"id"},
    "Input.Toggle": {"id", "title"}, "Input.ChoiceSet": {"id", "choices"},
}  # fmt: skip
REQUIRED_OF_ACTIONS = {
    "Action.Submit": {"title"}, "Action.OpenUrl": {"title", "url"},
    "Action.ShowCard": {"title", "card"}, "Action.ToggleVisibility": {"title", "targetElements"},
    "Action.Execute": {"title", "verb"},
}  # fmt: skip
CHILDREN = ("body", "items", "columns", "rows", "cells", "images")
MOST_ACTIONS = 6


class CardRefusedError(ValueError):
    """Teams would not show this card."""


def check_card(card: Any) -> None:
    """Refuse what Teams refuses or silently spoils.

    Raises:
        CardRefusedError: what is wrong, and where.
    """
    if not isinstance(card, Mapping) or card.get("type") != "AdaptiveCard":
        raise CardRefusedError("The content is not an AdaptiveCard.")
    _check_version(card.get("version"))
    if not isinstance(card.get("body", []), list) or not isinstance(card.get("actions", []), list):
        raise CardRefusedError("body and actions are lists.")
    if not card.get("body") and not card.get("actions"):
        raise CardRefusedError("The card is empty.")
    _check_parts(card)


def _check_parts(card: Mapping[str, Any]) -> None:
    ids: list[str] = []
    targets: list[str] = []
    for element in elements(card):
        _check(element, REQUIRED)
        if "id" in element:
            ids.append(element["id"])
        if element["type"] == "FactSet":
            _check_pairs(element["facts"], "facts", {"title", "value"})
        if element["type"] == "Input.ChoiceSet":
            _check_pairs(element["choices"], "choices", {"title", "value"})
    for action in actions(card):
        _check(action, REQUIRED_OF_ACTIONS)
        if action["type"] == "Action.Submit" and not isinstance(action.get("data", {}), dict | str):
            raise CardRefusedError("The data of Action.Submit is an object or a string.")
        if action["type"] == "Action.ToggleVisibility":
            targets += [t if isinstance(t, str) else t["elementId"]
                        for t in action["targetElements"]]  # fmt: skip
    if len(ids) != len(set(ids)):
        raise CardRefusedError(f"An id stands twice: {sorted(i for i in ids if ids.count(i) > 1)}.")
    if missing := set(targets) - set(ids):
        raise CardRefusedError(f"Action.ToggleVisibility aims at what is not there: {missing}.")


def elements(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every element of a card, from the top."""
    for name in CHILDREN:
        for child in part.get(name) or ():
            if not isinstance(child, Mapping) or not isinstance(child.get("type"), str):
                typed = {"columns": "Column", "rows": "TableRow", "cells": "TableCell"}.get(name)
                if not isinstance(child, Mapping) or typed is None:
                    raise CardRefusedError(f"An element of {name} has no type: {child!r}.")
                child = {**child, "type": typed}  # noqa: PLW2901
            if child["type"] in ("Column", "TableRow", "TableCell") or name != "columns":
                yield child
            yield from elements(child)


def actions(card: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every action of a card, also those inside its elements and those on a tap."""
    groups = [card.get("actions") or []]
    for element in elements(card):
        if element["type"] == "ActionSet":
            groups.append(element["actions"])
        if "selectAction" in element:
            yield element["selectAction"]
    for group in groups:
        if len(group) > MOST_ACTIONS:
            raise CardRefusedError(f"{len(group)} actions in a row: Teams shows {MOST_ACTIONS}.")
        for action in group:
            yield action
            if isinstance(action.get("card"), Mapping):
                yield from actions(action["card"])


def _check_version(version: Any) -> None:
    parts = version.split(".") if isinstance(version, str) else []
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        raise CardRefusedError(f"version is {version!r}.")
    if not (1, 0) <= tuple(int(part) for part in parts) <= NEWEST:
        raise CardRefusedError(f"version {version} is newer than what Teams shows for bots.")


def _check(part: Mapping[str, Any], known: Mapping[str, set[str]]) -> None:
    kind = part.get("type")
    if kind not in known:
        raise CardRefusedError(f"{kind!r} is not known to version 1.5.")
    missing = {name for name in known[kind] if part.get(name) in (None, "")}
    if missing:
        raise CardRefusedError(f"{kind} lacks {sorted(missing)}.")
    for name in ("text", "title", "url", "id", "label", "errorMessage", "placeholder"):
        if name in part and not isinstance(part[name], str):
            raise CardRefusedError(f"{kind}: {name} is not a string.")


def _check_pairs(pairs: Any, name: str, keys: set[str]) -> None:
    for pair in pairs:
        if not keys <= pair.keys() or not all(isinstance(pair[key], str) for key in keys):
            raise CardRefusedError(f"{name}: {pair!r} needs {sorted(keys)} as strings.")


def wrong_message(activity: Mapping[str, Any]) -> tuple[int, str, str] | None:
    """What is wrong with a message: status, code, why; None where nothing is."""
    attachments = activity.get("attachments") or []
    text = activity.get("text")
    if text is not None and not isinstance(text, str):
        return 400, "BadSyntax", "text is not a string."
    if not (text or "").strip() and not attachments:
        return 400, "BadSyntax", "A message needs a text or an attachment."
    if activity.get("textFormat", "markdown") not in ("plain", "markdown", "xml"):
        return 400, "BadSyntax", f"textFormat is {activity['textFormat']!r}."
    if activity.get("textFormat") == "xml" and not _is_xml(text or ""):
        return 400, "BadSyntax", "text is not well-formed XML."
    for attachment in attachments:
        if attachment.get("contentType") != CARD_TYPE:
            return 400, "BadArgument", f"contentType is {attachment.get('contentType')!r}."
        content = attachment.get("content")
        if len(json.dumps(content, ensure_ascii=False).encode()) > MOST_BYTES_OF_CARD:
            return 413, "MessageSizeTooBig", "A card has more than 28 KB."
        try:
            check_card(content)
        except CardRefusedError as error:
            return 400, "BadArgument", str(error)
    return None


def _is_xml(text: str) -> bool:
    try:
        ElementTree.fromstring(f"<text>{text}</text>")
    except ElementTree.ParseError:
        return False
    return True
