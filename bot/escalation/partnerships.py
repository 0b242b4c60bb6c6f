"""Which partnership is meant: by its name, what people call it, or a place in it."""

from bot.escalation.answers import Answered, NotAnAnswer, Parsed, Unclear
from bot.escalation.journey import PARTNERSHIP
from bot.escalation.questions import Choice, Question
from bot.escalation.said import UNSURE, plainly
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.spelling import meant

SHORTEST = 5
COMMON = {
    "safeguarding", "partnership", "partnerships", "children", "childrens", "board", "policy",
    "council", "county", "escalation", "forest", "island", "saint",
}  # fmt: skip
ASK_BY_PLACE = (
    "Which town, city or island is this about? Type its name, and I will look for the partnership."
)
ALSO_WORDS = {"reading", "slough"}
DO_NOT_KNOW = Choice("by_place", "I do not know")


def partnership_question(library: Library) -> Question:
    """The question with every partnership as a choice."""
    choices = tuple(Choice(policy.id, policy.publisher) for policy in library)
    return Question(
        fact=PARTNERSHIP.fact,
        kind=PARTNERSHIP.kind,
        ask=PARTNERSHIP.ask,
        why=PARTNERSHIP.why,
        choices=(*choices, DO_NOT_KNOW),
    )


def parse_partnership(library: Library, raw: str) -> Parsed:
    """The policy id that `raw` means; several if more than one fits."""
    said = plainly(raw)
    if raw.strip() in library.versions:
        return Answered(raw.strip())
    if raw.strip() == DO_NOT_KNOW.value or said in UNSURE:
        return NotAnAnswer(ASK_BY_PLACE)
    named = [policy for policy in library if any(_means(name, said) for name in _names(policy))]
    found = named or [policy for policy in library if _nearly(policy, said)]
    if len(found) == 1:
        return Answered(found[0].id)
    if found:
        choices = tuple(Choice(policy.id, policy.publisher) for policy in found)
        return Unclear(choices, "That fits more than one partnership.")
    known = ", ".join(policy.publisher for policy in library)
    return NotAnAnswer(
        f"I do not know a policy for that. I know these partnerships: {known}. If yours is not "
        "among them, ask your safeguarding lead for its escalation policy."
    )


def _names(policy: Policy) -> list[str]:
    names = (policy.id, policy.publisher, *policy.aliases, *policy.place.towns)
    return [plainly(name) for name in names]


def _means(name: str, said: str) -> bool:
    """Whether `name` stands in what was said, as whole words.

    A town whose name is also a common word counts only where it is named as a place.
    """
    if name in ALSO_WORDS:
        return said == name or f" in {name} " in f" {said} "
    return f" {name} " in f" {said} "


def _nearly(policy: Policy, said: str) -> bool:
    """Whether a word of what was said is a word of a name, with a slip of the keyboard."""
    words = {
        word
        for name in _names(policy)
        for word in name.split()
        if len(word) >= SHORTEST and word not in COMMON
    }
    return any(meant(word, words) for word in said.split() if word not in COMMON)
