"""A mail server of our own for a conversation: what it took, and whom it refuses."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from bot.reminders.mail import Mailer

SENDER = "guide@escalation.example"
MINE, BOSS = "me@school.example", "boss@school.example"


class Office:
    """Takes every mail, except for those addresses that it refuses."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return "450 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append(envelope)
        return "250 OK"


@contextmanager
def opened(office: Office) -> Iterator[Mailer]:
    """The office open at a free port, and a mailer that speaks to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield Mailer(host="127.0.0.1", port=port, security="none", sender=SENDER)
    controller.stop()
