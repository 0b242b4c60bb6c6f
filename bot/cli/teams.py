"""`escalate teams`: what Microsoft Teams needs to be given once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.surroundings import plain_errors

CHANGE_IT = "Change it with --organisation, --website, --privacy, --terms or --app-version."

app = typer.Typer(help="Set up Microsoft Teams.", no_args_is_help=True)


@app.callback()
def teams() -> None:
    """Set up Microsoft Teams. Step by step: docs/tasks/teams.md."""


@app.command("package")
def teams_package(
    out: Annotated[Path, typer.Option(help="The app package to write, such as teams.zip.")],
    organisation: Annotated[
        str, typer.Option(help="Who offers it, as Teams shows it. At most 32 characters.")
    ] = "Escalation Guide",
    website: Annotated[
        str | None, typer.Option(help="The page about it. If left out: this server's chat page.")
    ] = None,
    privacy: Annotated[
        str | None, typer.Option(help="Your privacy notice. If left out: this server's own.")
    ] = None,
    terms: Annotated[
        str | None, typer.Option(help="Your terms of use. If left out: this server's own.")
    ] = None,
    app_version: Annotated[
        str | None,
        typer.Option(help="Raise it at every new upload. If left out: the program's version."),
    ] = None,
) -> None:
    """Write the app package to upload to Teams, checked against Microsoft's schema."""
    from importlib.metadata import version

    from bot.channels.teams.package.app import TeamsApp
    from bot.channels.teams.package.archive import package
    from bot.channels.teams.package.manifest import Publisher
    from bot.documents.writing import write_whole

    with _plain():
        about = TeamsApp.from_environment(os.environ)
        number = version("escalation-guide") if app_version is None else app_version
        publisher = Publisher(
            organisation=organisation,
            website=f"{about.origin}/" if website is None else website,
            privacy=f"{about.origin}/privacy" if privacy is None else privacy,
            terms=f"{about.origin}/privacy#terms" if terms is None else terms,
        )
        write_whole(out, package(about, publisher, number))
    typer.echo(
        f"{out} is written: Escalation Guide {number} for Teams, with the bot {about.app_id} of "
        f"the organisation {about.tenant}.\n"
        f"Its links: {publisher.website} {publisher.privacy} {publisher.terms}\n"
        "Upload it in the Teams admin centre: docs/tasks/teams.md, step 6."
    )


@contextmanager
def _plain() -> Iterator[None]:
    """As `plain_errors`, with what only this command can find."""
    from bot.channels.teams.package.archive import PackageError, RefusedPackageError

    with plain_errors():
        try:
            yield
        except PackageError as error:
            typer.echo(str(error), err=True)
            if isinstance(error, RefusedPackageError):
                typer.echo(CHANGE_IT, err=True)
            raise typer.Exit(2) from error
