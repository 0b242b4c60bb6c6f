"""Speaks to the Bot Connector: what is sent, and what its refusals mean."""

import asyncio
import email.utils
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.channels.teams.hosts import is_allowed
from bot.channels.teams.posting.tokens import TokenSource, TokenUnavailableError

log = logging.getLogger(__name__)

TRIES = 3
LONGEST_PAUSE = 20.0
"""Seconds that a conversation waits for its next try; what takes longer waits in the outbox."""
SECONDS_TO_ANSWER = 15
TIMEOUT = aiohttp.ClientTimeout(total=SECONDS_TO_ANSWER, connect=5)
LATER = frozenset({401, 408, 412, 425, 429, 500, 502, 503, 504})
CLOSED = frozenset({403, 404})
Sleep = Callable[[float], Awaitable[None]]


class ConnectorError(Exception):
    """An activity was not taken. Says why in words for the log; they name no person."""


class LaterError(ConnectorError):
    """It was not taken now, or nobody knows; `seconds` is how long Microsoft asks to wait."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class ClosedError(ConnectorError):
    """This chat cannot be written to: the app was removed, or the bot blocked."""


class RefusedActivityError(ConnectorError):
    """This activity will never be taken."""


@dataclass(frozen=True)
class Address:
    """One conversation."""

    service_url: str
    conversation: str


class Connector:
    """Sends activities; one pool of connections for all conversations."""

    def __init__(
        self,
        tokens: TokenSource,
        hosts: frozenset[str],
        *,
        sleep: Sleep = asyncio.sleep,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        """Keep whom to speak to.

        Args:
            tokens: Where tokens come from.
            hosts: The hosts that a token may be shown to.
            sleep: Waits between two tries.
            timeout: How long one request may take.
        """
        self._tokens, self._hosts = tokens, hosts
        self._sleep, self._timeout = sleep, timeout
        self._http: aiohttp.ClientSession | None = None

    async def send(
        self, to: Address, activity: Mapping[str, Any], *, reply_to: str | None = None
    ) -> str | None:
        """Send one activity; what Teams calls it.

        Raises:
            LaterError: It was not taken now, however often it was tried. Where no answer came it
                may have been taken all the same.
            ClosedError: The chat is closed to us.
            RefusedActivityError: It will never be taken.
        """
        last = f"/{quote(reply_to, safe='')}" if reply_to else ""
        body = dict(activity) | ({"replyToId": reply_to} if reply_to else {})
        return await self._tried("POST", to, f"activities{last}", body)

    async def replace(self, to: Address, replaced: str, activity: Mapping[str, Any]) -> None:
        """Put an activity in the place of an earlier one; raises as `send`."""
        body = {**activity, "id": replaced}
        await self._tried("PUT", to, f"activities/{quote(replaced, safe='')}", body)

    async def typing(self, to: Address) -> None:
        """Show that an answer is on its way, once; raises as `send`."""
        await self._request("POST", to, "activities", {"type": "typing"})

    async def close(self) -> None:
        """Let go of the connections."""
        if self._http is not None:
            await self._http.close()

    async def _tried(self, method: str, to: Address, path: str, body: dict[str, Any]) -> str | None:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._request(method, to, path, body)
            except LaterError as error:
                pause = error.seconds if error.seconds is not None else 0.5 * 2 ** (attempt - 1)
                if attempt == TRIES or pause > LONGEST_PAUSE:
                    raise
                log.info("teams.later attempt=%s cause=%s", attempt, error)
                # a little more than asked: all who were told the same must not come back at once
                await self._sleep(pause * random.uniform(1.0, 1.25))
        raise AssertionError("unreachable")

    async def _request(
        self, method: str, to: Address, path: str, body: dict[str, Any]
    ) -> str | None:
        if not is_allowed(to.service_url, self._hosts):
            raise RefusedActivityError("the service's host is not allowed (any more)")
        where = f"{to.service_url.rstrip('/')}/v3/conversations/{quote(to.conversation, safe='')}"
        headers = await self._authorization()
        try:
            async with self._session().request(
                method, URL(f"{where}/{path}", encoded=True), json=body, headers=headers,
                allow_redirects=False,
            ) as answer:  # fmt: skip
                found = await _json(answer)
                return self._judged(answer, found)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise LaterError(f"no answer: {type(error).__name__}") from error

    def _judged(self, answer: aiohttp.ClientResponse, found: Mapping[str, Any]) -> str | None:
        if 200 <= answer.status < 300:
            name = found.get("id")
            return name if isinstance(name, str) else None
        error = found.get("error")
        code = error.get("code") if isinstance(error, dict) else None
        reason = f"{answer.status} {code or ''}".strip()
        if answer.status == 401:
            self._tokens.forget()
        if answer.status in LATER:
            raise LaterError(reason, _retry_after(answer.headers.get("Retry-After")))
        raise (ClosedError if answer.status in CLOSED else RefusedActivityError)(reason)

    async def _authorization(self) -> dict[str, str]:
        try:
            return {"Authorization": f"Bearer {await self._tokens.get()}"}
        except TokenUnavailableError as error:
            raise LaterError(f"no token: {error}") from error

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=self._timeout, trust_env=True)
        return self._http


async def _json(answer: aiohttp.ClientResponse) -> Mapping[str, Any]:
    try:
        found = await answer.json(content_type=None)
    except (ValueError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(header: str | None) -> float | None:
    """Seconds to wait, from a number or a date; None where there is neither."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header.strip())
    try:
        until = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())
