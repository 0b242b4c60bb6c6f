"""Rasa's door for Microsoft Teams.

| route | does |
| --- | --- |
| POST /webhooks/teams/messages | takes one activity from the Bot Connector: 202 once it is kept |
| GET /webhooks/teams/files/TOKEN | a file of a case, for whoever has the link |
| GET /webhooks/teams/ | is the channel there? |

An activity is authenticated, held against the tenant and the hosts that are allowed, kept in the
inbox, and only then acknowledged. See worker.py for what happens to it.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels import page
from bot.channels.downloads import Sources, sources_of
from bot.channels.refusal import CALL_999, RefusedError
from bot.channels.rooms.sources import Rehearsals, no_rehearsals
from bot.channels.sealed import Sealer
from bot.channels.teams.arriving import activity as activities
from bot.channels.teams.arriving.activity import Activity, NotAllowedError, NotAnActivityError
from bot.channels.teams.arriving.door import Door
from bot.channels.teams.arriving.identity import TokenRefusedError, proof_of
from bot.channels.teams.arriving.keys import Keys, KeysUnavailableError
from bot.channels.teams.drawing.drawing import Drawing
from bot.channels.teams.files import Links
from bot.channels.teams.news import News, Rooms
from bot.channels.teams.posting.post import Post, Postman
from bot.channels.teams.posting.tokens import tokens_of
from bot.channels.teams.turn import Answering, Cards
from bot.channels.teams.worker import Worker
from bot.records import teams, teams_outbox
from bot.records.database import Database
from bot.records.errors import RecordsError
from bot.settings import Settings, SettingsError, session_secret

log = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
SECONDS_TO_START = 10.0
"""How long a message waits for a server that is still starting; Teams gives up after 15."""
CARD_TAKEN = {
    "statusCode": 200,
    "type": "application/vnd.microsoft.activity.message",
    "value": "Thank you. The answer follows.",
}


class NotOpenError(Exception):
    """The server is still starting, or has not started whole."""


class TeamsOutput(OutputChannel):
    """Writes to a person in Teams unasked: through the outbox, so that nothing is lost."""

    def __init__(self, working: Callable[[], "tuple[Worker, Answering]"]) -> None:
        """Keep what gives the running worker and what draws."""
        self._working = working

    @classmethod
    def name(cls) -> str:
        """The channel's name, as in the routes."""
        return "teams"

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Put plain words into the outbox; raises as `send_response`."""
        await self.send_response(recipient_id, {"text": text})

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Put one message into the outbox.

        Raises:
            NotOpenError: The server is still starting.
            NotFoundError: This person cannot be reached in Teams.
            RecordsError: It could not be kept.
        """
        worker, answering = self._working()
        reference = await worker.record(
            teams_outbox.put_message,
            person=recipient_id,
            activities=answering.drawn([message], recipient_id),
            now=datetime.now(UTC),
        )
        worker.wake(reference.conversation)


