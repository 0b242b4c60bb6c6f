"""The risk lexicon: plain statements of present danger, read with what is said around them.

The phrases are data (`lexicon.yml`). A phrase counts unless it is denied, long past, asked about
or over. It can only add to what the risk model finds, never take away.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.nlu.phrases import Clause, Lexicon, Span, load

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
class Around:
    """What one sentence says about the dangers in it.

    `past` holds the turns that tell of the past, `resolved` is the last turn that tells of an end
    ("... but was found safe", -1 for none).
    """

    past: frozenset[int]
    resolved: int


def matches(text: str) -> tuple[str, ...]:
    """What counts in a message, however long: "category: words", in the order it was written.

    Raises `LexiconError` if the lexicon cannot be read: the caller then shows the advice.
    """
    lexicon = load()
    clauses = _clauses(text, lexicon)
    sentences = {clause.sentence for clause in clauses if lexicon.suspects(clause)}
    found = [(c, lexicon.spans(c)) for c in clauses if c.sentence in sentences]
    counted: list[str] = []
    for _, sentence in groupby(found, key=lambda pair: pair[0].sentence):
        read = list(sentence)
        around = _around(read)
        for clause, spans in read:
            counted += _judge(lexicon, clause, spans, around)
    return tuple(dict.fromkeys(counted))


def _around(read: list[tuple[Clause, list[Span]]]) -> Around:
    turns: dict[str, set[int]] = {"history": set(), "resolved": set()}
    for clause, spans in read:
        for span in spans:
            if span.kind in turns:
                turns[span.kind].add(clause.turn)
    return Around(frozenset(turns["history"]), max(turns["resolved"], default=-1))


def _judge(lexicon: Lexicon, clause: Clause, spans: list[Span], around: Around) -> Iterator[str]:
    harmless = [span for span in spans if span.kind == "harmless"]
    ended = clause.turn in around.past or clause.turn <= around.resolved
    over = [span for span in spans if span.kind == "resolved"]
    present = any(s.kind == "present" and not any(s.within(o) for o in over) for s in spans)
    for span in spans:
        if span.kind != "danger" or any(span.within(other) for other in harmless):
            continue
        lowered = lexicon.denied(clause, span) or _asked(span, spans) or (ended and not present)
        if not lowered:
            yield f"{span.name}: {' '.join(clause.words[max(span.start - 1, 0) : span.end - 1])}"


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
