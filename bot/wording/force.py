"""The force of a rule in words: a "should" is never shown as a "must"."""

from collections.abc import Iterable, Mapping

from bot.policy.model import Policy
from bot.policy.terms import Basis, Strength

HEADINGS: Mapping[Strength, str] = {
    "must": "Must do",
    "should": "Should do",
    "may": "May help",
    "consider": "Consider",
    "will": "What will happen",
    "info": "Good to know",
}
LEADS: Mapping[Strength, str] = {
    "must": "**Must:** ",
    "should": "**Should:** ",
    "may": "**Optional:** ",
    "consider": "**Consider:** ",
    "will": "",
    "info": "",
}
BASIS: Mapping[Basis, str] = {
    "stated": "",
    "inferred": "inferred, not stated",
    "conflict": "the policy says two things",
    "gap": "the policy does not say",
}
ENDINGS: Mapping[str, str] = {
    "final": "the policy calls this final",
    "recommendation": "a recommendation, not a binding decision",
    "for_consideration": "for consideration, no final decision is named",
    "not_stated": "the policy does not call this final",
}


def say_cites(policy: Policy, names: Iterable[str]) -> str:
    """The sections that a rule stands on: "s.7 Stage 2, Appendix 1 row 2"."""
    sections = dict.fromkeys(policy.cites[name].section for name in names)
    return ", ".join(sections)


def say_source(
    policy: Policy,
    names: Iterable[str],
    basis: Basis = "stated",
    *,
    who: str = "",
    caveat: str = "",
) -> str:
    """Whose a rule is, its clause, and a caveat where it is not simply stated, in one bracket."""
    parts = (who, say_cites(policy, names), caveat or BASIS[basis])
    return f"({'; '.join(part for part in parts if part)})"


def say_force(strength: Strength, text: str) -> str:
    """A rule that stands among others of another force: "**Should:** tell your manager"."""
    return f"{LEADS[strength]}{text}"


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
