"""A rehearsal as it is shown: the briefing, what was told, and the policy's own answer in it."""

from collections.abc import Iterable, Iterator

from bot.cards.answer import answer_card
from bot.cards.card import Card, Row, Section
from bot.cards.outcome import outcome_card
from bot.escalation.decision import Decision
from bot.escalation.ladder import stage_called
from bot.rehearsal.scenario import Scenario
from bot.rehearsal.state import Guided, Passed, Scene, State
from bot.rehearsal.world import World
from bot.wording.dates import say_moment
from bot.wording.rehearsal import MARK, say_effort, say_passed, say_told

NOT_REAL = "Everything in it is invented. Nothing of it reaches a real case."
IN_GROUP = "You are {alias}. The facilitator sees what {alias} does, and no name."
Shown = str | Card


def marked(card: Card) -> Card:
    """A card that says in its title that it is part of a rehearsal."""
    return Card(f"{MARK}: {card.title}", card.rows, card.sections, card.footer)


def cases_card(worlds: Iterable[World]) -> Card:
    """Scenarios to choose from: what part one has, how hard and how long each is."""
    return Card(
        title="Cases to rehearse",
        rows=tuple(Row(world.scenario.title, _case(world.scenario)) for world in worlds),
        footer=NOT_REAL,
    )


def _case(scenario: Scenario) -> str:
    return f"{scenario.role} {say_effort(scenario.difficulty, scenario.minutes)}."


def briefing_card(world: World, reference: str, *, alias: str | None) -> Card:
    """Who you are, what is asked of you, and what there is to learn.

    Args:
        world: what is rehearsed.
        reference: of the rehearsal.
        alias: who you are to the facilitator of a group; none where nobody leads.
    """
    scenario = world.scenario
    in_group = (Row("In the group", IN_GROUP.format(alias=alias)),) if alias else ()
    policies = (world.policies[frame.policy] for frame in scenario.under)
    return marked(
        Card(
            title=f"{scenario.title} ({reference})",
            rows=(
                *in_group,
                Row("Your part", scenario.role),
                Row(
                    "The policy", "; ".join(f"{p.publisher}, {p.document.label}" for p in policies)
                ),
                Row("The other agency", scenario.counterpart.who),
                Row("It takes", say_effort(scenario.difficulty, scenario.minutes)),
            ),
            sections=(Section("What you can practise", tuple(a.text for a in scenario.aims)),),
            footer=NOT_REAL,
        )
    )


def shown(world: World, state: State, scenes: Iterable[Scene]) -> Iterator[Shown]:
    """What was told, in its order: words together, and each answer of the policy as its card."""
    words: list[str] = [where(world, state)]
    for scene in scenes:
        if isinstance(scene, Guided):
            yield "\n\n".join(words)
            words = []
            yield marked(guided_card(scene.decision))
        elif isinstance(scene, Passed):
            words.append(say_passed(scene, world.calendar))
        else:
            words.append(say_told(scene))
    if words:
        yield "\n\n".join(words)


def where(world: World, state: State) -> str:
    """The head line: what time it is in the rehearsal, and which stage."""
    policy = world.policies[state.policy]
    return f"**{say_moment(state.now)}** · {stage_called(policy, state.stage).label}"


def guided_card(decision: Decision) -> Card:
    """The assistant's own card for this decision."""
    return outcome_card(decision) if decision.stage is None else answer_card(decision)
