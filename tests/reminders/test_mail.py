"""Mail to a real server of our own: encrypted, refusing, slow, or not there at all."""

import email
import email.policy
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from types import SimpleNamespace

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.deadlines.calendar import calendar_for
from bot.escalation.safety import GENERAL_ADVICE
from bot.reminders import mail
from bot.reminders.hours import WorkingHours
from bot.reminders.mail import RefusedError, ServerError, mailer_of
from bot.reminders.outbox import Letter
from bot.settings import Settings

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LETTER = Letter(
    id=1, attempt=1, name=("case-1", "s1", "reply", "due_soon", "2026-11-19", "0", "person"),
    recipient="person", address="me@school.example",
    subject="ESC-2026-0007: a time limit ends soon",
    body="ESC-2026-0007, Stage 2. A time limit ends on Thursday 19 November 2026.",
    advice=GENERAL_ADVICE, hours=WorkingHours(calendar_for("jersey"), UTC),
)  # fmt: skip


def read(envelope):
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A server's certificate for 127.0.0.1, and the contexts of a server and of who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        ).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + made.public_bytes(pem)
    )  # fmt: skip
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return SimpleNamespace(server=server, trust=ssl.create_default_context(cafile=str(path)))


def test_a_mail_has_nothing_of_the_case_but_what_the_reminder_says(mailer, office):
    replace(mailer, origin="https://guide.example.org").send(LETTER, now=NOW)
    (envelope,) = office.taken
    assert envelope.rcpt_tos == ["me@school.example"]
    message = read(envelope)
    assert message["Subject"] == LETTER.subject
    assert message["From"] == "guide@escalation.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    paragraphs = message.get_content().replace("\r\n", "\n").strip().split("\n\n")
    assert paragraphs[0] == LETTER.body
    assert paragraphs[1].startswith("Open Escalation Guide to see what it is for")
    assert paragraphs[1].endswith("what happened: https://guide.example.org")
    assert paragraphs[2] == GENERAL_ADVICE
    assert paragraphs[3].startswith("You get this because you asked for reminders by mail.")
    assert "say: stop the e-mail" in paragraphs[3]
    assert len(paragraphs) == 4


def test_a_manager_is_told_why_they_get_it(mailer, office):
    mailer.send(replace(LETTER, recipient="manager"), now=NOW)
    assert "you, as their manager" in read(office.taken[0]).get_content()


def test_every_try_has_one_message_id_and_another_reminder_another(mailer, office):
    for letter in (LETTER, replace(LETTER, attempt=4, id=9), replace(LETTER, name=("other",))):
        mailer.send(letter, now=NOW)
    first, second, other = (read(envelope)["Message-ID"] for envelope in office.taken)
    assert first == second != other
    assert first.endswith("@escalation.example>")


def test_words_beyond_ascii_arrive_whole(mailer, office):
    mailer.send(replace(LETTER, body="Stage 2 – “not yet”"), now=NOW)
    assert read(office.taken[0]).get_content().startswith("Stage 2 – “not yet”")


def test_a_refused_mailbox_is_told_without_its_address(mailer, office):
    office.refused.add("me@school.example")
    with pytest.raises(RefusedError, match="says: 550 no mailbox the address here") as refused:
        mailer.send(LETTER, now=NOW)
    assert "school.example" not in str(refused.value)
    assert office.taken == []


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        ("550 <J.Example@School.Example>: unknown", "550 <the address>: unknown"),
        ("550 5.1.1 unknown user: j.example", "550 5.1.1 unknown user: the address"),
    ],
    ids=["in other letters", "without its domain"],
)
def test_an_address_that_comes_back_changed_is_left_out_too(mailer, office, refusal, told):
    office.refusal = refusal
    office.refused.add("j.example@school.example")
    with pytest.raises(RefusedError) as refused:
        mailer.send(replace(LETTER, address="j.example@school.example"), now=NOW)
    assert str(refused.value).endswith(f"says: {told}")


def test_a_server_that_is_not_there_is_named(mailer):
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:1 says: .*refused"):
        replace(mailer, port=1).send(LETTER, now=NOW)


def test_a_server_that_does_not_answer_in_time_is_given_up(mailer, office, monkeypatch):
    monkeypatch.setattr(mail, "SECONDS_FOR_AN_ANSWER", 0.3)
    office.wait = lambda: time.sleep(1)
    began = time.monotonic()
    with pytest.raises(ServerError):
        mailer.send(LETTER, now=NOW)
    assert time.monotonic() - began < 3


def test_a_server_that_breaks_off_after_its_ok_has_taken_the_mail(mailer, office, monkeypatch):
    monkeypatch.setattr(mail.smtplib.SMTP, "quit", lambda self: self.close() or self.noop())
    mailer.send(LETTER, now=NOW)
    assert len(office.taken) == 1


def test_starttls_encrypts_before_anything_else_is_said(open_office, office, certificate):
    mailer = open_office(tls_context=certificate.server, require_starttls=True)
    replace(mailer, security="starttls", trust=certificate.trust).send(LETTER, now=NOW)
    assert len(office.taken) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(open_office, office, certificate):
    mailer = open_office(tls_context=certificate.server)
    with pytest.raises(ServerError, match=r"(?i)certificate"):
        replace(mailer, security="starttls").send(LETTER, now=NOW)
    assert office.taken == []


def test_a_server_that_cannot_encrypt_is_refused(mailer, office):
    with pytest.raises(ServerError, match="STARTTLS"):
        replace(mailer, security="starttls").send(LETTER, now=NOW)
    assert office.taken == []


def test_tls_from_the_first_byte(open_office, office, certificate):
    mailer = open_office(ssl_context=certificate.server)
    replace(mailer, security="tls", trust=certificate.trust).send(LETTER, now=NOW)
    assert len(office.taken) == 1


def test_who_has_an_account_logs_in_and_a_wrong_password_is_told(open_office, office, certificate):
    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"us", b"p@ss"), handled=False)

    mailer = open_office(tls_context=certificate.server, authenticator=check, auth_required=True)
    ours = replace(mailer, security="starttls", trust=certificate.trust, user="us", password="p@ss")
    ours.send(LETTER, now=NOW)
    assert len(office.taken) == 1
    with pytest.raises(ServerError, match="535") as refused:
        replace(ours, password="hush-hush").send(LETTER, now=NOW)
    assert "hush" not in str(refused.value) + repr(ours)


@pytest.mark.parametrize(
    ("url", "host", "port", "security", "user"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, "starttls", None),
        ("smtp://us:p%40ss@mail.example.org:2525", "mail.example.org", 2525, "starttls", "us"),
        ("smtps://us:p%40ss@mail.example.org", "mail.example.org", 465, "tls", "us"),
        ("smtp://127.0.0.1", "127.0.0.1", 25, "none", None),
        ("smtp://[::1]:1025", "::1", 1025, "none", None),
    ],
)
def test_the_setting_says_how_to_speak_to_the_server(url, host, port, security, user):
    given = {"ESCALATE_SMTP_URL": url, "ESCALATE_MAIL_FROM": "guide@escalation.example"}
    found = mailer_of(Settings.from_environment(given))
    assert (found.host, found.port, found.security, found.user) == (host, port, security, user)
    assert found.password == (user and "p@ss")


def test_without_the_setting_there_is_no_mailer():
    assert mailer_of(Settings.from_environment({})) is None
