"""One change of a recorded case: the step that writes it, and what it does in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from actions.changeable import answers_of, due_of, duty_id, limit_id, say_limit
from actions.state import standing_of
from actions.writing import began_on, clock_row, duty_row
from bot.cards.card import Row
from bot.escalation.amending import NO_SUCH_RULE
from bot.escalation.clocks import moment
from bot.escalation.correction import ElsewhereError, corrected
from bot.escalation.decision import Decision
from bot.escalation.progress import settled_as
from bot.escalation.questions import SKIPPED
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.records.cases import Answer, Clock, Escalation
from bot.records.steps import ClockSettled, Corrected, DutySettled, Step
from bot.wording.answers import say_answer, say_term
from bot.wording.dates import say_date, say_moment
from bot.wording.standing import LIMITS

NOT_APPLYING = "It does not apply since an answer was put right."
AS_COUNTED = ("running", "not_started", "no_number")
"""A limit in one of these states follows its start; one that was agreed or has ended does not."""


@dataclass(frozen=True)
class Amendment:
    """A step to be taken, and the rows that say what it changes."""

    step: Step
    rows: tuple[Row, ...]


def amendment(
    library: Library, policy: Policy, case: Escalation, given: Mapping[str, str], now: datetime
) -> Amendment:
    """The change that was told.

    Raises:
        ElsewhereError: with the answer put right, the case would be at another stage.
    """
    match given["change_what"]:
        case "limit":
            return _limit(policy, case, given, now)
        case "duty":
            return _duty(policy, case, given)
        case _:
            return _answer(library, policy, case, given["answer"], given["corrected"], now)


def _limit(policy: Policy, case: Escalation, given: Mapping[str, str], now: datetime) -> Amendment:
    zone = ZoneInfo(policy.place.timezone)
    clock = next(each for each in case.clocks if limit_id(each) == given["limit"])
    due = due_of(policy, clock)
    rule: tuple[Row, ...] = (Row("Please note", NO_SUCH_RULE),)
    match given["limit_change"]:
        case "met":
            told, day_only = moment(given["changed_on"], zone)
            at = None if day_only else told
            status, reason = settled_as("agreed", told.date(), at, due)
            settled = _settled(clock, status, settled_on=told.date(), reason=reason or clock.reason)
            rule = (Row("Please note", reason),) if reason else ()
            said = f"{LIMITS[status].capitalize()}: {say_moment(at or told.date())}"
        case "extended":
            told, day_only = moment(given["until"], zone)
            timed = clock.due_at is not None and not day_only
            settled = _settled(
                clock, "extended", reason=given["reason"],
                due_at=told.astimezone(UTC) if timed else None,
                due_on=None if timed else told.date(),
            )  # fmt: skip
            said = f"Extended to {say_moment(told if timed else told.date())}. {given['reason']}"
        case _:
            today = now.astimezone(zone).date()
            settled = _settled(clock, "stopped", settled_on=today, reason=given["reason"])
            said = f"Stopped: it no longer applies. {given['reason']}"
    rows = (Row("Time limit", say_limit(policy, clock)), Row("Change", said), *rule)
    step = Step(kind="clock", at_stage=case.stages[-1].stage, settled=(settled,))
    return Amendment(step, rows)


def _settled(clock: Clock, status: str, **changes: date | datetime | str | None) -> ClockSettled:
    return ClockSettled(stage=clock.stage, key=clock.key, status=status, **changes)  # type: ignore[arg-type]


def _duty(policy: Policy, case: Escalation, given: Mapping[str, str]) -> Amendment:
    duty = next(each for each in case.duties if duty_id(each) == given["duty"])
    on = moment(given["changed_on"], ZoneInfo(policy.place.timezone))[0].date()
    done = DutySettled(stage=duty.stage, key=duty.key, status="done", settled_on=on)
    rows = (Row("What the policy asks", duty.what), Row("Change", f"Done: {say_moment(on)}"))
    return Amendment(Step(kind="duty", at_stage=case.stages[-1].stage, done=(done,)), rows)


def _answer(
    library: Library, policy: Policy, case: Escalation, fact: str, value: str, now: datetime
) -> Amendment:
    before = answers_of(case).get(fact)
    decision = decided_again(policy, case, fact, value, now)
    stage = case.stages[-1]
    rows = {row.key: row for row in case.clocks if row.stage == stage.stage}
    counted = [clock_row(policy, stage.stage, clock) for clock in decision.clocks]
    renewed = [
        (rows[new.key], new)
        for new in counted
        if new.key in rows and rows[new.key].status in AS_COUNTED and _differs(rows[new.key], new)
    ]
    gone = [
        row
        for key, row in rows.items()
        if row.status in AS_COUNTED and key not in {new.key for new in counted}
    ]
    duties = [duty_row(policy, stage.stage, duty) for duty in decision.duties]
    known = {duty.key for duty in case.duties if duty.status == "owed" or duty.stage == stage.stage}
    added = tuple(duty for duty in duties if duty.key not in known)
    dropped = tuple(
        duty
        for duty in case.duties
        if duty.stage == stage.stage
        and duty.status == "owed"
        and duty.key not in {each.key for each in duties}
    )
    new_clocks = tuple(new for new in counted if new.key not in rows)
    step = Step(
        kind="correction",
        at_stage=stage.stage,
        answers=(Answer(fact=fact, value=value, said_at=now),),
        renewed_clocks=tuple(new for _, new in renewed),
        clocks=new_clocks,
        settled=tuple(_settled(clock, "stopped", reason=NOT_APPLYING) for clock in gone),
        duties=added,
        done=tuple(
            DutySettled(stage=duty.stage, key=duty.key, status="not_needed") for duty in dropped
        ),
        corrected=_of_the_case(case, decision, fact, value),
    )
    said = [
        Row(say_term(policy, fact), say_answer(library, policy, fact, value)),
        Row("Before", say_answer(library, policy, fact, before) if before else "Not said"),
        *(
            Row("Date", f"{say_limit(policy, old)}. Now: {_when(policy, new)}")
            for old, new in renewed
        ),
        *(Row("New time limit", say_limit(policy, clock)) for clock in new_clocks),
        *(Row("No longer applies", say_limit(policy, clock)) for clock in gone),
        *(Row("Now asked for", duty.what) for duty in added),
        *(Row("No longer asked for", duty.what) for duty in dropped),
    ]
    return Amendment(step, tuple(said))


def decided_again(
    policy: Policy, case: Escalation, fact: str, value: str, now: datetime
) -> Decision:
    """What the policy says of the present stage with this answer put right.

    Raises:
        ElsewhereError: the case would be at another stage, or at this one after it was left.
    """
    standing = standing_of(policy, case)
    facts = {**standing.facts, **({fact: value} if fact != "summary" else {})}
    left = case.stages[-2].stage if len(case.stages) > 1 else None
    decision = corrected(policy, facts, standing.stage, left, now)
    here, entered_on = case.stages[-1], _days(case, decision)[1]
    if here.left_on is not None and entered_on > here.left_on:
        raise ElsewhereError(
            f"{here.label} was left on {say_date(here.left_on)}, so it cannot have begun on "
            f"{say_date(entered_on)}. I have not changed the record. Give an earlier day."
        )
    return decision


def _differs(old: Clock, new: Clock) -> bool:
    return (old.status, old.event_at, old.due_on, old.due_at) != (
        new.status, new.event_at, new.due_on, new.due_at,
    )  # fmt: skip


def _when(policy: Policy, clock: Clock) -> str:
    due = due_of(policy, clock)
    return say_moment(due) if due else "no date yet"


def _of_the_case(case: Escalation, decision: Decision, fact: str, value: str) -> Corrected:
    """The case as it then is."""
    raised_on, entered_on = _days(case, decision)
    kept = None if value == SKIPPED else value
    return Corrected(
        fact=fact,
        raised_on=raised_on,
        entered_on=entered_on,
        area=kept if fact == "area" else case.area,
        summary=kept if fact == "summary" else case.summary,
    )


def _days(case: Escalation, decision: Decision) -> tuple[date, date]:
    """When it was raised and its stage began: a first stage follows what starts its limits."""
    if len(case.stages) == 1 and any(clock.started for clock in decision.clocks):
        return began_on(decision, case.created_at)
    return case.raised_on, case.stages[-1].entered_on
