"""The documents as another program, LibreOffice, prints them."""

from dataclasses import replace

import pytest

from bot.documents.forms import form_of
from bot.documents.record import record_of

FOOT = "Made by Escalation Guide on Thursday 26 November 2026"


def flat(page: str) -> str:
    return " ".join(page.split())


def test_the_sandwell_template_is_three_pages_with_a_foot_on_each(
    library, sandwell_case, printed, now
):
    pages = printed(form_of(sandwell_case, library.get("sandwell"), "app3", now=now))
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert FOOT in flat(page)
        assert f"Page {number} of 3" in flat(page)
        assert "ESC-2026-0007. Sandwell Children's Safeguarding Partnership, V0.3" in flat(page)
        assert "What the form asks" in page, "the head of the table is on each page"
    assert pages[0].count("☐") == 14
    said = flat(" ".join(pages))
    for field in library.get("sandwell").forms["app3"].fields:
        assert field.label in said


def test_a_ticked_box_is_printed_as_ticked(library, case_of, printed, now):
    facts = {"imminent": "no", "matter": "another_agency", "stage": "a", "area": "support"}
    case = case_of(library.get("valley"), facts)
    [page] = printed(form_of(case, library.get("valley"), "record", now=now))
    assert "☒ What the support" not in page
    assert "☒ What support the adult gets" in flat(page)
    assert flat(page).count("☐") == 2


def test_the_jersey_form_is_one_page(library, jersey_case, printed, now):
    [page] = printed(form_of(jersey_case, library.get("jersey"), "app2", now=now))
    assert "We do not agree on how great the risk at home is." in flat(page)
    assert "Page 1 of 1" in flat(page)


def test_a_long_record_repeats_the_heads_of_its_tables(library, sandwell_case, printed, now):
    long = replace(sandwell_case, duties=sandwell_case.duties * 4)
    pages = printed(record_of(long, library.get("sandwell"), now=now))
    assert len(pages) >= 4
    assert all(f"Page {n} of {len(pages)}" in flat(page) for n, page in enumerate(pages, start=1))
    assert sum("What Who Force State" in flat(page) for page in pages) >= 3


@pytest.mark.parametrize("text", ["x" * 3000, "مرحبا بكم", "one\n\n\ntwo\x0bthree"])
def test_odd_words_are_printed_too(library, sandwell_case, printed, text, now):
    odd = replace(sandwell_case, summary=text)
    pages = printed(record_of(odd, library.get("sandwell"), now=now))
    assert FOOT in flat(pages[0])
