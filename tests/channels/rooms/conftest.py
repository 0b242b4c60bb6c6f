"""The facilitator's pages on a real socket, over a database of rehearsals of their own."""

import asyncio
import re
import socket
from html import unescape
from urllib.parse import urljoin

import aiohttp
import pytest
from rasa.core.channels.channel import register
from sanic import Sanic

from bot.channels.rooms.channel import RoomsChannel
from bot.channels.rooms.sources import Rehearsals, Sources
from bot.policy.library import load_library
from bot.rehearsal.load import load
from bot.rehearsal.shelf import Shelf
from bot.rehearsal.state import Entry
from bot.rooms.rooms import open_rooms
from bot.settings import Settings

SECRET = "only-for-these-tests-" * 2
SCENARIO = "jersey_before_christmas"


class Facilitator:
    """One browser that follows forms and links as people do."""

    def __init__(self, address):
        self.address = address
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.at = ""
        self.page = ""
        self.status = 0
        self.headers = {}

    async def get(self, path):
        """Open a page; `path` is relative to the page that is open."""
        await self._took(await self.http.get(urljoin(self.at or f"{self.address}/", path)))
        return self

    async def send(self, path, origin=None, **fields):
        """Send a form from the page that is open."""
        headers = {"Origin": self.address if origin is None else origin}
        url = urljoin(self.at or f"{self.address}/", path)
        await self._took(await self.http.post(url, data=fields, headers=headers))
        return self

    async def confirm(self):
        """Say yes on the page that asks."""
        action = re.search(r'<form action="([^"]+)"', self.page)[1]
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', self.page)
        fields = {name: unescape(value) for name, value in hidden}
        return await self.send(unescape(action), **fields, confirmed="yes")

    async def order(self, kind, what="", **more):
        """One of the forms of the session's page, with a mark of its own unless it has one."""
        more.setdefault("once", f"{kind}-{what}-{id(object())}-{len(self.page)}")
        return await self.send(f"{self.session}/act", kind=kind, what=what, **more)

    async def open(self, scenario=SCENARIO, **fields):
        """Open a session and go to its page."""
        await self.send("/rehearsals", scenario=scenario, **fields)
        if self.status == 200:
            self.room = re.search(r"lead/([^/?]+)/opened", self.at)[1]
            self.link = unescape(re.search(r'readonly value="([^"]+)"', self.page)[1])
            await self.get(self.session)
        return self

    @property
    def session(self):
        return f"{self.address}/rehearsals/lead/{self.room}"

    @property
    def code(self):
        return re.search(r'app-join__code">([^<]+)<', self.page)[1]

    @property
    def words(self):
        """The page as it reads."""
        text = re.sub(r"<(script|style|svg).*?</\1>", " ", self.page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))

    async def _took(self, answer):
        self.at, self.status, self.headers = str(answer.url), answer.status, answer.headers
        self.body = await answer.read()
        textual = answer.content_type in {"text/html", "text/csv"}
        self.page = self.body.decode() if textual else ""


@pytest.fixture
def environment(tmp_path):
    """The variables of this server; a test may add some."""
    return {"ESCALATE_HOME": str(tmp_path)}


@pytest.fixture
def settings(environment):
    return Settings.from_environment(environment)


@pytest.fixture(scope="module")
def library():
    return load_library(Settings.from_environment({}).policies_dir)


@pytest.fixture(scope="module")
def shelf(library):
    world = load(Settings.from_environment({}).rehearsals_dir / f"{SCENARIO}.yml", library)
    return Shelf({SCENARIO: world})


@pytest.fixture
def sources(settings, library, shelf):
    with open_rooms(settings.rooms_url) as rooms:
        yield Sources(library, shelf, rooms)


@pytest.fixture
def open_sources(sources):
    """What opens the sources; a test may let it fail."""
    return lambda: sources


@pytest.fixture
async def address(settings, open_sources):
    Sanic._app_registry.clear()
    app = Sanic("rooms", configure_logging=False)
    app.config.TOUCHUP = False
    channel = RoomsChannel(settings, SECRET, Rehearsals(open_sources))
    register([channel], app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    yield f"http://127.0.0.1:{server.server.sockets[0].getsockname()[1]}"
    server.server.close()
    for connection in list(server.connections):
        connection.close()
    await asyncio.sleep(0)


@pytest.fixture
async def arrive(address):
    """Makes facilitators, each with a browser of its own."""
    present = []

    def make():
        present.append(Facilitator(address))
        return present[-1]

    yield make
    for each in present:
        await each.http.close()


@pytest.fixture
async def ann(arrive):
    return arrive()


@pytest.fixture
def join(sources):
    """Somebody joins by a code, and does things."""

    def come(code, holder, *done):
        rooms, now, library = sources.rooms, sources.now(), sources.library
        place = rooms.join(code=code, holder=holder, now=now, library=library)
        for n, (kind, what) in enumerate(done):
            rooms.act(
                place_id=place.id, holder=holder, entry=Entry(kind, what),
                message_id=f"{holder}-{n}", now=sources.now(), library=library,
            )  # fmt: skip
        return place

    return come
