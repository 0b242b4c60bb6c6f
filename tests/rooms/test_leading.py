"""Leading a room: what the facilitator does reaches everybody, and is told once."""

import re
from datetime import timedelta

import pytest

from bot.rehearsal.play import NotPossibleError
from bot.rehearsal.state import Entry, Told
from bot.rooms.errors import (
    NotYourPlaceError,
    NotYourRoomError,
    NotYoursToDoError,
    RoomEndedError,
    RoomFullError,
    TooManyTriesError,
    UnknownCodeError,
)
from bot.rooms.names import ALIASES, hashed


@pytest.fixture
def pair(group):
    """Two people in a room."""
    return group.join("web:1"), group.join("web:2")


def test_a_room_has_a_code_to_read_aloud_and_a_key_that_is_not_kept(group, rooms):
    assert re.fullmatch(r"[A-Z]{3}-[2-9]{3}", group.opened.room.code)
    with rooms.database.reading() as session:
        [row] = session.connection().exec_driver_sql("SELECT * FROM room")
    assert group.opened.key not in map(str, row)


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", " "), lambda c: f" {c}. ",
                                    lambda c: c.replace("-", "–")])  # fmt: skip
def test_a_code_is_heard_however_it_is_typed(group, rooms, library, now, change):
    joined = rooms.join(
        code=change(group.opened.room.code), holder="web:1", now=now, library=library
    )
    assert joined.room == group.opened.room


def test_who_joins_twice_has_one_place(group, rooms, now):
    first = group.join("web:1")
    assert group.join("web:1") == first
    rooms.leave(place_id=first.id, holder="web:1", now=now)
    assert group.join("web:1") == first
    assert len(group.room().places) == 1


def test_everybody_has_an_alias_and_a_reference_of_their_own(group):
    places = [group.join(f"web:{n}") for n in range(65)]
    assert len({each.alias for each in places}) == 65
    assert {each.alias for each in places[:60]} == set(ALIASES)
    assert all(each.alias.endswith(" 2") for each in places[60:])
    assert [each.reference for each in places[:2]] == ["REH-2026-0001", "REH-2026-0002"]
    assert [each.number for each in places] == [*range(1, 66)]


def test_a_full_room_says_so(group, monkeypatch):
    monkeypatch.setattr("bot.rooms.opening.MOST_PLACES", 2)
    group.join("web:1"), group.join("web:2")
    with pytest.raises(RoomFullError, match="has 2 participants"):
        group.join("web:3")
    assert group.join("web:1").number == 1


def test_codes_are_not_to_be_guessed(group, rooms, library, now):
    def attempt(code, holder="web:1", at=now):
        return rooms.join(code=code, holder=holder, now=at, library=library)

    for wrong in [*["AAA-000"] * 9, "a line that is no code"]:
        with pytest.raises(UnknownCodeError, match="KRT-482"):
            attempt(wrong)
    with pytest.raises(TooManyTriesError, match="10 codes"):
        attempt(group.opened.room.code)
    assert attempt(group.opened.room.code, holder="web:2").number == 1
    assert attempt(group.opened.room.code, at=now + timedelta(hours=1)).number == 2


@pytest.mark.parametrize("words", ["", "-", "not a code", "AAA-000", "None"])
def test_nobody_joins_a_rehearsal_of_somebody_elses_own(rooms, world, library, now, words):
    rooms.open_alone(world=world, holder="web:1", now=now)
    with pytest.raises(UnknownCodeError):
        rooms.join(code=words, holder="web:2", now=now, library=library)


