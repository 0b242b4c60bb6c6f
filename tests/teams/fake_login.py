"""Where tokens come from: the Connector's key set, Entra's token endpoint, a managed identity.

Bots check the Connector's calls against `/v1/.well-known/keys`; MSAL asks Entra for the token of
the bot's own calls, by `/<tenant>/v2.0/.well-known/openid-configuration` and then
`/<tenant>/oauth2/v2.0/token`.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from signing import CONNECTOR_AUDIENCE, UNENDORSED_KID, Signer, connector_claims

SCOPE = "https://api.botframework.com/.default"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECONDS_OF_SKEW = 300


@dataclass(frozen=True)
class Registration:
    """The bot as it is registered in Entra, single tenant."""

    app_id: str = "11111111-1111-4111-8111-111111111111"
    tenant: str = "22222222-2222-4222-8222-222222222222"
    secret: str = "a-client-secret-that-only-tests-use"
    certificate: x509.Certificate | None = None


class _RefusedError(Exception):
    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error = status, error


@cache
def _kept(kid: str, endorsements: tuple[str, ...] | None = ("msteams",)) -> Signer:
    """A key made once for all fakes of this process: making one takes long."""
    return Signer(kid, endorsements)


@dataclass
class FakeLogin:
    """The state behind the endpoints; tests turn its knobs while it runs.

    Attributes:
        keys_down: None, "refused" (the connection breaks), or an HTTP status.
        entra_down: The same for Entra.
        seconds_slow: How long the key set takes to answer.
        seconds_valid: For how long a token of Entra can be used.
        asked: How often each endpoint was asked.
        asked_at: When it was asked last, by `time.monotonic`.
        refusals: What Entra said no to.
        then: For an endpoint, what is done the next time that it is asked, before it answers.
    """

    bot: Registration
    signer: Signer = field(default_factory=lambda: _kept("key-1"))
    unendorsed: Signer = field(default_factory=lambda: _kept(UNENDORSED_KID, ("webchat",)))
    entra: Signer = field(default_factory=lambda: _kept("entra-1", None))
    keys_down: str | int | None = None
    entra_down: str | int | None = None
    seconds_slow: float = 0.0
    seconds_valid: int = 3600
    asked: Counter[str] = field(default_factory=Counter)
    asked_at: dict[str, float] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    then: dict[str, Callable[[], Any]] = field(default_factory=dict)
    identity_header: str = "header-of-the-managed-identity"
    _assertions: set[str] = field(default_factory=set)

    def rotate(self) -> Signer:
        """A new key takes the place of the old one, which no longer counts."""
        self.signer = _kept(f"key-{int(self.signer.kid.rpartition('-')[2]) + 1}")
        return self.signer

    def token(self, service_url: str, **claims: Any) -> str:
        """A token with which the Connector calls the bot; None leaves a claim out."""
        return self.signer.sign(connector_claims(self.bot.app_id, service_url, **claims))

    def access_token(self, **changed: Any) -> str:
        """A token with which the bot may call the Connector."""
        now = int(time.time())
        claims = {
            "aud": CONNECTOR_AUDIENCE,
            "iss": f"https://sts.windows.net/{self.bot.tenant}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.seconds_valid,
            "appid": self.bot.app_id,
            "tid": self.bot.tenant,
            "ver": "1.0",
        }
        return self.entra.sign(claims | changed)

    def may_call(self, authorization: str | None) -> str | None:
        """Why a call to the Connector is not let in, or None."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme != "Bearer" or not token:
            return "There is no bearer token."
        try:
            claims = jwt.decode(
                token,
                self.entra.key.public_key(),
                ["RS256"],
                audience=CONNECTOR_AUDIENCE,
                issuer=f"https://sts.windows.net/{self.bot.tenant}/",
                options={"require": ["exp", "nbf", "appid", "tid"]},
            )
        except jwt.PyJWTError as error:
            return f"{type(error).__name__}: {error}"
        return None if claims["appid"] == self.bot.app_id else "The token is another application's."

    def routes(self) -> list[web.RouteDef]:
        """The endpoints."""
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._keys),
            web.get("/common/discovery/instance", self._instance),
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._tenant),
            web.get("/{tenant}/discovery/v2.0/keys", self._entra_keys),
            web.post("/{tenant}/oauth2/v2.0/token", self._issue),
            web.get("/msi/token", self._managed_identity),
        ]

    async def _metadata(self, request: web.Request) -> web.Response:
        await self._reached("metadata", self.keys_down, request)
        return web.json_response(
            {
                "issuer": "https://api.botframework.com",
                "authorization_endpoint": "https://invalid.botframework.com",
                "jwks_uri": f"{_origin(request)}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    async def _keys(self, request: web.Request) -> web.Response:
        await self._reached("keys", self.keys_down, request)
        return web.json_response({"keys": [self.signer.jwk(), self.unendorsed.jwk()]})

    async def _instance(self, request: web.Request) -> web.Response:
        await self._reached("instance", self.entra_down, request)
        tenant = f"{_origin(request)}/{self.bot.tenant}/v2.0/.well-known/openid-configuration"
        return web.json_response(
            {"tenant_discovery_endpoint": tenant, "api-version": "1.1", "metadata": []}
        )

    async def _tenant(self, request: web.Request) -> web.Response:
        await self._reached("tenant", self.entra_down, request)
        tenant = request.match_info["tenant"]
        if tenant != self.bot.tenant:
            return web.json_response(
                {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."},
                status=400,
            )
        base = f"{_origin(request)}/{tenant}"
        return web.json_response(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
            }
        )

    async def _entra_keys(self, request: web.Request) -> web.Response:
        await self._reached("entra-keys", self.entra_down, request)
        return web.json_response({"keys": [self.entra.jwk()]})

    async def _issue(self, request: web.Request) -> web.Response:
        await self._reached("token", self.entra_down, request)
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            self._check_grant(request.match_info["tenant"], form)
            self._check_client(form, str(request.url.with_query(None)))
        except _RefusedError as refused:
            self.refusals.append(str(refused))
            return web.json_response(
                {"error": refused.error, "error_description": str(refused)}, status=refused.status
            )
        return web.json_response(self._granted())

    def _granted(self) -> dict[str, Any]:
        return {
            "token_type": "Bearer",
            "expires_in": self.seconds_valid,
            "ext_expires_in": self.seconds_valid,
            "access_token": self.access_token(),
        }

    def _check_grant(self, tenant: str, form: Mapping[str, str]) -> None:
        if tenant != self.bot.tenant:
            raise _RefusedError(
                400, "unauthorized_client", f"AADSTS700016: no such app in {tenant}."
            )
        if form.get("grant_type") != "client_credentials":
            raise _RefusedError(
                400, "unsupported_grant_type", "AADSTS70003: not client_credentials."
            )
        if form.get("client_id") != self.bot.app_id:
            raise _RefusedError(400, "unauthorized_client", "AADSTS700016: no such application.")
        if form.get("scope") != SCOPE:
            raise _RefusedError(400, "invalid_scope", f"AADSTS70011: scope {form.get('scope')!r}.")

    def _check_client(self, form: Mapping[str, str], endpoint: str) -> None:
        if "client_assertion" in form:
            return self._check_assertion(form, endpoint)
        if form.get("client_secret") != self.bot.secret:
            raise _RefusedError(401, "invalid_client", "AADSTS7000215: Invalid client secret.")
        return None

    def _check_assertion(self, form: Mapping[str, str], endpoint: str) -> None:
        def refused(why: str) -> _RefusedError:
            return _RefusedError(401, "invalid_client", f"AADSTS700027: {why}")

        if form.get("client_assertion_type") != ASSERTION_TYPE or self.bot.certificate is None:
            raise refused("no certificate of this kind is registered.")
        token = form["client_assertion"]
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(
                token,
                self.bot.certificate.public_key(),
                ["RS256", "PS256"],
                audience=endpoint,
                issuer=self.bot.app_id,
                subject=self.bot.app_id,
                options={"require": ["exp", "iss", "sub", "aud", "jti"]},
                leeway=SECONDS_OF_SKEW,
            )
        except jwt.PyJWTError as error:
            raise refused(f"{type(error).__name__}: {error}") from error
        made = self.bot.certificate.fingerprint
        thumbprints = {"x5t": made(hashes.SHA1()), "x5t#S256": made(hashes.SHA256())}
        named = {name: header[name] for name in thumbprints if name in header}
        if not named or any(
            jwt.utils.base64url_encode(thumbprints[name]).decode() != value.rstrip("=")
            for name, value in named.items()
        ):
            raise refused("the certificate is not the registered one.")
        if claims["jti"] in self._assertions:
            raise refused("the assertion was used before.")
        self._assertions.add(claims["jti"])

    async def _managed_identity(self, request: web.Request) -> web.Response:
        """As App Service gives it (IDENTITY_ENDPOINT and IDENTITY_HEADER in the environment)."""
        await self._reached("managed-identity", self.entra_down, request)
        asked = request.query
        if request.headers.get("X-IDENTITY-HEADER") != self.identity_header:
            return web.json_response({"statusCode": 401, "message": "Wrong header."}, status=401)
        if asked.get("resource") != CONNECTOR_AUDIENCE or asked.get("api-version") != "2019-08-01":
            return web.json_response({"statusCode": 400, "message": "Bad request."}, status=400)
        granted = self._granted()
        expires = int(time.time()) + self.seconds_valid
        return web.json_response(
            {**granted, "expires_on": str(expires), "resource": CONNECTOR_AUDIENCE}
        )

    async def _reached(self, what: str, down: str | int | None, request: web.Request) -> None:
        self.asked[what] += 1
        self.asked_at[what] = time.monotonic()
        self.then.pop(what, lambda: None)()
        if what in ("keys", "metadata") and self.seconds_slow:
            await asyncio.sleep(self.seconds_slow)
        if down == "refused" and request.transport is not None:
            request.transport.abort()
            raise web.HTTPServiceUnavailable
        if isinstance(down, int):
            raise _status(down)


def _status(status: int) -> web.HTTPException:
    class Answer(web.HTTPException):
        status_code = status

    return Answer()


def _origin(request: web.Request) -> str:
    return str(request.url.origin())
