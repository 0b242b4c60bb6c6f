"""What came of a stage, as people tell it: "we met, not agreed", "they never replied".

Only what is plainly said is taken, and it is shown again before anything is recorded.
"""

import re

from bot.escalation.progress import WAITING
from bot.escalation.said import NEGATION, plainly

_WITHDRAWN = re.compile(r"\b(?:withdraw|withdrawn|withdrew|dropping it|dropped it|not taking it)\b")
_WAITING = re.compile(r"\b(?:still waiting|no news|nothing yet|waiting (?:for|to))\b")
_NO_REPLY = re.compile(
    r"\b(?:no|never|not|havent|hasnt|didnt|without|nt) (?:\w+ ){0,3}?"
    r"(?:repl(?:y|ied)|respon(?:se|ded|d)|answer(?:ed)?|c(?:a|o)me back|got back|get back)\b"
    r"|\b(?:ignored|silence|no word)\b"
)
_DECIDED = re.compile(r"\b(?:chair|panel|board|group|director)\b.*\b(?:decided|ruled|decision)\b")
_AGREED = re.compile(
    r"\b(?:agreed|agree|agreement|resolved|settled|sorted|changed (?:her|his|their) mind)\b"
)
_STUCK = re.compile(r"\b(?:disagree|wont budge|no further|stuck|at odds|same answer)\b")


def outcome_in(text: str) -> str | None:
    """The outcome that a message plainly tells, or None where it tells none or two."""
    plain = plainly(text)
    if _WITHDRAWN.search(plain):
        return "withdrawn"
    if _NO_REPLY.search(plain):
        return "no_reply"
    if _WAITING.search(plain):
        return WAITING
    if _DECIDED.search(plain):
        return "decided"
    if _STUCK.search(plain):
        return "not_agreed"
    if _AGREED.search(plain):
        return "not_agreed" if NEGATION.search(plain) else "agreed"
    return None
