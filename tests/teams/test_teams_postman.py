"""The postman as a process of its own: what it sends, how it ends, and what its end costs."""

import asyncio
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvloop
from chats import Fault
from seen import words
from teams_guide import settings as teams_settings
from teams_person import Person

from bot.channels.teams.posting.connector import Address
from bot.channels.teams.posting.post import Postman
from bot.channels.teams.posting.sending import NotSentError
from bot.records import teams, teams_outbox
from bot.records.database import open_database
from bot.records.migrate import upgrade
from bot.records.teams_outbox import NewActivity
from bot.settings import Settings
from bot.settings.alone import alone


@pytest.fixture
def settings(microsoft, tmp_path, monkeypatch):
    for name, value in microsoft.environment.items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "home"
    home.mkdir()
    return Settings.from_environment({"ESCALATE_HOME": str(home), **teams_settings(microsoft)})


@pytest.fixture
def records(settings):
    upgrade(settings.database_url)
    with open_database(settings.database_url) as database:
        yield database


@pytest.fixture
async def postman(settings, records):
    called = Postman(settings)
    yield called
    for process in processes_of(settings.home):
        os.kill(process, signal.SIGKILL)
    await called.close()


@pytest.fixture
def anna(microsoft, records):
    """Somebody who has the app, as the records know her."""
    person = Person(microsoft, "http://127.0.0.1:9/")
    microsoft.connector.add(person.user, person.tenant, person.conversation)
    arrived = teams.Arrived(
        name="installed", person="entra:anna", conversation=person.conversation,
        service_url=microsoft.service_url, bot=microsoft.connector.bot_id, account=person.user,
        activity=None, kind="message", value={"text": "hello"},
    )  # fmt: skip
    with records.session() as session:
        teams.take_in(session, arrived, now=datetime.now(UTC))
    return person


@pytest.fixture
def put(records, anna):
    def waiting(*texts):
        activities = [NewActivity(body={"type": "message", "text": text}) for text in texts]
        with records.session() as session:
            teams_outbox.put_message(
                session, person="entra:anna", activities=activities, now=datetime.now(UTC)
            )

    return waiting


def told(person):
    return [words(taken.activity) for taken in person.heard]


def still_waiting(records, person):
    with records.session() as session:
        later = datetime.max.replace(tzinfo=UTC)
        found = teams_outbox.next_to_send(session, conversation=person.conversation, now=later)
    return None if found is None else found.body["text"]


def processes_of(home):
    """The postmen that have the lock of a home open."""
    return [int(each.name) for each in Path("/proc").glob("[0-9]*") if holds(each, home)]


def holds(process, home):
    lock = home / "teams-postman.lock"
    try:
        return process.name != str(os.getpid()) and any(
            file.readlink() == lock for file in (process / "fd").iterdir()
        )
    except OSError:  # it has ended meanwhile
        return False


async def ended(home):
    async with asyncio.timeout(20):
        while processes_of(home):
            await asyncio.sleep(0.05)


async def test_what_waits_is_sent_in_order_and_known_to_be_sent(postman, put, anna, records):
    put("one", "two", "three")
    await postman.deliver(anna.conversation)
    assert told(anna) == ["one", "two", "three"]
    assert still_waiting(records, anna) is None


async def test_typing_is_shown(postman, microsoft, anna):
    await postman.typing(Address(microsoft.service_url, anna.conversation))
    assert [taken.activity["type"] for taken in microsoft.connector.received] == ["typing"]


async def test_typing_that_microsoft_refuses_is_told(postman, microsoft, anna):
    microsoft.connector.fail(Fault(503))
    with pytest.raises(NotSentError, match="503"):
        await postman.typing(Address(microsoft.service_url, anna.conversation))


async def test_a_slow_chat_holds_up_no_other(postman, microsoft, put, anna):
    microsoft.connector.fail(Fault(kind="hang", of=lambda method, where, what: "text" in what))
    put("one")
    slow = asyncio.create_task(postman.deliver(anna.conversation))
    await postman.typing(Address(microsoft.service_url, anna.conversation))
    assert not slow.done()
    slow.cancel()


async def test_a_postman_that_is_killed_is_replaced(postman, settings, put, anna, records):
    put("one")
    await postman.deliver(anna.conversation)
    (process,) = processes_of(settings.home)
    os.kill(process, signal.SIGKILL)
    await ended(settings.home)
    put("two")
    for _ in range(2):  # the first errand may find it gone: the guide asks again in a moment
        try:
            await postman.deliver(anna.conversation)
        except NotSentError:
            continue
    assert told(anna) == ["one", "two"]
    assert still_waiting(records, anna) is None


