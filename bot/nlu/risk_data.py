"""What the risk screen learns from: the pairs of `data/risk` beside the ordinary messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

KINDS = (
    "historical", "negated", "hypothetical", "resolved", "policy", "training", "meeting", "idiom",
)  # fmt: skip
CATEGORIES = (
    "adult_at_risk", "assault", "carer_unfit", "domestic_abuse", "exploitation", "honour",
    "left_alone", "medical", "missing", "online", "sexual_abuse", "suicide", "taken", "threats",
    "unsafe_handover", "weapon",
)  # fmt: skip
NONE = "-"
"""Stands where a pair has only one side."""


class RiskDataError(ValueError):
    """A file of `data/risk` cannot be used: says which line, what was found, what is allowed."""


@dataclass(frozen=True)
class Pair:
    """A message about somebody at imminent risk, and its twin that looks alike and is not.

    `kind` says why nobody is in danger now by what the twin says. Either side may be missing.
    """

    category: str
    imminent: str | None
    twin: str | None
    kind: str


def pairs(folder: Path) -> Iterator[Pair]:
    """The pairs of every category.

    Raises:
        RiskDataError: a file is missing or has another name, or a line is not a pair.
    """
    found = {path.stem for path in folder.glob("*.tsv")}
    if found != set(CATEGORIES):
        raise RiskDataError(
            f"{folder}: found {sorted(found)}; needed: one .tsv file for each of {CATEGORIES}."
        )
    for category in CATEGORIES:
        path = folder / f"{category}.tsv"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield _pair(category, line, f"{path}:{number}")


def fingerprint(folder: Path) -> str:
    """A hash of everything in the folder that is learnt from."""
    digest = sha256()
    for path in sorted(folder.glob("*.tsv")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _pair(category: str, line: str, where: str) -> Pair:
    fields = line.split("\t")
    if len(fields) != 3 or not all(field.strip() for field in fields):
        raise RiskDataError(
            f"{where}: found {len(fields)} fields; needed: the message, a tab, its twin, a tab, "
            f"the kind of the twin. Write {NONE} for a side that is missing."
        )
    imminent, twin, kind = (None if field == NONE else field for field in fields)
    if kind not in KINDS:
        raise RiskDataError(f"{where}: found the kind {kind!r}; allowed: {', '.join(KINDS)}.")
    return Pair(category, imminent, twin, kind)
