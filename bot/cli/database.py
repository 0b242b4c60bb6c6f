"""`escalate db`: bring the records up to date, and check their audit trail."""

import typer

from bot.cli.surroundings import plain_errors, settings

app = typer.Typer(help="The records: migrations and the audit trail.", no_args_is_help=True)


@app.command("upgrade")
def upgrade() -> None:
    """Bring the records' database up to date."""
    from bot.records.migrate import upgrade as migrate
    from bot.settings import make_home

    with plain_errors():
        found = settings()
        make_home(found)
        revision = migrate(found.database_url)
    typer.echo(f"The records are at revision {revision.current}.")


@app.command("verify")
def verify() -> None:
    """Check every entry of the audit trail against the one before it."""
    from bot.records.audit import verify_audit
    from bot.records.database import open_database

    with (
        plain_errors(),
        open_database(settings().database_url) as database,
        database.reading() as session,
    ):
        verified = verify_audit(session)
    typer.echo(f"{verified.count} entries, none changed. Head: {verified.head}")
