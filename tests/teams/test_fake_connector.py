"""The fake is as strict as what it stands for: the Connector."""

import time

import pytest
import requests
from card_rules import CardRefusedError, check_card
from chats import Fault
from signing import Signer

CARD = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Hello", "wrap": True}],
    "actions": [{"type": "Action.Submit", "title": "Yes", "data": {"token": "sealed"}}],
}
CHAT = "a:1chat"
USER = "29:user"


@pytest.fixture
def call(microsoft):
    """Calls the Connector as a bot does, in a chat whose person installed the app."""
    microsoft.connector.add(USER, microsoft.bot.tenant, CHAT)

    def call(method="POST", path=f"{CHAT}/activities", body=None, token=None, timeout=5):
        token = microsoft.login.access_token() if token is None else token
        return requests.request(
            method, f"{microsoft.service_url}v3/conversations/{path}", timeout=timeout,
            json={"type": "message", "text": "Hello"} if body is None else body,
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip

    return call


def with_card(card):
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def test_a_message_a_card_and_typing_are_taken_in_order(microsoft, call):
    for body in ({"type": "typing"}, {"type": "message", "text": "One"}, with_card(CARD)):
        answer = call(body=body)
        assert answer.status_code == 201
        assert answer.json()["id"]
    assert [taken.activity["type"] for taken in microsoft.connector.to(CHAT)] == [
        "typing", "message", "message"]  # fmt: skip
    assert len(microsoft.connector.messages_to(CHAT)) == 2


@pytest.mark.parametrize(
    "token",
    [
        lambda m: "garbage",
        lambda m: m.login.access_token(exp=int(time.time()) - 1),
        lambda m: m.login.access_token(aud="https://graph.microsoft.com"),
        lambda m: m.login.access_token(appid="99999999-9999-4999-8999-999999999999"),
        lambda m: m.login.access_token(iss="https://sts.windows.net/another/"),
        lambda m: m.login.token(m.service_url),
        lambda m: Signer("entra-1", None).sign({"aud": "https://api.botframework.com"}),
    ],
    ids=["garbage", "expired", "another audience", "another application", "another tenant",
         "the token of its own call", "forged"],
)  # fmt: skip
def test_nobody_else_is_let_in(microsoft, call, token):
    assert call(token=token(microsoft)).status_code == 401
    assert not microsoft.connector.received


def test_no_token_at_all(microsoft, call):
    url = f"{microsoft.service_url}v3/conversations/{CHAT}/activities"
    assert requests.post(url, json={"type": "message", "text": "x"}, timeout=5).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"type": "message", "text": "é" * 51_000}, 201),
        ({"type": "message", "text": "é" * 51_300}, 413),
        ({"type": "message", "text": "\N{GRINNING FACE}" * 25_700}, 413),
        (with_card(CARD | {"speak": "x" * 29_000}), 413),
        ({"type": "message"}, 400),
        ({"type": "message", "text": "  "}, 400),
        ({"type": "event", "text": "x"}, 400),
        ({"text": "x"}, 400),
        ({"type": "message", "text": "x", "textFormat": "html"}, 400),
        ({"type": "message", "text": "x", "from": {"id": "28:another"}}, 400),
        ({"type": "message", "text": "x", "recipient": {"id": "29:another"}}, 400),
        ({"type": "message", "text": "x", "conversation": {"id": "another"}}, 400),
        ({"type": "message", "text": "x", "replyToId": "unknown"}, 404),
        (["no object"], 400),
    ],
)
def test_what_a_message_may_be(microsoft, call, body, status):
    assert call(body=body).status_code == status
    assert len(microsoft.connector.received) == (status == 201)


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "Card"}, {"version": "1.6"}, {"version": None}, {"version": "2.0"},
        {"body": [], "actions": []},
        {"body": [{"type": "TextBlock"}]},
        {"body": [{"type": "TextBlock", "text": 5}]},
        {"body": [{"type": "Carousel", "pages": []}]},
        {"body": [{"type": "Container", "items": [{"type": "Nothing"}]}]},
        {"body": [{"type": "Input.Text"}]},
        {"body": [{"type": "Input.Text", "id": "a"}, {"type": "Input.Date", "id": "a"}]},
        {"body": [{"type": "FactSet", "facts": [{"title": "a"}]}]},
        {"body": [{"type": "Input.ChoiceSet", "id": "a", "choices": [{"title": "a", "value": 1}]}]},
        {"actions": [{"type": "Action.Submit"}]},
        {"actions": [{"type": "Action.Submit", "title": "x", "data": [1]}]},
        {"actions": [{"type": "Action.Call", "title": "x"}]},
        {"actions": [{"type": "Action.ToggleVisibility", "title": "x", "targetElements": ["no"]}]},
        {"actions": [{"type": "Action.Submit", "title": str(n)} for n in range(7)]},
    ],
)  # fmt: skip
def test_a_card_that_teams_would_not_show(call, changed):
    with pytest.raises(CardRefusedError):
        check_card(CARD | changed)
    assert call(body=with_card(CARD | changed)).status_code == 400


