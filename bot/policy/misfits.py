"""What does not fit a model of a data file, and where: pydantic's findings in our own words."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.policy.contradiction import Contradiction
from bot.policy.problems import Problem, nearest
from bot.policy.source import Source


def placed(source: Source, found: Iterable[Contradiction]) -> Iterator[Problem]:
    """Contradictions with the lines on which they stand."""
    for each in found:
        yield Problem(each.key, source.line(each.key), each.what, each.allowed, each.remedy)


def misfits(model: type[BaseModel], source: Source, error: ValidationError) -> Iterator[Problem]:
    """The problems that the model itself finds, in our words."""
    for detail in error.errors():
        key = tuple(part for part in detail["loc"] if part != "[key]")
        line = source.line(key)
        match detail["type"]:
            case "extra_forbidden":
                known = _known_keys(model, key)
                yield Problem(
                    key, line, "this key is not known", known, nearest(str(key[-1]), known)
                )
            case "missing":
                cite = "Add it; every fact needs its clause." if key[-1] == "cite" else "Add it."
                yield Problem(key, line, "is missing", remedy=cite)
            case "literal_error":
                found = detail["input"]
                yield Problem(
                    key, line, f"found {found!r}", remedy=f"Allowed: {detail['ctx']['expected']}."
                )
            case "string_type":
                what = f"found {detail['input']!r}, which is not text"
                yield Problem(key, line, what, remedy="Write it in quotation marks.")
            case "string_pattern_mismatch":
                yield Problem(key, line, f"found {detail['input']!r}", remedy=_shape(detail))
            case "too_short" | "too_long":
                # one that does not fit is not counted: then that is the problem, not the number
                if not any(_below(key, each) for each in error.errors()):
                    yield Problem(key, line, _number(detail))
            case _:
                yield Problem(key, line, f"found {detail['input']!r}: {detail['msg']}")


SHAPES = (
    (r"^\d{4}-\d\d-\d\dT", "Write a moment as '2026-12-17T14:00', in quotation marks."),
    (r"^\d{4}", "Write a date as '2026-11-22' or '2026-11', in quotation marks."),
    (r"^([01]\d|2[0-3]):", "Write an hour as '14:05', in quotation marks."),
)
"""How patterns begin that an author would not read, and what to write."""


def _shape(detail: ErrorDetails) -> str:
    pattern = detail["ctx"]["pattern"]
    for beginning, remedy in SHAPES:
        if pattern.startswith(beginning):
            return remedy
    return f"Write it in the form {pattern}."


def _below(key: tuple[str | int, ...], other: ErrorDetails) -> bool:
    return len(other["loc"]) > len(key) and other["loc"][: len(key)] == key


def _number(detail: ErrorDetails) -> str:
    found = detail["ctx"]["actual_length"] or "[]"
    if detail["type"] == "too_short":
        return f"found {found}, and at least {detail['ctx']['min_length']} must be there"
    return f"found {found}, and at most {detail['ctx']['max_length']} may be there"


def _known_keys(model: type[BaseModel], key: tuple[str | int, ...]) -> list[str]:
    """The keys that the model has at the place where an unknown one was found."""
    schema = model.model_json_schema(by_alias=True)
    node = schema
    for part in key[:-1]:
        node = _resolve(schema, node)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
    return sorted(_resolve(schema, node).get("properties", {}))


def _resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    target: dict[str, Any] = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return target
