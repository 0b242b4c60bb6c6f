"""A form of a policy as a Word file: every printed field in its order, filled where we know it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from docx.document import Document as Paper

from bot.documents.document import WIDTH, Footing, bullets, finish, heading, paragraph, start
from bot.documents.known import Case, Value
from bot.documents.recorded import check_policy, still_to_do
from bot.documents.standing import say_force_of
from bot.documents.tables import Box, Cell, table
from bot.documents.values import value_of
from bot.policy.model import Form, FormField, Policy
from bot.records.cases import Duty, Escalation
from bot.wording.force import say_cites

BY_PRACTITIONER = "To be completed by the practitioner: not kept in this guide."
NOT_KNOWN = "Not in the case: please complete it."
FROM_CASE = "From the case: please check it."
ABOUT = (
    "Filled in from {reference} as far as the case knows it. Blank boxes are for you: "
    "names and personal details are not kept in this guide."
)
NO_ADDRESS = "The policy does not say where this form goes."
FOR_YOU = "Notes for you: take them out before you share the form"
LABEL_AND_ANSWER = (6.6, 10.4)
LINE, LINES = 0.95, 1.6  # cm: room to write a line, or a few
EMPTY_ROWS = 2


class UnknownFormError(LookupError):
    """The policy has no form of that name: says which it has."""


def form_of(escalation: Escalation, policy: Policy, form_id: str, *, now: datetime) -> bytes:
    """The form `form_id` of `policy`, filled from the case where the case knows it.

    Personal fields, and those of somebody else, stay blank and say so.

    Args:
        escalation: the case.
        policy: the version that the case was recorded under.
        form_id: the id of the form in the policy.
        now: when the form is made, with its zone.

    Returns:
        A .docx file.

    Raises:
        UnknownFormError: the policy has no such form; the message names those it has.
        OtherPolicyError: the case was recorded under another policy or version.
        ValueError: `now` has no zone.
    """
    check_policy(escalation, policy)
    form = _form(policy, form_id)
    footing = Footing(escalation.reference, policy, now)
    case = Case(escalation, policy, form_id)
    paper = start(form.title, footing)
    _opening(paper, case, form)
    heading(paper, "The form", 2)
    for filled_by, fields in groupby(form.fields, key=lambda field: field.filled_by):
        if filled_by is not None:
            heading(paper, f"For the {policy.roles[filled_by].name}", 2)
        for has_columns, together in groupby(fields, key=lambda field: bool(field.columns)):
            if has_columns:
                for field in together:
                    _table(paper, case, field)
            else:
                _boxes(paper, case, tuple(together))
    _notes(paper, case)
    return finish(paper, footing)


def _form(policy: Policy, form_id: str) -> Form:
    if form_id in policy.forms:
        return policy.forms[form_id]
    if not policy.forms:
        raise UnknownFormError(
            f"Found the form {form_id!r}, and the policy of {policy.publisher} has no form. "
            "Make a record of the escalation instead."
        )
    allowed = ", ".join(f"{id_} ({form.title})" for id_, form in policy.forms.items())
    raise UnknownFormError(
        f"Found the form {form_id!r}, which the policy of {policy.publisher} does not have. "
        f"Allowed: {allowed}."
    )


def _opening(paper: Paper, case: Case, form: Form) -> None:
    """Whose form it is, where it goes and what was filled in."""
    policy = case.policy
    paragraph(
        paper,
        f"{policy.title}, {policy.publisher}, {policy.document.label}: "
        f"{say_cites(policy, form.cite)}.",
    )
    if form.send_to:
        warn = next((c.warn for c in policy.contacts if c.value == form.send_to and c.warn), "")
        paragraph(paper, f"{form.send_to} {warn}".strip(), lead="Send it to:")
    else:
        paragraph(paper, NO_ADDRESS, lead="Send it to:")
    if form.optional:
        paragraph(paper, "The policy does not require this form. It is a choice.", lead="Optional:")
    if form.note:
        paragraph(paper, form.note, lead="Note:")
    paragraph(paper, ABOUT.format(reference=case.escalation.reference))


def _boxes(paper: Paper, case: Case, fields: Sequence[FormField]) -> None:
    """Fields one below the other: what is printed on the left, the answer on the right."""
    table(
        paper,
        ("What the form asks", "Answer"),
        [_row(case, field) for field in fields],
        LABEL_AND_ANSWER,
        caption="Fields of the form",
    )


def _row(case: Case, field: FormField) -> tuple[Cell, Cell]:
    value = value_of(case, field)
    room = LINES if field.type == "text" and not field.personal else LINE
    label = Cell((field.printed,), hint=_hint(case, field, value))
    return label, Cell(_answer(field, value), room=0 if value.known else room)


def _answer(field: FormField, value: Value) -> tuple[str | Box, ...]:
    match field.type:
        case "choice":
            return tuple(Box(option, option == value.ticked) for option in field.options)
        case "yes_no_reason":
            return Box("YES / REASON:"), "", Box("NO / REASON:"), ""
        case _:
            return value.lines


def _table(paper: Paper, case: Case, field: FormField) -> None:
    """A field that is a table: its label above it, its own columns, room to write on."""
    value = value_of(case, field)
    label = paragraph(paper, "", "Field label", lead=field.printed)
    hint = paragraph(paper, _hint(case, field, value), "Hint")
    label.paragraph_format.keep_with_next = hint.paragraph_format.keep_with_next = True
    rows = [[Cell((said,) if said else ()) for said in row] for row in value.rows]
    empty = [[Cell(room=LINE) for _ in field.columns] for _ in range(EMPTY_ROWS)]
    table(paper, field.columns, [*rows, *empty], _widths(field.columns), caption=field.label)
    paragraph(paper, "", "Hint")  # Word joins two tables that nothing parts


def _widths(columns: Sequence[str]) -> list[float]:
    """In centimetres: the first column is the widest, and a date in words wants some room."""
    shares = [
        2.0 if place == 0 else 1.2 if "date" in column.casefold() else 1.0
        for place, column in enumerate(columns)
    ]
    return [WIDTH.cm * share / sum(shares) for share in shares]


def _hint(case: Case, field: FormField, value: Value) -> str:
    """Who fills in the field, and how far it can be relied on."""
    if field.filled_by is not None:
        return f"For the {case.policy.roles[field.filled_by].name}."
    if field.personal:
        return BY_PRACTITIONER
    return f"{FROM_CASE} {value.remark}".strip() if value.known else NOT_KNOWN


def _notes(paper: Paper, case: Case) -> None:
    """Why the form is asked for, where the policy is unclear about it, what else is to do."""
    policy = case.policy
    asking = {duty.id for duty in policy.duties if duty.form == case.form_id}
    asked = [duty for duty in case.escalation.duties if duty.key in asking]
    unclear = [
        each
        for each in policy.ambiguities
        if each.show_user and {case.form_id, *asking} & set(each.touches)
    ]
    owed = [duty for duty in still_to_do(case.escalation) if duty.key not in asking]
    if not (asked or unclear or owed):
        return
    heading(paper, FOR_YOU, 2)
    bullets(paper, map(_say_duty, asked))
    bullets(paper, (f"Unclear in the policy: {each.says} {each.treat_as}" for each in unclear))
    bullets(paper, (f"Still to do. {_say_duty(duty)}" for duty in owed))


def _say_duty(duty: Duty) -> str:
    return f"{say_force_of(duty)}: {duty.what} ({duty.citation})."
