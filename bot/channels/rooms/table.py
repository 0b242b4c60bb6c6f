"""A session in words: where everyone is, what can still happen, and what happened in one place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.escalation.ladder import stage_called
from bot.rehearsal.state import Entry, Guided, Passed, Scene, State, Told
from bot.rehearsal.world import World
from bot.rooms.views import Line, PlaceView, RoomView
from bot.wording.dates import plural, say_date, say_moment

IDLE = timedelta(minutes=3)
"""From here on it is worth a look whether somebody is stuck."""
MOST_OF_AN_EVENT = 70
_ENDED = {
    "left": "Ended: they stopped here",
    "closed": "Ended by the facilitator",
    "time_up": "Ended: the time was over",
}
_DID = {
    "wait": "Let time pass",
    "guide": "Asked what the policy says",
    "leave": "Ended the rehearsal",
    "announce": "The facilitator said something",
    "move": "The facilitator let time pass",
    "pause": "The facilitator paused",
    "resume": "The facilitator let it go on",
    "reveal": "The facilitator showed what the policy asks",
    "end": "The facilitator ended it",
    "inject": "The facilitator let something happen",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One place of the table. `idle` tells that nothing was heard from it for a while."""

    id: str
    alias: str
    reference: str
    stage: str
    moment: str
    asked: str
    taken: str
    heard: str
    score: str
    idle: bool
    ended: bool


@dataclass(frozen=True)
class Table:
    """Everyone, with a sentence about all of them."""

    rows: tuple[Row, ...]
    summary: str
    paused: bool
    ended: bool


@dataclass(frozen=True)
class EventChoice:
    """An event that a facilitator can let happen, and for how many it has happened already."""

    id: str
    words: str
    happened: str


@dataclass(frozen=True)
class Said:
    """A line of a transcript: what somebody did, or what was told."""

    manner: str
    text: str
    who: str = ""


def table(view: RoomView, now: datetime) -> Table:
    """Where everyone is, in the order in which they joined."""
    rows = tuple(row(view.world, each, now) for each in view.places)
    going_on = [each for each in view.places if each.state.ended is None]
    return Table(
        rows,
        _summary(view, rows),
        paused=bool(going_on) and all(each.state.paused for each in going_on),
        ended=view.room.ended_at is not None,
    )


def row(world: World, view: PlaceView, now: datetime) -> Row:
    """Where one place is."""
    state = view.state
    ended = state.ended is not None
    silent = now - view.last_at
    return Row(
        id=view.place.id,
        alias=view.place.alias,
        reference=view.place.reference,
        stage=_ended(world, state) if ended else _stage(world, state),
        moment=say_moment(state.now),
        asked="Nothing" if view.point is None or ended else view.point.asks,
        taken=f"{len(state.taken)} of {len(world.scenario.points)}",
        heard=_ago(silent),
        score=f"{view.score:.0%}",
        idle=not ended and silent >= IDLE,
        ended=ended,
    )


def events(view: RoomView) -> tuple[EventChoice, ...]:
    """What has not happened yet for at least one who is still playing."""
    states = [each.state for each in view.places if each.state.ended is None]
    return tuple(_events(view.world, states))


def event_choices(world: World, state: State) -> tuple[EventChoice, ...]:
    """What has not happened yet in one place."""
    return tuple(_events(world, [state]))


def _events(world: World, states: Sequence[State]) -> Iterator[EventChoice]:
    for event in world.scenario.events:
        happened = sum(event.id in state.done for state in states)
        if states and happened == len(states):
            continue
        says = f"{event.who}: {event.says}" if event.who else event.says
        short = says if len(says) <= MOST_OF_AN_EVENT else f"{says[:MOST_OF_AN_EVENT].rstrip()}…"
        yield EventChoice(
            event.id, short, f"has happened for {happened} of {len(states)}" if happened else ""
        )


def transcript(world: World, lines: Iterable[Line]) -> tuple[Said, ...]:
    """What was done in a place and what it brought, in order."""
    said: list[Said] = []
    for line in lines:
        if line.entry is not None:
            manner = "leader" if line.led else "did"
            said.append(Said(manner, _did(world, line.entry)))
        said.extend(_told(scene) for scene in line.scenes)
    return tuple(said)


def _did(world: World, entry: Entry) -> str:
    what = entry.what
    match entry.kind:
        case "ask":
            return f"Asked: {world.facts[what].label}"
        case "say":
            return f"To the other agency: {world.topics[what].label}"
        case "choose":
            return f"Decided: {world.choices[what][1].label}"
        case "do":
            return f"Did: {world.steps[what].label}"
        case _:
            return _DID[entry.kind]


def _told(scene: Scene) -> Said:
    match scene:
        case Told():
            return Said(scene.manner, scene.text, scene.who or "")
        case Passed():
            return Said("time", say_date(scene.until.date()))
        case Guided():
            return Said("guide", _guided(scene))


def _guided(scene: Guided) -> str:
    stage = scene.decision.stage
    return "The guide showed its answer" + (f" for {stage.label}." if stage else ".")


def _stage(world: World, state: State) -> str:
    label = stage_called(world.policies[state.policy], state.stage).label
    return f"Paused: {label}" if state.paused else label


def _ended(world: World, state: State) -> str:
    ended = state.ended or ""
    ending = next((each for each in world.scenario.endings if each.id == ended), None)
    return _ENDED[ended] if ending is None else "Ended: played to its end"


def _ago(silent: timedelta) -> str:
    minutes = int(silent.total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{plural(minutes, 'minute')} ago"
    hours = minutes // 60
    return f"{plural(hours, 'hour')} ago" if hours < 24 else f"{plural(hours // 24, 'day')} ago"


def _summary(view: RoomView, rows: Sequence[Row]) -> str:
    if not rows:
        return "Nobody has joined yet." if view.room.ended_at is None else "Nobody joined."
    joined = f"{len(rows)} have joined" if len(rows) > 1 else "1 has joined"
    ended = sum(each.ended for each in rows)
    idle = sum(each.idle for each in rows)
    parts = [joined]
    if ended:
        parts.append(f"{ended} at the end")
    if idle:
        parts.append(
            f"{idle} not heard from for {plural(int(IDLE.total_seconds()) // 60, 'minute')}"
        )
    return f"{', '.join(parts)}."
