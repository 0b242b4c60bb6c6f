"""The rows of an agency's log: each case in words, with its dates as dates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.documents.recorded import agencies_on
from bot.documents.standing import (
    SIDES,
    SUBJECTS,
    due_of,
    say_area,
    say_limit,
    say_outcome,
    warn_of_names,
)
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.records.cases import Clock, Escalation, StageEntry
from bot.wording.dates import say_date
from bot.wording.standing import STATUS

FOR_YOU = "(for you to complete)"
AWAITED = ("running", "extended")


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """One case. What was not said is None; what the records never hold is not here at all.

    `action` and `outcome` are Sandwell's words for what was done and how it ended. `due_on` is the
    earliest date of the present stage, `due` what is due with the policy's words, whether or not
    it has a date. `check` warns of words that may say who somebody is.
    """

    reference: str
    subject: str
    concern: str | None
    summary: str | None
    action: str
    outcome: str
    policy: str
    side: str
    raised_by: str | None
    raised_with: str | None
    raised_on: date
    stage: str
    entered_on: date
    due_on: date | None
    due: str | None
    ended_on: date | None
    lessons: str | None
    check: str | None


def log_rows(escalations: Iterable[Escalation], library: Library) -> tuple[LogRow, ...]:
    """The rows of a log, in the order of the cases.

    Raises:
        UnknownPolicyError: a case was recorded under a policy or a version that is not here.
    """
    return tuple(
        _row(case, library.get(case.policy_id, case.policy_version)) for case in escalations
    )


def _row(case: Escalation, policy: Policy) -> LogRow:
    here = case.stages[-1]
    waiting = _waiting(case, here)
    said = [say_limit(policy, clock) for clock in waiting]
    own_words = (case.summary, case.ending, case.lessons)
    return LogRow(
        reference=case.reference,
        subject=SUBJECTS[case.subject],
        concern=say_area(case, policy),
        summary=case.summary,
        action="\n".join(_actions(case, policy)),
        outcome=_outcome(case),
        policy=f"{policy.title}, {policy.publisher}, {policy.document.label}",
        side=SIDES[case.side],
        raised_by=", ".join(agencies_on(case, "raising")) or None,
        raised_with=", ".join(agencies_on(case, "challenged")) or None,
        raised_on=case.raised_on,
        stage=here.label,
        entered_on=here.entered_on,
        due_on=min(_days(policy, waiting), default=None),
        due="\n".join(said) or None,
        ended_on=case.ended_on,
        lessons=case.lessons,
        check=warn_of_names("\n".join(each for each in own_words if each)) or None,
    )


def _waiting(case: Escalation, here: StageEntry) -> tuple[Clock, ...]:
    """The limits of the present stage that are still to be met; none once a case has ended."""
    if case.status != "open":
        return ()
    return tuple(
        clock
        for clock in case.clocks
        if clock.stage == here.stage and clock.status not in ("met", "missed", "stopped")
    )


def _days(policy: Policy, clocks: Iterable[Clock]) -> Iterator[date]:
    """The local days on which limits end."""
    for clock in clocks:
        due = due_of(policy, clock)
        if due is not None and clock.status in AWAITED:
            yield due.date() if isinstance(due, datetime) else due


def _actions(case: Escalation, policy: Policy) -> Iterator[str]:
    """The stages one after the other, and what was marked as done."""
    for entry in case.stages:
        left = f", left {say_date(entry.left_on)}" if entry.left_on else ""
        outcome = say_outcome(case, policy, entry)
        yield f"{entry.label}: entered {say_date(entry.entered_on)}{left}; {outcome}."
    for duty in case.duties:
        if duty.status == "done":
            on = f" ({say_date(duty.settled_on)})" if duty.settled_on else ""
            yield f"Done{on}: {duty.what}."


def _outcome(case: Escalation) -> str:
    """How the case stands, and how it ended in the words that were kept."""
    return f"{STATUS[case.status]}. {case.ending}" if case.ending else f"{STATUS[case.status]}."
