"""Who is asking: a conversation belongs to the holder of a signed cookie, and to nobody else."""

import secrets
from datetime import UTC, datetime, timedelta

import jwt
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.channels.origin import OwnOrigin
from bot.channels.refusal import RefusedError

LIFETIME = timedelta(days=30)
COOKIE = "escalation_guide"
_AUDIENCE = "escalation-guide/session"
_ALGORITHM = "HS256"

NO_SESSION = "This conversation is not open on this device. Reload the page to go on."
JSON_ONLY = "Messages must be sent as JSON (Content-Type: application/json)."


class Sessions:
    """Mints, reads and guards the cookie that names the sender.

    The cookie is HttpOnly (scripts cannot read it), SameSite=Strict (other sites cannot use it)
    and Secure wherever the page is served over HTTPS.
    """

    def __init__(
        self,
        secret: str,
        public_origin: str | None = None,
        lifetime: timedelta = timedelta(days=30),
    ) -> None:
        """Keep what signs and what compares.

        Args:
            secret: Signs the cookie.
            public_origin: The address people see behind a TLS proxy, such as
                `https://guide.example.org`; without it, the Host of each request is compared.
            lifetime: How long a conversation stays open on a device after the last visit.

        Raises:
            ValueError: The public origin is not a scheme and a host.
        """
        self._secret = secret
        self._origin = OwnOrigin(public_origin)
        self._lifetime = lifetime

    def sender(self, request: Request) -> str:
        """The sender that the request's cookie proves.

        Raises:
            RefusedError: There is no cookie, it was tampered with, or it is too old.
        """
        try:
            claims = jwt.decode(
                request.cookies.get(COOKIE) or "",
                self._secret,
                [_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "sub", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise RefusedError(401, NO_SESSION) from error
        return str(claims["sub"])

    def renew(self, request: Request, response: BaseHTTPResponse) -> None:
        """Give the response the cookie of this sender, or of a new one, for a full lifetime."""
        try:
            sender = self.sender(request)
        except RefusedError:
            sender = "web-" + secrets.token_hex(16)
        claims = {"aud": _AUDIENCE, "sub": sender, "exp": datetime.now(UTC) + self._lifetime}
        response.cookies[COOKIE] = jwt.encode(claims, self._secret, _ALGORITHM)
        cookie = response.cookies[COOKIE]
        cookie["path"] = "/"
        cookie["httponly"] = True
        cookie["samesite"] = "Strict"
        cookie["max-age"] = int(self._lifetime.total_seconds())
        if self._origin.is_https(request):
            cookie["secure"] = True

    def require_same_origin(self, request: Request) -> None:
        """Refuse what another site's page could have sent.

        Raises:
            RefusedError: Another origin, or a content type that a plain HTML form can send.
        """
        self._origin.require(request)
        media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if media_type != "application/json":
            raise RefusedError(415, JSON_ONLY)
