"""A place in a room: what is done in it is kept, told once, and only its holder's."""

from dataclasses import replace

import pytest
from sqlalchemy import text, update

from bot.databases.errors import UnstorableError
from bot.rehearsal.play import NotPossibleError
from bot.rehearsal.state import FACILITATOR, Entry
from bot.rooms.errors import (
    AlreadyRehearsingError,
    CannotReplayError,
    LeftError,
    MessageReusedError,
    NotYourPlaceError,
    NotYoursToDoError,
)
from bot.rooms.tables import RoomRow


@pytest.fixture
def alone(rooms, world, now):
    return rooms.open_alone(world=world, holder="web:1", now=now)


@pytest.fixture
def act(rooms, alone, now, library):
    def do(kind, what="", message="m1"):
        return rooms.act(
            place_id=alone.id, holder="web:1", entry=Entry(kind, what), message_id=message,
            now=now, library=library,
        )  # fmt: skip

    return do


def test_a_rehearsal_of_ones_own_begins_with_its_briefing(rooms, alone, world, library):
    begun = rooms.begin_scenes(place_id=alone.id, holder="web:1", library=library)
    assert begun.place == alone
    assert begun.scenes[0].text == world.scenario.briefing
    assert (alone.reference, alone.number, alone.room.led) == ("REH-2026-0001", 1, False)
    assert begun.world.scenario == world.scenario


def test_what_is_done_is_told_and_stays(rooms, act, alone, library, texts, world):
    acted = act("ask", "weight")
    assert texts(acted) == [world.facts["weight"].says]
    assert not acted.repeated
    again = rooms.standing(place_id=alone.id, holder="web:1", library=library)
    assert again.state == acted.state
    assert "weight" in again.state.done


def test_a_message_that_comes_twice_is_done_once_and_answered_the_same(act, rooms, alone, library):
    first = act("choose", "wait_for_review")
    act("wait", message="m2")
    again = act("choose", "wait_for_review")
    assert again.repeated
    assert again.scenes == first.scenes
    state = rooms.standing(place_id=alone.id, holder="web:1", library=library).state
    assert again.state == state
    assert len(state.taken["after_the_meeting"].earlier) == 0


def test_a_message_id_does_not_serve_for_something_else(act):
    act("ask", "weight")
    with pytest.raises(MessageReusedError, match="ask 'weight' before"):
        act("ask", "nursery")


def test_what_cannot_be_done_changes_nothing(act, rooms, alone, library):
    before = rooms.standing(place_id=alone.id, holder="web:1", library=library)
    with pytest.raises(NotPossibleError):
        act("choose", "named_nurse")
    assert rooms.standing(place_id=alone.id, holder="web:1", library=library) == before
    assert not act("ask", "weight").repeated


@pytest.mark.parametrize("kind", FACILITATOR)
def test_a_participant_cannot_do_what_the_facilitator_does(act, kind):
    with pytest.raises(NotYoursToDoError, match=kind):
        act(kind, "1")


def test_someone_elses_place_looks_like_none(rooms, alone, library, now):
    ways = [
        lambda id_: rooms.act(
            place_id=id_, holder="web:2", entry=Entry("ask", "weight"), message_id="m", now=now,
            library=library,
        ),
        lambda id_: rooms.place(place_id=id_, holder="web:2"),
        lambda id_: rooms.begin_scenes(place_id=id_, holder="web:2", library=library),
        lambda id_: rooms.standing(place_id=id_, holder="web:2", library=library),
        lambda id_: rooms.catch_up(place_id=id_, holder="web:2", library=library),
        lambda id_: rooms.news(place_id=id_, holder="web:2"),
        lambda id_: rooms.leave(place_id=id_, holder="web:2", now=now),
        lambda id_: rooms.take_up(place_id=id_, holder="web:2", now=now),
        lambda id_: rooms.delete_place(place_id=id_, holder="web:2"),
    ]  # fmt: skip
    for way in ways:
        told = set()
        for id_ in (alone.id, "none"):
            with pytest.raises(NotYourPlaceError) as refused:
                way(id_)
            told.add(str(refused.value))
        assert len(told) == 1
    assert rooms.place_of(holder="web:2") is None
    assert rooms.places_of(holder="web:2") == ()
    assert rooms.place_of(holder="web:1") == alone


