"""For every test: workers, patience with a busy machine, compiled code that is kept, and templates.

Where PYTHONDONTWRITEBYTECODE is set, each program that the tests start would compile all of Rasa
anew, for as long as everything else in it takes.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.records.migrate import upgrade
from bot.rooms.rooms import open_rooms

MOST_WORKERS = 4

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A busy machine is no failure.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A worker for each core, for a single file none: it is done before workers have started.

    Two at least, because many tests wait more than they work; each takes about 1 GB of memory.
    """
    named = {Path(each.split("::")[0]) for each in config.args}
    if len(named) == 1 and named.pop().is_file():
        return 0
    return max(2, min(os.cpu_count() or 1, MOST_WORKERS))


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records with nothing in them, to be copied: a copy takes less than the migrations."""
    path = tmp_path_factory.mktemp("records") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def empty_rooms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rooms with nobody in them, to be copied."""
    path = tmp_path_factory.mktemp("rooms") / "template.db"
    open_rooms(f"sqlite:///{path}").close()
    return path
