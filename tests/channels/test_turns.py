import asyncio
import uuid

import pytest

from bot.channels.answering import NO_ANSWER
from bot.channels.refusal import RefusedError
from bot.channels.turns import MOST_WAITING, TOO_MANY, Turns
from bot.channels.web import OUT_OF_ORDER, WebChannel

SECRET = "only-for-these-tests-" * 2


async def nothing(message):
    return []


async def fault(message):
    raise RuntimeError("SELECT secret FROM table")


async def bad_button(message):
    return [{"text": "Choose", "buttons": [{"title": "Go", "payload": "/restart"}]}]


@pytest.mark.parametrize("script", [nothing, fault, bad_button])
async def test_a_turn_without_an_answer_still_gets_words(alice, agent, script):
    agent.script = script
    answer = await alice.post(text="hello")
    assert answer.status == 200
    assert "secret" not in await answer.text()
    reply = await answer.json()
    assert reply["failed"] is True
    assert reply["messages"][-1] == {"from": "guide", "text": NO_ANSWER}


@pytest.mark.parametrize("script", [nothing, fault])
async def test_what_was_not_answered_can_be_sent_again(alice, agent, script):
    works, agent.script = agent.script, script
    message_id = str(uuid.uuid4())
    await alice.say("hello", id=message_id)
    agent.script = works
    reply = await alice.say("hello", id=message_id)
    assert (reply["failed"], reply["duplicate"]) == (False, False)


async def test_a_store_that_fails_is_told_and_nothing_is_taken(alice, agent):
    async def locked(sender):
        raise RuntimeError("database is locked: /srv/secret.db")

    agent.tracker_store.retrieve = locked
    answer = await alice.post(text="hello")
    assert (answer.status, await answer.json()) == (503, {"error": OUT_OF_ORDER})
    assert agent.heard == []


async def test_the_same_message_twice_is_one_turn_with_the_same_reply(alice, agent):
    message_id = str(uuid.uuid4())
    first = await alice.say("hello", id=message_id)
    again = await alice.say("hello", id=message_id)
    assert again == {**first, "duplicate": True}
    assert len(agent.heard) == 1


async def test_the_same_message_twice_at_once_is_one_turn(alice, agent):
    message_id = str(uuid.uuid4())
    replies = await asyncio.gather(*(alice.say("hello", id=message_id) for _ in range(3)))
    assert len(agent.heard) == 1
    assert sorted(reply["duplicate"] for reply in replies) == [False, True, True]
    assert len({str(reply["messages"]) for reply in replies}) == 1


async def test_a_message_of_before_a_restart_is_not_taken_twice(alice, agent, channel):
    message_id = str(uuid.uuid4())
    await alice.say("hello", id=message_id)
    channel._turns._places.clear()  # what a restart forgets
    again = await alice.say("hello", id=message_id)
    assert (again["duplicate"], again["messages"][0]["text"]) == (True, "You said: hello")
    assert len(agent.heard) == 1


async def test_the_same_id_from_two_people_is_two_messages(alice, bob, agent):
    message_id = str(uuid.uuid4())
    await alice.say("hello", id=message_id)
    assert (await bob.say("hello", id=message_id))["duplicate"] is False


async def test_a_page_that_opens_twice_is_greeted_once(alice, agent):
    replies = await asyncio.gather(*(alice.post(begin=True) for _ in range(2)))
    assert len(agent.heard) == 1
    assert sorted([(await reply.json())["duplicate"] for reply in replies]) == [False, True]


async def test_messages_of_one_person_are_taken_one_at_a_time_in_order(alice, bob, agent):
    running, log = 0, []

    async def slow(message):
        nonlocal running
        running += 1
        log.append((message.text, running))
        await asyncio.sleep(0.03)
        running -= 1
        return [{"text": message.text}]

    agent.script = slow
    waiting = []
    for text in "abcd":
        waiting.append(asyncio.create_task(alice.say(text)))
        await asyncio.sleep(0.005)
    replies = await asyncio.gather(*waiting)
    assert log == [("a", 1), ("b", 1), ("c", 1), ("d", 1)]
    assert [reply["messages"][0]["text"] for reply in replies] == list("abcd")


async def test_two_people_do_not_wait_for_each_other(alice, bob, agent):
    met = asyncio.Barrier(2)

    async def meet(message):
        async with asyncio.timeout(2):
            await met.wait()
        return [{"text": "met"}]

    agent.script = meet
    replies = await asyncio.gather(alice.say("a"), bob.say("b"))
    assert [reply["failed"] for reply in replies] == [False, False]


async def test_a_turn_ends_though_the_browser_has_gone(alice, agent):
    started, finished = asyncio.Event(), asyncio.Event()

    async def slow(message):
        started.set()
        await asyncio.sleep(0.1)
        finished.set()
        return [{"text": "Recorded."}]

    agent.script = slow
    message_id = str(uuid.uuid4())
    leaving = asyncio.create_task(alice.say("record it", id=message_id))
    await started.wait()
    leaving.cancel()
    async with asyncio.timeout(2):
        await finished.wait()
    again = await alice.say("record it", id=message_id)
    assert (again["duplicate"], again["messages"][0]["text"]) == (True, "Recorded.")
    assert len(agent.heard) == 1


async def test_a_flood_is_told_to_wait_and_others_are_not():
    turns, gate = Turns(), asyncio.Event()

    async def turn(sender):
        async with turns.of(sender):
            await gate.wait()

    waiting = [asyncio.create_task(turn("alice")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(RefusedError) as refused:
        await turn("alice")
    assert (refused.value.status, refused.value.words) == (429, TOO_MANY)
    assert "call 999 now" in TOO_MANY
    gate.set()
    await turn("bob")
    await asyncio.gather(*waiting)


async def test_someone_at_risk_is_never_told_that_too_many_wait(alice, agent, channel):
    gate = asyncio.Event()

    async def slow(message):
        await gate.wait()
        return [{"text": f"You said: {message.text}"}]

    agent.script = slow
    waiting = [asyncio.create_task(alice.say(f"{n}")) for n in range(MOST_WAITING)]
    while sum(place.waiting for place in channel._turns._places.values()) < MOST_WAITING:
        await asyncio.sleep(0.01)
    assert await alice.say("one more") == {"error": TOO_MANY}
    risk = asyncio.create_task(alice.post(risk=True))
    await asyncio.sleep(0.1)
    gate.set()
    answer = await risk
    assert answer.status == 200
    assert (await answer.json())["messages"][0]["text"] == "You said: Someone is at risk now"
    await asyncio.gather(*waiting)


async def test_a_stopping_server_waits_for_turns_under_way():
    turns, done = WebChannel(SECRET)._turns, []

    async def turn():
        await asyncio.sleep(0.05)
        done.append(True)

    task = asyncio.create_task(turns.finish(turn))
    await asyncio.sleep(0)
    await turns.drain(2)
    assert done == [True]
    await task
