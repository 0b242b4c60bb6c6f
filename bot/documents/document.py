"""The shared look of every document: A4, plain type, real headings, a footer on each page.

Made for screen readers as well as for paper: a title, a language, styles instead of formatting.
The same case and the same `now` always give the same bytes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from bot.policy.model import Policy
from bot.wording.dates import say_date

MAKER = "Escalation Guide"
LANGUAGE = "en-GB"
FONT = "Arial"
INK, QUIET, DEEP = (
    RGBColor(0x16, 0x24, 0x2C),
    RGBColor(0x4B, 0x5B, 0x64),
    RGBColor(0x0D, 0x3B, 0x4F),
)
TINT, LINE = "E3F0F2", "7C8E97"
MARGIN, WIDTH = Cm(2), Cm(17)
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Footing:
    """What stands at the foot of each page; `now` is when the document is made."""

    reference: str
    policy: Policy
    now: datetime

    def __post_init__(self) -> None:
        if self.now.utcoffset() is None:
            raise ValueError(
                f"The present instant is {self.now.isoformat()} without a time zone. "
                "Give it one, such as UTC: the day depends on it."
            )

    @property
    def made_on(self) -> str:
        """The day in words, where the policy applies."""
        return say_date(self.now.astimezone(ZoneInfo(self.policy.place.timezone)).date())


def printable(text: str) -> str:
    """The text with a visible mark in place of each character that no Word file can hold."""
    return NO_XML.sub("\ufffd", text)


def start(title: str, footing: Footing, *, size: float = 10.5, mark: str = "") -> Paper:
    """An empty document with its title as the first heading.

    `size` is that of plain text, in points; `mark` stands at the head of every page.
    """
    paper = Document()
    _page(paper)
    _styles(paper, size)
    _speaks_english(paper)
    _foot(paper, footing)
    if mark:
        _head(paper, mark)
    properties = paper.core_properties
    properties.title = printable(title)
    properties.subject = printable(footing.reference)
    properties.author = properties.last_modified_by = MAKER
    properties.language = LANGUAGE
    properties.comments = ""
    properties.created = properties.modified = footing.now.astimezone(UTC).replace(tzinfo=None)
    heading(paper, title, 1)
    return paper


def heading(paper: Paper, text: str, level: int) -> None:
    """A real heading, so that a reader can jump to it."""
    paper.add_heading(printable(text), level)


def paragraph(paper: Paper, text: str, style: str = "Normal", *, lead: str = "") -> Paragraph:
    """A paragraph; `lead` stands before it in bold."""
    made = paper.add_paragraph(style=style)
    if lead:
        made.add_run(printable(f"{lead} " if text else lead)).bold = True
    made.add_run(printable(text))
    return made


def bullets(paper: Paper, items: Iterable[str], style: str = "List Bullet") -> None:
    """A real list."""
    for item in items:
        paragraph(paper, item, style)


def finish(paper: Paper, footing: Footing) -> bytes:
    """The document as a .docx file."""
    for key, link in [*paper.part.package.rels.items()]:
        if link.reltype.endswith("/thumbnail"):  # a picture of somebody else's document
            del paper.part.package.rels[key]
    written, fixed = BytesIO(), BytesIO()
    paper.save(written)
    # python-docx stamps each part with the clock of the machine: the same case, other bytes
    made_at = footing.now.astimezone(UTC).timetuple()[:6]
    with ZipFile(written) as source, ZipFile(fixed, "w") as target:
        for part in source.infolist():
            stamped = ZipInfo(part.filename, made_at)
            target.writestr(stamped, source.read(part), ZIP_DEFLATED)
    return fixed.getvalue()


def _page(paper: Paper) -> None:
    page = paper.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    page.header_distance = page.footer_distance = Cm(1)


def _styles(paper: Paper, size: float) -> None:
    """Our type in place of the template's, and the styles of our own that tables need."""
    for name, points, before, after in (
        ("Normal", size, 0, 5), ("Heading 1", size + 7.5, 0, 6), ("Heading 2", size + 2.5, 13, 4),
        ("Heading 3", size + 0.5, 10, 3),
        ("List Bullet", size, 0, 3), ("List Number", size, 0, 3), ("Footer", 8.5, 0, 0),
    ):  # fmt: skip
        _restyle(paper, name, points, before, after)
    for name, points, before in (
        ("Cell", size - 0.5, 2), ("Cell head", size - 0.5, 2), ("Hint", max(size - 2, 8), 0),
        ("Field label", size - 0.5, 12),
    ):  # fmt: skip
        paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _restyle(paper, name, points, before, 2)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Cell head"):
        style = _style(paper, name)
        style.font.bold, style.font.color.rgb = True, DEEP
    for name in ("Hint", "Footer"):
        _style(paper, name).font.color.rgb = QUIET


def _restyle(paper: Paper, name: str, points: float, before: float, after: float) -> None:
    style = _style(paper, name)
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(points), INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over ours
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(before), Pt(after)
    spacing.line_spacing = 1.1 if name in ("Normal", "List Bullet", "List Number") else 1.0


def _style(paper: Paper, name: str) -> ParagraphStyle:
    found = paper.styles[name]
    assert isinstance(found, ParagraphStyle), name
    return found


def _speaks_english(paper: Paper) -> None:
    for root, tag in (
        (paper.styles.element, "w:lang"),
        (paper.settings.element, "w:themeFontLang"),
    ):
        for said in root.iter(qn(tag)):
            said.set(qn("w:val"), LANGUAGE)
            said.set(qn("w:eastAsia"), LANGUAGE)


def _foot(paper: Paper, footing: Footing) -> None:
    policy = footing.policy
    first = paper.sections[0].footer.paragraphs[0]
    stops = _style(paper, "Footer").paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    first.add_run(
        printable(f"{footing.reference}. {policy.publisher}, {policy.document.label}\tPage ")
    )
    _count(first, "PAGE")
    first.add_run(" of ")
    _count(first, "NUMPAGES")
    second = paper.sections[0].footer.add_paragraph(style="Footer")
    second.add_run(f"Made by {MAKER} on {footing.made_on}")


def _head(paper: Paper, mark: str) -> None:
    _restyle(paper, "Header", 10, 0, 0)
    style = _style(paper, "Header")
    style.font.bold, style.font.color.rgb = True, DEEP
    paper.sections[0].header.paragraphs[0].add_run(printable(mark))


def _count(where: Paragraph, instruction: str) -> None:
    """A number that the reading program works out; 1 until it does."""
    field = OxmlElement("w:fldSimple", {qn("w:instr"): instruction})
    run = where.add_run("1")
    field.append(run._r)
    where._p.append(field)
