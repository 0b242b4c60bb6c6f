"""Notices text that may tell who a person is, so that the practitioner can leave it out.

It looks for what has a shape: it is a reminder, not a filter, and nothing is changed or refused.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

NHS_DIGITS = 10


@dataclass(frozen=True)
class Sign:
    """One kind of personal detail, and how it shows."""

    what: str
    pattern: re.Pattern[str]
    proves: Callable[[str], bool] = lambda _: True


def nhs_number(text: str) -> bool:
    """Whether ten digits pass the modulus 11 check of an NHS number (NHS Data Dictionary)."""
    digits = [int(character) for character in text if character.isdigit()]
    if len(digits) != NHS_DIGITS:
        return False
    total = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == digits[-1]


SIGNS = (
    Sign("an NHS number", re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"), nhs_number),
    Sign("a telephone number", re.compile(r"(?<!\d)(?:\+44\s?\d|0\d)(?:[\s-]?\d){8,9}(?!\d)")),
    Sign("an e-mail address", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b")),
    Sign(
        "a date of birth",
        re.compile(
            r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\W{0,3}(?:the )?\d", re.IGNORECASE
        ),
    ),
    Sign(
        "a postcode",
        re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE),
    ),
    Sign(
        "an address",
        re.compile(
            r"\b\d{1,4}[a-z]?,?\s+(?:[A-Z][\w'’-]+\s+){1,3}"
            r"(?:Street|St|Road|Rd|Lane|Avenue|Ave|Close|Drive|Way|Crescent|Court|Terrace)\b"
        ),
    ),
    Sign(
        "a name",
        re.compile(
            r"\b(?:Mrs?|Ms|Miss|Dr|Master)\.?\s+[A-Z][a-z]+|"
            r"\b(?:[Cc]alled|[Nn]amed|name is|name's)\s+[A-Z][a-z]+"
        ),
    ),
)


def personal_details(text: str) -> tuple[str, ...]:
    """What in `text` looks like a personal detail, in plain words; nothing if nothing does."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[str]:
    for sign in SIGNS:
        if any(sign.proves(match.group()) for match in sign.pattern.finditer(text)):
            yield sign.what
