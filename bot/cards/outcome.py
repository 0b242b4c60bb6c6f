"""What is shown where there is no stage to show: risk first, another policy, facts missing."""

from bot.cards.answer import capital, conventions, say_clock
from bot.cards.card import Card, Row, Section
from bot.escalation.decision import Decision
from bot.escalation.safety import GENERAL_ADVICE
from bot.policy.model import Policy
from bot.wording.force import say_basis, say_cites

AT_RISK = "Someone may be at risk now"


def outcome_card(decision: Decision) -> Card:
    """A decision that is imminent, outside the policy, or waits for facts."""
    policy = decision.policy
    match decision.status:
        case "imminent":
            return imminent_card(policy, decision)
        case "outside" if decision.excluded is not None:
            excluded = decision.excluded
            return Card(
                title="This policy is not for that",
                rows=(
                    Row("Go to", f"{excluded.go_to}{say_basis(excluded.basis)}"),
                    Row("The clause", say_cites(policy, excluded.cite)),
                ),
            )
        case _:
            asks = tuple(question.ask for question in decision.questions)
            return Card(title="Still needed", sections=(Section("Questions", asks),))


def imminent_card(
    policy: Policy | None, decision: Decision | None = None, *, title: str = AT_RISK
) -> Card:
    """The advice at imminent risk: general safety first, then the policy's own route."""
    sections = [Section("Do this first", (GENERAL_ADVICE,), "warning")]
    if policy is not None:
        sections.append(Section(f"What {policy.publisher} says", _route(policy), "must"))
        ladder = policy.routes.ladder
        said = f"{ladder.words} ({say_cites(policy, ladder.cite)})"
        sections.append(Section("The escalation meanwhile", (said,), "note"))
        unclear = [each for each in decision.ambiguities if each.show_user] if decision else []
        if unclear:
            said_unclear = tuple(f"{each.says} {each.treat_as}" for each in unclear)
            sections.append(Section("Where the policy is unclear", said_unclear, "note"))
    rows = tuple(
        Row(capital(clock.clock.what), say_clock(decision, clock))
        for clock in (decision.clocks if decision else ())
        if decision and decision.status == "imminent"
    )
    counted = conventions(decision) if decision else None
    if rows and counted and counted.items:
        sections.append(counted)
    return Card(title=title, rows=rows, sections=tuple(sections))


def _route(policy: Policy) -> tuple[str, ...]:
    if not policy.routes.imminent:
        return ("This policy names no route for immediate danger. Follow the advice above.",)
    return tuple(
        f"{step.do} [{step.strength}] ({say_cites(policy, step.cite)})"
        for step in policy.routes.imminent
    )
