"""What a facilitator sees and does, from the rooms to the words of a page. Run it in a thread."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.channels.refusal import RefusedError
from bot.channels.rooms import table
from bot.channels.rooms.orders import Order, order
from bot.channels.rooms.sources import Rehearsals
from bot.databases.errors import UnstorableError
from bot.rehearsal.play import NotPossibleError
from bot.rehearsal.shelf import Shelf, UnknownScenarioError
from bot.rehearsal.world import World
from bot.rooms.errors import CannotReplayError, NotYourPlaceError, NotYourRoomError, RoomsError
from bot.rooms.views import Led, Opened, PlaceView, Result, RoomView
from bot.wording.dates import say_date
from bot.wording.rehearsal import say_effort

EVERYONE = "everyone"
MIXED = "More than one policy"
GONE = (
    "There is no such session, or it has been deleted. If you have its link, open it again; "
    "otherwise open a new session."
)
NO_SUCH_PLACE = "There is no such place in this session."
NO_SUCH_SCENARIO = "There is no such scenario any more. Choose another one."


class UnplayableError(RefusedError):
    """The session was played with a program or a policy that is not here any more."""


@dataclass(frozen=True)
class Shown:
    """One scenario as the shelf shows it."""

    id: str
    title: str
    role: str
    effort: str
    aims: tuple[str, ...]


@dataclass(frozen=True)
class ShelfPart:
    """The scenarios under one policy."""

    heading: str
    scenarios: tuple[Shown, ...]


@dataclass(frozen=True)
class Holder:
    """Whoever leads: the session, and the key to it."""

    room: str
    key: str


class Desk:
    """The facilitator's pages, without HTTP."""

    def __init__(self, rehearsals: Rehearsals) -> None:
        self._rehearsals = rehearsals

    def shelves(self) -> tuple[ShelfPart, ...]:
        """The scenarios by policy, the mixed ones last."""
        return tuple(_shelves(self._rehearsals.opened().shelf))

    def open(self, scenario: str) -> Opened:
        """Open a session of a scenario.

        Raises:
            RefusedError: there is no such scenario.
        """
        sources = self._rehearsals.opened()
        try:
            world = sources.shelf.get(scenario)
        except UnknownScenarioError as error:
            raise RefusedError(404, NO_SUCH_SCENARIO) from error
        return sources.rooms.open_led(world=world, now=sources.now())

    def require(self, holder: Holder) -> None:
        """Make sure that there is such a session, though it may not be possible to show it.

        Raises:
            RefusedError: there is none for this key.
        """
        with _plainly():
            self._rehearsals.opened().rooms.require(room_id=holder.room, key=holder.key)

    def view(self, holder: Holder) -> RoomView:
        """The session as it stands.

        Raises:
            RefusedError: there is none for this key.
        """
        sources = self._rehearsals.opened()
        with _plainly():
            return sources.rooms.room(room_id=holder.room, key=holder.key, library=sources.library)

    def live(self, holder: Holder) -> dict[str, Any]:
        """What changes by itself."""
        view = self.view(holder)
        return {"table": table.table(view, self._rehearsals.opened().now())}

    def session(self, holder: Holder) -> dict[str, Any]:
        """The page of the session, without how to join it."""
        view = self.view(holder)
        return {
            "title": view.world.scenario.title,
            "code": view.room.code,
            "table": table.table(view, self._rehearsals.opened().now()),
            "events": table.events(view),
            "place": None,
            "whom": EVERYONE,
            "kept": view.room.keep,
            "delete_on": say_date(view.room.delete_on),
        }

    def place(self, holder: Holder, id_: str) -> dict[str, Any]:
        """The page of one place.

        Raises:
            RefusedError: there is no such place.
        """
        sources, view = self._rehearsals.opened(), self.view(holder)
        found = _place(view, id_)
        with _plainly():
            lines = sources.rooms.transcript(
                room_id=holder.room, key=holder.key, place_id=id_, library=sources.library
            )
        return {
            "place": table.row(view.world, found, sources.now()),
            "events": table.event_choices(view.world, found.state),
            "transcript": table.transcript(view.world, lines),
            "whom": found.place.alias,
        }

    def order(self, holder: Holder, form: Mapping[str, str]) -> Order:
        """What a form asks for, for everyone or for the one place that it names.

        Raises:
            RefusedError: it is no order, or there is no such place.
        """
        view, place = self.view(holder), form.get("place")
        whom = EVERYONE if place is None else _place(view, place).place.alias
        return order(form, view.world, whom)

    def lead(self, holder: Holder, asked: Order, place: str | None, mark: str) -> Led:
        """Do it, once for each `mark`.

        Raises:
            RefusedError: it can be done for nobody.
        """
        sources = self._rehearsals.opened()
        with _plainly():
            if place is None:
                return sources.rooms.lead(
                    room_id=holder.room, key=holder.key, entry=asked.entry,
                    now=sources.now(), library=sources.library, message_id=mark,
                )  # fmt: skip
            return sources.rooms.lead_one(
                room_id=holder.room, key=holder.key, place_id=place, entry=asked.entry,
                now=sources.now(), library=sources.library, message_id=mark,
            )  # fmt: skip

    def results(self, holder: Holder) -> tuple[Result, ...]:
        """What everybody came to."""
        sources = self._rehearsals.opened()
        with _plainly():
            return sources.rooms.debriefs(
                room_id=holder.room, key=holder.key, library=sources.library
            )

    def keep(self, holder: Holder, *, keep: bool) -> None:
        """Keep a session until it is deleted, or let it go in time."""
        with _plainly():
            self._rehearsals.opened().rooms.keep(room_id=holder.room, key=holder.key, keep=keep)

    def delete(self, holder: Holder) -> None:
        """Delete a session with every answer in it, now."""
        with _plainly():
            self._rehearsals.opened().rooms.delete(room_id=holder.room, key=holder.key)


