"""Where conversations are kept: a database that fails loudly, never a fallback to memory."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event

BUSY_MILLISECONDS = 5000
_class_of_event = Event.resolve_by_type


def find_each_class_once() -> None:
    """Make Rasa look for the class of an event once for each name of an event.

    Rasa 3.6 goes through every class there is for every event of a conversation, each time that it
    reads one: more than half of the reading, and the longer the conversation, the slower the turn.
    """
    Event.resolve_by_type = staticmethod(cache(_class_of_event))


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL tracker store, with each turn on disk before its reply is sent.

    On SQLite it writes ahead (WAL) with full synchronisation, so that a power cut loses nothing
    that was answered, and waits at most five seconds for another writer.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        find_each_class_once()
        super().__init__(domain=domain, host=host, event_broker=event_broker, **kwargs)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _make_durable)
            self.engine.dispose()


def _make_durable(connection: Any, _: Any) -> None:
    """The settings of every SQLite connection."""
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}")
