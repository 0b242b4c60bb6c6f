"""The held-out messages that judge the assistant's understanding, and intervals for shares."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

FOLDER = Path(__file__).parent / "messages"
FIELDS = ("label", "kind", "style", "second_label", "text")
SHORT, LONG = 6, 26
"""Words: up to `SHORT` a message is short, from `LONG` on it is long."""


@dataclass(frozen=True)
class Heldout:
    """One message with its first label, and the one given by somebody who had not seen it.

    `kind` is the category of an imminent message, the kind of a lookalike, the intent of an
    ordinary one.
    """

    label: str
    kind: str
    style: str
    second_label: str
    text: str

    @property
    def length(self) -> str:
        """Short, middle or long."""
        words = len(self.text.split())
        return "short" if words <= SHORT else "long" if words >= LONG else "middle"

    @property
    def intent(self) -> str | None:
        """What the message is for, where that is one of the assistant's intents."""
        return {"ordinary": self.kind, "question": "ask_risk", "imminent": "report_risk"}.get(
            self.label
        )


def read(name: str) -> list[Heldout]:
    """The messages of `development` or `test`."""
    return list(_read(FOLDER / f"{name}.tsv"))


def _read(path: Path) -> Iterator[Heldout]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    if tuple(head.split("\t")) != FIELDS:
        raise ValueError(f"{path}: found the columns {head!r}; needed: {FIELDS}.")
    for number, line in enumerate(lines, start=2):
        fields = line.split("\t")
        if len(fields) != len(FIELDS):
            raise ValueError(f"{path}:{number}: found {len(fields)} fields, not {len(FIELDS)}.")
        yield Heldout(*fields)


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927); from 0 to 1 where there is nothing to count."""
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, z * z
    middle = share + square / (2 * of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, (middle - half) / (1 + square / of)), min(
        1.0, (middle + half) / (1 + square / of)
    )


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa of two labels for each message."""
    names = {name for pair in pairs for name in pair}
    agreed = sum(first == second for first, second in pairs) / len(pairs)
    by_chance = (
        sum(
            sum(first == name for first, _ in pairs) * sum(second == name for _, second in pairs)
            for name in names
        )
        / len(pairs) ** 2
    )
    return (agreed - by_chance) / (1 - by_chance)
