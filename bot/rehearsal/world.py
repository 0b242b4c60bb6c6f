"""A scenario with the policies it is under: everything that a rehearsal is played in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.deadlines.calendar import WorkingCalendar, calendar_for
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.rehearsal.scenario import CaseFact, Choice, Frame, Happens, Point, Scenario, Step, Topic


@dataclass(frozen=True)
class World:
    """A scenario and its policies, looked up by id."""

    scenario: Scenario
    policies: Mapping[str, Policy]

    @property
    def first(self) -> Frame:
        """The policy that the case begins under."""
        return self.scenario.under[0]

    @property
    def mixed(self) -> bool:
        """Whether more than one policy has a part in it."""
        return len(self.scenario.under) > 1

    def frame(self, policy: str) -> Frame:
        """How the case stands under a policy when it is taken up with it."""
        return next(frame for frame in self.scenario.under if frame.policy == policy)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The clock of the place where it begins; the virtual time is told in it."""
        return ZoneInfo(self.policies[self.first.policy].place.timezone)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days of the place where it begins."""
        return calendar_for(self.policies[self.first.policy].place.calendar)

    @cached_property
    def points(self) -> Mapping[str, Point]:
        """The decisions by id."""
        return {point.id: point for point in self.scenario.points}

    @cached_property
    def choices(self) -> Mapping[str, tuple[Point, Choice]]:
        """Every choice by its id, with its decision."""
        return {choice.id: (point, choice) for point, choice in self.scenario.choices()}

    @cached_property
    def facts(self) -> Mapping[str, CaseFact]:
        """What can be asked, by id."""
        return {fact.id: fact for fact in self.scenario.facts}

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        """What can be said to the other agency, by id."""
        return {topic.id: topic for topic in self.scenario.counterpart.topics}

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """What can be done unasked, by id."""
        return {step.id: step for step in self.scenario.steps}

    @cached_property
    def events(self) -> Mapping[str, Happens]:
        """What can happen, by id."""
        return {event.id: event for event in self.scenario.events}


def staged(scenario: Scenario, library: Library) -> World:
    """The scenario with its policies.

    Raises:
        UnknownPolicyError: there is no such policy or version here.
    """
    return World(
        scenario,
        {frame.policy: library.get(frame.policy, frame.version) for frame in scenario.under},
    )
