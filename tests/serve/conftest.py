"""A running guide, shared by the tests of a file; each test has its own people."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from running_guide import Guide, Person


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """A running guide; a test that kills it starts it again."""
    started = Guide(tmp_path_factory.mktemp("home")).start()
    yield started
    started.kill()


@pytest.fixture
def person(guide: Guide) -> Person:
    """Somebody who has just opened the page."""
    return Person(guide.address).open()
