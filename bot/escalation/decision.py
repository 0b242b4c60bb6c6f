"""What was decided, and why: everything an answer, a record or a form is drawn from."""

from dataclasses import dataclass
from typing import Literal

from bot.escalation.clocks import RunningClock
from bot.escalation.questions import Question
from bot.policy.ladder import Duty, Ending, Exclusion, ImminentStep, Stage
from bot.policy.model import Ambiguity, Policy
from bot.policy.terms import Note

Status = Literal["stage", "discuss_first", "outside", "closed", "imminent", "need"]


@dataclass(frozen=True)
class ConditionalDuty:
    """A duty that applies if facts not yet given turn out so."""

    duty: Duty
    depends_on: tuple[str, ...]


@dataclass(frozen=True)
class Imminent:
    """The policy's own route at imminent risk: empty where it names none.

    General safety advice is not part of it: that is the program's, and labelled so. `done` is
    what the practitioner said; a call that nobody confirmed stays open.
    """

    route: tuple[ImminentStep, ...]
    done: bool = False


@dataclass(frozen=True)
class Decision:
    """What a policy says of a situation.

    `earlier` are duties that fell due at stages already passed. `may_not_skip` are the formal
    stages that this policy puts before this one. `endings` are the ways this stage may end the
    matter; `final` is true only where the policy calls that decision final.
    """

    policy: Policy
    status: Status
    side: Literal["raising", "challenged"] = "raising"
    stage: Stage | None = None
    reasons: tuple[Note, ...] = ()
    duties: tuple[Duty, ...] = ()
    duties_if: tuple[ConditionalDuty, ...] = ()
    earlier: tuple[ConditionalDuty, ...] = ()
    clocks: tuple[RunningClock, ...] = ()
    may_not_skip: tuple[Stage, ...] = ()
    imminent: Imminent | None = None
    excluded: Exclusion | None = None
    next: Stage | None = None
    endings: tuple[Ending, ...] = ()
    final: bool = False
    questions: tuple[Question, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()

    def falls_to_us(self, role: str) -> bool:
        """Whether a role sits with the practitioner's own agency."""
        return self.policy.roles[role].side in (self.side, "both")

    @property
    def forms(self) -> tuple[Duty, ...]:
        """The duties in force that call for a form."""
        return tuple(duty for duty in self.duties if duty.form)
