"""How a case stands, in words: its stages, its time limits, its duties, whose they are."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.deadlines.calendar import calendar_for
from bot.deadlines.count import overdue
from bot.documents.recorded import endings_at, stage_of
from bot.escalation.privacy import personal_details
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.records.cases import Answer, Clock, Duty, Escalation, StageEntry
from bot.records.words import Side, Subject
from bot.wording.answers import say_answer, say_term
from bot.wording.dates import say_date, say_moment, say_overdue
from bot.wording.force import ENDINGS, HEADINGS, capital
from bot.wording.standing import OUTCOMES

SIDES: Mapping[Side, str] = {
    "raising": "Our agency raised it",
    "challenged": "Another agency raised it with us",
}
SUBJECTS: Mapping[Subject, str] = {
    "child": "A child",
    "adult_at_risk": "An adult at risk",
    "not_said": "Not said",
}
A_CHOICE = ("may", "consider")


def say_stage(policy: Policy, entry: StageEntry) -> str:
    """Stage 2: Escalation to Head of Service."""
    title = stage_of(policy, entry).title
    return f"{entry.label}: {title}" if title else entry.label


def say_outcome(escalation: Escalation, policy: Policy, entry: StageEntry) -> str:
    """How a stage was left, or that it goes on; a last word comes with its force."""
    if entry.outcome is None:
        return "still at this stage" if entry.left_on is None else "no outcome was recorded"
    forces = {ENDINGS[each.force] for each in endings_at(escalation, policy, entry.stage)}
    if entry.outcome == "decided" and len(forces) == 1:
        return f"{OUTCOMES['decided']} ({forces.pop()})"
    return OUTCOMES[entry.outcome]


def due_of(policy: Policy, clock: Clock) -> date | datetime | None:
    """The due day, or the due instant in local time; None where no date may be given."""
    if clock.due_at is not None:
        return clock.due_at.astimezone(ZoneInfo(policy.place.timezone))
    return clock.due_on


def say_clock_due(policy: Policy, clock: Clock) -> str:
    """When a time limit ends; the policy's own words where it gives no number."""
    due = due_of(policy, clock)
    if due is not None:
        return say_moment(due)
    if clock.status == "no_number":
        return f"No date: the policy says “{clock.words}”"
    if clock.event_at is not None:
        return f"No date: act now. The policy says “{clock.words}”"
    return "No date yet: it has not started"


def say_clock_end(policy: Policy, clock: Clock, now: datetime | None = None) -> str:
    """How a time limit ended, or where it stands; late ones are told where `now` is known."""
    on = f" on {say_date(clock.settled_on)}" if clock.settled_on else ""
    why = f": {clock.reason}" if clock.reason else ""
    match clock.status:
        case "running" | "extended":
            stands = f"Extended{on}{why}" if clock.status == "extended" else "Running"
            late = say_late(policy, clock, now) if now else ""
            return f"{stands}, {late}" if late else stands
        case "met" | "missed" | "stopped":
            return f"{clock.status.capitalize()}{on}{why}"
        case "not_started":
            return f"Not started{why}"
        case "no_number":
            return f"No number to count{why}"


def say_late(policy: Policy, clock: Clock, now: datetime) -> str:
    """How long ago a time limit that still runs passed, or nothing."""
    due = due_of(policy, clock)
    if due is None or clock.status not in ("running", "extended"):
        return ""
    late = overdue(due, now, calendar_for(policy.place.calendar), policy.place.timezone)
    return say_overdue(late) if late else ""


def say_force_of(part: Clock | Duty) -> str:
    """Must do, Should do, ...: how strongly the policy binds, never more than it says."""
    forces: dict[str, str] = {str(strength): said for strength, said in HEADINGS.items()}
    return forces.get(part.strength, capital(part.strength))


def say_limit(policy: Policy, clock: Clock, now: datetime | None = None) -> str:
    """A time limit in one line: what, how strongly, by when, and how late where `now` is known."""
    late = say_late(policy, clock, now) if now else ""
    said = (
        f"{capital(clock.what)} ({clock.strength}): {say_clock_due(policy, clock)}.",
        "This date is a guide." if clock.indicative and due_of(policy, clock) else "",
        f"It is {late}." if late else "",
    )
    return " ".join(part for part in said if part)


def say_duty_state(duty: Duty) -> str:
    """Done, not needed, or still open; what was only a choice is never called owed."""
    on = f" on {say_date(duty.settled_on)}" if duty.settled_on else ""
    match duty.status:
        case "done":
            return f"Done{on}"
        case "not_needed":
            return f"Not needed{on}"
        case "owed" if duty.strength in A_CHOICE:
            return "Not done: it is a choice"
        case "owed" if duty.strength in ("will", "info"):
            return "Not marked as done"
        case "owed":
            return "Still to do"


def say_given(policy: Policy, answer: Answer) -> tuple[str, str]:
    """What an answer is about and what it says, in the words of its question."""
    value = answer.value if isinstance(answer.value, str) else str(answer.value)
    try:
        return (
            say_term(policy, answer.fact),
            say_answer(Library({policy.id: (policy,)}), policy, answer.fact, value),
        )
    except (LookupError, StopIteration, ValueError):
        # the answer is kept as it is: a record leaves nothing out
        return answer.fact, (
            f"{value} (I cannot give this in words, because this version of the policy has no "
            "such question or answer.)"
        )


def say_area(escalation: Escalation, policy: Policy) -> str | None:
    """What the disagreement is about, in the words of its button; None where it was not said."""
    if escalation.area is None:
        return None
    said = Answer(fact="area", value=escalation.area, said_at=escalation.created_at)
    return say_given(policy, said)[1]


def warn_of_names(text: str | None) -> str:
    """A gentle warning where the text looks as if it tells who somebody is, or nothing."""
    found = personal_details(text or "")
    if not found:
        return ""
    return f"It looks as if it holds {' and '.join(found)}. Check it before you share it."
