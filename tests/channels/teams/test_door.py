"""The door: together in one transaction, each with its own outcome, and nobody waits for ever."""

import asyncio
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from bot.channels.teams.arriving import door
from bot.channels.teams.arriving.door import Door
from bot.records import teams
from bot.records.database import open_database
from bot.records.errors import DatabaseUnavailableError
from bot.records.teams import Arrived

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


class Counting:
    """Records that count their transactions and can be away."""

    def __init__(self, database):
        self._database, self.transactions, self.away = database, 0, False

    @contextmanager
    def session(self):
        self.transactions += 1
        if self.away:
            raise DatabaseUnavailableError("away")
        with self._database.session() as session:
            yield session


@pytest.fixture
def records(records_url):
    with open_database(records_url) as database:
        yield Counting(database)


@pytest.fixture
async def ours(records):
    made = Door(lambda: records)
    yield made
    await made.close()


def message(n):
    return Arrived(
        name=f"m{n}", person=f"p{n}", conversation=f"a:{n}", service_url="https://x.example/",
        bot="28:b", account="29:a", activity=f"m{n}", kind="message", value={"text": "hello"},
    )  # fmt: skip


async def taken(door, *messages):
    waiting = (door.take(each, now=NOW) for each in messages)
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_those_who_arrive_together_are_written_together_each_once(ours, records):
    assert await taken(ours, *(message(n) for n in range(20)), message(3)) == [True] * 20 + [False]
    assert records.transactions == 1
    assert await taken(ours, message(5), message(21)) == [False, True]
    assert records.transactions == 2


async def test_a_great_crowd_comes_in_by_parts(ours, records, monkeypatch):
    monkeypatch.setattr(door, "MOST_TOGETHER", 8)
    assert await taken(ours, *(message(n) for n in range(20))) == [True] * 20
    assert records.transactions == 3


async def test_one_that_cannot_be_kept_keeps_nobody_else_out(ours, monkeypatch):
    take_in = teams.take_in

    def fussy(session, arrived, *, now):
        if arrived.name == "m2":
            raise ValueError("not this one")
        return take_in(session, arrived, now=now)

    monkeypatch.setattr(teams, "take_in", fussy)
    first, bad, last = await taken(ours, *(message(n) for n in (1, 2, 3)))
    assert (first, last) == (True, True)
    assert str(bad) == "not this one"


async def test_where_the_records_are_away_all_are_told_after_one_try(ours, records):
    records.away = True
    outcomes = await taken(ours, *(message(n) for n in range(20)))
    assert {type(each) for each in outcomes} == {DatabaseUnavailableError}
    assert records.transactions == 1
    records.away = False
    assert await taken(ours, message(1)) == [True]


async def test_who_does_not_wait_for_it_is_kept_all_the_same(ours):
    gone = asyncio.create_task(ours.take(message(1), now=NOW))
    await asyncio.sleep(0)
    gone.cancel()
    assert await taken(ours, message(2)) == [True]
    assert await taken(ours, message(1)) == [False]


async def test_after_it_was_closed_nobody_is_left_waiting(ours):
    await ours.close()
    outcomes = await asyncio.wait_for(taken(ours, message(1), message(2)), 5)
    assert {type(each) for each in outcomes} == {RuntimeError}


async def test_it_is_quiet_once_the_last_has_come_in(ours, monkeypatch):
    monkeypatch.setattr(door, "PATIENCE", 30)
    await ours.quiet()
    with ours.opened():
        with ours.opened():
            waiting = asyncio.create_task(ours.quiet())
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)
        assert not waiting.done()
    await waiting


async def test_answers_do_not_wait_for_ever(ours, monkeypatch):
    monkeypatch.setattr(door, "PATIENCE", 0.01)
    with ours.opened():
        await ours.quiet()
