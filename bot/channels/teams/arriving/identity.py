"""Whether Microsoft sent a message, and whose it is."""

from dataclasses import dataclass
from typing import Protocol

import jwt

from bot.channels.teams.arriving.keys import Key, UnknownKeyError

ISSUER = "https://api.botframework.com"
LEEWAY_SECONDS = 300
CHANNEL = "msteams"


class TokenRefusedError(Exception):
    """The token does not prove that Microsoft sent this. Says why, for the log alone."""


class KeySet(Protocol):
    """Where keys come from."""

    async def get(self, kid: str) -> Key:
        """The key of this id; see `Keys.get`."""


@dataclass(frozen=True)
class Proof:
    """What a good token says.

    Attributes:
        service_url: Where Microsoft wants the replies to this message.
        endorsed: The channels whose messages the key may sign.
    """

    service_url: str
    endorsed: frozenset[str]

    def require(self, *, service_url: str, channel: str) -> None:
        """Make sure that the token was made for a message with these.

        Raises:
            TokenRefusedError: It was made for another service or another channel.
        """
        if self.service_url.rstrip("/") != service_url.rstrip("/"):
            raise TokenRefusedError("serviceurl")
        if channel != CHANNEL or channel not in self.endorsed:
            raise TokenRefusedError("channel")


async def proof_of(authorization: str | None, keys: KeySet, app_id: str) -> Proof:
    """Check the token of a request.

    Args:
        authorization: The header.
        keys: Microsoft's keys.
        app_id: Whom the token must be for.

    Raises:
        TokenRefusedError: There is none, or it is not Microsoft's, not for us, or not of now.
        KeysUnavailableError: Nobody can say: the keys cannot be fetched.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefusedError("no bearer token")
    try:
        header = jwt.get_unverified_header(token)
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str) or not kid:
            raise TokenRefusedError("header")
        key = await keys.get(kid)
        claims = jwt.decode(
            token,
            key.key,
            ["RS256"],
            audience=app_id,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "serviceurl"], "strict_aud": True},
        )
    except (jwt.PyJWTError, UnknownKeyError) as error:
        raise TokenRefusedError(type(error).__name__) from error
    if not isinstance(claims["serviceurl"], str):
        raise TokenRefusedError("serviceurl")
    return Proof(claims["serviceurl"], key.endorsed)


def person_of(tenant: str, object_id: str) -> str:
    """The one identity of a person in the records, in every channel that they sign in to.

    An object id is unique only in its tenant, so both make the person.
    """
    return f"entra:{tenant.lower()}:{object_id.lower()}"
