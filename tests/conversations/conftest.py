"""The real assistant: its model trained once, for each test an empty record and a fixed time."""

import os
import shutil
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mail import SENDER, Office, opened
from paths import Walker
from rasa.core.agent import Agent
from talk import Talk
from weeks import Weeks

from actions.rooms import RehearsalSurroundings, set_up_rehearsals
from actions.surroundings import Surroundings, set_up
from bot.engine.assistant import load_assistant
from bot.engine.serve import quiet
from bot.engine.training import model_for
from bot.policy.library import Library, load_library
from bot.records.database import Database, open_database
from bot.rehearsal.shelf import Shelf, load_shelf
from bot.reminders.mail import Mailer
from bot.rooms.rooms import open_rooms
from bot.settings import Settings

WEDNESDAY = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


class Clock:
    """The present instant of the records and the dates, moved by hand."""

    def __init__(self) -> None:
        self.at = WEDNESDAY

    def __call__(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings.from_environment(os.environ)


@pytest.fixture(scope="session")
def model(settings: Settings) -> Path:
    """The model of the files as they are: the one that `escalate serve` would use."""
    quiet()
    return model_for(settings, print)


@pytest.fixture(scope="session")
def library(settings: Settings) -> Library:
    return load_library(settings.policies_dir)


@pytest.fixture(scope="session")
def conversations_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('conversations') / 'conversations.db'}"


@pytest.fixture(scope="session")
def started(model: Path, conversations_url: str) -> Callable[[], Agent]:
    """Starts the assistant, as if its process began anew."""

    def start() -> Agent:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Rasa's own old code, as it loads
            return load_assistant(model, conversations_url)

    return start


@pytest.fixture(scope="session")
def assistant(started: Callable[[], Agent]) -> Agent:
    return started()


@pytest.fixture
def records_file(empty_records: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(empty_records, tmp_path / "escalations.db"))


@pytest.fixture
def database(records_file: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{records_file}") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def around(library: Library, database: Database, clock: Clock) -> Iterator[Surroundings]:
    given = Surroundings(library, database, now=clock)
    set_up(given)
    yield given
    set_up(None)


@pytest.fixture(scope="session")
def shelf(settings: Settings, library: Library) -> Shelf:
    return load_shelf(settings.rehearsals_dir, library)


@pytest.fixture
def rehearsals(
    library: Library, shelf: Shelf, empty_rooms: Path, clock: Clock, tmp_path: Path
) -> Iterator[RehearsalSurroundings]:
    """The rooms, empty, with the clock of the records."""
    path = shutil.copy(empty_rooms, tmp_path / "rehearsals.db")
    with open_rooms(f"sqlite:///{path}") as rooms:
        given = RehearsalSurroundings(library, shelf, rooms, clock)
        set_up_rehearsals(given)
        yield given
        set_up_rehearsals(None)


@pytest.fixture
def talk(assistant: Agent, around: Surroundings, rehearsals: RehearsalSurroundings) -> Talk:
    return Talk(assistant)


@pytest.fixture
def walker(talk: Talk, around: Surroundings) -> Walker:
    return Walker(talk, around)


@pytest.fixture
def another(assistant: Agent, around: Surroundings) -> Callable[[], Walker]:
    """More people, each with a conversation of their own."""
    return lambda: Walker(Talk(assistant), around)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def mailer(office: Office) -> Iterator[Mailer]:
    with opened(office) as given:
        yield given


@pytest.fixture
def weeks(
    talk: Talk, around: Surroundings, clock: Clock, office: Office, mailer: Mailer
) -> Callable[..., Awaitable[Weeks]]:
    """Records a case on a day, with reminders by mail to the person and the manager."""
    given = replace(around, mail_from=SENDER)
    set_up(given)

    async def begin(day: date, zone: str, **prefer: str) -> Weeks:
        began = Weeks(Walker(talk, given), clock, ZoneInfo(zone), office, mailer)
        began.at(day)
        await began.walker.begin()
        began.reference = await began.walker.record(prefer)
        await began.choose_mail()
        return began

    return begin
