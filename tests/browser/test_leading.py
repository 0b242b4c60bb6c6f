"""A facilitator leads a group in Chromium, before the real assistant."""

import re

import pytest
from facilitator import Facilitator, Participant
from playwright.sync_api import expect


@pytest.fixture
def lead(visit_guide, guide):
    """Somebody who leads a session that is open."""
    return Facilitator(visit_guide(1200, 900), guide.address).open()


@pytest.fixture
def join(guide):
    def come(code):
        return Participant(guide.address).join(code)

    return come


def test_a_participant_appears_and_is_followed_without_a_reload(lead, join):
    lead.wait_for("Nobody has joined yet.")
    one = join(lead.code)
    lead.wait_for("1 has joined.")
    assert one.rehearsal in lead.rows[0][0]
    one.tap("Take it to my manager")
    lead.wait_for("Your manager is away until 4 January.")
    expect(lead.page.locator("#said")).to_have_text("1 has joined.")
    assert lead.rows[0][4] == "1 of 4"


def test_what_is_typed_stays_while_the_table_moves(lead, join):
    lead.page.get_by_label("Say something to everyone").fill("Have a look at")
    join(lead.code)
    lead.wait_for("1 has joined.")
    expect(lead.page.get_by_label("Say something to everyone")).to_have_value("Have a look at")
    expect(lead.page.get_by_label("Say something to everyone")).to_be_focused()


def test_the_focus_stays_on_a_place_while_the_table_moves(lead, join):
    one = join(lead.code)
    lead.wait_for("1 has joined.")
    link = lead.page.locator(".app-table a").first
    link.focus()
    one.tap("Take it to my manager")
    lead.wait_for("Your manager is away until 4 January.")
    expect(lead.page.locator(".app-table a").first).to_be_focused()


def test_a_session_is_led_to_its_debrief(lead, join, visit_guide):
    one = join(lead.code)
    browser = visit_guide()
    browser.goto(f"{lead.address}?join={lead.code}")
    browser.get_by_role("button", name=f"Join the rehearsal {lead.code}").click()
    expect(browser.get_by_role("region", name="Rehearsal", exact=True)).to_be_visible(
        timeout=20_000
    )
    lead.wait_for("2 have joined.")

    lead.send("Say it", Say_something_to_everyone="Two minutes left.")
    expect(lead.page.get_by_text("Done for 2 people.")).to_be_visible()
    expect(browser.get_by_text("Two minutes left.")).to_be_visible(timeout=20_000)
    assert one.news == 1
    assert "Two minutes left." in one.fetch_news().told
    assert one.news == 0

    lead.send("Pause for everyone")
    lead.wait_for("Paused")
    assert "The rehearsal is paused." in one.fetch_news().told
    lead.send("Let everyone go on")

    lead.let_happen("It is Christmas Day.")
    expect(browser.get_by_text("It is Christmas Day.").first).to_be_visible(timeout=20_000)
    lead.send("Let them pass", "Yes, let 2 working days pass", Let_working_days_pass="2")
    lead.wait_for("Monday 21 December 2026")
    lead.send("Reveal the answer", "Yes, show it")

    lead.end()
    expect(lead.page.get_by_role("heading", name="What it came to")).to_be_visible()
    expect(browser.get_by_role("region", name="Rehearsal", exact=True)).to_be_hidden(timeout=20_000)
    lead.page.get_by_role("link", name="The group’s debrief").click()
    expect(lead.page.get_by_text("2 ").first).to_be_visible()


def test_deleting_is_asked_back(lead):
    lead.send("Delete it now")
    lead.page.get_by_role("link", name="No, go back").click()
    lead.send("Delete it now", "Yes, delete it")
    expect(lead.page.get_by_text("every answer in it are deleted")).to_be_visible()
    lead.page.goto(lead.link)
    expect(lead.page.get_by_text("There is no such session")).to_be_visible()


def test_the_link_that_was_kept_leads_back_from_anywhere(lead, visit_guide):
    elsewhere = visit_guide()
    elsewhere.goto(lead.link)
    elsewhere.get_by_role("link", name="Go to the session").click()
    expect(elsewhere.locator(".app-join__code")).to_have_text(lead.code)


def test_without_javascript_everything_works_but_the_live_table(lead, join, visit_guide):
    page = visit_guide(java_script_enabled=False)
    page.goto(lead.link)
    page.get_by_role("link", name="Go to the session").click()
    join(lead.code)
    page.get_by_role("link", name="Bring this up to date").click()
    expect(page.get_by_text("1 has joined.").first).to_be_visible()
    page.get_by_role("button", name="Pause for everyone").click()
    expect(page.get_by_text("Done for 1 person.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^[A-Z]")).and_(page.locator(".app-table a")).click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()


def test_a_lost_connection_is_told_and_mends_itself(lead):
    lead.page.route("**/live", lambda route: route.abort())
    expect(lead.page.get_by_text("What you see here may be old.")).to_be_visible(timeout=10_000)
    lead.page.unroute("**/live")
    expect(lead.page.get_by_text("What you see here may be old.")).to_be_hidden(timeout=10_000)


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (1920, 1080)])
def test_no_page_needs_sideways_scrolling(lead, join, visit_guide, guide, width, height):
    place = join(lead.code)
    page = visit_guide(width, height)
    for address in (f"{guide.address}rehearsals", lead.link, lead.link.split("?")[0]):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.get_by_role("region", name="Rehearsal", exact=True)).to_be_in_viewport()
    page.get_by_role("link", name=re.compile(place.rehearsal)).or_(
        page.locator(".app-table a")
    ).first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
