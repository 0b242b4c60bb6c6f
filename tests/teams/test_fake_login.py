"""The fake is as strict as what it stands for: keys and tokens."""

import time
from datetime import UTC, datetime, timedelta

import jwt
import msal
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from fake_login import SCOPE, Registration
from fake_microsoft import FakeMicrosoft
from signing import FOREIGN_TENANT, UNENDORSED_KID, refused_cases


def key_set(microsoft):
    keys = requests.get(f"{microsoft.address}/v1/.well-known/keys", timeout=5).json()["keys"]
    return {key["kid"]: key for key in keys}


def test_a_connector_token_is_good_for_the_key_set(microsoft):
    token = microsoft.login.token(microsoft.service_url)
    key = jwt.PyJWK(key_set(microsoft)[jwt.get_unverified_header(token)["kid"]])
    claims = jwt.decode(token, key, audience=microsoft.bot.app_id, algorithms=["RS256"])
    assert claims["serviceurl"] == microsoft.service_url
    assert claims["iss"] == "https://api.botframework.com"


def test_only_the_first_key_is_endorsed_for_teams(microsoft):
    keys = key_set(microsoft)
    assert keys["key-1"]["endorsements"] == ["msteams"]
    assert "msteams" not in keys[UNENDORSED_KID]["endorsements"]


def test_a_rotated_key_is_gone(microsoft):
    old = microsoft.login.token(microsoft.service_url)
    microsoft.login.rotate()
    assert jwt.get_unverified_header(old)["kid"] not in key_set(microsoft)
    assert "key-2" in key_set(microsoft)


@pytest.mark.parametrize("down", ["refused", 503])
def test_the_key_set_goes_down_and_comes_back(microsoft, down):
    microsoft.login.keys_down = down
    if down == "refused":
        with pytest.raises(requests.ConnectionError):
            key_set(microsoft)
    else:
        answer = requests.get(f"{microsoft.address}/v1/.well-known/keys", timeout=5)
        assert answer.status_code == down
    microsoft.login.keys_down = None
    assert key_set(microsoft)


def test_the_key_set_is_slow_on_demand_and_counts(microsoft):
    microsoft.login.seconds_slow = 0.3
    began = time.monotonic()
    key_set(microsoft)
    assert time.monotonic() - began >= 0.3
    assert microsoft.login.asked["keys"] == 1


def test_a_stopped_fake_refuses_connections_until_it_is_started_again(microsoft):
    microsoft.stop()
    with pytest.raises(requests.ConnectionError):
        key_set(microsoft)
    microsoft.start()
    assert key_set(microsoft)


def test_the_cases_that_must_be_refused_are_told_apart_and_wrong(microsoft):
    login = microsoft.login
    cases = refused_cases(
        login.signer, login.unendorsed, microsoft.bot.app_id, microsoft.service_url
    )
    assert len({case.name for case in cases}) == len(cases) >= 30
    assert {case.status for case in cases} == {401, 403}
    key = login.signer.key.public_key()
    good = [case.name for case in cases if accepted(case, key, microsoft)]
    assert good == [
        "a channel that the key is not endorsed for",
        "a tenant that is not allow-listed",
    ]  # whose token is good: what comes with it is not


def accepted(case, key, microsoft):
    scheme, _, token = (case.authorization or "").partition(" ")
    try:
        claims = jwt.decode(
            token, key, ["RS256"], audience=microsoft.bot.app_id, leeway=300,
            issuer="https://api.botframework.com",
            options={"require": ["exp", "iss", "aud", "serviceurl"]},
        )  # fmt: skip
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        return False
    known = kid == microsoft.login.signer.kid
    return scheme == "Bearer" and known and claims["serviceurl"] == microsoft.service_url


# Entra, as MSAL talks to it


@pytest.fixture
def trusted(microsoft, monkeypatch):
    for name, value in microsoft.environment.items():
        monkeypatch.setenv(name, value)
    return microsoft


def client(microsoft, credential=None, **changed):
    options = {
        "client_credential": credential or microsoft.bot.secret,
        "authority": microsoft.authority,
        "instance_discovery": False,
    }
    return msal.ConfidentialClientApplication(
        changed.pop("client_id", microsoft.bot.app_id), **(options | changed)
    )


def test_msal_gets_a_token_that_may_call_the_connector(trusted):
    found = client(trusted).acquire_token_for_client([SCOPE])
    assert trusted.login.may_call(f"Bearer {found['access_token']}") is None


def test_msal_with_instance_discovery(trusted):
    discovery = f"{trusted.tls_address}/common/discovery/instance"
    found = client(trusted, instance_discovery=discovery).acquire_token_for_client([SCOPE])
    assert "access_token" in found
    assert trusted.login.asked["instance"] == 1


@pytest.mark.parametrize(
    ("changed", "scope", "error"),
    [
        ({"credential": "wrong"}, SCOPE, "invalid_client"),
        ({"client_id": FOREIGN_TENANT}, SCOPE, "unauthorized_client"),
        ({}, "https://graph.microsoft.com/.default", "invalid_scope"),
    ],
    ids=["wrong secret", "unknown application", "another scope"],
)
def test_entra_refuses(trusted, changed, scope, error):
    assert client(trusted, **changed).acquire_token_for_client([scope])["error"] == error


def test_entra_knows_no_other_tenant(trusted):
    with pytest.raises(ValueError, match="check your tenant name"):
        client(trusted, authority=f"{trusted.tls_address}/{FOREIGN_TENANT}")


def test_entra_down(trusted):
    trusted.login.entra_down = "refused"
    with pytest.raises(requests.ConnectionError):
        client(trusted)


@pytest.fixture(scope="module")
def certificate():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the bot")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made, pem.decode()


@pytest.mark.parametrize("with_sha1", [True, False], ids=["x5t", "x5t#S256"])
def test_entra_takes_the_registered_certificate_and_no_other(
    tmp_path, certificate, monkeypatch, with_sha1
):
    made, pem = certificate
    microsoft = FakeMicrosoft(tmp_path, Registration(certificate=made)).start()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(microsoft.trusted))
    public = made.public_bytes(serialization.Encoding.PEM).decode()
    sha1 = {"thumbprint": made.fingerprint(hashes.SHA1()).hex()} if with_sha1 else {}
    good = client(microsoft, {"private_key": pem, "public_certificate": public, **sha1})
    assert "access_token" in good.acquire_token_for_client([SCOPE])
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    bad = client(microsoft, {"private_key": other.decode(), "public_certificate": public, **sha1})
    assert bad.acquire_token_for_client([SCOPE])["error"] == "invalid_client"
    microsoft.stop()


def test_a_managed_identity_as_app_service_gives_it(trusted, monkeypatch):
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{trusted.address}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", trusted.login.identity_header)
    identity = msal.ManagedIdentityClient(
        msal.UserAssignedManagedIdentity(client_id=trusted.bot.app_id),
        http_client=requests.Session(),
    )
    found = identity.acquire_token_for_client(resource="https://api.botframework.com")
    assert trusted.login.may_call(f"Bearer {found['access_token']}") is None
    monkeypatch.setenv("IDENTITY_HEADER", "wrong")
    again = msal.ManagedIdentityClient(
        msal.UserAssignedManagedIdentity(client_id=trusted.bot.app_id),
        http_client=requests.Session(),
    )
    assert "error" in again.acquire_token_for_client(resource="https://api.botframework.com")
