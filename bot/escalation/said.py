"""Words as people type them, before they are held against a question's answers."""

import re

YES = {
    "yes", "y", "yeah", "yeh", "yh", "yep", "yup", "aye", "correct", "that is right", "ok", "okay",
    "sure",
}  # fmt: skip
SURELY_YES = {"yes", "y", "yeah", "yeh", "yh", "yep", "yup"}
NO = {"no", "n", "nope", "nah", "not at all", "no one", "nobody", "noone", "no1"}
UNSURE = {
    "not sure", "i am not sure", "im not sure", "unsure", "dont know", "i dont know",
    "i do not know", "do not know", "maybe", "possibly", "perhaps", "i think so", "might be",
    "no idea", "not known", "unknown", "could be",
}  # fmt: skip
UNSURE_SAID = re.compile(
    r"\b(?:not (?:really |quite |too )?sure|unsure|dunno|no idea|"
    r"(?:do not|dont) (?:really )?know)\b"
)
NOBODY_AT_RISK = re.compile(
    r"^(?:no )?(?:nobody|no ?one|no1|none|no child|no adult)\b.*\b(?:risk|danger)\b"
)
DONE_SAID = re.compile(
    r"\b(?:done|called|rang|rung|phoned|telephoned|told|reported|informed|sorted|spoke|spoken|"
    r"on (?:the|their|its) way)\b"
)
CONTRACTED = "(?:do|does|did|is|are|was|were|has|have|had|ca|wo|would|could|should|need)nt"
NEGATION = re.compile(rf"\b(?:not|no|nor|never|cannot|without|{CONTRACTED})\b")
NOT_YET_SAID = re.compile(
    rf"\b(?:not|{CONTRACTED}) (?:\w+ ){{0,2}}yet\b|\b(?:not|hasnt) happened\b"
)
UNDONE_SAID = re.compile(r"\b(?:yet|will|going to|about to|should|must)\b")
COUNTED = ("stage", "step", "level", "number")
NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
SENTENCE = 160


def plainly(text: str) -> str:
    """Small letters, no punctuation, single spaces, and "stage two" as "stage 2"."""
    words = re.sub(r"[^\w\s]", " ", text.casefold().replace("'", "").replace("’", "")).split()
    if len(words) == 1:
        return NUMBERS.get(words[0], words[0])
    counted = [
        NUMBERS.get(word, word) if before in COUNTED else word
        for before, word in zip(["", *words], words, strict=False)
    ]
    return " ".join(counted)


def same_sense(plain: str, label: str) -> bool:
    """Whether both say "not", or neither: "we have met" is not "we have not met"."""
    return bool(NEGATION.search(plain)) == bool(NEGATION.search(label))


def yes_or_no(plain: str) -> str | None:
    """Yes, no or not sure, where a short sentence is it, begins with it or says it."""
    for words, value in ((YES, "yes"), (NO, "no"), (UNSURE, "not_sure")):
        if plain in words:
            return value
    if not plain or len(plain) > SENTENCE:
        return None
    if UNSURE_SAID.search(plain):
        return "not_sure"
    first = plain.split(maxsplit=1)[0]
    if first in SURELY_YES:
        return "yes"
    return "no" if first in NO else None


def was_done(plain: str) -> str | None:
    """What is said to "have you done this?": the police on their way means yes, "ok" does not."""
    if NOBODY_AT_RISK.search(plain):
        return "not_needed"
    if len(plain) > SENTENCE:
        return None
    undone = bool(NEGATION.search(plain)) or bool(UNDONE_SAID.search(plain))
    if DONE_SAID.search(plain):
        return "no" if undone else "yes"
    first = plain.split(maxsplit=1)[0] if plain else ""
    if first in SURELY_YES and not undone:
        return "yes"
    return "no" if first in NO or plain == "not yet" else None
