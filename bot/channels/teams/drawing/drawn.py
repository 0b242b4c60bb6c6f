"""Our cards, files and choices as parts of a Teams card."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.cards.card import Row, Section, Tone
from bot.channels.sealed import Sealer, Tap
from bot.channels.teams.drawing import elements
from bot.channels.teams.drawing.elements import ASKED, Style
from bot.channels.teams.drawing.parts import (
    LONGEST_HEADING,
    Group,
    Part,
    fold_title,
    heading_parts,
    line_parts,
    size,
    text_parts,
)
from bot.channels.teams.drawing.words import Line, Run, escaped, lines, plain, said, shortened

FileLink = Callable[[Mapping[str, Any]], str | None]
"""The address at which a person gets a file, or None where there is none."""

MOST_OPEN_NOTES = 3
MOST_BUTTONS = 6
"""More than so many buttons Teams may hide on a card."""
_LONGEST_LABEL = 42
"""What fits on a button in a chat: the rest is cut off, and answers may differ only there."""
_LONGEST_IN_A_ROW = 36
_LONGEST_SAID = 200
_MOST_OF_A_LIST = 12_000
_RECENT = {"today", "yesterday"}
_KINDS = {"text/calendar": "calendar", "application/pdf": "PDF", "text/csv": "CSV"}
_STYLES: Mapping[Tone, Style] = {
    "must": "accent",
    "should": "emphasis",
    "may": "default",
    "note": "default",
    "warning": "warning",
}
_TONES: Mapping[Tone, tuple[str, ...]] = {
    "must": ("Must",),
    "should": ("Should",),
    "may": ("Optional", "may", "consider"),
    "warning": ("Important", "first", "please"),
}
"""The word that says a tone, and the words of a heading that say it already.

A note has none, and no ground of its own: under one may stand what a policy says should be done.
"""


def card_parts(card: Mapping[str, Any]) -> list[Part]:
    """A card of bot/cards: its title, its facts, its lists, its footer."""
    parts = heading_parts(plain(card["title"]))
    for row in card.get("rows") or ():
        parts += _row(Row(**row))
    for section in card.get("sections") or ():
        parts += _section(Section(**section))
    return [*parts, *text_parts(card.get("footer") or "", separator=True)]


def _row(row: Row) -> list[Part]:
    """A fact: short ones in one line, a question and its answer below each other."""
    term, value = plain(row.term), lines(row.value)
    short = len(value) == 1 and len(term) + len(said(value[0])) <= LONGEST_HEADING
    if short and not term.endswith("?"):
        return line_parts([(Run(f"{term}: ", bold=True), *value[0])])
    bold: list[Line] = [(Run(said(line), bold=True),) for line in lines(row.term)]
    return line_parts([*bold, *value])


def _section(section: Section) -> list[Part]:
    """A list under its heading; many notes at once are folded away."""
    title = plain(section.heading)
    named = _with_tone(title, section.tone)
    folded = section.tone == "note" and title and len(section.items) > MOST_OPEN_NOTES
    style = _STYLES[section.tone] if section.tone else "default"
    group = Group(
        shortened(named, LONGEST_HEADING),
        style,
        fold_title(title, len(section.items)) if folded else None,
    )
    parts = text_parts(named, group) if len(named) > LONGEST_HEADING else []
    for item in section.items:
        first, *rest = lines(item) or [(Run(""),)]
        parts += line_parts([(Run("• "), *first), *rest], group)
    return parts


def _with_tone(heading: str, tone: Tone | None) -> str:
    """The heading with the word for its tone, unless it says it: colour alone tells nobody."""
    if tone is None or tone == "note" or not heading:
        return heading
    said_already = {word.strip(".,:()").lower() for word in heading.split()}
    words = _TONES[tone]
    return heading if said_already & {w.lower() for w in words} else f"{words[0]}: {heading}"


def file_parts(files: Sequence[Mapping[str, Any]], link: FileLink) -> list[Part]:
    """Files as buttons that open them; the ones that have no address are named."""
    parts, without = [], []
    for file in files:
        title, url = plain(file["title"]), link(file)
        if url is None:
            without.append(title)
            continue
        words = f"{title[:1].upper()}{title[1:]} ({_KINDS.get(file['mime'], 'Word')})"
        drawn = [elements.actions(elements.link(shortened(words, _LONGEST_LABEL), url))]
        if len(words) > _LONGEST_LABEL:
            drawn.insert(0, elements.text_of((Run(words),)))
        parts.append(Part(tuple(drawn), f"{escaped(words)}: {url}"))
    if without:
        parts += text_parts("You can get this in the web chat:")
        parts += line_parts([(Run("• "), *line) for title in without for line in lines(title)])
    return parts


def choice_parts(taps: Sequence[Tap], sealer: Sealer, sender: str) -> list[Part]:
    """The choices of a question: buttons, a list when there are many, a calendar for a day."""
    parts: list[Part] = []
    titles = [plain(tap.title) for tap in taps]
    labels = titles
    if any(len(title) > _LONGEST_LABEL for title in titles):
        labels = [shortened(f"{n}. {each}", _LONGEST_LABEL) for n, each in enumerate(titles, 1)]
        for n, title in enumerate(titles, 1):
            parts += text_parts(f"{n}. {title}")
    tokens = [
        sealer.seal(Tap(shortened(tap.title, _LONGEST_SAID), tap.intent, tap.choice), sender)
        for tap in taps
    ]
    choices = list(zip(labels, tokens, strict=True))
    many = len(taps) > MOST_BUTTONS
    facts = [tap.choice["q"] for tap in taps if tap.choice and "q" in tap.choice]
    asked = {}
    if facts:
        asked[ASKED] = sealer.seal(Tap("No answer", "choose", {"q": facts[0]}), sender)
    parts += _drop_downs(choices, asked) if many else _buttons(choices)
    if _asks_for_a_day(taps):
        send = elements.actions(elements.send_inputs("Use this date", **asked))
        words = escaped("Or type another date, such as 27 March 2026.")
        parts.append(Part((elements.date_picker(), send), words, opens=many))
    return parts


def _buttons(choices: Sequence[tuple[str, str]]) -> list[Part]:
    """Short ones side by side, others below each other: Teams cuts what does not fit a line."""
    drawn = [elements.button(label, token) for label, token in choices]
    words = [escaped(f"- {label}") for label, _ in choices]
    if len(drawn) > 1 and sum(len(label) for label, _ in choices) <= _LONGEST_IN_A_ROW:
        return [Part((elements.actions(*drawn),), "\n".join(words))]
    return [Part((elements.actions(each),), told) for each, told in zip(drawn, words, strict=True)]


def _drop_downs(choices: Sequence[tuple[str, str]], asked: Mapping[str, str]) -> list[Part]:
    """One list, or several where one would be too big for a card."""
    lists: list[list[tuple[str, str]]] = []
    used = 0
    for choice in choices:
        cost = size(choice) + size({"title": "", "value": ""}) + size(choice[0])
        if not lists or used + cost > _MOST_OF_A_LIST:
            lists.append([])
            used = 0
        lists[-1].append(choice)
        used += cost
    send = elements.actions(elements.send_inputs("Send this answer", **asked))
    return [
        Part(
            (elements.drop_down(each), send),
            "\n".join(escaped(f"- {label}") for label, _ in each),
            opens=n > 0,
        )
        for n, each in enumerate(lists)
    ]


def _asks_for_a_day(taps: Sequence[Tap]) -> bool:
    """Whether the answer is a day: only then are today and yesterday both offered."""
    return {tap.choice.get("raw") for tap in taps if tap.choice} >= _RECENT
