"""The shared look: made for screen readers too, and always the same bytes for the same case."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.documents.document import Footing, finish, paragraph, printable, start
from bot.documents.forms import form_of
from bot.documents.pack import meeting_pack
from bot.documents.record import record_of
from bot.documents.tables import Box, Cell, table

KINDS = ("form", "record", "pack")


@pytest.fixture(params=KINDS)
def make(request, library, sandwell_case):
    """Each kind of document, of the case or of one with other fields, at a moment."""
    policy = library.get("sandwell")

    def made(now, **changed):
        case = replace(sandwell_case, **changed)
        match request.param:
            case "form":
                return form_of(case, policy, "app3", now=now)
            case "record":
                return record_of(case, policy, now=now)
            case _:
                return meeting_pack(case, policy, [], now=now)

    return made


@pytest.fixture
def footing(library, now):
    return Footing("ESC-2026-0001", library.get("jersey"), now)


def test_the_same_case_gives_the_same_bytes(make, now):
    assert make(now) == make(now)


def test_another_day_is_another_document(make, now, read):
    later = make(now + timedelta(days=1))
    assert later != make(now)
    assert "on Friday 27 November 2026" in read(later).sections[0].footer.paragraphs[1].text


def test_the_day_is_that_of_the_place_where_the_policy_holds(make, now, read):
    summer_night = now.replace(month=7, day=31, hour=23, minute=30)
    foot = read(make(summer_night)).sections[0].footer.paragraphs[1].text
    assert foot == "Made by Escalation Guide on Saturday 1 August 2026"


def test_it_has_a_title_a_language_and_no_stranger_as_its_author(make, now, read):
    paper = read(make(now))
    properties = paper.core_properties
    assert properties.title == paper.paragraphs[0].text
    assert properties.subject == "ESC-2026-0007"
    assert (properties.author, properties.comments) == ("Escalation Guide", "")
    assert properties.language == "en-GB"
    [lang] = paper.styles.element.iter(qn("w:lang"))
    assert lang.get(qn("w:val")) == "en-GB"


def test_nothing_in_it_is_left_of_the_template(make, now):
    with ZipFile(BytesIO(make(now))) as file:
        assert file.testzip() is None
        assert not [name for name in file.namelist() if "thumbnail" in name]
        assert {part.date_time for part in file.infolist()} == {(2026, 11, 26, 9, 30, 0)}


def test_its_foot_has_the_reference_the_version_and_the_page_of_the_pages(make, now, read):
    foot = read(make(now)).sections[0].footer
    fields = [field.get(qn("w:instr")) for field in foot._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    first = foot.paragraphs[0].text
    assert first.startswith("ESC-2026-0007. Sandwell Children's Safeguarding Partnership, V0.3\t")


def test_headings_go_down_one_level_at_a_time(make, now, read):
    levels = [
        int(line.style.name[-1])
        for line in read(make(now)).paragraphs
        if line.style.name.startswith("Heading")
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_a_head_that_repeats_a_caption_and_whole_rows(make, now, read):
    for made in read(make(now)).tables:
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in made.rows]
        assert heads == [True] + [False] * (len(made.rows) - 1)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in made.rows)
        assert made._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_no_two_tables_touch(make, now, read):
    kinds = [hasattr(block, "rows") for block in read(make(now)).iter_inner_content()]
    assert (True, True) not in pairwise(kinds)


ODD = "one\x00 <two> & ]]> \x0bthree\ufffe\nfour 👪 مرحبا"


def shown(paper) -> str:
    return "".join("".join(line.itertext()) for line in paper.element.iter(qn("w:p")))


def test_whatever_was_written_in_a_case_can_be_read_back(make, now, read):
    said = shown(read(make(now, summary=ODD, lessons=ODD, ending=ODD)))
    for word in ODD.split():
        assert printable(word) in said


@settings(deadline=None, max_examples=30, suppress_health_check=[*HealthCheck])
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_written_can_be_read_back(footing, read, text):
    paper = start(text, footing)
    paragraph(paper, text, lead=text)
    table(paper, (text,), [(Cell((text, Box(text)), hint=text),)], (17,), caption=text)
    said = shown(read(finish(paper, footing)))
    for word in text.split():
        assert said.count(printable(word)) >= 6


def test_a_character_that_no_file_can_hold_leaves_a_mark():
    assert printable("one\x00two\x1b\ufffethree\tfour\nfive 👪") == (
        "one\ufffdtwo\ufffd\ufffdthree\tfour\nfive 👪"
    )


def test_a_row_that_does_not_fit_its_heads_is_refused(footing):
    with pytest.raises(ValueError, match="A row of 1 cells under the 2 heads"):
        table(start("Title", footing), ("a", "b"), [("x",)], (8, 9), caption="c")


def test_a_box_shows_its_state_and_can_be_ticked(footing, read):
    paper = start("Title", footing)
    cells = [(Cell((Box("One", ticked=True), Box("Two"))),)]
    table(paper, ("Choose",), cells, (17,), caption="Boxes")
    paragraph(paper, "after")
    states = {
        box.find(f".//{qn('w:alias')}").get(qn("w:val")): box.find(f".//{qn('w:t')}").text
        for box in read(finish(paper, footing)).element.iter(qn("w:sdt"))
    }
    assert states == {"One": "☒", "Two": "☐"}
