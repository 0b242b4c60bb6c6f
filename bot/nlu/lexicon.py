"""The risk lexicon: phrases of imminent danger, read with what is said around them.

The phrases are data (`lexicon.yml`). A phrase of danger counts at its own tier unless it is
denied, long past, asked about or over, and each of those lowers it by one tier and no more, so
that a doubt is shown the advice and asked about. Safety never rests on this alone: the advice
and the button are always on screen.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from bot.nlu.phrases import DANGERS, Clause, Lexicon, Span, load

Tier = Literal["high", "low"]
SCORES: Mapping[Tier | None, float] = {"high": 0.95, "low": 0.5, None: 0.0}
LOWERED: Mapping[Tier, Tier | None] = {"high": "low", "low": None}
# A word of harm, without and with a word of `soon` in its clause.
HARM: Mapping[str, tuple[Tier | None, Tier | None]] = {
    "grave": ("low", "high"),
    "lesser": (None, "low"),
}

# How many words a question ("what if ...") reaches forward: past that it is another thought.
QUESTION_REACH = 12
# A clause that never ends is read in stretches, each overlapping the last, so that time grows
# only with length. No phrase is longer than the overlap.
STRETCH, OVERLAP = 80, 20
ENDS = frozenset(".!?;\n")
TURNS = frozenset({"but", "however", "although", "though", "whereas", "yet", "nevertheless"})
BARE_NO = frozenset({"no", "none", "nil", "nope", "n", "not"})
_TOKEN = re.compile(r"[^\W_]+|[.!?;\n,()\u2013\u2014]")
_SILENT = re.compile("['\u2019\u2018`\u00b4\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True)
class Screened:
    """What the lexicon found in one message.

    `score` runs from 0 to 1 and follows the tier. `matched` names what counted towards the tier,
    "category: words", in the order it was written.
    """

    tier: Tier | None
    score: float
    matched: tuple[str, ...]


@dataclass(frozen=True)
class Around:
    """What one sentence says about the dangers in it.

    `past` holds the turns that tell of the past, `resolved` is the last turn that tells of an end
    ("... but was found safe", -1 for none), `disputed` whether someone's word is reported.
    """

    past: frozenset[int]
    resolved: int
    disputed: bool


def screen(text: str) -> Screened:
    """Screen a whole message, however long, for words of imminent risk.

    Raises `LexiconError` if the lexicon cannot be read: the caller then shows the advice.
    """
    lexicon = load()
    clauses = _clauses(text, lexicon)
    sentences = {clause.sentence for clause in clauses if lexicon.suspects(clause)}
    found = [(c, lexicon.spans(c)) for c in clauses if c.sentence in sentences]
    counted: list[tuple[Tier, str]] = []
    for _, sentence in groupby(found, key=lambda pair: pair[0].sentence):
        read = list(sentence)
        around = _around(read)
        for clause, spans in read:
            counted += _judge(lexicon, clause, spans, around)
    tier: Tier | None = next((t for t in ("high", "low") if any(c == t for c, _ in counted)), None)
    matched = dict.fromkeys(what for counts, what in counted if counts == tier)
    return Screened(tier, SCORES[tier], tuple(matched))


def _around(read: list[tuple[Clause, list[Span]]]) -> Around:
    turns: dict[str, set[int]] = {"history": set(), "resolved": set(), "disputed": set()}
    for clause, spans in read:
        for span in spans:
            if span.kind in turns:
                turns[span.kind].add(clause.turn)
    return Around(
        frozenset(turns["history"]), max(turns["resolved"], default=-1), bool(turns["disputed"])
    )


def _judge(
    lexicon: Lexicon, clause: Clause, spans: list[Span], around: Around
) -> Iterator[tuple[Tier, str]]:
    harmless = [span for span in spans if span.kind == "harmless"]
    ended = clause.turn in around.past or clause.turn <= around.resolved
    over = [span for span in spans if span.kind == "resolved"]
    present = any(s.kind == "present" and not any(s.within(o) for o in over) for s in spans)
    for span in spans:
        words = " ".join(clause.words[max(span.start - 1, 0) : span.end - 1])
        if span.kind == "harmless" and span.name == "denied" and around.disputed:
            yield "low", f"a denial that is disputed: {words}"
        if span.kind not in DANGERS or any(span.within(other) for other in harmless):
            continue
        tier = _tier(span, spans)
        lowered = lexicon.denied(clause, span) or _asked(span, spans) or (ended and not present)
        counts = LOWERED[tier] if tier and lowered else tier
        if counts:
            yield counts, f"{span.name}: {words}"


def _tier(danger: Span, spans: list[Span]) -> Tier | None:
    if danger.kind == "harm":
        return HARM[danger.name][any(span.kind == "soon" for span in spans)]
    return "high" if danger.kind == "high" else "low"


def _asked(danger: Span, spans: list[Span]) -> bool:
    return any(
        s.kind == "question" and s.start <= danger.start and danger.start - s.end < QUESTION_REACH
        for s in spans
    )


def _clauses(text: str, lexicon: Lexicon) -> list[Clause]:
    clauses: list[Clause] = []
    sentence = turn = 0
    words: list[str] = []

    def close() -> None:
        if clauses and words and len(words) <= 2 and words[0] in BARE_NO:
            # "Imminent risk? No." is one statement.
            last = clauses.pop()
            clauses.append(Clause(last.sentence, last.turn, (*last.words, *words)))
        else:
            for start in range(0, max(len(words) - OVERLAP, min(len(words), 1)), STRETCH - OVERLAP):
                stretch = tuple(words[start : start + STRETCH])
                clauses.append(Clause(sentence, turn, stretch))
        words.clear()

    plain = _SILENT.sub("", unicodedata.normalize("NFKC", text)).lower()
    for token in _TOKEN.findall(plain):
        if token in ENDS:
            close()
            sentence, turn = sentence + 1, 0
        elif token in TURNS:
            close()
            turn += 1
        elif token[0].isalnum():
            words += lexicon.read(token)
        else:
            close()
    close()
    return clauses
