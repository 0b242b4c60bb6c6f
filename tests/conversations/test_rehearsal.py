"""A rehearsal through the real assistant: played to its debrief, and never mixed with real work."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from rehearser import Rehearser

from bot.documents.statistics import statistics_of
from bot.records.alerts import open_alerts
from bot.records.reporting import escalations_of
from bot.reminders.sweep import sweep

TAKES_IT = "jersey_before_christmas"
LONG = "We have met three times about the plan and nothing has moved. " * 25
RISK = "he has just rung me to say that he is going to hurt himself tonight"


@pytest.fixture
def rehearser(talk, rehearsals) -> Rehearser:
    return Rehearser(talk)


@pytest.fixture
def world(shelf):
    return shelf.get(TAKES_IT)


def everything_in(path: Path) -> str:
    """All that a database holds, as text."""
    engine = sa.create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            return "\n".join(connection.connection.iterdump())
    finally:
        engine.dispose()


@pytest.mark.parametrize("path", ["perfect", "typical", "bad"])
async def test_a_path_is_played_by_its_buttons_to_the_debrief(rehearser, world, path):
    await rehearser.start(world)
    for name in getattr(world.scenario.paths, path):
        await rehearser.take(world, name)
        assert rehearser.marked[0]
    for _ in range(40):
        if await rehearser.talk.slot("rehearsal") is None:
            break
        await rehearser.talk.choose("rehearsal", "wait:on")
    assert "debrief" in rehearser.talk.said
    assert ("Nothing was missed" in rehearser.talk.said) == (path == "perfect")
    assert "Delete this rehearsal" in rehearser.titles


async def test_it_is_played_by_words_too(rehearser, world):
    await rehearser.start(world)
    await rehearser.talk.say("how is the baby growing?")
    assert world.facts["weight"].says in rehearser.talk.said
    await rehearser.talk.say("i go to my manager")
    assert "Is this what you decide?" in rehearser.talk.said
    await rehearser.tap("Take it to my manager")
    assert "REHEARSAL" in rehearser.talk.said
    assert "Stage 2" in rehearser.talk.said  # the assistant's own card for it
    await rehearser.talk.say("wait")
    assert "Friday 18 December 2026" in rehearser.talk.said
    await rehearser.talk.say("gobbledygook")
    assert "could not match that" in rehearser.talk.said


async def test_the_button_of_the_greeting_leads_to_a_case(rehearser, world):
    await rehearser.talk.say("hello")
    await rehearser.tap("Practise on an invented case")
    await rehearser.tap(world.policies[world.first.policy].publisher)
    await rehearser.tap(world.scenario.title)
    assert world.scenario.briefing in rehearser.talk.said
    await rehearser.talk.command("rehearse")  # the same button, further up on the page
    assert world.scenario.points[0].asks in rehearser.talk.said


async def test_it_names_itself_and_the_day_in_every_turn(rehearser, world):
    await rehearser.start(world)
    said = rehearser.talk.said
    assert re.search(r"REH-2026-\d{4}", said)
    assert "Thursday 17 December 2026 at 14:00" in said
    assert all(rehearser.marked)


async def test_nothing_of_it_is_in_the_records(
    rehearser, walker, world, records_file, library, clock
):
    """A real case with a draft beside it, of the same person: byte for byte as it was."""
    await walker.begin()
    reference = await walker.record({})
    await walker.begin()
    await walker.to_kind("choice")
    before = everything_in(records_file)
    await rehearser.start(world)
    for name in world.scenario.paths.perfect:
        await rehearser.take(world, name)
    assert everything_in(records_file) == before
    assert "REH-" not in before
    await rehearser.talk.say("my escalations")
    assert reference in rehearser.talk.said
    assert "REH-" not in rehearser.talk.said


async def test_no_figure_of_the_year_counts_it(rehearser, walker, world, around, clock):
    await walker.begin()
    await walker.record({"policy": "jersey"})
    for name in ("start", *world.scenario.paths.perfect):
        await (rehearser.start(world) if name == "start" else rehearser.take(world, name))
    with around.database.reading() as session:
        cases = escalations_of(session, policy_id="jersey", year=2026)
    figures = statistics_of(
        cases, around.library, policy_id="jersey", year=2026, now=clock(), suppress=False
    )
    assert figures.total.count == 1


async def test_a_walk_that_goes_on_asks_its_question_again(rehearser, walker):
    await walker.begin()
    asked = await walker.to_kind("choice")
    for what in ("list", "list:jersey", "aside"):
        await rehearser.talk.choose("rehearsal", what)
        assert asked.ask in rehearser.talk.texts
        assert await rehearser.talk.loop() == "walk_form"


async def test_a_draft_is_kept_while_somebody_rehearses(rehearser, walker, world):
    await walker.begin()
    await walker.to_kind("choice")
    answers = await walker.answers()
    await rehearser.start(world)
    assert await rehearser.talk.loop() is None
    await rehearser.talk.choose("rehearsal", "leave_now")
    await rehearser.talk.command("resume")
    assert await walker.answers() == answers


async def test_no_reminder_comes_of_it(rehearser, world, around, clock, office, mailer):
    await rehearser.start(world)
    await rehearser.take(world, "to_stage_two")
    clock.forward(timedelta(days=60))
    swept = sweep(around.database, around.library, tell_time=clock, pace=around.pace, mailer=mailer)
    assert (swept.made, office.taken) == (0, [])


async def test_a_button_of_real_work_does_nothing_in_it(rehearser, walker, world, records_file):
    await walker.begin()
    before = everything_in(records_file)
    await rehearser.start(world)
    await rehearser.talk.choose("imminent", "no")
    assert "belongs to your real work" in rehearser.talk.said
    assert everything_in(records_file) == before
    await rehearser.tap("Go on rehearsing")
    assert world.scenario.points[0].asks in rehearser.talk.said


async def test_it_is_put_aside_for_real_work_and_taken_up_again(rehearser, walker, world):
    await rehearser.start(world)
    await rehearser.talk.command("start_walk")  # a button of real work that is still on screen
    assert "belongs to your real work" in rehearser.talk.said
    assert await rehearser.talk.loop() is None
    await rehearser.tap("Put it aside for now")
    await rehearser.tap("I disagree with a decision")
    assert await rehearser.talk.loop() == "walk_form"
    await rehearser.talk.choose("rehearsal", "resume")
    assert world.scenario.points[0].asks in rehearser.talk.said


async def test_a_second_window_never_answers_whether_a_risk_is_real(rehearser, world, around):
    await rehearser.start(world)
    await rehearser.talk.say(RISK)
    for _ in range(3):
        await rehearser.talk.choose("rehearsal", "news")
        assert rehearser.talk.messages == []
    with around.database.reading() as session:
        assert open_alerts(session, conversation=rehearser.talk.person) == ()
    await rehearser.talk.say("it is real")
    await rehearser.talk.choose("rehearsal", "news")
    assert rehearser.talk.messages == []
    assert await rehearser.talk.slot("rehearsal") is None


@pytest.mark.parametrize("words", [RISK, "he threatened her last week", f"{LONG} {RISK} {LONG}"])
async def test_words_that_sound_real_are_asked_about_and_taken_as_a_move(
    rehearser, world, around, words
):
    await rehearser.start(world)
    await rehearser.talk.say(words)
    assert "Is this real, or part of the rehearsal?" in rehearser.talk.said
    assert "999" in rehearser.talk.said
    await rehearser.tap("It is part of the rehearsal")
    assert world.scenario.points[0].asks in rehearser.talk.said  # and the rehearsal goes on
    with around.database.reading() as session:
        assert open_alerts(session, conversation=rehearser.talk.person) == ()


async def test_what_is_real_is_recorded_and_ends_the_rehearsal(rehearser, world, around):
    await rehearser.start(world)
    await rehearser.talk.say(RISK)
    await rehearser.tap("It is real")
    assert "stopped the rehearsal" in rehearser.talk.said
    assert await rehearser.talk.slot("rehearsal") is None
    with around.database.reading() as session:
        assert len(open_alerts(session, conversation=rehearser.talk.person)) == 1
    await rehearser.talk.say("yes, done")
    await rehearser.talk.say("rehearse")
    await rehearser.tap("Go on with REH-")
    assert world.scenario.points[0].asks in rehearser.talk.said


async def test_another_person_never_gets_into_it(rehearser, world, talk, assistant, rehearsals):
    await rehearser.start(world)
    place = rehearsals.rooms.place_of(holder=talk.person)
    stranger = Rehearser(type(talk)(assistant))
    await stranger.talk.say("hello")
    for command in ("forget", "forget_now"):
        await stranger.talk.choose("rehearsal", f"{command}:{place.id}")
        assert "no such place" in stranger.talk.said
    assert rehearsals.rooms.place_of(holder=talk.person) is not None


async def test_it_can_be_deleted_at_once(rehearser, world, rehearsals, talk):
    await rehearser.start(world)
    await rehearser.talk.choose("rehearsal", "leave_now")
    await rehearser.tap("Delete this rehearsal")
    await rehearser.tap("Yes, delete it")
    assert "Nothing of it is kept" in rehearser.talk.said


async def test_a_room_is_joined_by_its_code_and_hears_the_facilitator(
    rehearser, world, rehearsals, clock, library
):
    opened = rehearsals.rooms.open_led(world=world, now=clock())
    await rehearser.talk.say(f"join {opened.room.code.lower()}")
    assert world.scenario.briefing in rehearser.talk.said
    await rehearser.talk.say("join ABC-999")
    assert "code" in rehearser.talk.said
