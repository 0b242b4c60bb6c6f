"""Mends a copy of a policy file far enough that its references can be checked too.

So an author sees a mistyped key and a dangling reference in one go. Nothing mended is ever used:
the file is refused all the same.
"""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.policy.check import contradictions
from bot.policy.contradiction import Contradiction, Key
from bot.policy.model import Policy

LONGEST_PHRASE = 90


def contradictions_beside(
    data: object, misfits: Sequence[ErrorDetails]
) -> list[Contradiction] | None:
    """What else is wrong with `data`, beside its `misfits`; None if that cannot be told yet.

    What may only follow from a misfit itself, such as a limit that lacks its mistyped start, is
    left out.
    """
    copy = deepcopy(data)
    mended: list[Key] = []
    taken: set[str] = set()
    for misfit in misfits:
        key = tuple(misfit["loc"])
        if not _mend(copy, key, misfit, taken):
            return None
        mended.append(key)
    try:
        policy = Policy.model_validate(copy)
    except ValidationError:
        return None
    return [each for each in contradictions(policy) if not _follows(each, mended, taken)]


def _mend(data: Any, key: Key, misfit: ErrorDetails, taken: set[str]) -> bool:
    """Takes out or replaces the value at `key`, if nothing else hangs on it."""
    parent = data
    for part in key[:-1]:
        parent = parent[part]
    match misfit["type"]:
        case "extra_forbidden":
            if len(key) == 1 and "forms" not in parent:
                return False
            taken.update(_strings(parent.pop(key[-1])))
        case "literal_error" if not (key[0] == "facts" and key[-1] == "kind"):
            parent[key[-1]] = re.findall(r"'([^']*)'|(\d+)", misfit["ctx"]["expected"])[0][0] or 1
        case "string_too_long":
            parent[key[-1]] = parent[key[-1]][:LONGEST_PHRASE]
        case "string_type" if isinstance(misfit["input"], int | float):
            parent[key[-1]] = str(misfit["input"])
        case "string_pattern_mismatch" if key[0] == "document":
            parent[key[-1]] = None
        case "greater_than_equal":
            parent[key[-1]] = 1
        case _:
            return False
    return True


def _follows(each: Contradiction, mended: Sequence[Key], taken: set[str]) -> bool:
    """Whether `each` may be nothing but the shadow of something that was mended."""
    if not each.absence:
        return False
    if each.key[0] == "cites":
        return each.key[-1] in taken
    return any(each.key[: len(key) - 1] == key[:-1] for key in mended if len(key) > 1)


def _strings(node: object) -> Iterator[str]:
    """Every text at or below `node`."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)
