"""What can be asked of the rooms for a participant."""

from datetime import datetime

from bot.policy.library import Library
from bot.rehearsal.state import Entry
from bot.rehearsal.world import World
from bot.rooms import forgetting, leading, opening, playing
from bot.rooms.errors import NotYoursToDoError, UnknownCodeError
from bot.rooms.names import hashed
from bot.rooms.transactions import Transactions
from bot.rooms.views import Acted, Place, Standing, place_of


class ForParticipants(Transactions):
    """Coming, playing, going. Every method is one transaction.

    A holder is the id of the conversation that a participant plays in; only its hash is kept. For
    anybody but the holder of a place, what concerns it raises `NotYourPlaceError`.
    """

    def open_alone(self, *, world: World, holder: str, now: datetime) -> Place:
        """Begin a rehearsal of one's own.

        Raises:
            AlreadyRehearsingError: this holder is in another one that goes on.
        """
        with self.database.session() as session:
            return place_of(opening.open_alone(session, world, holder_hash=hashed(holder), now=now))

    def join(self, *, code: str, holder: str, now: datetime, library: Library) -> Place:
        """Come into the room with this code, or back into one's place there.

        Whoever comes late begins where the room is; `catch_up` tells what happened before.

        Raises:
            AlreadyRehearsingError: this holder is in another rehearsal that goes on.
            RoomEndedError: the session is over, and this holder was not in it.
            RoomFullError: the room is full.
            TooManyTriesError: this holder has tried too many wrong codes.
            UnknownCodeError: no room has this code.
        """
        with self.database.session() as session:
            found = opening.join(session, code, holder_hash=hashed(holder), now=now)
            if found is not None:
                row, new = found
                if new:
                    leading.bring_to_the_present(
                        session, row, self.replay, now=now, library=library
                    )
                return place_of(row)
        # only now: the wrong code has to be on record
        raise UnknownCodeError(
            "No session has this code. A code has three letters and three digits, such as KRT-482. "
            "Ask the facilitator, and check what you typed."
        )

    def leave(self, *, place_id: str, holder: str, now: datetime) -> None:
        """Put a rehearsal down; it can be taken up again."""
        with self.own(place_id, holder) as (_, place):
            place.left_at = place.left_at or now

    def take_up(self, *, place_id: str, holder: str, now: datetime) -> Place:
        """Come back to a place that was left.

        Raises:
            AlreadyRehearsingError: this holder is in another rehearsal that goes on.
        """
        with self.database.session() as session:
            opening.take_turn(session, hashed(holder))
            place = playing.own_place(session, place_id=place_id, holder_hash=hashed(holder))
            opening.take_up(session, place, now=now)
            return place_of(place)

    def delete_place(self, *, place_id: str, holder: str) -> None:
        """Delete a place with everything that was done in it."""
        with self.database.session() as session:
            place = playing.own_place(session, place_id=place_id, holder_hash=hashed(holder))
            forgetting.delete_place(session, place)

    def keep_own(self, *, place_id: str, holder: str, keep: bool = True) -> Place:
        """Keep a rehearsal of one's own beyond its day, or no longer.

        Raises:
            NotYoursToDoError: it is led: then its facilitator decides.
        """
        with self.own(place_id, holder) as (_, place):
            if place.room.code is not None:
                raise NotYoursToDoError("The facilitator decides how long this session is kept.")
            place.room.keep = keep
            return place_of(place)

    # --- what a participant does and sees

    def place_of(self, *, holder: str) -> Place | None:
        """The place that this holder has open now; at most one."""
        with self.database.reading() as session:
            place = playing.open_place(session, holder_hash=hashed(holder))
            return None if place is None else place_of(place)

    def places_of(self, *, holder: str) -> tuple[Place, ...]:
        """All places of this holder that are not deleted, the newest first."""
        with self.database.reading() as session:
            rows = playing.every_place(session, holder_hash=hashed(holder))
            return tuple(place_of(row) for row in rows)

    def place(self, *, place_id: str, holder: str) -> Place:
        """A place of this holder's."""
        with self.database.reading() as session:
            return place_of(
                playing.own_place(session, place_id=place_id, holder_hash=hashed(holder))
            )

    def begin_scenes(self, *, place_id: str, holder: str, library: Library) -> Acted:
        """The first moment of a place, for its first screen; `catch_up` goes on from there."""
        with self.database.reading() as session:
            place = playing.own_place(session, place_id=place_id, holder_hash=hashed(holder))
            return playing.begun(place, self.replay, library)

    def standing(self, *, place_id: str, holder: str, library: Library) -> Standing:
        """Where a place stands, with everything that the facilitator did."""
        with self.database.reading() as session:
            place = playing.own_place(session, place_id=place_id, holder_hash=hashed(holder))
            return playing.standing(session, place, self.replay, library)

    def act(
        self,
        *,
        place_id: str,
        holder: str,
        entry: Entry,
        message_id: str,
        now: datetime,
        library: Library,
    ) -> Acted:
        """Do one thing; a message that comes twice does it once and gets the same scenes again.

        The scenes begin with what the facilitator did since the participant was told last.

        Raises:
            LeftError: the place was left.
            MessageReusedError: the message did something else before.
            NotPossibleError: it cannot be done now; nothing has changed.
            NotYoursToDoError: only the facilitator may do it.
        """
        with self.own(place_id, holder) as (session, place):
            return playing.act(
                session, place, self.replay, entry=entry, message_id=message_id, now=now,
                library=library,
            )  # fmt: skip

    def catch_up(self, *, place_id: str, holder: str, library: Library) -> Acted:
        """Tell what the facilitator did since the participant was told last."""
        with self.own(place_id, holder) as (session, place):
            return playing.catch_up(session, place, self.replay, library)

    def news(self, *, place_id: str, holder: str) -> int:
        """How many things the facilitator did that the participant was not told yet."""
        with self.database.reading() as session:
            return playing.untold(session, place_id=place_id, holder_hash=hashed(holder))
