"""How long a crowd in Microsoft Teams waits for the 202: messages first, or as they come.

uv run python benchmarks/crowd.py [--people 200] [--rounds 5]

Two guides run as `escalate serve` against a Microsoft on loopback (tests/teams). One is the guide
as it is: whoever is at the door goes first, those who arrive together are written together, and
one turn is taken at a time. The other does what it did before: eight turns at once, and each
message is written by itself, by the threads that also write for the turns. In each round a crowd
says hello to one of them, and until all are answered somebody else writes again and again:
how long does each of those wait for the 202? Then it is the other's turn. Real Teams sends a
message again when it has no 202 after 15 seconds.

Prints one JSON object.
"""

import argparse
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "teams"), str(ROOT / "tests" / "serve"), str(ROOT)]

from fake_microsoft import FakeMicrosoft  # noqa: E402
from running_guide import Guide  # noqa: E402
from teams_guide import Practitioner, teams_guide  # noqa: E402

from bot.channels.teams import worker  # noqa: E402
from bot.channels.teams.arriving.door import Door  # noqa: E402
from bot.cli import app  # noqa: E402
from bot.records import teams  # noqa: E402

AS_BEFORE = "--as-before"
SECONDS_PATIENT = 600


def serve_as_before(arguments: Sequence[str]) -> None:
    """`escalate` as it was before messages went first."""
    begin = worker.Worker.__init__

    def with_one_pool(self: worker.Worker, *args: Any, **named: Any) -> None:
        begin(self, *args, **named)
        self._door.take = lambda arrived, *, now: self.record(  # type: ignore[method-assign]
            teams.take_in, arrived, now=now
        )

    async def at_once(_: Door) -> None:
        """Nobody waits for the door."""

    worker.TURNS_AT_ONCE = 8
    worker.Worker.__init__ = with_one_pool  # type: ignore[method-assign]
    Door.quiet = at_once  # type: ignore[method-assign]
    app(list(arguments))


def measure(people: int, rounds: int, home: Path) -> dict[str, Any]:
    """Both ways in each round, and the ratios of what they took."""
    microsoft = FakeMicrosoft(home).start()
    guides = {
        "before": teams_guide(
            home / "before", microsoft, (sys.executable, Path(__file__).resolve(), AS_BEFORE)
        ),
        "after": teams_guide(home / "after", microsoft),
    }
    try:
        took = in_turn(microsoft, guides, people, rounds)
    finally:
        for guide in guides.values():
            guide.kill()
        microsoft.stop()
    return {"people": people, "rounds": rounds, **compared(took)}


def in_turn(
    microsoft: FakeMicrosoft, guides: dict[str, Guide], people: int, rounds: int
) -> dict[str, list[dict[str, float]]]:
    """What each round of each way took; the first way in one round is the last in the next."""
    crowds: dict[str, list[Practitioner]] = {}
    took: dict[str, list[dict[str, float]]] = {way: [] for way in guides}
    with ThreadPoolExecutor(people) as pool:
        for way, guide in guides.items():
            guide.start()
            crowds[way] = [
                Practitioner(microsoft, guide.address, resend_after=SECONDS_PATIENT, guide=guide)
                for _ in range(people + 1)
            ]
            list(pool.map(lambda person: person.install(), crowds[way]))
            answered(guide)
        for n in range(rounds):
            for way in guides if n % 2 else reversed(guides):
                late, *crowd = crowds[way]
                took[way].append(one_round(pool, guides[way], crowd, late))
                print(f"round {n + 1}, {way}: {took[way][-1]}", file=sys.stderr)
    return took


def backlog(guide: Guide, beside: str = "") -> int:
    """What is still to be answered or sent, in every conversation but one."""
    where = f"file:{guide.home / 'escalations.db'}?mode=ro"
    waiting = " + ".join(
        f"(SELECT count(*) FROM {table} WHERE status = 'waiting' AND conversation <> :beside)"
        for table in ("teams_inbox", "teams_outbox")
    )
    with closing(sqlite3.connect(where, uri=True, timeout=30)) as records:
        return int(records.execute(f"SELECT {waiting}", {"beside": beside}).fetchone()[0])


def answered(guide: Guide) -> None:
    """Wait until nothing is left to be answered."""
    until = time.monotonic() + SECONDS_PATIENT
    while backlog(guide):
        assert time.monotonic() < until, "never answered"
        time.sleep(0.2)


def one_round(
    pool: ThreadPoolExecutor, guide: Guide, crowd: list[Practitioner], late: Practitioner
) -> dict[str, float]:
    """The crowd says hello. Until all have their answers, somebody else writes again and again."""
    began = time.monotonic()
    list(pool.map(lambda person: person.say("hello"), crowd))
    waited = []
    while backlog(guide, late.conversation):
        waited.append(late.deliver(late.typed("hello")).seconds)
        time.sleep(0.5)
    took = time.monotonic() - began
    answered(guide)
    waited.sort()
    return {
        "median": round(statistics.median(waited), 3),
        "95th": round(waited[int(0.95 * (len(waited) - 1))], 3),
        "worst": round(waited[-1], 3),
        "crowd_answered": round(took, 1),
    }


def compared(took: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """The medians of each way, and the median of the ratios of each round."""
    found: dict[str, Any] = {}
    for name in took["after"][0]:
        before, after = ([each[name] for each in took[way]] for way in ("before", "after"))
        found[name] = {
            "before_s": round(statistics.median(before), 2),
            "after_s": round(statistics.median(after), 2),
            "times_faster": round(
                statistics.median(b / a for b, a in zip(before, after, strict=True)), 1
            ),
        }
    return found


def main() -> None:
    """Measure, and print one JSON object."""
    if sys.argv[1:2] == [AS_BEFORE]:
        serve_as_before(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    os.environ.setdefault("ESCALATE_MODELS", str(ROOT / "var" / "models"))
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(asked.people, asked.rounds, Path(folder)), indent=2))


if __name__ == "__main__":
    main()
