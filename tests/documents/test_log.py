"""The log: what the files say when other programs read them, and what no spreadsheet may run."""

import csv
import io
import re
from dataclasses import replace
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.documents.log import COLUMNS, CUT, LONGEST_CELL, harmless, to_csv, to_xlsx
from bot.documents.log_rows import FOR_YOU, LogRow, log_rows
from bot.policy.library import UnknownPolicyError

ROW = LogRow(
    reference="ESC-2026-0001",
    subject="A child",
    concern="Drift or delay",
    summary="They closed it; we say “not yet”.",
    action="Stage 1: entered Thursday 12 November 2026.",
    outcome="Open.",
    policy="Resolving it, Sandwell, V0.3",
    side="Our agency raised it",
    raised_by="Education",
    raised_with="Children's social care",
    raised_on=date(2026, 11, 12),
    stage="Stage 1",
    entered_on=date(2026, 11, 12),
    due_on=date(2026, 11, 17),
    due="Complete stage 1 (should): Tuesday 17 November 2026.",
    ended_on=None,
    lessons=None,
    check=None,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
RUNS = st.builds(
    "".join,
    st.tuples(st.sampled_from(["", " ", "\t", "\r\n", "\ufeff", "\u200b", "\xa0"]),
              st.sampled_from("=+-@＝＋－＠"), TEXT),
)  # fmt: skip


def csv_rows(made: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def sheet_of(made: bytes):
    return load_workbook(io.BytesIO(made))["Escalation log"]


def cell_of(made: bytes, heading: str, row: int = 2):
    place = [column.heading for column in COLUMNS].index(heading) + 1
    return sheet_of(made).cell(row, place)


def test_the_csv_is_what_rfc_4180_says_and_tells_its_encoding():
    made = to_csv([replace(ROW, summary='a "quoted", word\nand a line', action="b")])
    assert made.startswith(b"\xef\xbb\xbfEscalation number,")
    head, row = made.decode("utf-8-sig").split("\r\n", 1)
    assert head.count(",") == len(COLUMNS) - 1
    assert '"a ""quoted"", word\nand a line",b,' in row
    assert row.endswith("\r\n")


@given(st.lists(TEXT | RUNS, max_size=3))
def test_every_word_comes_back_from_the_csv_and_none_can_run(texts):
    read = csv_rows(to_csv([replace(ROW, summary=text, lessons=text) for text in texts]))
    for text, row in zip(texts, read, strict=True):
        for heading in ("Summary of professional disagreement", "Lessons"):
            assert row[heading].removeprefix("'") == text.removeprefix("'")
            assert not re.match(r"[\s\x00-\x20\u200b\ufeff]*[=+\-@＝＋－＠]", row[heading])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+44", "'+44"),
        ("- not agreed", "'- not agreed"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t=1+1"),
        ("\r\n =1+1", "'\r\n =1+1"),
        ("＝1+1", "'＝1+1"),
        ("\u200b=1", "'\u200b=1"),
        ("2 + 2 = 4", "2 + 2 = 4"),
        ("", ""),
    ],
)
def test_what_could_run_gets_an_apostrophe_and_nothing_else_does(text, kept):
    assert harmless(text) == kept


@pytest.mark.parametrize(
    "column", [each for each in COLUMNS if each.for_you], ids=lambda column: column.heading
)
def test_who_somebody_is_stays_empty_and_is_marked(column, now):
    assert column.heading.endswith(FOR_YOU)
    assert csv_rows(to_csv([ROW]))[0][column.heading] == ""
    cell = cell_of(to_xlsx([ROW], now=now), column.heading)
    assert cell.value is None
    assert cell.fill.fill_type == "solid"


def test_sandwells_columns_stand_in_its_order():
    plain = [column.heading.removesuffix(f" {FOR_YOU}") for column in COLUMNS]
    printed = (
        "Escalation number", "Name", "Date of birth", "Age", "Concern", "Level of need",
        "Summary of professional disagreement", "Action taken towards reaching a resolution",
        "Outcome of resolution",
    )  # fmt: skip
    assert [heading for heading in plain if heading in printed] == list(printed)
    assert len(plain) == len({*plain})


def test_the_sheet_has_a_head_that_stays_filters_and_widths(now):
    sheet = sheet_of(to_xlsx([ROW, ROW], now=now))
    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS]
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:V3"
    assert [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]] == [
        column.width for column in COLUMNS
    ]


