"""The files of a case in Chromium: a click saves a file that opens, and the conversation stays."""

import re

import docx
import pytest
import vobject
from playwright.sync_api import expect
from walker import Walker


@pytest.fixture
def walker(visit_guide):
    return Walker(visit_guide(1100, 900))


@pytest.fixture
def reference(walker):
    return walker.begin("sandwell").to_the_check().record()


def link(page, title):
    return page.get_by_role("link", name=f"Download {title}").last


def saved(page, title):
    """The file behind a link: its name and where it was saved."""
    with page.expect_download() as download:
        link(page, title).click()
    return download.value.suggested_filename, download.value.path()


def test_a_click_saves_each_file_and_it_opens(walker, reference, picture):
    page = walker.follow("Files of this case").page
    address = page.url
    picture(page, "files")
    name, path = saved(page, f"the dates of {reference}")
    assert name == f"{reference}-dates.ics"
    events = vobject.readOne(path.read_text()).vevent_list
    assert any(reference in event.summary.value for event in events)
    for title, file in (
        (f"the record of {reference}", "record"),
        ("the form “Multi-Agency", "form-app3"),
        (f"the meeting pack for {reference}", "meeting-pack"),
    ):
        name, path = saved(page, title)
        assert name == f"{reference}-{file}.docx"
        with path.open("rb") as body:
            assert docx.Document(body).core_properties.subject == reference
    assert page.url == address
    expect(page.get_by_role("button", name="A summary to paste")).to_be_visible()


def test_after_a_reload_the_links_of_the_past_are_new_and_work(walker, reference):
    page = walker.follow(">the record as a Word document please").page
    before = link(page, f"the record of {reference}").get_attribute("href")
    page.wait_for_timeout(1_100)  # a seal has the second in it
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert link(page, f"the record of {reference}").get_attribute("href") != before
    assert saved(page, f"the record of {reference}")[0] == f"{reference}-record.docx"


def test_somebody_else_sees_why_there_is_no_file_and_the_way_back(
    walker, reference, visit_guide, picture
):
    walker.follow(">calendar file please")
    address = link(walker.page, "the dates").evaluate("link => link.href")
    other = visit_guide()
    other.goto(address)
    expect(other.get_by_role("heading", level=1)).to_have_text("You cannot open this file now")
    expect(other.get_by_text("does not belong to this conversation")).to_be_visible()
    picture(other, "no-file")
    assert reference not in other.content()
    other.get_by_role("link", name="Back to the conversation").click()
    other.wait_for_selector("body[data-ready]")


def test_the_summary_is_shown_letter_for_letter_and_copied(walker, picture):
    words = "We *think* it is level 4_ and <b>they</b> do not"
    walker.begin("sandwell")
    while "Skip this" not in walker.choices:
        walker.follow("Yesterday" if "Yesterday" in walker.choices else walker.choices[0])
    reference = walker.follow(f">{words}").to_the_check().record()
    page = walker.follow(">a summary to paste in CPOMS please").page
    pasted = page.locator(".app-paste__text").last
    expect(pasted).to_contain_text(f"Escalation {reference}: open")
    expect(pasted).to_contain_text(f"Summary: {words}")
    picture(page, "summary")
    page.get_by_role("button", name="Copy this text").click()
    expect(page.get_by_text(re.compile("^(Copied|The text is selected)"))).to_be_visible()
