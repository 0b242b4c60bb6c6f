"""Who leads a session: whoever holds its key, in a cookie that only its pages are sent."""

from datetime import UTC, datetime, timedelta

import jwt
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.channels.refusal import RefusedError

COOKIE = "escalation_guide_lead"
LIFETIME = timedelta(days=30)
NOT_YOURS = (
    "This browser does not lead this session. Open the link that you were given when you opened "
    "the session: it works in any browser."
)
_AUDIENCE = "escalation-guide/lead"
_ALGORITHM = "HS256"


class LeadKeys:
    """Puts the key of a session into a signed cookie, and takes it out again."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def grant(self, answer: BaseHTTPResponse, room: str, key: str, *, https: bool) -> None:
        """Give an answer the cookie with the key of a session."""
        claims = {
            "aud": _AUDIENCE, "sub": room, "key": key, "exp": datetime.now(UTC) + LIFETIME,
        }  # fmt: skip
        answer.cookies[COOKIE] = jwt.encode(claims, self._secret, _ALGORITHM)
        cookie = answer.cookies[COOKIE]
        cookie["path"] = f"/rehearsals/lead/{room}"
        cookie["httponly"] = True
        cookie["samesite"] = "Strict"
        cookie["max-age"] = int(LIFETIME.total_seconds())
        if https:
            cookie["secure"] = True

    def take_back(self, answer: BaseHTTPResponse, room: str) -> None:
        """Take the cookie of a session away again."""
        answer.cookies[COOKIE] = ""
        answer.cookies[COOKIE]["path"] = f"/rehearsals/lead/{room}"
        answer.cookies[COOKIE]["max-age"] = 0

    def key(self, request: Request, room: str) -> str:
        """The key of a session that the request's cookie holds.

        Raises:
            RefusedError: There is no cookie, it was tampered with, or it is another session's.
        """
        try:
            claims = jwt.decode(
                request.cookies.get(COOKIE) or "",
                self._secret,
                [_ALGORITHM],
                audience=_AUDIENCE,
                subject=room,
                options={"require": ["exp", "sub", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise RefusedError(401, NOT_YOURS) from error
        return str(claims["key"])
