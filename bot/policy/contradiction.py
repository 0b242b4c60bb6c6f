"""A problem of a data file as a whole, found before its line is known."""

from collections.abc import Collection
from dataclasses import dataclass

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Contradiction:
    """A problem before its line is known. `absence`: something is not there that should be."""

    key: Key
    what: str
    allowed: Collection[str] = ()
    remedy: str = ""
    absence: bool = False
