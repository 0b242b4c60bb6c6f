"""The chat page, used as people use it."""

import re

import pytest
from playwright.sync_api import expect


def say(page, text):
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")


def choose(page, title):
    page.get_by_role("button", name=title, exact=True).click()


@pytest.fixture
def page(visit):
    return visit()


def test_the_advice_and_the_risk_button_are_always_in_sight(page):
    choose(page, "No")
    choose(page, "Jersey")
    say(page, "The threshold was not met.")
    expect(page.get_by_role("heading", name="Stage 2: manager to manager")).to_be_visible()
    for position in ("0", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {position})")
        expect(page.get_by_text("call 999 now").first).to_be_in_viewport()
        expect(page.get_by_role("button", name="Someone is at risk now")).to_be_in_viewport()


def test_the_risk_button_interrupts_at_any_moment(page):
    choose(page, "No")
    choose(page, "Someone is at risk now")
    expect(page.get_by_text("Have you made the call?")).to_be_visible()


def test_a_choice_becomes_what_you_said_and_its_buttons_go(page):
    choose(page, "No")
    expect(page.get_by_text("Which partnership")).to_be_visible()
    log = page.get_by_role("log")
    expect(log.locator(".app-message--you")).to_have_text("You said: No")
    expect(page.get_by_role("button", name="I am not sure")).to_have_count(0)
    expect(page.locator(".app-message--you")).to_be_focused()


def test_a_card_reads_as_terms_values_and_lists(page):
    say(page, "Where do I stand?")
    card = page.get_by_role("region", name="Stage 2: manager to manager")
    expect(card.locator("dt").first).to_have_text("Who acts")
    expect(card.locator("dd strong").nth(1)).to_have_text("Friday 20 November 2026")
    expect(card.get_by_role("heading", name="You must")).to_be_visible()
    expect(card.get_by_role("listitem").first).to_have_text("Put the concern in writing.")


def test_reload_keeps_the_conversation_and_the_pending_buttons(page):
    choose(page, "No")
    expect(page.get_by_role("button", name="Sandwell")).to_be_visible()
    before = page.get_by_role("log").inner_text()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.get_by_role("log").inner_text() == before
    choose(page, "Sandwell")
    expect(page.get_by_text("You chose Sandwell")).to_be_visible()


def test_hostile_words_are_only_words(page):
    say(page, "hostile")
    expect(page.get_by_role("link", name="fine")).to_be_visible()
    hrefs = page.locator("#log a").evaluate_all("links => links.map(link => link.href)")
    assert all(re.match(r"https:|$", href) for href in hrefs)
    assert (
        page.locator("#log").locator("img, script, svg, iframe, [onclick], [onerror]").count() == 0
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.hit") is None


def test_what_you_type_is_shown_as_typed_and_never_as_markup(page):
    say(page, "/restart <b>now</b> **loud**")
    expect(page.locator(".app-message--you p")).to_have_text("/restart <b>now</b> **loud**")
    page.reload()
    expect(page.locator(".app-message--you p")).to_have_text("/restart <b>now</b> **loud**")


def test_an_empty_message_is_an_error_in_words_and_in_focus(page):
    choose(page, "Send")
    expect(page.get_by_role("alert")).to_contain_text("Enter a message")
    expect(page.locator("#summary")).to_be_focused()
    expect(page).to_have_title("Error: Escalation Guide")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    box = page.get_by_label("Your message")
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description(re.compile("Enter a message"))
    say(page, "hello")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_too_long_a_message_is_refused_and_kept(page):
    say(page, "x" * 4001)
    expect(page.get_by_role("alert")).to_contain_text("It has 4,001")
    expect(page.get_by_label("Your message")).to_have_value("x" * 4001)


def test_shift_and_enter_starts_a_new_line(page):
    box = page.get_by_label("Your message")
    box.fill("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(box).to_have_value("one\ntwo")


def test_everything_works_with_the_keyboard_alone(page):
    def tab_to(name):
        for _ in range(25):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").strip() == name:
                return
        pytest.fail(f"Tab does not lead to {name!r}")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to your message")).to_be_focused()
    tab_to("No")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Which partnership")).to_be_visible()
    page.keyboard.press("Tab")  # from what you chose straight to the next choices
    expect(page.get_by_role("button", name="Jersey")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_text("You chose Jersey")).to_be_visible()


def test_waiting_is_said(page):
    say(page, "slow")
    expect(page.get_by_role("status")).to_have_text("Escalation Guide is replying…")
    expect(page.get_by_role("region", name="Stage 2")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("")


def test_a_lost_connection_gives_the_words_back_and_tries_again_as_the_same_message(page):
    sent = []
    page.on("request", lambda r: sent.append(r.post_data_json) if "/message" in r.url else None)
    page.route("**/message", lambda route: route.abort())
    say(page, "My words")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("My words")
    expect(page.get_by_role("button", name="I am not sure")).to_be_visible()
    page.unroute("**/message")
    again.click()
    expect(page.get_by_role("region", name="Stage 2")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("")
    expect(page.locator(".app-message--you")).to_have_count(1)
    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_a_fault_is_told_in_plain_words_and_the_place_is_kept(page):
    say(page, "fault")
    expect(page.get_by_text("Your answers so far are kept")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert "secret" not in page.content()
    choose(page, "No")
    expect(page.get_by_text("Which partnership")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (375, 740)])
def test_narrow_and_zoomed_pages_need_no_sideways_scrolling(visit, width, height):
    page = visit(width, height)
    say(page, "Where do I stand? " + "W" * 80)
    expect(page.get_by_role("region", name="Stage 2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("button", name="Someone is at risk now")).to_be_in_viewport()
    first = page.get_by_role("button", name="This is right, record it").bounding_box()
    second = page.get_by_role("button", name="Change an answer").bounding_box()
    assert second["y"] >= first["y"] + first["height"]


@pytest.mark.parametrize("way", ["click", "escape"])
def test_hide_this_page_clears_and_leaves_without_a_way_back(visit, way):
    page = visit()
    page.route(
        "https://www.bbc.co.uk/**",
        lambda r: r.fulfill(body="<p>Sunny</p>", content_type="text/html"),
    )
    if way == "click":
        page.get_by_role("link", name="Hide this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    expect(page.get_by_text("Sunny")).to_be_visible()
    page.go_back()
    assert "Escalation" not in page.title()


def test_without_javascript_the_page_still_says_what_to_do(visit):
    page = visit(java_script_enabled=False)
    expect(page.get_by_role("heading", name="The chat could not start")).to_be_visible()
    expect(page.get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
    expect(page.get_by_text("designated safeguarding lead")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_hidden()


def test_nothing_comes_from_elsewhere(visit, browser, address):
    page = visit()
    hosts = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert hosts
    assert all(host.startswith(address) for host in hosts)
