"""A yearly report as a PDF: the same parts and numbers as the page, with bars, for print and mail.

It has a title, a language, headings as bookmarks, and text that can be searched and copied. The
type is DejaVu Sans, which comes with matplotlib and has the letters that the fonts of the PDF
standard lack.
"""

from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF, FontFace, TextStyle, ViewerPreferences
from fpdf.enums import XPos, YPos

from bot.documents.parts import Listing, Part, Report, Row, Table
from bot.documents.report_parts import report_of
from bot.documents.statistics import Statistics

FONT = "DejaVu"
INK, QUIET, DEEP, BAR, TINT, LINE = (
    (22, 36, 44), (75, 91, 100), (13, 59, 79), (29, 111, 138), (227, 240, 242), (124, 142, 151),
)  # fmt: skip
MARGIN, WIDTH = 18.0, 174.0
LABEL, NUMBER, CHART = 78.0, 32.0, 64.0
"""Widths in millimetres; together they are `WIDTH`."""
LINE_HEIGHT = 5.0
FOOT = 15.0
MOST_KEPT = 120.0
"""A part higher than this may begin on a page that it does not fit on."""


class FontMissingError(Exception):
    """The type that a PDF is set in is not installed."""


def report_pdf(figures: Statistics) -> bytes:
    """The report as a PDF. The same figures always give the same bytes.

    Raises:
        FontMissingError: matplotlib, which brings the type, is not installed.
    """
    report = report_of(figures)
    paper = _Paper(report)
    paper.set_creation_date(figures.made_at)
    paper.add_page()
    paper.head(report)
    for part in report.parts:
        paper.part(part)
    return bytes(paper.output())


