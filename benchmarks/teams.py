"""kill -9 at random moments of turns in Microsoft Teams: is each message answered exactly once?

uv run python benchmarks/teams.py [--kills 50] [--people 4] [--seed 1] [--window 1.5] [--only WAY]

A guide runs as `escalate serve` against a Microsoft on loopback that is as strict as the real one
(tests/teams). Before each kill some people get ready; then all of them send one message each, and
within the window the guide is killed and started again. What each of them was told in all is held
against what somebody is told whose guide is never killed. There are two ways to die:

- guide: the process of `escalate serve`, in which all thinking is done. Its postman lives on for
  the moment in which it finishes what it has in hand.
- machine: the postman too, at the same instant.

A message is

- once: the same words, in the same order;
- lost: some of the words never came;
- twice: some came again. That cannot be helped where Microsoft took a reply at the moment of the
  kill and nobody lived to hear of it. `unheard` counts those: replies that Microsoft has and that
  the records do not know to be sent, once whoever lived on has ended.

Prints one JSON object.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "teams"), str(ROOT / "tests" / "serve"), str(ROOT)]

from fake_microsoft import FakeMicrosoft  # noqa: E402
from running_guide import BEGIN, Guide  # noqa: E402
from teams_guide import Practitioner, all_words, of_person, teams_guide  # noqa: E402

from bot.settings.alone import alone  # noqa: E402

WAYS = ("guide", "machine")
SCRIPTS: dict[str, tuple[tuple[str, ...], str]] = {
    "typed": ((">hello",), ">my escalations"),
    "choice": ((">hello", *BEGIN), "Jersey"),
    "danger": ((">hello", *BEGIN), ">He is hitting her right now"),
    "record": ((), "Yes, record it"),
}
"""For each kind of message: what goes before it, and the message that the kill falls on."""


def ready(make: Callable[[], Practitioner], kind: str) -> Practitioner:
    """Somebody about to send a message of this kind."""
    person = make()
    if kind == "record":
        return person.begin("jersey").finish()
    return person.follow(*SCRIPTS[kind][0])


def send(person: Practitioner, step: str) -> None:
    """Send it and wait for nothing, not even the 202."""
    if step.startswith(">"):
        activity = person.typed(step[1:])
    else:
        person.wait(lambda: bool(person.offered(step)), f"no button {step!r}")
        activity = person.tapped(person.offered(step)[-1])
    person.send(activity, wait=False)


def judged(said: list[str], expected: list[str]) -> str:
    """Whether somebody was told what is to be told, once."""
    if said == expected:
        return "once"
    short = Counter(expected) - Counter(said)
    return "lost" if short else "twice" if Counter(said) - Counter(expected) else "out of order"


def measure(asked: argparse.Namespace, way: str, home: Path) -> dict[str, Any]:
    """Kill as often as asked, and count."""
    chance = random.Random(asked.seed)
    microsoft = FakeMicrosoft(home).start()
    guide = teams_guide(home / "home", microsoft).start()

    def make() -> Practitioner:
        person = Practitioner(
            microsoft, guide.address, guide=guide, resend_after=2, most_attempts=200,
            seconds_patient=300,
        )  # fmt: skip
        person.install()
        return person.settled()

    expected = {}
    for kind, (_, step) in SCRIPTS.items():
        expected[kind] = all_words(ready(make, kind).step(step))
    kinds = list(SCRIPTS)
    counts: Counter[str] = Counter()
    kill = guide.kill if way == "guide" else guide.kill_all
    before = time.monotonic()
    for n in range(asked.kills):
        chosen = [(kind, ready(make, kind)) for kind in (kinds * asked.people)[: asked.people]]
        counts += one_kill(guide, kill, chosen, expected, chance.uniform(0, asked.window))
        print(f"{way}, kill {n + 1}: {dict(counts)}", file=sys.stderr)
    guide.verified()
    guide.kill()
    microsoft.stop()
    return {
        "kills": asked.kills,
        "messages": asked.kills * asked.people,
        **{name: counts[name] for name in ("once", "lost", "twice", "out of order",
                                           "unheard", "recorded twice")},
        "seconds": round(time.monotonic() - before),
    }  # fmt: skip


def one_kill(
    guide: Guide,
    kill: Callable[[], None],
    chosen: list[tuple[str, Practitioner]],
    expected: dict[str, list[str]],
    delay: float,
) -> Counter[str]:
    """Send, kill, start again, and judge."""
    for kind, person in chosen:
        send(person, SCRIPTS[kind][1])
    time.sleep(delay)
    kill()
    with alone(guide.home / "teams-postman.lock", lambda: None):
        counts = Counter({"unheard": sum(unmarked(guide, person) for _, person in chosen)})
    guide.start()
    for kind, person in chosen:
        delivery = person.deliveries[-1]
        if not delivery.done.wait(120) or not delivery.taken:
            counts["never taken"] += 1
        person.settled()
        verdict = judged(all_words(person), expected[kind])
        counts[verdict] += 1
        counts["recorded twice"] += len(of_person(guide, person, "escalation")) > 1
        if verdict != "once":
            print(f"{kind}, killed after {delay:.3f} s: {verdict}", file=sys.stderr)
    return counts


def unmarked(guide: Guide, person: Practitioner) -> int:
    """Replies that Microsoft took and that the records do not know to be taken."""
    marked = [
        row for row in guide.rows("teams_outbox")
        if row["conversation"] == person.conversation
        and row["status"] == "sent" and row["replaces"] is None
    ]  # fmt: skip
    return len(person.heard) - len(marked)


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--window", type=float, default=1.5)
    parser.add_argument("--only", choices=WAYS)
    asked = parser.parse_args()
    os.environ.setdefault("ESCALATE_MODELS", str(ROOT / "var" / "models"))
    found = {}
    for way in WAYS if asked.only is None else (asked.only,):
        with tempfile.TemporaryDirectory() as folder:
            found[way] = measure(asked, way, Path(folder))
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
