"""The report as a page, a PDF, text and data: the same numbers in all, and fit for every reader."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader
from year_of_cases import cases

from bot.documents import report_pdf as pdf
from bot.documents.report import report_html, report_json, report_text
from bot.documents.report_parts import INTERNAL, LATE_ELSEWHERE, TO_PUBLISH, report_of
from bot.documents.report_pdf import FontMissingError, report_pdf

ALL = ("s1", "s2", "s3", "s4", "s5", "s6")
TRUST = '<b>Health & "care"</b> trust'


@pytest.fixture(scope="session")
def a_year(jersey):
    return cases(
        jersey,
        (31, {"status": "resolved", "agencies": (("raising", "School"), ("challenged", TRUST))}),
        (9, {"stages": ALL[:2], "area": "resources", "clocks": {"s2_discuss": "missed"}}),
        (6, {"stages": ALL[:3], "area": "other", "side": "challenged"}),
        (2, {"stages": ALL, "area": "policy_issue"}),
        (1, {"stages": ALL, "status": "closed", "ending": "The Chair recommended a review."}),
    )


@pytest.fixture(scope="session")
def public(a_year, count):
    return count(a_year, suppress=True)


@pytest.fixture(scope="session")
def internal(a_year, count):
    return count(a_year)


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, and its tables as rows of words."""

    def __init__(self, made: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[list[str]]] = []
        self.feed(made.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        if tag in ("tr", "caption"):
            self.tables[-1].append([])
        if tag in ("td", "th", "caption"):
            self.tables[-1][-1].append("")

    def handle_data(self, data):
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data.strip()

    def named(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def pages_of(made: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)
    return re.sub(r"\s+", " ", text)


def numbers(value) -> list[int]:
    """Every count in the data, however deep."""
    if isinstance(value, dict):
        own = [value["count"]] if value.get("count") is not None else []
        return own + [each for inner in value.values() for each in numbers(inner)]
    return [each for inner in value for each in numbers(inner)] if isinstance(value, list) else []


def test_page_pdf_and_text_hold_the_same_numbers(public, internal):
    for figures in (public, internal):
        page = Page(report_html(figures))
        printed, typed = pages_of(report_pdf(figures)), report_text(figures)
        tables = [table for part in report_of(figures).parts for table in part.tables]
        assert len(tables) >= 7
        for table, shown in zip(tables, page.tables, strict=False):
            assert shown[0] == [table.caption]
            rows = [[row.label, row.text] for row in table.rows] + [["Total", table.total]]
            assert [row[:2] for row in shown[2:]] == rows
            for label, text in rows:
                assert re.search(rf"^  {re.escape(label)} +{re.escape(text)}$", typed, re.M)
                assert f"{label} {text}" in printed, label


def test_small_numbers_are_hidden_in_every_form(public):
    data = report_json(public)
    assert public.stages.count_of("Stage 6") is None
    assert [n for n in numbers(data) if 0 < n < 5] == []
    for part in report_of(public).parts:
        assert part.listing is None
        for table in part.tables:
            assert not {"1", "2", "3", "4"} & {row.text for row in table.rows}
            assert all(row.bar == 0 for row in table.rows if not row.text.isdigit())
    for said in (report_text(public), report_html(public).decode(), pages_of(report_pdf(public))):
        assert "fewer than 5" in said
        assert TO_PUBLISH.split(",")[0] in said
        assert "ESC-2026" not in said
        assert "ESC-2026" not in json.dumps(data)


def test_for_internal_use_it_says_so_and_lists_the_unresolved_concerns(internal):
    for said in (
        report_text(internal), report_html(internal).decode(), pages_of(report_pdf(internal))
    ):  # fmt: skip
        assert INTERNAL in said
        for reference in ("ESC-2026-0047", "ESC-2026-0048", "ESC-2026-0049"):
            assert reference in said
        assert "Closed. The Chair recommended a review." in said
    listed = report_json(internal)["last_stage"]["cases"]
    assert listed[0] == {
        "reference": "ESC-2026-0047", "raised_on": "2026-03-02", "reached_on": "2026-03-17",
        "area": "An important question of policy", "status": "Open", "ending": None,
        "late": "",
    }  # fmt: skip
    assert report_json(internal)["suppressed"] is False


def test_a_stage_entered_late_is_counted_for_internal_use_alone(jersey, count):
    late = {"days": 8, "clocks": {"s1_meet": "missed", "s5_refer": "missed"}}
    found = cases(jersey, (1, {**late, "stages": ALL}), (2, {**late, "stages": ALL[:2]}),
                  (6, {"stages": ALL[:2]}))  # fmt: skip
    internal, public = count(found), count(found, suppress=True)
    assert [times["late"] for times in report_json(internal)["times"]] == [0, 3, 0, 0, 0, 1]
    assert "Entered late: 3." in report_text(internal)
    assert "entered late: 2 working days after the limit to refer it" in report_text(internal)
    assert {times["late"] for times in report_json(public)["times"]} == {None}
    assert "Entered late" not in report_text(public)
    assert LATE_ELSEWHERE in report_text(public)


def test_where_the_policy_gives_no_number_no_stage_is_late(count, library):
    plymouth = library.get("plymouth")
    ids = [stage.id for stage in plymouth.stages]
    found = cases(plymouth, (1, {"stages": ids, "days": 90, "clocks": {"resolve": "no_number"}}))
    assert {times.late for times in count(found, policy_id="plymouth").times} == {None}


def test_jerseys_own_words_on_its_annual_report_are_cited(public):
    said = report_text(public)
    assert "Put it in the SPB Annual Report (SPB; s.3 Stage 6)." in said
    assert "Reached Stage 6: fewer than 5." in said
    assert "a recommendation, not a binding decision" in said
    assert "final" not in said.replace("no final", "")


def test_the_page_stands_alone_and_runs_nothing(public):
    made = report_html(public)
    page = Page(made)
    assert not {"script", "img", "link", "iframe", "object"} & {tag for tag, _ in page.tags}
    for tag, attrs in page.tags:
        assert not {"src", "onload", "onclick", "style"} & attrs.keys(), tag
        assert attrs.get("href", "#").startswith("#")
    assert b"http:" not in made and b"https:" not in made
    assert "url(" not in made.decode()


def test_the_page_can_be_read_by_everyone(public, internal):
    for figures in (public, internal):
        page = Page(report_html(figures))
        assert page.named("html") == [{"lang": "en-GB"}]
        headings = [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        assert headings.count("h1") == 1
        assert all(int(b[1]) <= int(a[1]) + 1 for a, b in pairwise(headings))
        assert len(page.named("caption")) == len(page.named("table")) == len(page.tables)
        assert all(attrs.get("scope") in ("row", "col") for attrs in page.named("th"))
        ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
        assert len(ids) == len({*ids})
        assert {attrs["href"][1:] for attrs in page.named("a")} <= {*ids}
        # a bar only repeats the number beside it
        assert all(attrs.get("aria-hidden") == "true" for attrs in page.named("td")
                   if attrs.get("class") == "bar")  # fmt: skip


def test_each_bar_is_as_long_as_its_number_and_what_is_hidden_has_none(public):
    page = Page(report_html(public))
    widths = [float(attrs["width"]) for attrs in page.named("rect")]
    counts = [row.count for row in public.stages.rows]
    assert [None if count is None else count > 0 for count in counts] == [
        True, True, None, False, False, None
    ]  # fmt: skip
    assert widths[:2] == [100.0, round(100 * 9 / 31, 2)]
    bars = sum(row.bar > 0 for part in report_of(public).parts for table in part.tables
               for row in table.rows)  # fmt: skip
    assert len(widths) == bars


def test_what_people_typed_cannot_become_part_of_the_page(public):
    made = report_html(public).decode()
    assert TRUST not in made
    assert any(TRUST in row for table in Page(report_html(public)).tables for row in table)


def test_the_pdf_has_a_title_a_language_and_its_headings_as_bookmarks(public):
    read = PdfReader(BytesIO(report_pdf(public)))
    title = "Escalations raised in 2026: Jersey Safeguarding Partnership Board"
    assert read.metadata.title == title
    assert read.metadata.creation_date == public.made_at
    root = read.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert root["/MarkInfo"]["/Marked"].value is True

    def titles(outline):
        return [name for each in outline
                for name in (titles(each) if isinstance(each, list) else [each.title])]  # fmt: skip

    headings = [part.heading for part in report_of(public).parts]
    assert titles(read.outline) == ["Escalations raised in 2026", *headings]
    last = read.pages[-1].extract_text()
    assert f"Page {len(read.pages)} of {len(read.pages)}" in last


def test_the_same_figures_give_the_same_bytes(public):
    assert report_pdf(public) == report_pdf(public)
    assert report_html(public) == report_html(public)


def test_without_its_type_no_pdf_is_made_and_the_error_says_what_to_do(public, monkeypatch):
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    with pytest.raises(FontMissingError, match=r"comes with matplotlib. Run: uv sync. Or ask"):
        report_pdf(public)


def test_a_should_is_not_called_a_must_and_words_stay_words(library, count):
    policy = library.get("gloucestershire")
    found = cases(policy, (9, {"stages": ("s1", "s2"), "area": "threshold"}))
    said = report_text(count(found, policy_id="gloucestershire", suppress=True))
    assert "“within one working day” (should; Stage One)" in said
    assert "must" not in said
    assert (
        "Refer it to second tier management: “without delay” (should; Stage Two). "
        "The policy gives no number, so there is nothing to count."
    ) in said
    assert "the limit is in hours, and only the day was kept" in said
    assert "does not ask for a yearly report of concerns that reach Stage Four" in said


@pytest.mark.parametrize("policy_id", ["berkshire", "plymouth", "sandwell", "gloucestershire"])
@pytest.mark.parametrize("suppress", [True, False])
def test_every_policy_has_a_report_in_every_form(library, count, policy_id, suppress):
    policy = library.get(policy_id)
    ids = tuple(stage.id for stage in policy.stages)
    area = policy.facts["area"].options[0].value if "area" in policy.facts else None
    found = cases(policy, (8, {"area": area}), (7, {"stages": ids, "area": area}),
                  (2, {"stages": ids[:2], "area": None}))  # fmt: skip
    figures = count(found, policy_id=policy_id, suppress=suppress)
    said = report_text(figures)
    assert "17 escalations were raised in 2026." in said
    for stage in policy.stages:
        assert stage.label in said
    assert policy.publisher in pages_of(report_pdf(figures))
    assert len(Page(report_html(figures)).named("h1")) == 1
    assert json.loads(json.dumps(report_json(figures)))["total"]["count"] == 17
    assert ("This policy has no list of what" in said) == (policy_id == "berkshire")


@pytest.mark.parametrize(
    ("cases_in_all", "told"),
    [
        (0, "No escalation was recorded as raised in 2026."),
        (4, "Fewer than 5 escalations were raised in 2026. With so few, no further number"),
    ],
)
def test_a_year_with_next_to_nothing_is_told_in_a_sentence(jersey, count, cases_in_all, told):
    figures = count(cases(jersey, (cases_in_all, {})), suppress=True)
    assert told in report_text(figures)
    assert [part.tables for part in report_of(figures).parts if part.tables] == []
    assert told in pages_of(report_pdf(figures))


def test_it_says_whether_the_year_is_over(count, now):
    assert "Thursday 26 November 2026, so far this year" in report_text(count([], now=now))
    after = datetime(2027, 1, 5, tzinfo=UTC)
    assert "Made on: Tuesday 5 January 2027\n" in report_text(count([], now=after))


def test_one_case_is_told_in_the_singular_and_a_long_agency_fits_its_column(jersey, count):
    long = "Agency " * 60
    figures = count(cases(jersey, (1, {"agencies": (("raising", long),)})))
    assert "1 escalation was raised in 2026." in report_text(figures)
    assert long.strip() in pages_of(report_pdf(figures))


def test_what_is_said_is_calm(public, internal):
    for figures in (public, internal):
        assert "!" not in report_text(figures)
