"""What rooms, places and people are known by: codes, aliases, keys, and hashes for people."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection

from bot.databases.checks import check_text

LETTERS = "CDFGHJKMNPRTVWXY"
"""No vowels, so that no code is a word; none that is read or heard as a digit or as another."""
DIGITS = "23456789"
CODE = re.compile(f"([{LETTERS}]{{3}})([{DIGITS}]{{3}})")
ALIASES = (
    "Alder", "Avocet", "Beech", "Birch", "Blackbird", "Blackthorn", "Bullfinch", "Buzzard",
    "Cedar", "Chaffinch", "Chestnut", "Cormorant", "Crane", "Curlew", "Cypress", "Dipper",
    "Dunlin", "Dunnock", "Elm", "Fieldfare", "Fir", "Gannet", "Goldcrest", "Goldfinch",
    "Goshawk", "Greenfinch", "Hawthorn", "Heron", "Hornbeam", "Jackdaw", "Kestrel", "Kingfisher",
    "Kittiwake", "Lapwing", "Larch", "Lime", "Linnet", "Magpie", "Maple", "Nuthatch",
    "Oak", "Osprey", "Pine", "Plover", "Plum", "Poplar", "Puffin", "Redstart",
    "Redwing", "Sandpiper", "Siskin", "Skylark", "Spruce", "Starling", "Stonechat", "Sycamore",
    "Walnut", "Waxwing", "Yellowhammer", "Yew",
)  # fmt: skip
"""Trees and birds; none that is also a common name of a person."""


def new_code() -> str:
    """A code such as KRT-482, to be read from a wall and said aloud."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(3))
    return f"{letters}-{''.join(secrets.choice(DIGITS) for _ in range(3))}"


def code_in(words: str) -> str | None:
    """The code in what somebody typed, whatever its case, spaces and dashes; none if it is none."""
    found = CODE.fullmatch(re.sub(r"[\W_]", "", words).upper())
    return f"{found[1]}-{found[2]}" if found else None


def free_alias(taken: Collection[str]) -> str:
    """An alias that is not taken: of the list while there are any, then with a number after it."""
    names: tuple[str, ...] = ALIASES
    turn = 1
    while not (free := [name for name in names if name not in taken]):
        turn += 1
        names = tuple(f"{name} {turn}" for name in ALIASES)
    return secrets.choice(free)


def new_key() -> str:
    """A facilitator's key, for a link."""
    return secrets.token_urlsafe(24)


def hashed(secret: str) -> str:
    """What is kept of a key or of a conversation's id.

    Raises:
        UnstorableError: it has a NUL or half of a character.
    """
    check_text("A key or the id of a conversation", secret)
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(secret: str, kept: str) -> bool:
    """Whether a secret is the one of which this hash is kept."""
    return hmac.compare_digest(hashed(secret), kept)
