"""Which files of a case a message asks for: "dates to calendar", "pack for esc 2", "esc 6 as Word".

The words have been understood as a wish for a file already. Where they do not say which, none is
guessed: the result is empty, and all files are to be offered.
"""

import re
from typing import Literal

from bot.escalation.said import plainly

Kind = Literal["calendar", "form", "record", "pack", "summary"]
KINDS: tuple[Kind, ...] = ("calendar", "form", "record", "pack", "summary")

_SYSTEMS = (
    "cpoms|mosaic|liquid ?logic|rio|system ?one|systmone|emis|bromcom|seemis|arbor|my ?concern|"
    "care ?first|eclipse|charms"
)
_NAMED: dict[Kind, re.Pattern[str]] = {
    "calendar": re.compile(
        r"\b(?:cal[ae]nd[ae]rs?|diary|ics|ical|outlook|invites?)\b"
        r"|\b(?:dates?|deadlines?)\b.*\b(?:phone|mobile|notes)\b"
    ),
    "form": re.compile(r"\b(?<!in a )(?:forms?|templates?|pro ?forma)\b(?! (?:of|that|which)\b)"),
    "pack": re.compile(
        r"\b(?:agendas?|packs?|minutes|what i need to bring)\b"
        r"|\bmeeting (?:notes|papers|documents|sheet)\b"
        r"|\b(?:documents|print|take|bring) (?:\w+ )*?(?:for|to|in with me to|with me to) "
        r"the (?:\w+ ){0,2}meeting\b"
    ),
    "summary": re.compile(
        r"\b(?:summar(?:y|ies|ise|ize)|past(?:e|ed|eable|able|ing)|plain text|case note|"
        rf"{_SYSTEMS})\b"
    ),
    "record": re.compile(
        r"\b(?<!childs )(?<!patient )(?:record|records|full papers|chronology|timeline)\b"
    ),
}
_GENERIC = re.compile(r"\b(?:word|docx|write up|written up|whole (?:thing|copy|escalation))\b")
_DATES = re.compile(r"\b(?:dates|deadlines)\b")
_WHERE_IT_GOES = re.compile(r"\b(?:for|to|in|into|onto|on) (?:the|my|our|his|her|their) records?\b")
_ALL = re.compile(
    r"\b(?:everything|all (?:of )?(?:the |my |your )?(?:files|documents|docs|downloads))\b"
    r"|\b(?:what|which)\b.*\b(?:files?|documents?|downloads?|download)\b"
)
_PDF = re.compile(r"\bpdfs?\b")


def documents_asked(text: str) -> tuple[Kind, ...]:
    """The kinds of file that a text asks for, each once; none where it does not say which."""
    plain = plainly(text)
    if _ALL.search(plain):
        return ()
    found = {kind for kind, words in _NAMED.items() if words.search(plain)}
    if found - {"record"} and not _NAMED["record"].search(_WHERE_IT_GOES.sub(" ", plain)):
        found -= {"record"}  # "a summary for the record" asks for the summary
    if found:
        return tuple(kind for kind in KINDS if kind in found)
    if _GENERIC.search(plain):
        return ("record",)
    return ("calendar",) if _DATES.search(plain) else ()


def wants_pdf(text: str) -> bool:
    """Whether a text asks for a PDF, which is not made here."""
    return bool(_PDF.search(plainly(text)))
