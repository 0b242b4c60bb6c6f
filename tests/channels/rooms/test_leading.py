"""Leading a session: everyone's place, and what a facilitator does to all or to one."""

import re

import pytest

from bot.channels.rooms.orders import HOW_MANY_DAYS, NO_SUCH_EVENT, NO_SUCH_ORDER, SAY_SOMETHING


@pytest.fixture
async def led(ann):
    return await ann.open()


async def rows(facilitator, query=""):
    await facilitator.get(f"{facilitator.session}/live{query}")
    body = facilitator.page.split("<tbody>")[-1]
    return [
        [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in
         re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]  # fmt: skip


async def test_nobody_has_joined_yet(led):
    assert "Nobody has joined yet." in led.words
    assert await rows(led) == []


async def test_everyone_is_in_the_table_with_what_they_are_asked(led, join):
    place = join(led.code, "web-1", ("ask", "weight"), ("choose", "to_stage_two"))
    [row] = await rows(led)
    assert row[0] == f"{place.alias} {place.reference}"
    assert row[1].startswith("Stage 2")
    assert row[2] == "Thursday 17 December 2026 at 14:00"
    assert row[3] == "Your manager is away until 4 January. What now?"
    assert row[4:] == ["1 of 4", "just now"]


async def test_scores_are_shown_only_to_whoever_asks(led, join):
    join(led.code, "web-1", ("choose", "to_stage_two"))
    assert "Score so far" not in led.page
    await led.get(f"{led.session}?scores=yes")
    assert "Score so far" in led.words
    assert "Hide scores" in led.words
    assert (await rows(led, "?scores=yes"))[0][6].endswith("%")


async def test_no_holder_is_on_any_page(led, join):
    place = join(led.code, "web-secret-holder")
    for path in ("", "/live", f"/place/{place.id}"):
        await led.get(f"{led.session}{path}")
        assert led.status == 200
        assert "secret-holder" not in led.page


async def test_what_cannot_be_undone_is_asked_back_first(led, join):
    join(led.code, "web-1")
    await led.order("move", "2")
    assert "Let 2 working days pass for everyone?" in led.words
    assert (await rows(led))[0][2].startswith("Thursday 17 December")
    await led.get(led.session)
    await led.order("move", "2")
    await led.confirm()
    assert "Done for 1 person." in led.words
    assert (await rows(led))[0][2] == "Monday 21 December 2026 at 09:00"


async def test_a_second_click_does_nothing(led, join):
    join(led.code, "web-1")
    for _ in range(2):
        await led.order("move", "1", confirmed="yes", once="the-same")
    assert (await rows(led))[0][2] == "Friday 18 December 2026 at 09:00"


async def test_an_event_happens_once_for_each_and_is_then_no_longer_offered(led, join):
    join(led.code, "web-1")
    await led.get(led.session)
    assert 'value="holiday"' in led.page
    await led.order("inject", "holiday")
    assert "It is Christmas Day." in led.words
    await led.confirm()
    assert 'value="holiday"' not in led.page
    join(led.code, "web-2")
    await led.order("inject", "holiday", confirmed="yes")
    assert "Not possible for 2 people" in led.words


async def test_words_reach_everyone_at_once_and_are_read_as_words(led, join, sources):
    place = join(led.code, "web-1")
    await led.order("announce", "<b>Five minutes left.</b>")
    assert "Done for 1 person." in led.words
    assert sources.rooms.news(place_id=place.id, holder="web-1") == 1
    await led.get(f"{led.session}/place/{place.id}")
    assert "&lt;b&gt;Five minutes left.&lt;/b&gt;" in led.page


async def test_pausing_stops_everyone_and_going_on_lets_them(led, join):
    join(led.code, "web-1")
    await led.order("pause")
    assert "Let everyone go on" in led.words
    assert (await rows(led))[0][1].startswith("Paused")
    await led.order("resume")
    assert "Pause for everyone" in led.words


async def test_one_place_can_be_led_apart(led, join, sources):
    one, two = join(led.code, "web-1"), join(led.code, "web-2")
    await led.get(f"{led.session}/place/{one.id}")
    assert f"For {one.alias} only" in led.words
    await led.order("announce", "Look at the weights.", place=one.id)
    assert led.at.split("?")[0] == f"{led.session}/place/{one.id}"
    assert "Look at the weights." not in (await rows(led))[0]
    assert sources.rooms.news(place_id=one.id, holder="web-1") == 1
    assert sources.rooms.news(place_id=two.id, holder="web-2") == 0


async def test_a_place_shows_what_happened_in_order(led, join):
    place = join(led.code, "web-1", ("ask", "weight"), ("guide", ""), ("wait", ""))
    await led.get(f"{led.session}/place/{place.id}")
    moments = [
        "You visit a family with a baby", "Asked: How is the baby growing?",
        "The baby has not gained weight", "Asked what the policy says", "Let time pass",
        "Friday 18 December 2026",
    ]  # fmt: skip
    told = led.words.split("What happened")[1]
    found = [told.index(each) for each in moments]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("kind", "what", "told"),
    [
        ("announce", "  ", SAY_SOMETHING),
        ("announce", "x" * 501, "500 characters"),
        ("move", "0", HOW_MANY_DAYS),
        ("move", "61", HOW_MANY_DAYS),
        pytest.param("move", "9" * 5000, HOW_MANY_DAYS, id="more days than numbers have digits"),
        ("move", "٣", HOW_MANY_DAYS),
        ("inject", "no_such_thing", NO_SUCH_EVENT),
        ("choose", "to_stage_two", NO_SUCH_ORDER),
        ("", "", NO_SUCH_ORDER),
    ],
)
async def test_what_cannot_be_done_is_told_and_not_done(led, join, kind, what, told):
    join(led.code, "web-1")
    before = await rows(led)
    await led.order(kind, what, confirmed="yes")
    assert led.status == 400
    assert told in led.words
    assert await rows(led) == before


async def test_a_form_without_its_mark_is_no_order(led, join):
    join(led.code, "web-1")
    await led.order("pause", once="")
    assert led.status == 400
    assert (await rows(led))[0][1].startswith("Stage 1")


async def test_what_is_done_before_anybody_joins_counts_for_whoever_comes(led, join):
    await led.order("move", "2", confirmed="yes")
    assert "Whoever joins begins where the session's clock is" in led.words
    join(led.code, "web-1")
    assert (await rows(led))[0][2] == "Monday 21 December 2026 at 09:00"


async def test_another_site_leads_nothing(led, join):
    join(led.code, "web-1")
    for path in ("act", "keep", "delete"):
        await led.send(
            f"{led.session}/{path}", origin="https://evil.example", kind="end", confirmed="yes"
        )
        assert led.status == 403
    assert (await rows(led))[0][1].startswith("Stage 1")


@pytest.mark.parametrize(
    "path", ["", "/live", "/opened", "/place/x", "/debrief", "/files/debrief.csv"]
)
async def test_without_the_key_nothing_is_seen(led, arrive, path):
    other = arrive()
    await other.get(f"{led.session}{path}")
    assert other.status == 401
    assert "Christmas" not in other.words


async def test_the_notice_takes_numbers_alone(led):
    await led.get(f"{led.session}?done=<b>1&skipped=0")
    assert "Done for" not in led.words
    await led.get(f"{led.session}?done=99999&skipped=0")
    assert "Done for" not in led.words


async def test_a_place_that_is_not_there_is_told(led):
    await led.get(f"{led.session}/place/none")
    assert led.status == 404
    await led.order("announce", "Hello", place="none")
    assert led.status == 404
