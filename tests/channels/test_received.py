import json
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.channels import received
from bot.channels.answering import NO_WORDS
from bot.channels.received import NOT_READABLE, TOO_LONG, Kind, as_plain_words, clean, parse
from bot.channels.refusal import RefusedError

ID = "0e4f3a86-5f0c-4b52-9a5e-0b6f3f0d9c11"
COMMANDS = [
    "/restart",
    "/back",
    "/session_start",
    '/deny{"x":1}',
    '/intent{"slot":"x"}',
    "  /restart",
    "//restart",
    "/ /restart",
    "\u2003/restart",
    "\x00/restart",
    "/\n/restart",
]


def reads_as_command(text):
    return bool(YAMLStoryReader.unpack_regex_message(Message({TEXT: text})).get(INTENT))


@pytest.mark.parametrize("typed", COMMANDS)
async def test_a_typed_command_is_only_words_to_rasa_and_stays_readable(alice, agent, typed):
    await alice.say(typed)
    heard = agent.heard[-1]
    assert heard.parse_data is None
    assert not reads_as_command(heard.text)
    assert heard.text
    assert (await alice.history())[-2] == {"from": "you", "text": clean(typed)}


@given(st.text(alphabet=st.sampled_from('/ \t\n\u2003\u200b{}":ax1\x1c\x00'), max_size=12))
def test_no_text_ever_reaches_rasa_as_a_command(typed):
    assert not as_plain_words(clean(typed)).strip().startswith("/")


@given(st.text(max_size=50))
def test_cleaned_words_can_be_stored(typed):
    words = clean(typed + "\ud800\x00")
    assert words.encode("utf-8")
    assert not {"\x00", "\r", "\x1b"} & set(words)
    assert clean(words) == words


@pytest.mark.parametrize("typed", ["", "   \n\t ", "\u200b", "\x00\x07", "/", " / / "])
async def test_no_words_get_a_plain_answer_without_a_turn(alice, agent, typed):
    reply = await alice.say(typed)
    assert reply["messages"] == [{"from": "guide", "text": NO_WORDS}]
    assert agent.heard == []


@pytest.mark.parametrize("typed", ["🙂", "👩‍👩‍👧", "?", "…", "a\ud83d"])
async def test_anything_visible_is_delivered(alice, agent, typed):
    assert (await alice.say(typed))["failed"] is False
    assert len(agent.heard) == 1


def message(**content):
    return json.dumps({"id": ID, **content}).encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="half"),
        pytest.param(b"\xff\xfe{}", id="not UTF-8"),
        pytest.param(b'{"id": "' + ID.encode() + b'", "text": "\xc3\x28"}', id="broken UTF-8"),
        pytest.param(b"[" * 5000, id="deep"),
        pytest.param(b'{"id": ' + b"9" * 5000 + b"}", id="a number without end"),
        pytest.param(b"null", id="null"),
        pytest.param(b'["text"]', id="a list"),
        pytest.param(message(), id="no kind"),
        pytest.param(message(text="a", risk=True), id="two kinds"),
        pytest.param(message(text="a", sender="bob"), id="a sender of its own"),
        pytest.param(message(text="a", metadata={}), id="metadata of its own"),
        pytest.param(message(text=None), id="null text"),
        pytest.param(message(text=7), id="a number"),
        pytest.param(message(text=["a"]), id="a list as text"),
        pytest.param(message(choice={"intent": "greet"}), id="an unsealed choice"),
        pytest.param(message(risk="yes"), id="risk is not true"),
        pytest.param(message(begin=1), id="begin is not true"),
        pytest.param(b'{"text": "a"}', id="no id"),
        pytest.param(b'{"id": "1", "text": "a"}', id="an id that is none"),
        pytest.param(b'{"id": 1, "text": "a"}', id="an id that is a number"),
    ],
)
async def test_what_is_not_a_message_is_refused_in_plain_words(alice, agent, body):
    answer = await alice.raw(body)
    assert answer.status == 400
    assert await answer.json() == {"error": NOT_READABLE}
    assert agent.heard == []


async def test_a_megabyte_gets_a_clear_answer_at_once_and_nothing_is_lost(alice, agent):
    await alice.say("before")
    began = time.monotonic()
    answer = await alice.raw(message(text="x" * 1_000_000))
    assert answer.status == 413
    assert await answer.json() == {"error": TOO_LONG}
    assert "call 999 now" in TOO_LONG
    assert time.monotonic() - began < 1
    assert [heard.text for heard in agent.heard] == ["before"]
    assert (await alice.say("after"))["messages"][0]["text"] == "You said: after"


async def test_a_megabyte_without_a_declared_length_is_cut_short(alice):
    async def pieces():
        for _ in range(100):
            yield b"x" * 10_000

    answer = await alice.raw(pieces())
    assert answer.status == 413


def test_the_limit_is_in_characters_and_fits_the_limit_in_bytes():
    longest = json.dumps({"id": ID, "text": "🙂" * 4000}, ensure_ascii=False).encode()
    assert len(longest) <= received.MOST_BYTES
    assert parse(longest).kind is Kind.TEXT
    with pytest.raises(RefusedError) as refused:
        parse(message(text="x" * 4001))
    assert refused.value.status == 413


async def test_only_json_is_taken(alice):
    body = message(text="hello")
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert (await alice.raw(body, **{"Content-Type": content_type})).status == 415
    assert (await alice.raw(body, **{"Content-Type": "application/json; charset=utf-8"})).ok


async def test_the_risk_button_reports_risk_at_the_high_tier(alice, agent):
    await alice.post(risk=True)
    heard = agent.heard[-1]
    assert heard.text == "Someone is at risk now"
    assert heard.parse_data["intent"] == {"name": "report_risk", "confidence": 1.0}
    assert heard.parse_data["risk"] == {"tier": "high", "score": 1.0, "matched": ["button"]}
    assert heard.metadata["tapped"] is True


async def test_start_again_and_begin_are_taps_of_the_page(alice, agent):
    first = str(uuid.uuid4())
    await alice.post(begin=True, id=first)
    await alice.post(start_again=True)
    assert [heard.parse_data["intent"]["name"] for heard in agent.heard] == ["greet", "start_again"]
    assert agent.heard[0].metadata == {"message_id": first, "tapped": True, "shown": ""}
