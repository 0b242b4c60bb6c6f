"""Plays a rehearsal: one entry after another, from what is done to what is told.

Pure: the same scenario and entries always give the same state and the same words.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.rehearsal.expectations import expectations, is_open
from bot.rehearsal.offers import may_ask, may_choose, may_do, may_say, open_point
from bot.rehearsal.scenario import Choice, Expected, Happens, Missed, Point, Turn
from bot.rehearsal.standing import decision_at
from bot.rehearsal.state import (
    FACILITATOR,
    Entry,
    Guided,
    Opened,
    Passed,
    Scene,
    State,
    Stay,
    Taken,
    Told,
)
from bot.rehearsal.time import (
    after,
    due_of,
    mornings_on,
    next_due,
    next_morning,
    start_of,
)
from bot.rehearsal.world import World

MOST_DAYS = 60
ON = "on"
"""To wait until something happens, and not just until the next working day."""
LONGEST_WAIT = 10
"""In working days."""
TIME_UP = "The time of this rehearsal is over."
LEFT = "You ended the rehearsal here."
ENDED = "The facilitator ended the rehearsal."


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
    first = world.first
    playing = _Playing(
        world,
        State(
            now=now,
            policy=first.policy,
            stays=(Stay(first.policy, first.stage, now),),
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
    if state.paused and entry.kind not in FACILITATOR:
        raise NotPossibleError("The facilitator has paused the rehearsal. It goes on in a moment.")
    playing = _Playing(world, state)
    playing.do(entry)
    playing.settle()
    return playing.state, tuple(playing.told)


class _Playing:
    """One entry being played: the state as it changes, and what is told meanwhile."""

    def __init__(self, world: World, state: State) -> None:
        self.world = world
        self.state = state
        self.told: list[Scene] = []

    def tell(self, scene: Scene) -> None:
        self.told.append(scene)

    def say(self, text: str, who: str | None) -> None:
        self.tell(Told("scene" if who is None else "speech", text, self.state.now, who))

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
                self.tell(Told("leader", entry.what, self.state.now, "The facilitator"))
            case "move":
                self.move(entry.what)
            case "pause" | "resume":
                self.state = replace(self.state, paused=entry.kind == "pause")
            case "reveal":
                self.reveal()
            case _:
                self.end("closed", ENDED)

    # --- what the participant does

    def ask(self, id_: str) -> None:
        fact = self.world.facts.get(id_)
        if fact is None or not may_ask(self.state, fact):
            raise NotPossibleError("Nobody can tell you that at this point.")
        self.mark(fact.id)
        self.tell(Told("fact", fact.says, self.state.now, fact.who))
        self.follow(fact)

    def converse(self, id_: str) -> None:
        topic = self.world.topics.get(id_)
        if topic is None or not may_say(self.state, topic):
            raise NotPossibleError("You cannot say that to them at this point.")
        answer = next(each for each in topic.answers if self.state.holds(each.given))
        self.mark(topic.id)
        if answer.id is not None:
            self.mark(answer.id)
        who = None if answer.does == "silent" else answer.who or self.world.scenario.counterpart.who
        self.say(answer.says, who)
        self.follow(answer)

    def choose(self, id_: str) -> None:
        found = self.world.choices.get(id_)
        if found is None or id_ in self.state.done or not may_choose(self.state, found[0]):
            raise NotPossibleError("That decision is not open now.")
        point, choice = found
        before = self.state.taken.get(point.id)
        taken = Taken(
            id_, self.state.now, self.has_all(choice),
            (*before.earlier, before.choice) if before else (),
        )  # fmt: skip
        self.state = replace(self.state, taken={**self.state.taken, point.id: taken})
        self.mark(choice.id)
        if not choice.stays:
            self.mark(point.id)
        if choice.says is not None:
            self.say(choice.says, choice.who)
        self.follow(choice)

    def has_all(self, choice: Choice) -> bool:
        return all(id_ in self.state.done for id_ in choice.needs)

    def step(self, id_: str) -> None:
        step = self.world.steps.get(id_)
        if step is None or not may_do(self.state, step):
            raise NotPossibleError("That cannot be done at this point, or it is done already.")
        self.mark(step.id)
        self.say(step.says, step.who)
        self.follow(step)

    def wait(self, how: str) -> None:
        if how == ON:
            until = mornings_on(self.world, self.state.now, LONGEST_WAIT)
        else:
            until = next_morning(self.world, self.state.now)
        self.pass_to(until, stops=True)

    # --- what the facilitator does

    def inject(self, id_: str) -> None:
        event = self.world.events.get(id_)
        if event is None or id_ in self.state.done:
            raise NotPossibleError("This has happened already, or it is no event of this scenario.")
        self.happen(event)

    def move(self, working_days: str) -> None:
        if not working_days.isdecimal() or not 1 <= int(working_days) <= MOST_DAYS:
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

    # --- what follows

    def mark(self, id_: str) -> None:
        if id_ not in self.state.done:
            self.state = replace(self.state, done={**self.state.done, id_: self.state.now})

    def follow(self, turn: Turn) -> None:
        for id_ in turn.tells:
            if id_ not in self.state.done:
                fact = self.world.facts[id_]
                self.mark(id_)
                self.tell(Told("fact", fact.says, self.state.now, fact.who))
        self.begin_events(turn)
        if turn.enters is not None:
            self.enter(turn.under or self.state.policy, turn.enters)
        self.settle()
        if turn.takes is not None:
            self.pass_to(after(self.world, self.state.now, turn.takes, self.state.now.time()),
                         stops=False)  # fmt: skip

    def begin_events(self, turn: Turn) -> None:
        policy = turn.under or self.state.policy
        now = self.state.now.isoformat(timespec="minutes")
        began = {**self.state.began[policy], **dict.fromkeys(turn.happens, now)}
        self.state = replace(self.state, policy=policy, began={**self.state.began, policy: began})

    def enter(self, policy: str, stage: str) -> None:
        *before, last = self.state.stays
        left = replace(last, until=self.state.now)
        stay = Stay(policy, stage, self.state.now)
        self.state = replace(self.state, stays=(*before, left, stay))
        self.tell(Guided(decision_at(self.world, self.state)))

    def happen(self, event: Happens) -> None:
        self.mark(event.id)
        self.say(event.says, event.who)
        for id_, expectation in expectations(self.world):
            too_late = expectation.by is not None and expectation.by.before == event.id
            if too_late and is_open(self.state, id_):
                self.miss(id_, expectation.missed)
        self.follow(event)

    def pass_to(self, until: datetime, *, stops: bool) -> None:
        """Let time go by: what comes due on the way happens at its own moment."""
        since = self.state.now
        while self.state.ended is None:
            due = next_due(self.world, self.state)
            if due is None or due.at > until:
                break
            self.tick(since, due.at)
            since = self.state.now
            match due.what:
                case "event":
                    if self.arrive(self.world.events[due.id]) and stops:
                        return
                case "limit":
                    self.miss(due.id, self.expectation(due.id).missed)
                case "end":
                    self.end("time_up", TIME_UP)
        if self.state.ended is None:
            self.tick(since, until)
        self.settle()

    def tick(self, since: datetime, until: datetime) -> None:
        if until > self.state.now:
            self.state = replace(self.state, now=until)
        if self.state.now.date() > since.date():
            self.tell(Passed(since, self.state.now))

    def arrive(self, event: Happens) -> bool:
        """Whether an event whose time has come happens."""
        if not self.state.holds(event.given):
            self.state = replace(self.state, lapsed=self.state.lapsed | {event.id})
            return False
        self.happen(event)
        return True

    def miss(self, id_: str, missed: Missed) -> None:
        self.state = replace(self.state, missed={**self.state.missed, id_: self.state.now})
        if missed.then is not None:
            self.tell(Told("scene", missed.then, self.state.now))

    def settle(self) -> None:
        """Open what is expected from now on, ask what is asked now, and end if it is over."""
        for id_, expectation in expectations(self.world):
            if id_ not in self.state.opened and self.state.holds(expectation.opens):
                opened = Opened(self.state.now, due_of(self.world, self.state, expectation))
                self.state = replace(self.state, opened={**self.state.opened, id_: opened})
        for ending in self.world.scenario.endings:
            if self.state.ended is None and self.state.holds(ending.given):
                self.end(ending.id, ending.says)

    def end(self, how: str, says: str) -> None:
        self.state = replace(self.state, ended=how)
        self.tell(Told("end", says, self.state.now))

    def expectation(self, id_: str) -> Point | Expected:
        return next(each for known, each in expectations(self.world) if known == id_)
