"""Which file is meant, by the words that people use; where they do not say, none is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.asked import KINDS, documents_asked, wants_pdf

ASKED = [
    ("calendar file please", "calendar"),
    ("ics pls", "calendar"),
    ("hiya can i get the calender thing for the deadlines", "calendar"),
    ("put the dates for ESC-2026-0012 in my outlook", "calendar"),
    ("dates to calendar", "calendar"),
    ("Dates into phone", "calendar"),
    ("me dates for esc 27, in the phone, ta", "calendar"),
    ("Add the five working day date to my diary", "calendar"),
    ("can I have the dates", "calendar"),
    ("calendar invite for me", "calendar"),
    ("form esc 36", "form"),
    ("give us the form", "form"),
    ("Download the template", "form"),
    ("do you have the escalation form with my details already in it", "form"),
    ("forms. all of them. blank.", "form"),
    ("record as Word", "record"),
    ("Send us the record of esc 14 as a docx would you", "record"),
    ("full record, docx", "record"),
    ("word version", "record"),
    ("Word doc of esc 73 so I can track changes", "record"),
    ("Could I have the record as a Word document so I can add it to the child's file?", "record"),
    ("I'd like the chronology in a table, on one side of A4", "record"),
    ("the whole thing printed please", "record"),
    ("meeting pack", "pack"),
    ("pack for esc 2", "pack"),
    ("gimme the agenda", "pack"),
    ("Meeting papers please", "pack"),
    ("need summat to print for the meeting at 2", "pack"),
    ("What do I take with me to the meeting? Is there a pack", "pack"),
    ("draft the stage 1 agenda as a Word file", "pack"),
    ("a short summary i can paste in cpoms", "summary"),
    ("Summary for the file", "summary"),
    ("summary for the record", "summary"),
    ("Paste-able version for Liquidlogic please, esc 58", "summary"),
    ("ESC-2026-0091 as text for pasting into RiO, no bullet points", "summary"),
    ("give us a wee summary for SEEMiS", "summary"),
    ("what was decided, in a form that can be pasted", "summary"),
    ("ics for esc 66 AND the agenda", "calendar pack"),
    ("the record and the form", "form record"),
    ("a summary of the record", "record summary"),
    ("can I print it", ""),
    ("where's the download", ""),
    ("pdf?", ""),
    ("export esc 8", ""),
    ("esc 15 docs", ""),
    ("What is there to download at this stage?", ""),
    ("which files do you have", ""),
    ("give me everything for the file, the letter, the dates, in one document", ""),
    ("all the documents", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "kinds"), ASKED, ids=[text or "nothing" for text, _ in ASKED])
def test_the_file_that_is_meant(text, kinds):
    assert documents_asked(text) == tuple(kinds.split())


@pytest.mark.parametrize("kind", ["calendar", "form", "record", "pack", "summary"])
def test_every_kind_can_be_asked_for(kind):
    assert any(kinds == kind for _, kinds in ASKED)


@given(st.text())
def test_no_text_is_too_strange(text):
    found = documents_asked(text)
    assert [kind for kind in KINDS if kind in found] == list(found)


@pytest.mark.parametrize(
    ("text", "pdf"),
    [
        ("PDF OF ESC-2026-0044 PLEASE", True),
        ("could the record come as a pdf", True),
        ("record as Word", False),
    ],
)
def test_a_pdf_is_noticed(text, pdf):
    assert wants_pdf(text) is pdf
