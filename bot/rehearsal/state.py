"""Where a rehearsal stands, and what was told on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bot.escalation.decision import Decision
from bot.rehearsal.scenario import Choice, Given

Kind = Literal[
    "ask", "say", "choose", "do", "wait", "guide", "leave",
    "inject", "announce", "move", "pause", "resume", "reveal", "end",
]  # fmt: skip
FACILITATOR: tuple[Kind, ...] = (
    "inject", "announce", "move", "pause", "resume", "reveal", "end",
)  # fmt: skip
"""What only whoever leads a session may do."""
CLOSED = "closed"
"""How a rehearsal ended that its facilitator ended."""
Manner = Literal["scene", "speech", "fact", "question", "leader", "end"]


@dataclass(frozen=True)
class Entry:
    """One thing that was done in a rehearsal: by the participant, or by the facilitator.

    `what` is the id, the words or the number of working days that the kind needs.
    """

    kind: Kind
    what: str = ""


@dataclass(frozen=True)
class Told:
    """Words, with who said them where somebody did, and the virtual time."""

    manner: Manner
    text: str
    at: datetime
    who: str | None = None


@dataclass(frozen=True)
class Passed:
    """Virtual time that went by."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Guided:
    """That the assistant's own answer for the stage is to be shown, as the policy decides it."""

    decision: Decision


Scene = Told | Passed | Guided


@dataclass(frozen=True)
class Stay:
    """A stage that the case was in, from when to when."""

    policy: str
    stage: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """Since when something is expected, and until when; none where the policy names no time."""

    at: datetime
    due: datetime | None


@dataclass(frozen=True)
class Taken:
    """How a decision was taken, and when for the last time; `earlier` are choices before that.

    `whole` tells that nothing was missing that the choice needs.
    """

    choice: str
    at: datetime
    whole: bool
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """Where a rehearsal stands. Made only by `play`; the same entries always make the same state.

    `done` holds the id of everything that has been, with the virtual time at which it was.
    """

    now: datetime
    policy: str
    stays: tuple[Stay, ...]
    began: Mapping[str, Mapping[str, str]]
    done: Mapping[str, datetime] = field(default_factory=dict)
    lapsed: frozenset[str] = frozenset()
    opened: Mapping[str, Opened] = field(default_factory=dict)
    taken: Mapping[str, Taken] = field(default_factory=dict)
    missed: Mapping[str, datetime] = field(default_factory=dict)
    paused: bool = False
    ended: str | None = None
    guided: int = 0

    @property
    def stage(self) -> str:
        """The stage that the case is in."""
        return self.stays[-1].stage

    def holds(self, given: Given) -> bool:
        """Whether a condition holds now."""
        return (
            all(id_ in self.done for id_ in given.after)
            and not any(id_ in self.done for id_ in given.without)
            and (not given.stage or self.stage in given.stage)
        )

    def having(self, id_: str) -> "State":
        """The state in which something has been, from now on if it had not been before."""
        return self if id_ in self.done else replace(self, done={**self.done, id_: self.now})

    def having_opened(self, id_: str, due: datetime | None) -> "State":
        """The state in which something is expected from now on."""
        return replace(self, opened={**self.opened, id_: Opened(self.now, due)})

    def having_missed(self, id_: str) -> "State":
        """The state in which the time for something has run out now."""
        return replace(self, missed={**self.missed, id_: self.now})

    def having_begun(self, policy: str, events: Iterable[str]) -> "State":
        """The state in which events of a policy have happened now."""
        now = self.now.isoformat(timespec="minutes")
        began = {**self.began[policy], **dict.fromkeys(events, now)}
        return replace(self, began={**self.began, policy: began})

    def having_entered(self, policy: str, stage: str) -> "State":
        """The state in which the case has come to a stage, perhaps of another policy."""
        *before, last = self.stays
        stays = (*before, replace(last, until=self.now), Stay(policy, stage, self.now))
        return replace(self, policy=policy, stays=stays)

    def having_chosen(self, point: str, choice: Choice) -> "State":
        """The state in which a decision is taken so; one that is still open may be taken again."""
        before = self.taken.get(point)
        whole = all(id_ in self.done for id_ in choice.needs)
        earlier = (*before.earlier, before.choice) if before else ()
        taken = {**self.taken, point: Taken(choice.id, self.now, whole, earlier)}
        chosen = replace(self, taken=taken).having(choice.id)
        return chosen if choice.stays else chosen.having(point)
