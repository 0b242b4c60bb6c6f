"""What no single key of a scenario can show: ids that dangle, limits of two kinds, aims unused."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from bot.deadlines.calendar import FIRST_YEAR, LAST_YEAR
from bot.policy.contradiction import Contradiction, Key
from bot.policy.problems import nearest
from bot.rehearsal.parts import givens, ids, limits, spans, turns
from bot.rehearsal.scenario import Scenario
from bot.rehearsal.state import CLOSED

ANYWHERE = ("wait", "wait_on", "guide")
"""What a path may hold beside ids: a working day, until something happens, the guide's answer."""
RESERVED = (*ANYWHERE, "left", CLOSED, "time_up")


def contradictions(scenario: Scenario) -> Iterator[Contradiction]:
    """Everything in `scenario` that its parts, taken together, do not bear out."""
    yield from _ids(scenario)
    yield from _conditions(scenario)
    yield from _times(scenario)
    yield from _aims(scenario)
    yield from _points(scenario)
    yield from _core(scenario)
    yield from _steps(scenario)
    yield from _topics(scenario)
    yield from _paths(scenario)


def counts_from(starts: str) -> bool:
    """Whether a rehearsal can begin at this moment: it is one, and its bank holidays are known."""
    try:
        return FIRST_YEAR < datetime.fromisoformat(starts).year < LAST_YEAR
    except ValueError:
        return False


def _ids(scenario: Scenario) -> Iterator[Contradiction]:
    endings: list[tuple[Key, str]] = [
        (("endings", at, "id"), ending.id) for at, ending in enumerate(scenario.endings)
    ]
    yield from _own_names(list(ids(scenario)))
    yield from _own_names(endings)


def _own_names(found: list[tuple[Key, str]]) -> Iterator[Contradiction]:
    often = Counter(id_ for _, id_ in found)
    for key, id_ in found:
        if often[id_] > 1:
            yield Contradiction(key, f"the id {id_!r} is there twice", remedy="Rename one of them.")
        if id_ in RESERVED:
            yield Contradiction(key, f"{id_!r} is a word of the program", remedy="Rename it.")


def _conditions(scenario: Scenario) -> Iterator[Contradiction]:
    known = {id_ for _, id_ in ids(scenario)}
    facts = {fact.id for fact in scenario.facts}
    events = {event.id for event in scenario.events}
    for key, given in givens(scenario):
        for name in ("after", "without"):
            yield from _unknown((*key, name), getattr(given, name), known, "no id of this file")
    for key, turn in turns(scenario):
        yield from _unknown((*key, "tells"), turn.tells, facts, "no fact of this file")
    for at, event in enumerate(scenario.events):
        if event.since is not None:
            yield from _unknown(("events", at, "since"), [event.since], known, "no id of this file")
            if event.span is None:
                yield Contradiction(
                    ("events", at), "'since' needs a 'span'",
                    remedy="Write after how long it happens, or leave it to the facilitator.",
                )  # fmt: skip
    for key, limit in limits(scenario):
        if limit.before is not None:
            yield from _unknown((*key, "before"), [limit.before], events, "no event of this file")
    for at, point in enumerate(scenario.points):
        for n, choice in enumerate(point.choices):
            key = ("points", at, "choices", n, "needs")
            yield from _unknown(key, choice.needs, known, "no id of this file")


def _unknown(
    key: Key, found: Collection[str], known: Collection[str], what: str
) -> Iterator[Contradiction]:
    for each in found:
        if each not in known:
            yield Contradiction(key, f"{each!r} is {what}", known, nearest(each, known))


def _times(scenario: Scenario) -> Iterator[Contradiction]:
    if not counts_from(scenario.starts):
        yield Contradiction(
            ("starts",), f"found {scenario.starts!r}, which is no moment that can be counted from",
            remedy="Write it as '2026-12-17T14:00'.",
        )  # fmt: skip
    for key, span in spans(scenario):
        given = [name for name, value in vars(span).items() if value is not None]
        if len(given) != 1:
            yield Contradiction(
                key, f"found {len(given)} amounts of time",
                remedy=f"Write exactly one of: {', '.join(type(span).model_fields)}.",
            )  # fmt: skip


