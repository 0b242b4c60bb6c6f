"""What can be asked of the rooms for a facilitator."""

from datetime import datetime

from bot.policy.library import Library
from bot.rehearsal.state import Entry
from bot.rehearsal.world import World
from bot.rooms import forgetting, leading, opening
from bot.rooms.transactions import Transactions
from bot.rooms.views import Led, Line, Opened, Result, RoomView


class ForFacilitators(Transactions):
    """Opening, leading, looking back. Every method is one transaction.

    A room has one key, of which only the hash is kept. For any other, what concerns the room
    raises `NotYourRoomError`.
    """

    def open_led(self, *, world: World, now: datetime) -> Opened:
        """Open a session to be led: its room with the code to join by, and the key, once."""
        with self.database.session() as session:
            return opening.open_led(session, world, now=now)

    def lead(
        self,
        *,
        room_id: str,
        key: str,
        entry: Entry,
        now: datetime,
        library: Library,
        message_id: str | None = None,
    ) -> Led:
        """Do one thing in every place where it is possible.

        Raises:
            NotPossibleError: it is possible in no place whatever.
            NotYoursToDoError: only a participant may do it.
            RoomEndedError: the session is over.
        """
        with self.led(room_id, key) as (session, room):
            return leading.lead(
                session, room, self.replay, entry=entry, now=now, library=library,
                message_id=message_id,
            )  # fmt: skip

    def lead_one(
        self,
        *,
        room_id: str,
        key: str,
        place_id: str,
        entry: Entry,
        now: datetime,
        library: Library,
        message_id: str | None = None,
    ) -> Led:
        """Do one thing in one place; raises as `lead`."""
        with self.led(room_id, key) as (session, room):
            return leading.lead(
                session, room, self.replay, entry=entry, now=now, library=library,
                message_id=message_id, only=place_id,
            )  # fmt: skip

    def end(self, *, room_id: str, key: str, now: datetime, library: Library) -> Led:
        """End the session everywhere.

        Raises:
            RoomEndedError: it has ended before.
        """
        entry = Entry("end")
        return self.lead(room_id=room_id, key=key, entry=entry, now=now, library=library)

    def require(self, *, room_id: str, key: str) -> None:
        """Make sure that this key opens a session, whatever is in it."""
        with self.database.reading() as session:
            leading.led_room(session, room_id=room_id, key=key)

    def room(self, *, room_id: str, key: str, library: Library) -> RoomView:
        """The session with where everybody stands."""
        with self.database.reading() as session:
            room = leading.led_room(session, room_id=room_id, key=key)
            return leading.view(session, room, self.replay, library)

    def transcript(
        self, *, room_id: str, key: str, place_id: str, library: Library
    ) -> tuple[Line, ...]:
        """Everything that was done and told in one place."""
        with self.database.reading() as session:
            room = leading.led_room(session, room_id=room_id, key=key)
            return leading.transcript(session, room, place_id, self.replay, library)

    def debriefs(self, *, room_id: str, key: str, library: Library) -> tuple[Result, ...]:
        """Alias, reference and debrief of everybody, as they stand now."""
        with self.database.reading() as session:
            room = leading.led_room(session, room_id=room_id, key=key)
            return leading.results(session, room, self.replay, library)

    def keep(self, *, room_id: str, key: str, keep: bool) -> None:
        """Keep a session beyond its day, or no longer: then it goes at the next purge."""
        with self.led(room_id, key) as (_, room):
            room.keep = keep

    def delete(self, *, room_id: str, key: str) -> None:
        """Delete a session with all its places, now."""
        with self.led(room_id, key) as (session, room):
            forgetting.delete_room(session, room)
