"""Which of the things that can be done a typed sentence asks for.

The words are the scenario's own: its labels and its `hears`. Nothing is guessed that is graded: a
decision that was typed is asked back before it counts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.escalation.said import plainly
from bot.rehearsal.offers import Offer, Offers
from bot.rehearsal.state import Entry
from bot.spelling import corrected

WAITS = (
    "wait", "wait a day", "next day", "tomorrow", "the next day", "next working day",
    "let a day pass", "let time pass",
)  # fmt: skip
WAITS_ON = ("wait on", "wait until something happens", "go on", "carry on", "what happens next")
GUIDES = (
    "guide", "ask the guide", "what does the policy say", "what should i do", "policy", "help me",
)  # fmt: skip
LEAVES = ("leave", "stop", "end", "end the rehearsal", "leave the rehearsal", "stop the rehearsal")
FEW = 3
_CODE = re.compile(
    r"\s*(?:(?:join|code)[\s:]+([a-z]{3})|([b-df-hj-np-tv-z]{3}))[\s-]?(\d{3})\s*", re.IGNORECASE
)
"""No code has a vowel. Alone, "esc 012" or "Mar 202" is about real work."""
_NAMED = re.compile(r"\s*rehearse\s+([a-z][a-z0-9_]*_[a-z0-9_]+)\s*", re.IGNORECASE)
_SMALL = re.compile(
    r"an?|and|are|as|at|be|by|do|for|from|has|have|how|i|in|is|it|me|my|of|on|or|our|say|tell|the|"
    r"them|they|this|to|up|us|was|we|what|with|you|your"
)
"""Words that tell nothing apart."""


@dataclass(frozen=True)
class Heard:
    """What was heard: one thing to do, or several that it may have been, or nothing."""

    entry: Entry | None = None
    may_be: tuple[Offer, ...] = ()


def join_code(text: str) -> str | None:
    """The join code, if a message is one: "join KRT-482", "krt482"."""
    found = _CODE.fullmatch(text)
    return f"{found[1] or found[2]}-{found[3]}".upper() if found else None


def scenario_named(text: str) -> str | None:
    """The id of a scenario, if a message asks for one: "rehearse jersey_before_christmas"."""
    found = _NAMED.fullmatch(text)
    return found[1].lower() if found else None


def hear(offers: Offers, text: str) -> Heard:
    """What a sentence asks for, among what can be done now."""
    said = plainly(text)
    for entry, phrases in (
        (Entry("wait"), WAITS),
        (Entry("wait", "on"), WAITS_ON),
        (Entry("guide"), GUIDES),
        (Entry("leave"), LEAVES),
    ):
        if said in phrases:
            return Heard(entry)
    found = _likeliest(offers.every, said)
    if len(found) == 1 and found[0].kind != "choose":
        return Heard(Entry(found[0].kind, found[0].id))
    return Heard(may_be=found[:FEW])


def _likeliest(every: Iterable[Offer], said: str) -> tuple[Offer, ...]:
    """The offers that fit best; more than one where they fit as well as each other."""
    offered = tuple(every)
    known = frozenset(word for offer in offered for word in _words(" ".join(_phrases(offer))))
    words = _words(corrected(said, known))
    scores = [(_score(offer, words), offer) for offer in offered]
    best = max((score for score, _ in scores), default=0.0)
    return tuple(offer for score, offer in scores if score == best) if best > 0 else ()


def _score(offer: Offer, said: tuple[str, ...]) -> float:
    """How well an offer fits: a whole phrase counts by its words; half a label, by its share."""
    whole = max(
        (len(words) for words in map(_words, offer.hears) if _within(words, said)), default=0
    )
    label = {word for word in _words(offer.label) if not _SMALL.fullmatch(word)}
    shared = len(label & set(said)) / len(label) if label else 0.0
    return whole + (shared if shared >= 0.5 else 0.0)


def _phrases(offer: Offer) -> tuple[str, ...]:
    return (offer.label, *offer.hears)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", plainly(text)))


def _within(phrase: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Whether the words of a phrase stand together in what was said."""
    return (
        any(said[at : at + len(phrase)] == phrase for at in range(len(said))) if phrase else False
    )
