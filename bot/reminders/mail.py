"""Sends one reminder by mail: plain text, with nothing of the case but its reference.

SMTP alone cannot promise "exactly once". Where the program dies, or the database fails, between the
server's "OK" and our commit, the mail is sent again after its lease; so it may be where a server
answers so slowly that the lease ends before its "OK". Every try carries the same Message-ID, by
which mail programs and people recognise a duplicate.
"""

import hashlib
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal
from urllib.parse import unquote, urlsplit

from bot.records.words import Recipient
from bot.reminders.outbox import Letter
from bot.settings import Settings

SECONDS_FOR_AN_ANSWER = 20
"""How long the server may take over each command; a mail takes about ten."""
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
WHY: dict[Recipient, str] = {
    "person": (
        "You get this because you asked for reminders by mail. "
        "To stop them, open Escalation Guide and say: stop the e-mail."
    ),
    "manager": (
        "You get this because a practitioner asked that you, as their manager, are reminded too. "
        "Ask them if you want it to stop."
    ),
}


class MailError(Exception):
    """A mail did not arrive; the words can be shown to an administrator."""


class ServerError(MailError):
    """The mail server takes no mail at all now: there is no use in trying the next one."""


class RefusedError(MailError):
    """The mail server does not take this one mail."""


@dataclass(frozen=True, kw_only=True)
class Mailer:
    """A mail server and how to speak to it. `trust` is whose certificates are believed."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    origin: str | None = None
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def send(self, letter: Letter, *, now: datetime) -> None:
        """Hand one mail to the server; it has arrived there when this returns.

        Raises:
            ServerError: the server cannot be reached, does not speak as it should, or refuses us.
            RefusedError: it refuses this mail.
        """
        message = self.message(letter, now=now)
        try:
            server = self._connected()
            try:
                server.send_message(message, to_addrs=[letter.address])
            finally:
                # the mail is accepted or refused by now: how the server says goodbye is no matter
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            raise RefusedError(self._told(error, letter.address)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ServerError(self._told(error, letter.address)) from error

    def message(self, letter: Letter, *, now: datetime) -> EmailMessage:
        """The mail as it is sent."""
        made = EmailMessage()
        made["From"] = self.sender
        made["To"] = letter.address
        made["Subject"] = letter.subject
        made["Date"] = format_datetime(now)
        name = hashlib.sha256("\n".join(letter.name).encode()).hexdigest()[:32]
        made["Message-ID"] = f"<reminder-{name}@{self._domain}>"
        made["Auto-Submitted"] = "auto-generated"
        where = f"Open Escalation Guide to see what it is for, or to say what happened{self._link}"
        why = f"{WHY[letter.recipient]} Nobody reads replies to this message."
        made.set_content("\n\n".join([letter.body, where, letter.advice, why]) + "\n")
        return made

    @property
    def _domain(self) -> str:
        """Under which name we greet the server: to ask DNS for our own can take long."""
        return self.sender.partition("@")[2]

    @property
    def _link(self) -> str:
        return f": {self.origin}" if self.origin else "."

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, self._domain, timeout=SECONDS_FOR_AN_ANSWER,
                context=self.trust,
            )  # fmt: skip
        else:
            server = smtplib.SMTP(self.host, self.port, self._domain, timeout=SECONDS_FOR_AN_ANSWER)
        try:
            if self.security == "starttls":
                server.starttls(context=self.trust)
            if self.user is not None and self.password is not None:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _told(self, error: Exception, address: str) -> str:
        """What went wrong, without the address: it may be a name."""
        match error:
            case smtplib.SMTPRecipientsRefused():
                ((code, words),) = error.recipients.values()
                said = f"{code} {_text(words)}"
            case smtplib.SMTPResponseException():
                said = f"{error.smtp_code} {_text(error.smtp_error)}"
            case _:
                said = str(error) or type(error).__name__
        return f"{self.host}:{self.port} says: {_without(address, said)}"


def _without(address: str, said: str) -> str:
    """The words without the address, nor the part before its @, in whichever letters."""
    user = address.partition("@")[0]
    alone = rf"(?<![\w.+-]){re.escape(user)}(?![\w.+-])"
    return re.sub(f"{re.escape(address)}|{alone}", "the address", said, flags=re.IGNORECASE)


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def mailer_of(settings: Settings) -> Mailer | None:
    """The configured mail server; none where mail is not configured.

    Beyond this machine the connection is always encrypted: a server that cannot is refused.
    """
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    parts = urlsplit(settings.smtp_url)
    host = parts.hostname or ""
    encrypted = parts.scheme == "smtps"
    here = host in THIS_MACHINE
    return Mailer(
        host=host,
        port=parts.port or (465 if encrypted else 25 if here else 587),
        security="tls" if encrypted else "none" if here else "starttls",
        sender=settings.mail_from,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        origin=settings.public_origin,
    )
