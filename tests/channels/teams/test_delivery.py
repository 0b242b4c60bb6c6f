"""What becomes of an answer: Microsoft busy, away or closed, and a program that ended midway."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web
from loopback import Anna, Token
from rasa.shared.core.events import BotUttered, UserUttered
from test_channel import PERSON, install, rows, script

from bot.channels.answering import NO_ANSWER
from bot.channels.teams import fixed, turn, worker
from bot.channels.teams.posting import connector as connecting
from bot.channels.teams.posting import sending
from bot.channels.teams.posting.connector import (
    Address,
    ClosedError,
    Connector,
    LaterError,
    RefusedActivityError,
)
from bot.channels.teams.posting.tokens import TokenUnavailableError
from bot.records import teams, teams_outbox
from bot.records.database import open_database

TEXT = {"type": "message", "text": "hello"}
LOOPBACK = frozenset({"127.0.0.1"})


@pytest.fixture
async def pauses():
    return []


@pytest.fixture
async def connector(pauses):
    async def sleep(seconds):
        pauses.append(seconds)

    made = Connector(Token(), LOOPBACK, sleep=sleep, timeout=aiohttp.ClientTimeout(total=0.5))
    yield made
    await made.close()


@pytest.fixture
def to(microsoft):
    return Address(microsoft.service_url, "a:1;x@y/z")


@pytest.mark.parametrize("status", [401, 412, 429, 500, 502, 503, 504])
async def test_what_passes_is_tried_again(connector, microsoft, to, pauses, status):
    microsoft.refusals = [(status, {}), (status, {})]
    assert await connector.send(to, TEXT) == "sent-1"
    assert 0.5 <= pauses[0] <= 0.625
    assert 1.0 <= pauses[1] <= 1.25


@pytest.mark.parametrize("as_date", [False, True])
async def test_microsoft_says_how_long_to_wait(connector, microsoft, to, pauses, as_date):
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    microsoft.refusals = [(429, {"Retry-After": until if as_date else "7"})]
    await connector.send(to, TEXT)
    assert 6 <= pauses[0] <= 10


async def test_a_long_wait_is_left_to_the_outbox(connector, microsoft, to, pauses):
    microsoft.refusals = [(503, {"Retry-After": "120"})]
    with pytest.raises(LaterError) as told:
        await connector.send(to, TEXT)
    assert (told.value.seconds, pauses) == (120, [])


async def test_three_tries_are_enough(connector, microsoft, to):
    microsoft.refusals = [(503, {})] * 3
    with pytest.raises(LaterError, match="503 No"):
        await connector.send(to, TEXT)
    assert microsoft.received == []


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, ClosedError), (404, ClosedError), (400, RefusedActivityError),
     (413, RefusedActivityError), (302, RefusedActivityError)],
)  # fmt: skip
async def test_what_does_not_pass_is_not_tried_again(connector, microsoft, to, status, error):
    microsoft.refusals = [(status, {"Location": "/elsewhere"})]
    with pytest.raises(error, match=str(status)):
        await connector.send(to, TEXT)
    assert microsoft.refusals == []


async def test_a_token_that_is_refused_is_forgotten(connector, microsoft, to):
    microsoft.refusals = [(401, {})]
    await connector.send(to, TEXT)
    assert connector._tokens.forgotten == 1


async def test_no_answer_at_all_is_no_refusal(connector, to):
    nobody = Address("http://127.0.0.1:9/uk", to.conversation)
    with pytest.raises(LaterError, match="no answer"):
        await connector.send(nobody, TEXT)


async def test_an_answer_that_never_comes_ends(connector, microsoft, to):
    async def hang(_):
        await asyncio.sleep(1)
        return web.json_response({})

    microsoft.refusals = [hang] * 3
    before = time.monotonic()
    with pytest.raises(LaterError, match="TimeoutError"):
        await connector.send(to, TEXT)
    assert time.monotonic() - before < 3


async def test_without_a_token_nothing_is_sent(microsoft, to):
    class NoToken:
        async def get(self):
            raise TokenUnavailableError("invalid_client")

        def forget(self):
            raise AssertionError

    async def sleep(_):
        pass

    made = Connector(NoToken(), LOOPBACK, sleep=sleep)
    with pytest.raises(LaterError, match="invalid_client"):
        await made.send(to, TEXT)
    assert microsoft.received == []


async def test_a_token_is_shown_to_listed_hosts_alone(microsoft, to):
    made = Connector(Token(), frozenset({"smba.trafficmanager.net"}))
    with pytest.raises(RefusedActivityError, match="host"):
        await made.send(to, TEXT)


@pytest.fixture
def quick(monkeypatch):
    """Retries without the waits."""
    monkeypatch.setattr(sending, "PAUSES", (timedelta(milliseconds=10),) * 3)
    monkeypatch.setattr(worker, "SECONDS_BETWEEN", 0.05)
    monkeypatch.setattr(connecting, "TRIES", 1)
    monkeypatch.setattr(worker.Worker.__init__, "__kwdefaults__", {
        **worker.Worker.__init__.__kwdefaults__, "seconds_between": 0.05,
    })  # fmt: skip


async def settled(records_url, table, *statuses, seconds=10):
    until = time.monotonic() + seconds
    while [row["status"] for row in rows(records_url, table)] != [*statuses]:
        assert time.monotonic() < until, rows(records_url, table)
        await asyncio.sleep(0.02)


async def test_a_busy_microsoft_delays_the_answer_and_keeps_the_order(
    quick, anna, agent, microsoft, records_url
):
    script(agent, {"text": "one"}, {"text": "two"})
    microsoft.refusals = [(429, {}), (503, {})]
    await anna.say("hello")
    await microsoft.sent(2)
    assert microsoft.texts() == ["one", "two"]
    await settled(records_url, "teams_outbox", "sent", "sent")


async def test_after_the_last_pause_it_is_given_up(quick, anna, agent, microsoft, records_url):
    microsoft.refusals = [(503, {})] * 4
    await anna.say("hello")
    await settled(records_url, "teams_outbox", "dead")
    (row,) = rows(records_url, "teams_outbox")
    assert (row["last_error"], row["body"]) == ("503 No", None)


@pytest.mark.parametrize("status", [403, 404])
async def test_a_closed_chat_is_marked(quick, anna, microsoft, records_url, status):
    microsoft.refusals = [(status, {})] * 2  # the reply, and the same not as a reply
    await anna.say("hello")
    await settled(records_url, "teams_outbox", "dead")
    (reference,) = rows(records_url, "teams_reference")
    assert (reference["status"], reference["last_error"]) == ("unreachable", f"{status} No")


async def test_a_message_that_is_gone_is_answered_all_the_same(quick, anna, microsoft):
    microsoft.refusals = [(404, {})]
    await anna.say("hello")
    (got,) = await microsoft.sent(1)
    assert "replyToId" not in got["body"]


@pytest.mark.parametrize("status", [400, 413])
async def test_an_answer_that_is_refused_is_never_silence(
    quick, anna, agent, microsoft, records_url, status
):
    script(agent, {"text": "one"}, {"text": "two"})
    microsoft.refusals = [(status, {})]
    await anna.say("hello")
    await microsoft.sent(2)
    assert microsoft.texts() == [fixed.UNSHOWABLE, "two"]


async def test_a_card_that_cannot_be_replaced_holds_nothing_up(quick, anna, agent, microsoft):
    script(agent, {"text": "Is it?", "buttons": [{"title": "Yes", "payload": '{"intent": "a"}'}]})
    await anna.say("hello")
    (card,) = await microsoft.sent(1)
    script(agent, {"text": "Thank you."})
    microsoft.refusals = [(404, {})]
    token = card["body"]["attachments"][0]["content"]["Yes"]
    await anna.send(value={"tap": token}, replyToId=card["id"])
    await microsoft.sent(3)
    assert microsoft.texts()[1:] == ["You chose: Yes", "Thank you."]


async def test_a_typing_sign_that_hangs_holds_up_nothing(quick, anna, microsoft, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS_OF_TYPING", 0.2)
    microsoft.typing_hangs = True
    await anna.say("hello")
    await microsoft.sent(1)


@pytest.fixture
def waiting(records_url, microsoft):
    """A message that an earlier run took and did not answer; gives back its name."""

    def put(attempts=0, kind="message", **value):
        arrived = teams.Arrived(
            name="an-earlier-message", person=PERSON, conversation="a:1",
            service_url=microsoft.service_url, bot="28:b", account="29:a", activity="m0",
            kind=kind, value={"text": "hello", **value},
        )  # fmt: skip
        with open_database(records_url) as database, database.session() as session:
            teams.take_in(session, arrived, now=datetime.now(UTC))
            for _ in range(attempts):
                teams.next_to_answer(session, conversation="a:1")
        return arrived.name

    return put


async def told_before(agent, name, *replies):
    """A turn that was taken and stored by an earlier run."""
    tracker = await agent.tracker_store.get_or_create_tracker(PERSON)
    tracker.update(UserUttered("hello", {"name": "greet"}, message_id=name))
    for text in replies:
        tracker.update(BotUttered(text))
    await agent.tracker_store.save(tracker)


async def test_a_message_that_was_taken_and_not_begun_is_answered(
    serving, waiting, microsoft, agent
):
    waiting()
    async with serving():
        await microsoft.sent(1)
    assert microsoft.texts() == ["You said: hello"]


async def test_a_turn_that_was_begun_and_not_stored_is_taken_again_with_the_same_name(
    serving, waiting, microsoft, agent
):
    name = waiting(attempts=1)
    async with serving():
        await microsoft.sent(1)
    assert [message.message_id for message in agent.heard] == [name]


async def test_a_turn_that_was_stored_is_not_taken_again(serving, waiting, microsoft, agent):
    await told_before(agent, waiting(attempts=1), "the first answer", "and more")
    async with serving():
        await microsoft.sent(2)
    assert microsoft.texts() == ["the first answer", "and more"]
    assert agent.heard == []


async def test_a_message_that_ends_the_program_each_time_is_given_up_in_words(
    serving, waiting, microsoft, agent
):
    waiting(attempts=turn.MOST_TRIES)
    async with serving():
        await microsoft.sent(1)
    assert microsoft.texts() == [NO_ANSWER]
    assert agent.heard == []


async def test_an_answer_that_was_not_sent_is_sent_after_the_start(
    serving, microsoft, agent, records_url
):
    microsoft.refusals = [(503, {})] * 3
    async with serving() as bot:
        await Anna(bot, microsoft, "a:1").say("hello")
        await asyncio.sleep(0.3)
    assert [row["status"] for row in rows(records_url, "teams_outbox")] == ["waiting"]
    microsoft.refusals = []
    async with serving() as bot:
        assert await Anna(bot, microsoft, "a:1").send(id="m9", text="again") == 202
        await microsoft.sent(2)
    assert microsoft.texts() == ["You said: hello", "You said: again"]


async def test_starts_with_microsoft_away_and_answers_once_it_is_back(
    quick, serving, waiting, microsoft, agent, records_url
):
    waiting()
    microsoft.keys_up = False
    microsoft.refusals = [(503, {})] * 2
    async with serving() as bot:
        anna = Anna(bot, microsoft, "a:1")
        assert await anna.send(text="now") == 503
        microsoft.keys_up = True
        bot.channel._keys._tried_at = float("-inf")
        assert await anna.send(text="now") == 202
        await microsoft.sent(2)
    assert microsoft.texts() == ["You said: hello", "You said: now"]


async def test_what_was_sent_while_the_records_went_away_is_marked_and_not_sent_again(
    quick, anna, bot, microsoft, records_url, monkeypatch
):
    failed = []
    mark = teams_outbox.mark_sent

    def away_once(*args, **kwargs):
        if not failed:
            failed.append(True)
            raise worker.RecordsError("away")
        mark(*args, **kwargs)

    monkeypatch.setattr(teams_outbox, "mark_sent", away_once)
    await anna.say("hello")
    await settled(records_url, "teams_outbox", "sent")
    await microsoft.sent(1)


async def test_a_reminder_reaches_the_chat_with_ways_to_answer_it(anna, bot, microsoft, waiting):
    await install(anna)
    await microsoft.sent(2)
    waiting(kind="notice", case="ESC-2026-0001", stage="s1", limit="reply")
    _, _, reminder = await microsoft.sent(3)
    assert reminder["body"]["text"] == "**Reminder.** hello"
    titles = [*reminder["body"]["attachments"][0]["content"]]
    assert titles == [
        "Mark as met", "Not agreed", "Remind me tomorrow",
        "Say what happened", "Mark or move the date", "Show my escalations",
    ]  # fmt: skip


async def test_a_reminder_that_an_earlier_program_put_in_still_goes_out(
    anna, bot, microsoft, waiting
):
    await install(anna)
    await microsoft.sent(2)
    waiting(kind="notice", case="ESC-2026-0001")
    _, _, reminder = await microsoft.sent(3)
    titles = [*reminder["body"]["attachments"][0]["content"]]
    assert titles == ["Say what happened", "Mark or move the date", "Show my escalations"]
