"""`escalate serve` and `escalate chat`: the assistant in a browser, or in this terminal."""

import asyncio
import getpass
import os
from contextlib import suppress
from functools import partial
from typing import Annotated

import typer

from bot.cli.surroundings import plain_errors, settings

Host = Annotated[str | None, typer.Option(help="The address to listen on.")]
Port = Annotated[int | None, typer.Option(help="The port to listen on.", min=1, max=65535)]


def serve(host: Host = None, port: Port = None) -> None:
    """Train if needed, upgrade the records, and open the chat window. Ctrl-C stops everything."""
    from bot.engine.readiness import make_ready, refuse_taken_port
    from bot.settings import Settings, session_secret

    # An option is held to the same rules as its variable.
    asked = {"ESCALATE_HOST": host, "ESCALATE_PORT": None if port is None else str(port)}
    given = {name: value for name, value in asked.items() if value is not None}
    with plain_errors():
        found = Settings.from_environment({**os.environ, **given})
        secret = session_secret(found)
        refuse_taken_port(found.host, found.port)
        make_ready(found)
        # these take seconds: what is amiss has been told by now
        from rasa.core.channels.channel import InputChannel

        from bot.channels.downloads import sources_of
        from bot.channels.web import WebChannel
        from bot.engine.serve import serve as run

        sources = partial(sources_of, found)
        channels: list[InputChannel] = [WebChannel(secret, found.public_origin, sources)]
        if found.teams_app_id is not None:
            from bot.channels.teams.channel import TeamsChannel

            channels.append(TeamsChannel(found, secret))
            typer.echo("Microsoft Teams is served at /webhooks/teams/messages.")
        run(found, channels, typer.echo)


def chat() -> None:
    """Talk to the assistant in this terminal."""
    from bot.engine.readiness import make_ready

    with plain_errors():
        found = settings()
        make_ready(found)
        from bot.channels.terminal import talk
        from bot.engine.assistant import load_assistant
        from bot.engine.serve import quiet
        from bot.engine.training import model_for

        quiet()
        agent = load_assistant(model_for(found, typer.echo), found.conversations_url)
        person = f"terminal:{getpass.getuser()}"
        with suppress(KeyboardInterrupt):  # in the middle of an answer
            asyncio.run(talk(agent, person, lambda: input("\n> "), typer.echo))
