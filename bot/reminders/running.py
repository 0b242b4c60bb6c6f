"""The sweeper beside a running assistant: one sweep a minute, in a thread of its own."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from threading import Event, Thread

from bot.databases.errors import StorageError
from bot.policy.library import load_library
from bot.records.database import open_database
from bot.reminders.due import Pace
from bot.reminders.mail import mailer_of
from bot.reminders.sweep import sweep
from bot.settings import Settings

SECONDS_BETWEEN = 60.0
SECONDS_TO_END = 5.0
"""How long stopping waits for a mail on its way; one that is cut off is sent after its lease."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminding:
    """A sweeper that runs, until `stop_reminding`."""

    thread: Thread
    ended: Event


def start_reminding(
    settings: Settings,
    *,
    daily: Callable[[date], None] | None = None,
    seconds_between: float = SECONDS_BETWEEN,
) -> Reminding:
    """Sweep now and then once a minute. What goes wrong is logged, and the next sweep tries again.

    Args:
        settings: where the records and the policies are.
        daily: what else is to be done now and then once a day; called with the date in UTC.
        seconds_between: one sweep and the next.

    Raises:
        PolicyError: a policy file is broken.
    """
    library = load_library(settings.policies_dir)
    mailer, pace = mailer_of(settings), Pace(days_before=settings.remind_days)
    ended = Event()
    told: set[str] = set()

    def once() -> None:
        with open_database(settings.database_url) as database:
            swept = sweep(
                database, library, tell_time=lambda: datetime.now(UTC), pace=pace, mailer=mailer,
                go_on=lambda: not ended.is_set(),
            )  # fmt: skip
        for problem in {*swept.problems} - told:  # each minute anew would hide the others
            logger.warning("%s", problem)
        told.clear()
        told.update(swept.problems)

    def run() -> None:
        done_on: date | None = None
        while True:
            _try("No reminders this time.", once)
            today = datetime.now(UTC).date()
            if daily is not None and done_on != today:
                done = _try("What is done once a day is not done yet.", partial(daily, today))
                done_on = today if done else None
            if ended.wait(seconds_between):
                return

    # a daemon: a mail server that does not answer must not keep the program from ending
    thread = Thread(target=run, name="reminders", daemon=True)
    thread.start()
    return Reminding(thread, ended)


def stop_reminding(reminding: Reminding) -> None:
    """End the sweeper after the mail that is on its way, or after a few seconds without it."""
    reminding.ended.set()
    reminding.thread.join(SECONDS_TO_END)


def _try(failing: str, work: Callable[[], None]) -> bool:
    """Whether it was done; if not, what went wrong is logged."""
    try:
        work()
    except StorageError as error:
        logger.error("%s %s", failing, error)
    except Exception:
        logger.exception(failing)
    else:
        return True
    return False
