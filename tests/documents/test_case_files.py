"""The files of a case: one list, each of which can be made; what a form leaves blank is told."""

from io import BytesIO

import docx
import pytest
import vobject

from bot.documents.asked import KINDS
from bot.documents.case_files import (
    UnknownDocumentError,
    file_named,
    files_of,
    left_blank,
    made,
)
from bot.documents.forms import BY_PRACTITIONER, NOT_KNOWN


def bytes_of(library, policy, case, file, now):
    return made(file, case, policy, now=now, notes=(), questions=library.questions_of(policy)[0])


def test_every_policy_has_its_files_and_each_can_be_made(library, any_policy, any_case, now):
    case = any_case(any_policy)
    files = files_of(case, any_policy)
    forms = [f"form:{id_}" for id_ in any_policy.forms]
    assert [file.document for file in files] == ["calendar", *forms, "record", "pack"]
    assert len({file.name for file in files}) == len(files)
    for file in files:
        body = bytes_of(library, any_policy, case, file, now)
        if file.mime == "text/calendar":
            assert file.name.endswith(".ics")
            assert vobject.readOne(body.decode()).version.value == "2.0"
        else:
            assert file.name.endswith(".docx")
            assert docx.Document(BytesIO(body)).paragraphs
        assert case.reference in file.title


def test_only_the_kinds_asked_for_are_listed(library, sandwell_case):
    policy = library.get("sandwell")
    listed = [file.document for file in files_of(sandwell_case, policy, ("pack", "form"))]
    assert listed == ["form:app3", "form:app4", "pack"]
    assert files_of(sandwell_case, policy, ("summary",)) == ()
    assert {file.kind for file in files_of(sandwell_case, policy)} == {*KINDS} - {"summary"}


def test_each_form_has_its_own_words(library, sandwell_case, words, now):
    policy = library.get("sandwell")
    for document, title in (
        ("form:app3", "Multi-Agency Escalation of Safeguarding Concern Template"),
        ("form:app4", "Agency Escalation Summary Log"),
    ):
        file = file_named(sandwell_case, policy, document)
        assert title in file.title
        assert title in words(bytes_of(library, policy, sandwell_case, file, now))


@pytest.mark.parametrize("document", ["form:app9", "form", "form:", "log", "", "../record"])
def test_another_file_is_refused_with_those_there_are(library, sandwell_case, document):
    with pytest.raises(UnknownDocumentError, match="calendar, form:app3, form:app4, record, pack"):
        file_named(sandwell_case, library.get("sandwell"), document)


def test_what_is_said_to_be_blank_is_what_the_form_says_is_blank(
    library, any_policy, any_form, any_case, words, now
):
    case = any_case(any_policy)
    blank = left_blank(case, any_policy, any_form)
    file = file_named(case, any_policy, f"form:{any_form}")
    body = words(bytes_of(library, any_policy, case, file, now))
    assert len(blank.yours) == body.count(BY_PRACTITIONER) + body.count(NOT_KNOWN)
    assert all(label in body for label in blank.yours)
    fields = any_policy.forms[any_form].fields
    assert len(blank.others) == sum(field.filled_by is not None for field in fields)


def test_names_and_dates_of_birth_are_always_the_practitioners(library, sandwell_case):
    blank = left_blank(sandwell_case, library.get("sandwell"), "app3")
    assert {"Name of child/young person", "D.O.B", "Address"} <= {*blank.yours}
    assert "Brief details of agency disagreement (including agreed outcomes)" not in blank.yours
