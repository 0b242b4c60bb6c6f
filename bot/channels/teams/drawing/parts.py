"""What is to be shown, in parts that no card may break, and the parts laid out over cards.

Teams refuses what is too big. A long answer therefore goes over several cards, in order, and
nothing of it is left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.teams.drawing.elements import Element, Style, container, fold, heading, text_of
from bot.channels.teams.drawing.words import Line, escaped, lines, said, shortened

LONGEST_HEADING = 300
_CONTINUED = " (continued)"
_LONGEST_FOLD = 60


@dataclass(frozen=True)
class Group:
    """What some parts stand in together: a heading, a ground, and whether it is folded away.

    Attributes:
        folded: What the button says that unfolds it; None where all is in sight.
    """

    heading: str
    style: Style = "default"
    folded: str | None = None

    def drawn(self, items: list[Element], name: str, *, again: bool) -> Element:
        """The group on one card."""
        inside: list[Element] = items
        if self.folded is not None:
            hidden = container("default", items, id=name, isVisible=False)
            inside = [fold(self.folded, name), hidden]
        return container(self.style, [*self._head(again=again), *inside], separator=True)

    def said(self, *, again: bool) -> list[str]:
        """Its heading where there are only words."""
        return [element["text"] for element in self._head(again=again)]

    def _head(self, *, again: bool) -> list[Element]:
        return [heading(self.heading + (_CONTINUED if again else ""))] if self.heading else []


@dataclass(frozen=True)
class Part:
    """Some elements that belong together on one card.

    Attributes:
        elements: What is drawn.
        fallback: The same in words, for a client that cannot draw it; Markdown, already escaped.
        group: What it stands in.
        opens: It begins a new card: one card can send only one input.
    """

    elements: tuple[Element, ...]
    fallback: str
    group: Group | None = None
    opens: bool = False


def text_parts(text: str, group: Group | None = None, **more: Any) -> list[Part]:
    """A text, one part for each of its lines."""
    return line_parts(lines(text), group, **more)


def line_parts(given: Sequence[Line], group: Group | None = None, **more: Any) -> list[Part]:
    """Some lines, one part each; `more` is how the first is set."""
    return [
        Part(
            (text_of(line, **(more if n == 0 else {"spacing": "Small"})),),
            escaped(said(line).strip()),
            group,
        )
        for n, line in enumerate(given)
    ]


def heading_parts(text: str) -> list[Part]:
    """A title; one that is as long as a text is drawn as one."""
    if not text.strip() or len(text) > LONGEST_HEADING:
        return text_parts(text)
    return [Part((heading(text, large=True),), escaped(text))]


def fold_title(title: str, points: int) -> str:
    """What the button says that unfolds a list."""
    return f"Show or hide: {shortened(title, _LONGEST_FOLD)} ({points} points)"


def laid_out(parts: Sequence[Part], room: int) -> list[list[Part]]:
    """The parts over as many cards as it takes, none with more than `room` bytes of them."""
    cards: list[list[Part]] = []
    used = 0
    group: Group | None = None
    for part in parts:
        cost = _cost(part, opens=part.group is not group)
        if not cards or used + cost > room or (part.opens):
            cards.append([])
            used, cost = 0, _cost(part, opens=True)
        cards[-1].append(part)
        used, group = used + cost, part.group
    return cards


def body(parts: Sequence[Part], before: Group | None) -> list[Element]:
    """The elements of one card; a group that the card before began says that it goes on."""
    drawn: list[Element] = []
    for n, (group, members) in enumerate(_runs_of(parts)):
        elements = [element for part in members for element in part.elements]
        if group is None:
            drawn += elements
        else:
            again = n == 0 and group is before
            drawn.append(group.drawn(elements, f"folded-{n}", again=again))
    return drawn


def fallback(parts: Sequence[Part], before: Group | None) -> list[str]:
    """The same in words."""
    told: list[str] = []
    for n, (group, members) in enumerate(_runs_of(parts)):
        told += group.said(again=n == 0 and group is before) if group is not None else []
        told += [part.fallback for part in members if part.fallback]
    return told


def size(value: Any) -> int:
    """How many bytes this is on the wire."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def _cost(part: Part, *, opens: bool) -> int:
    """An upper bound of what a part adds to a card, in its body and in its words."""
    cost = sum(size(element) + 2 for element in part.elements) + size(part.fallback) + 4
    if opens and part.group is not None:
        cost += size(part.group.drawn([], "folded-999", again=True)) + 2
        cost += size(part.group.said(again=True)) + 4
    return cost


def _runs_of(parts: Sequence[Part]) -> list[tuple[Group | None, list[Part]]]:
    found: list[tuple[Group | None, list[Part]]] = []
    for part in parts:
        if not found or found[-1][0] is not part.group:
            found.append((part.group, []))
        found[-1][1].append(part)
    return found
