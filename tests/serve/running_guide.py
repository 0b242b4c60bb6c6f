"""`escalate serve` as a process of its own, and a person who talks to it as the page does."""

import ctypes
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import requests
from sqlalchemy import NullPool, create_engine, make_url, text

ROOT = Path(__file__).parents[2]
ESCALATE = Path(sys.executable).with_name("escalate")
SECONDS_TO_TRAIN = 200
PORTS = iter(random.Random().sample(range(10_000, 32_000), 5_000))
SENTENCE = "We think the threshold is met and they do not agree"


def free_port() -> int:
    """A port that nobody listens on, and that stays free until a test listens on it.

    It is below those that the system gives away by itself, to a connection or to other tests.
    """
    for port in PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("Every port was tried, and each is in use.")


def surroundings(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a guide with its own home; the trained model is shared by all runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ESCALATE_")}
    ours = {"ESCALATE_HOME": str(home), "ESCALATE_MODELS": str(ROOT / "var" / "models")}
    return {**kept, **ours, **settings}


def obey_permissions() -> None:
    """Let even root obey the permissions of files, from the next program on (Linux)."""
    drop_from_bounding_set, override = 24, 1
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(drop_from_bounding_set, override)


def run(home: Path, *arguments: str, cwd: Path = ROOT, **settings: str) -> Any:
    """Run `escalate` to its end."""
    return subprocess.run(
        [ESCALATE, *arguments],
        env=surroundings(home, **settings), cwd=cwd, text=True, capture_output=True,
        timeout=60, check=False, preexec_fn=obey_permissions,
    )  # fmt: skip


@dataclass
class Guide:
    """One `escalate serve` on one home, started and killed as often as a test likes."""

    home: Path
    program: tuple[str | Path, ...] = (ESCALATE,)
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self, cwd: Path = ROOT) -> "Guide":
        """Start it and wait until it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "serve.log").open("a") as log:
            self.process = subprocess.Popen(
                [*self.program, "serve", "--port", str(self.port)],
                env=surroundings(self.home, **self.settings), cwd=cwd, stdout=log, stderr=log,
                text=True, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + SECONDS_TO_TRAIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                requests.get(self.address + "webhooks/web/", timeout=1)
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.1)
            else:
                return self
        self.kill()
        raise AssertionError(f"escalate serve did not start:\n{self.log}")

    @property
    def log(self) -> str:
        return (self.home / "serve.log").read_text()

    def kill(self) -> None:
        """kill -9: nothing is finished, nothing is tidied up."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def kill_all(self) -> None:
        """kill -9 of whatever it started, too, all at once: as when the machine goes."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def interrupt(self) -> int:
        """Ctrl-C, which reaches whatever it started too; the exit code."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(20)

    @property
    def records_url(self) -> str:
        """Where its records are."""
        own = f"sqlite:///{self.home / 'escalations.db'}"
        return self.settings.get("ESCALATE_DATABASE_URL", own)

    def rows(self, table: str, order: str | None = None) -> list[dict[str, Any]]:
        """What a table of the records holds; as it was written, unless told."""
        written = "rowid" if self.records_url.startswith("sqlite") else "ctid"
        return self.asked(f"SELECT * FROM {table} ORDER BY {order or written}")

    def asked(self, question: str, **values: Any) -> list[dict[str, Any]]:
        """What the records answer to a question in SQL."""
        url = make_url(self.records_url)
        if url.drivername == "sqlite":
            url = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as records:
            return [dict(row) for row in records.execute(text(question), values).mappings()]

    def verified(self) -> str:
        """What `escalate db verify` says; it must be content."""
        checked = run(self.home, "db", "verify", **self.settings)
        assert checked.returncode == 0, checked.stderr
        return str(checked.stdout)


