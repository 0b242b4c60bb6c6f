"""Microsoft on loopback, and a guide that has Teams set up, for the tests of this folder."""

import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from uuid import uuid4

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "serve"))
sys.path.insert(0, str(Path(__file__).parent))

from fake_microsoft import FakeMicrosoft
from running_guide import Guide
from teams_guide import SECONDS_TO_RESEND, Practitioner, teams_guide

spec = spec_from_file_location(
    "records_conftest", Path(__file__).parents[1] / "records" / "conftest.py"
)
records = module_from_spec(spec)
spec.loader.exec_module(records)
postgresql_server = records.postgresql_server


@pytest.fixture
def microsoft(tmp_path: Path) -> Iterator[FakeMicrosoft]:
    """A running fake of its own."""
    running = FakeMicrosoft(tmp_path).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def shared_microsoft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeMicrosoft]:
    """The fake that the guide of a file talks to."""
    running = FakeMicrosoft(tmp_path_factory.mktemp("microsoft")).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which database the guide of a file has; a file may ask for both."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="module")
def databases(engine_name: str, request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Where its records and conversations are: in its home, or in two databases of a server."""
    if engine_name == "sqlite":
        yield {}
        return
    server = request.getfixturevalue("postgresql_server")
    made = {
        variable: f"escalate_test_{uuid4().hex[:12]}"
        for variable in ("ESCALATE_DATABASE_URL", "ESCALATE_CONVERSATIONS_URL")
    }
    records.run_on_server(*(f"CREATE DATABASE {name}" for name in made.values()))
    yield {variable: f"{server}/{name}" for variable, name in made.items()}
    records.run_on_server(*(f"DROP DATABASE {name} WITH (FORCE)" for name in made.values()))


@pytest.fixture(scope="module")
def guide(
    shared_microsoft: FakeMicrosoft,
    databases: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Guide]:
    """A running guide; a test that kills it starts it again."""
    home = tmp_path_factory.mktemp("home")
    started = teams_guide(home, shared_microsoft, **databases).start()
    yield started
    started.kill()


@pytest.fixture
def somebody(guide: Guide, shared_microsoft: FakeMicrosoft) -> Callable[[], Practitioner]:
    """Makes people who have just installed the app and read the welcome."""

    def make() -> Practitioner:
        person = Practitioner(
            shared_microsoft, guide.address, resend_after=SECONDS_TO_RESEND, guide=guide,
            most_attempts=30,
        )  # fmt: skip
        person.install()
        return person.settled()

    return make


@pytest.fixture
def person(somebody: Callable[[], Practitioner]) -> Practitioner:
    """One of them."""
    return somebody()
