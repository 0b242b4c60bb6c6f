"""One sweep: make the reminders that are due, then send what waits.

It may run as often as anyone likes and in several programs at once: a reminder is made once and a
notice is sent once. For mail see `bot.reminders.mail`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.policy.library import Library
from bot.records.database import Database
from bot.records.mailboxes import how_many_ask
from bot.records.post import put, standing
from bot.reminders.due import Pace
from bot.reminders.finding import BATCH, find
from bot.reminders.mail import Mailer, MailError, ServerError
from bot.reminders.outbox import Happened, mark_failed, mark_sent, send_notices, take_letter

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a sweep did, and what there is after it.

    `failed` were tried in vain and wait for their next try. `waiting` and `dead` count the whole
    outbox. `problems` are the cases that could not be judged and what is wrong with the mail
    server, in sentences.
    """

    made: int
    sent: int
    dropped: int
    failed: int
    waiting: int
    dead: int
    problems: tuple[str, ...]


def sweep(
    database: Database,
    library: Library,
    *,
    tell_time: Clock,
    pace: Pace,
    mailer: Mailer | None,
    go_on: Callable[[], bool] = lambda: True,
) -> Swept:
    """Make what is due and send what waits.

    Args:
        database: the records.
        library: every policy version that a case began under.
        tell_time: the present instant, asked again for every mail: sending takes time.
        pace: how often to remind.
        mailer: the mail server; with none, no mail is made and what waits by mail goes on waiting.
        go_on: asked between two transactions; with no, the sweep ends early and loses nothing.

    Raises:
        DatabaseUnavailableError: the records cannot be read or written.
    """
    now = tell_time()
    with database.reading() as session:
        found = find(session, library, now=now, pace=pace, by_mail=mailer is not None)
    made = 0
    for start in range(0, len(found.posts), BATCH):
        with database.session() as session:
            made += put(session, found.posts[start : start + BATCH], now=now)
    happened: Counter[Happened] = Counter()
    while go_on():
        with database.session() as session:
            batch = send_notices(session, library, now=now)
        if not batch:
            break
        happened += batch
    problems = list(dict.fromkeys(found.problems))
    if mailer is None:
        problems += _mail_is_missing(database)
    else:
        problems += _send_letters(database, library, mailer, tell_time, go_on, happened)
    with database.reading() as session:
        counts = standing(session)
    return Swept(
        made=made,
        sent=happened["sent"],
        dropped=happened["dropped"],
        failed=happened["failed"],
        waiting=counts["waiting"],
        dead=counts["dead"],
        problems=tuple(problems),
    )


def _mail_is_missing(database: Database) -> list[str]:
    with database.reading() as session:
        asked = how_many_ask(session)
    if not asked:
        return []
    return [
        f"Reminders by mail are asked for ({asked}) and cannot be sent. "
        "Set ESCALATE_SMTP_URL and ESCALATE_MAIL_FROM."
    ]


def _send_letters(
    database: Database,
    library: Library,
    mailer: Mailer,
    tell_time: Clock,
    go_on: Callable[[], bool],
    happened: Counter[Happened],
) -> list[str]:
    """Send the mails one by one, each outside the database; what is wrong with the server.

    Once the server takes none at all, the rest waits without using up its tries.
    """
    while go_on():
        with database.session() as session:
            letter, held_back = take_letter(session, library, now=tell_time())
        happened.update(held_back)
        if letter is None:
            break
        try:
            mailer.send(letter, now=tell_time())
        except MailError as error:
            with database.session() as session:
                happened[mark_failed(session, letter, error=str(error), now=tell_time())] += 1
            if isinstance(error, ServerError):
                return [f"The mail server takes no mail now. {error}"]
        else:
            with database.session() as session:
                mark_sent(session, letter, now=tell_time())
            happened["sent"] += 1
    return []
