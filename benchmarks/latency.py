"""How long understanding takes: the assistant's whole pipeline beside that of `rasa init`.

uv run python benchmarks/latency.py [--messages 120] [--rounds 3]

The two take turns, message by message, so that the machine's mood falls on both alike. The stock
pipeline (TensorFlow, DIET) runs in an environment of its own: benchmarks/stock.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import time
from pathlib import Path

from messages import read
from rasa.core.agent import Agent

from bot.engine.serve import quiet
from bot.engine.training import model_for
from bot.settings import Settings

STOCK = Path(__file__).parent / "stock"
LONGEST = 400
"""Characters of a message: both read no more."""


def main() -> None:
    """Measure, and print the median of each and of their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    quiet()
    agent = Agent.load(str(model_for(Settings.from_environment(os.environ), print)))
    texts = [each.text[:LONGEST] for each in read("development")]
    texts = random.Random(7).sample(texts, asked.messages)
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    command = ["uv", "run", "--quiet", "--project", str(STOCK), "python", str(STOCK / "parse.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
    ) as stock:
        assert stock.stdin is not None
        assert stock.stdout is not None
        assert stock.stdout.readline().strip() == "ready"
        ours, theirs = [], []
        for text in [*texts[:10], *texts * asked.rounds]:
            begun = time.perf_counter()
            asyncio.run(agent.parse_message(text))
            ours.append(time.perf_counter() - begun)
            print(json.dumps(text), file=stock.stdin, flush=True)
            theirs.append(float(stock.stdout.readline()))
        stock.stdin.close()
    ours, theirs = ours[10:], theirs[10:]
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    print(
        json.dumps(
            {
                "ours_ms": round(statistics.median(ours) * 1000, 1),
                "stock_ms": round(statistics.median(theirs) * 1000, 1),
                "ours_to_stock": round(statistics.median(ratios), 2),
                "ours_to_stock_mean": round(sum(ours) / sum(theirs), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
