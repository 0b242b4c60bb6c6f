"""What may be stored: words and instants that both databases keep exactly as given.

PostgreSQL refuses NUL and SQLite cuts text there in some tools; neither stores half of a surrogate
pair. Records never change a person's words, so such text is refused here, by name, before the
database is asked. Channels strip it first.
"""

import math
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TypeAlias

from bot.databases.errors import UnstorableError

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
"""A value as JSON knows it; tuples are not: they would come back as lists."""


def check_text(where: str, text: str) -> None:
    """Raise `UnstorableError` unless both databases keep this text exactly."""
    if "\0" in text:
        raise UnstorableError(
            f"{where} has a NUL character at position {text.index(chr(0))}. Remove it first."
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UnstorableError(
            f"{where} has half of a character at position {error.start}. Remove it first."
        ) from error


def check_instant(where: str, instant: datetime) -> None:
    """Raise `UnstorableError` unless the instant says its zone."""
    if instant.utcoffset() is None:
        raise UnstorableError(
            f"{where} is {instant.isoformat()} without a time zone. Give it one, such as UTC."
        )


def check_json(where: str, value: object) -> None:
    """Raise `UnstorableError` unless the value comes back equal from JSON in both databases."""
    match value:
        case None | bool() | int():
            pass
        case float() if math.isfinite(value):
            pass
        case str():
            check_text(where, value)
        case list():
            for position, item in enumerate(value):
                check_json(f"{where}[{position}]", item)
        case dict():
            for key, item in value.items():
                if not isinstance(key, str):
                    raise UnstorableError(f"{where} has the key {key!r}. Allowed: text keys.")
                check_text(f"a key of {where}", key)
                check_json(f"{where}[{key!r}]", item)
        case _:
            raise UnstorableError(
                f"{where} is {value!r}. Allowed: text, a finite number, true, false, null, "
                "a list or an object of these."
            )


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A dataclass that refuses what cannot be stored, naming its own field.

    A field named `..._on` is a date, one named `..._at` an instant with a zone, one named `value`
    anything that JSON knows.
    """

    def __post_init__(self) -> None:
        for each in fields(self):
            check_field(f"{type(self).__name__}.{each.name}", each.name, getattr(self, each.name))


def check_field(where: str, name: str, value: object) -> None:
    """Check one named field by the convention of `Checked`."""
    if name == "value":
        check_json(where, value)
    elif isinstance(value, str):
        check_text(where, value)
    elif name.endswith("_on"):
        # a datetime is a date to Python: PostgreSQL would drop the time without a word
        if value is not None and type(value) is not date:
            raise UnstorableError(f"{where} is {value!r}. Allowed: a date without a time.")
    elif isinstance(value, datetime):
        check_instant(where, value)
