"""A rehearsal on the chat page: invited to by a link, marked while it lasts, told what is new."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def page(visit):
    return visit()


def arrive(page, query):
    page.goto(page.url.split("?")[0] + query)
    page.wait_for_selector("body[data-ready]")


def choose(page, title):
    page.get_by_role("button", name=title, exact=True).click()


def said(page):
    return page.locator(".app-message--you").all_inner_texts()


@pytest.mark.parametrize(
    ("query", "accept", "words"),
    [
        ("?join=krt-482", "Join the rehearsal KRT-482", "join KRT-482"),
        ("?rehearse=jersey_before_christmas", "Begin the rehearsal",
         "rehearse jersey_before_christmas"),
    ],
)  # fmt: skip
def test_a_link_asks_first_and_asks_once(page, query, accept, words):
    arrive(page, query)
    assert said(page) == []
    expect(page.get_by_role("heading", name=re.compile("rehearsal"))).to_be_focused()
    expect(page.get_by_text("What you have begun here is kept")).to_be_in_viewport()
    choose(page, accept)
    expect(page.locator(".app-message--you")).to_have_text(f"You said: {words}")
    expect(page.get_by_text("REHEARSAL REH-2026-0007").first).to_be_visible()
    assert "?" not in page.url
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.get_by_role("button", name=accept)).to_have_count(0)


def test_not_now_leaves_everything_as_it_was(page):
    choose(page, "No")
    expect(page.get_by_role("button", name="Sandwell")).to_be_visible()
    arrive(page, "?join=KRT-482")
    choose(page, "Not now")
    expect(page.get_by_role("heading", name="Join the rehearsal")).to_have_count(0)
    expect(page.get_by_role("button", name="Sandwell")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_focused()
    assert len(said(page)) == 1
    assert "?" not in page.url


@pytest.mark.parametrize(
    "query", ["?join=", "?join=%3Cb%3Ehello", "?rehearse=../x", "?join=a+b%0Ac"]
)
def test_a_broken_link_says_what_to_do_and_sends_nothing(page, query):
    arrive(page, query)
    expect(
        page.get_by_role("heading", name="This link to a rehearsal is not complete")
    ).to_be_visible()
    choose(page, "Close")
    assert said(page) == []


def test_the_stripe_stays_in_sight_while_the_rehearsal_lasts(page):
    stripe = page.get_by_role("region", name="Rehearsal")
    expect(stripe).to_be_hidden()
    arrive(page, "?join=KRT-482")
    choose(page, "Join the rehearsal KRT-482")
    expect(stripe).to_contain_text("REH-2026-0007")
    assert page.title() == "REHEARSAL – Escalation Guide"
    for position in ("0", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {position})")
        expect(stripe).to_be_in_viewport()
        expect(page.get_by_role("button", name="Someone is at risk now")).to_be_in_viewport()
    page.reload()
    expect(stripe).to_be_visible()
    choose(page, "Someone is at risk now")
    expect(page.get_by_text("Have you made the call?")).to_be_visible()
    expect(stripe).to_be_hidden()
    assert page.title() == "Escalation Guide"
    expect(page.locator(".app-message--rehearsal").first).to_contain_text("REHEARSAL REH-2026-0007")


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256)])
def test_a_narrow_or_zoomed_page_keeps_stripe_and_advice(visit, width, height):
    page = visit(width, height)
    arrive(page, "?join=KRT-482")
    choose(page, "Join the rehearsal KRT-482")
    expect(page.get_by_role("region", name="Rehearsal")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Someone is at risk now")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_the_facilitator_does_appears_by_itself(page):
    arrive(page, "?join=KRT-482")
    choose(page, "Join the rehearsal KRT-482")
    page.get_by_label("Your message").fill("I am still wri")
    expect(page.get_by_text("the nursery rings")).to_be_visible(timeout=8_000)
    expect(page.get_by_role("button", name="Ring them back")).to_be_visible()
    expect(page.get_by_role("button", name="Wait until tomorrow")).to_have_count(0)
    assert len(said(page)) == 1
    expect(page.get_by_label("Your message")).to_have_value("I am still wri")
    expect(page.get_by_label("Your message")).to_be_focused()
    expect(page.get_by_label("Your message")).to_be_in_viewport()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert len(said(page)) == 1
    expect(page.get_by_role("button", name="Ring them back")).to_be_visible()


def test_outside_a_rehearsal_nobody_asks_for_news(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, "No")
    page.wait_for_timeout(4_000)
    assert not any(url.endswith("/news") for url in asked)


def test_news_that_cannot_be_had_trouble_nobody(page):
    page.route("**/news", lambda route: route.abort())
    arrive(page, "?join=KRT-482")
    choose(page, "Join the rehearsal KRT-482")
    page.wait_for_timeout(4_000)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(page.get_by_role("button", name="Wait until tomorrow")).to_be_visible()


def test_on_paper_a_rehearsal_is_still_marked(page):
    arrive(page, "?join=KRT-482")
    choose(page, "Join the rehearsal KRT-482")
    expect(page.get_by_role("region", name="Rehearsal")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("region", name="Rehearsal")).to_be_visible()
    expect(page.get_by_role("button", name="Someone is at risk now")).to_be_hidden()
