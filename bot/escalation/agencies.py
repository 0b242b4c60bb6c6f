"""The kinds of agency on either side of a disagreement, for the record and the yearly figures.

Only a kind, never a name. What was already told is not asked: a policy's answer may tell it
(`agency` of an option), and so may the practitioner's own sentence, where it leaves no doubt.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from bot.escalation.conditions import Facts
from bot.escalation.questions import SKIPPED, Choice, Question
from bot.escalation.said import plainly
from bot.policy.model import Policy
from bot.policy.terms import Agency

OneSide = Literal["raising", "challenged"]
OURS, THEIRS = "our_agency", "their_agency"
SIDES = (OURS, THEIRS)
KINDS: Mapping[Agency, str] = {
    "childrens_social_care": "Children's social care",
    "police": "Police",
    "health": "Health",
    "education": "Education",
    "adult_social_care": "Adult social care",
    "probation": "Probation",
    "housing": "Housing",
    "voluntary_sector": "Voluntary sector",
    "other": "Another kind of agency",
}
WHY = "The yearly report of the partnership counts escalations by kind of agency. It names nobody."
CHOICES = (*(Choice(kind, label) for kind, label in KINDS.items()), Choice(SKIPPED, "Skip"))
QUESTIONS: Mapping[str, Question] = {
    OURS: Question(OURS, "choice", "What kind of agency do you work for?", WHY, CHOICES),
    THEIRS: Question(THEIRS, "choice", "What kind of agency do you disagree with?", WHY, CHOICES),
}

WORDS: Mapping[Agency, tuple[str, ...]] = {
    "childrens_social_care": (
        "children's social care", "childrens social care", "children's services",
        "childrens services", "csc", "mash", "children's trust", "childrens trust",
    ),
    "police": ("police", "constabulary"),
    "health": (
        "nhs", "hospital", "gp", "camhs", "icb", "ccg", "health visiting", "health visitor",
        "health trust", "school nurse", "school nursing", "midwife", "midwifery", "ambulance",
    ),
    "education": ("school", "college", "nursery", "education"),
    "adult_social_care": ("adult social care", "adults social care", "adult services"),
    "probation": ("probation",),
    "housing": ("housing",),
    "voluntary_sector": ("charity", "voluntary sector"),
}  # fmt: skip
"""How people name a kind. "Social care" alone may be that of children or of adults."""
NO_KIND = ("school social worker", "hospital social worker", "school police officer")
"""They hold the word of a kind and belong to another."""

_KIND_OF: Mapping[str, Agency | None] = {
    **{plainly(word): kind for kind, words in WORDS.items() for word in words},
    **dict.fromkeys(NO_KIND),
}
_NAMED = re.compile(
    rf"\b(?:{'|'.join(sorted(_KIND_OF, key=len, reverse=True))})(?:s|es)?\b", re.IGNORECASE
)
_WE_ARE = re.compile(
    r"\b(?:our|my|we at|we in|we are|im|i am|i work (?:at|in|for)|as)"
    r"(?: (?:a|an|the|at|in|local|primary|secondary|community))* $"
)
_WE_DISAGREE_WITH = re.compile(
    r"\b(?:(?:disagree|disagreement|dispute) with|(?:challeng(?:e|ing)|against)|"
    r"decision (?:of|by|from|made by))(?: (?:a|an|the|local))* $"
)
_THEY_DID = re.compile(
    r"^ (?:(?:have|has|had|are|is|was|were|and they|who|who have|now|still|again|just|also|staff|"
    r"team|service|services|officers?|manager|managers|trust) )*"
    r"(?:refus\w*|wont|will not|clos(?:ed|ing)|decid\w+|declin\w+|reject\w*|disagree\w*|"
    r"(?:dont|do not|does not|doesnt) (?:agree|accept|think)|will take no|not going to|"
    r"stepped|stepping|discharg\w+|end(?:ed|ing)|escalated|raised|challeng\w+)\b"
)


def agency_question(fact: str) -> Question:
    """The question for the kind of agency of one side: `our_agency` or `their_agency`.

    Raises:
        KeyError: `fact` is neither.
    """
    return QUESTIONS[fact]


def kind_named(said: str) -> Agency | None:
    """The one kind of agency that the words name; None where they name none, or several."""
    found = {kind for kind, _, _ in _named(plainly(said))}
    return found.pop() if len(found) == 1 else None


def agencies_told(policy: Policy, facts: Facts) -> Mapping[str, Agency]:
    """The kinds of agency that the other answers tell; a policy's answer before our reading."""
    return {**agencies_in(facts.get("summary", "")), **_by_policy(policy, facts)}


def agencies_in(words: str) -> Mapping[str, Agency]:
    """The kinds of agency that a description tells: ours where it says so, theirs by what it did.

    A kind that is only mentioned ("a referral from the school") tells nothing.
    """
    plain = plainly(words)
    ours: set[Agency | None] = set()
    theirs: set[Agency | None] = set()
    for kind, before, after in _named(plain):
        if _WE_ARE.search(before):
            ours.add(kind)
        elif _WE_DISAGREE_WITH.search(before) or _THEY_DID.search(after):
            theirs.add(kind)
    sides = ((OURS, ours), (THEIRS, theirs))
    return {fact: kind for fact, kinds in sides if len(kinds) == 1 for kind in kinds if kind}


def our_side(facts: Facts) -> OneSide:
    """On which side we are: whoever received the escalation is challenged."""
    return "challenged" if facts.get("matter") == "received" else "raising"


def agency_on(facts: Facts, side: OneSide) -> str | None:
    """The kind of agency on one side, in words; None where it was not said."""
    said = facts.get(OURS if side == our_side(facts) else THEIRS)
    return next((label for kind, label in KINDS.items() if kind == said), None)


def _named(plain: str) -> Iterator[tuple[Agency | None, str, str]]:
    """Each kind with what stands before and after it."""
    for found in _NAMED.finditer(plain):
        word = found.group()
        kind = next(_KIND_OF[each] for each in (word, word[:-1], word[:-2]) if each in _KIND_OF)
        yield kind, plain[: found.start()], plain[found.end() :]


def _by_policy(policy: Policy, facts: Facts) -> Mapping[str, Agency]:
    ours = our_side(facts)
    return {
        OURS if side == ours else THEIRS: kind
        for id_, fact in policy.facts.items()
        for option in fact.options
        if option.value == facts.get(id_)
        for side, kind in option.agency.items()
    }
