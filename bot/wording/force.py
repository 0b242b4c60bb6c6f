"""The force of a rule in words: a "should" is never shown as a "must"."""

from collections.abc import Iterable, Mapping

from bot.policy.model import Policy
from bot.policy.terms import Basis, Strength

HEADINGS: Mapping[Strength, str] = {
    "must": "Must do",
    "should": "Should do",
    "may": "May help",
    "consider": "Consider",
    "will": "What others will do",
    "info": "Good to know",
}
BASIS: Mapping[Basis, str] = {
    "stated": "",
    "inferred": "inferred, not stated",
    "conflict": "the policy says two things",
    "gap": "the policy does not say",
}
ENDINGS: Mapping[str, str] = {
    "final": "The policy calls this decision final.",
    "recommendation": "This is a recommendation, not a binding decision.",
    "for_consideration": "This is for consideration: the policy names no final decision.",
    "not_stated": "The policy does not say that this decision is final.",
}


def say_cites(policy: Policy, names: Iterable[str]) -> str:
    """The sections that a rule stands on: "s.7 Stage 2, Appendix 1 row 2"."""
    sections = dict.fromkeys(policy.cites[name].section for name in names)
    return ", ".join(sections)


def say_basis(basis: Basis) -> str:
    """A caveat in brackets where a rule is not simply stated, or nothing."""
    return f" ({BASIS[basis]})" if BASIS[basis] else ""
