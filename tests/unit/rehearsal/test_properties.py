"""What holds of a rehearsal whatever is done in it, in every scenario there is."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from valley_rehearsal import FILE, LIBRARY, MIXED, ROOT, valley

from bot.rehearsal.debrief import debrief
from bot.rehearsal.load import canonical, load, restored
from bot.rehearsal.offers import offers
from bot.rehearsal.play import NotPossibleError, begin, play, take
from bot.rehearsal.prove import MOST_WAITS
from bot.rehearsal.state import CLOSED, FACILITATOR, Entry, Guided, Passed, Scene, State, Told
from bot.rehearsal.world import World

FILES = [FILE, *sorted((ROOT / "rehearsals").glob("*.yml"))]
WORLDS = {path.stem: load(path, LIBRARY) for path in FILES}
WORLDS["valley_and_jersey"] = valley(*MIXED)
ON_THE_LADDER = ("stage", "discuss_first")
MOST_ENTRIES = 40
TRIES = 15


def holds(test):
    """A property, tried a few times in each of many scenarios; a busy machine is no failure."""
    slow = (HealthCheck.too_slow,)
    limited = settings(max_examples=TRIES, deadline=None, suppress_health_check=slow)
    return limited(given(data=st.data())(test))


def entries(world: World) -> st.SearchStrategy[list[Entry]]:
    """Anything that might be sent, most of it by its right name."""
    scenario = world.scenario
    topics = [topic.id for topic in scenario.counterpart.topics]
    named = {
        "ask": [fact.id for fact in scenario.facts],
        "say": topics,
        "choose": [choice.id for _, choice in scenario.choices()],
        "do": [step.id for step in scenario.steps],
        "wait": ["", "on"],
        "guide": [""],
        "inject": [event.id for event in scenario.events],
        "announce": ["Five minutes more."],
        "move": ["1", "3", "60", "0", "soon"],
        "pause": [""],
        "resume": [""],
        "reveal": [""],
    }
    known = st.one_of(
        *(st.builds(Entry, st.just(kind), st.sampled_from(ids)) for kind, ids in named.items())
    )
    last = st.sampled_from((Entry("leave"), Entry("end")))
    anything = st.builds(Entry, st.sampled_from([*named, "leave", "end"]), st.text(max_size=12))
    return st.lists(st.one_of(known, known, known, known, anything, last), max_size=MOST_ENTRIES)


# Built once a scenario: it takes Hypothesis longer to build a strategy than to draw from it.
pytestmark = pytest.mark.parametrize(
    ("world", "sent"), [(world, entries(world)) for world in WORLDS.values()], ids=WORLDS
)


def played(world: World, wanted: list[Entry]) -> tuple[list[Entry], list[State], list[Scene]]:
    """What could be done of `wanted`, the states it led through, and all that was told."""
    state, told = begin(world)
    done, states, scenes = [], [state], [*told]
    for entry in wanted:
        try:
            state, told = take(world, state, entry)
        except NotPossibleError as error:
            assert str(error)
            continue
        done.append(entry)
        states.append(state)
        scenes += told
    return done, states, scenes


def moments(scenes: list[Scene]) -> list[datetime]:
    """The virtual times of all that was told, in the order in which it was told."""
    found: list[datetime] = []
    for scene in scenes:
        if isinstance(scene, Told):
            found.append(scene.at)
        elif isinstance(scene, Passed):
            found += [scene.since, scene.until]
    return [each.astimezone(UTC) for each in found]


@holds
def test_only_what_is_not_possible_is_refused_and_time_never_runs_backwards(world, sent, data):
    _, states, scenes = played(world, data.draw(sent))
    told = moments(scenes)
    assert told == sorted(told)
    nows = [state.now.astimezone(UTC) for state in states]
    assert nows == sorted(nows)


@holds
def test_played_again_from_its_entries_and_its_stored_text_it_is_the_same(world, sent, data):
    done, states, _ = played(world, data.draw(sent))
    again = restored(canonical(world.scenario), LIBRARY)
    assert play(again, done) == states[-1]


@holds
def test_the_debrief_judges_each_thing_once_and_scores_stay_between_nothing_and_all(
    world, sent, data
):
    _, states, _ = played(world, data.draw(sent))
    found = debrief(world, states[-1])
    assert 0 <= found.score <= 1
    ids = Counter(each.id for each in found.judgements)
    assert set(ids.values()) == {1}
    assert all(0 <= each.worth <= 1 for each in found.judgements)
    assert all(each.share is None or 0 <= each.share <= 1 for each in found.aims)
    assert sum(each.of for each in found.aims) == len(found.counted)
    uncounted = set(found.judgements) - set(found.counted)
    assert {each.verdict for each in uncounted} <= {"not_reached"}
    assert not uncounted or found.state.ended == CLOSED


@holds
def test_no_event_and_no_limit_is_told_twice(world, sent, data):
    _, _, scenes = played(world, data.draw(sent))
    scenario = world.scenario
    limits = [each.missed.then for each in scenario.points]
    limits += [each.expected.missed.then for each in scenario.steps if each.expected is not None]
    once = {text for text in limits if text} | {event.says for event in scenario.events}
    told = Counter(scene.text for scene in scenes if isinstance(scene, Told))
    assert {text: told[text] for text in once if told[text] > 1} == {}


@holds
def test_the_policy_always_has_an_answer_for_where_the_case_is(world, sent, data):
    _, states, scenes = played(world, data.draw(sent))
    for guided in (scene for scene in scenes if isinstance(scene, Guided)):
        assert guided.decision.status in ON_THE_LADDER
    for state in states:
        assert state.policy == state.stays[-1].policy
        assert state.stage in {stage.id for stage in world.policies[state.policy].stages}


@holds
def test_whatever_is_offered_can_be_done(world, sent, data):
    _, states, _ = played(world, data.draw(sent))
    for offer in offers(world, states[-1]).every:
        state, _ = take(world, states[-1], Entry(offer.kind, offer.id))
        assert offer.id in state.done


@holds
def test_it_always_ends_and_nothing_follows(world, sent, data):
    _, states, _ = played(world, data.draw(sent))
    state = states[-1]
    for kind in ["resume", *["wait"] * MOST_WAITS]:
        if state.ended is None:
            state, _ = take(world, state, Entry(kind))
    assert state.ended is not None
    for kind in ("wait", *FACILITATOR):
        with pytest.raises(NotPossibleError, match="has ended"):
            take(world, state, Entry(kind))
