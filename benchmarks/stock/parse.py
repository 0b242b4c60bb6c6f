"""Times the pipeline of `rasa init`: a line of JSON in, how long it took to understand out."""

import asyncio
import json
import logging
import os
import shutil
import sys
import time
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false"}

import rasa
from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.utils.log_utils import configure_structlog

PROJECT = Path(__file__).parents[2] / "var" / "stock"


def main() -> None:
    """Train once, then answer every line with the seconds it took."""
    answers, sys.stdout = sys.stdout, sys.stderr
    logging.disable(logging.WARNING)
    configure_structlog(logging.WARNING)
    if not PROJECT.exists():
        shutil.copytree(Path(rasa.__file__).parent / "cli" / "initial_project", PROJECT)
    models = PROJECT / "models"
    if not list(models.glob("*.gz")):
        files = {name: str(PROJECT / name) for name in ("config.yml", "data/nlu.yml", "domain.yml")}
        train_nlu(
            files["config.yml"], files["data/nlu.yml"], str(models), domain=files["domain.yml"]
        )
    agent = Agent.load(str(next(models.glob("*.gz"))))
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        text = json.loads(line)
        begun = time.perf_counter()
        asyncio.run(agent.parse_message(text))
        print(time.perf_counter() - begun, file=answers, flush=True)


if __name__ == "__main__":
    main()
