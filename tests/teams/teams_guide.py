"""`escalate serve` with Teams set up, against a Microsoft on loopback; and what people do there."""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fake_microsoft import FakeMicrosoft
from running_guide import BEGIN, ESCALATE, Guide, plain_answer, preferred
from seen import words
from teams_person import Person

REFERENCE = re.compile(r"ESC-\d{4}-\d{4}")
SECONDS_TO_RESEND = 4.0
"""A test does not wait for the 15 seconds of the real service."""


def teams_guide(
    home: Path,
    microsoft: FakeMicrosoft,
    program: tuple[str | Path, ...] = (ESCALATE,),
    **more: str,
) -> Guide:
    """A guide that is not started yet; `more` of its settings, such as its databases."""
    return Guide(home, program, settings=settings(microsoft) | more)


def settings(microsoft: FakeMicrosoft) -> dict[str, str]:
    """The environment of a guide in this Microsoft's hands."""
    return {
        "ESCALATE_TEAMS_APP_ID": microsoft.bot.app_id,
        "ESCALATE_TEAMS_TENANT": microsoft.bot.tenant,
        "ESCALATE_TEAMS_SECRET": microsoft.bot.secret,
        "ESCALATE_TEAMS_HOSTS": "127.0.0.1",
        "ESCALATE_TEAMS_LOGIN": microsoft.tls_address,
        "ESCALATE_TEAMS_KEYS": f"{microsoft.address}/v1/.well-known/keys",
        **microsoft.environment,
    }


@dataclass
class Practitioner(Person):
    """A person who walks through a policy, as the one on the page does."""

    guide: Guide | None = None

    def settled(self, quiet: float = 0.05) -> "Practitioner":
        """Wait until the guide has answered all that it took, and sent all of it."""
        self.wait(lambda: bool(self.messages), "no answer")
        until = time.monotonic() + self.seconds_patient
        while still := waiting(self.guide, self.conversation):
            assert time.monotonic() < until, f"still waiting: {still}"
            time.sleep(quiet)
        return self

    def step(self, step: str) -> "Practitioner":
        """The beginning of a button, or `>` and typed words; returns once the answer is whole."""
        if step.startswith(">"):
            self.say(step[1:])
        else:
            self.tap(step)
        self.settled()
        return self

    def follow(self, *steps: str) -> "Practitioner":
        for step in steps:
            self.step(step)
        return self

    def begin(self, policy: str) -> "Practitioner":
        """Begin a walk and say where it stands, as far as the stage."""
        self.follow(">hello", *BEGIN)
        for step in iter(lambda: preferred(policy, self.titles), None):
            self.step(step)
        return self

    def finish(self, until: str = "Yes, record it") -> "Practitioner":
        """Answer what else is asked in the plainest way, until a button is there."""
        for _ in range(12):
            if any(title.startswith(until) for title in self.titles):
                return self
            self.step(plain_answer(self.titles))
        raise AssertionError(f"{until!r} never came; the buttons are {self.titles}")

    def record(self, policy: str) -> str:
        """A whole walk; the reference that was told at its end."""
        self.begin(policy).finish().step("Yes, record it")
        return self.reference

    @property
    def sender(self) -> str:
        """The name under which the records know this person."""
        return f"entra:{self.tenant}:{self.object_id}"

    @property
    def reference(self) -> str:
        found = set(REFERENCE.findall(self.said))
        assert len(found) == 1, f"{found} in {self.said}"
        return str(found.pop())


def all_words(person: Person) -> list[str]:
    """Every message that a person ever got, as words; references and times made alike."""
    return [alike(words(taken.activity)) for taken in person.heard]


def alike(text: str) -> str:
    """What two people are told in the same place, whatever their case and their hour."""
    text = REFERENCE.sub("ESC-0000-0000", text)
    return re.sub(r"\b\d{1,2}(:\d\d)?\s?[ap]m\b|\b\d\d:\d\d\b", "TIME", text)


def answers_to(person: Person, activity: dict[str, Any]) -> list[str]:
    """The words of what was answered to one message."""
    chosen = [t for t in person.heard if t.activity.get("replyToId") == activity["id"]]
    return [words(taken.activity) for taken in chosen]


def waiting(guide: Guide | None, conversation: str) -> list[tuple[str, str]]:
    """What a conversation still waits for: answers and replies on their way."""
    assert guide is not None
    question = " UNION ALL ".join(
        f"SELECT '{table}' AS kept, CAST(id AS TEXT) AS name FROM {table} "
        "WHERE conversation = :here AND status = 'waiting'"
        for table in ("teams_inbox", "teams_outbox")
    )
    return [(row["kept"], row["name"]) for row in guide.asked(question, here=conversation)]


def of_person(guide: Guide, person: Practitioner, table: str) -> list[dict[str, Any]]:
    """The rows of a table that are this person's."""
    return [row for row in guide.rows(table) if row["person"] == person.sender]
