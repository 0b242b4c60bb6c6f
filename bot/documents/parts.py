"""What a report is made of, before it is a page, a Word file, a PDF or plain text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One number with its label; `bar` is its share of the longest bar, 0 where it is hidden."""

    label: str
    text: str
    bar: float


@dataclass(frozen=True)
class Table:
    """Numbers that come to `total`; without rows, `why_not` says why."""

    caption: str
    head: str
    rows: tuple[Row, ...]
    total: str
    why_not: str = ""


@dataclass(frozen=True)
class Listing:
    """Lines of words in columns: for internal use."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A heading with what stands under it; `level` 2 is a chapter, 3 a part of one.

    `items` are a list, after the paragraphs and before the tables.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    listing: Listing | None = None
    level: int = 2
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole report; `warning` is what to know before anything else.

    `mark` stays in sight wherever one is in it.
    """

    title: str
    publisher: str
    facts: tuple[tuple[str, str], ...]
    warning: str
    parts: tuple[Part, ...]
    mark: str = ""
