"""What people write in Teams, and what they get, through the socket and the records."""

import asyncio
import json
import sqlite3
from dataclasses import replace

import aiohttp
import pytest
from loopback import ANNA, APP, SECRET, TENANT, Anna
from rasa.shared.exceptions import RasaException

from bot.channels.answering import NO_ANSWER, NO_WORDS
from bot.channels.received import TOO_LONG
from bot.channels.sealed import Sealer, Tap, WantedFile
from bot.channels.teams import turn, worker
from bot.channels.teams.arriving import door
from bot.channels.teams.arriving.identity import person_of
from bot.channels.teams.channel import NotOpenError, TeamsChannel
from bot.channels.teams.files import Links
from bot.channels.teams.fixed import words
from bot.records.errors import NotFoundError
from bot.settings import SettingsError

PERSON = person_of(TENANT, ANNA)
EDITED = words(response="utter_teams_edited")
BUTTON = {"title": "Yes", "payload": json.dumps({"intent": "choose", "choice": {"q": "a"}})}


def rows(url, table):
    with sqlite3.connect(url.removeprefix("sqlite:///")) as records:
        records.row_factory = sqlite3.Row
        return [dict(row) for row in records.execute(f"SELECT * FROM {table} ORDER BY rowid")]


def script(agent, *messages):
    async def said(_):
        return [dict(message) for message in messages]

    agent.script = said


async def test_words_get_their_answer_as_a_reply_with_the_token_of_the_bot(
    anna, agent, microsoft, records_url
):
    await anna.say("We disagree")
    (got,) = await microsoft.sent(1)
    assert got["body"] == {
        "type": "message", "text": "You said: We disagree", "replyToId": "m1",
    }  # fmt: skip
    assert got["path"] == f"/uk/v3/conversations/{anna.conversation}/activities/m1"
    assert got["authorization"] == "Bearer own-token"
    (heard,) = agent.heard
    assert (heard.sender_id, heard.input_channel) == (PERSON, "teams")
    (inbox,) = rows(records_url, "teams_inbox")
    assert heard.message_id == heard.metadata["message_id"] == inbox["name"]
    assert microsoft.typed == 1


async def test_nothing_of_a_person_is_kept_that_is_not_needed(anna, microsoft, records_url):
    await anna.say("A secret thing")
    await microsoft.sent(1)
    kept = json.dumps([rows(records_url, t) for t in ("teams_inbox", "teams_outbox")])
    kept += json.dumps(rows(records_url, "teams_reference"))
    assert "Never kept" not in kept
    assert "secret" not in kept


async def test_a_message_that_teams_sends_again_is_answered_once(anna, agent, microsoft):
    activity = anna.activity(text="hello")
    statuses = [await anna.send(activity=activity) for _ in range(3)]
    assert statuses == [202, 202, 202]
    await microsoft.sent(1)
    assert len(agent.heard) == 1


async def test_one_turn_at_a_time_in_order(anna, agent, microsoft):
    under_way = []

    async def slow(message):
        under_way.append(message.text)
        assert len(under_way) == 1
        await asyncio.sleep(0.05)
        under_way.remove(message.text)
        return [{"text": f"re {message.text}"}]

    agent.script = slow
    for text in "abcd":
        await anna.say(text)
    await microsoft.sent(4)
    assert microsoft.texts() == ["re a", "re b", "re c", "re d"]


async def test_one_turn_at_a_time_whoever_writes(bot, agent, microsoft):
    under_way = []

    async def slow(message):
        under_way.append(message.sender_id)
        assert len(under_way) == 1
        await asyncio.sleep(0.05)
        under_way.remove(message.sender_id)
        return [{"text": "done"}]

    agent.script = slow
    people = [somebody(bot, microsoft, n) for n in range(5)]
    await asyncio.gather(*(say("hello") for say in people))
    await microsoft.sent(5)
    assert microsoft.texts() == ["done"] * 5


async def test_no_turn_begins_while_somebody_is_at_the_door(bot, agent, microsoft, monkeypatch):
    monkeypatch.setattr(door, "PATIENCE", 30)
    at_the_door, let_in = asyncio.Event(), asyncio.Event()
    take = door.Door.take

    async def held(self, arrived, *, now):
        kept = await take(self, arrived, now=now)
        if arrived.value["text"] == "late":
            at_the_door.set()
            await let_in.wait()
        return kept

    monkeypatch.setattr(door.Door, "take", held)
    late = asyncio.create_task(somebody(bot, microsoft, 1)("late"))
    await at_the_door.wait()
    await somebody(bot, microsoft, 2)("early")
    await asyncio.sleep(0.3)
    assert agent.heard == []
    let_in.set()
    await late
    await microsoft.sent(2)


