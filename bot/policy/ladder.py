"""The ladder of a policy: who acts, what starts a clock, the stages, the duties, the ways off."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bot.policy.terms import (
    Agency,
    Basis,
    Cites,
    DutyKind,
    Entry,
    Id,
    LimitKind,
    Note,
    Side,
    Strength,
    Subject,
    When,
    Words,
)


class Role(Entry):
    """A post or body that acts. `side` tells whether it sits with us, with them, or above."""

    name: Words
    side: Side
    also: tuple[Words, ...] = ()
    by_subject: dict[Subject, Words] = Field(default_factory=dict)
    cite: tuple[Id, ...] = ()


class Event(Entry):
    """Something that starts a clock, and the question that finds out when it happened."""

    ask: Words
    why: Words
    basis: Basis
    cite: tuple[Id, ...] = ()


class Option(Entry):
    """One answer to a fact's question. `subject` says whom the matter is then about.

    `agency` says what kind of agency is then on a side, so that it is not asked. Without one it is
    no part of the canonical form: that of the policies already in use stays as it was.
    """

    value: Id
    label: Words
    subject: Subject | None = None
    agency: Mapping[Literal["raising", "challenged"], Agency] = Field(
        default_factory=dict, exclude_if=lambda agency: not agency
    )
    cite: tuple[Id, ...] = ()


class Fact(Entry):
    """Something a condition depends on: its question, why it is asked, and the answers."""

    ask: Words
    why: Words
    kind: Literal["choice", "yes_no", "text"]
    options: tuple[Option, ...] = ()
    basis: Basis = "stated"
    cite: tuple[Id, ...] = ()


class Reading(Entry):
    """One reading of a limit, in the policy's words. `words_only` never carries a number."""

    kind: LimitKind
    words: Words
    cite: Cites
    n: Annotated[int, Field(ge=1)] | None = None
    unit_basis: Basis = "stated"


class Clock(Entry):
    """A time limit: who owns it, what starts it, and every reading the document allows.

    `start` lists the events that may start it (more than one: whichever happened); a clock that
    runs `after` another starts when that one is due.
    """

    what: Words
    owner: Id
    strength: Strength
    basis: Basis
    readings: Annotated[tuple[Reading, ...], Field(min_length=1)]
    start: tuple[Id, ...] = ()
    after: Id | None = None
    indicative: bool = False
    when: When = Field(default_factory=dict)
    note: str | None = None


class Fork(Entry):
    """Where a stage divides: the stage that applies when the facts fit."""

    when: When
    stage: Id


class Stage(Entry):
    """One step of the policy, labelled as printed.

    `where` says where a practitioner has got to when this stage is the next one to take.
    """

    id: Id
    label: Words
    number: int | None
    title: str | None
    formal: bool
    where: Words
    actor: Id
    do: Annotated[tuple[Note, ...], Field(min_length=1)]
    next: Id | None
    cite: Cites
    counterpart: Id | None = None
    clocks: tuple[Id, ...] = ()
    prompts: tuple[Note, ...] = ()
    fork: tuple[Fork, ...] = ()
    enter_if: When = Field(default_factory=dict)
    otherwise: Note | None = None


class Duty(Entry):
    """Something somebody must, should or may do, one entry for each outcome.

    `when` may name `stage` (being in it), `leaving` (moving on from it), `resolved`, and any
    declared fact. `prompt_later` asks about it again at later stages.
    """

    id: Id
    kind: DutyKind
    who: Id
    what: Words
    when: When
    strength: Strength
    basis: Basis
    cite: Cites
    to: tuple[Id, ...] = ()
    form: Id | None = None
    clock: Id | None = None
    prompt_later: bool = False


class ImminentStep(Entry):
    """One step of the policy's own route when somebody is at imminent risk."""

    do: Words
    strength: Strength
    cite: Cites
    to: Id | None = None
    clock: Id | None = None
    stops_ladder: bool = False
    names_999: bool = False


class Ladder(Entry):
    """What the policy says of skipping or hurrying stages; it never names the stage to jump to."""

    rule: Literal[
        "any_stage_at_discretion", "faster_not_skipped", "compress_or_escalate", "leave_the_stages"
    ]
    words: Words
    cite: Cites


class Exclusion(Entry):
    """A matter that this policy is not for, and where it goes instead."""

    id: Id
    when: When
    go_to: Words
    cite: Cites
    basis: Basis = "stated"


class Routes(Entry):
    """The ways off the ladder."""

    imminent: tuple[ImminentStep, ...]
    ladder: Ladder
    excluded: tuple[Exclusion, ...]


class Ending(Entry):
    """How a matter may end, by whom, and with what force: a recommendation is never final."""

    stage: Id
    by: Id
    force: Literal["final", "recommendation", "for_consideration", "not_stated"]
    what: Words
    cite: Cites
    clock: Id | None = None
    when: When = Field(default_factory=dict)
