"""An answer of the walk in words: what its button said, a date in full, or the words themselves."""

from bot.escalation.journey import question_asked
from bot.escalation.ladder import stage_called
from bot.escalation.questions import SKIPPED, reached
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.wording.dates import say_event

TERMS = {
    "policy": "Partnership",
    "imminent": "Risk right now",
    "protected": "Protective action",
    "matter": "Whose decision",
    "area": "What it is about",
    "stage": "Where you have got to",
    "summary": "In your words",
    "our_agency": "Your agency",
    "their_agency": "The other agency",
    "resolved": "Settled",
}


def say_answer(library: Library, policy: Policy | None, fact: str, value: str) -> str:
    """The answer `value` to the question for `fact`."""
    if fact == "policy":
        return library.get(value).publisher
    if policy is not None and fact == "stage":
        return reached(stage_called(policy, value))
    if policy is not None and fact in policy.events:
        return say_event(value)
    if value == SKIPPED:
        return "Skipped"
    choice = question_asked(policy, fact).choice(value)
    return choice.label if choice else value


def say_term(policy: Policy | None, fact: str) -> str:
    """What an answer is about, as a short heading."""
    return TERMS.get(fact) or question_asked(policy, fact).ask
