"""`serve`, `chat` and `rehearse`: the assistant in a browser, or in this terminal."""

import asyncio
import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.surroundings import in_this_terminal, plain_errors, settings

if TYPE_CHECKING:
    from bot.channels.sealed import Tap
    from bot.settings import Settings

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

        from bot.channels import downloads
        from bot.channels.rooms import sources
        from bot.channels.rooms.channel import RoomsChannel
        from bot.channels.web import WebChannel
        from bot.engine.serve import serve as run

        rehearsals = sources.Rehearsals(partial(sources.sources_of, found))
        channels: list[InputChannel] = [
            WebChannel(
                secret, found.public_origin, partial(downloads.sources_of, found), rehearsals.news
            ),
            RoomsChannel(found, secret, rehearsals),
        ]
        if found.teams_app_id is not None:
            from bot.channels.teams.channel import TeamsChannel

            channels.append(TeamsChannel(found, secret, rooms=rehearsals))
            typer.echo("Microsoft Teams is served at /webhooks/teams/messages.")
        run(found, channels, typer.echo)


def chat() -> None:
    """Talk to the assistant in this terminal."""
    with plain_errors():
        _talk(settings())


def rehearse(
    scenario: Annotated[
        str | None, typer.Argument(help="A scenario's id; left out, they are offered.")
    ] = None,
) -> None:
    """Rehearse an escalation in this terminal, on an invented case."""
    from bot.channels.sealed import Tap
    from bot.policy.library import load_library
    from bot.rehearsal.shelf import load_shelf

    with plain_errors():
        found = settings()
        shelf = load_shelf(found.rehearsals_dir, load_library(found.policies_dir))
        asked = "list" if scenario is None else f"start:{shelf.get(scenario).scenario.id}"
        _talk(found, Tap("Rehearse", "choose", {"q": "rehearsal", "raw": asked}))


def _talk(found: "Settings", first: "Tap | None" = None) -> None:
    """A conversation in this terminal, which begins as the person asked."""
    from bot.engine.readiness import make_ready

    make_ready(found)
    from bot.channels.terminal import GREETING, talk
    from bot.engine.assistant import load_assistant
    from bot.engine.serve import quiet
    from bot.engine.training import model_for

    quiet()
    agent = load_assistant(model_for(found, typer.echo), found.conversations_url)
    person = in_this_terminal()
    with suppress(KeyboardInterrupt):  # in the middle of an answer
        asyncio.run(talk(agent, person, lambda: input("\n> "), typer.echo, first or GREETING))
