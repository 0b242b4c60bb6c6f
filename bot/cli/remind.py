"""`escalate remind`: one sweep of due and overdue time limits, as often as anyone likes."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.surroundings import AsJson, library, now, plain_errors, settings

if TYPE_CHECKING:
    from bot.records.database import Database
    from bot.settings import Settings

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be made; make and send nothing.")
]
Dead = Annotated[
    bool, typer.Option("--dead", help="List the reminders that were given up; send nothing.")
]


def remind(dry_run: DryRun = False, dead: Dead = False, as_json: AsJson = False) -> None:
    """Make the reminders that are due now, send what waits, and say what is left."""
    from bot.records.database import open_database

    if dry_run and dead:
        raise typer.BadParameter("Give --dry-run or --dead, not both.")
    with plain_errors():
        found = settings()
        with open_database(found.database_url) as database:
            if dead:
                _list_dead(database, as_json)
            elif dry_run:
                _show_due(database, found, as_json)
            else:
                _sweep(database, found, as_json)


def _sweep(database: "Database", found: "Settings", as_json: bool) -> None:
    from bot.reminders.due import Pace
    from bot.reminders.mail import mailer_of
    from bot.reminders.sweep import sweep

    swept = sweep(
        database,
        library(),
        tell_time=now,
        pace=Pace(days_before=found.remind_days),
        mailer=mailer_of(found),
    )
    if as_json:
        typer.echo(json.dumps(asdict(swept), indent=2, ensure_ascii=False))
        return
    typer.echo(
        f"Made {swept.made}, sent {swept.sent}, dropped {swept.dropped}, failed {swept.failed}. "
        f"In the outbox: {swept.waiting} waiting, {swept.dead} dead."
    )
    if swept.dead:
        typer.echo("See what was given up, and why: uv run escalate remind --dead")
    for problem in swept.problems:
        typer.echo(problem, err=True)


def _show_due(database: "Database", found: "Settings", as_json: bool) -> None:
    from bot.reminders.due import Pace
    from bot.reminders.finding import find
    from bot.reminders.mail import mailer_of

    with database.reading() as session:
        due = find(
            session,
            library(),
            now=now(),
            pace=Pace(days_before=found.remind_days),
            by_mail=mailer_of(found) is not None,
        )
    rows = [
        {"kind": post.kind, "due": post.due, "way": post.way, "to": post.recipient,
         "subject": post.subject}
        for post in due.posts
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"due": rows, "problems": due.problems}, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['subject']} ({row['due']}), by {row['way']} to the {row['to']}")
    typer.echo(f"{len(rows)} would be made. Nothing was made or sent.")
    for problem in due.problems:
        typer.echo(problem, err=True)


def _list_dead(database: "Database", as_json: bool) -> None:
    from bot.records.post import dead_letters

    with database.reading() as session:
        letters = dead_letters(session)
    if as_json:
        rows = [{**asdict(each), "made_at": each.made_at.isoformat()} for each in letters]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for each in letters:
        typer.echo(
            f"{each.reference} {each.stage} {each.key}: {each.kind} ({each.due}), by {each.way} to "
            f"the {each.recipient}, {each.attempts} tries. {each.last_error}"
        )
    typer.echo(f"{len(letters)} dead.")
