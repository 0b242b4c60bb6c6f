"""An agency's log of its escalations, as a CSV file and as a spreadsheet.

The columns are those of Sandwell's Agency Escalation Summary Log (Appendix 4, which agencies may
use if they wish), and beside them the policy, the dates and what is due. Who the child or adult is
and the level of need are not in the records: those columns stay empty for the agency to complete.

A cell that a spreadsheet would run as a formula is made harmless: text may come from anyone.
(OWASP, "CSV Injection".)
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import tostring

from bot.documents.log_rows import FOR_YOU, LogRow

Value = str | date | None

RUNS_AS_FORMULA = tuple("=+-@＝＋－＠")
NOT_IN_A_SHEET = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST_CELL = 32_767
"""In UTF-16 units: the specification of Excel."""
CUT = " [Cut here. A cell of a spreadsheet holds no more. The CSV file has all of it.]"
PAGES_ACROSS = 4
"""On one page across, twenty columns would be too small to read."""
DATE_SHOWN = "dd mmm yyyy"
INK, HEAD, EMPTY = "FFFFFF", "0D3B4F", "FFF4D6"


@dataclass(frozen=True)
class Column:
    """One column: its heading, what it takes from a row, its width in characters."""

    heading: str
    of: Callable[[LogRow], Value]
    width: int
    for_you: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("Escalation number", lambda row: row.reference, 18),
    Column(f"Name {FOR_YOU}", lambda _: None, 22, for_you=True),
    Column(f"Date of birth {FOR_YOU}", lambda _: None, 22, for_you=True),
    Column(f"Age {FOR_YOU}", lambda _: None, 22, for_you=True),
    Column("Who it is about", lambda row: row.subject, 16),
    Column("Concern", lambda row: row.concern, 30),
    Column(f"Level of need {FOR_YOU}", lambda _: None, 22, for_you=True),
    Column("Summary of professional disagreement", lambda row: row.summary, 50),
    Column("Action taken towards reaching a resolution", lambda row: row.action, 55),
    Column("Outcome of resolution", lambda row: row.outcome, 40),
    Column("Policy", lambda row: row.policy, 34),
    Column("Raised or received", lambda row: row.side, 24),
    Column("Agency that raised it", lambda row: row.raised_by, 24),
    Column("Agency it was raised with", lambda row: row.raised_with, 24),
    Column("Raised on", lambda row: row.raised_on, 13),
    Column("Stage", lambda row: row.stage, 20),
    Column("Stage entered on", lambda row: row.entered_on, 13),
    Column("Next date due", lambda row: row.due_on, 13),
    Column("What is due", lambda row: row.due, 40),
    Column("Ended on", lambda row: row.ended_on, 13),
    Column("Lessons", lambda row: row.lessons, 40),
    Column("Check before you share", lambda row: row.check, 34),
)
NOTES = (
    f"Columns marked {FOR_YOU} are empty on purpose: the assistant keeps no names. Fill them in "
    "only in a copy that you keep in your own secure system.",
    "Agency or school: write yours here. The columns of agencies hold only the kind of agency.",
    "The columns follow the Agency Escalation Summary Log of Sandwell's policy (Appendix 4). "
    "Agencies may use it if they wish, and the line manager or safeguarding lead fills it in. "
    "Who it is about, and the columns from Policy on, are added.",
    "Next date due is the earliest date of the stage that the case is at. Where a policy gives no "
    "number there is no date, only its words.",
    "Check before you share: the words were typed by people and may say who somebody is.",
)


def to_csv(rows: Iterable[LogRow]) -> bytes:
    """The log as RFC 4180 has it, in UTF-8 with a mark that tells spreadsheets so.

    Dates are written as 2026-11-12. Text that begins like a formula has an apostrophe before it.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written)  # its own habit is RFC 4180: commas, doubled quotes, CR LF
    writer.writerow([column.heading for column in COLUMNS])
    for row in rows:
        writer.writerow([_as_text(column.of(row)) for column in COLUMNS])
    return written.getvalue().encode("utf-8-sig")


def to_xlsx(rows: Sequence[LogRow], *, now: datetime) -> bytes:
    """The log as a spreadsheet: a head that stays in view, filters, real dates.

    Text is kept as text and never becomes a formula. The same rows and the same `now` give the
    same bytes.

    Args:
        rows: the rows, in their order.
        now: when it is made, with its zone: written into the file.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Escalation log"
    for across, column in enumerate(COLUMNS, start=1):
        _head(sheet.cell(1, across), column)
        sheet.column_dimensions[get_column_letter(across)].width = column.width
        for down, row in enumerate(rows, start=2):
            _fill(sheet.cell(down, across), column, column.of(row))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    _print_across(sheet)
    _notes(book.create_sheet("About this log"))
    made_at = now.astimezone(UTC).replace(tzinfo=None)
    book.properties = DocumentProperties(
        title="Escalation log", creator="Escalation Guide", language="en-GB", created=made_at
    )
    written = io.BytesIO()
    book.save(written)
    return _stamped(written, book.properties, made_at)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet could run it as a formula.

    Blanks and invisible characters before the sign are looked through: some programs drop them.
    """
    return f"'{text}" if _runs(text) else text


def _runs(text: str) -> bool:
    seen = next((each for each in text if unicodedata.category(each)[0] not in "ZC"), "")
    return seen in RUNS_AS_FORMULA


def _as_text(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value or "")


def _head(cell: Cell, column: Column) -> None:
    cell.value = column.heading
    cell.font = Font(bold=True, color=INK)
    cell.fill = PatternFill("solid", fgColor=HEAD)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _fill(cell: Cell, column: Column, value: Value) -> None:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if column.for_you:
        cell.fill = PatternFill("solid", fgColor=EMPTY)
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = DATE_SHOWN
    elif value:
        cell.value = _for_a_sheet(value)
        cell.data_type = "s"  # whatever it begins with
        cell.quotePrefix = _runs(value)  # it stays text when somebody edits it or saves it as CSV


def _for_a_sheet(text: str) -> str:
    """The text as a cell can hold it; what it cannot is marked, not left out in silence."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = NOT_IN_A_SHEET.sub("\ufffd", lines).encode("utf-16-le")
    if len(plain) <= 2 * LONGEST_CELL:
        return plain.decode("utf-16-le")
    kept = plain[: 2 * (LONGEST_CELL - len(CUT))]
    return kept.decode("utf-16-le", errors="ignore") + CUT


def _print_across(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = PAGES_ACROSS, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"
    sheet.oddFooter.center.text = "Page &P of &N"


def _notes(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 100
    for down, note in enumerate(NOTES, start=1):
        cell = sheet.cell(down, 1, note)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _stamped(written: io.BytesIO, properties: DocumentProperties, made_at: datetime) -> bytes:
    """The file with the time it was made in place of the machine's clock."""
    properties.modified = made_at
    fixed = io.BytesIO()
    with ZipFile(written) as source, ZipFile(fixed, "w") as target:
        for part in source.infolist():
            is_core = part.filename == ARC_CORE
            data = tostring(properties.to_tree()) if is_core else source.read(part)
            target.writestr(ZipInfo(part.filename, made_at.timetuple()[:6]), data, ZIP_DEFLATED)
    return fixed.getvalue()
