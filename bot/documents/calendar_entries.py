"""What a calendar shows of a case: one entry for each date, in plain words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.escalation.privacy import personal_details
from bot.escalation.safety import advice_of
from bot.policy.model import Policy
from bot.records.cases import Clock, Duty, Escalation
from bot.wording.dates import say_date, say_moment
from bot.wording.force import BASIS, HEADINGS, capital

EntryStatus = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

GUIDE = "This date is a guide. Never wait for it if the risk would grow."
LONGEST_REASON = 200
"""Characters: a reason is the practitioner's own words, and a calendar is often shared."""

SETTLED: Mapping[str, str] = {
    "met": "met",
    "missed": "missed",
    "stopped": "stopped",
    "done": "done",
    "not_needed": "not needed",
}
_HEADS: Mapping[str, str] = {
    "running": "due",
    "extended": "now due",
    "not_started": "not started yet",
    "owed": "to do",
    **SETTLED,
}
_FORCE = {str(strength): heading for strength, heading in HEADINGS.items()}
_BASIS = {str(basis): words for basis, words in BASIS.items()}


@dataclass(frozen=True)
class Entry:
    """One entry of the calendar; `when` is a day, or a moment in the time of the policy's place.

    `rings` tells whether it has alarms.
    """

    uid: str
    summary: str
    description: str
    when: date | datetime
    status: EntryStatus
    rings: bool


def entries_of(case: Escalation, policy: Policy) -> tuple[Entry, ...]:
    """An entry for every clock with a due date, and for every duty that has such a clock.

    Raises:
        ValueError: the case holds a stage, status, strength or basis that is not known here, or
            a clock with two due dates.
    """
    clocks = (_of_clock(case, policy, clock) for clock in case.clocks)
    duties = (_of_duty(case, policy, duty) for duty in case.duties)
    return tuple(entry for entry in (*clocks, *duties) if entry is not None)


def about(case: Escalation, policy: Policy, *, empty: bool) -> str:
    """What the calendar holds, and which limits it cannot hold because they have no date."""
    undated = (
        _undated(case, clock)
        for clock in case.clocks
        if case.status == "open" and clock.status not in SETTLED and _due(clock, policy) is None
    )
    return "\n".join(
        (
            f"The dates of {case.reference} under: {policy.title}, {policy.document.label}.",
            *(["There is no date to show."] if empty else []),
            *undated,
            advice_of(policy),
        )
    )


def _of_clock(case: Escalation, policy: Policy, clock: Clock) -> Entry | None:
    when = _due(clock, policy)
    if when is None:
        return None
    ended = case.status != "open" and clock.status not in SETTLED
    status = "stopped" if ended else clock.status
    lines = (
        _rule(clock),
        f"Who: {clock.owner}.",
        f"Date: {say_moment(when)}.",
        *(["The case has ended."] if ended else _state(clock, when)),
        f"The policy says “{clock.words}”.",
        *_caveats(policy, clock),
        _source(policy, clock.citation, _allowed(_BASIS, clock.basis, "basis")),
        advice_of(policy),
    )
    return Entry(
        uid=f"{case.reference}.{clock.stage}.{clock.key}@escalation-guide",
        summary=_summary(case, status, clock.what, clock.stage),
        description="\n".join(lines),
        when=when,
        status=_shown_as(status),
        rings=status not in SETTLED,
    )


def _of_duty(case: Escalation, policy: Policy, duty: Duty) -> Entry | None:
    """A day, not a to-do: Outlook and Google leave to-dos out when they read a file."""
    rule = next((rule for rule in policy.duties if rule.id == duty.key), None)
    clock = _clock_called(case, rule.clock, duty.stage) if rule else None
    when = _due(clock, policy) if clock else None
    if rule is None or clock is None or when is None:
        return None
    over = case.status != "open" or clock.status == "stopped"
    status = "stopped" if over and duty.status == "owed" else duty.status
    lines = (
        _rule(duty),
        *([f"Who: {duty.who}."] if duty.who else []),
        *([f"To: {duty.to_whom}."] if duty.to_whom else []),
        f"Date: {say_moment(when)}. It is the date of the time limit to {clock.what}.",
        *([_settled(status, duty.settled_on)] if status in SETTLED else []),
        *([GUIDE] if clock.indicative else []),
        _source(policy, duty.citation, BASIS[rule.basis]),
        advice_of(policy),
    )
    # A duty may be called what its clock is called, so its UID says that it is a duty.
    return Entry(
        uid=f"{case.reference}.{duty.stage or 'any'}.duty.{duty.key}@escalation-guide",
        summary=_summary(case, status, duty.what, duty.stage),
        description="\n".join(lines),
        when=when,
        status=_shown_as(status),
        rings=False,  # the clock's own entry rings at the same moments
    )


