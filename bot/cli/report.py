"""`escalate log` and `escalate report`: an agency's log of its cases, and the figures of a year.

For whoever keeps the records: these commands see every case in the database.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli.surroundings import AsJson, library, now, plain_errors, settings

if TYPE_CHECKING:
    from bot.records.cases import Escalation

AnyPolicy = Annotated[str | None, typer.Option(help="The policy's id; all of them if left out.")]
AnyYear = Annotated[
    int | None, typer.Option(help="The year it was raised in; all if left out.", min=1, max=9999)
]


def log(
    policy: AnyPolicy = None,
    year: AnyYear = None,
    csv: Annotated[Path | None, typer.Option(help="Write the log as CSV.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the log as a spreadsheet.")] = None,
) -> None:
    """Write the log of escalations to a file. It holds people's words: keep it safe."""
    from bot.documents.log import to_csv, to_xlsx
    from bot.documents.log_rows import log_rows

    if csv is None and xlsx is None:
        _refuse("There is no file to write the log to. Give --csv FILE, --xlsx FILE, or both.")
    _two_files(csv, xlsx)
    with _plain():
        known = library()
        if policy is not None:
            known.get(policy)
        rows = log_rows(_cases(policy, year), known)
        moment = now()
        _write({csv: lambda: to_csv(rows), xlsx: lambda: to_xlsx(rows, now=moment)})
    for path in (csv, xlsx):
        if path is not None:
            typer.echo(f"{_escalations(len(rows))} written to {path}.")


def report(
    policy: Annotated[str, typer.Option(help="The policy's id.")],
    year: Annotated[int, typer.Option(help="The year of raising.", min=1, max=9999)],
    html: Annotated[Path | None, typer.Option(help="Write the report as a page.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write the report as a PDF.")] = None,
    as_json: AsJson = False,
    internal: Annotated[
        bool, typer.Option("--internal", help="Show small numbers. Never publish the result.")
    ] = False,
) -> None:
    """The figures of a year, fit to be published: numbers from 1 to 4 are hidden."""
    from bot.documents.report import report_html, report_json, report_text
    from bot.documents.report_pdf import report_pdf
    from bot.documents.statistics import statistics_of

    _two_files(html, pdf)
    with _plain():
        known = library()
        known.get(policy)
        figures = statistics_of(
            _cases(policy, year), known,
            policy_id=policy, year=year, now=now(), suppress=not internal,
        )  # fmt: skip
        _write({html: lambda: report_html(figures), pdf: lambda: report_pdf(figures)})
    if as_json:
        typer.echo(json.dumps(report_json(figures), indent=2, ensure_ascii=False))
    elif html is None and pdf is None:
        typer.echo(report_text(figures))
    else:
        for path in (html, pdf):
            if path is not None:
                typer.echo(f"The report for {year} is written to {path}.")


@contextmanager
def _plain() -> Iterator[None]:
    """As `plain_errors`, with what only these commands can find."""
    from bot.documents.report_pdf import FontMissingError

    with plain_errors():
        try:
            yield
        except FontMissingError as error:
            _refuse(str(error), error)


def _refuse(why: str, error: Exception | None = None) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(2) from error


def _two_files(one: Path | None, other: Path | None) -> None:
    """Refuse two files of one name: the second would replace the first."""
    if one is not None and other is not None and one.resolve() == other.resolve():
        _refuse(f"Both files would be {one}. Give each a name of its own.")


def _cases(policy: str | None, year: int | None) -> "tuple[Escalation, ...]":
    from bot.records.database import open_database
    from bot.records.reporting import escalations_of

    with (
        open_database(settings().database_url) as database,
        database.reading() as session,
    ):
        return escalations_of(session, policy_id=policy, year=year)


def _write(files: dict[Path | None, Callable[[], bytes]]) -> None:
    """Write each file that is wanted, once all of them could be made."""
    from bot.documents.writing import write_whole

    made = {path: make() for path, make in files.items() if path is not None}
    for path, data in made.items():
        write_whole(path, data)


def _escalations(count: int) -> str:
    return "1 escalation is" if count == 1 else f"{count} escalations are"
