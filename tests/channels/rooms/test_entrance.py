"""The way in: what can be rehearsed, and who may open a session."""

import asyncio
import time
from pathlib import Path

import pytest

from bot.channels.origin import OTHER_SITE
from bot.channels.rooms.guarding import WRONG_WORD
from bot.policy.problems import Problem
from bot.rehearsal.load import ScenarioError

from .conftest import SCENARIO

WORD = "robin hood"


async def test_the_scenarios_are_shown_with_what_they_are_for(ann):
    await ann.get("/rehearsals")
    assert ann.status == 200
    for words in (
        "REHEARSAL",
        "call 999 now",
        "Jersey",
        "The week before Christmas",
        "You are a health visitor in Jersey.",
        "Steady, about 20 minutes",
        "Act within the time limits, over a holiday too",
    ):
        assert words in ann.words
    assert f'href="./?rehearse={SCENARIO}"' in ann.page
    assert 'name="join"' in ann.page


@pytest.mark.parametrize("path", ["/rehearsals", "/rehearsals/lead/x"])
async def test_every_page_keeps_itself_to_itself_and_is_marked(ann, path):
    await ann.get(path)
    assert "REHEARSAL" in ann.words
    csp = ann.headers["Content-Security-Policy"]
    assert "script-src 'self'" in csp
    assert "unsafe" not in csp
    assert ann.headers["Referrer-Policy"] == "same-origin"
    assert ann.headers["Cache-Control"] == "no-store"
    assert "<script>" not in ann.page
    assert "style=" not in ann.page


async def test_a_facilitator_opens_a_session_and_keeps_its_link(ann, arrive):
    await ann.open()
    assert "The week before Christmas" in ann.words
    elsewhere = arrive()
    await elsewhere.get(ann.session)
    assert elsewhere.status == 401
    await elsewhere.get(ann.link)
    assert elsewhere.status == 200
    await elsewhere.get(ann.session)
    assert ann.code in elsewhere.words


async def test_the_key_is_on_no_page_but_the_first(ann):
    await ann.open()
    key = ann.link.split("key=")[1]
    assert key not in ann.page
    cookie = next(c for c in ann.http.cookie_jar if c.key == "escalation_guide_lead")
    assert cookie["path"] == f"/rehearsals/lead/{ann.room}"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


async def test_the_cookie_of_one_session_opens_no_other(ann, arrive):
    await ann.open()
    first, cookie = ann.session, next(iter(ann.http.cookie_jar)).value
    await ann.open()
    held = {"Cookie": f"escalation_guide_lead={cookie}"}
    other = arrive().http
    assert (await other.get(first, headers=held)).status == 200
    assert (await other.get(ann.session, headers=held)).status == 401


@pytest.mark.parametrize(
    "key",
    ["", "x", "%00", "%ED%A0%80", "a" * 3000],
    ids=["none", "wrong", "NUL", "half a character", "long"],
)
async def test_a_wrong_key_opens_nothing(ann, arrive, key):
    await ann.open()
    other = arrive()
    await other.get(f"{ann.session}?key={key}")
    assert other.status == (404 if key else 401)
    assert not list(other.http.cookie_jar)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
async def test_another_site_opens_nothing(ann, origin):
    await ann.send("/rehearsals", origin=origin, scenario=SCENARIO)
    assert ann.status == 403
    assert OTHER_SITE in ann.words


async def test_a_form_without_an_origin_is_refused(ann):
    answer = await ann.http.post(f"{ann.address}/rehearsals", data={"scenario": SCENARIO})
    assert answer.status == 403


async def test_only_forms_are_taken(ann):
    url, headers = f"{ann.address}/rehearsals", {"Origin": ann.address}
    assert (await ann.http.post(url, json={"scenario": SCENARIO}, headers=headers)).status == 415
    long = {"scenario": "x" * 20_000}
    assert (await ann.http.post(url, data=long, headers=headers)).status == 413


async def test_a_scenario_that_is_not_there_is_told(ann):
    await ann.send("/rehearsals", scenario="<b>none")
    assert ann.status == 404
    assert "no such scenario" in ann.words


async def test_on_this_machine_alone_no_word_is_asked_for(ann):
    await ann.get("/rehearsals")
    assert "Only this machine can reach this server" in ann.words
    assert "acilitator word" not in ann.words


class TestOutOfOrder:
    @pytest.fixture(params=["a broken file", "a fault"])
    def open_sources(self, request):
        def fail():
            if request.param == "a fault":
                raise RuntimeError("secret detail")
            raise ScenarioError(Path("secret.yml"), [Problem((), 1, "secret detail")])

        return fail

    async def test_it_says_so_in_plain_words(self, ann, request):
        await ann.get("/rehearsals")
        assert ann.status == 503
        assert ("rehearsals check" in ann.words) != ("Something went wrong" in ann.words)
        assert "secret" not in ann.words


class TestInANetwork:
    @pytest.fixture
    def environment(self, environment):
        remote = {"ESCALATE_HOST": "0.0.0.0", "ESCALATE_ALLOW_REMOTE": "1"}
        return {**environment, **remote, "ESCALATE_FACILITATOR_WORD": WORD}

    async def test_the_word_opens_a_session(self, ann):
        await ann.get("/rehearsals")
        assert "you need its facilitator word" in ann.words
        await ann.send("/rehearsals", scenario=SCENARIO)
        assert "What is the facilitator word?" in ann.words
        assert f'value="{SCENARIO}"' in ann.page
        await ann.open(word=f" {WORD} ")
        assert ann.status == 200

    @pytest.mark.parametrize("word", ["", "robin", WORD.upper(), "é"])
    async def test_another_word_opens_nothing_and_costs_time(self, ann, word):
        began = time.monotonic()
        await ann.open(word=word)
        assert ann.status == 403
        assert WRONG_WORD in ann.words
        assert 'href="#word"' in ann.page
        assert 'type="password"' in ann.page
        assert time.monotonic() - began >= 1

    async def test_guessing_many_words_at_once_is_refused(self, ann):
        url, headers = f"{ann.address}/rehearsals", {"Origin": ann.address}
        form = {"scenario": SCENARIO, "word": "wrong word"}
        answers = await asyncio.gather(
            *(ann.http.post(url, data=form, headers=headers) for _ in range(8))
        )
        assert sorted({answer.status for answer in answers}) == [403, 429]


class TestInANetworkWithoutAWord:
    @pytest.fixture
    def environment(self, environment):
        return {**environment, "ESCALATE_HOST": "0.0.0.0", "ESCALATE_ALLOW_REMOTE": "1"}

    async def test_it_says_that_anyone_can_open_one(self, ann):
        await ann.get("/rehearsals")
        assert "it has no facilitator word" in ann.words
        assert "Anyone in the network can open a group session" in ann.words
        assert (await ann.open()).status == 200