class TeamsChannel(InputChannel):
    """Takes what people write in their personal chat with the app, and answers there."""

    def __init__(
        self,
        settings: Settings,
        secret: str,
        *,
        cards: Cards | None = None,
        post: Callable[[Database], Post] | None = None,
        open_sources: Callable[[], Sources] | None = None,
        rooms: Rooms | None = None,
    ) -> None:
        """Keep what it needs; nothing of Microsoft is asked yet.

        Args:
            settings: Which bot, which tenant, which hosts.
            secret: Signs buttons and links.
            cards: Draws; ours unless told.
            post: Sends what the records hold to send; a postman of its own process unless told.
            open_sources: Opens the records and the policies; those of the settings unless told.
            rooms: Whose rehearsal has news; without them nobody hears any by themselves.

        Raises:
            SettingsError: Teams is not set up whole, or its certificate cannot be read.
        """
        settings.require_teams()
        self._settings, self._secret = settings, secret
        self._sealer = Sealer(secret)
        self._cards = cards or Drawing()
        self._keys = Keys(settings.teams_keys)
        self._post = post or (lambda _: Postman(settings))
        tokens_of(settings)  # a certificate that cannot be read is told before anybody writes
        self._open_sources = open_sources or (lambda: sources_of(settings))
        self._rooms = rooms
        self._working: tuple[Worker, Answering] | None = None
        self._news: News | None = None
        self._started = asyncio.Event()

    @classmethod
    def name(cls) -> str:
        """The name in the routes and in the tracker."""
        return "teams"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "TeamsChannel":
        """The channel of the environment's settings, for plain `rasa run`.

        Raises:
            RasaException: Something is written in credentials.yml, or a setting is wrong.
        """
        if credentials:
            raise RasaException(
                "credentials.yml, bot.channels.teams.channel.TeamsChannel: takes no keys. Set the "
                f"variables ESCALATE_TEAMS_... instead. Found {sorted(credentials)}."
            )
        try:
            settings = Settings.from_environment(os.environ)
            return cls(settings, session_secret(settings), rooms=Rehearsals())
        except SettingsError as error:
            raise RasaException(str(error)) from error

    def get_output_channel(self) -> OutputChannel:
        """What writes to a person unasked: Rasa's `trigger_intent` and reminders use it."""
        return TeamsOutput(self._running)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes, and the worker that starts and stops with the server."""
        routes = Blueprint("teams_channel", __name__)
        opened: list[Sources] = []
        links = Links(self._secret, self._settings.public_origin, lambda: opened[0])
        door = Door(lambda: opened[0].database)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/messages", stream=True)
        async def messages(request: Request) -> HTTPResponse:
            return await self._taken(request, door)

        @routes.get("/files/<token:str>")
        async def file(_: Request, token: str) -> HTTPResponse:
            try:
                return await asyncio.to_thread(links.answer, token)
            except RefusedError as refused:
                return response.text(f"{refused.words} {CALL_999}", refused.status)

        @routes.middleware("response")
        async def protect(_: Request, answer: BaseHTTPResponse) -> None:
            page.protect(answer)

        @routes.listener("after_server_start")
        async def start(app: Sanic, *_: Any) -> None:
            opened.append(await asyncio.to_thread(self._open_sources))
            count_news = no_rehearsals if self._rooms is None else self._rooms.news
            answering = Answering(
                app, self._cards, self._sealer, on_new_message, links.of, count_news
            )
            database = opened[0].database
            worker = Worker(database, self._post(database), answering, door)
            self._working = worker, answering
            await worker.start()
            if self._rooms is not None:
                self._news = News(self._rooms, worker)
                self._news.start()
            self._started.set()

        @routes.listener("before_server_stop")
        async def stop(*_: Any) -> None:
            if self._news is not None:
                await self._news.stop()
            if self._working is not None:
                await self._working[0].stop()
                await door.close()
                opened[0].database.close()
            await self._keys.close()

        return routes

    def _running(self) -> tuple[Worker, Answering]:
        if self._working is None:
            raise NotOpenError("Microsoft Teams is not open yet: the server is still starting.")
        return self._working

    async def _taken(self, request: Request, door: Door) -> HTTPResponse:
        try:
            found = await self._authenticated(request)
            found.require_allowed(
                tenant=str(self._settings.teams_tenant), hosts=self._settings.teams_hosts
            )
            with door.opened():
                return await self._kept(found, door)
        except TokenRefusedError as error:
            return _refused(401, error)
        except NotAllowedError as error:
            return _refused(403, error)
        except NotAnActivityError as error:
            return _refused(400, error)
        except RefusedError as error:
            return _refused(error.status, error)
        except (KeysUnavailableError, RecordsError, NotOpenError) as error:
            # Teams sends it again
            log.error("teams.not_taken cause=%s", error or type(error).__name__)
            return response.json({}, 503)

    async def _authenticated(self, request: Request) -> Activity:
        header = request.headers.get("Authorization")
        proof = await proof_of(header, self._keys, str(self._settings.teams_app_id))
        found = activities.read(await _body(request))
        proof.require(service_url=found.service_url, channel=found.channel)
        return found

    async def _kept(self, found: Activity, door: Door) -> HTTPResponse:
        meaning = found.meaning()
        if meaning == "not_ours":
            return response.empty(501)
        if meaning == "other":
            return response.empty(202)
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_START):
                await self._started.wait()
        worker, _ = self._running()
        person = found.person(str(self._settings.teams_tenant))
        now = datetime.now(UTC)
        if meaning == "uninstalled":
            await worker.record(teams.forget, person=person, now=now)
            return response.empty(202)
        await door.take(found.arrived(meaning, person), now=now)
        worker.wake(found.conversation)
        return response.json(CARD_TAKEN) if found.type == "invoke" else response.empty(202)


def _refused(status: int, error: Exception) -> HTTPResponse:
    log.warning("teams.refused status=%s cause=%s", status, error)
    return response.json({}, status)


async def _body(request: Request) -> bytes:
    body = b""
    while (part := await request.stream.read()) is not None:
        body += part
        if len(body) > MOST_BYTES:
            raise RefusedError(413, "too long")
    return body
