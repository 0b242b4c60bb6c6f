"""What is due and what is overdue among a million time limits: with the indexes and without.

uv run python benchmarks/reminders.py [--clocks 1000000] [--rounds 15] [--postgresql URL]

Of every hundred limits one still runs, as after some years, and one in fifty of those is near its
date or past it. The questions are those of the sweep (bot/reminders/finding.py). Both ways take
turns in one run, in one database. "Without" asks the very same question and forbids the indexes:
NOT INDEXED on SQLite, enable_indexscan = off on PostgreSQL. The database is vacuumed first, as
PostgreSQL does by itself when rows have come in: only then can an index answer alone.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, create_engine, insert, text

from bot.databases.engine import make_engine, parse_url
from bot.records.migrate import upgrade
from bot.records.tables import ClockRow, EscalationRow

TODAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
RUNS = "status IN ('running', 'extended')"
QUESTIONS = {
    "due_or_overdue_days": f"SELECT id FROM clock{{how}} WHERE {RUNS} AND due_on <= '2026-11-19'",
    "due_or_overdue_instants": (
        f"SELECT id FROM clock{{how}} WHERE {RUNS} AND due_at < '2026-11-20 00:00:00'"
    ),
    "overdue_count": f"SELECT count(*) FROM clock{{how}} WHERE {RUNS} AND due_on < '2026-11-18'",
}
CHUNK = 10_000


def clock(n: int) -> dict[str, Any]:
    """The nth limit: four to a case, every second one an instant."""
    runs, near = n % 100 < 1, n % 5000 < 100
    days = -(n // 5000 % 30) if near else 3 + n // 5000 % 60
    due = days if runs else -1 - n % 900
    instant = n // 5000 % 2 == 1
    return {
        "escalation_id": f"case-{n // 4}", "stage": "s1", "key": f"clock-{n % 4}", "what": "reply",
        "owner": "Manager", "event": "told", "event_at": NOON,
        "due_on": None if instant else TODAY + timedelta(days=due),
        "due_at": NOON + timedelta(days=due) if instant else None,
        "words": "within 5 working days", "strength": "should", "basis": "stated",
        "indicative": False, "citation": "s.7 Stage 2",
        "convention": "Day 1 is the first working day after Thursday 12 November 2026.",
        "status": "running" if runs else "met",
    }  # fmt: skip


def case(n: int) -> dict[str, Any]:
    """The nth case."""
    return {
        "id": f"case-{n}", "reference": f"ESC-{n}", "person": f"person-{n % 5000}",
        "policy_id": "sandwell", "policy_version": "2026", "policy_hash": "ab", "subject": "child",
        "side": "raising", "status": "open", "raised_on": TODAY, "created_at": NOON,
    }  # fmt: skip


def fill(connection: Connection, many: int) -> None:
    """`many` limits, and the cases they belong to."""
    for table, make, count in ((EscalationRow, case, many // 4), (ClockRow, clock, many)):
        for start in range(0, count, CHUNK):
            rows = [make(n) for n in range(start, min(start + CHUNK, count))]
            connection.execute(insert(table.__table__), rows)


def without_indexes(connection: Connection, question: str) -> str:
    """The question put so that no index may be used."""
    if connection.dialect.name == "sqlite":
        return question.format(how=" NOT INDEXED")
    for kind in ("indexscan", "indexonlyscan", "bitmapscan"):
        connection.execute(text(f"SET enable_{kind} = off"))
    return question.format(how="")


def with_indexes(connection: Connection, question: str) -> str:
    """The question as it is; refuses to measure it if the database would use no index."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("RESET ALL"))
    plain = question.format(how="")
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    plan = " ".join(str(row) for row in connection.execute(text(f"{explain} {plain}")))
    alone = "COVERING INDEX" if connection.dialect.name == "sqlite" else "Index Only Scan"
    if alone not in plan or "ix_clock" not in plan:
        raise SystemExit(f"No index answers this alone, so there is nothing to compare: {plan}")
    return plain


def seconds(connection: Connection, statement: str, times: int = 1) -> tuple[float, int]:
    """How long an answer takes, by the median of some times, and its size or its count."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        rows = connection.execute(text(statement)).all()
        took.append(time.perf_counter() - began)
    return statistics.median(took), rows[0][0] if "count" in statement else len(rows)


def compare(connection: Connection, rounds: int) -> dict[str, Any]:
    """For each question the medians, and the median of the ratios of each round."""
    found = {}
    for name, question in QUESTIONS.items():
        fast, slow = [], []
        for _ in range(rounds):
            statement = with_indexes(connection, question)
            # so short that one could fall into another program's turn
            took, answer = seconds(connection, statement, times=21)
            fast.append(took)
            took, same = seconds(connection, without_indexes(connection, question))
            slow.append(took)
            if same != answer:
                raise SystemExit(f"The two ways differ: {answer} and {same}.")
        found[name] = {
            "found": answer,
            "with_ms": round(statistics.median(fast) * 1000, 3),
            "without_ms": round(statistics.median(slow) * 1000, 1),
            "times_faster": round(
                statistics.median(b / a for a, b in zip(fast, slow, strict=True))
            ),
        }
    return found


@contextmanager
def postgresql(server: str) -> Iterator[str]:
    """A database of our own, dropped afterwards."""
    name = f"escalate_benchmark_{uuid4().hex[:12]}"
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def tidy(url: str) -> None:
    """Gather the figures by which the database plans, and mark what every reader may see."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in ("VACUUM", "ANALYZE"):
            connection.execute(text(statement))
    engine.dispose()


def measure(url: str, many: int, rounds: int) -> dict[str, Any]:
    """Fill a new database and ask it."""
    upgrade(url)
    engine = make_engine(parse_url(url))
    with engine.begin() as connection:
        fill(connection, many)
    tidy(url)
    with engine.connect() as connection:
        found = compare(connection, rounds)
    engine.dispose()
    return found


def main() -> None:
    """Measure both databases, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    server = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://postgres@127.0.0.1:5432")
    parser.add_argument("--postgresql", default=server)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lite = measure(f"sqlite:///{folder}/benchmark.db", asked.clocks, asked.rounds)
    with postgresql(asked.postgresql) as url:
        big = measure(url, asked.clocks, asked.rounds)
    print(json.dumps({"clocks": asked.clocks, "sqlite": lite, "postgresql": big}, indent=2))


if __name__ == "__main__":
    main()
