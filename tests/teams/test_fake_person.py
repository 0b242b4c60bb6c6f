"""The fake person does what Teams does: resends, taps, edits, and stops at a 202."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import loads
from time import sleep

import jwt
import pytest
import requests
from seen import AT_RISK, words
from teams_person import Person


class Bot:
    """Answers as it is told to, one entry of `script` for each call; afterwards 202."""

    def __init__(self):
        self.script: list[int | float] = []
        self.got: list[tuple[str, dict]] = []
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = loads(self.rfile.read(int(self.headers["Content-Length"])))
                bot.got.append((self.headers.get("Authorization", ""), body))
                what = bot.script.pop(0) if bot.script else 202
                if isinstance(what, float):
                    sleep(what)
                self.send_response(what if isinstance(what, int) else 202)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def bot() -> Iterator[Bot]:
    running = Bot()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def person(microsoft, bot):
    return Person(microsoft, bot.address, resend_after=0.8, seconds_patient=4).install()


def reply(person, activity):
    """What a bot would send."""
    microsoft = person.microsoft
    answer = requests.post(
        f"{microsoft.service_url}v3/conversations/{person.conversation}/activities", timeout=5,
        json=activity, headers={"Authorization": f"Bearer {microsoft.login.access_token()}"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def card(*titles, body=()):
    content = {
        "type": "AdaptiveCard", "version": "1.5",
        "body": [{"type": "TextBlock", "text": "Which?"}, *body],
        "actions": [{"type": "Action.Submit", "title": title, "data": {"token": f"T-{title}"}}
                    for title in titles],
    }  # fmt: skip
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": content}]}


def test_installing_tells_the_bot_with_a_good_token(microsoft, person, bot):
    assert [body["type"] for _, body in bot.got] == ["conversationUpdate", "installationUpdate"]
    authorization, body = bot.got[0]
    claims = jwt.decode(
        authorization.removeprefix("Bearer "), microsoft.login.signer.key.public_key(), ["RS256"],
        audience=microsoft.bot.app_id,
    )  # fmt: skip
    assert claims["serviceurl"] == body["serviceUrl"] == microsoft.service_url
    assert body["conversation"]["conversationType"] == "personal"


@pytest.mark.parametrize(
    ("script", "statuses"),
    [
        ([], [202]),
        ([1.0], [None, 202]),
        ([1.0, 1.0], [None, None, 202]),
        ([503], [503, 202]),
        ([500, 1.0], [500, None, 202]),
        ([401], [401]),
        ([403], [403]),
    ],
    ids=["taken", "silence", "silence twice", "503", "both", "401", "403"],
)
def test_the_same_activity_comes_again_until_it_is_taken(person, bot, script, statuses):
    bot.got.clear()
    bot.script = script
    delivery = person.deliver(person.typed("Hello"))
    assert delivery.statuses == statuses
    assert len(bot.got) == len(statuses)
    assert len({str(body) for _, body in bot.got}) == 1


def test_it_gives_up_in_the_end(person, bot):
    bot.script = [500] * 9
    person.most_attempts = 3
    assert person.deliver(person.typed("Hello")).statuses == [500] * 3


def test_a_bot_that_is_not_there_gets_it_once_it_is(person, bot):
    there, person.bot_address = person.bot_address, "http://127.0.0.1:9/"
    bot.got.clear()
    delivery = person.deliver(person.typed("Hello"), wait=False)
    person.bot_address = there
    assert delivery.done.wait(5)
    assert delivery.taken
    assert len(bot.got) == 1


def test_a_refused_message_is_an_error(person, bot):
    bot.script = [401]
    with pytest.raises(AssertionError, match="401"):
        person.say("Hello")


def test_a_tap_carries_the_data_of_the_button_and_no_words(person, bot):
    number = reply(person, card("Yes", "No", AT_RISK))
    assert person.titles == ["Yes", "No"]
    person.tap("No")
    tapped = bot.got[-1][1]
    assert tapped["value"] == {"token": "T-No"}
    assert tapped["replyToId"] == number
    assert "text" not in tapped


def test_a_tap_fills_in_what_the_card_asks(person, bot):
    date = {"type": "Input.Date", "id": "day", "isRequired": True}
    reply(person, card("Send", body=[date]))
    with pytest.raises(AssertionError, match="day must be filled in"):
        person.tap("Send")
    person.tap("Send", day="2026-11-25")
    assert bot.got[-1][1]["value"] == {"token": "T-Send", "day": "2026-11-25"}


def test_a_button_without_inputs_sends_none_and_asks_for_none(person, bot):
    date = {"type": "Input.Date", "id": "day", "isRequired": True}
    asked = card("Send", "Yesterday", body=[date])
    asked["attachments"][0]["content"]["actions"][1]["associatedInputs"] = "none"
    reply(person, asked)
    person.tap("Yesterday")
    assert bot.got[-1][1]["value"] == {"token": "T-Yesterday"}


def test_a_choice_from_a_list_is_sent_by_the_lists_own_button(person, bot):
    choices = [{"title": name, "value": f"V-{name}"} for name in ("Jersey", "Sandwell")]
    asked = {"type": "Input.ChoiceSet", "id": "which", "choices": choices}
    reply(person, card(AT_RISK, "Choose", body=[asked]))
    person.tap("Sandwell")
    assert bot.got[-1][1]["value"] == {"token": "T-Choose", "which": "V-Sandwell"}


def test_only_what_came_since_the_last_message_can_be_tapped(person):
    reply(person, card("Yes"))
    person.say("Something else")
    person.seconds_patient = 0.2
    with pytest.raises(AssertionError, match="no button 'Yes'"):
        person.tap("Yes")


def test_an_edit_keeps_the_id(person, bot):
    person.say("Frist")
    first = bot.got[-1][1]
    person.edit("First")
    changed = bot.got[-1][1]
    assert (changed["type"], changed["id"], changed["text"]) == (
        "messageUpdate", first["id"], "First")  # fmt: skip
    assert changed["channelData"]["eventType"] == "editMessage"


def test_a_group_is_not_a_personal_chat(person, bot):
    person.say_in_group("hello")
    where = bot.got[-1][1]["conversation"]
    assert where["conversationType"] == "groupChat"
    assert where["id"] != person.conversation


def test_after_uninstalling_nothing_can_be_written(microsoft, person, bot):
    person.uninstall()
    assert bot.got[-1][1]["action"] == "remove"
    with pytest.raises(AssertionError, match="ConversationNotFound"):
        reply(person, {"type": "message", "text": "Hello"})


def test_words_of_a_message_are_those_on_its_card_too(person):
    facts = {"type": "FactSet", "facts": [{"title": "By", "value": "Friday"}]}
    columns = {"type": "ColumnSet", "columns": [{"items": [{"type": "TextBlock", "text": "Left"}]}]}
    reply(person, {**card("Yes", body=[facts, columns]), "text": "Hello"})
    assert person.said.split("\n") == ["Hello", "Which?", "By: Friday", "Left"]
    assert words({"type": "message", "text": "Only"}) == "Only"
