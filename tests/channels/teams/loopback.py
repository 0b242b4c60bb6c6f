"""What stands in for Microsoft on loopback: keys, a Connector, somebody who writes."""

import asyncio
import itertools
import json
import time

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.channels.sealed import Tap
from bot.channels.teams.arriving.identity import ISSUER

APP = "11111111-1111-4111-8111-111111111111"
TENANT = "22222222-2222-4222-8222-222222222222"
ANNA = "33333333-3333-4333-8333-333333333333"
SECRET = "only-for-these-tests-" * 2


class Signer:
    """An RSA key that signs tokens as the Bot Connector does."""

    def __init__(self, kid="k1", endorsed=("msteams",)):
        self.kid, self.endorsed = kid, endorsed
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def jwk(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        named = {"kid": self.kid, "use": "sig"}
        endorsed = {} if self.endorsed is None else {"endorsements": [*self.endorsed]}
        return public | named | endorsed

    def token(self, service_url, *, drop=(), headers=None, **changed):
        now = int(time.time())
        claims = {
            "iss": ISSUER, "aud": APP, "serviceurl": service_url, "nbf": now - 5, "exp": now + 3600,
        }  # fmt: skip
        kept = {k: v for k, v in (claims | changed).items() if k not in drop}
        named = {"kid": self.kid} if headers is None else headers
        return jwt.encode(kept, self.key, algorithm="RS256", headers=named)


class Microsoft:
    """A key set and a Connector that do as a test says, and keep what they got."""

    def __init__(self):
        self.signers = [Signer(), Signer("k2", ("webchat",)), Signer("k3", None)]
        self.keys_up, self.key_requests, self.keys_hang = True, 0, 0.0
        self.received = []
        self.refusals = []
        self.address = ""
        self.typing_hangs, self.typed = False, 0
        self._ids = itertools.count(1)

    @property
    def service_url(self):
        return f"{self.address}/uk/"

    async def keys(self, _):
        self.key_requests += 1
        await asyncio.sleep(self.keys_hang)
        if not self.keys_up:
            return web.Response(status=500)
        return web.json_response({"keys": [signer.jwk() for signer in self.signers]})

    async def connector(self, request):
        body = await request.json()
        if body["type"] == "typing":
            self.typed += 1
            await asyncio.sleep(1 if self.typing_hangs else 0)
            return web.json_response({"id": "typing"}, status=201)
        if self.refusals:
            refusal = self.refusals.pop(0)
            if callable(refusal):
                return await refusal(request)
            status, headers = refusal
            return web.json_response({"error": {"code": "No"}}, status=status, headers=headers)
        name = f"sent-{next(self._ids)}"
        self.received.append(
            {
                "method": request.method, "path": request.path, "body": body, "id": name,
                "authorization": request.headers.get("Authorization"),
                "conversation": request.match_info["conversation"],
            }
        )  # fmt: skip
        return web.json_response({"id": name}, status=201)

    def texts(self, conversation=None):
        return [
            got["body"].get("text")
            for got in self.received
            if conversation in (None, got["conversation"])
        ]

    async def sent(self, count, seconds=10):
        """Wait until so many activities have arrived; then a moment, that no more follow."""
        until = time.monotonic() + seconds
        while len(self.received) < count:
            assert time.monotonic() < until, self.texts()
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        assert len(self.received) == count, self.texts()
        return self.received


class PlainCards:
    """Draws every message as its words, and its buttons as tokens beside them."""

    def rendered(self, messages, sealer, sender, link):
        drawn = []
        for message in messages:
            activity = {"type": "message", "text": message.get("text")}
            taps = [Tap.from_button(button) for button in message.get("buttons") or ()]
            if taps:
                tokens = {tap.title: sealer.seal(tap, sender) for tap in taps}
                activity["attachments"] = [{"content": tokens}]
            drawn.append(activity)
        return drawn

    def submitted(self, value, sealer, sender):
        return sealer.unseal(value["tap"] if value else "", sender)

    def chosen(self, activity, title):
        return {"type": "message", "text": f"{activity['text']} / {title}"}

    def said_chosen(self, title):
        return {"type": "message", "text": f"You chose: {title}"}


class Token:
    """The token of the bot."""

    forgotten = 0

    async def get(self):
        return "own-token"

    def forget(self):
        self.forgotten += 1


class Bot:
    """The running channel."""

    def __init__(self, address, channel):
        self.address, self.channel = address, channel

    async def post(self, body, token=None, header=None):
        headers = {"Content-Type": "application/json"}
        if header or token:
            headers["Authorization"] = header or f"Bearer {token}"
        data = body if isinstance(body, bytes) else json.dumps(body)
        url = f"{self.address}/webhooks/teams/messages"
        async with (
            aiohttp.ClientSession() as http,
            http.post(url, data=data, headers=headers) as answer,
        ):
            return answer.status


class Anna:
    """Somebody who writes to the bot."""

    def __init__(self, bot, microsoft, conversation="a:1;x@y/z"):
        self.bot, self.microsoft, self.conversation = bot, microsoft, conversation
        self._ids = itertools.count(1)

    def activity(self, **changed):
        return {
            "type": "message",
            "id": f"m{next(self._ids)}",
            "timestamp": "2026-11-22T10:00:00Z",
            "channelId": "msteams",
            "serviceUrl": self.microsoft.service_url,
            "from": {"id": "29:anna", "name": "Never kept", "aadObjectId": ANNA},
            "recipient": {"id": f"28:{APP}", "name": "Guide"},
            "conversation": {
                "id": self.conversation, "conversationType": "personal", "tenantId": TENANT,
            },
            "channelData": {"tenant": {"id": TENANT}},
        } | changed  # fmt: skip

    async def send(self, **changed):
        activity = changed.pop("activity", None) or self.activity(**changed)
        token = self.microsoft.signers[0].token(activity["serviceUrl"])
        return await self.bot.post(activity, token)

    async def say(self, text):
        assert await self.send(text=text) == 202
