"""Words on their way to Teams: what anybody wrote stays words, and never becomes markup.

Teams reads Markdown in a TextBlock and in a plain message. Words of a practitioner must not make a
link, a mention or a heading there, so they are drawn as runs of text (RichTextBlock), which Teams
takes as they are. Of Markdown our own words use **bold** alone; it becomes the weight of a run.
Only what has to be a TextBlock (a heading) is escaped.
"""

import re
from typing import NamedTuple

from bot.channels.received import clean

LONGEST_PIECE = 1_500
"""Characters in one block: two copies of it and a dozen of them still fit where they must."""
MOST_RUNS = 40
_BOLD = re.compile(r"\*\*(?=[^\s*])(.+?)(?<=[^\s*])\*\*")
_MARKUP = re.compile(r"([\\`*_\[\]<>~&])")
_AT_THE_BEGINNING = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([-+#=.)])", re.MULTILINE)


class Run(NamedTuple):
    """Words of one weight."""

    text: str
    bold: bool = False


Line = tuple[Run, ...]


def lines(text: str) -> list[Line]:
    """The lines of a text that have words, the long ones in pieces."""
    return [
        piece
        for line in clean(text).split("\n")
        if line.strip()
        for piece in _pieces_of(runs(line))
    ]


def runs(line: str) -> Line:
    """One line by weight: every other stretch stood between two pairs of stars."""
    parts = _BOLD.split(line)
    return tuple(Run(part, bold=bool(n % 2)) for n, part in enumerate(parts) if part)


def plain(text: str) -> str:
    """A text where there is no weight."""
    return _BOLD.sub(r"\1", clean(text))


def said(line: Line) -> str:
    """The words of a line."""
    return "".join(run.text for run in line)


def escaped(text: str) -> str:
    """Words for a field that Teams reads as Markdown."""
    return _AT_THE_BEGINNING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text))


def shortened(text: str, most: int) -> str:
    """The beginning of a text in one line, where the whole of it stands elsewhere."""
    text = " ".join(plain(text).split())
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0].rstrip()}…"


def pieces(text: str, most: int) -> list[str]:
    """A text in parts of at most so many characters, which together are the text.

    It is parted between paragraphs, else between lines, else between words. Only a word that is
    longer than a part is broken.
    """
    parts = []
    while len(text) > most:
        cut = most
        for gap, least in (("\n\n", most // 2), ("\n", most // 2), (" ", 0)):
            at = text.rfind(gap, least, most)
            if at != -1:
                cut = at + len(gap)
                break
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def _pieces_of(line: Line) -> list[Line]:
    done: list[Line] = []
    now: list[Run] = []
    for run in line:
        for text in pieces(run.text, LONGEST_PIECE):
            longer = sum(len(each.text) for each in now) + len(text) > LONGEST_PIECE
            if now and (longer or len(now) == MOST_RUNS):
                done.append(tuple(now))
                now = []
            now.append(run._replace(text=text))
    return [*done, tuple(now)]
