"""A move of a case as a step of its record: what it settles, adds and ends."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from actions.writing import clock_row, duty_row
from bot.escalation.clocks import RunningClock
from bot.escalation.decision import Decision
from bot.escalation.endings import last_word
from bot.escalation.progress import AFTER_THE_END, OWN_FACTS, Move, Standing, settled_as
from bot.escalation.questions import SKIPPED
from bot.policy.model import Policy
from bot.records.cases import Answer, Clock, Duty, Escalation, StageEntry
from bot.records.steps import ClockSettled, Ended, Left, Step
from bot.records.words import STILL_RUNS, EscalationStatus
from bot.wording.force import ENDINGS, capital

ENDED_AS: dict[str, EscalationStatus] = {
    "agreed": "resolved",
    "decided": "closed",
    "withdrawn": "withdrawn",
}


def step_of(
    case: Escalation,
    standing: Standing,
    moved: Move,
    answers: Sequence[tuple[str, str]],
    now: datetime,
) -> Step:
    """The step that writes this move down."""
    policy = standing.policy
    said = tuple(
        Answer(fact=fact, value=value, said_at=now)
        for fact, value in answers
        if fact not in ("policy", *OWN_FACTS)
    )
    if moved.stays:
        return Step(kind="outcome", at_stage=standing.stage, answers=said)
    at = moved.entered or moved.left
    decision = moved.decision
    entered_on = _entered_on(moved, policy)
    return Step(
        kind="outcome",
        at_stage=standing.stage,
        left=Left(stage=moved.left.id, left_on=moved.on, outcome=moved.outcome),
        entered=(
            StageEntry(stage=moved.entered.id, label=moved.entered.label, entered_on=entered_on)
            if moved.entered
            else None
        ),
        clocks=_new_clocks(case, policy, at.id, decision) if moved.goes_on else (),
        duties=new_duties(case, policy, at.id, decision) if decision else (),
        answers=said,
        settled=tuple(_settled(case, moved, policy)),
        ended=None if moved.goes_on else _ended(moved, policy, dict(answers).get("lessons")),
    )


def _entered_on(moved: Move, policy: Policy) -> date:
    """The day the next stage was entered: when its own limit began, else when the last ended."""
    zone = ZoneInfo(policy.place.timezone)
    clocks: tuple[RunningClock, ...] = moved.decision.clocks if moved.decision else ()
    began = [clock.started.astimezone(zone).date() for clock in clocks if clock.started]
    return max((day for day in began if day >= moved.on), default=moved.on)


def _settled(case: Escalation, moved: Move, policy: Policy) -> list[ClockSettled]:
    """How the limits end that the move ends: those of the stage left, all of them at the end."""
    zone = ZoneInfo(policy.place.timezone)
    later = _shared_later(case, policy)
    found = []
    for clock in case.clocks:
        ends = clock.stage == moved.left.id or not moved.goes_on
        if clock.status not in STILL_RUNS or not ends:
            continue
        due = clock.due_at.astimezone(zone) if clock.due_at else clock.due_on
        status, reason = settled_as(moved.outcome, moved.on, moved.at, due)
        if status == "met" and not moved.goes_on and clock.key in later:
            status, reason = "stopped", AFTER_THE_END
        found.append(
            ClockSettled(
                stage=clock.stage, key=clock.key, status=status, settled_on=moved.on,
                reason=reason or clock.reason,
            )
        )  # fmt: skip
    return found


def _shared_later(case: Escalation, policy: Policy) -> set[str]:
    """The limits to share what came of it: no outcome meets them, only the sharing does."""
    owed = {duty.key for duty in case.duties if duty.status == "owed"}
    return {
        duty.clock
        for duty in policy.duties
        if duty.kind == "share" and duty.clock is not None and duty.id in owed
    }


def _new_clocks(
    case: Escalation, policy: Policy, stage: str, decision: Decision | None
) -> tuple[Clock, ...]:
    known = {(clock.stage, clock.key) for clock in case.clocks}
    rows = tuple(clock_row(policy, stage, clock) for clock in (decision.clocks if decision else ()))
    return tuple(row for row in rows if (row.stage, row.key) not in known)


def new_duties(
    case: Escalation, policy: Policy, stage: str, decision: Decision
) -> tuple[Duty, ...]:
    """The duties that come with the move; one that is owed already is not owed twice."""
    owed = {duty.key for duty in case.duties if duty.status == "owed"}
    there = {(duty.stage, duty.key) for duty in case.duties}
    return tuple(
        duty_row(policy, stage, duty)
        for duty in decision.duties
        if duty.id not in owed and (stage, duty.id) not in there
    )


def _ended(moved: Move, policy: Policy, lessons: str | None) -> Ended:
    return Ended(
        status=ENDED_AS[moved.outcome],
        ended_on=moved.on,
        ending=say_ending(moved, policy),
        lessons=None if lessons in (None, SKIPPED) else lessons,
    )


def say_ending(moved: Move, policy: Policy) -> str:
    """How a case ended, with the force that the policy gives a decision."""
    match moved.outcome:
        case "agreed":
            return f"Settled by agreement at {moved.left.label}."
        case "withdrawn":
            return "The practitioner did not take it further."
        case _:
            endings = moved.decision.endings if moved.decision else ()
            forces = dict.fromkeys(ENDINGS[each.force] for each in endings)
            said = f" ({'; or '.join(forces)})" if forces else ""
            return f"{capital(last_word(policy, endings))} at {moved.left.label}{said}."
