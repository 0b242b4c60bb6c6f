"""Every policy there is, the invented sixth among them, and every stage of each."""

from pathlib import Path

import pytest

from bot.escalation.questions import offered_stages
from bot.policy.load import load
from bot.policy.model import Policy

ROOT = Path(__file__).parents[3]
FILES = [
    *sorted((ROOT / "policies").glob("*/*.yml")),
    *sorted((ROOT / "tests" / "cases" / "policies").glob("*/*.yml")),
]
POLICIES: dict[str, Policy] = {policy.id: policy for policy in map(load, FILES)}
STAGES = [(policy, stage) for policy in POLICIES.values() for stage in policy.stages]
OFFERED = [(policy, stage) for policy in POLICIES.values() for stage in offered_stages(policy)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`policy` runs a test for every policy, with `stage` for every stage of each.

    `offered` is a stage that a practitioner can choose: the others come by a fork.
    """
    names = set(metafunc.fixturenames)
    for name, pairs in (("stage", STAGES), ("offered", OFFERED)):
        if name in names:
            ids = [f"{policy.id}-{stage.id}" for policy, stage in pairs]
            metafunc.parametrize(("policy", name), pairs, ids=ids)
            return
    if "policy" in names:
        metafunc.parametrize("policy", POLICIES.values(), ids=POLICIES)


@pytest.fixture(scope="session")
def policies() -> dict[str, Policy]:
    return POLICIES
