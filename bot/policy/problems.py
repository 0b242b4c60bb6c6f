"""What is wrong with a data file, said so that its author can mend it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where, what was found, what is allowed, what to do."""

    key: tuple[str | int, ...]
    line: int
    what: str
    allowed: Collection[str] = ()
    remedy: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {dotted(self.key)}" if self.key else "")
        allowed = f" Allowed: {', '.join(sorted(self.allowed))}." if self.allowed else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}: {self.what}.{allowed}{remedy}"


class RefusedFileError(ValueError):
    """A data file that is refused, with all its problems at once.

    `note` says what could not be checked yet.
    """

    def __init__(self, path: Path, problems: Sequence[Problem], note: str = "") -> None:
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{path}: {count}\n{listed}" + (f"\n  {note}" if note else ""))


class PolicyError(RefusedFileError):
    """A policy file that is refused."""


def dotted(key: Sequence[str | int]) -> str:
    """`stages[1].actor`, as people write a place in a file."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")


def nearest(found: str, allowed: Collection[str]) -> str:
    """A suggestion for a word that was probably mistyped, or nothing."""
    close = get_close_matches(found, list(allowed), n=1)
    return f"Did you mean {close[0]!r}?" if close else ""
