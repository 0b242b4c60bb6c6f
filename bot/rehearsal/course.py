"""The course of a rehearsal: what follows from what is done, and what comes as time goes by."""

from dataclasses import replace
from datetime import datetime

from bot.rehearsal.expectations import expectations, is_open
from bot.rehearsal.scenario import Happens, Missed, Turn
from bot.rehearsal.standing import decision_at
from bot.rehearsal.state import Guided, Passed, Scene, State, Told
from bot.rehearsal.time import after, due_of, is_later, next_due
from bot.rehearsal.world import World

TIME_UP = "The time of this rehearsal is over."


class Course:
    """The state as it changes, and what is told meanwhile."""

    def __init__(self, world: World, state: State) -> None:
        self.world = world
        self.state = state
        self.told: list[Scene] = []

    def tell(self, scene: Scene) -> None:
        """Tell one thing."""
        self.told.append(scene)

    def say(self, text: str, who: str | None) -> None:
        """Tell words of the scene, or of somebody in it."""
        self.tell(Told("scene" if who is None else "speech", text, self.state.now, who))

    def follow(self, turn: Turn) -> None:
        """What a turn brings: facts, a stage, events of the policy, time."""
        for id_ in turn.tells:
            if id_ not in self.state.done:
                fact = self.world.facts[id_]
                self.state = self.state.having(id_)
                self.tell(Told("fact", fact.says, self.state.now, fact.who))
        policy = turn.under or self.state.policy
        self.state = self.state.having_begun(policy, turn.happens)
        if turn.enters is not None:
            self.state = self.state.having_entered(policy, turn.enters)
            self.tell(Guided(decision_at(self.world, self.state)))
        self.settle()
        if turn.takes is not None:
            self.pass_to(after(self.world, self.state.now, turn.takes, self.state.now.time()),
                         stops=False)  # fmt: skip

    def happen(self, event: Happens) -> None:
        """An event happens: what had to be done before it is too late now."""
        self.state = self.state.having(event.id)
        self.say(event.says, event.who)
        for id_, expectation in expectations(self.world):
            too_late = expectation.by is not None and expectation.by.before == event.id
            if too_late and is_open(self.state, id_):
                self.miss(id_, expectation.missed)
        self.follow(event)

    def pass_to(self, until: datetime, *, stops: bool) -> None:
        """Let time go by: what comes due on the way happens at its own moment.

        With `stops`, whatever somebody is told of ends the waiting.
        """
        while self.state.ended is None:
            due = next_due(self.world, self.state)
            if is_later(due.at, until):
                break
            self.tick(due.at)
            match due.what:
                case "event":
                    if self.arrive(self.world.events[due.id]) and stops:
                        return
                case "limit":
                    missed = dict(expectations(self.world))[due.id].missed
                    self.miss(due.id, missed)
                    if missed.then is not None and stops:
                        return
                case "end":
                    self.end("time_up", TIME_UP)
        if self.state.ended is None:
            self.tick(until)
        self.settle()

    def tick(self, until: datetime) -> None:
        """Let the clock go on, and tell of the days that went by."""
        since = self.state.now
        if is_later(until, since):
            self.state = replace(self.state, now=until)
        if self.state.now.date() > since.date():
            if self.told and isinstance(last := self.told[-1], Passed):  # nothing came between
                self.told, since = self.told[:-1], last.since
            self.tell(Passed(since, self.state.now))

    def arrive(self, event: Happens) -> bool:
        """Whether an event whose time has come happens."""
        if not self.state.holds(event.given):
            self.state = replace(self.state, lapsed=self.state.lapsed | {event.id})
            return False
        self.happen(event)
        return True

    def miss(self, id_: str, missed: Missed) -> None:
        """Note that something was not done in time."""
        self.state = self.state.having_missed(id_)
        if missed.then is not None:
            self.tell(Told("scene", missed.then, self.state.now))

    def settle(self) -> None:
        """End if it is over, and else open what is expected from now on."""
        for ending in self.world.scenario.endings:
            if self.state.ended is None and self.state.holds(ending.given):
                self.end(ending.id, ending.says)
        if self.state.ended is not None:
            return
        for id_, expectation in expectations(self.world):
            if id_ not in self.state.opened and self.state.holds(expectation.opens):
                due = due_of(self.world, self.state, expectation)
                self.state = self.state.having_opened(id_, due)

    def end(self, how: str, says: str) -> None:
        """End it, and say so."""
        self.state = replace(self.state, ended=how)
        self.tell(Told("end", says, self.state.now))
