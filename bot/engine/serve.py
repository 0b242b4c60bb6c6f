"""`escalate serve`: one process with the assistant, its actions and its channels."""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, register
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from bot.engine.assistant import load_assistant
from bot.engine.training import model_for
from bot.reminders.running import start_reminding, stop_reminding
from bot.rooms.rooms import open_rooms
from bot.settings import Settings

SECONDS_FOR_A_TURN = 60


def serve(settings: Settings, channels: Sequence[InputChannel], say: Callable[[str], None]) -> None:
    """Train if needed and open the channels, where `make_ready` was; returns when it is stopped.

    Raises:
        PolicyError: a policy file is broken.
        TrainingFailedError: a file that the model is made from is broken.
    """
    quiet()
    model = model_for(settings, say)
    app = application(channels)

    async def open_assistant(app: Sanic, _: Any) -> None:
        app.ctx.agent = load_assistant(model, settings.conversations_url)

    async def remind(app: Sanic, _: Any) -> None:
        app.ctx.reminding = start_reminding(
            settings, daily=partial(forget_rehearsals, settings.rooms_url)
        )

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


def application(channels: Sequence[InputChannel]) -> Sanic:
    """A server with our channels and nothing else: none of Rasa's own HTTP interface."""
    app = Sanic("escalation-guide", configure_logging=False)
    app.config.RESPONSE_TIMEOUT = SECONDS_FOR_A_TURN
    app.config.MOTD = False
    register(list(channels), app, route="/webhooks/")
    return app


def forget_rehearsals(url: str, today: date) -> None:
    """Delete the rehearsals whose day has come."""
    with open_rooms(url) as rooms:
        rooms.purge(today=today)


def quiet() -> None:
    """Rasa's logs and warnings at the level that an administrator wants."""
    level = logging.getLevelName(os.environ.get("LOG_LEVEL", "WARNING"))
    configure_logging_and_warnings(level, None, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(level)
