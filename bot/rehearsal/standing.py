"""What the real policy says of a rehearsed case where it stands now."""

from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.rehearsal.state import State
from bot.rehearsal.world import World


def facts_at(world: World, state: State, policy: str | None = None) -> dict[str, str]:
    """The case as a policy's own facts: its situation, its stage, and what has begun."""
    under = policy or state.policy
    return {**world.frame(under).situation, "stage": state.stage, **state.began[under]}


def decision_at(world: World, state: State) -> Decision:
    """The decision of the assistant itself: the same function, on rehearsed facts."""
    return decide(world.policies[state.policy], facts_at(world, state), state.now)
