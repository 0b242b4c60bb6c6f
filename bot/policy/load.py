"""Makes a policy of a file, or refuses the file with every problem it has."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.policy.check import Contradiction, contradictions
from bot.policy.mend import contradictions_beside
from bot.policy.model import Policy
from bot.policy.problems import PolicyError, Problem, nearest
from bot.policy.source import Source, read

NOT_CHECKED = "What these parts refer to is checked once they are mended."


def load(path: Path) -> Policy:
    """The policy in the file at `path`.

    Raises:
        PolicyError: the file is refused; the error lists all its problems, each with the line
            and key, what was found, what is allowed and what to do.
    """
    source = read(path)
    if not isinstance(source.data, dict):
        raise PolicyError(path, [Problem((), 1, "is not a policy: it has no keys")])
    try:
        policy = Policy.model_validate(source.data)
    except ValidationError as error:
        beside = contradictions_beside(source.data, error.errors())
        misfits = [*_misfits(source, error), *_placed(source, beside or ())]
        note = NOT_CHECKED if beside is None else ""
        raise PolicyError(path, misfits, note) from error
    if problems := list(_placed(source, contradictions(policy))):
        raise PolicyError(path, problems)
    return policy


def content_hash(policy: Policy) -> str:
    """SHA-256 of the policy's canonical form: the same however its file is laid out."""
    canonical = json.dumps(
        policy.model_dump(mode="json", by_alias=True),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _placed(source: Source, found: Iterable[Contradiction]) -> Iterator[Problem]:
    for each in found:
        yield Problem(each.key, source.line(each.key), each.what, each.allowed, each.remedy)


def _misfits(source: Source, error: ValidationError) -> Iterator[Problem]:
    """The problems that the model itself finds, in our words."""
    for detail in error.errors():
        key = tuple(part for part in detail["loc"] if part != "[key]")
        line = source.line(key)
        match detail["type"]:
            case "extra_forbidden":
                known = _known_keys(key)
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
            case _:
                yield Problem(key, line, f"found {detail['input']!r}: {detail['msg']}")


def _shape(detail: ErrorDetails) -> str:
    pattern = detail["ctx"]["pattern"]
    if pattern.startswith(r"^\d{4}"):
        return "Write a date as '2026-11-22' or '2026-11', in quotation marks."
    return f"Write it in the form {pattern}."


def _known_keys(key: tuple[str | int, ...]) -> list[str]:
    """The keys that the model has at the place where an unknown one was found."""
    schema = Policy.model_json_schema(by_alias=True)
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