def _shown_as(status: str) -> EntryStatus:
    """An event has no "done": only a to-do has.

    Left as it was, a limit that was met would go on looking due. Cancelled, it is dropped or
    struck out, and its words say why.
    """
    if status in SETTLED:
        return "CANCELLED"
    return "TENTATIVE" if status == "not_started" else "CONFIRMED"


def _clock_called(case: Escalation, key: str | None, stage: str | None) -> Clock | None:
    """The clock of a duty: of its own stage, or else the latest that is called so."""
    called = [clock for clock in case.clocks if clock.key == key]
    return next((clock for clock in called if clock.stage == stage), called[-1] if called else None)


def _due(clock: Clock, policy: Policy) -> date | datetime | None:
    """The due day, or the due moment in local time; none where the policy gives no number."""
    if clock.due_on is not None and clock.due_at is not None:
        raise ValueError(
            f"The time limit {clock.key!r} is due on {clock.due_on} and at "
            f"{clock.due_at.isoformat()}. Allowed: one of the two."
        )
    if clock.status == "no_number":
        return None
    return (
        clock.due_at.astimezone(ZoneInfo(policy.place.timezone)) if clock.due_at else clock.due_on
    )


def _summary(case: Escalation, status: str, what: str, stage: str | None) -> str:
    head = _allowed(_HEADS, status, "status")
    return f"{case.reference}: {head} – {' '.join(what.split())}{_in_brackets(case, stage)}"


def _in_brackets(case: Escalation, stage: str | None) -> str:
    if stage is None:
        return ""
    labels = {entry.stage: entry.label for entry in case.stages}
    return f" ({_allowed(labels, stage, 'stage')})"


def _rule(rule: Clock | Duty) -> str:
    """What is to happen, and with what force: "Should do: meet and discuss."."""
    return f"{_allowed(_FORCE, rule.strength, 'strength')}: {rule.what}."


def _state(clock: Clock, when: date | datetime) -> Iterator[str]:
    """What has become of a clock, and why."""
    if clock.status in SETTLED:
        yield _settled(clock.status, clock.settled_on)
    elif clock.status == "extended":
        yield f"The date was changed. The new date is {say_moment(when)}."
    elif clock.status == "not_started":
        yield "This time limit has not started yet, so its date may change."
    if clock.reason and (len(clock.reason) > LONGEST_REASON or personal_details(clock.reason)):
        yield "The reason is in the record of the case."
    elif clock.reason:
        yield f"Reason: {clock.reason}"


def _settled(status: str, on: date | None) -> str:
    return capital(f"{SETTLED[status]} on {say_date(on)}." if on else f"{SETTLED[status]}.")


def _caveats(policy: Policy, clock: Clock) -> Iterator[str]:
    """How the date was counted, and what the reader must know before relying on it."""
    if clock.convention and clock.status == "extended":
        yield f"How the policy's own date was counted: {clock.convention}"
    elif clock.convention:
        yield clock.convention
    if clock.indicative:
        yield GUIDE
    rule = policy.clocks.get(clock.key)
    if rule is not None and rule.note:
        yield rule.note


def _source(policy: Policy, citation: str | None, caveat: str) -> str:
    clause = citation or "the record names no clause"
    bracket = f" ({caveat})" if caveat else ""
    return f"Source: {clause}{bracket}. {policy.title}, {policy.document.label}."


def _undated(case: Escalation, clock: Clock) -> str:
    waits = clock.status != "no_number" and clock.event_at is None
    said = (
        f"No date{' yet' if waits else ''} for “{clock.what}”{_in_brackets(case, clock.stage)}: "
        f"the policy says “{clock.words}”."
    )
    return f"{said} {clock.convention}" if clock.convention else said


def _allowed(table: Mapping[str, str], value: str, what: str) -> str:
    if value not in table:
        raise ValueError(f"Found the {what} {value!r}. Allowed: {', '.join(table)}.")
    return table[value]
