"""A report as one HTML page.

The page stands alone: no script, no picture, nothing from another machine. Each bar is drawn beside
its number, so that nothing is told by a bar alone.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.documents.parts import Report

TEMPLATE = "report.html.jinja"


def page_of(report: Report) -> bytes:
    """The report as one HTML page in UTF-8."""
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # agencies are typed by people
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return pages.get_template(TEMPLATE).render(report=report).encode()
