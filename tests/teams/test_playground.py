"""The bridge to the Agents Playground lets through what proves itself, and nothing else."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from fake_login import Registration
from playground import configured, started
from playground_bridge import MESSAGES, bridged
from running_guide import free_port

from bot.channels.teams.arriving.activity import read
from bot.channels.teams.arriving.identity import proof_of
from bot.channels.teams.arriving.keys import Keys

CHAT = "v3/conversations/personal-chat/activities"
HELLO = {"type": "message", "text": "hello"}


class Side:
    """The guide or the playground: keeps what it is called with, and answers 201."""

    def __init__(self):
        self.got = []
        side = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                side.got.append((self.path, self.headers.get("Authorization"), body))
                answer = b'{"id": "17"}'
                self.send_response(201)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def sides():
    both = Side(), Side()
    yield both
    for side in both:
        side.stop()


@pytest.fixture
def microsoft(tmp_path, sides):
    guide, playground = sides
    running = bridged(
        tmp_path, port=free_port(), guide=guide.address, playground=playground.address
    )
    running.start()
    yield running
    running.stop()


def written(microsoft, **changed):
    """What the playground sends when somebody types."""
    return {
        **HELLO, "id": "1", "channelId": "msteams", "serviceUrl": microsoft.service_url,
        "conversation": {"id": "personal-chat", "conversationType": "personal"},
    } | changed  # fmt: skip


def post(microsoft, path, body, token=None, **more):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return requests.post(f"{microsoft.address}{path}", json=body, timeout=5, headers=headers | more)


def test_what_is_typed_reaches_the_guide_with_a_token_that_our_channel_believes(microsoft, sides):
    guide, _ = sides
    assert post(microsoft, MESSAGES, written(microsoft)).status_code == 201
    [(path, authorization, activity)] = guide.got
    assert (path, activity) == (MESSAGES, written(microsoft))

    async def proved():
        keys = Keys(f"{microsoft.address}/v1/.well-known/keys")
        proof = await proof_of(authorization, keys, microsoft.bot.app_id)
        found = read(json.dumps(activity).encode())
        proof.require(service_url=found.service_url, channel=found.channel)

    asyncio.run(proved())


def test_nothing_is_signed_for_another_service(microsoft, sides):
    answer = post(microsoft, MESSAGES, written(microsoft, serviceUrl="http://127.0.0.1:1/"))
    assert answer.status_code == 400
    assert "--service-url" in answer.json()["error"]["message"]
    assert not sides[0].got


def test_a_page_of_another_site_cannot_speak_through_it(microsoft, sides):
    sent = json.dumps(written(microsoft))
    answer = requests.post(
        f"{microsoft.address}{MESSAGES}", data=sent, timeout=5,
        headers={"Content-Type": "text/plain", "Origin": "https://evil.example"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert not sides[0].got


def test_an_answer_with_our_token_reaches_the_playground_without_it(microsoft, sides):
    answer = post(microsoft, f"/emea/{CHAT}/a:1;x%2Fy", HELLO, microsoft.login.access_token())
    assert (answer.status_code, answer.json()) == (201, {"id": "17"})
    [(path, authorization, activity)] = sides[1].got
    assert (path, authorization, activity) == (f"/_connector/{CHAT}/a:1;x%2Fy", None, HELLO)


@pytest.mark.parametrize("token", [None, "garbage"])
def test_an_answer_without_our_token_stops_here(microsoft, sides, token):
    assert post(microsoft, f"/emea/{CHAT}", HELLO, token).status_code == 401
    assert not sides[1].got


def test_what_teams_would_refuse_stops_here_and_is_said(microsoft, sides):
    card = {"contentType": "application/vnd.microsoft.card.hero", "content": {}}
    wrong = {"type": "message", "attachments": [card]}
    token = microsoft.login.access_token()
    assert post(microsoft, f"/emea/{CHAT}", wrong, token).status_code == 400
    assert not sides[1].got
    assert "BadArgument" in microsoft.connector.refused[0]


def test_a_playground_that_is_not_there_yet_makes_the_guide_wait(microsoft, sides):
    sides[1].stop()
    answer = post(microsoft, f"/emea/{CHAT}", HELLO, microsoft.login.access_token())
    assert answer.status_code == 503


def test_the_people_of_the_playground_have_ids_such_as_teams_has():
    bot = Registration()
    made = configured(bot)
    people = [made["currentUser"], *made["users"]]
    named = read(json.dumps({
        "type": "message", "serviceUrl": "x", "conversation": {"id": "c"},
        "from": {"aadObjectId": made["currentUser"]["aadObjectId"]},
    }).encode())  # fmt: skip
    assert named.person(bot.tenant).startswith(f"entra:{bot.tenant}:")
    assert len({person["aadObjectId"] for person in people}) == len(people) == 6
    assert (made["tenantId"], made["bot"]["id"]) == (bot.tenant, bot.app_id)


def test_the_command_names_the_bridge_in_both_directions():
    command = started("http://127.0.0.1:3978", "http://127.0.0.1:3978/emea/", 56150)
    assert "-e http://127.0.0.1:3978/webhooks/teams/messages" in command
    assert "--service-url http://127.0.0.1:3978/emea/" in command
    assert "--disable-telemetry" in command
