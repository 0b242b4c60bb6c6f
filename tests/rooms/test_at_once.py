"""Many at once: no entry is lost, none is there twice, and what was played stays what it was."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rehearsal.play import NotPossibleError, play
from bot.rehearsal.state import Entry
from bot.rooms.errors import AlreadyRehearsingError
from bot.rooms.rooms import open_rooms

AT_ONCE = 30


def together(works):
    """What each of these comes to, all begun at the same moment."""
    start = Barrier(len(works))

    def run(work):
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(run, work) for work in works]]


def entries_of(group, place):
    lines = group.rooms.transcript(**group.leader, place_id=place.id, library=group.library)
    return [line.entry for line in lines[1:]]


def test_thirty_people_join_and_act_at_once(group):
    places = together([lambda n=n: group.join(f"web:{n}") for n in range(AT_ONCE)])
    assert sorted(each.number for each in places) == [*range(1, AT_ONCE + 1)]
    assert len({each.alias for each in places}) == len({each.reference for each in places}) == 30
    wanted = [("ask", "weight"), ("say", "say_evidence"), ("choose", "to_stage_two"), ("wait", "")]
    done = together([
        lambda n=n, place=place: [
            group.act(place, f"web:{n}", *what, message_id=what[0]) for what in wanted
        ]
        for n, place in enumerate(places)
    ])  # fmt: skip
    assert all(not acted.repeated for each in done for acted in each)
    for place in places:
        assert entries_of(group, place) == [Entry(*what) for what in wanted]


def test_thirty_messages_in_one_place_are_all_kept(group):
    place = group.join("web:1")
    together([lambda: group.act(place, "web:1", "ask", "weight") for _ in range(AT_ONCE)])
    assert entries_of(group, place) == [Entry("ask", "weight")] * AT_ONCE


def test_one_message_thirty_times_is_done_once(group):
    place = group.join("web:1")
    done = together([
        lambda: group.act(place, "web:1", "wait", message_id="m") for _ in range(AT_ONCE)
    ])  # fmt: skip
    assert [each.repeated for each in done].count(False) == 1
    assert len({each.scenes for each in done}) == 1
    assert entries_of(group, place) == [Entry("wait")]


def test_what_the_facilitator_does_meanwhile_is_in_every_place_and_told_once(group, texts):
    places = [group.join(f"web:{n}") for n in range(10)]
    told = together([
        *(lambda n=n: group.lead("announce", f"Number {n}.") for n in range(10)),
        *(
            lambda n=n, place=place: [
                *texts(group.act(place, f"web:{n}", "ask", "weight")),
                *texts(group.catch_up(place, f"web:{n}")),
            ]
            for n, place in enumerate(places)
        ),
        lambda: group.join("web:late"),
    ])  # fmt: skip
    for n, place in enumerate(places):
        heard = [*told[10 + n], *texts(group.catch_up(place, f"web:{n}"))]
        assert sorted(t for t in heard if t.startswith("Number")) == [
            f"Number {k}." for k in range(10)
        ]
        assert len(entries_of(group, place)) == 11


def test_who_comes_twice_at_once_has_one_place(group, rooms, world, now):
    assert len({each.id for each in together([lambda: group.join("web:1")] * 8)}) == 1

    def begin():
        try:
            return rooms.open_alone(world=world, holder="web:2", now=now)
        except AlreadyRehearsingError:
            return None

    assert len([each for each in together([begin] * 8) if each]) == 1


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["web:1", "web:2", "leader", "leader:1", "catch up", "look"]),
        st.sampled_from([
            Entry("ask", "weight"), Entry("ask", "nursery"), Entry("say", "say_evidence"),
            Entry("choose", "to_stage_two"), Entry("choose", "named_nurse"), Entry("wait"),
            Entry("choose", "wait_for_review"), Entry("guide"), Entry("wait", "on"),
            Entry("move", "2"), Entry("pause"), Entry("resume"), Entry("announce", "Now."),
            Entry("reveal"),
        ]),
    ),
    max_size=25,
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_what_is_played_live_is_what_is_played_again(group, url, world, library, moves):
    again = type(group)(group.rooms, world, library)
    holders = [f"web:{again.opened.room.id}:{n}" for n in (1, 2)]
    places = [again.join(holder) for holder in holders]
    live = {}
    for who, entry in moves:
        led = entry.kind in {"move", "pause", "resume", "announce", "reveal"}
        try:
            if who.startswith("web") and not led:
                n = int(who[-1]) - 1
                live[n] = again.act(places[n], holders[n], entry.kind, entry.what).state
            elif who == "leader" and led:
                again.lead(entry.kind, entry.what)
                live.clear()
            elif who == "leader:1" and led:
                again.lead_one(places[0], entry.kind, entry.what)
                live.pop(0, None)
            elif who == "catch up":
                live[0] = again.catch_up(places[0], holders[0]).state
            elif who == "look":
                again.room()
        except NotPossibleError:
            pass
    with open_rooms(url) as other:  # nothing of it in memory
        anew = other.room(**again.leader, library=library)
    assert [view.state for view in again.room().places] == [view.state for view in anew.places]
    for n, state in live.items():
        assert anew.places[n].state == state
        assert play(world, entries_of(again, places[n])) == state
