"""The chat window's channel: Rasa's door for the page in web/, and the only open one.

credentials.yml:

    bot.channels.web.WebChannel:
      secret: ${WEB_SECRET}               # at least 32 random characters, kept over restarts
      public_origin: https://guide.example.org   # optional: the address behind a TLS proxy

| route | does |
| --- | --- |
| GET / | the page |
| GET /privacy | the privacy notice and the terms of use |
| POST /webhooks/web/session | opens or renews this device's conversation (cookie) |
| GET /webhooks/web/history | the conversation so far |
| POST /webhooks/web/message | one message in, the replies out |
| GET /webhooks/web/news | how much a facilitator did in a rehearsal meanwhile |
| GET /webhooks/web/files/TOKEN | a file of a case, made at that moment |
| GET /webhooks/web/assets/NAME | the page's script and styles |
| GET /webhooks/web/ | is the channel there? |
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.exceptions import NotFound, SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels import page, received, shown
from bot.channels.answering import Answering, Reply, stored_events
from bot.channels.downloads import NOT_OPEN, Downloads, Sources, sources_of_environment
from bot.channels.refusal import RefusedError
from bot.channels.rooms.sources import Rehearsals, no_rehearsals
from bot.channels.sealed import Sealer
from bot.channels.session import Sessions
from bot.channels.turns import Turns

log = logging.getLogger(__name__)

SECONDS_TO_FINISH = 10.0
OUT_OF_ORDER = (
    "Something went wrong, so your message was not taken. Try again in a minute, or speak to your "
    "designated safeguarding lead. If someone is in immediate danger, call 999 now."
)


class WebChannel(InputChannel):
    """Takes messages from the page and answers each of them, always with words."""

    def __init__(
        self,
        secret: str,
        public_origin: str | None = None,
        open_sources: Callable[[], Sources] = sources_of_environment,
        count_news: Callable[[str], int] = no_rehearsals,
    ) -> None:
        """Keep what signs.

        Args:
            secret: Signs sessions, buttons and links.
            public_origin: The address people see behind a TLS proxy.
            open_sources: Opens what the files of cases are made from, at the first download.
            count_news: How much a facilitator did in a sender's rehearsal meanwhile.

        Raises:
            ValueError: The secret is too short, or the origin is none.
        """
        self._sealer = Sealer(secret)
        self._downloads = Downloads(self._sealer, open_sources)
        self._sessions = Sessions(secret, public_origin)
        self._count_news = count_news
        self._turns = Turns()

    @classmethod
    def name(cls) -> str:
        """The name in the routes and in the tracker."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WebChannel":
        """The channel that credentials.yml describes.

        Raises:
            RasaException: A key is missing, unknown or unfit; says which and what to do.
        """
        found = dict(credentials or {})
        unknown = found.keys() - {"secret", "public_origin"}
        if unknown or not isinstance(found.get("secret"), str):
            raise RasaException(
                "credentials.yml, bot.channels.web.WebChannel: needs 'secret' (32 or more random "
                "characters) and may have 'public_origin' (such as https://guide.example.org). "
                f"Found {sorted(found)}."
            )
        try:
            news = Rehearsals().news
            return cls(found["secret"], found.get("public_origin"), count_news=news)
        except ValueError as error:
            raise RasaException(f"credentials.yml, bot.channels.web.WebChannel: {error}") from error

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; registering it also puts the page at `/`.

        Raises:
            PageNotBuiltError: web/dist is not complete.
        """
        routes = page.RootedBlueprint("web_channel", __name__)
        assets = page.built_assets()
        answering = Answering(self._sealer, on_new_message)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.get("/assets/<name:str>")
        async def asset(request: Request, name: str) -> HTTPResponse:
            if name not in assets:
                raise RefusedError(404, "There is no such file.")
            return assets[name].response(request)

        @routes.post("/session")
        async def session(request: Request) -> HTTPResponse:
            self._sessions.require_same_origin(request)
            opened = response.json({"status": "ok"})
            self._sessions.renew(request, opened)
            return opened

        @routes.get("/history")
        async def history(request: Request) -> HTTPResponse:
            sender = self._sessions.sender(request)
            events = await stored_events(request.app, sender)
            return response.json({"messages": shown.history(events, self._sealer, sender)})

        @routes.post("/message", stream=True)
        async def message(request: Request) -> HTTPResponse:
            self._sessions.require_same_origin(request)
            sender = self._sessions.sender(request)
            taken = await received.read(request)

            async def turn() -> Reply:
                urgent = taken.kind is received.Kind.RISK
                async with self._turns.of(sender, urgent=urgent) as place:
                    return await answering.answer(request.app, place, sender, taken)

            return response.json((await self._turns.finish(turn)).as_json())

        @routes.get("/news")
        async def news(request: Request) -> HTTPResponse:
            sender = self._sessions.sender(request)
            return response.json({"news": await asyncio.to_thread(self._count_news, sender)})

        @routes.get("/files/<token:str>")
        async def file(request: Request, token: str) -> HTTPResponse:
            try:
                sender = self._sessions.sender(request)
            except RefusedError:
                return page.trouble(RefusedError(401, NOT_OPEN))
            try:
                return await asyncio.to_thread(self._downloads.answer, token, sender)
            except RefusedError as refused:
                return page.trouble(refused)

        @routes.exception(RefusedError)
        async def refused(_: Request, error: RefusedError) -> HTTPResponse:
            return response.json({"error": error.words}, status=error.status)

        @routes.exception(Exception)
        async def failed(_: Request, error: Exception) -> HTTPResponse:
            if isinstance(error, SanicException) and not isinstance(error, NotFound):
                return response.json({"error": received.NOT_READABLE}, status=error.status_code)
            log.error("The web channel failed.", exc_info=error)
            return response.json({"error": OUT_OF_ORDER}, status=503)

        @routes.middleware("response")
        async def protect(_: Request, answer: BaseHTTPResponse) -> None:
            page.protect(answer)

        @routes.listener("before_server_stop")
        async def drain(*_: Any) -> None:
            await self._turns.drain(SECONDS_TO_FINISH)
            self._downloads.close()

        return routes
