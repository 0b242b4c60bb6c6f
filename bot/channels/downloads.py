"""The files of a case over HTTP: made when they are asked for, for the one who may have them.

Nothing is kept: a file comes from the record as it stands at that moment, and is never written to
the disk of the server.
"""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from sanic.response import HTTPResponse

from bot.channels.debriefs import debrief_of
from bot.channels.refusal import RefusedError
from bot.channels.sealed import FileExpiredError, FileRefusedError, Sealer, WantedFile
from bot.documents.case_files import WORD, UnknownDocumentError, file_named, made
from bot.policy.library import Library, UnknownPolicyError, load_library
from bot.records.database import Database, open_database
from bot.records.errors import NotFoundError
from bot.records.preparation import CaseHome, preparation_notes
from bot.records.store import find
from bot.rooms.errors import CannotReplayError, NotYourPlaceError
from bot.rooms.rooms import Rooms, open_rooms
from bot.settings import Settings
from bot.wording.rehearsal import DEBRIEF, debrief_name

log = logging.getLogger(__name__)

NOT_OPEN = (
    "This file belongs to a conversation that is not open in this browser. "
    "Open it in the browser in which you had the conversation."
)
OLD_LINK = (
    "This link is too old. Go back to the conversation: the links there work again once the page "
    "has loaded."
)
NOT_YOURS = (
    "This link does not belong to this conversation. "
    "Go back to the conversation and ask for the file there."
)
GONE = (
    "There is no such file any more. Go back to the conversation and ask for the files of your "
    "case."
)
NO_DEBRIEF = "There is no such debrief any more: the rehearsal has been deleted."
NO_POLICY = (
    "The file could not be made: the version of the policy that your case began under is no longer "
    "here. Your record is kept. Ask your administrator to put the policy file back."
)
NOT_MADE = (
    "The file could not be made. Your record is kept. Try again in a few minutes. If it fails "
    "again, tell your administrator."
)


@dataclass(frozen=True)
class Sources:
    """What files are made from."""

    library: Library
    database: Database
    rooms: Rooms | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def sources_of(settings: Settings) -> Sources:
    """The policies and the records that the settings name.

    Raises:
        PolicyError: a policy file is broken.
        RecordsError: the records cannot be opened.
    """
    library = load_library(settings.policies_dir)
    rooms = open_rooms(settings.rooms_url)
    return Sources(library, open_database(settings.database_url), rooms)


def sources_of_environment() -> Sources:
    """The same, as the environment asks for: for plain `rasa run`, which gives no settings."""
    return sources_of(Settings.from_environment(os.environ))


class Downloads:
    """Makes the file that a link stands for."""

    def __init__(self, sealer: Sealer, open_sources: Callable[[], Sources]) -> None:
        """Keep what opens links, and what opens the sources at the first download."""
        self._sealer = sealer
        self._open_sources = open_sources
        self._opening = threading.Lock()
        self._sources: Sources | None = None

    def answer(self, token: str, sender: str) -> HTTPResponse:
        """The file of a link, for this sender. It reads and computes: run it in a thread.

        Raises:
            RefusedError: the link is too old, somebody else's, or leads to nothing; the records
                cannot be read; or the file cannot be made. In words for the sender.
        """
        try:
            wanted = self._sealer.unseal_file(token, sender)
            return self._made(wanted, sender)
        except FileExpiredError as error:
            raise RefusedError(410, OLD_LINK) from error
        except FileRefusedError as error:
            raise RefusedError(403, NOT_YOURS) from error
        except NotYourPlaceError as error:
            raise RefusedError(404, NO_DEBRIEF) from error
        except CannotReplayError as error:
            raise RefusedError(409, str(error)) from error
        except (NotFoundError, UnknownDocumentError) as error:
            raise RefusedError(404, GONE) from error
        except UnknownPolicyError as error:
            log.exception("download.policy_gone")
            raise RefusedError(503, NO_POLICY) from error
        except Exception as error:
            log.exception("download.failed")
            raise RefusedError(503, NOT_MADE) from error

    def close(self) -> None:
        """Let go of the records."""
        if self._sources is not None:
            self._sources.database.close()
            if self._sources.rooms is not None:
                self._sources.rooms.close()

    def _made(self, wanted: WantedFile, sender: str) -> HTTPResponse:
        sources = self._opened()
        if wanted.document == DEBRIEF and sources.rooms is not None:
            body = debrief_of(
                sources.rooms, reference=wanted.reference, holder=sender, now=sources.now(),
                library=sources.library,
            )  # fmt: skip
            return attached(debrief_name(wanted.reference), WORD, body)
        with sources.database.reading() as session:
            case = find(session, reference=wanted.reference, person=sender)
            home = CaseHome(reference=case.reference)
            notes = preparation_notes(session, home=home, person=sender)
        policy = sources.library.get(case.policy_id, case.policy_version)
        file = file_named(case, policy, wanted.document)
        questions, _ = sources.library.questions_of(policy)
        body = made(file, case, policy, now=sources.now(), notes=notes, questions=questions)
        return attached(file.name, file.mime, body)

    def _opened(self) -> Sources:
        with self._opening:
            if self._sources is None:
                self._sources = self._open_sources()
            return self._sources


def attached(name: str, mime: str, body: bytes) -> HTTPResponse:
    """A file as a browser saves it, and keeps no other copy of it."""
    return HTTPResponse(
        body,
        headers={"Content-Disposition": disposition(name), "Cache-Control": "no-store"},
        content_type=content_type(mime),
    )


def content_type(mime: str) -> str:
    """The type with its character set where it is text: RFC 5545 calendars are UTF-8."""
    return f"{mime}; charset=utf-8" if mime.startswith("text/") else mime


def disposition(name: str) -> str:
    """The header that names a file to save: plain for old browsers, whole after RFC 8187."""
    plain = "".join(char if char.isascii() and char not in '"\\%' else "_" for char in name)
    printable = "".join(char if char.isprintable() else "_" for char in plain)
    return f"attachment; filename=\"{printable}\"; filename*=UTF-8''{quote(name, safe='')}"