def somebody(bot, microsoft, n):
    """One of many people; what they do to say something."""

    async def say(text):
        sender = {"id": f"29:{n}", "aadObjectId": f"person-{n}"}
        assert await Anna(bot, microsoft, f"a:{n}").send(text=text, **{"from": sender}) == 202

    return say


async def test_two_hundred_conversations_at_once(bot, agent, microsoft):
    people = [Anna(bot, microsoft, f"a:{n}") for n in range(200)]
    gate = asyncio.Semaphore(20)

    async def say(person, n):
        sender = {"id": f"29:{n}", "aadObjectId": f"person-{n}"}
        async with gate:
            assert await person.send(text=f"hello {n}", **{"from": sender}) == 202

    await asyncio.gather(*(say(person, n) for n, person in enumerate(people)))
    await microsoft.sent(200, seconds=60)
    for n, person in enumerate(people):
        assert microsoft.texts(person.conversation) == [f"You said: hello {n}"]


@pytest.mark.parametrize(
    "text", ["<at>Guide</at> hello", "hello&nbsp;", " \thello\0 "], ids=["mention", "nbsp", "NUL"]
)
async def test_what_nobody_typed_is_left_out(anna, agent, microsoft, text):
    mention = {"type": "mention", "text": "<at>Guide</at>", "mentioned": {"id": f"28:{APP}"}}
    assert await anna.send(text=text, entities=[mention]) == 202
    await microsoft.sent(1)
    assert agent.heard[0].text == "hello"


@pytest.mark.parametrize("text", ["/restart", "//session_start", "/report_risk{}"])
async def test_typed_words_are_never_a_command_to_rasa(anna, agent, microsoft, text):
    await anna.say(text)
    await microsoft.sent(1)
    assert agent.heard[0].text == text.lstrip("/")
    assert agent.heard[0].parse_data is None


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("new", "start_again"),
        ("Help", "ask_help"),
        ("My escalations", "list_cases"),
        ("stop.", "stop_walk"),
        ("Someone is at risk now!", "report_risk"),
    ],
)
async def test_the_commands_of_the_app_need_no_classifier(anna, agent, microsoft, typed, intent):
    await anna.say(typed)
    await microsoft.sent(1)
    (heard,) = agent.heard
    assert heard.parse_data["intent"]["name"] == intent
    at_risk = intent == "report_risk"
    assert (heard.parse_data.get("risk") or {}).get("tier") == ("high" if at_risk else None)


@pytest.mark.parametrize(
    ("text", "told"),
    [("", NO_WORDS), ("\N{ZERO WIDTH SPACE}", NO_WORDS), ("///", NO_WORDS), ("x" * 4001, TOO_LONG)],
    ids=["nothing", "no width", "slashes", "too long"],
)
async def test_what_cannot_be_read_is_told(anna, agent, microsoft, text, told):
    await anna.say(text)
    await microsoft.sent(1)
    assert microsoft.texts() == [told]
    assert agent.heard == []


async def test_a_tap_replaces_its_card_and_is_said_in_words(anna, agent, microsoft):
    script(agent, {"text": "Is it so?", "buttons": [BUTTON]})
    await anna.say("hello")
    (card,) = await microsoft.sent(1)
    script(agent, {"text": "Thank you."})
    token = card["body"]["attachments"][0]["content"]["Yes"]
    assert await anna.send(value={"tap": token}, replyToId=card["id"]) == 202
    _, replaced, said, answer = await microsoft.sent(4)
    assert (replaced["method"], replaced["body"]["text"]) == ("PUT", "Is it so? / Yes")
    assert replaced["path"].endswith(f"/activities/{card['id']}")
    assert (said["body"]["text"], answer["body"]["text"]) == ("You chose: Yes", "Thank you.")
    assert agent.heard[1].parse_data["choice"] == {"q": "a"}
    assert agent.heard[1].metadata["tapped"] is True


async def test_a_tap_on_risk_leaves_the_question_that_it_interrupts(anna, agent, microsoft):
    script(agent, {"text": "Is it so?", "buttons": [BUTTON]})
    await anna.say("hello")
    (card,) = await microsoft.sent(1)
    script(agent, {"text": "Call 999."})
    token = Sealer(SECRET).seal(Tap("Someone is at risk now", "report_risk"), PERSON)
    assert await anna.send(value={"tap": token}, replyToId=card["id"]) == 202
    _, answer = await microsoft.sent(2)
    assert (answer["method"], answer["body"]["text"]) == ("POST", "Call 999.")
    assert agent.heard[1].parse_data["risk"]["tier"] == "high"


