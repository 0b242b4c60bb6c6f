"""Those who rehearsed one scenario together, and how many of them did what."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from bot.rehearsal.debrief import ClockUse, Debrief
from bot.rehearsal.judge import Judgement
from bot.rehearsal.scenario import Aim
from bot.rehearsal.world import World


@dataclass(frozen=True)
class Participant:
    """One who took part: what they are called there, never a name, and what it came to."""

    alias: str
    reference: str
    debrief: Debrief


@dataclass(frozen=True)
class Group:
    """Everybody who rehearsed one scenario.

    Raises:
        ValueError: nobody took part, or they rehearsed different scenarios.
    """

    participants: tuple[Participant, ...]

    def __post_init__(self) -> None:
        if not self.participants:
            raise ValueError("Nobody has taken part yet, so there is nothing to show of a group.")
        found = {each.debrief.world.scenario.id for each in self.participants}
        if len(found) > 1:
            raise ValueError(
                f"Found the scenarios {', '.join(sorted(found))} in one group. A group view is of "
                "one scenario: make one for each."
            )

    def __len__(self) -> int:
        return len(self.participants)

    @property
    def world(self) -> World:
        """What they rehearsed."""
        return self.participants[0].debrief.world

    def judged(self, id_: str) -> list[Judgement]:
        """What was judged of one decision or step, of everybody it was judged of."""
        return self._by_id.get(id_, [])

    def choices(self, point: str) -> Counter[str]:
        """How many settled a decision with each of its choices."""
        taken = (each.debrief.state.taken.get(point) for each in self.participants)
        return Counter(each.choice for each in taken if each is not None)

    def thought_again(self, point: str) -> int:
        """How many chose something else there first."""
        taken = (each.debrief.state.taken.get(point) for each in self.participants)
        return sum(bool(each.earlier) for each in taken if each is not None)

    def shares(self, aim: Aim) -> list[float | None]:
        """What each reached of a learning aim, from 0 to 1; none where it did not come up."""
        return [
            score.share
            for each in self.participants
            for score in each.debrief.aims
            if score.aim.id == aim.id
        ]

    def clocks(self) -> Iterator[tuple[ClockUse, ...]]:
        """The uses of each clock, in the order of the policies and their stages.

        A case that is at a stage twice uses its clocks twice.
        """
        policies = [frame.policy for frame in self.world.scenario.under]
        stages = {id_: [each.id for each in self.world.policies[id_].stages] for id_ in policies}
        found: dict[tuple[int, int, str], list[ClockUse]] = {}
        for use in (use for each in self.participants for use in each.debrief.clocks):
            policy, stage = use.stay.policy, use.stay.stage
            place = (policies.index(policy), stages[policy].index(stage), use.clock.id)
            found.setdefault(place, []).append(use)
        ordered = sorted(found.items(), key=lambda each: each[0][:2])
        return (tuple(uses) for _, uses in ordered)

    @property
    def middle_share(self) -> float:
        """The middle of everybody's whole score, from 0 to 1."""
        return median(each.debrief.score for each in self.participants)

    def missed_most(self) -> list[tuple[str, int]]:
        """What was left undone, decided unsafely or done by mistake, for how many; most first."""
        counted = Counter(
            judgement.id
            for each in self.participants
            for judgement in each.debrief.judgements
            if judgement.verdict in ("missed", "unsafe")
        )
        return counted.most_common()

    @cached_property
    def _by_id(self) -> dict[str, list[Judgement]]:
        found: dict[str, list[Judgement]] = {}
        for each in self.participants:
            for judgement in each.debrief.judgements:
                found.setdefault(judgement.id, []).append(judgement)
        return found
