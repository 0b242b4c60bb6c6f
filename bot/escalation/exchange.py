"""Decisions and deadlines in the JSON shapes that other programs rely on (docs/exchange.md).

Keys may be added to these shapes, never changed.
"""

from datetime import date, datetime
from typing import Any

from bot.escalation.clocks import Due, Limit, RunningClock, root_of, run_clocks
from bot.escalation.decide import decide, imminent_clocks
from bot.escalation.decision import ConditionalDuty, Decision
from bot.escalation.ladder import stage_called
from bot.escalation.questions import Question
from bot.escalation.safety import GENERAL_ADVICE
from bot.escalation.situation import UnknownFactError, check_event
from bot.policy.ladder import Duty, Stage
from bot.policy.model import Policy
from bot.policy.problems import nearest
from bot.policy.terms import Note

Json = dict[str, Any]


def policy_json(policy: Policy, today: date) -> Json:
    """One row of `policies list`."""
    document = policy.document
    return {
        "id": policy.id,
        "title": policy.title,
        "publisher": policy.publisher,
        "version": document.label,
        "from": document.issued,
        "review_due": document.review_due,
        "review_passed": review_passed(policy, today),
        "subjects": list(policy.subjects),
    }


def review_passed(policy: Policy, today: date) -> bool:
    """Whether the document's own review date has gone by: a month counts to its end."""
    due = policy.document.review_due
    return due is not None and today.isoformat()[: len(due)] > due


def deadline_json(policy: Policy, stage: str, start: str, event: str | None, now: datetime) -> Json:
    """The clocks of a stage, started at `start`: every one of them, or only those of `event`.

    Those with a condition are among them: no situation is given that could rule one out.

    Raises:
        UnknownFactError: no such stage or event, or `start` is no date.
    """
    named = None if stage == "imminent" else stage_named(policy, stage)
    ids = clocks_at(policy, named) if named else imminent_clocks(policy)
    roots = [root_of(policy, policy.clocks[id_]) for id_ in ids]
    events = tuple(dict.fromkeys(each for root in roots for each in root.start))
    if event is not None and event not in events:
        raise UnknownFactError(
            f"Found {event!r}, which starts no clock of this stage. "
            f"Allowed: {', '.join(events) or 'none'}. {nearest(str(event), events)}".strip()
        )
    check_event(event or "start", start, policy)
    facts = {each: start for each in events if event in (None, each)}
    clocks = run_clocks(policy, ids, facts, now, unsettled=True)
    return {
        "policy": policy.id,
        "version": policy.document.label,
        "stage": stage_json(named) if named else {"id": "imminent", "label": None, "number": None},
        "clocks": [clock_json(policy, clock) for clock in clocks],
    }


def clocks_at(policy: Policy, stage: Stage) -> tuple[str, ...]:
    """The clocks of a stage; where it forks, those of every branch."""
    branches = [stage_called(policy, fork.stage) for fork in stage.fork]
    return tuple(dict.fromkeys(id_ for each in (stage, *branches) for id_ in each.clocks))


def decision_json(policy: Policy, facts: dict[str, str], now: datetime) -> Json:
    """What the policy says of these facts.

    Raises:
        UnknownFactError: a fact or a value is not declared by the policy, or `facts` are none.
    """
    if not isinstance(facts, dict):
        raise UnknownFactError(f"Facts: found {facts!r}. Give an object of facts and values.")
    return as_json(decide(policy, facts, now))


def as_json(decision: Decision) -> Json:
    """A decision in its exchange shape."""
    policy = decision.policy
    stage = decision.stage
    return {
        "policy": policy.id,
        "version": policy.document.label,
        "status": decision.status,
        "stage": stage_json(stage) if stage else None,
        "actor": policy.roles[stage.actor].name if stage else None,
        "counterpart": (
            policy.roles[stage.counterpart].name if stage and stage.counterpart else None
        ),
        "reasons": [_note(policy, note) for note in decision.reasons],
        "duties": [_duty(policy, duty) for duty in decision.duties],
        "duties_if": [_conditional(policy, each) for each in decision.duties_if],
        "earlier": [_conditional(policy, each) for each in decision.earlier],
        "forms": [
            {"id": duty.form, "title": policy.forms[duty.form].title, "strength": duty.strength}
            for duty in decision.forms
            if duty.form
        ],
        "clocks": [clock_json(policy, clock) for clock in decision.clocks],
        "may_not_skip": [stage_json(each) for each in decision.may_not_skip],
        "imminent": _imminent(decision),
        "outside": (
            {"id": decision.excluded.id, "go_to": decision.excluded.go_to,
             "basis": decision.excluded.basis, "cite": _cite(policy, decision.excluded.cite)}
            if decision.excluded else None
        ),
        "next": stage_json(decision.next) if decision.next else None,
        "endings": [
            {"by": policy.roles[each.by].name, "force": each.force, "what": each.what,
             "cite": _cite(policy, each.cite)}
            for each in decision.endings
        ],
        "final": decision.final,
        "questions": [_question(each) for each in decision.questions],
        "ambiguities": [
            {"id": each.id, "says": each.says, "treat_as": each.treat_as,
             "show_user": each.show_user}
            for each in decision.ambiguities
        ],
    }  # fmt: skip


