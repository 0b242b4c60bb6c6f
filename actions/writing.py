"""A decision as rows of the record: exactly what the answer said, with its clauses."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.escalation.agencies import agency_on, our_side
from bot.escalation.clocks import RunningClock
from bot.escalation.conditions import Facts
from bot.escalation.decision import Decision
from bot.escalation.journey import facts_of
from bot.escalation.questions import SKIPPED
from bot.policy.ladder import Duty as PolicyDuty
from bot.policy.model import Policy
from bot.records.cases import Answer, Clock, Duty, NewEscalation, Participant, StageEntry
from bot.records.words import ClockStatus, Subject
from bot.wording.force import say_cites

Answers = Sequence[tuple[str, str]]


def new_escalation(
    policy: Policy,
    content_hash: str,
    decision: Decision,
    answers: Answers,
    draft: str | None,
    now: datetime,
    *,
    alerts: tuple[str, ...] = (),
) -> NewEscalation:
    """The escalation that `decision` describes, ready to be recorded.

    Raises:
        ValueError: the decision has reached no stage.
    """
    stage = decision.stage
    if stage is None:
        raise ValueError(f"Nothing to record: the decision is {decision.status!r}.")
    facts = facts_of(answers)
    summary = facts.get("summary")
    raised_on, entered_on = began_on(decision, now)
    roles = dict.fromkeys(role for role in (stage.actor, stage.counterpart) if role)
    return NewEscalation(
        policy_id=policy.id,
        policy_version=policy.document.label,
        policy_hash=content_hash,
        subject=subject_of(policy, facts),
        side=our_side(facts),
        raised_on=raised_on,
        area=facts.get("area"),
        summary=None if summary in (None, SKIPPED) else summary,
        stage=StageEntry(stage=stage.id, label=stage.label, entered_on=entered_on),
        clocks=tuple(clock_row(policy, stage.id, clock) for clock in decision.clocks),
        duties=tuple(duty_row(policy, stage.id, duty) for duty in decision.duties),
        answers=tuple(Answer(fact=fact, value=value, said_at=now) for fact, value in answers),
        participants=tuple(participant(policy, role, facts) for role in roles),
        draft=draft,
        alerts=alerts,
    )


def subject_of(policy: Policy, facts: Facts) -> Subject:
    """Whom the matter is about: what the answer says, or the only subject the policy has."""
    for option in policy.facts["matter"].options:
        if option.value == facts.get("matter") and option.subject is not None:
            return option.subject
    return policy.subjects[0] if len(policy.subjects) == 1 else "not_said"


def participant(policy: Policy, role: str, facts: Facts) -> Participant:
    """Who takes part in the stage, by role, with the kind of agency where that is known."""
    found = policy.roles[role]
    if found.side in ("raising", "challenged"):
        agency = agency_on(facts, found.side)
        return Participant(role=found.name, side=found.side, agency=agency)
    return Participant(role=found.name, side="other")


def began_on(decision: Decision, now: datetime) -> tuple[date, date]:
    """The local days on which the matter was raised and this stage was entered.

    A clock may count from an earlier stage: the first start is when it was raised, the last one
    when the stage began. Where no clock has started, both are today.
    """
    local = now.astimezone(ZoneInfo(decision.policy.place.timezone))
    started = [clock.started for clock in decision.clocks if clock.started] or [local]
    return min(started).date(), max(started).date()


def duty_row(policy: Policy, stage: str, duty: PolicyDuty) -> Duty:
    """A duty as the screen showed it, owed at this stage."""
    return Duty(
        key=duty.id,
        kind=duty.kind,
        strength=duty.strength,
        who=policy.roles[duty.who].name,
        to_whom=", ".join(policy.roles[role].name for role in duty.to) or None,
        what=duty.what,
        stage=stage,
        citation=say_cites(policy, duty.cite),
    )


def clock_row(policy: Policy, stage: str, clock: RunningClock) -> Clock:
    """A clock with the due date that the screen showed."""
    due = clock.due
    citations = dict.fromkeys(say_cites(policy, limit.reading.cite) for limit in clock.limits)
    return Clock(
        stage=stage,
        key=clock.id,
        what=clock.clock.what,
        owner=policy.roles[clock.clock.owner].name,
        event=clock.event or ", ".join(clock.clock.start) or f"after {clock.clock.after}",
        event_at=clock.started.astimezone(UTC) if clock.started else None,
        due_on=due if due is not None and not isinstance(due, datetime) else None,
        due_at=due.astimezone(UTC) if isinstance(due, datetime) else None,
        words="; ".join(limit.reading.words for limit in clock.limits),
        strength=clock.clock.strength,
        basis=clock.clock.basis,
        indicative=clock.clock.indicative,
        convention=clock.target.convention if clock.target else None,
        citation="; ".join(citations),
        status=status_of(clock),
    )


def status_of(clock: RunningClock) -> ClockStatus:
    """Running, waiting for its start, or without a number to count."""
    if not clock.counts:
        return "no_number"
    return "running" if clock.due is not None else "not_started"
