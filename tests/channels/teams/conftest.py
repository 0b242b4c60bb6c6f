"""The Teams channel on a real socket, before keys and a Connector of our own on loopback."""

import asyncio
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from rasa.core.run import configure_app
from sanic import Sanic

sys.path.insert(0, str(Path(__file__).parent))

from loopback import APP, SECRET, TENANT, Anna, Bot, Microsoft, PlainCards, Token

from bot.channels.downloads import Sources
from bot.channels.teams.channel import TeamsChannel
from bot.channels.teams.posting.connector import Connector
from bot.channels.teams.posting.sending import Sending
from bot.records.database import open_database
from bot.settings import Settings


@pytest.fixture
async def microsoft():
    fake = Microsoft()
    app = web.Application()
    app.router.add_get("/keys", fake.keys)
    app.router.add_route("*", "/uk/v3/conversations/{conversation}/{rest:.*}", fake.connector)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


@pytest.fixture
def records_url(empty_records, tmp_path):
    path = tmp_path / "escalations.db"
    path.write_bytes(empty_records.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def settings(microsoft, tmp_path, records_url):
    return Settings.from_environment(
        {
            "ESCALATE_HOME": str(tmp_path),
            "ESCALATE_DATABASE_URL": records_url,
            "ESCALATE_PUBLIC_ORIGIN": "https://guide.example.org",
            "ESCALATE_TEAMS_APP_ID": APP,
            "ESCALATE_TEAMS_TENANT": TENANT,
            "ESCALATE_TEAMS_SECRET": "a-secret-of-the-bot",
            "ESCALATE_TEAMS_HOSTS": "127.0.0.1",
            "ESCALATE_TEAMS_KEYS": f"{microsoft.address}/keys",
        }
    )


@pytest.fixture
def serving(agent, settings, records_url):
    """Runs the channel; what it is given is as an earlier run left it."""

    @asynccontextmanager
    async def run(**changed):
        given = {
            "cards": PlainCards(),
            "post": lambda records: Sending(records, Connector(Token(), settings.teams_hosts)),
            "open_sources": lambda: Sources(None, open_database(records_url)),
        }
        channel = TeamsChannel(changed.pop("settings", settings), SECRET, **(given | changed))
        Sanic._app_registry.clear()
        app = configure_app([channel], enable_api=False, use_uvloop=False)
        app.config.TOUCHUP = False
        app.ctx.agent = agent
        listening = socket.create_server(("127.0.0.1", 0))
        server = await app.create_server(
            sock=listening, return_asyncio_server=True, access_log=False
        )
        await server.startup()
        await server.after_start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            yield Bot(address, channel)
        finally:
            await server.before_stop()
            server.server.close()
            for connection in list(server.connections):
                connection.close()
            await asyncio.sleep(0)

    return run


@pytest.fixture
async def bot(serving):
    async with serving() as running:
        yield running


@pytest.fixture
def anna(bot, microsoft):
    return Anna(bot, microsoft)