def test_an_attachment_of_another_kind(call):
    body = with_card(CARD)
    body["attachments"][0]["contentType"] = "text/html"
    assert call(body=body).status_code == 400


def test_an_update_replaces_ones_own_message_and_no_other(microsoft, call):
    number = call().json()["id"]
    microsoft.connector.conversations[CHAT].theirs.add("theirs")
    new = {"type": "message", "text": "New"}
    assert call("PUT", f"{CHAT}/activities/{number}", new).status_code == 200
    assert microsoft.connector.conversations[CHAT].messages[number] == new
    assert call("PUT", f"{CHAT}/activities/theirs", new).status_code == 403
    assert call("PUT", f"{CHAT}/activities/unknown", new).status_code == 404
    assert call("DELETE", f"{CHAT}/activities/{number}").status_code == 200
    assert call("DELETE", f"{CHAT}/activities/{number}").status_code == 404
    assert call("PUT", f"{CHAT}/activities/{number}", new).status_code == 404


def test_a_reply_names_a_message_of_the_conversation(microsoft, call):
    microsoft.connector.conversations[CHAT].theirs.add("theirs")
    assert call(path=f"{CHAT}/activities/theirs").status_code == 201
    assert call(path=f"{CHAT}/activities/unknown").status_code == 404
    wrong = {"type": "message", "text": "x", "replyToId": "other"}
    assert call(path=f"{CHAT}/activities/theirs", body=wrong).status_code == 400


def test_a_conversation_is_made_only_with_somebody_who_installed_the_app(microsoft, call):
    url = f"{microsoft.service_url}v3/conversations"
    token = {"Authorization": f"Bearer {microsoft.login.access_token()}"}

    def create(user, **changed):
        body = {"bot": {"id": microsoft.connector.bot_id}, "isGroup": False,
                "members": [{"id": user}], "tenantId": microsoft.bot.tenant} | changed  # fmt: skip
        return requests.post(url, json=body, headers=token, timeout=5)

    assert create(USER).json()["id"] == CHAT
    assert create("29:stranger").status_code == 403
    assert create(USER, tenantId="another").status_code == 403
    assert create(USER, isGroup=True).status_code == 400
    assert create(USER, bot={"id": "28:another"}).status_code == 400


def test_an_uninstalled_app_and_a_blocked_bot(microsoft, call):
    chat = microsoft.connector.conversations[CHAT]
    chat.blocked = True
    assert call().status_code == 403
    chat.installed = False
    assert call().status_code == 404
    assert call(path="unknown/activities").status_code == 404


def test_a_bad_day(microsoft, call):
    connector = microsoft.connector
    connector.fail(Fault(429, retry_after="2"))
    connector.fail(Fault(502, times=2))
    assert call().headers["Retry-After"] == "2"
    assert [call().status_code for _ in range(3)] == [502, 502, 201]
    connector.fail(Fault(kind="hang"))
    with pytest.raises(requests.Timeout):
        call(timeout=0.3)
    connector.fail(Fault(kind="drop"))
    with pytest.raises(requests.ConnectionError):
        call()
    assert len(connector.received) == 1
    connector.fail(Fault(kind="lost"))
    with pytest.raises(requests.ConnectionError):
        call()
    assert len(connector.received) == 2


def test_a_fault_for_some_calls_only(microsoft, call):
    typing = microsoft.connector.fail(Fault(503, of=lambda m, c, a: a.get("type") == "typing"))
    assert call().status_code == 201
    assert call(body={"type": "typing"}).status_code == 503
    assert typing.times == 0


def test_the_rate_of_one_conversation_is_limited_as_microsoft_limits_it(microsoft, call):
    microsoft.connector.limited = True
    microsoft.connector.add("29:other", microsoft.bot.tenant, "a:1other")
    statuses = [call().status_code for _ in range(8)]
    assert statuses == [201] * 7 + [429]
    assert call(path="a:1other/activities").status_code == 201
