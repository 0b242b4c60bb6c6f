"""CPU time of one turn of the walk: Rasa's check of action results built once, or at every call.

uv run python benchmarks/turns.py [--rounds 6]

Both ways take turns in one process, so that the machine's mood falls on both alike.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels.sealed import Tap
from bot.engine.assistant import load_assistant
from bot.engine.in_process import check_with_one_validator
from bot.engine.readiness import make_ready
from bot.engine.serve import quiet
from bot.engine.training import model_for
from bot.settings import Settings

WALK = (
    Tap("begin", "start_walk"),
    Tap("no", "choose", {"q": "imminent", "raw": "no"}),
    Tap("Jersey", "choose", {"q": "policy", "raw": "jersey"}),
    Tap("a child", "choose", {"q": "matter", "raw": "child"}),
    Tap("risk", "choose", {"q": "area", "raw": "risk"}),
    Tap("stage 1", "choose", {"q": "stage", "raw": "s1"}),
    Tap("12 November", "choose", {"q": "stage1_began", "raw": "2026-11-12"}),
    "They closed the case without a visit",
    Tap("health", "choose", {"q": "our_agency", "raw": "health"}),
    Tap("children's social care", "choose", {"q": "their_agency", "raw": "childrens_social_care"}),
    Tap("record it", "choose", {"q": "check", "raw": "record"}),
)


async def walk(agent: Agent) -> float:
    """CPU milliseconds of a turn, over one whole walk to a recorded escalation."""
    person, begun = f"benchmark-{uuid4()}", time.process_time()
    output = CollectingOutputChannel()
    for step in WALK:
        text, data = (step, None) if isinstance(step, str) else (step.title, step.parse_data())
        message = UserMessage(text, output, person, parse_data=data, message_id=str(uuid4()))
        await agent.handle_message(message)
    if not any("Recorded as" in (reply.get("text") or "") for reply in output.messages):
        raise SystemExit("The walk did not end in a record: nothing was measured.")
    return (time.process_time() - begun) / len(WALK) * 1000


async def compare(agent: Agent, rounds: int) -> dict[str, float]:
    """The median of each way and the median of their ratios."""
    built_at_every_call = ORIGINAL
    check_with_one_validator()
    built_once = RemoteAction._validate_action_result
    await walk(agent)
    once, anew = [], []
    for _ in range(rounds):
        RemoteAction._validate_action_result = built_once
        once.append(await walk(agent))
        RemoteAction._validate_action_result = built_at_every_call
        anew.append(await walk(agent))
    ratios = [slow / fast for slow, fast in zip(anew, once, strict=True)]
    return {
        "built_once_ms": round(statistics.median(once), 1),
        "built_at_every_call_ms": round(statistics.median(anew), 1),
        "times_faster": round(statistics.median(ratios), 1),
    }


ORIGINAL = RemoteAction._validate_action_result


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        environ = {"ESCALATE_HOME": home, "ESCALATE_MODELS": str(Path("var/models").resolve())}
        settings = Settings.from_environment(environ)
        make_ready(settings)
        quiet()
        model = model_for(settings, print)
        os.environ.update(environ)  # the actions read their settings from it
        agent = load_assistant(model, settings.conversations_url)
        print(json.dumps(asyncio.run(compare(agent, rounds))))


if __name__ == "__main__":
    main()
