"""Between rows and the frozen dataclasses of a case."""

from dataclasses import fields
from typing import Any, TypeVar, cast

from bot.databases.checks import Checked
from bot.records.cases import (
    Answer,
    Clock,
    Duty,
    Escalation,
    EscalationSummary,
    Participant,
    StageEntry,
)
from bot.records.tables import (
    AnswerRow,
    Base,
    ClockRow,
    DutyRow,
    EscalationRow,
    ParticipantRow,
    StageEntryRow,
)
from bot.records.words import EscalationStatus, Side, Subject

Part = TypeVar("Part", bound=Checked)


def stage_row(stage: StageEntry) -> StageEntryRow:
    """A stage as a row."""
    return StageEntryRow(**_values(stage))


def clock_rows(clocks: tuple[Clock, ...]) -> list[ClockRow]:
    """Clocks as rows."""
    return [ClockRow(**_values(clock)) for clock in clocks]


def duty_rows(duties: tuple[Duty, ...]) -> list[DutyRow]:
    """Duties as rows."""
    return [DutyRow(**_values(duty)) for duty in duties]


def answer_rows(answers: tuple[Answer, ...]) -> list[AnswerRow]:
    """Answers as rows, numbered from 1 in the order they were given."""
    return [
        AnswerRow(position=position, **_values(answer))
        for position, answer in enumerate(answers, start=1)
    ]


def participant_rows(participants: tuple[Participant, ...]) -> list[ParticipantRow]:
    """Participants as rows."""
    return [ParticipantRow(**_values(participant)) for participant in participants]


def to_summary(row: EscalationRow) -> EscalationSummary:
    """One line of a list; the stage is the last that was entered."""
    return EscalationSummary(
        reference=row.reference,
        policy_id=row.policy_id,
        policy_version=row.policy_version,
        status=cast(EscalationStatus, row.status),
        raised_on=row.raised_on,
        stage=row.stages[-1].stage,
        stage_label=row.stages[-1].label,
    )


def to_escalation(row: EscalationRow) -> Escalation:
    """A whole case."""
    return Escalation(
        reference=row.reference,
        person=row.person,
        policy_id=row.policy_id,
        policy_version=row.policy_version,
        policy_hash=row.policy_hash,
        subject=cast(Subject, row.subject),
        side=cast(Side, row.side),
        area=row.area,
        summary=row.summary,
        status=cast(EscalationStatus, row.status),
        raised_on=row.raised_on,
        created_at=row.created_at,
        ended_on=row.ended_on,
        ending=row.ending,
        lessons=row.lessons,
        began_under=row.began_under,
        kept_over=row.kept_over,
        stages=tuple(_part(StageEntry, each) for each in row.stages),
        clocks=tuple(_part(Clock, each) for each in row.clocks),
        duties=tuple(_part(Duty, each) for each in row.duties),
        answers=tuple(_part(Answer, each) for each in row.answers),
        participants=tuple(_part(Participant, each) for each in row.participants),
    )


def _values(part: Checked) -> dict[str, Any]:
    """The fields by name: a part and its row share their names, and the tests hold them to it."""
    return {each.name: getattr(part, each.name) for each in fields(part)}


def _part(kind: type[Part], row: Base) -> Part:
    return kind(**{each.name: getattr(row, each.name) for each in fields(kind)})
