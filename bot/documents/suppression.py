"""Counts that may be published: a small number could tell who somebody is.

A count from 1 to 4 is shown as "fewer than 5". Where the total would give it away, another count
is held back with it; where even that would not hide it, no count of the table is shown. The rule
holds against a reader who knows it: whatever is published could come from at least two tables
that differ in every count from 1 to 4 (tests/documents/yearly/test_suppression.py tries every small
table). It protects one report. Two reports of one year, made on different days or with other
groups, can be compared: publish one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

SMALL = 5
"""The smallest count that is shown, apart from none at all."""

Mark: TypeAlias = Literal["shown", "small", "held"]
Counts: TypeAlias = Sequence[tuple[str, int]]
"""Every row of a table with its count; together they are the total."""

WORDS = {"small": f"fewer than {SMALL}", "held": "not shown"}
TOO_SMALL = (
    "The numbers here are so small that showing one would give away another. No row is shown."
)


@dataclass(frozen=True)
class Cell:
    """One number of a report, or why it is not shown: `count` is then None."""

    label: str
    count: int | None
    mark: Mark = "shown"

    @property
    def text(self) -> str:
        """The number, or the words that stand for it."""
        return str(self.count) if self.mark == "shown" else WORDS[self.mark]


@dataclass(frozen=True)
class Breakdown:
    """The rows of one table and their total; `why_not` says why there are no rows."""

    rows: tuple[Cell, ...]
    total: Cell
    why_not: str = ""

    @property
    def whole(self) -> bool:
        """Whether every number is shown."""
        return not self.why_not and all(row.mark == "shown" for row in self.rows)

    def count_of(self, label: str) -> int | None:
        """The number of one row, or None where it is not shown."""
        return next((row.count for row in self.rows if row.label == label), None)


def exact(counts: Counts) -> Breakdown:
    """Every number as it is: for internal use only.

    Raises:
        ValueError: a count is below 0.
    """
    _check(counts)
    rows = tuple(Cell(label, count) for label, count in counts)
    return Breakdown(rows, Cell("Total", sum(count for _, count in counts)))


def publishable(counts: Counts) -> Breakdown:
    """The numbers that may be published together with their total.

    Raises:
        ValueError: a count is below 0.
    """
    _check(counts)
    total = sum(count for _, count in counts)
    if 0 < total < SMALL:
        return Breakdown((), small("Total"), TOO_SMALL)
    hidden = _to_hide([count for _, count in counts])
    if hidden is None:
        return Breakdown((), Cell("Total", total), TOO_SMALL)
    rows = (_cell(label, count, held=at in hidden) for at, (label, count) in enumerate(counts))
    return Breakdown(tuple(rows), Cell("Total", total))


def small(label: str) -> Cell:
    """A count from 1 to 4."""
    return Cell(label, None, "small")


def held_back(label: str) -> Cell:
    """A count of any size that would give away another."""
    return Cell(label, None, "held")


def _cell(label: str, count: int, *, held: bool) -> Cell:
    if not held:
        return Cell(label, count)
    return small(label) if count < SMALL else held_back(label)


def _to_hide(counts: Sequence[int]) -> frozenset[int] | None:
    """Which rows to hide, by position; None where hiding some is not enough.

    With `k` small counts that come to `together`, the total tells `together`. If there are two or
    more and `together` is not near its least (all are 1) or its most (all are 4), each of them may
    be one of several numbers. Otherwise the least of the other counts is held back too, and what
    the reader learns is only the sum of the two.
    """
    tiny = [at for at, count in enumerate(counts) if 0 < count < SMALL]
    if not tiny:
        return frozenset()
    together = sum(counts[at] for at in tiny)
    if len(tiny) > 1 and together not in _near_the_ends(len(tiny)):
        return frozenset(tiny)
    others = sorted((count, at) for at, count in enumerate(counts) if count >= SMALL)
    if not others:
        return None
    least, least_at = others[0]
    if len(others) > 1:
        below = others[1][0]
    elif sum(counts) > (SMALL - 1) * len(counts):
        below = sum(counts)
    else:  # so few in all that tables without any shown row must look alike
        return None
    possible = [one for one in _near_the_ends(len(tiny)) if SMALL <= together + least - one < below]
    if not _leaves_doubt(len(tiny), possible):
        return None
    return frozenset([*tiny, least_at])


def _near_the_ends(k: int) -> tuple[int, ...]:
    """What `k` small counts may come to when another count has to be held back with them."""
    most = (SMALL - 1) * k
    return tuple(range(1, SMALL)) if k == 1 else (k, k + 1, most - 1, most)


def _leaves_doubt(k: int, possible: Sequence[int]) -> bool:
    """Whether small counts that come to one of these may each be more than one number."""
    if len(possible) > 1:
        return True
    return k > 1 and bool(possible) and possible[0] not in (k, (SMALL - 1) * k)


def _check(counts: Counts) -> None:
    for label, count in counts:
        if count < 0:
            raise ValueError(f"{label!r} is counted {count} times. Allowed: 0 or more.")
