"""Links to the files of a case, for a chat that can hold no file.

The link opens in a browser that proves nothing, so it is all that is needed to have the file: it
is signed, made for one person's file, and too old after an hour. A link of the web page, which
wants that page's cookie, does not open anything here, nor the other way round.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import jwt
from sanic.response import HTTPResponse

from bot.channels.downloads import Downloads, Sources
from bot.channels.refusal import RefusedError
from bot.channels.sealed import Sealer, WantedFile

LIFETIME = timedelta(hours=1)
OLD_LINK = "This link is too old. Go back to Teams and ask for the files of your case again."
NOT_OURS = "This link is not one of ours. Go back to Teams and ask for the files of your case."


class Links:
    """Makes links and answers them."""

    def __init__(
        self, secret: str, public_origin: str | None, open_sources: Callable[[], Sources]
    ) -> None:
        """Keep what signs; without a public origin there are no links."""
        own = hashlib.sha256(f"escalation-guide/teams-files:{secret}".encode()).hexdigest()
        self._sealer = Sealer(own, file_lifetime=LIFETIME)
        self._origin = public_origin
        self._downloads = Downloads(self._sealer, open_sources)

    def of(self, person: str) -> Callable[[Mapping[str, Any]], str | None]:
        """What gives a file of this person its address, or none."""

        def link(file: Mapping[str, Any]) -> str | None:
            if self._origin is None:
                return None
            wanted = WantedFile(document=str(file["document"]), reference=str(file["reference"]))
            token = self._sealer.seal_file(wanted, person)
            return f"{self._origin}/webhooks/teams/files/{token}"

        return link

    def answer(self, token: str) -> HTTPResponse:
        """The file of a link. It reads and computes: run it in a thread.

        Raises:
            RefusedError: as `Downloads.answer`, in words for Teams.
        """
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise RefusedError(403, NOT_OURS) from error
        try:
            # nothing is believed of the token before `answer` has checked who signed it
            return self._downloads.answer(token, str(claims.get("sub")))
        except RefusedError as error:
            told = {410: OLD_LINK, 403: NOT_OURS}.get(error.status, error.words)
            raise RefusedError(error.status, told) from error
