"""What a browser sent, read with suspicion and turned into one clean message."""

import json
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sanic.request import Request

from bot.channels.refusal import CALL_999, RefusedError

MOST_BYTES = 16 * 1024
MOST_CHARACTERS = 4_000

TOO_LONG = (
    f"Your message is too long. Send {MOST_CHARACTERS:,} characters or fewer at a time. "
    f"Nothing was lost: your answers so far are kept. {CALL_999}"
)
NOT_READABLE = "The message could not be read, so it was not taken. Send it again from the page."
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Kind(Enum):
    """What a person, or the page itself, can do; the value is the key in the request."""

    TEXT = "text"
    TAP = "choice"
    RISK = "risk"
    BEGIN = "begin"
    START_AGAIN = "start_again"
    NEWS = "news"


@dataclass(frozen=True)
class Received:
    """One message from the page.

    Attributes:
        id: The page's own id of this message, the same when it is sent again.
        kind: What was done.
        content: The typed words, cleaned, or the token of a button; empty for the rest.
    """

    id: str
    kind: Kind
    content: str = ""


async def read(request: Request) -> Received:
    """Read and check one message from a streaming request.

    Raises:
        RefusedError: 413 when it is too long, 400 when it is not a message of ours.
    """
    return parse(await body(request))


async def body(request: Request) -> bytes:
    """The whole body of a streaming request.

    Raises:
        RefusedError: 413 when it is too long; the rest of it is not read.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MOST_BYTES:
        raise RefusedError(413, TOO_LONG)
    body = b""
    while (part := await request.stream.read()) is not None:
        body += part
        if len(body) > MOST_BYTES:
            raise RefusedError(413, TOO_LONG)
    return body


def parse(body: bytes) -> Received:
    """The message in a request's body: `{"id": UUID, KIND: ...}` with exactly one kind.

    Raises:
        RefusedError: 413 when the words are too many, 400 for all else that is wrong.
    """
    try:
        message = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, NOT_READABLE) from error
    if not isinstance(message, dict):
        raise RefusedError(400, NOT_READABLE)
    message_id = message.pop("id", None)
    kinds = [kind for kind in Kind if kind.value in message]
    if not _is_id(message_id) or len(kinds) != 1 or len(message) != 1:
        raise RefusedError(400, NOT_READABLE)
    kind = kinds[0]
    value = message[kind.value]
    if kind in {Kind.TEXT, Kind.TAP}:
        if not isinstance(value, str):
            raise RefusedError(400, NOT_READABLE)
        if kind is Kind.TAP:
            return Received(message_id, kind, value)
        if len(value) > MOST_CHARACTERS:
            raise RefusedError(413, TOO_LONG)
        return Received(message_id, kind, clean(value))
    if value is not True:
        raise RefusedError(400, NOT_READABLE)
    return Received(message_id, kind)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def clean(words: str) -> str:
    """Typed words without what nobody typed: control characters go, broken ones are marked."""
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = []
    for character in words:
        category = unicodedata.category(character)
        if category == "Cs":  # half of a surrogate pair cannot be stored as UTF-8
            kept.append("\N{REPLACEMENT CHARACTER}")
        elif category != "Cc" or character in "\n\t":
            kept.append(character)
    return "".join(kept).strip()


def has_words(words: str) -> bool:
    """Whether there is anything to see; an emoji counts, a space of no width does not."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in words)


def as_plain_words(words: str) -> str:
    """Typed words that Rasa cannot take for a command.

    Rasa 3.6 reads any message that begins with a slash as `/intent{"entity": ...}`
    (`RegexMessageHandler`, in every pipeline), `/restart` and `/session_start` among them.
    """
    while words.startswith("/"):
        words = words.lstrip("/").strip()
    return words
