"""Whole walks in Chromium with the real assistant: what the screen says is what is recorded."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from running_guide import WALKS
from walker import Walker

from bot.policy.library import load_library
from bot.settings import Settings
from bot.wording.dates import say_moment

MOST_TAPS = 7
LONDON = ZoneInfo("Europe/London")
DATE = re.compile(r"[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+ \d{4}(?: at \d\d:\d\d)?")
FORCE = {"must": "Must do", "should": "Should do", "may": "May help", "consider": "Consider"}


@pytest.fixture
def walker(visit_guide):
    return Walker(visit_guide(1100, 900))


@pytest.mark.parametrize("policy", WALKS)
def test_what_the_screen_says_is_what_is_recorded(guide, walker, policy):
    walker.begin(policy).to_the_answer()
    assert walker.taps <= MOST_TAPS
    reference = walker.to_the_check().record()
    recorded_as_shown(guide, walker.answer, reference, policy)


@pytest.mark.parametrize("policy", WALKS)
def test_the_check_shows_every_answer_and_nothing_is_recorded_before_it(guide, walker, policy):
    before = len(guide.rows("escalation"))
    walker.begin(policy).to_the_check()
    card = walker.page.get_by_role("region", name="Check your answers")
    expect(card.locator("dd").first).to_contain_text(publisher(policy))
    assert card.locator("dt").count() >= len(WALKS[policy])
    assert len(guide.rows("escalation")) == before


def test_typed_risk_in_the_middle_interrupts_and_the_walk_goes_on(guide, walker, picture):
    alerts = len(guide.rows("risk_alert"))
    walker.begin("jersey")
    walker.follow(">He is going to hurt her tonight")
    advice = walker.page.get_by_role("region", name="Someone may be at risk now").last
    expect(advice).to_contain_text("call 999")
    expect(advice.get_by_role("heading").first).to_be_in_viewport()
    picture(walker.page, "risk-interruption")
    assert len(guide.rows("risk_alert")) == alerts + 1
    walker.follow("Yes, done").to_the_answer()
    reference = walker.to_the_check().record()
    recorded_as_shown(guide, walker.answer, reference, "jersey")
    alert = guide.rows("risk_alert")[-1]
    assert (alert["source"], alert["tier"], alert["settled_as"] is None) == ("typed", "high", False)


def test_the_risk_button_in_the_middle_interrupts_and_the_walk_goes_on(guide, walker):
    walker.begin("sandwell")
    walker.follow("Someone is at risk now")
    advice = walker.page.get_by_role("region", name="Someone may be at risk now").last
    expect(advice).to_contain_text("MARF")
    walker.follow("Nobody is at risk now").to_the_answer()
    reference = walker.to_the_check().record()
    recorded_as_shown(guide, walker.answer, reference, "sandwell")
    alert = guide.rows("risk_alert")[-1]
    assert (alert["source"], alert["settled_as"] is None) == ("button", False)


def test_a_reload_in_the_middle_keeps_the_conversation_and_the_pending_buttons(walker):
    walker.begin("sandwell").to_the_answer()
    log, choices = walker.page.get_by_role("log").inner_text(), walker.choices
    walker.page.reload()
    walker.page.wait_for_selector("body[data-ready]")
    assert walker.page.get_by_role("log").inner_text() == log
    assert walker.choices == choices
    expect(walker.page.locator(".app-message--you").last).to_be_in_viewport()
    walker.to_the_check().record()


@pytest.mark.parametrize("typed", ["/session_start", '/choose{"q":"stage","raw":"s6"}'])
def test_a_typed_command_is_only_words(guide, walker, typed):
    walker.begin("jersey")
    choices = walker.choices
    walker.follow(f">{typed}")
    expect(walker.page.locator(".app-message--you").last).to_contain_text(typed)
    assert set(choices) <= set(walker.choices)
    walker.to_the_check().record()
    assert guide.rows("escalation")[-1]["policy_id"] == "jersey"
    assert guide.rows("stage_entry")[-1]["stage"] == "s1"


def test_a_typed_restart_begins_anew_at_most_and_loses_nothing(guide, walker):
    walker.begin("jersey")
    said = walker.page.get_by_role("log").inner_text()
    walker.follow(">/restart")
    assert walker.page.get_by_role("log").inner_text().startswith(said.split("Today")[0])
    kept = guide.rows("draft")[-1]
    assert (kept["policy_id"], kept["status"]) == ("jersey", "open")
    assert "Yes, record it" not in walker.choices


@pytest.mark.parametrize("width", [1100, 375])
def test_a_long_reply_is_shown_from_its_top_below_the_advice(visit_guide, width):
    walker = Walker(visit_guide(width, 740)).begin("sandwell").to_the_answer()
    walker.page.wait_for_timeout(300)
    advice = walker.page.locator("#top").bounding_box()
    said = walker.page.locator(".app-message--you").last.bounding_box()
    assert advice["y"] == 0
    assert advice["height"] <= said["y"] <= advice["height"] + 40
    expect(walker.answer.get_by_role("heading").first).to_be_in_viewport()
    assert walker.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_advice_never_covers_what_has_the_focus(walker):
    walker.begin("sandwell").to_the_answer()
    below = walker.page.locator("#top").bounding_box()["height"]
    walker.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    walker.page.get_by_label("Your message").focus()
    for _ in range(12):
        walker.page.keyboard.press("Shift+Tab")
        focused = walker.page.locator(":focus")
        if focused.get_attribute("id") == "risk":
            return
        assert focused.bounding_box()["y"] >= below
    pytest.fail("Shift and Tab do not lead to the risk button")


def test_pictures_for_the_readme(visit_guide, picture):
    page = visit_guide(1100, 800)
    picture(page, "greeting")
    walker = Walker(page).begin("sandwell").follow(">12 November 2026")
    expect(walker.answer.get_by_role("heading").first).to_be_in_viewport()
    picture(page, "answer")
    walker.to_the_check()
    page.get_by_role("region", name="Check your answers").scroll_into_view_if_needed()
    picture(page, "check-your-answers")


def publisher(policy):
    return load_library(Settings.from_environment({}).policies_dir).get(policy).publisher


def recorded_as_shown(guide, card, reference, policy):
    """The rows of an escalation equal its answer card: stage, dates, duties, in both directions."""
    (escalation,) = [row for row in guide.rows("escalation") if row["reference"] == reference]
    assert escalation["policy_id"] == policy

    def of_it(table):
        rows = guide.rows(table, "id")
        return [row for row in rows if row["escalation_id"] == escalation["id"]]

    (stage,) = of_it("stage_entry")
    expect(card.get_by_role("heading").first).to_contain_text(stage["label"])

    shown = dict(
        zip(card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts(), strict=True)
    )
    clocks = of_it("clock")
    for clock in clocks:
        said = shown[clock["what"][0].upper() + clock["what"][1:]]
        assert clock["words"].split("; ")[0] in said
        assert due(clock) is None or due(clock) in said
    strong = "\n".join(card.locator("dd strong").all_inner_texts())
    assert set(DATE.findall(strong)) == {due(clock) for clock in clocks} - {None}

    duties = of_it("duty")
    listed = card.locator("li").all_text_contents()
    for duty in duties:
        assert any(duty["what"] in item for item in listed), duty["what"]
    for strength, heading in FORCE.items():
        section = card.locator(".app-card__section").filter(
            has=card.page.get_by_role("heading", name=heading, exact=True)
        )
        assert section.locator("li").count() == sum(d["strength"] == strength for d in duties)


def due(clock):
    """When a clock is due, as the screen says it; none where there is no date."""
    if clock["due_on"]:
        return say_moment(date.fromisoformat(clock["due_on"]))
    if clock["due_at"]:
        at = datetime.fromisoformat(clock["due_at"]).replace(tzinfo=ZoneInfo("UTC"))
        return say_moment(at.astimezone(LONDON))
    return None