async def test_an_errand_whose_postman_is_killed_is_known_not_to_be_done(
    postman, settings, microsoft, put, anna, records
):
    def kill():
        (process,) = processes_of(settings.home)
        os.kill(process, signal.SIGKILL)

    microsoft.connector.fail(Fault(kind="drop", then=kill))
    put("one")
    with pytest.raises(NotSentError, match="the postman has ended with the code -9"):
        await postman.deliver(anna.conversation)
    assert still_waiting(records, anna) == "one"


async def test_neither_ctrl_c_nor_the_end_of_the_service_ends_it(postman, settings, put, anna):
    put("one")
    await postman.deliver(anna.conversation)
    (process,) = processes_of(settings.home)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        os.kill(process, number)
    put("two")
    await postman.deliver(anna.conversation)
    assert processes_of(settings.home) == [process]
    assert told(anna) == ["one", "two"]


async def test_it_ends_with_its_guide_once_it_has_finished_what_is_in_hand(
    postman, settings, microsoft, put, anna, records
):
    loop = asyncio.get_running_loop()

    def guide_ends():
        loop.call_soon_threadsafe(postman._process.stdin.close)
        time.sleep(3)  # it knows before Microsoft answers

    microsoft.connector.fail(Fault(kind="taken", then=guide_ends))
    put("one", "two")
    await postman.deliver(anna.conversation)
    await ended(settings.home)
    assert told(anna) == ["one"]
    assert still_waiting(records, anna) == "two"


async def test_a_pause_between_two_tries_ends_with_its_guide(
    postman, settings, microsoft, put, anna, records
):
    microsoft.connector.fail(Fault(429, retry_after="19"))
    put("one")
    errand = asyncio.create_task(postman.deliver(anna.conversation))
    async with asyncio.timeout(20):
        while not microsoft.connector.refused:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    began = asyncio.get_running_loop().time()
    await postman.close()
    assert asyncio.get_running_loop().time() - began < 10
    await asyncio.gather(errand, return_exceptions=True)
    assert told(anna) == []
    assert still_waiting(records, anna) == "one"


async def test_it_is_there_before_the_first_errand(postman, settings):
    await postman.start()
    async with asyncio.timeout(20):
        while not processes_of(settings.home):
            await asyncio.sleep(0.05)


async def test_it_waits_for_the_last_postman_to_finish(postman, settings, put, anna, capfd):
    put("one")
    with alone(settings.home / "teams-postman.lock", lambda: None):
        errand = asyncio.create_task(postman.deliver(anna.conversation))
        async with asyncio.timeout(20):
            while "waiting_for_the_last_postman" not in capfd.readouterr().err:
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        assert not errand.done()
        assert told(anna) == []
    await errand
    assert told(anna) == ["one"]


async def test_a_guide_that_is_killed_in_the_middle_of_a_word_leaves_no_reply_half_sent(
    postman, settings, microsoft, put, anna, records
):
    loop = asyncio.get_running_loop()

    def guide_ends():
        loop.call_soon_threadsafe(postman._process.stdin.write, b'{"number": 9, "deli')
        loop.call_soon_threadsafe(postman._process.stdin.close)
        time.sleep(3)

    microsoft.connector.fail(Fault(kind="taken", then=guide_ends))
    put("one")
    await postman.deliver(anna.conversation)
    await ended(settings.home)
    assert told(anna) == ["one"]
    assert still_waiting(records, anna) is None


async def test_a_postman_that_is_not_understood_is_replaced(postman, settings, put, anna):
    await postman.start()
    first = postman._process
    first.stdout.feed_data(b"nonsense\n")
    with pytest.raises(ValueError, match="Expecting value"):
        await postman._listening
    await first.wait()
    put("one")
    await postman.deliver(anna.conversation)
    assert told(anna) == ["one"]


def test_in_the_loop_that_the_server_has_a_closed_pipe_is_told_as_in_any_other(settings, records):
    async def scene():
        called = Postman(settings)
        await called.start()
        called._process.stdin.close()
        await asyncio.sleep(0.1)  # closed by now, and it has not ended yet
        with pytest.raises(NotSentError, match="cannot be called"):
            await called.deliver("a:1")
        await called.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scene())


async def test_records_that_cannot_be_opened_are_told(settings, capfd):
    called = Postman(settings)
    with pytest.raises(NotSentError, match="the postman has ended with the code 1"):
        await called.deliver("a:1")
    told = capfd.readouterr().err
    assert "Nothing can be sent to Microsoft Teams: " in told
    assert "Traceback" not in told


async def test_a_guide_that_is_gone_before_it_said_anything_leaves_no_postman(settings):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.channels.teams.posting.postman", stdin=asyncio.subprocess.PIPE
    )
    await process.communicate(b"")
    assert process.returncode == 0
