"""The reference of a case as people type it: "ESC-2026-0012", "esc 12", "2026-0031"."""

import re
from collections.abc import Sequence

_FULL = re.compile(r"\b(?:esc[\s-]*)?(20\d\d)[\s/-]+0*(\d{1,6})\b", re.IGNORECASE)
_SHORT = re.compile(r"\besc(?:alation)?[\s-]*(?:no\.?|number|#)?[\s-]*0*(\d{1,6})\b", re.IGNORECASE)


def references_in(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The references of `known` that a text names, each once.

    A number without its year may mean several; then all of them are given.
    """
    found = [
        reference
        for year, number in _FULL.findall(text)
        for reference in known
        if reference == f"ESC-{year}-{int(number):04d}"
    ]
    rest = _FULL.sub(" ", text)
    found += [
        reference
        for number in _SHORT.findall(rest)
        for reference in known
        if reference.endswith(f"-{int(number):04d}")
    ]
    return tuple(dict.fromkeys(found))


def names_a_case(text: str) -> bool:
    """Whether a text names some case, known or not."""
    return bool(_FULL.search(text) or _SHORT.search(text))
