"""Two hours of silence, or a weekend: the conversation goes on where it was."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

SANDWELL = {"policy": "sandwell", "stage": "s1"}


def long_ago(talk, by):
    """Moves all that was said back in time, as if nobody had typed since."""
    store = talk.agent.tracker_store
    event = store.SQLEvent
    with store.session_scope() as session:
        for row in session.scalars(sa.select(event).where(event.sender_id == talk.person)):
            row.timestamp -= by.total_seconds()
            row.data = row.data.replace(
                f'"timestamp": {row.timestamp + by.total_seconds()}',
                f'"timestamp": {row.timestamp}',
            )
        session.commit()


@pytest.mark.parametrize("silence", [timedelta(hours=2), timedelta(days=3)], ids=str)
@pytest.mark.parametrize("fact", ["imminent", "area", "summary", "check"])
async def test_after_a_silence_the_walk_goes_on_where_it_was(walker, clock, fact, silence):
    await walker.begin()
    asked = await walker.to(fact, SANDWELL)
    answers = await walker.answers()
    long_ago(walker.talk, silence)
    clock.forward(silence)
    await walker.say("what counts as a working day?")
    assert (await walker.asked(), await walker.answers()) == (asked, answers)
    assert asked.ask in walker.talk.said
    assert await walker.record(SANDWELL)


async def test_an_alert_that_waits_still_waits_after_a_silence(walker, clock):
    await walker.begin()
    asked = await walker.to("area", SANDWELL)
    await walker.say("he has a knife")
    long_ago(walker.talk, timedelta(hours=2))
    clock.forward(timedelta(hours=2))
    await walker.say("yes, done")
    assert "The time is recorded" in walker.talk.said
    assert await walker.asked() == asked


async def test_the_preparation_goes_on_where_it_was(walker, clock):
    await walker.begin()
    await walker.record(SANDWELL)
    await walker.talk.tap("Prepare")
    first = await walker.asked()
    await walker.tap(first.fact, "skipped")
    second = await walker.asked()
    long_ago(walker.talk, timedelta(hours=2))
    clock.forward(timedelta(hours=2))
    await walker.say("what counts as a working day?")
    assert await walker.asked() == second
    assert second.ask in walker.talk.texts
