"""What every command needs: settings, policies, the moment, and errors in plain words."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.policy.library import Library
    from bot.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@contextmanager
def plain_errors() -> Iterator[None]:
    """What is wrong, on stderr, with exit code 2 and without a traceback."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, _expected()):
            raise
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _expected() -> tuple[type[Exception], ...]:
    """What a command may find amiss; only an error imports them all."""
    from bot.deadlines.calendar import OutsideCalendarError
    from bot.documents.forms import UnknownFormError
    from bot.documents.recorded import OtherPolicyError
    from bot.documents.writing import WritingError
    from bot.engine.training import TrainingFailedError
    from bot.escalation.situation import UnknownFactError
    from bot.policy.library import UnknownPolicyError
    from bot.policy.problems import RefusedFileError
    from bot.records.errors import RecordsError
    from bot.rehearsal.shelf import UnknownScenarioError
    from bot.settings import SettingsError

    return (
        OtherPolicyError, OutsideCalendarError, RecordsError, RefusedFileError, SettingsError,
        TrainingFailedError, UnknownFactError, UnknownFormError, UnknownPolicyError,
        UnknownScenarioError, WritingError,
    )  # fmt: skip


def settings() -> "Settings":
    """The settings that the environment asks for."""
    from bot.settings import Settings

    return Settings.from_environment(os.environ)


def library() -> "Library":
    """Every policy of the configured folder."""
    from bot.policy.library import load_library

    return load_library(settings().policies_dir)


def now() -> datetime:
    """The moment of the command, with its offset."""
    return datetime.now(UTC)


def in_this_terminal() -> str:
    """Who talks in this terminal, as the conversation knows them."""
    return f"terminal:{getpass.getuser()}"
