"""What to ask when one thing of a recorded case changes: a limit, something done, an answer.

Pure: what can be changed, and what was said so far, give the next question.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.escalation.journey import Answers
from bot.escalation.progress import CHECK
from bot.escalation.questions import NOT_KNOWN, NOT_YET, Choice, Question

What = Literal["limit", "duty", "answer"]

WHAT_LABELS: Mapping[What, str] = {
    "limit": "A time limit: met, extended or stopped",
    "duty": "Something has been done",
    "answer": "Something I told you was wrong",
}
LIMIT_CHANGE = Question(
    fact="limit_change",
    kind="choice",
    ask="What happened to this time limit?",
    why="Reminders stop once it is met or stopped, and follow the new date if it is extended.",
    choices=(
        Choice("met", "It was met"),
        Choice("extended", "We agreed a later date"),
        Choice("stopped", "It no longer applies"),
    ),
)
CHANGED_ON = Question(
    fact="changed_on",
    kind="date",
    ask="On which day was that?",
    why="The record shows the day, and whether it was in time.",
)
REASON = Question(
    fact="reason",
    kind="text",
    ask="Why, and who agreed it? Give roles, not names.",
    why="Whoever reads the record later has to see that it was agreed.",
)
NO_SUCH_RULE = (
    "This policy does not say that a time limit can be extended or stopped. The record will show "
    "the date that the policy gives, the new one, and your reason."
)


@dataclass(frozen=True)
class Changeable:
    """What of a case can be changed: choices, and for each limit the later dates to offer.

    `corrections` are the questions behind the answers. `began_on` is the first day on which
    anything can have happened in this case.
    """

    limits: tuple[Choice, ...]
    duties: tuple[Choice, ...]
    corrections: tuple[tuple[Choice, Question], ...]
    later: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    due: Mapping[str, date] = field(default_factory=dict)
    began_on: date = date.min

    def choices(self, what: str) -> tuple[Choice, ...]:
        """What can be changed of one kind."""
        found = {"limit": self.limits, "duty": self.duties}
        return found.get(what, tuple(choice for choice, _ in self.corrections))

    @property
    def kinds(self) -> tuple[Choice, ...]:
        """The kinds of which there is anything to change."""
        return tuple(
            Choice(what, label) for what, label in WHAT_LABELS.items() if self.choices(what)
        )


def next_amendment_question(can: Changeable, answers: Answers) -> Question | None:
    """The question to ask now, or None when everything is said."""
    given = dict(answers)
    if "change_what" not in given:
        return Question(
            fact="change_what", kind="choice", ask="What do you want to change or mark?",
            why="Each change is a step of the record that can be taken back.", choices=can.kinds,
        )  # fmt: skip
    what = given["change_what"]
    if what not in given:
        return _which(can, what)
    for asked in _details(can, given):
        if asked.fact not in given:
            return asked
    return None if "check" in given else CHECK


def _which(can: Changeable, what: str) -> Question:
    ask, why = {
        "limit": ("Which time limit?", "Only this one changes."),
        "duty": ("What has been done?", "It is then no longer shown as owed."),
    }.get(what, ("Which answer was wrong?", "The record keeps both, and when it was put right."))
    return Question(fact=what, kind="choice", ask=ask, why=why, choices=can.choices(what))


def _details(can: Changeable, given: Mapping[str, str]) -> tuple[Question, ...]:
    match given["change_what"]:
        case "duty":
            return (CHANGED_ON,)
        case "answer":
            asked = next(
                each for choice, each in can.corrections if choice.value == given["answer"]
            )
            return (replace(asked, fact="corrected", ask=f"What is right? {asked.ask}"),)
    match given.get("limit_change"):
        case "met":
            return (LIMIT_CHANGE, CHANGED_ON)
        case "extended":
            return (LIMIT_CHANGE, _until(can, given["limit"]), REASON)
        case _:
            return (LIMIT_CHANGE, REASON)


def _until(can: Changeable, limit: str) -> Question:
    return Question(
        fact="until",
        kind="date",
        ask="Until when? Choose a date or type one.",
        why="Reminders follow this date from now on.",
        choices=can.later.get(limit, ()),
        ahead=True,
    )


def objection(
    can: Changeable, answers: Answers, fact: str, value: str, now: datetime, timezone: str
) -> str | None:
    """Why an answer cannot be taken, in plain words; None where it can."""
    if fact not in ("changed_on", "until"):
        return None
    if value in (NOT_YET, NOT_KNOWN):
        return "I need the day to record it. If it has not happened yet, say “stop”."
    day, today = date.fromisoformat(value[:10]), now.astimezone(ZoneInfo(timezone)).date()
    if fact == "until":
        due = can.due.get(dict(answers)["limit"], today)
        told = f"It is due on {due:%-d %B %Y} already. Give a later day."
        return told if day <= due else None
    told = f"{day:%-d %B %Y} is before the case began, on {can.began_on:%-d %B %Y}."
    return told if day < can.began_on else None
