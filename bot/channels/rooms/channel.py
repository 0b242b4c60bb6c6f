"""The facilitator's channel: what a group rehearsal is opened with, led by, and what it came to.

| route | does |
| --- | --- |
| GET /rehearsals | the scenarios, and the ways in |
| POST /rehearsals | opens a session to lead |
| GET /rehearsals/lead/ROOM | the session; with `?key=`, takes the link that was kept |
| GET /rehearsals/lead/ROOM/opened | the link to keep |
| GET /rehearsals/lead/ROOM/live | the table alone, fetched every two seconds |
| GET /rehearsals/lead/ROOM/place/PLACE | one place, with what happened in it |
| POST /rehearsals/lead/ROOM/act | one thing for everyone, or for one place |
| GET /rehearsals/lead/ROOM/debrief | the group's debrief |
| GET /rehearsals/lead/ROOM/files/NAME | its files |
| POST /rehearsals/lead/ROOM/keep, delete | how long it is kept |

Nobody signs in here: a session belongs to whoever holds its key.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels.origin import OwnOrigin
from bot.channels.refusal import CALL_999, RefusedError
from bot.channels.rooms import pages
from bot.channels.rooms.desk import Desk
from bot.channels.rooms.entrance import Entrance
from bot.channels.rooms.keys import LeadKeys
from bot.channels.rooms.leading import Leading
from bot.channels.rooms.sources import Rehearsals
from bot.policy.problems import RefusedFileError
from bot.settings import Settings

log = logging.getLogger(__name__)

AT = "/rehearsals"
OUT_OF_ORDER = (
    "Something went wrong, so this was not done. What the group has done so far is kept. "
    f"Try again in a minute. {CALL_999}"
)
UNFIT = (
    "The scenarios cannot be read, because one of the files has a mistake. Ask your administrator "
    "to run “uv run escalate rehearsals check”: it says which, and what to do."
)
NOT_READABLE = "What the page sent could not be read. Go back and try again."


class RoomsChannel(InputChannel):
    """Serves the facilitator's pages; it takes no messages."""

    def __init__(self, settings: Settings, secret: str, rehearsals: Rehearsals) -> None:
        """Keep what the pages need.

        Args:
            settings: Who can reach this server, and the word that opens sessions.
            secret: Signs the cookie that holds the key of a session.
            rehearsals: Policies, scenarios and rooms.

        Raises:
            ValueError: The public origin is none.
        """
        desk, own = Desk(rehearsals), OwnOrigin(settings.public_origin)
        keys = LeadKeys(secret)
        self._entrance = Entrance(settings, desk, own, keys)
        self._leading = Leading(settings, desk, own, keys)
        self._rehearsals = rehearsals

    @classmethod
    def name(cls) -> str:
        """The name in the routes."""
        return "rehearsals"

    def blueprint(self, _: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes, at `/rehearsals`."""
        routes = _AtItsOwnAddress("rooms_channel", __name__)
        self._entrance.add_to(routes)
        self._leading.add_to(routes)

        @routes.exception(RefusedError)
        async def refused(request: Request, error: RefusedError) -> HTTPResponse:
            return pages.trouble(request, error, _back(request))

        @routes.exception(Exception)
        async def failed(request: Request, error: Exception) -> HTTPResponse:
            if isinstance(error, SanicException):
                refused = RefusedError(error.status_code, NOT_READABLE)
                return pages.trouble(request, refused, _back(request))
            log.error("The facilitator's pages failed.", exc_info=error)
            words = UNFIT if isinstance(error, RefusedFileError) else OUT_OF_ORDER
            return pages.trouble(request, RefusedError(503, words), _back(request))

        @routes.middleware("response")
        async def protect(_: Request, answer: BaseHTTPResponse) -> None:
            pages.protect(answer)

        @routes.listener("before_server_stop")
        async def close(*_: Any) -> None:
            self._rehearsals.close()

        return routes


class _AtItsOwnAddress(Blueprint):
    """A blueprint at `/rehearsals`; Rasa would hang it under `/webhooks/`."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Register the routes."""
        super().register(app, {**options, "url_prefix": AT})


def _back(request: Request) -> str:
    """Where a page that was refused leads back to."""
    room = request.match_info.get("room")
    return AT[1:] if room is None else f"{AT[1:]}/lead/{room}"