async def test_a_card_that_is_sent_back_empty_stays(anna, agent, microsoft):
    token = Sealer(SECRET).seal(Tap("When was it?", "choose", {"q": "when", "raw": ""}), PERSON)
    await anna.say("hello")
    (card,) = await microsoft.sent(1)
    assert await anna.send(value={"tap": token}, replyToId=card["id"]) == 202
    await microsoft.sent(2)
    assert microsoft.texts()[1:] == ["You said: When was it?"]


def someone_elses():
    return {"tap": Sealer(SECRET).seal(Tap("Yes", "choose"), "entra:x:y")}


@pytest.mark.parametrize(
    "value",
    [someone_elses(), {"tap": "abc"}, {}, [], "text", {"tap": {"intent": "choose"}},
     {"intent": "report_risk"}, {"tap": "x" * 5000}],
    ids=["someone else's", "garbage", "empty", "list", "text", "object", "bare", "long"],
)  # fmt: skip
async def test_a_button_that_we_did_not_make_for_this_person_is_refused(
    anna, agent, microsoft, value
):
    if isinstance(value, dict) and "intent" in value:
        value = {"tap": "", **value}
    assert await anna.send(value=value, replyToId="x") == 202
    await microsoft.sent(1)
    assert microsoft.texts() == [turn.WRONG_BUTTON]
    assert agent.heard == []


async def test_a_card_action_is_a_tap_and_answered_at_once(anna, agent, microsoft):
    token = Sealer(SECRET).seal(Tap("Yes", "choose"), PERSON)
    value = {"action": {"type": "Action.Execute", "data": {"tap": token}}}
    invoke = anna.activity(type="invoke", name="adaptiveCard/action", value=value)
    assert await anna.send(activity=invoke) == 200
    await microsoft.sent(2)
    assert agent.heard[0].text == "Yes"


async def test_an_edit_is_a_new_message_and_said_to_be_one(anna, agent, microsoft):
    await anna.say("first words")
    edit = anna.activity(
        type="messageUpdate", id="m1", text="other words", timestamp="2026-11-22T10:01:00Z",
        channelData={"tenant": {"id": TENANT}, "eventType": "editMessage"},
    )  # fmt: skip
    assert await anna.send(activity=edit) == 202
    assert await anna.send(activity=edit) == 202
    again = edit | {"text": "third words", "timestamp": "2026-11-22T10:02:00Z"}
    assert await anna.send(activity=again) == 202
    await microsoft.sent(5)
    assert microsoft.texts()[1:] == [
        EDITED, "You said: other words", EDITED, "You said: third words",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["groupChat", "channel", ""])
async def test_outside_a_personal_chat_one_line_is_said_and_nothing_is_read(
    anna, agent, microsoft, records_url, kind
):
    conversation = {"id": "19:g@thread", "conversationType": kind, "isGroup": True}
    changed = {"conversation": conversation, "text": "about a child"}
    assert await anna.send(**changed) == 202
    await microsoft.sent(1)
    assert microsoft.texts() == [words(response="utter_teams_personal_only")]
    assert agent.heard == []
    assert rows(records_url, "teams_reference") == []
    kept = json.dumps([rows(records_url, t) for t in ("teams_inbox", "teams_outbox")])
    assert "about a child" not in kept


@pytest.mark.parametrize("kind", ["messageReaction", "messageDelete", "event", "typing"])
async def test_what_needs_no_answer_gets_none(anna, agent, microsoft, records_url, kind):
    assert await anna.send(type=kind) == 202
    assert rows(records_url, "teams_inbox") == []


async def install(anna):
    added = [{"id": f"28:{APP}"}, {"id": "29:anna"}]
    assert await anna.send(type="installationUpdate", action="add") == 202
    assert await anna.send(type="conversationUpdate", membersAdded=added) == 202


async def test_who_installs_is_welcomed_once_with_a_greeting(anna, agent, microsoft):
    await install(anna)
    await microsoft.sent(2)
    assert microsoft.texts() == [words(response="utter_teams_welcome"), "You said: Hello"]
    assert agent.heard[0].metadata["shown"] == ""


