"""What a scenario expects: decisions that it asks for, and steps that it does not ask for."""

from collections.abc import Iterator

from bot.rehearsal.scenario import Expected, Point
from bot.rehearsal.state import State
from bot.rehearsal.world import World


def expectations(world: World) -> Iterator[tuple[str, Point | Expected]]:
    """Everything that is judged by time, by id: the decisions, then the expected steps."""
    for point in world.scenario.points:
        yield point.id, point
    for step in world.scenario.steps:
        if step.expected is not None:
            yield step.id, step.expected


def is_open(state: State, id_: str) -> bool:
    """Whether something is expected now and neither done nor missed yet."""
    return id_ in state.opened and id_ not in state.done and id_ not in state.missed