def test_on_paper_it_can_be_read_and_each_page_says_which_case_and_which_page(now):
    sheet = sheet_of(to_xlsx([ROW], now=now))
    setup = sheet.page_setup
    assert (setup.orientation, str(setup.paperSize)) == ("landscape", sheet.PAPERSIZE_A4)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
    assert sheet.oddFooter.center.text == "Page &P of &N"
    # a character of the usual type is about 1.9 mm wide, and eight points are 0.73 of eleven
    margins = 25.4 * (sheet.page_margins.left + sheet.page_margins.right)
    again = COLUMNS[0].width * (setup.fitToWidth - 1)
    needed = 1.9 * (sum(column.width for column in COLUMNS) + again)
    assert (297 - margins) * setup.fitToWidth / needed >= 0.73


def test_dates_are_dates_in_the_sheet_and_iso_in_the_csv(now):
    cell = cell_of(to_xlsx([ROW], now=now), "Raised on")
    assert (cell.value, cell.is_date) == (datetime(2026, 11, 12), True)
    assert cell_of(to_xlsx([ROW], now=now), "Ended on").value is None
    assert csv_rows(to_csv([ROW]))[0]["Raised on"] == "2026-11-12"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "#N/A", "= ", "\t=1", "100", "TRUE"])
def test_text_in_the_sheet_stays_exactly_that_text(text, now):
    made = to_xlsx([replace(ROW, summary=text)], now=now)
    cell = cell_of(made, "Summary of professional disagreement")
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == text.strip().startswith(("=", "+", "-", "@"))
    with ZipFile(io.BytesIO(made)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@given(text=TEXT | RUNS)
@example(text="a\x0bb\x1fc\uffffd")
def test_the_sheet_holds_whatever_was_typed(text):
    made = to_xlsx([replace(ROW, summary=text)], now=datetime.fromisoformat("2026-11-12T12:00Z"))
    held = cell_of(made, "Summary of professional disagreement").value or ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert re.fullmatch("".join("." if a == "\ufffd" else re.escape(a) for a in held), lines, re.S)
    assert held.count("\ufffd") == len(re.findall("[\0-\x08\x0b-\x1f\ufffd-\uffff]", lines))


def test_what_no_cell_can_hold_is_cut_and_says_so(now):
    made = to_xlsx([replace(ROW, summary="\U0001f600" * 20_000)], now=now)
    held = cell_of(made, "Summary of professional disagreement").value
    assert held.endswith(CUT)
    assert len(held.encode("utf-16-le")) // 2 in (LONGEST_CELL - 1, LONGEST_CELL)
    whole = cell_of(to_xlsx([replace(ROW, summary="x" * LONGEST_CELL)], now=now), "Lessons")
    assert whole.value is None
    assert (
        csv_rows(to_csv([replace(ROW, summary="x" * 40_000)]))[0][
            "Summary of professional disagreement"
        ]
        == "x" * 40_000
    )


def test_the_same_log_gives_the_same_bytes_whenever_it_is_made(now):
    made = to_xlsx([ROW], now=now)
    assert made == to_xlsx([ROW], now=now)
    core = load_workbook(io.BytesIO(made)).properties
    assert core.created == core.modified == now.replace(tzinfo=None)
    assert (core.title, core.creator) == ("Escalation log", "Escalation Guide")


def test_a_second_sheet_tells_what_the_columns_are(now):
    notes = load_workbook(io.BytesIO(to_xlsx([], now=now)))["About this log"]
    said = " ".join(cell.value for (cell,) in notes.rows)
    assert "Appendix 4" in said
    assert "Fill them in only in a copy" in said
    assert "line manager or safeguarding lead fills it in" in said


def test_without_cases_there_is_a_head_and_no_row(now):
    assert csv_rows(to_csv([])) == []
    assert sheet_of(to_xlsx([], now=now)).max_row == 1


def test_a_case_is_told_in_words_with_its_dates(sandwell_case, library):
    (row,) = log_rows([sandwell_case], library)
    assert (row.reference, row.stage, row.subject) == ("ESC-2026-0007", "Stage 2", "A child")
    assert row.concern == "A referral, and whether it meets the threshold"
    assert (row.raised_on, row.entered_on) == (date(2026, 11, 12), date(2026, 11, 18))
    first, second, done, _ = row.action.splitlines()
    assert first == (
        "Stage 1: entered Thursday 12 November 2026, left Tuesday 17 November 2026; not agreed."
    )
    assert second == "Stage 2: entered Wednesday 18 November 2026; still at this stage."
    assert done.startswith("Done (Friday 20 November 2026): ")
    assert row.due_on == date(2026, 11, 24)
    assert row.due == "Complete stage 2 (must): Tuesday 24 November 2026. This date is a guide."
    assert (row.outcome, row.ended_on) == ("Open.", None)


def test_once_a_case_has_ended_nothing_is_due(sandwell_case, library):
    ended = replace(
        sandwell_case, status="resolved", ended_on=date(2026, 11, 23), ending="Both sides agreed.",
        lessons="Ask Mr Smith first.",
    )  # fmt: skip
    (row,) = log_rows([ended], library)
    assert (row.due, row.due_on) == (None, None)
    assert (row.outcome, row.ended_on) == ("Resolved. Both sides agreed.", date(2026, 11, 23))
    assert "a name" in row.check


def test_where_the_policy_gives_no_number_its_words_stand_and_no_date(library, case_of):
    policy = library.get("gloucestershire")
    known = {"imminent": "no", "matter": "another_agency", "area": "other", "stage": "s2",
             "not_resolved_1": "2026-11-12"}  # fmt: skip
    (row,) = log_rows([case_of(policy, known)], library)
    assert row.due_on is None
    assert "No date: the policy says “without delay”" in row.due
    assert "(should)" in row.due
    assert "must" not in row.due.casefold()


def test_hours_are_due_on_their_local_day_with_the_time_in_words(library, case_of):
    policy = library.get("berkshire")
    known = {"imminent": "no", "matter": "another_agency", "stage": "s1",
             "reported": "2026-06-30T23:30+00:00"}  # fmt: skip
    (row,) = log_rows([case_of(policy, known)], library)
    assert row.due_on == date(2026, 7, 2)
    assert "Thursday 2 July 2026 at 00:30" in row.due


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ({}, (None, None)),
        ({"our_agency": "health", "their_agency": "skipped"}, ("Health", None)),
        (
            {"matter": "received", "our_agency": "health", "their_agency": "education"},
            ("Education", "Health"),
        ),
    ],
)
def test_the_kind_of_agency_stands_on_its_side_even_where_no_role_does(library, case_of, said, row):
    policy = library.get("plymouth")
    known = {"imminent": "no", "matter": "another_agency", "stage": "s1", "raised": "2026-11-12"}
    case = replace(case_of(policy, {**known, **said}), participants=())
    (found,) = log_rows([case], library)
    assert (found.raised_by, found.raised_with) == row


def test_a_recommendation_is_not_told_as_a_decision(jersey_case, library):
    last = replace(jersey_case.stages[0], stage="s6", label="Stage 6", outcome="decided",
                   left_on=date(2026, 11, 25))  # fmt: skip
    (row,) = log_rows([replace(jersey_case, stages=(last,), status="closed")], library)
    assert "a recommendation, not a binding decision" in row.action
    assert row.outcome == "Closed."


def test_a_version_that_is_not_here_is_named(sandwell_case, library):
    unknown = replace(sandwell_case, policy_version="V9")
    with pytest.raises(UnknownPolicyError, match=r"sandwell has no version 'V9'. Allowed: V0.3"):
        log_rows([unknown], library)
