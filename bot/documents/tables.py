"""Tables and the boxes of a form: the head repeats on each page, and a screen reader finds it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docx.document import Document as Paper
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from bot.documents.document import LINE, TINT, heading, paragraph, printable

PADDING = Cm(0.19)
TICKED, EMPTY = "\u2612", "\u2610"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


@dataclass(frozen=True)
class Box:
    """A box to tick, which can be ticked in Word, and what stands beside it."""

    label: str
    ticked: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, line by line; a `hint` is small, beneath it.

    `room` is how high the row is at least, in centimetres, so that people can write in it.
    """

    lines: tuple[str | Box, ...] = ()
    hint: str = ""
    head: bool = False
    room: float = 0


def table(
    paper: Paper,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell | str]],
    widths: Sequence[float],
    *,
    caption: str,
) -> Table:
    """A table with a head that repeats.

    Args:
        paper: where it is added.
        heads: the names of the columns.
        rows: the cells, as many in each row as there are heads.
        widths: of the columns, in centimetres; 17 fill the page.
        caption: what it holds, for those who do not see it.

    Raises:
        ValueError: a row has more or fewer cells than there are heads.
    """
    made: Table = paper.add_table(rows=1, cols=len(heads))
    made.style = "Table Grid"
    made.autofit = False
    # without it the text of the table, not its edge, stands at the margin
    indent = {qn("w:w"): str(PADDING.twips), qn("w:type"): "dxa"}
    made._tbl.tblPr.find(qn("w:tblW")).addnext(OxmlElement("w:tblInd", indent))
    _line_colour(paper)
    _captioned(made, caption)
    _fill(made.rows[0], [Cell((head,), head=True) for head in heads])
    _repeats(made.rows[0])
    for row in rows:
        cells = [Cell((cell,)) if isinstance(cell, str) else cell for cell in row]
        if len(cells) != len(heads):
            raise ValueError(f"A row of {len(cells)} cells under the {len(heads)} heads {heads}.")
        added = made.add_row()
        _fill(added, cells)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
        for place in column.cells:
            place.width = Cm(width)
    return made


def section(
    paper: Paper,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell | str]],
    widths: Sequence[float],
) -> None:
    """A heading with its table; where there is nothing to show, it says so."""
    heading(paper, title, 2)
    if rows:
        table(paper, heads, rows, widths, caption=title)
    else:
        paragraph(paper, "Not recorded.")


def _fill(row: _Row, cells: Sequence[Cell]) -> None:
    for place, cell in zip(row.cells, cells, strict=True):
        first = place.paragraphs[0]
        style = "Cell head" if cell.head else "Cell"
        _write(first, cell.lines[0] if cell.lines else "", style)
        for line in cell.lines[1:]:
            _write(place.add_paragraph(), line, style)
        if cell.hint:
            _write(place.add_paragraph(), cell.hint, "Hint")
        if cell.head:
            _shade(place)
    room = max(cell.room for cell in cells)
    if room:
        row.height = Cm(room)
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(where: Paragraph, line: str | Box, style: str) -> None:
    where.style = style
    if isinstance(line, Box):
        where._p.append(_box(line))
        where.add_run(printable(f" {line.label}"))
    elif line:
        where.add_run(printable(line))


def _box(box: Box) -> BaseOxmlElement:
    """A check box that Word and LibreOffice draw and let people tick."""
    made = parse_xml(
        f'<w:sdt xmlns:w="{_W}" xmlns:w14="{_W14}"><w:sdtPr><w:alias/>'
        f'<w14:checkbox><w14:checked w14:val="{int(box.ticked)}"/>'
        f'<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        f'<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
        f'<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" '
        f'w:eastAsia="MS Gothic" w:hint="eastAsia"/></w:rPr>'
        f"<w:t>{TICKED if box.ticked else EMPTY}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    made.find(f".//{{{_W}}}alias").set(qn("w:val"), printable(box.label))
    return made


def _repeats(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _captioned(made: Table, caption: str) -> None:
    made._tbl.tblPr.append(OxmlElement("w:tblCaption", {qn("w:val"): printable(caption)}))


def _shade(place: _Cell) -> None:
    shade = {"w:val": "clear", "w:color": "auto", "w:fill": TINT}
    place._tc.get_or_add_tcPr().append(
        OxmlElement("w:shd", {qn(name): value for name, value in shade.items()})
    )


def _line_colour(paper: Paper) -> None:
    for borders in paper.styles["Table Grid"].element.iter(qn("w:tblBorders")):
        for line in borders:
            line.set(qn("w:color"), LINE)
