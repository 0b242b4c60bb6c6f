"""The parts of a scenario that stand in many places, each with the key under which it stands."""

from collections.abc import Iterator

from bot.policy.contradiction import Key
from bot.rehearsal.scenario import Clauses, Given, Limit, Scenario, Span, Turn


def ids(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """The id of everything that can have been."""
    for at, fact in enumerate(scenario.facts):
        yield ("facts", at, "id"), fact.id
    for at, topic in enumerate(scenario.counterpart.topics):
        yield ("counterpart", "topics", at, "id"), topic.id
        for n, answer in enumerate(topic.answers):
            if answer.id is not None:
                yield ("counterpart", "topics", at, "answers", n, "id"), answer.id
    for at, point in enumerate(scenario.points):
        yield ("points", at, "id"), point.id
        for n, choice in enumerate(point.choices):
            yield ("points", at, "choices", n, "id"), choice.id
    for at, step in enumerate(scenario.steps):
        yield ("steps", at, "id"), step.id
    for at, event in enumerate(scenario.events):
        yield ("events", at, "id"), event.id


def turns(scenario: Scenario) -> Iterator[tuple[Key, Turn]]:
    """Everything that something follows from."""
    for at, fact in enumerate(scenario.facts):
        yield ("facts", at), fact
    for at, topic in enumerate(scenario.counterpart.topics):
        for n, answer in enumerate(topic.answers):
            yield ("counterpart", "topics", at, "answers", n), answer
    for at, point in enumerate(scenario.points):
        for n, choice in enumerate(point.choices):
            yield ("points", at, "choices", n), choice
    for at, step in enumerate(scenario.steps):
        yield ("steps", at), step
    for at, event in enumerate(scenario.events):
        yield ("events", at), event


def givens(scenario: Scenario) -> Iterator[tuple[Key, Given]]:
    """Every condition."""
    for at, fact in enumerate(scenario.facts):
        yield ("facts", at, "given"), fact.given
    for at, topic in enumerate(scenario.counterpart.topics):
        yield ("counterpart", "topics", at, "given"), topic.given
        for n, answer in enumerate(topic.answers):
            yield ("counterpart", "topics", at, "answers", n, "given"), answer.given
    for at, point in enumerate(scenario.points):
        yield ("points", at, "opens"), point.opens
    for at, step in enumerate(scenario.steps):
        yield ("steps", at, "given"), step.given
        if step.expected is not None:
            yield ("steps", at, "expected", "opens"), step.expected.opens
    for at, event in enumerate(scenario.events):
        yield ("events", at, "given"), event.given
    for at, ending in enumerate(scenario.endings):
        yield ("endings", at, "given"), ending.given


def limits(scenario: Scenario) -> Iterator[tuple[Key, Limit]]:
    """Every limit of something that is expected."""
    for at, point in enumerate(scenario.points):
        if point.by is not None:
            yield ("points", at, "by"), point.by
    for at, step in enumerate(scenario.steps):
        if step.expected is not None and step.expected.by is not None:
            yield ("steps", at, "expected", "by"), step.expected.by


def spans(scenario: Scenario) -> Iterator[tuple[Key, Span]]:
    """Every amount of time, the limits among them."""
    yield ("lasts",), scenario.lasts
    yield from limits(scenario)
    for key, turn in turns(scenario):
        if turn.takes is not None:
            yield (*key, "takes"), turn.takes
    for at, event in enumerate(scenario.events):
        if event.span is not None:
            yield ("events", at, "span"), event.span


def clauses(scenario: Scenario) -> Iterator[tuple[Key, Clauses]]:
    """Every clause that a judgement stands on."""
    for at, point in enumerate(scenario.points):
        for n, choice in enumerate(point.choices):
            yield ("points", at, "choices", n, "cite"), choice.cite
    for at, step in enumerate(scenario.steps):
        for name, part in (("expected", step.expected), ("unsafe", step.unsafe)):
            if part is not None:
                yield ("steps", at, name, "cite"), part.cite
