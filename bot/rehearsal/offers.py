"""What can be done now: what to ask, to say, to decide, to do."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from bot.rehearsal.scenario import CaseFact, Choice, Point, Step, Topic
from bot.rehearsal.state import State
from bot.rehearsal.world import World

OfferKind = Literal["ask", "say", "choose", "do"]
HELD_BACK = "The facilitator has paused the rehearsal."


@dataclass(frozen=True)
class Offer:
    """One thing that can be done: its id, its words, and how else people say it."""

    kind: OfferKind
    id: str
    label: str
    hears: tuple[str, ...]
    new: bool = True


@dataclass(frozen=True)
class Offers:
    """Everything that can be done now beside letting time pass; `point` is what is asked.

    While it is `paused` there is nothing, and no time can pass: it can only be left.
    """

    point: Point | None
    choices: tuple[Offer, ...]
    topics: tuple[Offer, ...]
    facts: tuple[Offer, ...]
    steps: tuple[Offer, ...]
    paused: bool = False

    @property
    def every(self) -> tuple[Offer, ...]:
        """All of them, decisions first."""
        return (*self.choices, *self.topics, *self.facts, *self.steps)


def offers(world: World, state: State) -> Offers:
    """What can be done now. Nothing while the rehearsal is paused, or once it has ended."""
    if state.paused or state.ended is not None:
        return Offers(None, (), (), (), (), paused=state.paused)
    point, scenario, done = open_point(world, state), world.scenario, state.done
    return Offers(
        point,
        choices=tuple(
            Offer("choose", each.id, each.label, each.hears)
            for each in sorted(point.choices if point else (), key=_in_no_telling_order)
            if each.id not in done
        ),
        topics=tuple(
            Offer("say", each.id, each.label, each.hears, each.id not in done)
            for each in scenario.counterpart.topics
            if may_say(state, each)
        ),
        facts=tuple(
            Offer("ask", each.id, each.label, each.hears, each.id not in done)
            for each in scenario.facts
            if may_ask(state, each)
        ),
        steps=tuple(
            Offer("do", each.id, each.label, each.hears)
            for each in scenario.steps
            if may_do(state, each)
        ),
    )


def _in_no_telling_order(choice: Choice) -> bytes:
    """The same order for everybody in a room, and none that an author had in mind."""
    return sha256(choice.id.encode()).digest()


def open_point(world: World, state: State) -> Point | None:
    """The decision that is asked for now: of the open ones, that whose time runs out first.

    One without a limit comes after it, one whose time has run out comes last; then the one that
    was opened first.
    """
    waiting = [point for point in world.scenario.points if may_choose(state, point)]

    def urgency(point: Point) -> tuple[bool, bool, datetime, datetime]:
        opened = state.opened[point.id]
        return point.id in state.missed, opened.due is None, opened.due or opened.at, opened.at

    return min(waiting, key=urgency, default=None)


def may_ask(state: State, fact: CaseFact) -> bool:
    """Whether a fact can be asked for; one that is known can be told again."""
    return state.holds(fact.given)


def may_say(state: State, topic: Topic) -> bool:
    """Whether a topic can be raised with the other agency; it may be raised again."""
    return state.holds(topic.given)


def may_choose(state: State, point: Point) -> bool:
    """Whether a decision is open."""
    gone = point.closes and point.id in state.missed
    return point.id in state.opened and point.id not in state.done and not gone


def may_do(state: State, step: Step) -> bool:
    """Whether a step can be done; each is done once."""
    return step.id not in state.done and state.holds(step.given)
