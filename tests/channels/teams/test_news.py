"""News of a rehearsal in Teams: found, put in once, told in a turn of its own, or left alone."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from loopback import Anna
from rasa.shared.core.events import BotUttered, UserUttered
from test_channel import PERSON, rows, script

from bot.channels.teams import news as finding
from bot.channels.teams.news import BETWEEN_READINGS, MOST_AT_ONCE, News
from bot.records import teams
from bot.records.database import open_database
from bot.records.errors import DatabaseUnavailableError
from bot.rooms.names import hashed
from bot.rooms.views import Untold

REFERENCE = "REH-2026-0001"
NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
REHEARSED = {"text": "What do you do?", "custom": {"rehearsal": REFERENCE}}
TOLD = {"text": "It is Christmas Day.", "custom": {"rehearsal": REFERENCE}}


class Rooms:
    """Rooms with what a test says; `news` counts what is there for one person."""

    def __init__(self):
        self.places, self.asked, self.trouble = {}, 0, None
        self.counts = lambda sender: int(sender in self.places)

    def happens(self, person, *, upto=1):
        """Something happens in the place of this person, its entry number `upto`."""
        self.places[person] = Untold(place_id=f"p-{person}", holder_hash=hashed(person), upto=upto)

    def untold(self):
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return tuple(self.places.values())

    def news(self, sender):
        return self.counts(sender)


class Records:
    """The worker as the finder knows it: transactions, and who is woken."""

    def __init__(self, database):
        self.database, self.done, self.woken = database, [], []

    async def record(self, do, *args, **kwargs):
        self.done.append(do.__name__)
        with self.database.session() as session:
            return do(session, *args, **kwargs)

    def wake(self, conversation):
        self.woken.append(conversation)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def database(records_url):
    with open_database(records_url) as opened:
        yield opened


def a_message(person, name="m1"):
    return teams.Arrived(
        name=f"{name}-{person}", person=person, conversation=f"a:{person}",
        service_url="https://smba.trafficmanager.net/uk/", bot="28:b", account="29:a",
        activity="m0", kind="message", value={"text": "hello"},
    )  # fmt: skip


@pytest.fixture
def with_app(database):
    """People who have the app; each can be reached in a chat of their own."""

    def make(*people):
        for person in people:
            with database.session() as session:
                teams.take_in(session, a_message(person), now=NOW)
                waiting = teams.next_to_answer(session, conversation=f"a:{person}")
                teams.mark_answered(session, waiting, now=NOW)

    return make


@pytest.fixture
def rooms():
    return Rooms()


@pytest.fixture
def records(database):
    return Records(database)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def finder(rooms, records, clock):
    return News(rooms, records, now=clock, seconds_between=0.01)


def waiting_news(url):
    found = rows(url, "teams_inbox")
    return [row["person"] for row in found if (row["kind"], row["status"]) == ("news", "waiting")]


async def test_each_piece_is_put_in_once(finder, rooms, records, with_app, records_url):
    with_app("anna", "bob")
    rooms.happens("anna")
    for _ in range(3):
        await finder.look()
    assert (waiting_news(records_url), records.woken) == (["anna"], ["a:anna"])
    rooms.happens("anna", upto=2)
    rooms.happens("bob")
    await finder.look()
    await finder.look()
    assert sorted(waiting_news(records_url)) == ["anna", "anna", "bob"]


async def test_a_program_that_starts_again_puts_nothing_in_twice(
    finder, rooms, records, clock, with_app, records_url
):
    with_app("anna")
    rooms.happens("anna")
    await finder.look()
    await News(rooms, records, now=clock).look()
    assert waiting_news(records_url) == ["anna"]


async def test_who_could_not_be_told_gets_another_chance_once_they_have_written(
    finder, rooms, database, with_app, records_url
):
    with_app("anna")
    rooms.happens("anna")
    await finder.look()
    with database.session() as session:
        waiting = teams.next_to_answer(session, conversation="a:anna")
        teams.mark_answered(session, waiting, now=NOW)
        arrived = a_message("anna", name="m2")
        teams.take_in(session, arrived, now=NOW + timedelta(minutes=1))
    for _ in range(3):
        await finder.look()
    assert waiting_news(records_url) == ["anna"]


async def test_without_anything_to_tell_the_records_are_not_asked(finder, rooms, records, with_app):
    with_app("anna")
    for _ in range(3):
        await finder.look()
    assert (records.done, rooms.asked) == ([], 3)


async def test_people_are_read_again_for_an_unknown_hash_and_not_each_time(
    finder, rooms, records, clock, with_app, monkeypatch, records_url
):
    made = []
    monkeypatch.setattr(finding, "hashed", lambda person: made.append(person) or hashed(person))
    with_app("anna", "bob")
    rooms.happens("a page that was closed")
    for _ in range(3):
        await finder.look()
    assert (records.done, made) == (["_read"], ["anna", "bob"])
    with_app("cleo")
    rooms.happens("cleo")
    await finder.look()
    assert waiting_news(records_url) == []
    clock.now += BETWEEN_READINGS
    await finder.look()
    assert waiting_news(records_url) == ["cleo"]
    assert made == ["anna", "bob", "cleo"]


async def test_who_removed_the_app_or_cannot_be_reached_hears_nothing(
    finder, rooms, database, with_app, records_url
):
    with_app("anna", "bob")
    with database.session() as session:
        teams.forget(session, person="anna", now=NOW)
        teams.mark_unreachable(session, conversation="a:bob", error="403", now=NOW)
    rooms.happens("anna")
    rooms.happens("bob")
    await finder.look()
    await finder.look()
    assert waiting_news(records_url) == []


async def test_a_big_group_hears_it_in_parts(finder, rooms, database, with_app, records_url):
    people = [f"person-{n:02}" for n in range(MOST_AT_ONCE + 5)]
    with_app(*people)
    for person in people:
        rooms.happens(person)
    await finder.look()
    await finder.look()
    assert len(waiting_news(records_url)) == MOST_AT_ONCE
    with database.session() as session:
        for person in waiting_news(records_url):
            waiting = teams.next_to_answer(session, conversation=f"a:{person}")
            teams.mark_answered(session, waiting, now=NOW)
    await finder.look()
    assert sorted(waiting_news(records_url)) == people[MOST_AT_ONCE:]


async def test_trouble_is_logged_once_and_passes(
    finder, rooms, with_app, records_url, caplog, monkeypatch
):
    monkeypatch.setattr(finding, "SECONDS_AFTER_TROUBLE", 0.01)
    with_app("anna")
    rooms.happens("anna")
    rooms.trouble = DatabaseUnavailableError("the rooms are away")
    finder.start()
    while rooms.asked < 4:
        await asyncio.sleep(0.01)
    assert [r.getMessage() for r in caplog.records if "no_news" in r.getMessage()] == [
        "teams.no_news cause=DatabaseUnavailableError the rooms are away"
    ]
    rooms.trouble = None
    while not waiting_news(records_url):
        await asyncio.sleep(0.01)
    await finder.stop()
    asked = rooms.asked
    await asyncio.sleep(0.05)
    assert rooms.asked == asked


async def test_it_stops_before_it_ever_looked(finder, rooms):
    await finder.stop()
    finder.start()
    await finder.stop()
    assert rooms.asked == 0


@pytest.fixture
async def rehearsing(serving, microsoft, agent, rooms, monkeypatch):
    """Anna in a rehearsal, before a channel that looks for news all the time."""
    monkeypatch.setattr(News.__init__, "__kwdefaults__", {
        **News.__init__.__kwdefaults__, "seconds_between": 0.02,
    })  # fmt: skip
    async with serving(rooms=rooms) as bot:
        anna = Anna(bot, microsoft)
        script(agent, REHEARSED)
        await anna.say("join KRT-482")
        await microsoft.sent(1)
        script(agent, TOLD)
        yield anna


async def looked_at(rooms, times=3):
    until = rooms.asked + times
    while rooms.asked < until:
        await asyncio.sleep(0.01)


async def test_news_are_a_turn_that_nobody_is_shown_to_have_said(
    rehearsing, microsoft, agent, rooms, records_url
):
    rooms.happens(PERSON)
    _, got = await microsoft.sent(2)
    await looked_at(rooms)
    assert got["body"] == {"type": "message", "text": TOLD["text"]}
    assert microsoft.texts() == [REHEARSED["text"], TOLD["text"]]
    assert microsoft.typed == 1
    heard = agent.heard[-1]
    assert heard.parse_data["choice"] == {"q": "rehearsal", "raw": "news"}
    assert (heard.sender_id, heard.metadata["shown"]) == (PERSON, "")
    assert heard.message_id == rows(records_url, "teams_inbox")[-1]["name"]


async def settled_news(url, count=1):
    while len([r for r in rows(url, "teams_inbox")
               if (r["kind"], r["status"]) == ("news", "answered")]) < count:  # fmt: skip
        await asyncio.sleep(0.01)


async def test_outside_a_rehearsal_nobody_is_told(rehearsing, microsoft, agent, rooms, records_url):
    script(agent, {"text": "Is this real?"})
    await rehearsing.say("he is hitting her")
    await microsoft.sent(2)
    rooms.happens(PERSON)
    await settled_news(records_url)
    await microsoft.sent(2)
    assert len(agent.heard) == 2


async def test_what_was_told_with_an_answer_meanwhile_is_not_told_again(
    rehearsing, microsoft, agent, rooms, records_url
):
    rooms.counts = lambda _: 0
    rooms.happens(PERSON)
    await settled_news(records_url)
    await microsoft.sent(1)
    assert len(agent.heard) == 1


async def test_rooms_that_fail_hold_up_no_message(rehearsing, microsoft, agent, rooms, records_url):
    def away(_):
        raise DatabaseUnavailableError("the rooms are away")

    rooms.counts = away
    rooms.happens(PERSON)
    await settled_news(records_url)
    script(agent, {"text": "Yes?"})
    await rehearsing.say("hello")
    await microsoft.sent(2)
    assert microsoft.texts() == [REHEARSED["text"], "Yes?"]


async def test_a_chat_that_is_closed_is_marked_and_hears_no_more(
    rehearsing, microsoft, rooms, records_url
):
    microsoft.refusals = [(403, {})]
    rooms.happens(PERSON)
    while rows(records_url, "teams_reference")[0]["status"] != "unreachable":
        await asyncio.sleep(0.01)
    rooms.happens(PERSON, upto=2)
    await looked_at(rooms)
    assert [row["kind"] for row in rows(records_url, "teams_inbox")] == ["message", "news"]


@pytest.mark.parametrize("stored", [True, False])
async def test_a_program_that_ended_in_the_turn_tells_it_after_its_start(
    serving, microsoft, agent, rooms, records_url, stored
):
    script(agent, REHEARSED)
    async with serving() as bot:
        await Anna(bot, microsoft, "a:1").say("join KRT-482")
        await microsoft.sent(1)
    with open_database(records_url) as database, database.session() as session:
        anna = teams.reference_of(session, person=PERSON)
        teams.put_news(session, anna, name="news-1", now=NOW)
        teams.next_to_answer(session, conversation="a:1")
    if stored:
        tracker = await agent.tracker_store.get_or_create_tracker(PERSON)
        tracker.update(UserUttered("What is new", {"name": "choose"}, message_id="news-1"))
        tracker.update(BotUttered(TOLD["text"], {"custom": TOLD["custom"]}))
        await agent.tracker_store.save(tracker)
    script(agent, TOLD)
    async with serving(rooms=rooms):  # they count nothing: the turn that ended marked it as told
        await microsoft.sent(2)
    assert microsoft.texts() == [REHEARSED["text"], TOLD["text"]]
    assert len(agent.heard) == (1 if stored else 2)
