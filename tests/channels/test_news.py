"""What a facilitator did reaches a page that waits; what marks a rehearsal reaches it too."""

import uuid

import pytest

from bot.channels.sealed import PayloadError, Sealer
from bot.channels.shown import as_shown
from bot.channels.web import WebChannel

SECRET = "only-for-these-tests-" * 2
REFERENCE = "REH-2026-0001"


@pytest.fixture
def waiting():
    """How many things wait, by sender; whoever is not in it waits for nothing."""
    return {}


@pytest.fixture
def channel(waiting):
    return WebChannel(SECRET, count_news=lambda sender: waiting.get(sender, 0))


async def told(_):
    return [{"text": "The nursery rings.", "custom": {"rehearsal": REFERENCE}}]


async def nothing(_):
    return []


async def broken(_):
    raise RuntimeError("secret detail")


async def news(visitor):
    return await visitor.http.get(f"{visitor.address}/webhooks/web/news")


async def test_news_are_counted_for_whoever_holds_the_conversation(alice, bob, agent, waiting):
    await alice.say("hello")
    waiting[agent.heard[0].sender_id] = 2
    assert await (await news(alice)).json() == {"news": 2}
    assert await (await news(bob)).json() == {"news": 0}


async def test_without_a_conversation_there_are_no_news(alice):
    alice.http.cookie_jar.clear()
    assert (await news(alice)).status == 401


async def test_the_page_fetches_news_and_nobody_is_shown_to_have_said_so(alice, agent):
    agent.script = told
    reply = await (await alice.post(news=True)).json()
    assert reply["messages"] == [
        {"from": "guide", "text": "The nursery rings.", "rehearsal": REFERENCE}
    ]
    heard = agent.heard[0]
    assert heard.parse_data["choice"] == {"q": "rehearsal", "raw": "news"}
    assert heard.parse_data["intent"]["name"] == "choose"
    assert [message["from"] for message in await alice.history()] == ["guide"]


async def test_no_news_are_no_fault_and_leave_the_question_before_them_open(alice, agent):
    payload = '{"intent": "choose", "choice": {"q": "rehearsal", "raw": "do:x"}}'

    async def asked(_):
        return [{"text": "What now?", "buttons": [{"title": "Wait", "payload": payload}]}]

    agent.script = asked
    await alice.say("hello")
    agent.script = nothing
    reply = await (await alice.post(news=True)).json()
    assert reply == {"messages": [], "duplicate": False, "failed": False}
    assert (await alice.history())[-1]["buttons"][0]["title"] == "Wait"


async def test_news_that_fail_are_a_fault(alice, agent):
    agent.script = broken
    assert (await (await alice.post(news=True)).json())["failed"] is True


async def test_news_that_are_sent_twice_are_taken_once(alice, agent):
    agent.script = told
    same = str(uuid.uuid4())
    await alice.post(news=True, id=same)
    again = await (await alice.post(news=True, id=same)).json()
    assert again["duplicate"] is True
    assert len(agent.heard) == 1


@pytest.mark.parametrize("value", [1, "true", None, {}])
async def test_news_have_no_content(alice, value):
    assert (await alice.post(news=value)).status == 400


async def test_history_keeps_what_marks_a_rehearsal(alice, agent):
    agent.script = told
    await alice.say("join KRT-482")
    agent.script = agent._echo
    await alice.say("and now?")
    shown = [m.get("rehearsal") for m in await alice.history() if m["from"] == "guide"]
    assert shown == [REFERENCE, None]


@pytest.mark.parametrize("found", ["ESC-2026-0001", "REH-26-1", "", 7, ["REH-2026-0001"], "<b>"])
def test_only_a_reference_of_a_rehearsal_marks_one(found):
    with pytest.raises(PayloadError):
        as_shown({"text": "x", "custom": {"rehearsal": found}}, Sealer(SECRET), "alice")


def test_a_mark_alone_is_nothing_to_show():
    assert as_shown({"custom": {"rehearsal": REFERENCE}}, Sealer(SECRET), "alice") is None
