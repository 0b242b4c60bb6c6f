"""The real pipeline, with the model that `escalate serve` would use."""

import asyncio
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent

from bot.engine.serve import quiet
from bot.engine.training import model_for
from bot.settings import Settings

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

Parsed = dict[str, Any]


@pytest.fixture(scope="session")
def understand() -> Callable[[str], Parsed]:
    """What the assistant makes of a message."""
    quiet()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Rasa's own old code, as it loads
        agent = Agent.load(str(model_for(Settings.from_environment(os.environ), print)))
    return lambda text: asyncio.run(agent.parse_message(text))
