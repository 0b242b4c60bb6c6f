"""Every policy there is, the invented sixth among them, and every stage of each."""

from pathlib import Path

import pytest

from bot.policy.load import load
from bot.policy.model import Policy

ROOT = Path(__file__).parents[3]
FILES = [
    *sorted((ROOT / "policies").glob("*/*.yml")),
    *sorted((ROOT / "tests" / "cases" / "policies").glob("*/*.yml")),
]
POLICIES: dict[str, Policy] = {policy.id: policy for policy in map(load, FILES)}
STAGES = [(policy, stage) for policy in POLICIES.values() for stage in policy.stages]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`policy` runs a test for every policy, `policy` with `stage` for every stage of each."""
    names = set(metafunc.fixturenames)
    if {"policy", "stage"} <= names:
        ids = [f"{policy.id}-{stage.id}" for policy, stage in STAGES]
        metafunc.parametrize(("policy", "stage"), STAGES, ids=ids)
    elif "policy" in names:
        metafunc.parametrize("policy", POLICIES.values(), ids=POLICIES)


@pytest.fixture(scope="session")
def policies() -> dict[str, Policy]:
    return POLICIES
