"""What a reminder says: the reference, the stage and the date, and nothing else of the case."""

from collections.abc import Mapping
from datetime import date, datetime

from bot.policy.terms import Strength
from bot.records.words import Recipient, ReminderKind
from bot.wording.dates import say_moment

MET, NOT_AGREED, TOMORROW = "case_met", "case_not_agreed", "case_tomorrow"
ANSWERS: Mapping[str, str] = {
    MET: "Mark as met",
    NOT_AGREED: "Not agreed",
    TOMORROW: "Remind me tomorrow",
}
"""What the buttons of a reminder ask for, and their words; each carries its case and its limit."""

SUBJECTS: Mapping[ReminderKind, str] = {
    "due_soon": "a time limit ends soon",
    "due_today": "a time limit ends today",
    "overdue": "a time limit has passed",
    "overdue_again": "a time limit has passed and is still open",
}
ENDS: Mapping[ReminderKind, str] = {
    "due_soon": "A time limit ends on {when}.",
    "due_today": "A time limit ends today, {when}.",
    "overdue": "A time limit ended on {when}.",
    "overdue_again": "A time limit ended on {when} and is still open.",
}
FORCE: Mapping[Strength, str] = {
    "must": "The policy says that this must happen by then.",
    "should": "The policy says that this should happen by then.",
    "may": "The policy says that this may happen by then.",
    "consider": "The policy asks to consider this by then.",
    "will": "The policy says that this will happen by then.",
    "info": "The policy gives this date for information.",
}
GUIDE = "This date is a guide. Never wait for it if the risk would grow."
ASKED = "You asked me to remind you again."
STAYS = "The date itself has not moved: it ends on {due}."
STAYS_NEARER = "The date itself has not moved: it ends on {due}, before I remind you. Do not wait."
STAYS_LATE = "It ended on {due}: act now and tell your manager. Do not wait for my reminder."
LATE: Mapping[Recipient, str] = {
    "person": "Act now and tell your manager.",
    "manager": "Act now with the practitioner who holds this case.",
}


def subject_of(reference: str, kind: ReminderKind) -> str:
    """The line above a reminder: the reference is all it has of the case."""
    return f"{reference}: {SUBJECTS[kind]}"


def body_of(
    *,
    reference: str,
    stage: str,
    kind: ReminderKind,
    due: date | datetime,
    strength: Strength,
    indicative: bool,
    recipient: Recipient,
) -> str:
    """The reminder itself; `stage` is its label, `due` in the time of the policy's place."""
    parts = [
        f"{reference}, {stage}. {ENDS[kind].format(when=say_moment(due))}",
        FORCE[strength],
        *([GUIDE] if indicative else []),
        *([LATE[recipient]] if kind in ("overdue", "overdue_again") else []),
    ]
    return " ".join(parts)


def as_asked(body: str) -> str:
    """A reminder that its person put off to now."""
    return f"{ASKED} {body}"


def say_date_stays(due: date | datetime, until: datetime, now: datetime) -> str:
    """What holds of a limit whose reminder is put off; all of it in the time of its place."""
    if isinstance(due, datetime):
        late, nearer = due < now, due < until
    else:
        late, nearer = due < now.date(), due < until.date()
    said = STAYS_LATE if late else STAYS_NEARER if nearer else STAYS
    return said.format(due=say_moment(due))


def what_of(reference: str, stage: str, key: str) -> str:
    """What a button of a reminder carries: the case, and its limit."""
    return f"{reference} {stage}/{key}"
