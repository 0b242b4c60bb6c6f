"""The Bot Connector's REST API as a bot in personal chats meets it, as strict as the real one.

It lets in nobody without a token of Entra, refuses what is too big or not a card that Teams
shows, knows who has the app installed, and does on demand what the real one does on a bad day.
"""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web
from card_rules import wrong_message
from chats import Conversation, Fault, Received

MOST_BYTES = 100 * 1024
"""Teams counts a message as UTF-16."""
RATES = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""How many calls one conversation may get in so many seconds, as Microsoft's page lists them."""
SENT = ("message", "typing")
DONE = ("lost", "taken")
"""The faults before which the call is taken."""


class FakeConnector:
    """The state behind the endpoints. Everything is guarded by `changed`, on which tests wait.

    Attributes:
        received: What was taken, in order.
        refused: What was not taken: status, method, path, why.
        limited: Whether the real rate limits hold.
    """

    def __init__(
        self, bot_id: str, may_call: Callable[[str | None], str | None], *, limited: bool = False
    ) -> None:
        self.bot_id = bot_id
        self.may_call = may_call
        self.limited = limited
        self.changed = threading.Condition()
        self.conversations: dict[str, Conversation] = {}
        self.received: list[Received] = []
        self.refused: list[tuple[int, str, str, str]] = []
        self.faults: list[Fault] = []
        self._numbers = itertools.count(int(time.time() * 1000))

    def add(self, user: str, tenant: str, conversation: str) -> Conversation:
        """A person installs the app: the conversation is there."""
        with self.changed:
            known = self.conversations.setdefault(
                conversation, Conversation(conversation, user, tenant)
            )
            known.installed = True
            return known

    def fail(self, fault: Fault) -> Fault:
        """What the next calls meet."""
        with self.changed:
            self.faults.append(fault)
        return fault

    def number(self) -> str:
        """A new activity id, as the real ones look."""
        return str(next(self._numbers))

    def to(self, conversation: str, *types: str) -> list[Received]:
        """What one conversation got, in order."""
        with self.changed:
            return [
                taken
                for taken in self.received
                if taken.conversation == conversation
                and (not types or taken.activity.get("type") in types)
            ]

    def messages_to(self, conversation: str) -> list[Received]:
        """The new messages that one conversation got, in order; no typing, no updates."""
        return [taken for taken in self.to(conversation, "message") if taken.method == "POST"]

    def wait(self, until: Callable[[], bool], seconds: float, why: Callable[[], str]) -> None:
        """Wait for something to happen, here or elsewhere.

        Raises:
            AssertionError: it did not come; says `why`.
        """
        end = time.monotonic() + seconds
        with self.changed:
            while not until():  # what is waited for may also stand in the records
                if time.monotonic() > end:
                    raise AssertionError(f"not within {seconds} s: {why()}")
                self.changed.wait(0.1)

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The endpoints below the path of a serviceUrl."""
        one = f"{prefix}v3/conversations/{{conversation}}/activities"
        return [
            web.post(f"{prefix}v3/conversations", self._create),
            web.post(one, self._send),
            web.post(f"{one}/{{activity}}", self._send),
            web.put(f"{one}/{{activity}}", self._update),
            web.delete(f"{one}/{{activity}}", self._delete),
        ]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await self._allowed(request)
        if isinstance(body, web.StreamResponse):
            return body
        members = body.get("members") or []
        tenant = body.get("tenantId") or body.get("channelData", {}).get("tenant", {}).get("id")
        if body.get("isGroup") or len(members) != 1 or not tenant:
            return self._refuse(request, 400, "BadSyntax", "One member and a tenant are needed.")
        if (body.get("bot") or {}).get("id") != self.bot_id:
            return self._refuse(request, 400, "BadSyntax", f"The bot is not {self.bot_id}.")
        found = [
            known
            for known in self.conversations.values()
            if known.user == members[0].get("id") and known.tenant == tenant and known.installed
        ]
        if not found:
            return self._refuse(
                request, 403, "BotNotInConversationRoster", "The app is not installed there."
            )
        return await self._do(
            request, found[0].id, body, lambda: {"id": found[0].id, "activityId": None}
        )

    async def _send(self, request: web.Request) -> web.StreamResponse:
        activity = await self._allowed(request)
        if isinstance(activity, web.StreamResponse):
            return activity
        known = self._conversation(request)
        if isinstance(known, web.Response):
            return known
        replied_to = request.match_info.get("activity") or activity.get("replyToId")
        if replied_to and replied_to not in known.messages and replied_to not in known.theirs:
            return self._refuse(request, 404, "ActivityNotFoundInConversation", replied_to)
        if activity.get("replyToId") not in (None, replied_to):
            return self._refuse(request, 400, "BadSyntax", "replyToId is not the path's.")
        wrong = self._wrong(known, activity, SENT)
        if wrong:
            return self._refuse(request, *wrong)

        def keep() -> dict[str, Any]:
            number = self.number()
            if activity["type"] == "message":
                known.messages[number] = activity
            self.received.append(Received("POST", known.id, number, activity, time.time()))
            return {"id": number}

        return await self._do(request, known.id, activity, keep)

    async def _update(self, request: web.Request) -> web.StreamResponse:
        activity = await self._allowed(request)
        if isinstance(activity, web.StreamResponse):
            return activity
        known = self._conversation(request)
        if isinstance(known, web.Response):
            return known
        number = request.match_info["activity"]
        if number not in known.messages:
            status = 403 if number in known.theirs else 404
            return self._refuse(request, status, "ActivityNotFoundInConversation", number)
        if activity.get("id") not in (None, number):
            return self._refuse(request, 400, "BadSyntax", "id is not the path's.")
        wrong = self._wrong(known, activity, ("message",))
        if wrong:
            return self._refuse(request, *wrong)

        def keep() -> dict[str, Any]:
            known.messages[number] = activity
            self.received.append(Received("PUT", known.id, number, activity, time.time()))
            return {"id": number}

        return await self._do(request, known.id, activity, keep)

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        allowed = await self._allowed(request)
        if isinstance(allowed, web.StreamResponse):
            return allowed
        known = self._conversation(request)
        if isinstance(known, web.Response):
            return known
        number = request.match_info["activity"]
        if number not in known.messages:
            return self._refuse(request, 404, "ActivityNotFoundInConversation", number)

        def keep() -> dict[str, Any]:
            del known.messages[number]
            self.received.append(Received("DELETE", known.id, number, {}, time.time()))
            return {}

        return await self._do(request, known.id, {}, keep)

    async def _allowed(self, request: web.Request) -> Any:
        """The body of a call that may be made, or the refusal."""
        why = self.may_call(request.headers.get("Authorization"))
        if why is not None:
            return self._refuse(request, 401, "Unauthorized", why)
        raw = await request.read()
        if request.method == "DELETE":
            return {}
        if request.content_type != "application/json":
            return self._refuse(request, 415, "UnsupportedMediaType", request.content_type)
        try:
            body = json.loads(raw)
        except ValueError:
            return self._refuse(request, 400, "BadSyntax", "The body is not JSON.")
        if not isinstance(body, dict):
            return self._refuse(request, 400, "BadSyntax", "The body is not an object.")
        size = len(json.dumps(body, ensure_ascii=False).encode("utf-16-le"))
        if size > MOST_BYTES:
            return self._refuse(request, 413, "MessageSizeTooBig", f"{size} bytes as UTF-16.")
        return body

    def _conversation(self, request: web.Request) -> Conversation | web.Response:
        known = self.conversations.get(request.match_info["conversation"])
        if known is None or not known.installed:
            return self._refuse(request, 404, "ConversationNotFound", "Conversation not found.")
        if known.blocked:
            return self._refuse(request, 403, "MessageWritesBlocked", "The person blocked the bot.")
        return known

    def _wrong(
        self, known: Conversation, activity: dict[str, Any], types: tuple[str, ...]
    ) -> tuple[int, str, str] | None:
        """What is wrong with an activity: status, code, why."""
        if activity.get("type") not in types:
            return 400, "BadSyntax", f"type is {activity.get('type')!r}."
        for name, wanted in (("conversation", known.id), ("from", self.bot_id),
                             ("recipient", known.user)):  # fmt: skip
            if (activity.get(name) or {}).get("id") not in (None, wanted):
                return 400, "BadSyntax", f"{name}.id is not {wanted}."
        if activity["type"] == "typing":
            return None
        return wrong_message(activity)

    async def _do(
        self,
        request: web.Request,
        conversation: str,
        activity: dict[str, Any],
        keep: Callable[[], dict[str, Any]],
    ) -> web.StreamResponse:
        """Meet the faults that are due, then take the call."""
        fault = self._fault(request.method, conversation, activity)
        if fault is None and self.limited and (wait := self._over_rate(conversation)):
            fault = Fault(429, retry_after=str(wait))
        if fault is not None and fault.kind not in DONE:
            fault.then()
        if fault is not None and fault.kind == "hang":
            await asyncio.sleep(3600)
        if fault is not None and fault.kind == "drop":
            return _broken(request)
        if fault is not None and fault.status is not None:
            refused = self._refuse(request, fault.status, "Fault", "as the test wants it")
            if fault.retry_after is not None:
                refused.headers["Retry-After"] = fault.retry_after
            return refused
        with self.changed:
            answer = keep()
            self.changed.notify_all()
        if fault is not None and fault.kind in DONE:
            fault.then()
        if fault is not None and fault.kind == "lost":
            return _broken(request)
        return web.json_response(answer, status=200 if request.method != "POST" else 201)

    def _fault(self, method: str, conversation: str, activity: dict[str, Any]) -> Fault | None:
        with self.changed:
            for fault in self.faults:
                if fault.times > 0 and fault.of(method, conversation, activity):
                    fault.times -= 1
                    return fault
        return None

    def _over_rate(self, conversation: str) -> int:
        """For how many seconds the conversation gets no more, 0 if it may go on."""
        now = time.monotonic()
        known = self.conversations[conversation]
        while known.calls and now - known.calls[0] > RATES[-1][0]:
            known.calls.popleft()
        for seconds, most in RATES:
            if sum(now - at < seconds for at in known.calls) >= most:
                return max(1, round(seconds))
        known.calls.append(now)
        return 0

    def _refuse(self, request: web.Request, status: int, code: str, why: str) -> web.Response:
        with self.changed:
            self.refused.append((status, request.method, request.path, f"{code}: {why}"))
            self.changed.notify_all()
        return web.json_response({"error": {"code": code, "message": why}}, status=status)


def _broken(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