def test_what_the_facilitator_does_reaches_everybody_and_is_told_once(group, pair, rooms, texts):
    led = group.lead("announce", "Five minutes for the first decision.")
    assert led.done == tuple(each.alias for each in pair)
    for place, holder in zip(pair, ("web:1", "web:2"), strict=True):
        assert rooms.news(place_id=place.id, holder=holder) == 1
    assert texts(group.catch_up(pair[0], "web:1")) == ["Five minutes for the first decision."]
    assert group.catch_up(pair[0], "web:1").scenes == ()
    acted = group.act(pair[1], "web:2", "ask", "weight", message_id="m")
    assert texts(acted)[0] == "Five minutes for the first decision."
    assert len(acted.scenes) == 2
    assert rooms.news(place_id=pair[1].id, holder="web:2") == 0
    again = group.act(pair[1], "web:2", "ask", "weight", message_id="m")
    assert again.scenes == acted.scenes


def test_a_repeated_message_gets_its_own_answer_after_more_was_told(group, pair):
    group.lead("announce", "One.")
    first = group.act(pair[0], "web:1", "ask", "weight", message_id="m")
    group.lead("announce", "Two.")
    group.catch_up(pair[0], "web:1")
    assert group.act(pair[0], "web:1", "ask", "weight", message_id="m").scenes == first.scenes


def test_where_it_is_not_possible_it_is_skipped_with_the_reason(group, pair):
    event = next(iter(group.room().world.events))
    assert group.lead_one(pair[0], "inject", event).done == (pair[0].alias,)
    led = group.lead("inject", event)
    assert led.done == (pair[1].alias,)
    assert "happened already" in led.skipped[pair[0].alias]


def test_what_is_possible_nowhere_is_refused_and_not_kept(group):
    for kind, what in [("inject", "no_such"), ("move", "0"), ("move", "x")]:
        with pytest.raises(NotPossibleError):
            group.lead(kind, what)
    with pytest.raises(NotYoursToDoError, match="choose"):
        group.lead("choose", "to_stage_two")
    assert group.catch_up(group.join("web:1"), "web:1").scenes == ()


def test_a_click_that_comes_twice_counts_once(group, pair):
    group.lead("move", "2", message_id="click")
    before = [each.state for each in group.room().places]
    assert group.lead("move", "2", message_id="click").repeated
    assert [each.state for each in group.room().places] == before


def test_a_pause_holds_everybody_until_it_ends(group, pair):
    group.lead("pause")
    with pytest.raises(NotPossibleError, match="paused"):
        group.act(pair[0], "web:1", "ask", "weight")
    group.lead("resume")
    assert "weight" in group.act(pair[0], "web:1", "ask", "weight").state.done


def test_who_comes_late_begins_where_the_room_is(group, pair, rooms, texts):
    event = next(iter(group.room().world.events))
    group.lead("announce", "Only for who was there.")
    group.lead("inject", event)
    group.lead("move", "3")
    group.lead("pause")
    late = group.join("web:3")
    states = {view.place.number: view.state for view in group.room().places}
    assert states[3] == states[1]
    assert states[3].paused
    assert rooms.news(place_id=late.id, holder="web:3") == 3
    told = texts(group.catch_up(late, "web:3"))
    assert group.room().world.events[event].says in told
    assert "Only for who was there." not in told


def test_what_was_led_in_one_place_is_not_for_late_comers(group, pair):
    group.lead_one(pair[0], "move", "3")
    late = group.join("web:3")
    states = {view.place.number: view.state for view in group.room().places}
    assert states[3].now == states[2].now < states[1].now
    assert group.catch_up(late, "web:3").scenes == ()


def test_the_end_is_for_everybody_and_for_good(group, pair, rooms, library, now):
    led = rooms.end(**group.leader, now=now, library=library)
    assert len(led.done) == 2
    assert {view.state.ended for view in group.room().places} == {"closed"}
    assert group.room().room.ended_at == now
    with pytest.raises(RoomEndedError, match="nobody new"):
        group.join("web:3")
    assert group.join("web:1") == rooms.place(place_id=pair[0].id, holder="web:1")
    with pytest.raises(RoomEndedError):
        group.lead("announce", "Too late.")
    with pytest.raises(NotPossibleError, match="ended"):
        group.act(pair[0], "web:1", "ask", "weight")
    assert isinstance(group.catch_up(pair[0], "web:1").scenes[-1], Told)


