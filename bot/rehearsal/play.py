"""Plays a rehearsal: one entry after another, from what is done to what is told.

Pure: the same scenario and entries always give the same state and the same words.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.rehearsal.course import Course
from bot.rehearsal.offers import HELD_BACK, may_ask, may_choose, may_do, may_say, open_point
from bot.rehearsal.standing import decision_at
from bot.rehearsal.state import CLOSED, FACILITATOR, Entry, Guided, Scene, State, Stay, Told
from bot.rehearsal.time import (
    mornings_on,
    next_morning,
    start_of,
)
from bot.rehearsal.world import World

MOST_DAYS = 60
DAYS = {str(days) for days in range(1, MOST_DAYS + 1)}
"""How many working days a facilitator may move the clock on by, as they are written."""
ON = "on"  # to wait until something happens, and not just until the next working day
LONGEST_WAIT = 10  # in working days
LEFT = "You ended the rehearsal here."
ENDED = "The facilitator ended the rehearsal."
HELD = {"pause": "The rehearsal is paused. Nobody can act.", "resume": "The rehearsal goes on."}


class NotPossibleError(ValueError):
    """Something that cannot be done at this point of a rehearsal: says why, in plain words."""


def play(world: World, entries: Iterable[Entry]) -> State:
    """Where the rehearsal stands after all of `entries`.

    Raises:
        NotPossibleError: one of them could not be done when its turn came.
    """
    state, _ = begin(world)
    for entry in entries:
        state, _ = take(world, state, entry)
    return state


def begin(world: World) -> tuple[State, tuple[Scene, ...]]:
    """The first moment of a rehearsal and what is told in it."""
    now = start_of(world)
    playing = _Playing(
        world,
        State(
            now=now,
            policy=world.first.policy,
            stays=(Stay(world.first.policy, world.first.stage, now),),
            began={frame.policy: dict(frame.began) for frame in world.scenario.under},
        ),
    )
    playing.tell(Told("scene", world.scenario.briefing, now))
    playing.settle()
    return playing.state, tuple(playing.told)


def take(world: World, state: State, entry: Entry) -> tuple[State, tuple[Scene, ...]]:
    """The state after one entry, and what it brought.

    Raises:
        NotPossibleError: it cannot be done now; nothing has changed.
    """
    if state.ended is not None:
        raise NotPossibleError("This rehearsal has ended. Its debrief is ready.")
    if state.paused and entry.kind not in (*FACILITATOR, "leave"):
        raise NotPossibleError(HELD_BACK)
    playing = _Playing(world, state)
    playing.do(entry)
    playing.settle()
    return playing.state, tuple(playing.told)


class _Playing(Course):
    """One entry being played: what is done, by the participant or by the facilitator."""

    def do(self, entry: Entry) -> None:
        match entry.kind:
            case "ask":
                self.ask(entry.what)
            case "say":
                self.converse(entry.what)
            case "choose":
                self.choose(entry.what)
            case "do":
                self.step(entry.what)
            case "wait":
                self.wait(entry.what)
            case "guide":
                self.state = replace(self.state, guided=self.state.guided + 1)
                self.tell(Guided(decision_at(self.world, self.state)))
            case "leave":
                self.end("left", LEFT)
            case _:
                self.lead(entry)

    def lead(self, entry: Entry) -> None:
        match entry.kind:
            case "inject":
                self.inject(entry.what)
            case "announce":
                self.announce(entry.what)
            case "move":
                self.move(entry.what)
            case "pause" | "resume":
                self.state = replace(self.state, paused=entry.kind == "pause")
                self.tell(Told("leader", HELD[entry.kind], self.state.now, "The facilitator"))
            case "reveal":
                self.reveal()
            case "end":
                self.end(CLOSED, ENDED)
            case _:
                raise NotPossibleError(f"Found {entry.kind!r}, which nobody does in a rehearsal.")

    # --- what the participant does

    def ask(self, id_: str) -> None:
        fact = self.world.facts.get(id_)
        if fact is None or not may_ask(self.state, fact):
            raise NotPossibleError("Nobody can tell you that at this point.")
        known = fact.id in self.state.done
        self.state = self.state.having(fact.id)
        self.tell(Told("fact", fact.says, self.state.now, fact.who))
        if not known:
            self.follow(fact)

    def converse(self, id_: str) -> None:
        topic = self.world.topics.get(id_)
        if topic is None or not may_say(self.state, topic):
            raise NotPossibleError("You cannot say that to them at this point.")
        answer = next(each for each in topic.answers if self.state.holds(each.given))
        heard = answer.id in self.state.done
        self.state = self.state.having(topic.id)
        if answer.id is not None:
            self.state = self.state.having(answer.id)
        who = None if answer.does == "silent" else answer.who or self.world.scenario.counterpart.who
        self.say(answer.says, who)
        if not heard:
            self.follow(answer)

    def choose(self, id_: str) -> None:
        found = self.world.choices.get(id_)
        if found is None or id_ in self.state.done or not may_choose(self.state, found[0]):
            raise NotPossibleError("That decision is not open now.")
        point, choice = found
        self.state = self.state.having_chosen(point.id, choice)
        if choice.says is not None:
            self.say(choice.says, choice.who)
        self.follow(choice)

    def step(self, id_: str) -> None:
        step = self.world.steps.get(id_)
        if step is None or not may_do(self.state, step):
            raise NotPossibleError("That cannot be done at this point, or it is done already.")
        self.state = self.state.having(step.id)
        self.say(step.says, step.who)
        self.follow(step)

    def wait(self, how: str) -> None:
        now, on = self.state.now, how == ON
        until = mornings_on(self.world, now, LONGEST_WAIT) if on else next_morning(self.world, now)
        self.pass_to(until, stops=True)

    # --- what the facilitator does

    def inject(self, id_: str) -> None:
        event = self.world.events.get(id_)
        if event is None or id_ in self.state.done:
            raise NotPossibleError("This has happened already, or it is no event of this scenario.")
        self.happen(event)

    def announce(self, text: str) -> None:
        if not text.strip():
            raise NotPossibleError("Nothing was written. Write what you want to say.")
        self.tell(Told("leader", text, self.state.now, "The facilitator"))

    def move(self, working_days: str) -> None:
        if working_days not in DAYS:
            raise NotPossibleError(
                f"Found {working_days!r}. The clock moves on by 1 to {MOST_DAYS} working days."
            )
        self.pass_to(mornings_on(self.world, self.state.now, int(working_days)), stops=False)

    def reveal(self) -> None:
        point = open_point(self.world, self.state)
        if point is None:
            raise NotPossibleError("No decision is open, so there is nothing to reveal.")
        sound = next(choice for choice in point.choices if choice.mark == "sound")
        self.tell(Told("leader", f"{sound.label}. {sound.why}", self.state.now, "The policy"))
