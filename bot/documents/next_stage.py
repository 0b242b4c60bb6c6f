"""What comes after a stage, in words: the next stage with who acts, or how the policy ends it."""

from bot.documents.recorded import endings_at, facts_in, stage_of
from bot.escalation.conditions import Facts, holds, unknown
from bot.escalation.ladder import stage_called
from bot.escalation.questions import question, reached
from bot.policy.ladder import Stage
from bot.policy.model import Policy
from bot.records.cases import Escalation
from bot.wording.force import ENDINGS


def next_after(escalation: Escalation, policy: Policy) -> tuple[str, ...]:
    """The stage after the present one, with the questions that it still depends on.

    After the last stage it is how the policy ends the matter, with its force.
    """
    here = stage_of(policy, escalation.stages[-1])
    if here.next is None:
        endings = endings_at(escalation, policy, here.id)
        return tuple(f"{each.what} ({ENDINGS[each.force]})" for each in endings)
    return (_say(policy, facts_in(escalation), _branch(policy, facts_in(escalation), here.next)),)


def _branch(policy: Policy, facts: Facts, stage_id: str) -> Stage:
    """The stage, or the branch of it that the facts lead to; itself while they do not tell."""
    stage = stage_called(policy, stage_id)
    taken = next((fork.stage for fork in stage.fork if holds(fork.when, facts)), stage_id)
    return stage_called(policy, taken)


def _say(policy: Policy, facts: Facts, stage: Stage) -> str:
    if holds(stage.enter_if, facts) is False and stage.otherwise:
        return stage.otherwise.text
    conditions = [stage.enter_if, *(fork.when for fork in stage.fork)]
    missing = dict.fromkeys(fact for when in conditions for fact in unknown(when, facts))
    depends = " It depends on: " + " ".join(question(policy, fact).ask for fact in missing)
    acts = f"Who acts then: {policy.roles[stage.actor].name}."
    return f"{reached(stage)}. {acts}{depends if missing else ''}"
