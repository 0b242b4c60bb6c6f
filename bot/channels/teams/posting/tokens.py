"""The token with which we speak to the Bot Connector: asked of Entra, kept until it is old."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msal
import requests
from msal.exceptions import MsalError

from bot.settings import Settings, SettingsError

RESOURCE = "https://api.botframework.com"
SECONDS_TO_WAIT = 10.0


class TokenUnavailableError(Exception):
    """Entra gives no token now. Says what Entra calls the reason, which names no person."""


class TokenSource(Protocol):
    """Where tokens come from."""

    async def get(self) -> str:
        """A token that is good now; raises `TokenUnavailableError`."""

    def forget(self) -> None:
        """The token was refused: ask for another the next time."""


class Client(Protocol):
    """What this program needs of MSAL."""

    def acquire(self) -> Mapping[str, Any]:
        """A token from the cache or from Entra, or what went wrong. It blocks."""


class Tokens:
    """Tokens of one application in its own tenant.

    Nothing is asked before the first reply, so we start without Entra.
    """

    def __init__(self, make_client: Callable[[], Client]) -> None:
        """Keep what makes a client; making one talks to Entra already."""
        self._make_client = make_client
        self._client: Client | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A token that is good now.

        Raises:
            TokenUnavailableError: Entra cannot be reached or does not give one.
        """
        async with self._lock:
            try:
                found = await asyncio.to_thread(self._acquired)
            except (requests.RequestException, ValueError, MsalError) as error:
                self._client = None
                raise TokenUnavailableError(type(error).__name__) from error
        if "access_token" not in found:
            raise TokenUnavailableError(str(found.get("error")))
        return str(found["access_token"])

    def forget(self) -> None:
        """The token was refused: ask for another the next time."""
        self._client = None

    def _acquired(self) -> Mapping[str, Any]:
        if self._client is None:
            self._client = self._make_client()
        return self._client.acquire()


class _Application:
    """An app registration with a secret or a certificate."""

    def __init__(self, app_id: str, credential: Any, authority: str) -> None:
        self._application = msal.ConfidentialClientApplication(
            app_id,
            client_credential=credential,
            authority=authority,
            # the authority is ours to name; else MSAL asks login.microsoftonline.com about it
            instance_discovery=False,
            timeout=SECONDS_TO_WAIT,
        )

    def acquire(self) -> Mapping[str, Any]:
        found = self._application.acquire_token_for_client([f"{RESOURCE}/.default"])
        return dict(found or {})


class _Identity:
    """The managed identity of the machine in Azure that we run on."""

    def __init__(self, app_id: str) -> None:
        session = requests.Session()
        session.request = _with_timeout(session.request)  # type: ignore[method-assign]
        identity = msal.UserAssignedManagedIdentity(client_id=app_id)
        self._client = msal.ManagedIdentityClient(identity, http_client=session)

    def acquire(self) -> Mapping[str, Any]:
        return dict(self._client.acquire_token_for_client(resource=RESOURCE) or {})


def _with_timeout(request: Callable[..., Any]) -> Callable[..., Any]:
    def asked(*arguments: Any, **more: Any) -> Any:
        more.setdefault("timeout", SECONDS_TO_WAIT)
        return request(*arguments, **more)

    return asked


def tokens_of(settings: Settings) -> Tokens:
    """Where the tokens come from that the settings ask for.

    Raises:
        SettingsError: the certificate cannot be read.
    """
    app_id = str(settings.teams_app_id)
    authority = f"{settings.teams_login}/{settings.teams_tenant}"
    if settings.teams_managed_identity:
        return Tokens(lambda: _Identity(app_id))
    credential: Any = settings.teams_secret
    if settings.teams_certificate is not None:
        credential = _certificate(settings)
    return Tokens(lambda: _Application(app_id, credential, authority))


def _certificate(settings: Settings) -> dict[str, str]:
    path = settings.teams_certificate
    try:
        pem = path.read_text(encoding="ascii") if path is not None else ""
    except (OSError, UnicodeDecodeError) as error:
        told = f"ESCALATE_TEAMS_CERTIFICATE: {path} cannot be read: {error}."
        raise SettingsError(told) from error
    if "PRIVATE KEY-----" not in pem or "BEGIN CERTIFICATE-----" not in pem:
        raise SettingsError(
            f"ESCALATE_TEAMS_CERTIFICATE: {path} must hold the private key and its certificate, "
            "both as PEM text."
        )
    return {"private_key": pem, "public_certificate": pem[pem.index("-----BEGIN CERTIFICATE") :]}
