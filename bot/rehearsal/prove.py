"""Plays the three paths of a scenario: they end, the best is whole, and the marks order them."""

from collections.abc import Iterable, Iterator

from bot.escalation.clocks import chain
from bot.policy.contradiction import Contradiction
from bot.rehearsal.debrief import Debrief, debrief
from bot.rehearsal.parts import limits
from bot.rehearsal.play import ON, NotPossibleError, begin, take
from bot.rehearsal.state import Entry, Kind, State
from bot.rehearsal.time import policy_with
from bot.rehearsal.world import World

MOST_WAITS = 80
NAMES = ("perfect", "typical", "bad")


class PathError(ValueError):
    """A path that cannot be walked: says at which step, and why."""


def contradictions_of_paths(world: World) -> Iterator[Contradiction]:
    """What the three paths show to be wrong with a scenario."""
    scores: dict[str, Debrief] = {}
    for name in NAMES:
        try:
            state = walk(world, getattr(world.scenario.paths, name))
        except PathError as error:
            yield Contradiction(("paths", name), str(error).rstrip("."))
        else:
            scores[name] = debrief(world, state)
    if len(scores) < len(NAMES):
        return
    yield from _perfect(scores["perfect"])
    yield from _limits(world, scores["perfect"].state)
    for better, worse in (("perfect", "typical"), ("typical", "bad")):
        if not scores[better].score > scores[worse].score:
            yield Contradiction(
                ("paths", worse),
                f"scores {scores[worse].score:.2f}, and {better!r} {scores[better].score:.2f}",
                remedy=f"The path {better!r} has to score more.",
            )


def _perfect(found: Debrief) -> Iterator[Contradiction]:
    endings = [ending.id for ending in found.world.scenario.endings]
    if found.state.ended not in endings:
        yield Contradiction(
            ("paths", "perfect"), f"ends as {found.state.ended!r}", endings,
            "The perfect path has to reach an ending of the scenario.",
        )  # fmt: skip
    for each in found.judgements:
        if each.worth < 1:
            yield Contradiction(
                ("paths", "perfect"), f"{each.id!r} is {each.verdict}: {each.why.rstrip('.')}",
                remedy="The perfect path does everything that is expected, in time.",
            )  # fmt: skip


def _limits(world: World, state: State) -> Iterator[Contradiction]:
    """Limits by a clock that would never run out, though the policy gives it a number."""
    for key, limit in limits(world.scenario):
        part = world.scenario.points if key[0] == "points" else world.scenario.steps
        opened = state.opened.get(part[int(key[1])].id)
        if limit.clock is None or opened is None or opened.due is not None:
            continue
        policy = policy_with(world, state, limit.clock)
        links = chain(policy, policy.clocks[limit.clock])
        if all(any(each.kind != "words_only" for each in link.readings) for link in links):
            yield Contradiction(
                (*key, "clock"),
                f"the clock {limit.clock!r} has not begun when its time is to run", links[-1].start,
                "Name an event that starts it under 'happens' or 'began' before.",
            )  # fmt: skip


def walk(world: World, path: Iterable[str]) -> State:
    """The state at the end of a path; where the path does not end it, time runs out.

    Raises:
        PathError: a step of it is not possible when its turn comes.
    """
    state, _ = begin(world)
    for at, name in enumerate(path):
        try:
            state, _ = take(world, state, entry_of(world, name))
        except NotPossibleError as error:
            raise PathError(f"step {at + 1}, {name!r}: {error}") from error
    for _ in range(MOST_WAITS):
        if state.ended is not None:
            return state
        state, _ = take(world, state, Entry("wait"))
    raise PathError("never ends: shorten 'lasts'")


def entry_of(world: World, name: str) -> Entry:
    """The entry that a name in a path stands for."""
    kinds: tuple[tuple[Kind, Iterable[str]], ...] = (
        ("ask", world.facts),
        ("say", world.topics),
        ("choose", world.choices),
        ("do", world.steps),
    )
    for kind, known in kinds:
        if name in known:
            return Entry(kind, name)
    match name:
        case "guide":
            return Entry("guide")
        case "wait_on":
            return Entry("wait", ON)
        case _:
            return Entry("wait")
