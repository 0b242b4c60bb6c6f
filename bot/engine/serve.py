"""`escalate serve`: one process with the assistant, its actions and its channels."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, register
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from bot.engine.assistant import load_assistant
from bot.engine.training import model_for
from bot.policy.library import load_library
from bot.records.engine import require_writable
from bot.records.migrate import upgrade
from bot.reminders.running import start_reminding, stop_reminding
from bot.settings import Settings, SettingsError, make_home

SECONDS_FOR_A_TURN = 60


def serve(settings: Settings, channels: Sequence[InputChannel], say: Callable[[str], None]) -> None:
    """Train if needed, upgrade the records, open the channels; returns when it is stopped.

    Raises:
        SettingsError: the port is taken, or the address is not ours.
    """
    refuse_taken_port(settings.host, settings.port)
    model = made_ready(settings, say)
    app = application(channels)

    async def open_assistant(app: Sanic, _: Any) -> None:
        app.ctx.agent = load_assistant(model, settings.conversations_url)

    async def remind(app: Sanic, _: Any) -> None:
        app.ctx.reminding = start_reminding(settings)

    async def stop_sweeping(app: Sanic, _: Any) -> None:
        await asyncio.to_thread(stop_reminding, app.ctx.reminding)

    async def tell(*_: Any) -> None:
        say(
            f"Escalation Guide is ready: http://{settings.host}:{settings.port}/  (Ctrl-C stops it)"
        )

    app.register_listener(open_assistant, "before_server_start")
    app.register_listener(remind, "after_server_start")
    app.register_listener(tell, "after_server_start")
    app.register_listener(stop_sweeping, "before_server_stop")
    app.run(host=settings.host, port=settings.port, access_log=False, motd=False)
    say("Stopped. Every conversation is kept.")


def made_ready(settings: Settings, say: Callable[[str], None]) -> Path:
    """The folder made, the records upgraded, the model trained if needed: the model's path.

    Raises:
        PolicyError: a policy file is broken.
        RecordsError: a database cannot be made, upgraded or written.
        SettingsError: the folder cannot be used.
        TrainingFailedError: a file that the model is made from is broken.
    """
    quiet()
    make_home(settings)
    load_library(settings.policies_dir)  # a broken policy is told before anything is trained
    upgrade(settings.database_url)
    for url in (settings.database_url, settings.conversations_url):
        require_writable(url)
    return model_for(settings, say)


def application(channels: Sequence[InputChannel]) -> Sanic:
    """A server with our channels and nothing else: none of Rasa's own HTTP interface."""
    app = Sanic("escalation-guide", configure_logging=False)
    app.config.RESPONSE_TIMEOUT = SECONDS_FOR_A_TURN
    app.config.MOTD = False
    register(list(channels), app, route="/webhooks/")
    return app


def quiet() -> None:
    """Rasa's logs and warnings at the level that an administrator wants."""
    level = logging.getLevelName(os.environ.get("LOG_LEVEL", "WARNING"))
    configure_logging_and_warnings(level, None, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(level)


def refuse_taken_port(host: str, port: int) -> None:
    """Fail early and plainly where somebody else listens already.

    Raises:
        SettingsError: says which address, and what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"{host}:{port} cannot be used: {error.strerror}. Another program may be running "
                "there. Stop it, or choose another port: uv run escalate serve --port 5006."
            ) from error