@dataclass
class Person:
    """Talks to the web channel over HTTP, with the cookie of one browser."""

    address: str
    web: requests.Session = field(default_factory=requests.Session)
    messages: list[dict[str, Any]] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)

    def open(self) -> "Person":
        """Open the page: a session, and the greeting if there is nothing yet."""
        self._post("session", {})
        self.messages = self.history()
        return self if self.messages else self.send({"begin": True})

    def history(self) -> list[dict[str, Any]]:
        """The conversation so far, as a reload shows it."""
        answer = self.web.get(self.address + "webhooks/web/history", timeout=30)
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def send(self, content: dict[str, Any], timeout: float = 60) -> "Person":
        """Send one message as the page would; it is kept, so that it can be sent again."""
        self.last = {"id": str(uuid4()), **content}
        return self.again(timeout)

    def again(self, timeout: float = 60) -> "Person":
        """Send the last message once more, with the same id."""
        reply = self._post("message", self.last, timeout)
        assert not reply["failed"], reply
        self.messages = reply["messages"]
        return self

    def say(self, text: str) -> "Person":
        return self.send({"text": text})

    def tap(self, title: str) -> "Person":
        """Tap the first button whose title begins so."""
        return self.send({"choice": self.token(title)})

    def token(self, title: str) -> str:
        found = [b["token"] for b in self.buttons if b["title"].startswith(title)]
        assert found, f"no button {title!r} among {self.titles}"
        return str(found[0])

    def follow(self, *steps: str) -> "Person":
        """Steps of a walk: the beginning of a button, or `>` and typed words."""
        for step in steps:
            self.say(step[1:]) if step.startswith(">") else self.tap(step)
        return self

    def begin(self, policy: str) -> "Person":
        """Begin a walk and say where it stands, as far as the stage."""
        return self.follow(*BEGIN).choose(policy)

    def choose(self, policy: str) -> "Person":
        """Make the choices of a policy's walk for as long as they are offered."""
        for step in iter(lambda: preferred(policy, self.titles), None):
            self.tap(step)
        return self

    def finish(self, *steps: str, until: str = "Yes, record it") -> "Person":
        """Answer what else is asked in the plainest way, until a button is there."""
        self.follow(*steps)
        for _ in range(12):
            if any(title.startswith(until) for title in self.titles):
                return self
            self.follow(plain_answer(self.titles))
        raise AssertionError(f"{until!r} never came; the buttons are {self.titles}")

    @property
    def sender(self) -> str:
        """The name under which the records know this person."""
        cookie = self.web.cookies["escalation_guide"]
        claims = jwt.decode(cookie, options={"verify_signature": False})
        return str(claims["sub"])

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons of the last message that has some."""
        return next((m["buttons"] for m in reversed(self.messages) if m.get("buttons")), [])

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]

    @property
    def said(self) -> str:
        return "\n".join(message.get("text", "") for message in self.messages)

    @property
    def reference(self) -> str | None:
        found = re.search(r"ESC-\d{4}-\d{4}", self.said)
        return found[0] if found else None

    def _post(self, what: str, body: dict[str, Any], timeout: float = 60) -> dict[str, Any]:
        answer = self.web.post(f"{self.address}webhooks/web/{what}", json=body, timeout=timeout)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def preferred(policy: str, titles: list[str]) -> str | None:
    """The choice of a policy's walk that is among these buttons, in whatever order they come."""
    return next(
        (step for step in WALKS[policy] for title in titles if title.startswith(step)), None
    )


def plain_answer(titles: list[str]) -> str:
    """A plain answer to a question, by its buttons: a date, a sentence, no, or the first choice."""
    if "Yesterday" in titles:
        return "Yesterday"
    if "Skip this" in titles:
        return f">{SENTENCE}"
    return "No" if "No" in titles else titles[0]


BEGIN = ("I disagree", "No")
WALKS = {
    "jersey": ("Jersey", "A disagreement with another agency about a child", "How the risk",
               "We disagree and have not met"),
    "plymouth": ("Plymouth", "Another agency's", "Levels of need", "We talked and did not agree"),
    "sandwell": ("Sandwell", "A decision or action", "A referral", "Team managers did not"),
    "gloucestershire": ("Gloucestershire", "A decision or action", "Whether a referral",
                        "We disagree, or"),
    "berkshire": ("Berkshire", "Another agency's", "We disagree, or"),
}  # fmt: skip
"""For each policy, what to choose: the partnership, the matter, the area, the stage."""
