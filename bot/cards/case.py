"""A recorded case as it stands: where it is, what is due, what is owed, how it went."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.cards.card import Card, Row, Section
from bot.deadlines.calendar import calendar_for
from bot.deadlines.count import overdue
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.policy.terms import Strength
from bot.records.cases import Clock, Duty, Escalation, EscalationSummary, StageEntry
from bot.records.words import STILL_RUNS
from bot.wording.dates import say_date, say_moment, say_overdue
from bot.wording.force import HEADINGS
from bot.wording.lateness import say_late_entry
from bot.wording.standing import LIMITS, OUTCOMES, STATUS

NONE_OPEN = "There is no open escalation."


def case_card(case: Escalation, policy: Policy, now: datetime) -> Card:
    """The case at this moment. Every date as it was recorded, never counted anew."""
    stage = case.stages[-1]
    began = f"since {say_date(stage.entered_on)}"
    rows = [
        Row("Partnership", f"{policy.publisher} ({_versions(case)})"),
        Row("State", STATUS[case.status]),
        Row("Stage", f"{stage.label}, {began}" if case.status == "open" else stage.label),
    ]
    if case.ended_on is not None:
        rows.append(Row("Ended", f"{say_date(case.ended_on)}. {case.ending}"))
    rows += [_due_row(clock, policy, now) for clock in _running(case)]
    return Card(
        title=case.reference,
        rows=tuple(rows),
        sections=tuple(
            section
            for section in (
                *_owed(case),
                Section("Other time limits", _other_limits(case, policy), "note"),
                Section("How it went", _went(case, policy), "note"),
            )
            if section.items
        ),
        footer=f"Recorded on {say_date(case.created_at.astimezone(_zone(policy)).date())}.",
    )


def cases_card(cases: Sequence[Escalation], library: Library, now: datetime) -> Card:
    """The open cases, the one that is due first on top; the ended ones in a line."""
    still = sorted((case for case in cases if case.status == "open"), key=_first_due)
    items = tuple(_line(case, library, now) for case in still)
    ended = tuple(
        f"{case.reference}: {STATUS[case.status].lower()}"
        for case in cases
        if case.status != "open"
    )
    sections = (
        Section("Open", items or (NONE_OPEN,)),
        *((Section("Ended", ended, "note"),) if ended else ()),
    )
    return Card(title="Escalations", sections=sections)


def title_of_case(case: Escalation | EscalationSummary, library: Library) -> str:
    """A case on a button: its reference, its partnership and its stage."""
    stage = case.stages[-1].label if isinstance(case, Escalation) else case.stage_label
    return (
        f"{case.reference}: {library.get(case.policy_id, case.policy_version).publisher}, {stage}"
    )


def _versions(case: Escalation) -> str:
    """The version that the case follows, and the one that it began under if that is another."""
    began = f"; it began under {case.began_under}" if case.began_under else ""
    return f"{case.policy_version}{began}"


def _line(case: Escalation, library: Library, now: datetime) -> str:
    policy = library.get(case.policy_id, case.policy_version)
    running = _running(case)
    due = _say_due(running[0], policy, now) if running else "no date is running"
    return f"**{case.reference}**, {policy.publisher}, {case.stages[-1].label}. Next: {due}"


def _running(case: Escalation) -> list[Clock]:
    """The limits that still run, the first due first."""
    found = [clock for clock in case.clocks if clock.status in STILL_RUNS and case.status == "open"]
    return sorted(found, key=_end)


def _first_due(case: Escalation) -> str:
    running = _running(case)
    return _end(running[0]) if running else "9999"


def _end(clock: Clock) -> str:
    """Where a limit stands in the order of time: a day counts to its end."""
    if clock.due_at is not None:
        return clock.due_at.isoformat()
    return f"{clock.due_on.isoformat()}T24" if clock.due_on else "9999"


def _due_row(clock: Clock, policy: Policy, now: datetime) -> Row:
    return Row(f"To {clock.what}", _say_due(clock, policy, now))


def _say_due(clock: Clock, policy: Policy, now: datetime) -> str:
    zone = _zone(policy)
    due: date | datetime | None = clock.due_at.astimezone(zone) if clock.due_at else clock.due_on
    if due is None:
        return f"“{clock.words}”"
    late = overdue(due, now, calendar_for(policy.place.calendar), policy.place.timezone)
    said = f"**{say_moment(due)}**"
    if clock.status == "extended":
        said += f", extended: {clock.reason}"
    return f"{said}. This is {say_overdue(late)}. Act now and tell your manager." if late else said


def _owed(case: Escalation) -> tuple[Section, ...]:
    """What is still owed, by its force; what is done is said in one line."""
    strengths: dict[Strength, list[str]] = {}
    for strength in HEADINGS:
        owed = [
            duty
            for duty in case.duties
            if duty.status == "owed" and duty.strength == strength and _still_said(case, duty)
        ]
        if owed:
            strengths[strength] = [_duty(duty) for duty in owed]
    done = sum(duty.status == "done" for duty in case.duties)
    sections = [
        Section(f"{HEADINGS[strength]} (not marked as done)", tuple(items))
        for strength, items in strengths.items()
    ]
    return (*sections, *((Section("Done", (f"{done} marked as done",), "note"),) if done else ()))


def _still_said(case: Escalation, duty: Duty) -> bool:
    """Whether a duty still matters: what was only offered at a stage ends with it."""
    return duty.strength in ("must", "should", "will") or duty.stage == case.stages[-1].stage


def _duty(duty: Duty) -> str:
    who = f"{duty.who}; " if duty.who else ""
    return f"{duty.what} ({who}{duty.citation})"


def _other_limits(case: Escalation, policy: Policy) -> tuple[str, ...]:
    """The limits that no longer run: how each ended, and the date it had."""
    return tuple(
        _ended_limit(clock, policy)
        for clock in case.clocks
        if clock.status in LIMITS and clock.status != "not_started"
    )


def _ended_limit(clock: Clock, policy: Policy) -> str:
    due = clock.due_at.astimezone(_zone(policy)) if clock.due_at else clock.due_on
    had = f" It was due on {say_moment(due)}." if due else ""
    ended = ""
    if clock.settled_on and clock.status in ("met", "stopped"):
        ended = f" on {say_date(clock.settled_on)}"
    reason = f" {clock.reason}" if clock.reason else ""
    return f"To {clock.what}: {LIMITS[clock.status]}{ended}.{had}{reason}"


def _went(case: Escalation, policy: Policy) -> tuple[str, ...]:
    """Each stage with its days, that it was entered late if it was, and how it was left."""
    return tuple(_stage(each, say_late_entry(case, policy, each)) for each in case.stages)


def _stage(stage: StageEntry, late: str) -> str:
    entered = f"{stage.label}: from {say_date(stage.entered_on)}" + (f" ({late})" if late else "")
    if stage.left_on is None or stage.outcome is None:
        return f"{entered}, open"
    return f"{entered} to {say_date(stage.left_on)}, {OUTCOMES[stage.outcome]}"


def _zone(policy: Policy) -> ZoneInfo:
    return ZoneInfo(policy.place.timezone)