class _Paper(FPDF):  # type: ignore[misc]  # mypy takes fpdf2's own class for Any
    """A4, with our type and colours, and a foot on each page."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self.set_title(f"{report.title}: {report.publisher}")
        self.set_lang("en-GB")
        self.set_author(report.publisher)
        self.set_creator("Escalation Guide")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + FOOT / 2)
        folder = _fonts()
        self.add_font(FONT, "", folder / "DejaVuSans.ttf")
        self.add_font(FONT, "B", folder / "DejaVuSans-Bold.ttf")
        self.set_section_title_styles(_heading(17), _heading(13, above=7), _heading(11, above=4))
        self.set_draw_color(*LINE)
        self._foot = f"{report.title}: {report.publisher}"

    def footer(self) -> None:
        """Which report and which page it is."""
        self.set_y(-FOOT)
        self._type(8, QUIET)
        self.cell(WIDTH, 5, f"{self._foot}. Page {self.page_no()} of {{nb}}", align="L")

    def head(self, report: Report) -> None:
        """The title and what the report is of."""
        self._type(12, INK)  # before the heading too: it is measured first
        self.start_section(report.title)
        self._type(12, INK)
        self._words(report.publisher, below=3)
        if report.warning:
            self._type(10, INK, bold=True)
            self.set_line_width(0.6)
            self.multi_cell(WIDTH, LINE_HEIGHT, report.warning, border=1, align="L", padding=2.5,
                            new_x=XPos.LMARGIN, new_y=YPos.NEXT)  # fmt: skip
            self.ln(3)
        for term, words in report.facts:
            self._type(10, INK, bold=True)
            self.cell(26, LINE_HEIGHT, term)
            self._type(10, INK)
            self.multi_cell(WIDTH - 26, LINE_HEIGHT, words, align="L",
                            new_x=XPos.LMARGIN, new_y=YPos.NEXT)  # fmt: skip

    def part(self, part: Part) -> None:
        """A heading, which never stands alone at the foot of a page, and what is under it."""
        needed = 40 + (self._needed(part.tables[0]) if part.tables else 0)
        if self.will_page_break(min(needed, MOST_KEPT)):
            self.add_page()
        self.start_section(part.heading, level=part.level - 1)
        self._type(10, INK)
        for words in part.paragraphs:
            self._words(words, below=1.5)
        for item in part.items:
            self._words(f"• {item}", below=1)
        for table in part.tables:
            self._table(table)
        if part.listing is not None:
            self._listing(part.listing)

    def _type(self, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(*colour)

    def _words(self, words: str, *, below: float) -> None:
        self.multi_cell(WIDTH, LINE_HEIGHT, words, align="L",
                        new_x=XPos.LMARGIN, new_y=YPos.NEXT)  # fmt: skip
        self.ln(below)

    def _table(self, table: Table) -> None:
        """The rows with their bars, all on one page; a long table goes on over the page."""
        if self.will_page_break(min(self._needed(table), MOST_KEPT)):
            self.add_page()
        self.ln(2)
        self._type(10, INK, bold=True)
        self._words(table.caption, below=1)
        self.set_line_width(0.2)
        if table.rows:
            self._row(Row(table.head, "Number", 0), bold=True)
        else:
            self._type(10, QUIET)
            self._words(table.why_not, below=1)
        for row in table.rows:
            self._row(row)
        self._row(Row("Total", table.total, 0), bold=True)
        self.ln(2)

    def _needed(self, table: Table) -> float:
        """About how high a table is, with its caption, its head and its total."""
        self._type(9.5, INK)
        return sum(self._height(row.label) for row in table.rows) + 6 * LINE_HEIGHT

    def _height(self, label: str) -> float:
        lines = self.multi_cell(LABEL, LINE_HEIGHT, label, dry_run=True, output="LINES")
        return max(1, len(lines)) * LINE_HEIGHT + 1.6

    def _row(self, row: Row, *, bold: bool = False) -> None:
        self._type(9.5, INK, bold=bold)
        height = self._height(row.label)
        if self.will_page_break(height):
            self.add_page()
        left, top = self.l_margin, self.get_y()
        if bold:
            self.set_fill_color(*TINT)
            self.rect(left, top + 0.2, WIDTH, height - 0.2, style="F")
        self.set_xy(left, top + 0.8)
        self.multi_cell(LABEL, LINE_HEIGHT, row.label, align="L")
        self.set_xy(left + LABEL, top + 0.8)
        self.cell(NUMBER, LINE_HEIGHT, row.text, align="R")
        if row.bar:
            self.set_fill_color(*BAR)
            self.rect(left + LABEL + NUMBER + 4, top + 1.6, (CHART - 4) * row.bar, 3.4, style="F")
        self.line(left, top + height, left + WIDTH, top + height)
        self.set_xy(left, top + height)

    def _listing(self, listing: Listing) -> None:
        if self.will_page_break(40):
            self.add_page()
        self.ln(2)
        self._type(10, INK, bold=True)
        self._words(listing.caption, below=1)
        self._type(8.5, INK)
        self.set_line_width(0.2)
        self.set_fill_color(255)
        with self.table(
            headings_style=FontFace(emphasis="BOLD", fill_color=TINT),
            borders_layout="HORIZONTAL_LINES",
            col_widths=(28, 30, 30, 42, 44),
            text_align="LEFT",
            line_height=4.4,
            padding=1,
        ) as table:
            for words in (listing.heads, *listing.rows):
                row = table.row()
                for each in words:
                    row.cell(each)


def _heading(size: float, above: float = 0) -> TextStyle:
    return TextStyle(FONT, "B", size, DEEP, t_margin=above, l_margin=MARGIN, b_margin=2)


def _fonts() -> Path:
    """Where the type lies; matplotlib itself, which is slow to start, is not imported."""
    found = find_spec("matplotlib")
    home = Path(found.origin).parent if found and found.origin else Path()
    folder = home / "mpl-data" / "fonts" / "ttf"
    if not (folder / "DejaVuSans.ttf").is_file():
        raise FontMissingError(
            "No PDF can be made: the type DejaVu Sans was not found. It comes with matplotlib. "
            "Run: uv sync. Or ask for the report as a page, with --html."
        )
    return folder