def stage_json(stage: Stage) -> Json:
    """A stage by its id, its label as printed, and its number if it has one."""
    return {"id": stage.id, "label": stage.label, "number": stage.number}


def clock_json(policy: Policy, clock: RunningClock) -> Json:
    """A clock with every reading of its limit."""
    shared = clock.clock
    return {
        "id": clock.id,
        "what": shared.what,
        "owner": policy.roles[shared.owner].name,
        "event": clock.event or (shared.start[0] if shared.start else None),
        "after": shared.after,
        "strength": shared.strength,
        "basis": shared.basis,
        "indicative": shared.indicative,
        "convention": (clock.target.convention or None) if clock.target else None,
        "skipped": [
            {"date": each.date.isoformat(), "name": each.name} for each in clock.skipped
        ],
        "readings": [_limit(policy, limit) for limit in clock.limits],
        "due": due_json(clock.due),
        "projected": any(limit.projected for limit in clock.limits),
        "overdue": (
            {"working_days": clock.overdue.working_days,
             "calendar_days": clock.overdue.calendar_days, "hours": clock.overdue.hours}
            if clock.overdue else None
        ),
    }  # fmt: skip


def due_json(due: Due | None) -> str | None:
    """A date as such; an instant with its offset, to the second."""
    if isinstance(due, datetime):
        return due.isoformat(timespec="seconds")
    return due.isoformat() if due else None


def stage_named(policy: Policy, name: str) -> Stage:
    """The stage with that id or number.

    Raises:
        UnknownFactError: there is none.
    """
    for stage in policy.stages:
        if name in (stage.id, str(stage.number) if stage.number is not None else None):
            return stage
    ids = [stage.id for stage in policy.stages]
    numbers = [str(stage.number) for stage in policy.stages if stage.number is not None]
    raise UnknownFactError(
        f"Found stage {name!r}. Allowed: {', '.join([*ids, *dict.fromkeys(numbers)])}, imminent."
    )


def _limit(policy: Policy, limit: Limit) -> Json:
    reading = limit.reading
    return {
        "kind": reading.kind,
        "n": reading.n,
        "words": reading.words,
        "due": due_json(limit.due),
        "unit_basis": reading.unit_basis,
        "convention": limit.convention or None,
        "cite": _cite(policy, reading.cite),
    }


def _note(policy: Policy, note: Note) -> Json:
    return {
        "text": note.text,
        "strength": note.strength,
        "basis": note.basis,
        "cite": _cite(policy, note.cite),
    }


def _duty(policy: Policy, duty: Duty) -> Json:
    return {
        "id": duty.id,
        "kind": duty.kind,
        "strength": duty.strength,
        "basis": duty.basis,
        "who": policy.roles[duty.who].name,
        "what": duty.what,
        "to": [policy.roles[role].name for role in duty.to],
        "cite": _cite(policy, duty.cite),
    }


def _conditional(policy: Policy, each: ConditionalDuty) -> Json:
    return {**_duty(policy, each.duty), "depends_on": list(each.depends_on)}


def _imminent(decision: Decision) -> Json | None:
    if decision.imminent is None:
        return None
    policy = decision.policy
    return {
        "route": [
            {"do": step.do, "strength": step.strength, "cite": _cite(policy, step.cite)}
            for step in decision.imminent.route
        ],
        "general_advice": GENERAL_ADVICE,
    }


def _question(asked: Question) -> Json:
    return {
        "fact": asked.fact,
        "ask": asked.ask,
        "why": asked.why,
        "options": [{"value": each.value, "label": each.label} for each in asked.choices],
    }


def _cite(policy: Policy, names: tuple[str, ...]) -> list[Json]:
    return [
        {"section": policy.cites[name].section, "phrase": policy.cites[name].phrase}
        for name in names
    ]
