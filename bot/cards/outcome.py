"""What is shown where there is no stage to show: risk first, another policy, facts missing."""

from bot.cards.card import Card, Row, Section
from bot.cards.limits import conventions, say_clock
from bot.escalation.decision import Decision
from bot.escalation.safety import CALL_999, GENERAL_ADVICE
from bot.policy.ladder import ImminentStep
from bot.policy.model import Policy
from bot.wording.force import say_force, say_source

AT_RISK = "Someone may be at risk now"
NO_ROUTE = "This policy names no steps for immediate danger. Follow the advice above."


def outcome_card(decision: Decision) -> Card:
    """A decision that is imminent, outside the policy, or waits for facts."""
    policy = decision.policy
    match decision.status:
        case "imminent":
            return imminent_card(policy, decision)
        case "outside" if decision.excluded is not None:
            excluded = decision.excluded
            source = say_source(policy, excluded.cite, excluded.basis)
            return Card(
                title="This policy is not for that",
                rows=(Row("What to do instead", f"{excluded.go_to} {source}"),),
            )
        case _:
            asks = tuple(question.ask for question in decision.questions)
            return Card(title="I still need to know", sections=(Section("Questions", asks),))


def imminent_card(
    policy: Policy | None, decision: Decision | None = None, *, title: str = AT_RISK
) -> Card:
    """The advice at imminent risk: safety first, then the policy's own route.

    The advice is labelled as general, except where the policy itself names 999.
    """
    if policy is None:
        return Card(title=title, sections=(Section("Do this first", (GENERAL_ADVICE,), "warning"),))
    at_risk = decision if decision and decision.status == "imminent" else None
    route = policy.routes.imminent
    advice = CALL_999 if any(step.names_999 for step in route) else GENERAL_ADVICE
    ladder = policy.routes.ladder
    unclear = tuple(
        f"{each.says} {each.treat_as}"
        for each in (at_risk.ambiguities if at_risk else ())
        if each.show_user
    )
    sections = (
        Section("Do this first", (advice,), "warning"),
        Section(
            f"What the policy of {policy.publisher} says",
            tuple(_step(policy, step, at_risk) for step in route) or (NO_ROUTE,),
            "must" if any(step.strength == "must" for step in route) else "note",
        ),
        Section(
            "The escalation meanwhile",
            (f"{ladder.words} {say_source(policy, ladder.cite)}",),
            "note",
        ),
        Section("Where the policy is unclear", unclear, "note"),
        *((conventions(at_risk),) if at_risk else ()),
    )
    return Card(title=title, sections=tuple(section for section in sections if section.items))


def _step(policy: Policy, step: ImminentStep, decision: Decision | None) -> str:
    """A step of the policy's route, with the date of its time limit if it has one."""
    said = f"{say_force(step.strength, step.do)} {say_source(policy, step.cite)}"
    limits = [clock for clock in (decision.clocks if decision else ()) if clock.id == step.clock]
    return " ".join([said, *(say_clock(decision, clock) for clock in limits if decision)])
