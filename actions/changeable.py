"""What of a recorded case can be changed one by one, as choices."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from actions.surroundings import Surroundings
from bot.deadlines.calendar import calendar_for
from bot.escalation.amending import Changeable
from bot.escalation.journey import NOT_FACTS
from bot.escalation.questions import Choice, Question, question
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.records.cases import Clock, Duty, Escalation
from bot.records.words import STILL_RUNS
from bot.wording.answers import say_answer, say_term
from bot.wording.dates import plural, say_date, say_moment

FIXED = (*NOT_FACTS, "imminent", "protected", "matter", "stage", "resolved")
"""What makes it this case at this stage: to change that, the last step is taken back."""
WORKING_DAYS_MORE = (1, 2, 5, 10)
LONGEST_LABEL = 90


def changeable(around: Surroundings, policy: Policy, case: Escalation) -> Changeable:
    """What can be changed of this case now."""
    limits = {limit_id(clock): clock for clock in case.clocks if _runs(case, clock)}
    duties = [duty for duty in case.duties if duty.status == "owed"]
    return Changeable(
        limits=tuple(Choice(id_, say_limit(policy, clock)) for id_, clock in limits.items()),
        duties=tuple(Choice(duty_id(duty), _short(duty.what)) for duty in duties),
        corrections=tuple(_corrections(around.library, policy, case)),
        later={id_: _later(policy, clock, around.now()) for id_, clock in limits.items()},
        due={
            id_: due.date() if isinstance(due, datetime) else due
            for id_, clock in limits.items()
            if (due := due_of(policy, clock)) is not None
        },
        began_on=case.raised_on,
    )


def limit_id(clock: Clock) -> str:
    """What stands for a limit in a choice."""
    return f"{clock.stage}/{clock.key}"


def duty_id(duty: Duty) -> str:
    """What stands for a duty in a choice."""
    return f"{duty.stage}/{duty.key}"


def due_of(policy: Policy, clock: Clock) -> date | datetime | None:
    """When a limit ends, in the time of its place."""
    return (
        clock.due_at.astimezone(ZoneInfo(policy.place.timezone)) if clock.due_at else clock.due_on
    )


def say_limit(policy: Policy, clock: Clock) -> str:
    """A limit with its date, or with the policy's words where there is none."""
    due = due_of(policy, clock)
    return f"To {clock.what}: " + (say_moment(due) if due else f"“{clock.words}”")


def answers_of(case: Escalation) -> dict[str, str]:
    """What was answered, each as it was put right last."""
    return {each.fact: str(each.value) for each in case.answers}


def _runs(case: Escalation, clock: Clock) -> bool:
    here = clock.stage == case.stages[-1].stage
    return case.status == "open" and (
        clock.status in STILL_RUNS or (here and clock.status == "no_number")
    )


def _later(policy: Policy, clock: Clock, now: datetime) -> tuple[Choice, ...]:
    calendar = calendar_for(policy.place.calendar)
    today = now.astimezone(ZoneInfo(policy.place.timezone)).date()
    due = due_of(policy, clock) or today
    from_ = max(due.date() if isinstance(due, datetime) else due, today)
    days = ((n, calendar.add(from_, n).due) for n in WORKING_DAYS_MORE)
    return tuple(
        Choice(day.isoformat(), f"{say_date(day)} ({plural(n, 'working day')} more)")
        for n, day in days
    )


def _corrections(
    library: Library, policy: Policy, case: Escalation
) -> list[tuple[Choice, Question]]:
    given = answers_of(case)
    known = {*policy.facts, *policy.events, "summary"} - {*FIXED}
    found = [
        (_said(library, policy, fact, value), question(policy, fact))
        for fact, value in given.items()
        if fact in known
    ]
    waiting = {
        event
        for clock in case.clocks
        if clock.status == "not_started" and clock.stage == case.stages[-1].stage
        for event in clock.event.split(", ")
        if event in policy.events and event not in given
    }
    for event in sorted(waiting):
        asked = question(policy, event)
        found.append((Choice(event, f"{_short(asked.ask)} Not said yet"), asked))
    return found


def _said(library: Library, policy: Policy, fact: str, value: str) -> Choice:
    said = say_answer(library, policy, fact, value)
    term = say_term(policy, fact)
    return Choice(fact, _short(f"{term}{'' if term.endswith('?') else ':'} {said}"))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1].rstrip()}…"
