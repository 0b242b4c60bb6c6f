"""`escalate status`, `calendar`, `form`, `record`, `pack`, `summary`: case work without the chat.

For whoever keeps the records: these commands see every case in the database.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.surroundings import AsJson, library, now, plain_errors, settings

if TYPE_CHECKING:
    from bot.cards.card import Card
    from bot.policy.model import Policy
    from bot.records.cases import Escalation

Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="Such as ESC-2026-0012.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write.")]


def status(
    reference: Annotated[
        str | None, typer.Argument(metavar="REFERENCE", help="One case; all open ones if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Where a case stands: its stage, what is due and overdue, what is owed, how it went."""
    from bot.cards.case import case_card, cases_card
    from bot.records.database import open_database
    from bot.records.reporting import escalations_of

    if reference is not None:
        with _case(reference) as (case, policy):
            _show(case_card(case, policy, now()), as_json)
        return
    with (
        plain_errors(),
        open_database(settings().database_url) as database,
        database.reading() as session,
    ):
        _show(cases_card(escalations_of(session), library(), now()), as_json)


def calendar(reference: Reference, out: Out) -> None:
    """Write the dates of a case as a calendar file (.ics)."""
    from bot.documents.calendar_file import calendar_of

    with _case(reference) as (case, policy):
        _write(out, calendar_of(case, policy, now=now()))


def form(
    reference: Reference,
    out: Out,
    form_id: Annotated[
        str | None, typer.Option("--form", help="The form's id, where a policy has several.")
    ] = None,
) -> None:
    """Write a form of the policy, filled from the case, as a Word document (.docx)."""
    from bot.documents.forms import form_of

    with _case(reference) as (case, policy):
        _write(out, form_of(case, policy, form_id or _only_form(policy), now=now()))


def record(reference: Reference, out: Out) -> None:
    """Write the whole record of a case as a Word document (.docx)."""
    from bot.documents.record import record_of

    with _case(reference) as (case, policy):
        _write(out, record_of(case, policy, now=now()))


def pack(reference: Reference, out: Out) -> None:
    """Write a page for the next meeting: the agenda, and what was noted so far (.docx)."""
    from bot.documents.pack import meeting_pack
    from bot.records.database import open_database
    from bot.records.preparation import CaseHome, preparation_notes

    with _case(reference) as (case, policy):
        with open_database(settings().database_url) as database, database.reading() as session:
            home = CaseHome(reference=case.reference)
            notes = preparation_notes(session, home=home, person=case.person)
        questions, _ = library().questions_of(policy)
        _write(out, meeting_pack(case, policy, notes, now=now(), questions=questions))


def summary(reference: Reference) -> None:
    """Print a summary to paste into the child's or the adult's file."""
    from bot.documents.summary import summary_text

    with _case(reference) as (case, policy):
        typer.echo(summary_text(case, policy))


@contextmanager
def _case(reference: str) -> Iterator[tuple["Escalation", "Policy"]]:
    """A case and the version of the policy that it began under."""
    from bot.records.database import open_database
    from bot.records.store import find_any

    with plain_errors():
        with (
            open_database(settings().database_url) as database,
            database.reading() as session,
        ):
            case = find_any(session, reference=reference.strip().upper())
        yield case, library().get(case.policy_id, case.policy_version)


def _only_form(policy: "Policy") -> str:
    if len(policy.forms) == 1:
        return next(iter(policy.forms))
    known = ", ".join(f"{id_} ({form.title})" for id_, form in policy.forms.items())
    raise typer.BadParameter(
        f"{policy.publisher} has these forms: {known}. Choose one with --form."
        if known
        else f"{policy.publisher} has no form. Use: uv run escalate record REFERENCE --out FILE"
    )


def _show(card: "Card", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(card.as_json()["card"], indent=2, ensure_ascii=False))
        return
    typer.echo(card.as_text())


def _write(out: Path, data: bytes) -> None:
    from bot.documents.writing import write_whole

    write_whole(out, data)
    typer.echo(f"{out}: {len(data):,} bytes")
