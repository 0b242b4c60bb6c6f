"""One participant's debrief on paper: marked on every page, whole, and printed by LibreOffice."""

from datetime import timedelta

import pytest
from docx.oxml.ns import qn

from bot.documents.debrief import debrief_paper
from bot.rehearsal.debrief import debrief
from bot.rehearsal.play import begin, take
from bot.rehearsal.state import Entry
from bot.wording.rehearsed import NOTHING_DONE, NOTHING_MISSED, say_clauses

WHO = {"reference": "REH-2026-0001", "alias": "Blue Heron"}
HEAD = "REHEARSAL. Nothing here is about a real case."


@pytest.mark.parametrize("path", ["perfect", "typical", "bad"])
def test_every_judgement_stands_there_with_its_reason_and_its_clause(along, words, now, path):
    found = along(path)
    said = words(debrief_paper(found, **WHO, now=now)).splitlines()
    for each in found.judgements:
        assert each.asked in said
        assert each.why in said
        assert say_clauses(found.world, each.cite) in said
    for question in found.questions:
        assert question in said


def test_it_says_whose_it_is_which_policy_and_what_was_reached(along, words, now):
    said = words(debrief_paper(along("typical"), **WHO, now=now))
    for each in (
        "REH-2026-0001", "Blue Heron", "4 of 6", "Partly.", "0.5 of 1",
        "Escalation Policy and Resolution Pathway, Jersey Safeguarding Partnership Board "
        "(October 2014)",
        "Used 1 of 2 working days (due Monday 21 December 2026).",
    ):  # fmt: skip
        assert each in said


def test_what_the_facilitator_left_no_time_for_is_said_not_to_count(along, words, now):
    world = along("bad").world
    state, _ = begin(world)
    found = debrief(world, take(world, state, Entry("end"))[0])
    assert len(found.counted) < len(found.judgements)
    said = words(debrief_paper(found, **WHO, now=now))
    assert "did not come up before the facilitator ended it: this does not count" in said
    assert f"0 of {len(found.counted)}" in said


def test_it_is_made_for_screen_readers(along, read, now):
    paper = read(debrief_paper(along("bad"), **WHO, now=now))
    headings = [each.text for each in paper.paragraphs if each.style.name.startswith("Heading")]
    assert headings == [
        "REHEARSAL: debrief of “The week before Christmas”",
        "By learning aim",
        "What you decided and did",
        "What was missed, and what it could lead to",
        "What did not come up on the way that you took",
        "Time used, by the policy's limits",
        "To talk about",
    ]
    for table in paper.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_the_same_debrief_gives_the_same_bytes(along, now):
    made = [debrief_paper(along("bad"), **WHO, now=now) for _ in range(2)]
    assert made[0] == made[1]
    assert debrief_paper(along("bad"), **WHO, now=now + timedelta(days=1)) != made[0]


def test_where_nothing_was_done_or_missed_it_says_so(world, along, words, now):
    assert NOTHING_MISSED in words(debrief_paper(along("perfect"), **WHO, now=now))
    state, _ = take(world, begin(world)[0], Entry("leave"))
    assert NOTHING_DONE in words(debrief_paper(debrief(world, state), **WHO, now=now))


def test_a_moment_without_a_zone_is_refused(along, now):
    with pytest.raises(ValueError, match="without a time zone"):
        debrief_paper(along("bad"), **WHO, now=now.replace(tzinfo=None))


def test_each_printed_page_is_marked_as_a_rehearsal(along, printed, now):
    pages = printed(debrief_paper(along("bad"), **WHO, now=now))
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        flat = " ".join(page.split())
        assert HEAD in flat
        assert "REH-2026-0001, Blue Heron. Jersey Safeguarding Partnership Board" in flat
        assert f"Page {number} of 2" in flat
