"""The group view as a Word file: the same parts and numbers as the page."""

from datetime import datetime

from docx.document import Document as Paper

from bot.documents.document import Footing, bullets, finish, heading, paragraph, start
from bot.documents.group import Group
from bot.documents.group_debrief import group_report
from bot.documents.parts import Listing, Part, Table
from bot.documents.tables import Cell, table
from bot.wording.dates import plural
from bot.wording.rehearsal import MARK
from bot.wording.rehearsed import NO_REAL_CASE

NUMBERS = (13, 4)
FIVE = (6.6, 2.2, 2, 2.2, 4)


def group_paper(group: Group, *, now: datetime) -> bytes:
    """The group view, marked as a rehearsal on every page.

    Args:
        group: everybody who took part.
        now: when it is made, with its zone.

    Returns:
        A .docx file.

    Raises:
        ValueError: `now` has no zone.
    """
    world = group.world
    policy = world.policies[world.first.policy]
    footing = Footing(f"{MARK} of {plural(len(group), 'participant')}", policy, now)
    report = group_report(group, now=now)
    paper = start(f"{report.title}, {report.publisher}", footing, mark=f"{MARK}. {NO_REAL_CASE}")
    paragraph(paper, "", lead=report.warning)
    for term, words in report.facts:
        paragraph(paper, words, lead=f"{term}:")
    for part in report.parts:
        _part(paper, part)
    return finish(paper, footing)


def _part(paper: Paper, part: Part) -> None:
    heading(paper, part.heading, part.level)
    for words in part.paragraphs:
        paragraph(paper, words).paragraph_format.keep_with_next = bool(part.tables)
    bullets(paper, part.items)
    for each in part.tables:
        _numbers(paper, each)
    if part.listing is not None:
        _listing(paper, part.listing)


def _numbers(paper: Paper, numbers: Table) -> None:
    """A table of numbers, with what it is of above it and everybody beneath: all on one page."""
    paragraph(paper, "", "Field label", lead=numbers.caption).paragraph_format.keep_with_next = True
    rows: list[tuple[str | Cell, str | Cell]] = [
        *((row.label, row.text) for row in numbers.rows),
        (Cell(("All",), head=True), Cell((numbers.total,), head=True)),
    ]
    made = table(paper, (numbers.head, "Number"), rows, NUMBERS, caption=numbers.caption)
    for cell in (cell for row in made.rows[:-1] for cell in row.cells):
        for line in cell.paragraphs:
            line.paragraph_format.keep_with_next = True


def _listing(paper: Paper, listing: Listing) -> None:
    table(paper, listing.heads, listing.rows, FIVE, caption=listing.caption)
