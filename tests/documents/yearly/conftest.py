"""A year's cases and figures for every test of this folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from bot.documents.statistics import Statistics, statistics_of


@pytest.fixture(scope="session")
def jersey(library):
    return library.get("jersey")


@pytest.fixture(scope="session")
def count(library, now):
    """The figures of cases; small numbers are shown unless `suppress` asks otherwise."""

    def run(found, *, policy_id="jersey", year=2026, suppress=False, **more) -> Statistics:
        return statistics_of(
            found, more.get("library", library), policy_id=policy_id, year=year,
            now=more.get("now", now), suppress=suppress,
        )  # fmt: skip

    return run
