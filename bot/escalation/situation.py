"""Facts of one disagreement, refused unless the policy declares them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.deadlines.calendar import FIRST_YEAR, LAST_YEAR
from bot.escalation.agencies import KINDS, OURS, THEIRS
from bot.escalation.clocks import moment
from bot.escalation.conditions import Facts
from bot.escalation.decision import Imminent
from bot.escalation.questions import NOT_KNOWN, NOT_YET, SKIPPED
from bot.policy.model import Policy
from bot.policy.problems import nearest

ALWAYS = {
    "imminent": ("yes", "no", "not_sure"),
    "protected": ("yes", "no", "not_confirmed"),
    "resolved": ("yes", "no"),
    "side": ("raising", "challenged"),
    OURS: (*KINDS, SKIPPED),
    THEIRS: (*KINDS, SKIPPED),
}
FREE_TEXT = ("summary",)


@dataclass(frozen=True)
class Situation:
    """One disagreement as it stands under a policy at a moment, its facts already checked."""

    policy: Policy
    facts: Facts
    now: datetime
    imminent: Imminent | None


class UnknownFactError(ValueError):
    """A fact, or a value of a fact, that the policy does not declare."""


def checked(policy: Policy, facts: Facts) -> Facts:
    """`facts` with the side that follows from the matter, if each is one the policy knows.

    Raises:
        UnknownFactError: says what was found and what is allowed.
    """
    for fact, value in facts.items():
        _check(policy, fact, value)
    if "side" in facts or "matter" not in facts:
        return facts
    return {**facts, "side": "challenged" if facts["matter"] == "received" else "raising"}


def declares(policy: Policy, fact: str, value: str) -> bool:
    """Whether the policy knows this fact, and this value of it."""
    try:
        _check(policy, fact, value)
    except UnknownFactError:
        return False
    return True


def _check(policy: Policy, fact: str, value: str) -> None:
    if not isinstance(value, str):
        raise UnknownFactError(
            f"Fact {fact!r}: found {value!r}. A value is text, in quotation marks."
        )
    if fact in FREE_TEXT:
        return
    if fact in policy.events:
        if value not in (NOT_YET, NOT_KNOWN):
            check_event(fact, value, policy)
        return
    allowed = values_of(policy, fact)
    if allowed is None:
        known = [*ALWAYS, "stage", *FREE_TEXT, *policy.facts, *policy.events]
        raise UnknownFactError(
            f"Found {fact!r}, which is no fact of {policy.id}. "
            f"Allowed: {', '.join(dict.fromkeys(known))}. {nearest(fact, known)}".strip()
        )
    if allowed and value not in allowed:
        raise UnknownFactError(
            f"Fact {fact!r}: found {value!r}. Allowed: {', '.join(allowed)}. "
            f"{nearest(value, allowed)}".strip()
        )


def check_event(event: str, when: str, policy: Policy) -> None:
    """Refuses a time of an event that is neither a date nor an instant.

    Raises:
        UnknownFactError: says what was found and what is allowed.
    """
    try:
        year = moment(when, ZoneInfo(policy.place.timezone))[0].year
    except (ValueError, OverflowError):
        raise UnknownFactError(
            f"Event {event!r}: found {when!r}. Give a date such as '2026-11-22', an instant such "
            f"as '2026-11-22T16:45', {NOT_YET!r} or {NOT_KNOWN!r}."
        ) from None
    # A year either side, so that every limit ends where the bank holidays are known.
    if not FIRST_YEAR < year < LAST_YEAR:
        raise UnknownFactError(
            f"Event {event!r}: found {when!r}. Dates are counted from {FIRST_YEAR + 1} to "
            f"{LAST_YEAR - 1}. Check the year."
        )


def values_of(policy: Policy, fact: str) -> Collection[str] | None:
    """The values that `fact` may have: none listed for free text, None if it is unknown."""
    if fact == "stage":
        return [stage.id for stage in policy.stages]
    if fact in ALWAYS:
        return ALWAYS[fact]
    declared = policy.facts.get(fact)
    if declared is None:
        return None
    match declared.kind:
        case "text":
            return ()
        case "yes_no":
            return ("yes", "no")
        case _:
            return [option.value for option in declared.options]
