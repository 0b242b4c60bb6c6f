"""What a scenario is: frozen, complete, and nothing judged in it without its clause.

One file is one scenario. The field names are the keys of the YAML file;
`rehearsals/scenario.schema.json` is made from these classes. Everything that can happen has an id
of its own, and `after` and `without` name those ids: that is the whole language of a scenario.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.policy.terms import Entry, Id, Words

Mark = Literal["sound", "partly", "unsafe"]
Does = Literal["holds", "silent", "shares", "agrees"]
Difficulty = Literal["gentle", "steady", "hard"]
Happening = Literal["call", "message", "meeting", "worse", "news", "holiday"]
Clause = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*:)?[a-z][a-z0-9_]*$")]
Clauses = Annotated[tuple[Clause, ...], Field(min_length=1)]
Hears = tuple[Words, ...]
Hour = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
LocalTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")]
Few = Annotated[int, Field(ge=1, le=120)]


class Given(Entry):
    """A condition: all of `after` has been, nothing of `without` has, and the stage fits."""

    after: tuple[Id, ...] = ()
    without: tuple[Id, ...] = ()
    stage: tuple[Id, ...] = ()


class Span(Entry):
    """An amount of time: exactly one of its keys."""

    hours: Few | None = None
    days: Few | None = None
    working_days: Few | None = None


class Limit(Span):
    """By when something is expected: a clock of the policy, a span from when it opened, an event.

    `before` is an event of the scenario: once it has happened, it is too late.
    """

    clock: Id | None = None
    before: Id | None = None


class Turn(Entry):
    """What follows: who says what, what is learnt, how the case moves, how much time it takes.

    `happens` are events of the policy, which start its clocks; `under` is another policy that the
    case is taken on with from here.
    """

    who: Words | None = None
    says: Words | None = None
    tells: tuple[Id, ...] = ()
    under: Id | None = None
    enters: Id | None = None
    happens: tuple[Id, ...] = ()
    takes: Span | None = None


class Frame(Entry):
    """A policy that the case is under: which version, at which stage, with which facts.

    `situation` are facts as the policy declares them, `began` its events that have happened.
    """

    policy: Id
    version: Words
    stage: Id
    situation: Mapping[Id, str]
    began: Mapping[Id, str] = Field(default_factory=dict)


class Aim(Entry):
    """Something to learn."""

    id: Id
    text: Words


class CaseFact(Turn):
    """A fact of the case, told to whoever asks for it."""

    id: Id
    label: Words
    says: Words
    hears: Hears = ()
    given: Given = Field(default_factory=Given)


class Answer(Turn):
    """What the other agency answers to a topic, where its condition holds. The first one counts."""

    does: Does
    says: Words
    given: Given = Field(default_factory=Given)
    id: Id | None = None


class Topic(Entry):
    """Something to say to the other agency. The last answer has no condition."""

    id: Id
    label: Words
    answers: Annotated[tuple[Answer, ...], Field(min_length=1)]
    hears: Hears = ()
    given: Given = Field(default_factory=Given)


class Counterpart(Entry):
    """The other agency, which answers by rules."""

    who: Words
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]


class Happens(Turn):
    """An event: at a time from the start, or from when something else was done.

    Without a span it happens only when a facilitator lets it.
    """

    id: Id
    kind: Happening
    says: Words
    since: Id | None = None
    span: Span | None = None
    at: Hour = "10:00"
    given: Given = Field(default_factory=Given)


class Missed(Entry):
    """What is said of something that was not done in time; `then` is told at that moment."""

    why: Words
    then: Words | None = None


class Choice(Turn):
    """One way to decide, and what it is worth.

    `needs` are ids without which it is worth less, and `else_why` says so. After one that `stays`,
    the decision is still open: there is a way back, and it is worth half.
    """

    id: Id
    label: Words
    mark: Mark
    why: Words
    cite: Clauses
    hears: Hears = ()
    needs: tuple[Id, ...] = ()
    else_why: Words | None = None
    stays: bool = False


class Point(Entry):
    """A decision that the participant is asked for. With `core: false` it counts only if met.

    One that `closes` cannot be taken late: once its time has run out, the moment for it has gone.
    """

    id: Id
    asks: Words
    aim: Id
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=6)]
    missed: Missed
    opens: Given = Field(default_factory=Given)
    by: Limit | None = None
    closes: bool = False
    core: bool = True


class Expected(Entry):
    """That a step is expected, from when and by when, though nobody asks for it."""

    aim: Id
    why: Words
    cite: Clauses
    missed: Missed
    opens: Given = Field(default_factory=Given)
    by: Limit | None = None
    core: bool = True


class Unsafe(Entry):
    """That a step is a mistake, and why."""

    aim: Id
    why: Words
    cite: Clauses


class Step(Turn):
    """Something that can be done unasked: expected, a mistake, or neither."""

    id: Id
    label: Words
    says: Words
    hears: Hears = ()
    given: Given = Field(default_factory=Given)
    expected: Expected | None = None
    unsafe: Unsafe | None = None


class Finish(Entry):
    """How it can end."""

    id: Id
    given: Given
    says: Words


class Paths(Entry):
    """Three ways through, as ids in order: they prove that the marks order people.

    Beside ids, `wait` lets time pass until the next working day, `wait_on` until something
    happens, and `guide` asks for the policy's own answer.
    """

    perfect: Annotated[tuple[Id, ...], Field(min_length=1)]
    typical: Annotated[tuple[Id, ...], Field(min_length=1)]
    bad: Annotated[tuple[Id, ...], Field(min_length=1)]


class Scenario(Entry):
    """One case to rehearse."""

    schema_: Literal[1] = Field(alias="schema")
    id: Id
    title: Words
    difficulty: Difficulty
    minutes: Annotated[int, Field(ge=5, le=90)]
    role: Words
    briefing: Words
    starts: LocalTime
    lasts: Span
    under: Annotated[tuple[Frame, ...], Field(min_length=1)]
    aims: Annotated[tuple[Aim, ...], Field(min_length=2)]
    facts: Annotated[tuple[CaseFact, ...], Field(min_length=2)]
    counterpart: Counterpart
    points: Annotated[tuple[Point, ...], Field(min_length=3)]
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]
    events: Annotated[tuple[Happens, ...], Field(min_length=1)]
    endings: Annotated[tuple[Finish, ...], Field(min_length=1)]
    reflection: Annotated[tuple[Words, ...], Field(min_length=3)]
    paths: Paths

    @property
    def start(self) -> datetime:
        """When it begins, in local time."""
        return datetime.fromisoformat(self.starts)

    def choices(self) -> Iterator[tuple[Point, Choice]]:
        """Every choice with its point."""
        return ((point, choice) for point in self.points for choice in point.choices)

    def topic_answers(self) -> Iterator[tuple[Topic, Answer]]:
        """Every answer of the other agency with its topic."""
        topics = self.counterpart.topics
        return ((topic, answer) for topic in topics for answer in topic.answers)
