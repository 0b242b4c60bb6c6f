"""What every way into the rooms stands on: transactions, and who may have what."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from bot.databases.database import Database
from bot.rooms.leading import led_room
from bot.rooms.names import hashed
from bot.rooms.playing import own_place
from bot.rooms.replay import Replay
from bot.rooms.tables import PlaceRow, RoomRow


class Transactions:
    """The open database of the rehearsals, with what was played of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.replay = Replay()

    @contextmanager
    def own(self, place_id: str, holder: str) -> Iterator[tuple[Session, PlaceRow]]:
        """One transaction with a place of this holder's, which nobody else changes meanwhile."""
        with self.database.session() as session:
            place = own_place(session, place_id=place_id, holder_hash=hashed(holder), lock=True)
            yield session, place

    @contextmanager
    def led(self, room_id: str, key: str) -> Iterator[tuple[Session, RoomRow]]:
        """One transaction with the room of this key, which nobody joins or leads meanwhile."""
        with self.database.session() as session:
            yield session, led_room(session, room_id=room_id, key=key, lock=True)
