"""Check your answers: everything said so far, before anything is recorded."""

from collections.abc import Sequence

from bot.cards.card import Card, Row
from bot.escalation.journey import NOT_FACTS
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.wording.answers import say_answer, say_term

NOT_SHOWN = (*(fact for fact in NOT_FACTS if fact != "policy"), "protected")


def check_card(library: Library, policy: Policy, answers: Sequence[tuple[str, str]]) -> Card:
    """The answers in the order in which they were given."""
    return Card(
        title="Check your answers",
        rows=tuple(
            Row(say_term(policy, fact), say_answer(library, policy, fact, value))
            for fact, value in answers
            if fact not in NOT_SHOWN
        ),
    )
