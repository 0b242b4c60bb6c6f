"""What a policy is: frozen, complete, and nothing in it without its clause.

One file is one version of one partnership's document. The field names are the keys of the YAML
file; `policies/policy.schema.json` is made from these classes. A policy holds no code: a
condition is a flat map of facts (`When`), so that a policy officer can read and change it.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.policy.ladder import Clock, Duty, Ending, Event, Fact, Role, Routes, Stage
from bot.policy.terms import Citation, Cites, Entry, Id, Note, PartialDate, Subject, Words


class Place(Entry):
    """Whose bank holidays and whose clock count: never the user's own."""

    calendar: Literal["england-and-wales", "scotland", "northern-ireland", "jersey", "guernsey"]
    timezone: Words
    towns: tuple[Words, ...] = ()
    ask_which: str | None = None


class Document(Entry):
    """The printed document that this file stands for.

    `issued` is null where the document bears no date; `withdrawn` while it is in force.
    """

    label: Words
    issued: PartialDate | None
    withdrawn: PartialDate | None
    review_due: PartialDate | None
    seed: str | None = None
    sha256: str | None = None


class Contact(Entry):
    """A contact as the document prints it, even where it looks wrong (`warn` says so)."""

    label: Words
    value: Words
    cite: Cites
    warn: str | None = None


class FormField(Entry):
    """One field of a printed form, in its order; with its number where the document has one."""

    label: Words
    number: int | None = Field(default=None, exclude_if=lambda number: number is None)
    type: Literal["text", "date", "email", "choice", "table", "yes_no_reason"] = "text"
    options: tuple[Words, ...] = ()
    columns: tuple[Words, ...] = ()
    filled_by: Id | None = None
    personal: bool = False

    @property
    def printed(self) -> str:
        """The label as the document prints it."""
        return self.label if self.number is None else f"{self.number}. {self.label}"


class Form(Entry):
    """A form of the document. Personal fields stay blank for the practitioner to complete."""

    title: Words
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    cite: Cites
    optional: bool = False
    send_to: str | None = None
    note: str | None = None


class Prompt(Entry):
    """A reflective question or a factor to consider; `heading` as the document groups them."""

    id: Id
    heading: Words
    ask: Words
    cite: Cites


class Ambiguity(Entry):
    """Where the document is unclear, conflicts or is silent, and how this file treats it."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+-G\d+$")]
    says: Words
    treat_as: Words
    show_user: bool
    cite: tuple[Id, ...]
    touches: tuple[str, ...] = ()


class Policy(Entry):
    """One version of one partnership's escalation policy."""

    schema_: Literal[1] = Field(alias="schema")
    id: Id
    title: Words
    publisher: Words
    aliases: Annotated[tuple[Words, ...], Field(min_length=1)]
    place: Place
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1)]
    document: Document
    cites: Mapping[Id, Citation]
    roles: Mapping[Id, Role]
    events: Mapping[Id, Event]
    facts: Mapping[Id, Fact]
    clocks: Mapping[Id, Clock]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    duties: tuple[Duty, ...]
    routes: Routes
    endings: tuple[Ending, ...]
    banners: tuple[Note, ...] = ()
    contacts: tuple[Contact, ...] = ()
    scope: tuple[Note, ...] = ()
    principles: tuple[Note, ...] = ()
    forms: Mapping[Id, Form] = Field(default_factory=dict)
    factors: tuple[Prompt, ...] = ()
    reflection: tuple[Prompt, ...] = ()
    borrow_questions_from: Id | None = None
    not_seen: tuple[Words, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
