"""The one way in to the rehearsals."""

from datetime import date
from types import TracebackType

from sqlalchemy import false, update

from bot.databases.database import open_kind
from bot.databases.migrate import upgrade
from bot.rooms.for_facilitators import ForFacilitators
from bot.rooms.for_participants import ForParticipants
from bot.rooms.forgetting import purge
from bot.rooms.migrate import ROOMS
from bot.rooms.playing import untold_places
from bot.rooms.tables import ReferenceCounterRow
from bot.rooms.views import Untold


class Rooms(ForParticipants, ForFacilitators):
    """Every rehearsal; close it, or use it in a `with` statement. Threads may share it.

    Every method raises `DatabaseUnavailableError` when the database cannot be used.
    """

    def purge(self, *, today: date) -> int:
        """Delete the sessions whose day has come and that nobody keeps; how many there were."""
        with self.database.session() as session:
            return purge(session, today=today)

    def untold(self) -> tuple[Untold, ...]:
        """The open places of led rooms where something waits to be told, whoever holds them."""
        with self.database.reading() as session:
            return untold_places(session)

    def close(self) -> None:
        """Let go of every connection."""
        self.database.close()

    def __enter__(self) -> "Rooms":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_rooms(url: str) -> Rooms:
    """Open the rehearsals for reading and writing; brings their database up to date first.

    Raises:
        DatabaseUnavailableError: it cannot be made, reached or written.
        DatabaseBehindError: it was made by a newer program.
        OtherDatabaseError: it keeps something else, such as the records.
    """
    upgrade(url, ROOMS)
    trial = update(ReferenceCounterRow).where(false()).values(last=0)
    return Rooms(open_kind(url, ROOMS, trial=trial))
