"""Whether a condition of a policy holds, fails, or cannot be told yet."""

from collections.abc import Mapping

Facts = Mapping[str, str]
When = Mapping[str, tuple[str, ...]]


def holds(when: When, facts: Facts) -> bool | None:
    """True if every key of `when` has one of its values, False if one has not, None if unknown."""
    if any(fact in facts and facts[fact] not in values for fact, values in when.items()):
        return False
    return None if unknown(when, facts) else True


def unknown(when: When, facts: Facts) -> tuple[str, ...]:
    """The facts that `when` asks for and nobody has given yet."""
    return tuple(fact for fact in when if fact not in facts)
