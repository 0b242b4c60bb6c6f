import http.cookies
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import yarl
from rasa.shared.exceptions import RasaException

from bot.channels.answering import OLD_BUTTON, WRONG_BUTTON
from bot.channels.origin import OTHER_SITE
from bot.channels.sealed import Sealer, Tap
from bot.channels.session import COOKIE, NO_SESSION
from bot.channels.web import WebChannel

SECRET = "only-for-these-tests-" * 2
QUESTION = {
    "text": "Is anyone in danger?",
    "buttons": [
        {"title": "No", "payload": '{"intent": "choose", "choice": {"q": "risk", "raw": "no"}}'}
    ],
}


async def ask(message):
    return [QUESTION]


def cookie_of(visitor):
    return next(c for c in visitor.http.cookie_jar if c.key == COOKIE)


def token(**claims):
    claims = {
        "aud": "escalation-guide/session",
        "sub": "web-alice",
        "exp": datetime.now(UTC) + timedelta(hours=1),
        **claims,
    }
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, SECRET, "HS256")


async def test_the_cookie_is_closed_to_scripts_and_to_other_sites(alice):
    answer = await alice.open()
    (header,) = answer.headers.getall("Set-Cookie")
    cookie = http.cookies.SimpleCookie(header)[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert not cookie["secure"]


async def test_opening_again_keeps_the_conversation(alice, agent):
    await alice.say("one")
    await alice.open()
    await alice.say("two")
    assert agent.heard[0].sender_id == agent.heard[1].sender_id


@pytest.mark.parametrize(
    "cookie",
    [
        pytest.param(None, id="none"),
        pytest.param("alice", id="a plain name"),
        pytest.param(token()[:-4] + "AAAA", id="tampered"),
        pytest.param(token(exp=datetime.now(UTC) - timedelta(seconds=1)), id="too old"),
        pytest.param(token(exp=None), id="without an end"),
        pytest.param(Sealer(SECRET).seal(Tap("No", "choose"), "web-alice"), id="a button's token"),
    ],
)
async def test_without_our_cookie_there_is_no_conversation(alice, agent, cookie):
    alice.http.cookie_jar.clear()
    if cookie is not None:
        alice.http.cookie_jar.update_cookies({COOKIE: cookie})
    answer = await alice.post(text="hello")
    assert answer.status == 401
    assert await answer.json() == {"error": NO_SESSION}
    history = await alice.http.get(f"{alice.address}/webhooks/web/history")
    assert history.status == 401
    assert agent.heard == []


async def test_a_session_that_was_tampered_with_opens_as_a_new_one(alice, agent):
    await alice.say("mine")
    tampered = cookie_of(alice).value[:-4] + "AAAA"
    alice.http.cookie_jar.clear()
    alice.http.cookie_jar.update_cookies({COOKIE: tampered}, yarl.URL(alice.address))
    await alice.open()
    assert await alice.history() == []


async def test_nobody_reads_or_joins_another_conversation(alice, bob, agent):
    await alice.say("in confidence")
    await bob.say("hello")
    assert agent.heard[0].sender_id != agent.heard[1].sender_id
    assert "in confidence" not in json.dumps(await bob.history())


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_cannot_post(alice, agent, headers):
    body = b'{"id": "0e4f3a86-5f0c-4b52-9a5e-0b6f3f0d9c11", "text": "hello"}'
    answer = await alice.raw(body, **headers)
    assert answer.status == 403
    assert await answer.json() == {"error": OTHER_SITE}
    url = f"{alice.address}/webhooks/web/session"
    assert (await alice.http.post(url, json={}, headers=headers)).status == 403
    assert agent.heard == []


async def test_our_own_page_can_post(alice):
    body = b'{"id": "0e4f3a86-5f0c-4b52-9a5e-0b6f3f0d9c11", "text": "hello"}'
    answer = await alice.raw(body, Origin=alice.address, **{"Sec-Fetch-Site": "same-origin"})
    assert answer.ok


async def test_a_button_never_shows_its_meaning_and_works_for_its_owner(alice, agent):
    agent.script = ask
    (said,) = (await alice.say("hello"))["messages"]
    (button,) = said["buttons"]
    assert button.keys() == {"title", "token"}
    await alice.tap(button["token"])
    heard = agent.heard[-1]
    assert heard.text == "No"
    assert heard.parse_data["choice"] == {"q": "risk", "raw": "no"}
    assert heard.metadata["tapped"] is True


async def test_bob_cannot_press_alices_button(alice, bob, agent):
    agent.script = ask
    (said,) = (await alice.say("hello"))["messages"]
    answer = await bob.post(choice=said["buttons"][0]["token"])
    assert answer.status == 403
    assert await answer.json() == {"error": WRONG_BUTTON}
    assert len(agent.heard) == 1


async def test_an_old_button_is_refused_with_what_to_do(alice, agent):
    await alice.say("hello")
    sender = agent.heard[-1].sender_id
    old = Sealer(SECRET, lifetime=timedelta(seconds=-5)).seal(Tap("No", "choose"), sender)
    answer = await alice.post(choice=old)
    assert (answer.status, await answer.json()) == (403, {"error": OLD_BUTTON})


class TestBehindATlsProxy:
    @pytest.fixture
    def channel(self):
        return WebChannel(SECRET, public_origin="https://guide.example.org/")

    async def test_the_cookie_is_secure_and_the_public_origin_is_the_only_one(self, alice):
        url, ours = f"{alice.address}/webhooks/web/session", {"Origin": "https://guide.example.org"}
        answer = await alice.http.post(url, json={}, headers=ours)
        assert answer.ok
        assert "; Secure" in answer.headers["Set-Cookie"]
        answer = await alice.http.post(url, json={}, headers={"Origin": alice.address})
        assert answer.status == 403


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        (None, "needs 'secret'"),
        ({}, "needs 'secret'"),
        ({"secret": 12345}, "needs 'secret'"),
        ({"secret": "short"}, "at least 32"),
        ({"secret": SECRET, "sercet": "x"}, "sercet"),
        ({"secret": SECRET, "public_origin": "guide.example.org"}, "a scheme and a host"),
        ({"secret": SECRET, "public_origin": "https://a.example/path"}, "a scheme and a host"),
    ],
)
def test_unfit_credentials_are_refused_with_what_to_do(credentials, says):
    with pytest.raises(RasaException, match=says):
        WebChannel.from_credentials(credentials)
