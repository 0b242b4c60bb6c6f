"""Microsoft on loopback, and a guide that has Teams set up, for the tests of this folder."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "serve"))
sys.path.insert(0, str(Path(__file__).parent))

from fake_microsoft import FakeMicrosoft
from running_guide import Guide
from teams_guide import SECONDS_TO_RESEND, Practitioner, teams_guide


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
def guide(
    shared_microsoft: FakeMicrosoft, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guide]:
    """A running guide; a test that kills it starts it again."""
    started = teams_guide(tmp_path_factory.mktemp("home"), shared_microsoft).start()
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