def _aims(scenario: Scenario) -> Iterator[Contradiction]:
    known = [aim.id for aim in scenario.aims]
    used: set[str] = set()
    for at, point in enumerate(scenario.points):
        used.add(point.aim)
        yield from _unknown(("points", at, "aim"), [point.aim], known, "no aim of this file")
    for at, step in enumerate(scenario.steps):
        for name in ("expected", "unsafe"):
            part = getattr(step, name)
            if part is not None:
                used.add(part.aim)
                key = ("steps", at, name, "aim")
                yield from _unknown(key, [part.aim], known, "no aim of this file")
    for at, aim in enumerate(scenario.aims):
        if known.count(aim.id) > 1:
            yield Contradiction(
                ("aims", at, "id"), f"the aim {aim.id!r} is there twice",
                remedy="Rename one of them.",
            )  # fmt: skip
        if aim.id not in used:
            yield Contradiction(
                ("aims", at), f"nothing is judged under the aim {aim.id!r}",
                remedy="Name it at a point or a step, or remove it.",
            )  # fmt: skip


def _points(scenario: Scenario) -> Iterator[Contradiction]:
    for at, point in enumerate(scenario.points):
        marks = Counter(choice.mark for choice in point.choices)
        if marks["sound"] == 0 or marks["sound"] == len(point.choices):
            yield Contradiction(
                ("points", at, "choices"),
                f"{marks['sound']} of {len(point.choices)} choices are sound",
                remedy="A decision needs a sound choice and one that is not.",
            )  # fmt: skip
        if point.closes and point.by is None:
            yield Contradiction(
                ("points", at, "closes"), "the decision closes, and nothing says when",
                remedy="Give it a limit under 'by', or remove 'closes'.",
            )  # fmt: skip
        for n, choice in enumerate(point.choices):
            if bool(choice.needs) != (choice.else_why is not None):
                yield Contradiction(
                    ("points", at, "choices", n), "'needs' and 'else_why' go together",
                    remedy="Say why it is worth less without what it needs.",
                )  # fmt: skip
            if choice.stays and choice.mark == "sound":
                yield Contradiction(
                    ("points", at, "choices", n), "a sound choice settles the decision",
                    remedy="Remove 'stays': the decision would be asked for again.",
                )  # fmt: skip


def _core(scenario: Scenario) -> Iterator[Contradiction]:
    steps = [step.expected.core for step in scenario.steps if step.expected is not None]
    if not any([*steps, *(point.core for point in scenario.points)]):
        yield Contradiction(
            ("points",), "'core: false' stands at every point and at every expected step",
            remedy="Leave it out at one: somebody who meets none of them could not be judged.",
        )  # fmt: skip


def _steps(scenario: Scenario) -> Iterator[Contradiction]:
    for at, step in enumerate(scenario.steps):
        if step.expected is not None and step.unsafe is not None:
            yield Contradiction(
                ("steps", at), "a step is either expected or a mistake, not both",
                remedy="Make two steps of it, each with its condition.",
            )  # fmt: skip


def _topics(scenario: Scenario) -> Iterator[Contradiction]:
    for at, topic in enumerate(scenario.counterpart.topics):
        last = topic.answers[-1].given
        if last.after or last.without or last.stage:
            yield Contradiction(
                ("counterpart", "topics", at, "answers"), "the last answer has a condition",
                remedy="End with one that holds whenever none before it did.",
            )  # fmt: skip
        for n, answer in enumerate(topic.answers):
            if answer.id is None and (answer.enters is not None or answer.happens):
                yield Contradiction(
                    ("counterpart", "topics", at, "answers", n),
                    "an answer that moves the case has no id",
                    remedy="Give it one, so that it moves it once, however often it is heard.",
                )


def _paths(scenario: Scenario) -> Iterator[Contradiction]:
    done = {
        *(fact.id for fact in scenario.facts),
        *(topic.id for topic in scenario.counterpart.topics),
        *(choice.id for _, choice in scenario.choices()),
        *(step.id for step in scenario.steps),
        *ANYWHERE,
    }
    for name in ("perfect", "typical", "bad"):
        path = getattr(scenario.paths, name)
        yield from _unknown(("paths", name), path, done, "nothing that a participant does")
