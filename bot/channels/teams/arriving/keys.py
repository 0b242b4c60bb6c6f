"""The keys that Microsoft signs its messages with: fetched when needed, kept through an outage."""

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt

log = logging.getLogger(__name__)

FRESH_SECONDS = 3600.0
COOLDOWN_SECONDS = 30.0
"""At least so long lies between two refreshes: whoever makes up key ids cannot make us fetch."""
COLD_COOLDOWN_SECONDS = 5.0
TIMEOUT = aiohttp.ClientTimeout(total=5)
MOST_BYTES = 1_000_000


class UnknownKeyError(Exception):
    """Microsoft has no key of this id."""


class KeysUnavailableError(Exception):
    """The key set cannot be fetched, so nobody can say whether a token is good."""


@dataclass(frozen=True)
class Key:
    """One key, and the channels whose messages it may sign."""

    key: jwt.PyJWK
    endorsed: frozenset[str]


class Keys:
    """The key set. Nothing is fetched before the first message, so we start without Microsoft."""

    def __init__(
        self,
        url: str,
        *,
        fresh: float = FRESH_SECONDS,
        cooldown: float = COOLDOWN_SECONDS,
        cold_cooldown: float = COLD_COOLDOWN_SECONDS,
    ) -> None:
        """Keep where the keys are; the rest are seconds, see the constants."""
        self._url = url
        self._fresh, self._cooldown, self._cold_cooldown = fresh, cooldown, cold_cooldown
        self._keys: dict[str, Key] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._failed = False
        self._lock = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def get(self, kid: str) -> Key:
        """The key of this id; a known one at once, even when the set should be refreshed.

        Raises:
            UnknownKeyError: the set was fetched and does not have it.
            KeysUnavailableError: it cannot be fetched and the key is not known from before.
        """
        known = self._keys.get(kid)
        if known is not None:
            if self._is_stale() and (self._refreshing is None or self._refreshing.done()):
                self._refreshing = asyncio.create_task(self._refresh())
            return known
        async with self._lock:
            if kid not in self._keys:
                await self._fetch()
        if kid in self._keys:
            return self._keys[kid]
        if self._failed:
            raise KeysUnavailableError
        raise UnknownKeyError

    async def close(self) -> None:
        """End a refresh that is under way."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def _is_stale(self) -> bool:
        return time.monotonic() - self._fetched_at >= self._fresh

    async def _refresh(self) -> None:
        async with self._lock:
            if self._is_stale():
                await self._fetch()

    async def _fetch(self) -> None:
        now = time.monotonic()
        if now - self._tried_at < (self._cooldown if self._keys else self._cold_cooldown):
            return
        self._tried_at = now
        try:
            self._keys = _read(await self._downloaded())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            self._failed = True
            log.error("teams.keys_unavailable url=%s cause=%s", self._url, type(error).__name__)
        else:
            self._failed, self._fetched_at = False, now

    async def _downloaded(self) -> Any:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, trust_env=True) as http,
            http.get(self._url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise ValueError(f"status {answer.status}")
            if (answer.content_length or 0) > MOST_BYTES:
                raise ValueError("too long")
            return await answer.json(content_type=None)


def _read(found: Any) -> dict[str, Key]:
    listed = found.get("keys") if isinstance(found, dict) else None
    keys: dict[str, Key] = {}
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and each.get("kty") == "RSA" and isinstance(each.get("kid"), str):
            try:
                key = jwt.PyJWK(each, algorithm="RS256")
            except jwt.PyJWTError as error:
                raise ValueError("a key that cannot be read") from error
            endorsed = each.get("endorsements")
            channels = endorsed if isinstance(endorsed, list) else []
            keys[each["kid"]] = Key(key, frozenset(str(channel) for channel in channels))
    if not keys:
        raise ValueError("no keys")
    return keys
