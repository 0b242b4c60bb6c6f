"""Microsoft on loopback: login and Connector on one http and one https address, in a thread."""

import asyncio
import threading
from pathlib import Path
from weakref import WeakSet

from aiohttp import web
from aiohttp.typedefs import Handler
from fake_connector import FakeConnector
from fake_login import FakeLogin, Registration
from fake_tls import loopback_certificate
from running_guide import free_port

REGION = "/emea/"


class FakeMicrosoft:
    """Started and stopped as often as a test likes, always on the same two ports.

    Attributes:
        login: Tokens, keys, and their knobs.
        connector: What bots sent, and its knobs.
        trusted: The file with the certificate to trust.
    """

    def __init__(self, folder: Path, bot: Registration | None = None) -> None:
        self.bot = bot or Registration()
        self.login = FakeLogin(self.bot)
        self.connector = FakeConnector(f"28:{self.bot.app_id}", self.login.may_call)
        self.port, self.tls_port = free_port(), free_port()
        self.trusted, self._tls = loopback_certificate(folder)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._transports: WeakSet[asyncio.Transport] = WeakSet()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_address(self) -> str:
        return f"https://127.0.0.1:{self.tls_port}"

    @property
    def service_url(self) -> str:
        """Where the bot is told to answer."""
        return f"{self.address}{REGION}"

    @property
    def authority(self) -> str:
        """Where MSAL gets the bot's tokens; https, because MSAL takes nothing else."""
        return f"{self.tls_address}/{self.bot.tenant}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes another process trust the certificate, whichever client it uses."""
        return {"SSL_CERT_FILE": str(self.trusted), "REQUESTS_CA_BUNDLE": str(self.trusted)}

    def start(self) -> "FakeMicrosoft":
        """Listen; returns once it does."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10), "the fake did not start"
        return self

    def stop(self) -> None:
        """Not reachable any more: connections are refused."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
            self._loop, self._thread = None, None

    def _run(self, ready: threading.Event) -> None:
        # not uvloop, which importing Sanic makes the usual one: aiohttp cannot hold its TLS weakly
        loop = asyncio.SelectorEventLoop()
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(self._listen())
        self._loop = loop
        ready.set()
        loop.run_forever()
        for transport in self._transports:
            transport.abort()  # over TLS a client that keeps its connection would be waited for
        for task in asyncio.all_tasks(loop):
            task.cancel()  # calls that were made to hang
        loop.run_until_complete(runner.cleanup())
        loop.run_until_complete(asyncio.sleep(0.02))  # aborted connections close after a turn
        loop.close()

    async def _listen(self) -> web.AppRunner:
        @web.middleware
        async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.transport is not None:
                self._transports.add(request.transport)
            return await handler(request)

        app = web.Application(client_max_size=8 * 1024 * 1024, middlewares=[note])
        app.add_routes(self.login.routes())
        app.add_routes(self.connector.routes(REGION))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True).start()
        tls = web.TCPSite(
            runner, "127.0.0.1", self.tls_port, ssl_context=self._tls, reuse_address=True
        )
        await tls.start()
        return runner
