"""`escalate rehearsals`: the scenarios to rehearse, and whether a file is fit to be one."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.surroundings import in_this_terminal, library, now, plain_errors, settings

app = typer.Typer(help="The scenarios to rehearse.", no_args_is_help=True)


@app.command("list")
def rehearsals_list() -> None:
    """The scenarios, with their policy, how hard they are and how long they take."""
    from bot.rehearsal.shelf import load_shelf

    with plain_errors():
        shelf = load_shelf(settings().rehearsals_dir, library())
    for world in shelf:
        each = world.scenario
        under = " + ".join(frame.policy for frame in each.under)
        typer.echo(f"{each.id:<34} {each.difficulty:<7} {each.minutes:>3} min  {under}")


@app.command("check")
def rehearsals_check(
    file: Annotated[
        Path | None, typer.Argument(help="A scenario; all of them if left out.")
    ] = None,
) -> None:
    """Check a scenario, report all its problems at once, and play its three paths."""
    from bot.rehearsal.debrief import debrief
    from bot.rehearsal.load import load
    from bot.rehearsal.prove import NAMES, walk
    from bot.rehearsal.shelf import load_shelf

    with plain_errors():
        worlds = (
            [load(file, library())] if file else load_shelf(settings().rehearsals_dir, library())
        )
    for world in worlds:
        paths = ((name, walk(world, getattr(world.scenario.paths, name))) for name in NAMES)
        scores = ", ".join(f"{name} {debrief(world, state).score:.0%}" for name, state in paths)
        typer.echo(f"{world.scenario.id}: no problems ({scores})")


@app.command("purge")
def rehearsals_purge() -> None:
    """Delete the rehearsals whose day has come; `serve` does it once a day."""
    from bot.rooms.rooms import open_rooms
    from bot.settings import make_home

    with plain_errors():
        found = settings()
        make_home(found)
        with open_rooms(found.rooms_url) as rooms:
            gone = rooms.purge(today=now().date())
    typer.echo(f"Deleted {gone} rehearsals whose day had come.")


@app.command("debrief")
def rehearsals_debrief(
    reference: Annotated[str, typer.Argument(help="Of a rehearsal of yours: REH-2026-0001.")],
    out: Annotated[Path, typer.Option(help="The Word file to write.")],
) -> None:
    """Write the debrief of a rehearsal that was played in this terminal."""
    from bot.channels.debriefs import debrief_of
    from bot.documents.writing import write_whole
    from bot.rooms.rooms import open_rooms

    with plain_errors():
        with open_rooms(settings().rooms_url) as rooms:
            body = debrief_of(
                rooms, reference=reference, holder=in_this_terminal(), now=now(), library=library()
            )
        write_whole(out, body)
    typer.echo(f"Wrote {out}.")