@pytest.mark.parametrize(
    "gone",
    [
        {"type": "installationUpdate", "action": "remove"},
        {"type": "conversationUpdate", "membersRemoved": [{"id": f"28:{APP}"}]},
    ],
    ids=["installationUpdate", "conversationUpdate"],
)
async def test_who_removes_the_app_is_forgotten(anna, bot, microsoft, records_url, gone):
    await install(anna)
    await microsoft.sent(2)
    assert len(rows(records_url, "teams_reference")) == 1
    assert await anna.send(**gone) == 202
    assert rows(records_url, "teams_reference") == []
    with pytest.raises(NotFoundError):
        await bot.channel.get_output_channel().send_text_message(PERSON, "hello?")


async def test_writes_unasked_through_the_output_channel(anna, bot, microsoft):
    await anna.say("hello")
    await microsoft.sent(1)
    channel = bot.channel.get_output_channel()
    assert channel.name() == bot.channel.name() == "teams"
    await channel.send_text_message(PERSON, "A date is near.")
    _, unasked = await microsoft.sent(2)
    assert unasked["body"] == {"type": "message", "text": "A date is near."}
    assert unasked["path"].endswith("/activities")


async def test_a_turn_that_fails_or_says_nothing_is_answered_in_words(anna, agent, microsoft):
    async def fail(_):
        raise RuntimeError("broken")

    agent.script = fail
    await anna.say("one")
    script(agent)
    await anna.say("two")
    await microsoft.sent(2)
    assert microsoft.texts() == [NO_ANSWER, NO_ANSWER]


async def test_an_answer_that_cannot_be_drawn_is_told(anna, agent, microsoft):
    script(agent, {"text": "x", "buttons": [{"title": "y", "payload": "/restart"}]})
    await anna.say("one")
    await microsoft.sent(1)
    assert microsoft.texts() == [NO_ANSWER]


async def test_records_that_are_away_make_teams_send_it_again(bot, anna, monkeypatch):
    async def away(*_, **__):
        raise worker.RecordsError("away")

    monkeypatch.setattr(door.Door, "take", away)
    assert await anna.send(text="hello") == 503


async def test_before_the_server_has_started_whole_teams_is_told_to_send_it_again(bot, anna):
    working, bot.channel._working = bot.channel._working, None
    try:
        assert await anna.send(text="hello") == 503
        with pytest.raises(NotOpenError):
            await bot.channel.get_output_channel().send_text_message(PERSON, "hello")
    finally:
        bot.channel._working = working


async def test_a_message_waits_for_a_server_that_is_still_starting(bot, anna):
    bot.channel._started.clear()
    sent = asyncio.create_task(anna.send(text="hello"))
    await asyncio.sleep(0.3)
    assert not sent.done()
    bot.channel._started.set()
    assert await sent == 202


def test_rasas_own_server_takes_the_channel_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path))
    with pytest.raises(RasaException, match="ESCALATE_TEAMS_APP_ID"):
        TeamsChannel.from_credentials(None)
    with pytest.raises(RasaException, match="takes no keys"):
        TeamsChannel.from_credentials({"app_id": APP})
    monkeypatch.setenv("ESCALATE_TEAMS_APP_ID", APP)
    monkeypatch.setenv("ESCALATE_TEAMS_TENANT", TENANT)
    monkeypatch.setenv("ESCALATE_TEAMS_SECRET", "x")
    assert TeamsChannel.from_credentials({}).url_prefix() == "teams"


async def test_a_link_gives_the_file_only_with_our_own_signature(bot, settings):
    own = Links(SECRET, "https://guide.example.org", lambda: None)
    link = own.of(PERSON)({"document": "pack", "reference": "ESC-2026-0001"})
    assert link.startswith("https://guide.example.org/webhooks/teams/files/")
    wanted = WantedFile(document="pack", reference="ESC-2026-0001")
    page_token = Sealer(SECRET).seal_file(wanted, PERSON)
    async with aiohttp.ClientSession() as http:
        for token, status in ((page_token, 403), ("abc", 403), (link.rsplit("/", 1)[1], 404)):
            url = f"{bot.address}/webhooks/teams/files/{token}"
            async with http.get(url) as answer:  # 404: nobody has such a case
                assert answer.status == status
                assert answer.headers["Cache-Control"] == "no-store"
    assert Links(SECRET, None, lambda: None).of(PERSON)({"document": "a"}) is None


async def test_the_channel_says_that_it_is_there(bot):
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{bot.address}/webhooks/teams/") as answer,
    ):
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    "changed",
    [{"teams_tenant": None}, {"teams_secret": None}, {"teams_managed_identity": True}],
    ids=["no tenant", "no proof", "two proofs"],
)
async def test_a_channel_that_is_not_set_up_whole_is_refused(settings, changed):
    with pytest.raises(SettingsError, match="ESCALATE_TEAMS_"):
        TeamsChannel(replace(settings, **changed), SECRET)
