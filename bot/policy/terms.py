"""The words that every part of a policy file is written in."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Strength = Literal["must", "should", "may", "consider", "will", "info"]
Basis = Literal["stated", "inferred", "conflict", "gap"]
Side = Literal["raising", "challenged", "both", "partnership"]
Subject = Literal["child", "adult_at_risk"]
Agency = Literal[
    "childrens_social_care", "police", "health", "education", "adult_social_care",
    "probation", "housing", "voluntary_sector", "other",
]  # fmt: skip
LimitKind = Literal[
    "working_days", "elapsed_hours", "calendar_months", "same_working_day", "words_only"
]
DutyKind = Literal[
    "notify", "record", "share", "feed_back", "form", "meet",
    "mark", "check", "report", "consult", "debrief", "refer", "other",
]  # fmt: skip

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Cites = Annotated[tuple[Id, ...], Field(min_length=1)]
PartialDate = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d(-\d\d)?$")]


def _as_tuple(value: object) -> object:
    """One value may be written without its brackets: `stage: s1`."""
    return (value,) if isinstance(value, str) else value


OneOf = Annotated[
    tuple[str, ...],
    Field(min_length=1),
    BeforeValidator(_as_tuple, json_schema_input_type=str | tuple[str, ...]),
]
When = Mapping[str, OneOf]


class Entry(BaseModel):
    """A frozen part of a policy file that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(Entry):
    """A place in the document: the only thing quoted from it is a short key phrase."""

    section: Words
    phrase: Annotated[str, StringConstraints(max_length=90, min_length=1)]
    lines: tuple[int, int] | None = None
    page: int | None = None


class Note(Entry):
    """One sentence of guidance in our words, with its force and its clause."""

    text: Words
    cite: Cites
    strength: Strength = "info"
    basis: Basis = "stated"
    when: When = Field(default_factory=dict)
