"""What came of a stage: the next stage with its clocks and duties, or the end of the matter.

Pure, like `decide`, which it asks: a case, an outcome and a day always give the same move.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from bot.escalation.clocks import Due, moment
from bot.escalation.conditions import Facts
from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.endings import endings_of, last_word
from bot.escalation.journey import Answers, start_question
from bot.escalation.ladder import stage_called
from bot.escalation.questions import NOT_YET, SKIPPED, Choice, Question, question
from bot.policy.ladder import Stage
from bot.policy.model import Policy

Outcome = Literal["agreed", "not_agreed", "no_reply", "decided", "withdrawn"]
Settled = Literal["met", "missed", "stopped"]
GOES_ON: tuple[Outcome, ...] = ("not_agreed", "no_reply")
WAITING = "waiting"
LEFT_EARLY = "The stage was left before this was due."
AFTER_THE_END = "The case ended before this was due. It may still have to be done."
HOUR_NOT_KNOWN = (
    "It was due at an hour of the day on which the stage ended. The hour of the outcome was not "
    "given, so I cannot tell whether it was met."
)
OWN_FACTS = ("outcome", "outcome_on", "lessons", "check")
"""What only this journey asks; everything else among its answers is a fact of the policy."""

OUTCOME_ON = Question(
    fact="outcome_on",
    kind="date",
    ask="On which day did that happen, or did you stop waiting?",
    why="The stage ends on that day, and the next one's time limits may run from it.",
)
LESSONS = Question(
    fact="lessons",
    kind="text",
    ask="What was learnt from this disagreement? Leave out names and dates of birth.",
    why="Partnerships use it to improve how agencies work together.",
    choices=(Choice(SKIPPED, "Skip this"),),
)
CHECK = Question(
    fact="check",
    kind="choice",
    ask="Shall I record this?",
    why="The record will be relied on, so it must be what happened.",
    choices=(Choice("record", "Yes, record it"), Choice("end", "No, leave it as it was")),
)


class OutOfOrderError(ValueError):
    """An outcome that cannot be: on a day before the stage began, or after today."""


@dataclass(frozen=True)
class Standing:
    """Where a case stands: what was said so far, its open stage, and when that was entered."""

    policy: Policy
    facts: Facts
    stage: str
    entered_on: date

    @property
    def at(self) -> Stage:
        """The stage it is at."""
        return stage_called(self.policy, self.stage)

    @property
    def last(self) -> bool:
        """Whether the policy has no stage after this one."""
        return self.at.next is None


@dataclass(frozen=True)
class Move:
    """What an outcome does to a case.

    `at` is the instant of the outcome, where more than its day was told.
    `decision` is what the policy says of the next stage, or of the end where it has a say.
    `goes_on` tells whether another stage was entered; where a stage is left without agreement and
    the next may not be entered, the case stays open where it is and `stays` is true.
    """

    outcome: Outcome
    on: date
    at: datetime | None
    left: Stage
    decision: Decision | None
    goes_on: bool
    stays: bool

    @property
    def entered(self) -> Stage | None:
        """The stage that was entered."""
        return self.decision.stage if self.goes_on and self.decision is not None else None


def outcome_question(standing: Standing) -> Question:
    """What may have come of the present stage; at the last one somebody decides."""
    policy, stage = standing.policy, standing.at
    word = last_word(policy, endings_of(policy, stage, standing.facts))
    others = (
        (Choice("decided", f"We have the {word}"),)
        if standing.last
        else (
            Choice("not_agreed", "We met or spoke, and do not agree"),
            Choice("no_reply", "They have not replied in time"),
        )
    )
    return Question(
        fact="outcome",
        kind="choice",
        ask=f"What came of {stage.label}?",
        why="What comes next depends on it, and so do the time limits.",
        choices=(
            Choice("agreed", "We agreed: it is settled"),
            *others,
            Choice(WAITING, "Nothing yet: we are still waiting"),
            Choice("withdrawn", "We are not taking it further"),
        ),
        cite=stage.cite,
    )


def next_progress_question(standing: Standing, answers: Answers, now: datetime) -> Question | None:
    """The question to ask now, or None when everything is said."""
    given = dict(answers)
    if "outcome" not in given:
        return outcome_question(standing)
    if given["outcome"] == WAITING:
        return None
    if "outcome_on" not in given:
        return OUTCOME_ON
    missing = _missing(standing, answers, now)
    if missing is not None:
        return missing
    if not _goes_on(given["outcome"]) and "lessons" not in given:
        return LESSONS
    return None if "check" in given else CHECK


def move(standing: Standing, answers: Answers, now: datetime) -> Move:
    """What the answers do to the case.

    Raises:
        OutOfOrderError: the day lies before the stage began, or after today.
        ValueError: the outcome or its day is missing, or a fact that the next stage needs.
    """
    given = dict(answers)
    outcome = _outcome(standing, given)
    told, day_only = moment(given["outcome_on"], ZoneInfo(standing.policy.place.timezone))
    on, at = told.date(), None if day_only else told
    check_day(standing, on, now)
    left = standing.at
    if outcome == "withdrawn":
        return Move(outcome, on, at, left, None, goes_on=False, stays=False)
    decision = _decide(standing, answers, now)
    if outcome not in GOES_ON:
        # Where a fork was never told apart, the policy has no say in how the matter was settled.
        said = None if decision.status == "need" else decision
        return Move(outcome, on, at, left, said, goes_on=False, stays=False)
    if decision.status == "need":
        missing = ", ".join(each.fact for each in decision.questions)
        raise ValueError(f"The next stage depends on {missing}: ask for it first.")
    goes_on = decision.stage is not None and decision.stage.id != left.id
    return Move(outcome, on, at, left, decision, goes_on=goes_on, stays=not goes_on)


def check_day(standing: Standing, on: date, now: datetime) -> None:
    """Refuse a day on which this stage cannot have ended.

    Raises:
        OutOfOrderError: says which day was found and which are allowed.
    """
    today = now.astimezone(ZoneInfo(standing.policy.place.timezone)).date()
    if on < standing.entered_on:
        raise OutOfOrderError(
            f"{on:%-d %B %Y} is before {standing.at.label} began, on "
            f"{standing.entered_on:%-d %B %Y}. Give that day or a later one."
        )
    if on > today:
        raise OutOfOrderError(
            f"{on:%-d %B %Y} has not come yet. Give the day on which it happened."
        )


def settled_as(
    outcome: Outcome, on: date, at: datetime | None, due: Due | None
) -> tuple[Settled, str | None]:
    """How a running clock of the stage that is left ends, and why where that needs saying.

    A limit is met by an outcome on the day it is due or before. One that runs out at an instant of
    that very day can only be judged by the time of the outcome, `at`. `due` is in local time.
    """
    if outcome == "withdrawn":
        return "stopped", "The escalation was withdrawn."
    late = _late(on, at, due)
    if late is None:
        return "stopped", HOUR_NOT_KNOWN
    if outcome == "no_reply":
        return ("missed", None) if late else ("stopped", LEFT_EARLY)
    return ("missed" if late else "met"), None


def _late(on: date, at: datetime | None, due: Due | None) -> bool | None:
    """Whether the outcome came after the limit; None where only its hour would tell."""
    if not isinstance(due, datetime):
        return due is not None and on > due
    if at is not None:
        return at > due
    if on != due.date():
        return on > due.date()
    return True if due.time() == time.min else None


def _outcome(standing: Standing, given: Facts) -> Outcome:
    found = given.get("outcome")
    offered = {choice.value for choice in outcome_question(standing).choices} - {WAITING}
    for outcome in ("agreed", "not_agreed", "no_reply", "decided", "withdrawn"):
        if found == outcome and outcome in offered:
            return outcome
    raise ValueError(f"Found the outcome {found!r}. Allowed here: {', '.join(sorted(offered))}.")


def _goes_on(outcome: str) -> bool:
    return outcome in GOES_ON


def _missing(standing: Standing, answers: Answers, now: datetime) -> Question | None:
    """What the policy still needs to know of the next stage, in the order it is needed."""
    given = dict(answers)
    if not _goes_on(given["outcome"]):
        return None
    decision = _decide(standing, answers, now)
    if decision.status == "need":
        return decision.questions[0]
    facts = _facts(standing, answers)
    first = start_question(decision, facts)
    if first is not None:
        return first
    open_facts = [each for each in decision.questions if each.fact not in facts]
    return open_facts[0] if open_facts else None


def _decide(standing: Standing, answers: Answers, now: datetime) -> Decision:
    resolved = "no" if _goes_on(dict(answers)["outcome"]) else "yes"
    facts = _facts(standing, answers)
    return decide(standing.policy, {**facts, "stage": standing.stage, "resolved": resolved}, now)


def _facts(standing: Standing, answers: Answers) -> dict[str, str]:
    """What was said when the case was recorded, and since.

    A risk then says nothing of now, and what had not happened yet then may have happened since.
    """
    before = {fact: value for fact, value in standing.facts.items() if value != NOT_YET}
    since = {fact: value for fact, value in answers if fact not in OWN_FACTS}
    return {**before, **since, "imminent": "no"}


def asked_in_progress(standing: Standing, fact: str) -> Question:
    """The question behind an answer of this journey.

    Raises:
        KeyError: neither this journey nor the policy asks for it.
    """
    own = {each.fact: each for each in (OUTCOME_ON, LESSONS, CHECK)}
    if fact == "outcome":
        return outcome_question(standing)
    return own[fact] if fact in own else question(standing.policy, fact)
