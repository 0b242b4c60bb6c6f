"""A step of a recorded case, as it is handed to the records: what it settles, adds and ends."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.databases.checks import Checked
from bot.records.cases import Answer, Clock, Duty, StageEntry
from bot.records.words import DutyStatus, EscalationStatus, StageOutcome, StepKind


@dataclass(frozen=True, kw_only=True)
class Left(Checked):
    """The open stage, and how it was left."""

    stage: str
    left_on: date
    outcome: StageOutcome


@dataclass(frozen=True, kw_only=True)
class ClockSettled(Checked):
    """How a clock ended, or the new date of one that was extended."""

    stage: str
    key: str
    status: Literal["running", "met", "missed", "stopped", "extended"]
    settled_on: date | None = None
    reason: str | None = None
    due_on: date | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DutySettled(Checked):
    """A duty that was done, or turned out not to be needed."""

    stage: str | None
    key: str
    status: DutyStatus
    settled_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Ended(Checked):
    """How the case ended; `ending` in our words, `lessons` in the practitioner's."""

    status: EscalationStatus
    ended_on: date
    ending: str
    lessons: str | None = None


@dataclass(frozen=True, kw_only=True)
class VersionTaken(Checked):
    """Another version of the policy that the case follows from now on; `left` is the one before."""

    left: str
    taken: str
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class Corrected(Checked):
    """What the case itself says once the answer to `fact` was put right; each as it now is."""

    fact: str
    raised_on: date
    entered_on: date
    area: str | None
    summary: str | None


@dataclass(frozen=True, kw_only=True)
class Step(Checked):
    """One step, written as one. `at_stage` is where the case was when the step was decided.

    `renewed_clocks` and `renewed_duties` stand in the place of recorded ones of the same stage and
    key.
    """

    kind: StepKind
    at_stage: str
    left: Left | None = None
    entered: StageEntry | None = None
    clocks: tuple[Clock, ...] = ()
    duties: tuple[Duty, ...] = ()
    answers: tuple[Answer, ...] = ()
    settled: tuple[ClockSettled, ...] = ()
    done: tuple[DutySettled, ...] = ()
    ended: Ended | None = None
    version: VersionTaken | None = None
    renewed_clocks: tuple[Clock, ...] = ()
    renewed_duties: tuple[Duty, ...] = ()
    corrected: Corrected | None = None
