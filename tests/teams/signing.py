"""Keys that sign tokens as Microsoft does, and the tokens that nobody may be let in with."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ISSUER = "https://api.botframework.com"
CONNECTOR_AUDIENCE = "https://api.botframework.com"


@dataclass
class Signer:
    """One RSA key with its id, and the channels it is endorsed for (None: the key names none)."""

    kid: str
    endorsements: Sequence[str] | None = ("msteams",)
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    def jwk(self) -> dict[str, Any]:
        """The public half, as a key set lists it."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        public.pop("key_ops", None)
        public |= {"kid": self.kid, "x5t": self.kid, "use": "sig"}
        if self.endorsements is not None:
            public["endorsements"] = list(self.endorsements)
        return public

    def sign(self, claims: dict[str, Any], *, kid: str | None = "own") -> str:
        """A token; `kid` None leaves the key's id out of its header."""
        named = self.kid if kid == "own" else kid
        headers = {"kid": named, "x5t": named} if named is not None else {}
        return jwt.encode(claims, self.key, algorithm="RS256", headers=headers)


def connector_claims(app_id: str, service_url: str, **changed: Any) -> dict[str, Any]:
    """What the Connector claims when it calls a bot; a claim changed to None is left out."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": app_id,
        "serviceurl": service_url,
        "nbf": now - 5,
        "exp": now + 3600,
    }
    return {name: value for name, value in (claims | changed).items() if value is not None}


@dataclass(frozen=True)
class Case:
    """A request that must be refused.

    Attributes:
        name: What is wrong, for a test's id.
        status: What it must get.
        authorization: The header; None: there is none.
        activity: What is changed in the activity that goes with it.
    """

    name: str
    status: int
    authorization: str | None
    activity: dict[str, Any] = field(default_factory=dict)


FOREIGN_TENANT = "99999999-9999-4999-8999-999999999999"
ELSEWHERE = "https://evil.example/emea/"
UNENDORSED_KID = "key-of-another-channel"
"""The key set of `FakeLogin` has this key; it is endorsed for webchat alone."""


def refused_cases(signer: Signer, unendorsed: Signer, app_id: str, service_url: str) -> list[Case]:
    """Every case of authentication that must not be let in."""
    now = int(time.time())

    def signed(**changed: Any) -> str:
        return f"Bearer {signer.sign(connector_claims(app_id, service_url, **changed))}"

    good = connector_claims(app_id, service_url)
    forger = Signer(signer.kid)
    elsewhere = connector_claims(app_id, ELSEWHERE)
    return [
        Case("no header", 401, None),
        Case("an empty header", 401, ""),
        Case("Basic", 401, "Basic " + base64.b64encode(b"user:password").decode()),
        Case("a bearer without a token", 401, "Bearer "),
        Case("garbage", 401, "Bearer abc"),
        Case("garbage in three parts", 401, "Bearer a.b.c"),
        Case("a good token without its scheme", 401, signer.sign(good)),
        Case("another audience", 401, signed(aud="12345678-0000-4000-8000-000000000000")),
        Case("no audience", 401, signed(aud=None)),
        Case("another issuer", 401, signed(iss="https://evil.example")),
        Case("the issuer of Entra", 401, signed(iss="https://sts.windows.net/x/")),
        Case("no issuer", 401, signed(iss=None)),
        Case("expired", 401, signed(exp=now - 3600, nbf=now - 7200)),
        Case("expired just past the leeway", 401, signed(exp=now - 310, nbf=now - 7200)),
        Case("not yet valid", 401, signed(nbf=now + 3600, exp=now + 7200)),
        Case("no expiry", 401, signed(exp=None)),
        Case("algorithm none", 401, "Bearer " + jwt.encode(good, None, algorithm="none",
             headers={"kid": signer.kid})),
        Case("HS256 with a secret", 401, "Bearer " + jwt.encode(good, "s" * 64, algorithm="HS256",
             headers={"kid": signer.kid})),
        Case("HS256 with the public key", 401, "Bearer " + _confused(signer, good)),
        Case("RS512", 401, "Bearer " + jwt.encode(good, signer.key, algorithm="RS512",
             headers={"kid": signer.kid})),
        Case("a forged key", 401, "Bearer " + forger.sign(good)),
        Case("an unknown kid", 401, "Bearer " + signer.sign(good, kid="unknown")),
        Case("no kid", 401, "Bearer " + signer.sign(good, kid=None)),
        Case("a changed body", 401, "Bearer " + _changed(signer.sign(good))),
        Case("a signature cut off", 401, "Bearer " + signer.sign(good).rpartition(".")[0] + "."),
        Case("another serviceUrl", 401, signed(serviceurl=ELSEWHERE)),
        Case("another path of the serviceUrl", 401, signed(serviceurl=f"{service_url}amer/")),
        Case("no serviceUrl claim", 401, signed(serviceurl=None)),
        Case("a key not endorsed for Teams", 401, "Bearer " + unendorsed.sign(good)),
        Case("a channel that the key is not endorsed for", 401, signed(),
             {"channelId": "emulator"}),
        Case("a host that is not allow-listed", 403, "Bearer " + signer.sign(elsewhere),
             {"serviceUrl": ELSEWHERE}),
        Case("a tenant that is not allow-listed", 403, signed(), {
             "conversation.tenantId": FOREIGN_TENANT,
             "channelData": {"tenant": {"id": FOREIGN_TENANT}}}),
    ]  # fmt: skip


def _confused(signer: Signer, claims: dict[str, Any]) -> str:
    """HS256 with the public key as its secret, made by hand: PyJWT refuses to."""
    public = signer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = _part({"alg": "HS256", "typ": "JWT", "kid": signer.kid})
    signed = f"{header}.{_part(claims)}"
    mac = hmac.new(public, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _changed(token: str) -> str:
    """The token with its expiry moved after it was signed."""
    header, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return f"{header}.{_part(claims | {'exp': claims['exp'] + 60})}.{signature}"


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
