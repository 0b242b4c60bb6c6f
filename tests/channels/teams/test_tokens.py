"""The token of the bot: asked once, asked again when it must be, and never a fault."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.channels.teams.posting.tokens import Tokens, TokenUnavailableError, tokens_of
from bot.settings import SettingsError


class Client:
    made = 0

    def __init__(self, *answers):
        Client.made += 1
        self.answers = [*answers]

    def acquire(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_client_is_made_at_the_first_reply_and_kept():
    Client.made = 0
    tokens = Tokens(lambda: Client({"access_token": "a"}, {"access_token": "b"}))
    assert Client.made == 0
    assert [await tokens.get(), await tokens.get()] == ["a", "b"]
    assert Client.made == 1
    tokens.forget()
    assert await tokens.get() == "a"
    assert Client.made == 2


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"error": "invalid_client", "error_description": "about someone"}, "^invalid_client$"),
        (requests.ConnectionError("no route"), "^ConnectionError$"),
        (ValueError("tenant discovery"), "^ValueError$"),
    ],
)
async def test_what_entra_says_is_told_without_its_details(answer, told):
    tokens = Tokens(lambda: Client(answer))
    with pytest.raises(TokenUnavailableError, match=told):
        await tokens.get()


@pytest.fixture
def certificate(tmp_path):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "guide")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "bot.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize("way", ["secret", "certificate", "managed identity"])
async def test_entra_that_cannot_be_reached_is_no_fault(settings, certificate, way, monkeypatch):
    monkeypatch.delenv("IDENTITY_ENDPOINT", raising=False)
    nowhere = {"http": "http://127.0.0.1:9", "https": "http://127.0.0.1:9"}
    for name, proxy in nowhere.items():  # whatever it asks for, it does not leave this machine
        monkeypatch.setenv(f"{name}_proxy", proxy)
    given = {
        "secret": {},
        "certificate": {"teams_secret": None, "teams_certificate": certificate},
        "managed identity": {"teams_secret": None, "teams_managed_identity": True},
    }[way]
    tokens = tokens_of(replace(settings, teams_login="https://127.0.0.1:9", **given))
    with pytest.raises(TokenUnavailableError):
        await tokens.get()


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----", "é"])
def test_a_certificate_that_is_none_is_refused(settings, tmp_path, content):
    path = tmp_path / "bot.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError, match="ESCALATE_TEAMS_CERTIFICATE"):
        tokens_of(replace(settings, teams_secret=None, teams_certificate=path))
