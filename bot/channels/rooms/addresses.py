"""The address that a group opens, and the picture of it that a phone can read."""

import socket
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import segno

from bot.settings import Settings
from bot.settings.values import is_this_machine

Network = Literal["this machine", "word", "open"]
_SOMEWHERE = ("192.0.2.1", 9)
"""An address of no machine (RFC 5737): asking the way there sends nothing."""


@dataclass(frozen=True)
class Invitation:
    """How others join a session.

    Attributes:
        page: The address to open, or None where no other machine can reach this one.
        link: The same with the code in it.
        picture: The link as a QR code, in SVG.
    """

    page: str | None
    link: str | None = None
    picture: str | None = None


def network(settings: Settings) -> Network:
    """Who can open a group session: this machine alone, whoever knows the word, or anyone."""
    if is_this_machine(settings.host) and settings.public_origin is None:
        return "this machine"
    return "open" if settings.facilitator_word is None else "word"


def invitation(settings: Settings, host: str, scheme: str, code: str) -> Invitation:
    """How others join the session with this code, seen from a request to `host`."""
    page = _address(settings, host, scheme)
    if page is None:
        return Invitation(None)
    link = f"{page}?join={code}"
    picture = segno.make(link, error="m", micro=False).svg_inline(omitsize=True, border=4)
    return Invitation(page, link, picture)


def _address(settings: Settings, host: str, scheme: str) -> str | None:
    if settings.public_origin is not None:
        return f"{settings.public_origin}/"
    if is_this_machine(settings.host):
        return None
    if not is_this_machine(urlsplit(f"//{host}").hostname or "localhost"):
        return f"{scheme}://{host}/"  # the facilitator got here by it, so others can
    own = own_address()
    return None if own is None else f"http://{own}:{settings.port}/"


def own_address() -> str | None:
    """This machine's address in its network; None where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_SOMEWHERE)
        except OSError:
            return None
        found: str = asking.getsockname()[0]
    return None if is_this_machine(found) else found