def test_one_rehearsal_at_a_time(rooms, alone, world, now, group):
    with pytest.raises(AlreadyRehearsingError, match=r"REH-2026-0001.*Leave it first"):
        rooms.open_alone(world=world, holder="web:1", now=now)
    with pytest.raises(AlreadyRehearsingError):
        group.join("web:1")
    rooms.leave(place_id=alone.id, holder="web:1", now=now)
    second = group.join("web:1")
    assert rooms.place_of(holder="web:1") == second
    with pytest.raises(AlreadyRehearsingError, match=second.reference):
        rooms.take_up(place_id=alone.id, holder="web:1", now=now)
    assert [each.id for each in rooms.places_of(holder="web:1")] == [second.id, alone.id]


def test_one_that_has_ended_is_no_hindrance(rooms, act, alone, world, now):
    assert act("leave").state.ended == "left"
    assert rooms.place_of(holder="web:1").over
    second = rooms.open_alone(world=world, holder="web:1", now=now)
    assert rooms.place_of(holder="web:1") == second
    assert rooms.place(place_id=alone.id, holder="web:1").left_at == now


def test_a_place_that_was_left_waits_until_it_is_taken_up(rooms, act, alone, now):
    act("ask", "weight")
    rooms.leave(place_id=alone.id, holder="web:1", now=now)
    assert rooms.place_of(holder="web:1") is None
    with pytest.raises(LeftError, match="Take it up again"):
        act("ask", "nursery", message="m2")
    assert act("ask", "weight").repeated
    assert rooms.take_up(place_id=alone.id, holder="web:1", now=now).left_at is None
    assert not act("ask", "nursery", message="m2").repeated


def test_deleting_a_place_of_ones_own_leaves_nothing_of_it(rooms, act, alone):
    act("ask", "weight")
    rooms.delete_place(place_id=alone.id, holder="web:1")
    assert rooms.places_of(holder="web:1") == ()
    with rooms.database.reading() as session:
        for table in ("room", "place", "entry", "lead"):
            assert session.connection().exec_driver_sql(
                f"SELECT count(*) FROM {table}"
            ).scalar_one() == 0  # fmt: skip


def test_no_identity_is_kept(rooms, act, alone):
    act("ask", "weight")
    with rooms.database.reading() as session:
        for table in ("room", "place", "entry", "wrong_code"):
            for row in session.connection().exec_driver_sql(f"SELECT * FROM {table}"):
                assert "web:1" not in map(str, row)


@pytest.mark.parametrize("holder", ["web\0", "web\ud800"])
def test_a_holder_that_cannot_be_kept_is_refused(rooms, world, now, holder):
    with pytest.raises(UnstorableError):
        rooms.open_alone(world=world, holder=holder, now=now)
    with pytest.raises(UnstorableError):
        rooms.place_of(holder=holder)


def test_a_session_goes_on_as_it_began_when_its_file_changes(rooms, alone, library, world):
    renamed = world.scenario.model_copy(update={"title": "Another title"})
    assert renamed.title != world.scenario.title
    found = rooms.standing(place_id=alone.id, holder="web:1", library=library)
    assert found.world.scenario.title == world.scenario.title


def test_what_a_newer_program_does_not_allow_is_said_and_can_be_deleted(rooms, act, alone, library):
    act("ask", "weight")
    with rooms.database.session() as session:
        session.execute(text("UPDATE entry SET what = 'no_such'"))
    with pytest.raises(CannotReplayError, match=r"step 1 \(ask no_such\).*begin it again"):
        act("ask", "nursery", message="m2")
    with pytest.raises(CannotReplayError):
        rooms.standing(place_id=alone.id, holder="web:1", library=library)
    rooms.delete_place(place_id=alone.id, holder="web:1")
    assert rooms.place_of(holder="web:1") is None


def test_a_rehearsal_whose_policy_is_gone_says_so_and_can_be_deleted(rooms, alone, library):
    less = replace(library, versions={"plymouth": library.versions["plymouth"]})
    with pytest.raises(CannotReplayError, match=r"its policy is not here any more.*'jersey'"):
        rooms.standing(place_id=alone.id, holder="web:1", library=less)
    rooms.delete_place(place_id=alone.id, holder="web:1")
    assert rooms.place_of(holder="web:1") is None


def test_a_scenario_that_this_program_cannot_read_says_so(rooms, alone, library):
    with rooms.database.session() as session:
        session.execute(update(RoomRow).values(scenario_json='{"schema": 2}', scenario_hash="2"))
    with pytest.raises(CannotReplayError, match="another version of the program"):
        rooms.standing(place_id=alone.id, holder="web:1", library=library)
