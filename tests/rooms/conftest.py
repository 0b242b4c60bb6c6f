"""Rooms of one test on both databases, the scenario of Jersey, and people in it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from uuid import uuid4

import pytest

from bot.policy.library import Library, load_library
from bot.rehearsal.load import load
from bot.rehearsal.state import Entry
from bot.rehearsal.world import World
from bot.rooms.rooms import Rooms, open_rooms
from bot.rooms.views import Acted, Led, Opened, Place

ROOT = Path(__file__).parents[2]
spec = spec_from_file_location("records_conftest", ROOT / "tests" / "records" / "conftest.py")
records = module_from_spec(spec)
spec.loader.exec_module(records)
engine_name, empty_url = records.engine_name, records.empty_url
postgresql_server = records.postgresql_server
NOW = datetime(2026, 11, 12, 16, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rooms") / "template.db"
    open_rooms(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    name = f"escalate_test_{uuid4().hex[:12]}"
    records.run_on_server(f"CREATE DATABASE {name}")
    try:
        open_rooms(f"{postgresql_server}/{name}").close()
        yield name
    finally:
        records.run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an up-to-date database of rehearsals with nothing in it."""
    if engine_name == "sqlite":
        path = tmp_path / "rehearsals.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgresql_template")
    name = f"escalate_test_{uuid4().hex[:12]}"
    records.run_on_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{records.SERVER}/{name}"
    records.run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def rooms(url: str) -> Iterator[Rooms]:
    with open_rooms(url) as opened:
        yield opened


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(ROOT / "policies")


@pytest.fixture(scope="session")
def world(library: Library) -> World:
    return load(ROOT / "rehearsals" / "jersey_before_christmas.yml", library)


@pytest.fixture
def now() -> datetime:
    return NOW


class Group:
    """A led session and everybody in it, called with no more than a test is about."""

    def __init__(self, rooms: Rooms, world: World, library: Library) -> None:
        self.rooms, self.library, self.minutes = rooms, library, 0
        self.opened: Opened = rooms.open_led(world=world, now=NOW)
        self.leader = {"room_id": self.opened.room.id, "key": self.opened.key}

    def tick(self) -> datetime:
        self.minutes += 1
        return NOW + timedelta(minutes=self.minutes)

    def join(self, holder: str) -> Place:
        return self.rooms.join(
            code=self.opened.room.code, holder=holder, now=self.tick(), library=self.library
        )

    def act(self, place: Place, holder: str, kind: str, what: str = "", **given: str) -> Acted:
        return self.rooms.act(
            place_id=place.id,
            holder=holder,
            entry=Entry(kind, what),
            now=self.tick(),
            library=self.library,
            **{"message_id": uuid4().hex, **given},
        )

    def lead(self, kind: str, what: str = "", **given: str) -> Led:
        return self.rooms.lead(
            **self.leader, entry=Entry(kind, what), now=self.tick(), library=self.library, **given
        )

    def lead_one(self, place: Place, kind: str, what: str = "") -> Led:
        return self.rooms.lead_one(
            **self.leader,
            place_id=place.id,
            entry=Entry(kind, what),
            now=self.tick(),
            library=self.library,
        )

    def catch_up(self, place: Place, holder: str) -> Acted:
        return self.rooms.catch_up(place_id=place.id, holder=holder, library=self.library)

    def room(self):
        return self.rooms.room(**self.leader, library=self.library)


@pytest.fixture
def group(rooms: Rooms, world: World, library: Library) -> Group:
    return Group(rooms, world, library)


@pytest.fixture
def texts() -> Callable[[Acted], list[str]]:
    """The words of what was told."""

    def read(acted: Acted) -> list[str]:
        return [scene.text for scene in acted.scenes if hasattr(scene, "text")]

    return read
