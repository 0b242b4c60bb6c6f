"""What came of a stage, as people tell it: "we met, not agreed", "they never replied".

Only what is plainly said is taken, and it is shown again before anything is recorded. What is
disagreed about is no outcome: "they do not agree that it meets the threshold".
"""

import re

from bot.escalation.progress import WAITING
from bot.escalation.said import CONTRACTED, NEGATION, plainly

_WITHDRAWN = re.compile(
    r"\b(?:withdraw(?:ing)?|withdrawn|withdrew)\b(?! (?:\w+ )?(?:consent|support|from)\b)"
    r"|\b(?:dropping it|dropped it|not taking it)\b"
)
_WAITING = re.compile(r"\b(?:still waiting|no news|nothing yet|waiting (?:for|to))\b")
_NO_REPLY = re.compile(
    r"\b(?:no|never|not|havent|hasnt|didnt|without|nt) (?:\w+ ){0,3}?"
    r"(?:repl(?:y|ied)|respon(?:se|ded|d)|answer(?:ed)?|c(?:a|o)me back|got back|get back)\b"
    r"(?! the (?:door|phone)\b)"
    r"|\b(?:ignored|silence|no word)\b"
)
_DECIDED = re.compile(
    r"\b(?:chair|panel|board|group|director)\b.*"
    r"\b(?:decided|ruled|decision|recommend(?:s|ed|ation))\b"
)
_MET = re.compile(
    r"\b(?:(?:we|i|they|both|all|just|have|weve|ive|managers|leads|heads) (?:met|spoke|talked)"
    r"|met (?:with|up|them|him|her|today|yesterday|on)|spoken|spoke (?:to|with)|talked (?:to|with)"
    r"|(?:had|held) (?:\w+ ){0,4}?(?:meeting|discussion|call)|meeting (?:was|took|happened|today|"
    r"yesterday|on|went))\b|^met\b"
)
_CONTENT = r"(?! (?:to|that|with|about|on|over|it|they|she|he|the)\b)"
"""Whoever goes on to say what is not agreed tells of the disagreement, not of its outcome."""
_NOT = rf"(?:not|cannot|cant|couldnt|wont|never|{CONTRACTED})"
_NOT_AGREED = re.compile(
    rf"\bno (?:agreement|consensus|resolution)\b{_CONTENT}"
    rf"|\b{_NOT} (?:(?:been|yet|all|come to|reach|reached|an|any) ){{0,3}}"
    rf"(?:agreed|agreement|resolved|settled|sorted)\b{_CONTENT}"
    rf"|\b(?:could not|couldnt|cannot|cant|would not|wouldnt|will not|wont|did not|didnt) "
    rf"(?:all |quite |still )?agree\b{_CONTENT}"
)
_STUCK = re.compile(
    r"\b(?:(?:wont|wouldnt|would not|will not) budge|no further(?! (?:action|concerns))"
    r"|at odds|same answer|stalemate|deadlock|still (?:disagree|apart)"
    r"|agreed? to (?:disagree|differ)|stuck(?! (?:at|in|on|with)\b)"
    r"|(?:stick|sticking|stuck) to (?:it|their))\b"
)
_AGAINST = re.compile(r"\b(?:agree|agreed|agreement|disagree|disagreed)\b")
_AGREED = re.compile(
    r"\b(?:(?<!as )agreed|now agree|resolved|settled(?! (?:in|at)\b)|sorted"
    r"|changed (?:her|his|their) mind|(?:reached|came to|come to) (?:an )?agreement"
    r"|agreement (?:was |is )?reached)\b"
)


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
    if _not_agreed(plain):
        return "not_agreed"
    if _AGREED.search(plain) or (_MET.search(plain) and "agree" in plain.split()):
        return None if NEGATION.search(plain) else "agreed"
    return None


def _not_agreed(plain: str) -> bool:
    """Whether both sides stay apart: said outright, or of a meeting that was held."""
    if _STUCK.search(plain) or _NOT_AGREED.search(plain):
        return True
    apart = NEGATION.search(plain) or re.search(r"\bdisagreed?\b", plain)
    return bool(_MET.search(plain) and apart and _AGAINST.search(plain))
