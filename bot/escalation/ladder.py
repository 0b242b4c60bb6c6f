"""Where a stage stands on its policy's ladder, and what lies behind it."""

from bot.escalation.conditions import Facts, holds, unknown
from bot.escalation.decision import ConditionalDuty
from bot.policy.ladder import Stage
from bot.policy.model import Policy


def stage_called(policy: Policy, id_: str) -> Stage:
    """The stage of `policy` with that id."""
    return next(stage for stage in policy.stages if stage.id == id_)


def before(policy: Policy, stage: Stage) -> Stage:
    """The stage that leads to `stage`; the first stage leads to itself."""
    return next((other for other in policy.stages if other.next == stage.id), stage)


def passed(policy: Policy, stage: Stage) -> set[str]:
    """The ids of all stages from which `stage` can be reached.

    Where the ladder forked, both branches count: the facts tell which was taken.
    """
    steps = [(other.id, other.next) for other in policy.stages]
    steps += [(other.id, fork.stage) for other in policy.stages for fork in other.fork]
    way: set[str] = set()
    edge = {stage.id}
    while edge:
        edge = {source for source, target in steps if target in edge} - way - {stage.id}
        way |= edge
    return way


def earlier_duties(
    policy: Policy, stage: Stage, leaving: Stage | None, here: Facts
) -> tuple[ConditionalDuty, ...]:
    """Duties of stages already passed that are worth asking about again.

    Where a fact they depend on is not known, they come with it: they may not have applied.
    """
    behind = passed(policy, stage)
    left = behind - ({leaving.id} if leaving else set())
    found = []
    for duty in policy.duties:
        at_stage = set(duty.when.get("stage", ()))
        on_leaving = set(duty.when.get("leaving", ()))
        others = {
            fact: values
            for fact, values in duty.when.items()
            if fact not in ("stage", "leaving", "resolved")
        }
        due_before = (at_stage or on_leaving) and at_stage <= behind and on_leaving <= left
        if duty.prompt_later and due_before and holds(others, here) is not False:
            found.append(ConditionalDuty(duty, unknown(others, here)))
    return tuple(found)


def may_not_skip(policy: Policy, stage: Stage) -> tuple[Stage, ...]:
    """The formal stages before this one, where the policy allows faster but not fewer."""
    if policy.routes.ladder.rule != "faster_not_skipped":
        return ()
    behind = passed(policy, stage)
    return tuple(other for other in policy.stages if other.id in behind and other.formal)
