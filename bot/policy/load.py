"""Makes a policy of a file, or refuses the file with every problem it has."""

import hashlib
import json
from pathlib import Path

from pydantic import ValidationError

from bot.policy.check import contradictions
from bot.policy.mend import contradictions_beside
from bot.policy.misfits import misfits, placed
from bot.policy.model import Policy
from bot.policy.problems import PolicyError, Problem
from bot.policy.source import read

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
        found = [*misfits(Policy, source, error), *placed(source, beside or ())]
        note = NOT_CHECKED if beside is None else ""
        raise PolicyError(path, found, note) from error
    if problems := list(placed(source, contradictions(policy))):
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