def test_ending_one_place_ends_no_other(group, pair):
    group.lead_one(pair[0], "end")
    assert [view.state.ended for view in group.room().places] == ["closed", None]
    assert group.room().room.ended_at is None
    assert group.join("web:3").number == 3


def test_the_facilitator_sees_where_everybody_stands(group, pair):
    group.act(pair[0], "web:1", "choose", "to_stage_two")
    acted = group.act(pair[0], "web:1", "ask", "lead_in")
    first, second = group.room().places
    assert first.state == acted.state
    assert first.point.id == "manager_away"
    assert first.score > second.score
    assert first.last_at > second.last_at == pair[1].joined_at


def test_the_transcript_has_everything_in_its_order(group, pair, rooms, library):
    group.act(pair[0], "web:1", "ask", "weight")
    group.lead("announce", "Now.")
    lines = rooms.transcript(**group.leader, place_id=pair[0].id, library=library)
    assert [(line.entry, line.led) for line in lines] == [
        (None, False), (Entry("ask", "weight"), False), (Entry("announce", "Now."), True),
    ]  # fmt: skip
    assert all(line.scenes for line in lines)
    with pytest.raises(NotYourPlaceError):
        rooms.transcript(**group.leader, place_id="none", library=library)


def test_the_debriefs_are_by_alias(group, pair, rooms, library):
    group.act(pair[0], "web:1", "choose", "to_stage_two")
    (alias, reference, first), (_, _, second) = rooms.debriefs(**group.leader, library=library)
    assert (alias, reference) == (pair[0].alias, pair[0].reference)
    assert first.score > second.score


def test_another_key_opens_nothing(group, pair, rooms, library, now, world):
    other = rooms.open_led(world=world, now=now)
    alone = rooms.open_alone(world=world, holder="web:9", now=now)
    led = {"entry": Entry("pause"), "now": now, "library": library}
    pairs = [(group.opened.room.id, other.key), ("none", group.opened.key),
             (alone.room.id, group.opened.key)]  # fmt: skip
    for room_id, key in pairs:
        who = {"room_id": room_id, "key": key}
        for way in (
            lambda who=who: rooms.lead(**who, **led),
            lambda who=who: rooms.lead_one(**who, place_id=pair[0].id, **led),
            lambda who=who: rooms.end(**who, now=now, library=library),
            lambda who=who: rooms.room(**who, library=library),
            lambda who=who: rooms.transcript(**who, place_id=pair[0].id, library=library),
            lambda who=who: rooms.debriefs(**who, library=library),
            lambda who=who: rooms.keep(**who, keep=True),
            lambda who=who: rooms.delete(**who),
        ):
            with pytest.raises(NotYourRoomError):
                way()
    with pytest.raises(NotYourPlaceError):
        rooms.lead_one(
            room_id=other.room.id, key=other.key, place_id=pair[0].id, **led,
        )  # fmt: skip


def test_whose_rehearsal_has_something_to_tell_is_found_at_once(group, pair, rooms, world, now):
    rooms.open_alone(world=world, holder="web:9", now=now)
    assert rooms.untold() == ()
    group.lead("announce", "One.")
    group.lead_one(pair[1], "announce", "Two.")
    found = {each.place_id: (each.holder_hash, each.upto) for each in rooms.untold()}
    assert found == {pair[0].id: (hashed("web:1"), 1), pair[1].id: (hashed("web:2"), 2)}
    group.catch_up(pair[0], "web:1")
    assert [each.place_id for each in rooms.untold()] == [pair[1].id]
    rooms.leave(place_id=pair[1].id, holder="web:2", now=now)
    assert rooms.untold() == ()


def test_the_end_is_still_to_be_told(group, pair, rooms):
    group.lead("end")
    assert {each.place_id for each in rooms.untold()} == {place.id for place in pair}
    group.catch_up(pair[0], "web:1")
    group.catch_up(pair[1], "web:2")
    assert rooms.untold() == ()
