"""What keeps the word that opens sessions from being guessed."""

import asyncio
import hmac

from bot.channels.refusal import RefusedError

WRONG_WORD = "That is not the facilitator word of this server. Ask whoever runs it."
TOO_MANY = "Too many are trying at once. Wait a minute, then try again."
MOST_WAITING = 5


class FacilitatorWord:
    """The word that opens group sessions. Whoever gets it wrong waits, and so does the next."""

    def __init__(self, word: str, seconds: float = 1.0) -> None:
        self._word = word
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def require(self, found: str) -> None:
        """Let through whoever knows the word.

        Raises:
            RefusedError: 403 when the word is wrong, 429 when too many are waiting to be told.
        """
        if self._waiting >= MOST_WAITING:
            raise RefusedError(429, TOO_MANY)
        self._waiting += 1
        try:
            async with self._turn:
                if not hmac.compare_digest(found.strip().encode(), self._word.encode()):
                    await asyncio.sleep(self._seconds)
                    raise RefusedError(403, WRONG_WORD)
        finally:
            self._waiting -= 1
