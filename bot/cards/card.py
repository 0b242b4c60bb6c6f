"""A card: a title, facts in rows, lists under headings. Text is a safe subset of Markdown."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Tone = Literal["must", "should", "may", "note", "warning"]


@dataclass(frozen=True)
class Row:
    """One fact of a card."""

    term: str
    value: str


@dataclass(frozen=True)
class Section:
    """A list under a heading; its tone tells how strongly it binds."""

    heading: str
    items: tuple[str, ...]
    tone: Tone | None = None


@dataclass(frozen=True)
class Card:
    """One thing shown whole."""

    title: str
    rows: tuple[Row, ...] = ()
    sections: tuple[Section, ...] = ()
    footer: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The card as the channels take it."""
        return {"card": asdict(self)}

    def as_text(self) -> str:
        """The card where nothing can be drawn: the terminal or a log."""
        lines = [self.title, *(f"{row.term}: {' '.join(row.value.split())}" for row in self.rows)]
        for section in self.sections:
            lines += ["", section.heading, *(f"- {item}" for item in section.items)]
        if self.footer:
            lines += ["", self.footer]
        return "\n".join(lines).replace("**", "")
