"""The debrief: every judgement, the score by learning aim, and the time used at each stage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.escalation.clocks import RunningClock, happened, moment, run_clocks
from bot.escalation.conditions import Facts
from bot.escalation.ladder import stage_called
from bot.policy.model import Policy
from bot.rehearsal.judge import Judgement, judge
from bot.rehearsal.scenario import Aim
from bot.rehearsal.standing import facts_at
from bot.rehearsal.state import CLOSED, State, Stay
from bot.rehearsal.world import World


@dataclass(frozen=True)
class AimScore:
    """What was reached of one learning aim, out of what there was to reach."""

    aim: Aim
    reached: float
    of: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; none where nothing of this aim came up."""
        return self.reached / self.of if self.of else None


@dataclass(frozen=True)
class ClockUse:
    """A clock of a stage the case was in, and how long the case stayed there."""

    stay: Stay
    stage: str
    clock: RunningClock
    until: datetime


@dataclass(frozen=True)
class Debrief:
    """What a rehearsal came to."""

    world: World
    state: State
    judgements: tuple[Judgement, ...]
    aims: tuple[AimScore, ...]
    clocks: tuple[ClockUse, ...]

    @property
    def counted(self) -> tuple[Judgement, ...]:
        """The judgements that count: not what an early end by the facilitator left no time for."""
        return _counted(self.state, self.judgements)

    @property
    def score(self) -> float:
        """The share of everything that counts, from 0 to 1; 0 where nothing does."""
        return sum(each.worth for each in self.counted) / max(1, len(self.counted))

    @property
    def questions(self) -> tuple[str, ...]:
        """What to talk about afterwards."""
        return self.world.scenario.reflection


def debrief(world: World, state: State) -> Debrief:
    """The debrief of a rehearsal as it stands; complete once it has ended."""
    judgements = judge(world, state)
    return Debrief(
        world=world,
        state=state,
        judgements=judgements,
        aims=tuple(_score(aim, _counted(state, judgements)) for aim in world.scenario.aims),
        clocks=tuple(_clocks(world, state)),
    )


def _counted(state: State, judgements: tuple[Judgement, ...]) -> tuple[Judgement, ...]:
    if state.ended != CLOSED:
        return judgements
    return tuple(each for each in judgements if each.verdict != "not_reached")


def _score(aim: Aim, judgements: Iterable[Judgement]) -> AimScore:
    of_aim = [each for each in judgements if each.aim == aim.id]
    return AimScore(aim, sum(each.worth for each in of_aim), len(of_aim))


def _clocks(world: World, state: State) -> Iterable[ClockUse]:
    """Each clock with a date, as it stood when the stage was left."""
    for stay in state.stays:
        policy = world.policies[stay.policy]
        stage = stage_called(policy, stay.stage)
        until = stay.until or state.now
        facts = {
            **_by_then(facts_at(world, state, stay.policy), policy, until),
            "stage": stay.stage,
        }
        for clock in run_clocks(policy, stage.clocks, facts, until):
            if clock.due is not None:
                yield ClockUse(stay, stage.label, clock, until)


def _by_then(facts: Facts, policy: Policy, until: datetime) -> Facts:
    """The facts without the events that happened only after a moment."""
    zone = ZoneInfo(policy.place.timezone)
    later = {
        event
        for event in policy.events
        if happened(event, facts) and moment(facts[event], zone)[0] > until
    }
    return {fact: value for fact, value in facts.items() if fact not in later}
