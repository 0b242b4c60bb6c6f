"""The files of a case: which there are, what each is called, and how one is made.

A file is named by a word that stays the same whatever it is called: "calendar", "record", "pack",
and "form:" with the form's id.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.documents.asked import KINDS, Kind
from bot.documents.calendar_file import calendar_of
from bot.documents.forms import form_of
from bot.documents.known import Case
from bot.documents.pack import meeting_pack
from bot.documents.record import record_of
from bot.documents.values import value_of
from bot.policy.model import FormField, Policy
from bot.records.cases import Escalation
from bot.records.preparation import PreparationNote

CALENDAR, WORD = (
    "text/calendar",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
FORM = "form:"


class UnknownDocumentError(LookupError):
    """The case has no such file: says which it has."""


@dataclass(frozen=True)
class CaseFile:
    """A file of a case, not made yet; `title` is what it is called in a sentence."""

    document: str
    reference: str
    title: str
    name: str
    mime: str

    @property
    def kind(self) -> Kind:
        """What kind of file it is."""
        return next(kind for kind in KINDS if kind == self.document.split(":")[0])

    @property
    def form(self) -> str | None:
        """The id of the form that it is, if it is one."""
        return self.document.removeprefix(FORM) if self.document.startswith(FORM) else None


@dataclass(frozen=True)
class LeftBlank:
    """The fields of a form that the record cannot fill: the practitioner's, and other people's.

    `others` are pairs of a role and a label.
    """

    yours: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


def files_of(
    case: Escalation, policy: Policy, kinds: Collection[Kind] = KINDS
) -> tuple[CaseFile, ...]:
    """The files of these kinds that a case has, in the order in which they are shown."""
    reference = case.reference
    forms = tuple(
        (f"{FORM}{id_}", f"the form “{form.title}” for {reference}", f"form-{id_}.docx", WORD)
        for id_, form in policy.forms.items()
    )
    every = (
        ("calendar", f"the dates of {reference}", "dates.ics", CALENDAR),
        *forms,
        ("record", f"the record of {reference}", "record.docx", WORD),
        ("pack", f"the meeting pack for {reference}", "meeting-pack.docx", WORD),
    )
    files = (
        CaseFile(document, reference, title, f"{reference}-{name}", mime)
        for document, title, name, mime in every
    )
    return tuple(file for file in files if file.kind in kinds)


def file_named(case: Escalation, policy: Policy, document: str) -> CaseFile:
    """The file of a case by its word.

    Raises:
        UnknownDocumentError: the case has no such file; the message names those it has.
    """
    files = {file.document: file for file in files_of(case, policy)}
    if document not in files:
        raise UnknownDocumentError(
            f"Found the file {document!r}, which {case.reference} does not have. "
            f"Allowed: {', '.join(files)}."
        )
    return files[document]


def made(
    file: CaseFile,
    case: Escalation,
    policy: Policy,
    *,
    now: datetime,
    notes: Sequence[PreparationNote],
    questions: Policy,
) -> bytes:
    """The file, made from the case as it is given.

    Args:
        file: one of `files_of` this case and policy.
        case: the case.
        policy: the version that the case was recorded under.
        now: when it is made, with its zone.
        notes: what was noted in preparation, for the meeting pack.
        questions: the policy whose questions were asked in preparation.

    Raises:
        ValueError: the policy is another than the case's, or `now` has no zone.
        UnknownFormError: the policy has no such form.
        OutsideCalendarError: a due day lies outside the calendar.
    """
    match file.kind:
        case "calendar":
            return calendar_of(case, policy, now=now)
        case "record":
            return record_of(case, policy, now=now)
        case "pack":
            return meeting_pack(case, policy, notes, now=now, questions=questions)
        case _:
            return form_of(case, policy, file.form or "", now=now)


def left_blank(case: Escalation, policy: Policy, form_id: str) -> LeftBlank:
    """What stays empty in a form that is filled from a case."""
    filled_from = Case(case, policy, form_id)
    fields = policy.forms[form_id].fields
    return LeftBlank(
        yours=tuple(
            field.printed
            for field in fields
            if field.filled_by is None and not value_of(filled_from, field).known
        ),
        others=tuple(_of_another(policy, field) for field in fields if field.filled_by),
    )


def _of_another(policy: Policy, field: FormField) -> tuple[str, str]:
    return policy.roles[field.filled_by or ""].name, field.printed