def say_led(done: int, skipped: int) -> str:
    """What an order came to."""
    if not done and not skipped:
        return (
            "Nobody is here yet. Whoever joins begins where the session's clock is, with what has "
            "happened until then. What was only said is not said again."
        )
    was_done = f"Done for {_people(done)}." if done else ""
    was_not = f"Not possible for {_people(skipped)}: see where they are." if skipped else ""
    return f"{was_done} {was_not}".strip()


def _people(n: int) -> str:
    return "1 person" if n == 1 else f"{n} people"


@contextmanager
def _plainly() -> Iterator[None]:
    """Whatever the rooms refuse, in the words of a page."""
    try:
        yield
    except (NotYourRoomError, UnstorableError) as error:
        raise RefusedError(404, GONE) from error
    except NotYourPlaceError as error:
        raise RefusedError(404, NO_SUCH_PLACE) from error
    except CannotReplayError as error:
        raise UnplayableError(409, str(error)) from error
    except (RoomsError, NotPossibleError) as error:
        raise RefusedError(409, str(error)) from error


def _place(view: RoomView, id_: str) -> PlaceView:
    found = next((each for each in view.places if each.place.id == id_), None)
    if found is None:
        raise RefusedError(404, NO_SUCH_PLACE)
    return found


def _shelves(shelf: Shelf) -> Iterator[ShelfPart]:
    headings = {world.first.policy: _heading(world) for world in shelf if not world.mixed}
    for policy, heading in headings.items():
        yield ShelfPart(heading, tuple(_shown(world) for world in shelf.under(policy)))
    if shelf.mixed:
        yield ShelfPart(MIXED, tuple(_shown(world) for world in shelf.mixed))


def _heading(world: World) -> str:
    policy = world.policies[world.first.policy]
    return f"{policy.publisher}: {policy.title}"


def _shown(world: World) -> Shown:
    each = world.scenario
    return Shown(
        id=each.id,
        title=each.title,
        role=each.role,
        effort=say_effort(each.difficulty, each.minutes),
        aims=tuple(aim.text for aim in each.aims),
    )
