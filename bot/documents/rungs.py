"""The stages of a policy, version by version, as one ladder; and how far each case has climbed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.documents.recorded import check_policy
from bot.documents.suppression import Breakdown
from bot.policy.ladder import Stage
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.records.cases import Escalation, StageEntry


@dataclass(frozen=True)
class Rung:
    """A stage, with the newest version that has one of that label."""

    policy: Policy
    stage: Stage

    @property
    def label(self) -> str:
        """The stage's label, as printed."""
        return self.stage.label


@dataclass(frozen=True)
class Climb:
    """A case with its stages by label, in the order in which it entered them."""

    case: Escalation
    policy: Policy
    steps: tuple[tuple[str, StageEntry], ...]

    def entered(self, label: str) -> StageEntry:
        """How it entered a stage, the last time if there were several.

        Raises:
            IndexError: it never did.
        """
        return [entry for name, entry in self.steps if name == label][-1]


@dataclass(frozen=True)
class Ladder:
    """The stages of the newest version, then those that only older versions have."""

    newest: Policy
    rungs: tuple[Rung, ...]
    climbs: tuple[Climb, ...]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels from the first stage to the last."""
        return tuple(rung.label for rung in self.rungs)

    @cached_property
    def reached(self) -> tuple[str, ...]:
        """For each case the furthest stage that it entered."""
        return tuple(
            max((label for label, _ in climb.steps), key=self.labels.index) for climb in self.climbs
        )

    def at(self, label: str) -> tuple[Climb, ...]:
        """The cases that got as far as a stage and no further."""
        together = zip(self.climbs, self.reached, strict=True)
        return tuple(climb for climb, furthest in together if furthest == label)

    def at_least(self, label: str) -> tuple[Climb, ...]:
        """The cases that got as far as a stage, or further."""
        least = self.labels.index(label)
        return tuple(
            climb
            for climb, furthest in zip(self.climbs, self.reached, strict=True)
            if self.labels.index(furthest) >= least
        )

    def known_from(self, stages: Breakdown) -> frozenset[str]:
        """The stages whose `at_least` can be worked out from the published table of stages.

        All got as far as the first. For the others either all rows before are shown (the total
        tells the rest) or all rows from there on.
        """
        shown = [stages.count_of(label) is not None for label in self.labels]
        return frozenset(
            label for at, label in enumerate(self.labels) if all(shown[:at]) or all(shown[at:])
        )


def ladder_of(cases: Sequence[Escalation], library: Library, policy_id: str) -> Ladder:
    """The ladder of a policy with the cases on it.

    Raises:
        UnknownPolicyError: the policy, or the version of a case, is not in the library.
        OtherPolicyError: a case entered a stage that its version does not have.
    """
    newest = library.get(policy_id)
    climbs = tuple(_climb(case, library.get(policy_id, case.policy_version)) for case in cases)
    found: dict[str, Rung] = {}
    for policy in (newest, *_versions(climbs).values()):
        for stage in policy.stages:
            found.setdefault(stage.label, Rung(policy, stage))
    return Ladder(newest, tuple(found.values()), climbs)


def _versions(climbs: Sequence[Climb]) -> Mapping[str, Policy]:
    """The versions under which there are cases, the newest first."""
    used = {climb.policy.document.label: climb.policy for climb in climbs}
    newest_first = sorted(used.values(), key=lambda each: each.document.issued or "", reverse=True)
    return {policy.document.label: policy for policy in newest_first}


def _climb(case: Escalation, policy: Policy) -> Climb:
    check_policy(case, policy)
    labels = {stage.id: stage.label for stage in policy.stages}
    return Climb(case, policy, tuple((labels[entry.stage], entry) for entry in case.stages))
