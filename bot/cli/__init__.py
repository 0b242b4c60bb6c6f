"""`escalate`: the assistant, the policies and their deadlines from the command line.

With `--json` a command prints one JSON document on stdout and nothing else. What is wrong goes to
stderr with exit code 2. Imports stay inside the commands, so that each starts only what it needs.
"""

import logging
import sys

import typer

from bot.cli.ask import deadline, decide
from bot.cli.cases import calendar, form, pack, record, status, summary
from bot.cli.database import app as database
from bot.cli.policies import app as policies
from bot.cli.rehearsals import app as rehearsals
from bot.cli.remind import remind
from bot.cli.report import log, report
from bot.cli.run import chat, rehearse, serve
from bot.cli.teams import app as teams

app = typer.Typer(
    help="Escalation Guide: resolve a professional disagreement by your partnership's policy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(policies, name="policies")
app.add_typer(rehearsals, name="rehearsals")
app.add_typer(database, name="db")
app.add_typer(teams, name="teams")
app.command()(serve)
app.command()(chat)
app.command()(rehearse)
app.command()(deadline)
app.command()(decide)
for command in (status, calendar, form, record, pack, summary, log, report, remind):
    app.command()(command)


def main() -> None:
    """Run the command line, without the warnings that only developers need."""
    if not sys.warnoptions:
        # Rasa's packages set filters of their own when they are imported
        logging.captureWarnings(True)
        logging.getLogger("py.warnings").setLevel(logging.ERROR)
    app()
