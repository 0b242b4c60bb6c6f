"""The web channel in Rasa's own app, on a real socket, before an agent that follows a script."""

import asyncio
import socket
import uuid
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.run import configure_app
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from bot.channels.web import WebChannel

SECRET = "only-for-these-tests-" * 2
Script = Callable[[UserMessage], Awaitable[list[dict]]]


class ScriptedAgent:
    """Keeps a tracker as Rasa's agent does; what it says is the test's `script`."""

    def __init__(self):
        self.tracker_store = InMemoryTrackerStore(Domain.empty())
        self.heard: list[UserMessage] = []
        self.script: Script = self._echo

    async def _echo(self, message):
        return [{"text": f"You said: {message.text}"}]

    async def handle_message(self, message):
        self.heard.append(message)
        data = message.parse_data or {
            "intent": {"name": None},
            "entities": [],
            "text": message.text,
        }
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(
            UserUttered(
                message.text,
                data["intent"],
                data["entities"],
                data,
                message_id=message.message_id,
                metadata=message.metadata,
            )
        )
        for said in await self.script(message):
            event = BotUttered(said.get("text"), {k: v for k, v in said.items() if k != "text"})
            tracker.update(event)
            await message.output_channel.send_response(message.sender_id, event.message())
        await self.tracker_store.save(tracker)


class Visitor:
    """One browser: its own cookies, its own messages."""

    def __init__(self, address):
        self.address = address
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def open(self):
        return await self.http.post(f"{self.address}/webhooks/web/session", json={})

    async def post(self, **message):
        message.setdefault("id", str(uuid.uuid4()))
        return await self.http.post(f"{self.address}/webhooks/web/message", json=message)

    async def say(self, text, **more):
        return await (await self.post(text=text, **more)).json()

    async def tap(self, token, **more):
        return await (await self.post(choice=token, **more)).json()

    async def raw(self, body, **headers):
        headers.setdefault("Content-Type", "application/json")
        url = f"{self.address}/webhooks/web/message"
        return await self.http.post(url, data=body, headers=headers)

    async def history(self):
        answer = await self.http.get(f"{self.address}/webhooks/web/history")
        return (await answer.json())["messages"]


@pytest.fixture
def agent():
    return ScriptedAgent()


@pytest.fixture
def channel():
    return WebChannel.from_credentials({"secret": SECRET})


@pytest.fixture
async def address(agent, channel):
    """The base address of a running server."""
    Sanic._app_registry.clear()
    app = configure_app([channel], enable_api=False, use_uvloop=False)
    app.config.TOUCHUP = False  # rewrites Sanic's own methods, once a process
    app.ctx.agent = agent
    listening = socket.create_server(("127.0.0.1", 0))  # Sanic takes port 0 for its usual 8000
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.server.close()
    for connection in list(server.connections):
        connection.close()
    await asyncio.sleep(0)


@pytest.fixture
async def visitors(address):
    """Makes visitors with an open session, and says goodbye to them."""
    present = []

    async def arrive():
        visitor = Visitor(address)
        present.append(visitor)
        await visitor.open()
        return visitor

    yield arrive
    for visitor in present:
        await visitor.http.close()


@pytest.fixture
async def alice(visitors):
    return await visitors()


@pytest.fixture
async def bob(visitors):
    return await visitors()
