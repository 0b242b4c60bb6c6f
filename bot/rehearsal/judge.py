"""What was done in a rehearsal against what the policy asks, one judgement at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.rehearsal.expectations import expectations
from bot.rehearsal.scenario import Clauses, Expected, Mark, Point, Step, Unsafe
from bot.rehearsal.state import State, Taken
from bot.rehearsal.world import World

Verdict = Literal["sound", "partly", "unsafe", "missed", "not_reached"]
WORTH: dict[Mark, float] = {"sound": 1.0, "partly": 0.5, "unsafe": 0.0}
SECOND_WORTH = 0.5
"""The most that something is worth that came after its time, or after another choice."""
LATE = "It came after its time."
SECOND = "It came after another choice."


@dataclass(frozen=True)
class Judgement:
    """One decision or step, what was done, and what it is worth: from 0 to 1.

    `sound` is what the policy asks, where that was not what was done. `took` says how much of its
    time was used: `opened` to `at`, with `due` where there was a limit. `late` means that the time
    ran out before it was settled: it was done after that, or left open until then.
    """

    id: str
    aim: str
    asked: str
    did: str | None
    verdict: Verdict
    worth: float
    why: str
    cite: Clauses
    sound: str | None
    opened: datetime | None
    due: datetime | None
    at: datetime | None
    late: bool


def judge(world: World, state: State) -> tuple[Judgement, ...]:
    """Every judgement, in the order in which things were expected; what never came up is last."""
    found = [*_expected(world, state), *_mistakes(world, state)]
    return tuple(sorted(found, key=lambda each: _when(each, state.now)))


def _when(judgement: Judgement, now: datetime) -> tuple[bool, datetime]:
    came_up = judgement.opened or judgement.at
    return came_up is None, came_up or now


def _expected(world: World, state: State) -> Iterator[Judgement]:
    for id_, expectation in expectations(world):
        done = id_ in state.taken if isinstance(expectation, Point) else id_ in state.done
        if not (done or id_ in state.opened or expectation.core):
            continue
        if isinstance(expectation, Point):
            yield _decision(world, state, expectation)
        else:
            yield _step(state, world.steps[id_], expectation)


def _decision(world: World, state: State, point: Point) -> Judgement:
    taken = state.taken.get(point.id)
    sound = next(choice for choice in point.choices if choice.mark == "sound")
    if taken is None:
        return _undone(state, point.id, point, point.asks, sound.label, sound.cite)
    _, choice = world.choices[taken.choice]
    late = point.id in state.missed
    lessened = late or bool(taken.earlier)
    mark: Mark = choice.mark if taken.whole or choice.mark != "sound" else "partly"
    return Judgement(
        id=point.id,
        aim=point.aim,
        asked=point.asks,
        did="; then: ".join(world.choices[id_][1].label for id_ in (*taken.earlier, taken.choice)),
        verdict="partly" if lessened and mark == "sound" else mark,
        worth=min(WORTH[mark], SECOND_WORTH) if lessened else WORTH[mark],
        why=_reasons(world, state, point, taken),
        cite=choice.cite,
        sound=None if choice.mark == "sound" else sound.label,
        opened=state.opened[point.id].at,
        due=state.opened[point.id].due,
        at=taken.at,
        late=late,
    )


def _reasons(world: World, state: State, point: Point, taken: Taken) -> str:
    choice, missed = world.choices[taken.choice][1], state.missed.get(point.id)
    parts = (
        *(world.choices[id_][1].why for id_ in taken.earlier),
        SECOND if taken.earlier else None,
        choice.why,
        choice.else_why if not taken.whole else None,
        LATE if missed is not None and taken.at >= missed else None,
        point.missed.why if missed is not None else None,
    )
    return " ".join(part for part in parts if part)


def _step(state: State, step: Step, expected: Expected) -> Judgement:
    at, opened = state.done.get(step.id), state.opened.get(step.id)
    if at is None:
        return _undone(state, step.id, expected, None, step.label, expected.cite)
    late = step.id in state.missed
    return Judgement(
        id=step.id,
        aim=expected.aim,
        asked=step.label,
        did=step.label,
        verdict="partly" if late else "sound",
        worth=SECOND_WORTH if late else 1.0,
        why=f"{expected.why} {LATE} {expected.missed.why}" if late else expected.why,
        cite=expected.cite,
        sound=None,
        opened=opened.at if opened else at,
        due=opened.due if opened else None,
        at=at,
        late=late,
    )


def _undone(
    state: State,
    id_: str,
    expectation: Point | Expected,
    asked: str | None,
    sound: str,
    cite: Clauses,
) -> Judgement:
    opened = state.opened.get(id_)
    return Judgement(
        id=id_,
        aim=expectation.aim,
        asked=asked or sound,
        did=None,
        verdict="not_reached" if opened is None else "missed",
        worth=0.0,
        why=expectation.missed.why,
        cite=cite,
        sound=sound,
        opened=opened.at if opened else None,
        due=opened.due if opened else None,
        at=None,
        late=False,
    )


def _mistakes(world: World, state: State) -> Iterator[Judgement]:
    """The steps that were mistakes, only if they were made."""
    for step in world.scenario.steps:
        if step.unsafe is not None and step.id in state.done:
            yield _mistake(step, step.unsafe, state.done[step.id])


def _mistake(step: Step, unsafe: Unsafe, at: datetime) -> Judgement:
    return Judgement(
        id=step.id,
        aim=unsafe.aim,
        asked=step.label,
        did=step.label,
        verdict="unsafe",
        worth=0.0,
        why=unsafe.why,
        cite=unsafe.cite,
        sound=None,
        opened=None,
        due=None,
        at=at,
        late=False,
    )
