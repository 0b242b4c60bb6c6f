"""A yearly report as a page, plain text and data: the numbers of `statistics`, nothing else."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bot.documents.page import page_of
from bot.documents.parts import Part, Table
from bot.documents.report_parts import report_of
from bot.documents.statistics import Statistics
from bot.documents.suppression import Breakdown, Cell
from bot.documents.time_limits import Median


def report_html(figures: Statistics) -> bytes:
    """The report as one HTML page in UTF-8."""
    return page_of(report_of(figures))


def report_text(figures: Statistics) -> str:
    """The report as plain text, for a terminal."""
    report = report_of(figures)
    head = [report.title, report.publisher, *(f"{term}: {words}" for term, words in report.facts)]
    warning = [report.warning] if report.warning else []
    lines = [*head, *warning]
    for part in report.parts:
        lines += ["", part.heading.upper() if part.level == 2 else part.heading, *_lines(part)]
    return "\n".join(lines)


def report_json(figures: Statistics) -> dict[str, Any]:
    """The figures as JSON knows them; a number that is not shown is null, with its words.

    Counts are `{"label", "count", "text"}`; tables `{"rows", "total", "why_not"}`; medians
    `{"days", "of", "why_not"}` in working days. `areas` is null where the policy has no list.
    """
    last = figures.last
    return {
        "policy": figures.policy.id,
        "publisher": figures.policy.publisher,
        "versions": list(figures.versions),
        "year": figures.year,
        "made_at": figures.made_at.isoformat(),
        "suppressed": figures.suppressed,
        "total": _cell(figures.total),
        "stages": _breakdown(figures.stages),
        "areas": _breakdown(figures.areas),
        "sides": _breakdown(figures.sides),
        "raised_by": _breakdown(figures.raised_by),
        "raised_with": _breakdown(figures.raised_with),
        "outcomes": _breakdown(figures.outcomes),
        "times": [
            {
                "stage": times.label,
                "got_so_far": times.got_so_far,
                "late": times.late,
                "to_reach": _median(times.to_reach),
                "stay": _median(times.stay),
                "limits": [
                    {
                        "what": limit.what,
                        "words": limit.words,
                        "strength": limit.strength,
                        "citation": limit.citation,
                        "kept": _breakdown(limit.breakdown),
                        "until_met": _median(limit.median),
                    }
                    for limit in times.limits
                ],
            }
            for times in figures.times
        ],
        "last_stage": {
            "stage": last.label,
            "reached": _cell(last.reached),
            "unresolved": _cell(last.unresolved),
            "asks": list(last.asks),
            "cases": None
            if last.cases is None
            else [
                {
                    **asdict(each),
                    "raised_on": each.raised_on.isoformat(),
                    "reached_on": each.reached_on.isoformat(),
                }
                for each in last.cases
            ],
        },
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"label": cell.label, "count": cell.count, "text": cell.text}


def _breakdown(found: Breakdown | None) -> dict[str, Any] | None:
    if found is None:
        return None
    rows = [_cell(row) for row in found.rows]
    return {"rows": rows, "total": _cell(found.total), "why_not": found.why_not}


def _median(found: Median) -> dict[str, Any]:
    return {"days": found.days, "of": found.of, "why_not": found.why_not}


def _lines(part: Part) -> Iterator[str]:
    yield from part.paragraphs
    yield from (f"- {item}" for item in part.items)
    for table in part.tables:
        yield from _table(table)
    if part.listing is not None:
        yield part.listing.caption
        yield from ("  " + " | ".join(row) for row in (part.listing.heads, *part.listing.rows))


def _table(table: Table) -> Iterator[str]:
    yield table.caption
    if table.why_not:
        yield f"  {table.why_not}"
    rows = [*((row.label, row.text) for row in table.rows), ("Total", table.total)]
    width = max(len(label) for label, _ in rows)
    yield from (f"  {label:<{width}}  {text}" for label, text in rows)
