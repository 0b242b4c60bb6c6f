"""Fits a pack to one page: smaller type first, then shorter notes, and it says so.

A Word file has no pages until it is printed, so the height is worked out beforehand, from the
widths of Helvetica's letters, which are those of Arial.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from docx.shared import Cm
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from bot.documents.document import WIDTH

SHORTENED = "Some words are shortened (…) to keep this to one page. All is kept with the case."
TRIES = (
    (10.5, 2000), (9.5, 2000), (9.5, 400), (9.5, 250), (8.5, 250), (9.5, 160), (8.5, 160),
    (8.5, 110), (8.5, 80), (8.5, 50),
)  # fmt: skip
"""Sizes of type in points, with how many characters of a note are shown: the first that fits."""
QUESTION, NOTE = 6.5, 10.5  # cm: the columns of what is known
INDENT = Cm(0.8).pt  # of a list
PADDING = Cm(0.4).pt  # of a cell, left and right together
PAGE = 715.0  # points: A4 without its margins and without a line to spare


@dataclass(frozen=True)
class Pack:
    """What a pack says, before it is laid out: `summary` and the notes are a person's words."""

    title: str
    safety: str
    facts: tuple[tuple[str, str], ...]
    summary: str
    agenda: tuple[str, ...]
    known: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]


def fitted(pack: Pack) -> tuple[float, Pack]:
    """The size of type, in points, and the pack, shortened where the page would not hold it.

    Where even the last of `TRIES` is too long, it is that one: it takes a second page.
    """
    tries = [(size, _shortened(pack, most)) for size, most in TRIES]
    return next((found for found in tries if _height(found[1], found[0]) <= PAGE), tries[-1])


def _shortened(pack: Pack, most: int) -> Pack:
    """The pack with no words of a person longer than `most` characters; it says so."""
    summary = _short(pack.summary, most)
    known = tuple((asked, _short(note, most)) for asked, note in pack.known)
    if (summary, known) == (pack.summary, pack.known):
        return pack
    return replace(pack, summary=summary, known=known, remarks=(*pack.remarks, SHORTENED))


def _short(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    shortened = textwrap.shorten(text, most, placeholder=" …")
    return shortened if len(shortened) > most / 2 else f"{text[: most - 2]} …"


def _height(pack: Pack, size: float) -> float:
    """How high it is when printed, in points."""
    return sum(_heights(pack, size))


def _heights(pack: Pack, size: float) -> Iterator[float]:
    line, cell = size * 1.27, (size - 0.5) * 1.15
    yield _lines(pack.title, WIDTH.pt, size + 7.5) * (size + 7.5) * 1.15 + 6
    leads = [f"{term} {said}" for term, said in (*pack.facts, ("Disagreement:", pack.summary))]
    for text in (pack.safety, *leads):
        yield _lines(text, WIDTH.pt, size, bold=text == pack.safety) * line + 5
    for _ in ("agenda", "known"):
        yield (size + 2.5) * 1.15 + 17
    for text in pack.agenda:
        yield _lines(text, WIDTH.pt - INDENT, size) * line + 3
    for asked, note in (("", ""), *pack.known):
        rows = _lines(asked, Cm(QUESTION).pt - PADDING, size - 0.5)
        yield max(rows, _lines(note, Cm(NOTE).pt - PADDING, size - 0.5)) * cell + 4.5
    for text in (*pack.remarks, ""):
        yield _lines(text, WIDTH.pt, max(size - 2, 8)) * size * 1.15 + 2


@lru_cache(maxsize=4096)
def _lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes; a letter that Helvetica has not counts as a wide one."""
    measure = FPDF(unit="pt")
    measure.add_page()
    measure.c_margin = 0
    measure.set_font("helvetica", "B" if bold else "", size)
    plain = "".join(each if each.isascii() else "W" for each in text) or "-"
    lines = measure.multi_cell(width, text=plain, dry_run=True, output=MethodReturnValue.LINES)
    assert isinstance(lines, list), lines
    return len(lines)
