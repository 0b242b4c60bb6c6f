"""What the actions work with: the policies, the records, the time. Opened at the first use."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.policy.library import Library, load_library
from bot.records.database import Database, open_database
from bot.reminders.due import Pace
from bot.settings import Settings


@dataclass(frozen=True)
class Surroundings:
    """Everything outside a conversation that an action may use.

    `mail_from` is the address that reminders come from; none where mail is not set up.
    """

    library: Library
    database: Database
    default_policy: str | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    mail_from: str | None = None
    pace: Pace = field(default_factory=Pace)


_opened: list[Surroundings] = []


def surroundings() -> Surroundings:
    """The surroundings that were set up, or those that the environment asks for."""
    if not _opened:
        settings = Settings.from_environment(os.environ)
        library = load_library(settings.policies_dir)
        if settings.default_policy is not None:
            library.get(settings.default_policy)
        database = open_database(settings.database_url)
        _opened.append(
            Surroundings(
                library, database, settings.default_policy,
                mail_from=settings.mail_from, pace=Pace(days_before=settings.remind_days),
            )
        )  # fmt: skip
    return _opened[0]


def set_up(given: Surroundings | None) -> None:
    """Work with these surroundings from now on; with none, open them anew at the next use."""
    _opened.clear()
    if given is not None:
        _opened.append(given)
