"""An escalation as it is handed to the records and given back: frozen, no rows."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.databases.checks import Checked, JsonValue
from bot.records.words import (
    ClockStatus,
    DutyStatus,
    EscalationStatus,
    ParticipantSide,
    Side,
    StageOutcome,
    Subject,
)


@dataclass(frozen=True, kw_only=True)
class StageEntry(Checked):
    """A stage that was entered; `stage` is its id in the policy.

    `outcome` says how it was left: one of `StageOutcome`.
    """

    stage: str
    label: str
    entered_on: date
    left_on: date | None = None
    outcome: StageOutcome | None = None


@dataclass(frozen=True, kw_only=True)
class Clock(Checked):
    """A limit of one stage: a due date, or a due instant, or neither and only the words.

    `settled_on` is the day on which it was met, missed for good or stopped; `reason` is why it was
    extended or stopped.
    """

    stage: str
    key: str
    what: str
    owner: str
    event: str
    event_at: datetime | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    words: str
    strength: str
    basis: str
    indicative: bool
    convention: str | None = None
    citation: str | None = None
    status: ClockStatus
    settled_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Duty(Checked):
    """Something that the policy asks of someone, with the clause it stands on."""

    key: str
    kind: str
    strength: str
    who: str | None = None
    to_whom: str | None = None
    what: str
    stage: str | None = None
    citation: str
    status: DutyStatus = "owed"
    settled_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Answer(Checked):
    """What was said to one question; the order is the order of the tuple."""

    fact: str
    value: JsonValue
    said_at: datetime


@dataclass(frozen=True, kw_only=True)
class Participant(Checked):
    """Who takes part, by role: never a name."""

    role: str
    side: ParticipantSide
    agency: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewEscalation(Checked):
    """Everything that is recorded when a walk is confirmed.

    `draft` is the draft it came from, `alerts` the risk alerts raised on the way; both must be the
    same person's.
    """

    policy_id: str
    policy_version: str
    policy_hash: str
    subject: Subject
    side: Side
    raised_on: date
    area: str | None = None
    summary: str | None = None
    stage: StageEntry
    clocks: tuple[Clock, ...] = ()
    duties: tuple[Duty, ...] = ()
    answers: tuple[Answer, ...] = ()
    participants: tuple[Participant, ...] = ()
    draft: str | None = None
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The reference given; `already` where the same message had been recorded before."""

    reference: str
    already: bool


@dataclass(frozen=True, kw_only=True)
class EscalationSummary:
    """One line of a person's list of cases."""

    reference: str
    policy_id: str
    policy_version: str
    status: EscalationStatus
    raised_on: date
    stage: str
    stage_label: str


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """A whole case, as it was committed.

    `ending` says how it ended, in our words; `lessons` what was learnt, in the practitioner's.
    `began_under` is the policy's version at first, once the case follows another; `kept_over` is a
    newer version that the person chose not to follow.
    """

    reference: str
    person: str
    policy_id: str
    policy_version: str
    policy_hash: str
    subject: Subject
    side: Side
    area: str | None
    summary: str | None
    status: EscalationStatus
    raised_on: date
    created_at: datetime
    ended_on: date | None
    ending: str | None
    lessons: str | None
    began_under: str | None = None
    kept_over: str | None = None
    stages: tuple[StageEntry, ...]
    clocks: tuple[Clock, ...]
    duties: tuple[Duty, ...]
    answers: tuple[Answer, ...]
    participants: tuple[Participant, ...]
