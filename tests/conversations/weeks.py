"""A case over weeks on a virtual clock: every morning is swept, and all that came is kept."""

import email
import email.policy
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest
import vobject
from mail import BOSS, MINE, Office
from paths import Walker
from sqlalchemy import select
from typer.testing import CliRunner

from bot.channels.downloads import Downloads, Sources
from bot.channels.sealed import Sealer, WantedFile
from bot.cli import app
from bot.policy.model import Policy
from bot.records.audit import verify_audit
from bot.records.cases import Escalation
from bot.records.database import open_database
from bot.records.errors import BrokenChainError
from bot.records.store import find
from bot.records.tables import AuditEntryRow, PostRow
from bot.records.words import STILL_RUNS
from bot.reminders.due import Pace
from bot.reminders.mail import Mailer
from bot.reminders.sweep import sweep

MORNING, AFTERNOON = time(9), time(14)
MOST_QUESTIONS = 12
SECRET = "only-for-these-tests-" * 2
SUBJECTS = {
    "due_soon": "a time limit ends soon",
    "due_today": "a time limit ends today",
    "overdue": "a time limit has passed",
    "overdue_again": "a time limit has passed and is still open",
}

Reminder = tuple[str, str, date]
"""The kind, the limit and its date, as a test expects it."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is told on a day, and what follows from it.

    Without `words` it goes by the buttons of the status. `limits` are those that change, `owed`
    the duties that are added, `done` those that are marked. `shown` is in the status after it,
    `form` in the form.
    """

    on: date
    words: str = ""
    said: Mapping[str, str]
    limits: Mapping[str, tuple[str, date | None]] = field(default_factory=dict)
    owed: Sequence[str] = ()
    done: Sequence[str] = ()
    shown: Sequence[str] = ()
    form: Sequence[str] = ()


@dataclass
class Weeks:
    """One person, one case, a virtual clock, and a mail server that takes what is sent.

    `heard` are the mornings on which reminders came, with what they were. `expected`, `owed` and
    `done` are what the case should hold after the steps taken so far.
    """

    walker: Walker
    clock: Any
    zone: ZoneInfo
    office: Office
    mailer: Mailer
    recipients: tuple[str, ...] = (MINE, BOSS)
    reference: str = ""
    last_post: int = 0
    heard: dict[date, list[Reminder]] = field(default_factory=dict)
    expected: dict[str, tuple[str, date | None]] = field(default_factory=dict)
    owed: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def case(self) -> Escalation:
        """The case as it is recorded now."""
        with self.walker.around.database.reading() as session:
            return find(session, reference=self.reference, person=self.walker.talk.person)

    @property
    def policy(self) -> Policy:
        """The policy of the case."""
        return self.walker.around.library.get(self.case.policy_id, self.case.policy_version)

    def at(self, day: date, hour: time = AFTERNOON) -> None:
        """It is this day, at this hour of the place."""
        self.clock.at = datetime.combine(day, hour, self.zone).astimezone(UTC)

    async def until(self, day: date) -> None:
        """Sweep every morning up to and including `day`; then it is the afternoon of that day."""
        morning = self.clock().astimezone(self.zone).date() + timedelta(days=1)
        while morning <= day:
            self.at(morning, MORNING)
            await self._morning(morning)
            morning += timedelta(days=1)
        self.at(day)

    async def _morning(self, morning: date) -> None:
        around, said = self.walker.around, self.walker.talk
        self.office.taken.clear()
        for _ in range(2):  # the second sweep finds nothing left to do
            sweep(
                around.database, around.library, tell_time=self.clock, pace=Pace(),
                mailer=self.mailer,
            )  # fmt: skip
        made = self._made()
        found = [(row.kind, row.key, date.fromisoformat(row.due)) for row in made]
        if not found:
            assert not self.office.taken, morning
            return
        self.heard[morning] = found
        assert {row.status for row in made} == {"sent"}
        self._check_mail(made)
        await said.say("hello")
        shown = [text for text in said.texts if "**Reminder.**" in text]
        assert len(shown) == len(found), (morning, said.texts)
        for (_, _, due), text in zip(found, shown, strict=True):
            assert self.reference in text
            assert in_words(due) in text
        await said.say("hello")
        assert "Reminder" not in said.said, "shown once"

    def _made(self) -> list[PostRow]:
        """The notices since the last time; the mails go with them."""
        with self.walker.around.database.reading() as session:
            rows = list(
                session.scalars(
                    select(PostRow).where(PostRow.id > self.last_post).order_by(PostRow.id)
                )
            )
        self.last_post = max([self.last_post, *(row.id for row in rows)])
        return [row for row in rows if row.way == "conversation"]

    def _check_mail(self, made: Sequence[PostRow]) -> None:
        """The same reminders, to each of the recipients, without a word of the matter."""
        for recipient in self.recipients:
            mails = [
                email.message_from_bytes(each.content, policy=email.policy.default)
                for each in self.office.taken
                if each.rcpt_tos == [recipient]
            ]
            subjects = sorted(f"{self.reference}: {SUBJECTS[row.kind]}" for row in made)
            assert sorted(mail["Subject"] for mail in mails) == subjects
            bodies = " ".join(" ".join(mail.get_content().split()) for mail in mails)
            for row in made:
                assert in_words(date.fromisoformat(row.due)) in bodies
            assert self.case.summary not in bodies
        assert len(self.office.taken) == len(made) * len(self.recipients)

    async def choose_mail(self) -> None:
        """Ask for reminders by mail, to the person and the manager."""
        for words in ("email me please", *self.recipients):
            await self.walker.say(words)
        await self.walker.talk.tap("Yes, send e-mail")

    async def amend(self, **said: str) -> None:
        """Tell what happened, or change or mark one thing, by the buttons of the status."""
        await self.status()
        begins = "Tell what happened" if "outcome" in said else "Change or mark something"
        await self.walker.talk.tap(begins)
        await self.answer(said)

    async def status(self) -> str:
        """What the status shows."""
        await self.walker.say(f"status of {self.reference}")
        return self.walker.talk.said

    async def tell(self, words: str, **said: str) -> None:
        """Say something, answer what is asked as it is told here, and confirm."""
        await self.walker.say(words)
        await self.answer(said)

    async def answer(self, said: Mapping[str, str]) -> None:
        """Answer what is asked as it is told here, and confirm."""
        left = dict(said)
        for _ in range(MOST_QUESTIONS):
            asked = await self.walker.asked() if await self.walker.talk.loop() else None
            if asked is None:
                break
            value = left.pop(asked.fact, "record" if asked.fact == "check" else None)
            assert value is not None, f"nobody told this test about {asked.fact}"
            if value in [choice.value for choice in asked.choices]:
                await self.walker.tap(asked.fact, value)
            else:
                await self.walker.say(value)
        assert not left, f"never asked: {left}\n{self.walker.talk.said}"

    def limits(self) -> dict[str, tuple[str, date | None]]:
        """Every limit of the case: its state and its date."""
        return {
            f"{clock.stage}/{clock.key}": (clock.status, clock.due_on) for clock in self.case.clocks
        }

    def duties(self) -> dict[str, list[str]]:
        """The duties of the case by their state, each with the stage that it came with."""
        found: dict[str, list[str]] = {}
        for duty in self.case.duties:
            found.setdefault(duty.status, []).append(f"{duty.stage}/{duty.key}")
        return found

    async def follow(self, steps: Sequence["Step"], form_id: str, offered: set[str]) -> None:
        """Take each step on its day, and check all that the case then holds and shows.

        `offered` are the duties that may or are only to be considered: they end with their stage.
        """
        for step in steps:
            await self.until(step.on)
            if step.words:
                await self.tell(step.words, **step.said)
            else:
                await self.amend(**step.said)
            self.expected |= step.limits
            self.owed = [duty for duty in [*self.owed, *step.owed] if duty not in step.done]
            self.done += step.done
            assert self.limits() == self.expected, step
            assert self.duties() == {
                state: duties
                for state, duties in (("owed", self.owed), ("done", self.done))
                if duties
            }, step
            here = self.case.stages[-1].stage
            assert await self.owed_in_the_status() == [
                duty for duty in self.owed if duty not in offered or duty.startswith(f"{here}/")
            ], step
            for words in step.shown:
                assert words in self.walker.talk.said, step
            form = await self.form(form_id)
            assert self.case.summary in form
            for words in step.form:
                assert words in form, (step, form)
            await self._check_calendar()

    async def _check_calendar(self) -> None:
        """Every date is in the calendar of the case, and looks due only while it runs."""
        shown = await self.calendar_days()
        running = {due for status, due in self.expected.values() if status in STILL_RUNS}
        dated = {due for _, due in self.expected.values() if due}
        assert running <= shown.get("CONFIRMED", set())
        assert set().union(*shown.values()) == dated

    async def owed_in_the_status(self) -> list[str]:
        """The duties that the status shows as owed, from whichever stage."""
        await self.status()
        [card] = [card for card in self.walker.talk.cards if card["title"] == self.reference]
        shown = [
            item
            for section in card["sections"]
            if "not marked as done" in section["heading"]
            for item in section["items"]
        ]
        return [
            f"{duty.stage}/{duty.key}"
            for duty in self.case.duties
            if duty.status == "owed" and any(item.startswith(duty.what) for item in shown)
        ]

    async def files(self, words: str) -> dict[str, bytes]:
        """Ask for files in the chat, and open every link that was given."""
        await self.walker.say(words)
        around, person = self.walker.around, self.walker.talk.person
        sealer = Sealer(SECRET)
        downloads = Downloads(
            sealer, lambda: Sources(around.library, around.database, now=self.clock)
        )
        given = [
            file
            for message in self.walker.talk.messages
            for file in message.get("custom", {}).get("files", ())
        ]
        return {
            file["name"].removeprefix(f"{self.reference}-"): downloads.answer(
                sealer.seal_file(WantedFile(file["document"], file["reference"]), person), person
            ).body
            for file in given
        }

    async def form(self, form_id: str) -> str:
        """The words of a form that was asked for in the chat."""
        return words_of((await self.files("give us the form"))[f"form-{form_id}.docx"])

    async def calendar_days(self) -> dict[str, set[date]]:
        """The days in the calendar of the case by their status."""
        made = (await self.files("calendar file please"))["dates.ics"]
        found: dict[str, set[date]] = {}
        for event in vobject.readOne(made.decode()).vevent_list:
            found.setdefault(event.status.value, set()).add(event.dtstart.value)
        return found

    def trail(self) -> list[str]:
        """The audit trail, an entry a line."""
        with self.walker.around.database.reading() as session:
            rows = session.scalars(select(AuditEntryRow).order_by(AuditEntryRow.seq)).all()
        return [in_one_line(row.what, json.loads(row.detail)) for row in rows]


def in_words(day: date) -> str:
    """Thursday 24 December 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def words_of(made: bytes) -> str:
    """All words of a Word document, a paragraph or a cell to a line."""
    paper = docx.Document(BytesIO(made))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in paper.paragraphs), *cells])


def in_one_line(what: str, detail: Mapping[str, Any]) -> str:
    """An entry of the trail: what happened, to what, and what it then was."""
    where = f"{detail['stage']}/{detail['key']}" if "key" in detail else detail.get("stage")
    told = ("policy", "outcome", "status", "left_on", "ended_on", "due", "fact")
    entered = detail.get("entered_on") if what == "StageEntered" else None
    parts = [what, where, *(detail.get(name) for name in told), entered]
    return " ".join(str(part) for part in parts if part)


def check_every_byte(records_file: Path, entries: int) -> None:
    """The trail holds; whichever entry has one other byte, that very one is named."""
    copy = records_file.with_name("tampered.db")
    raw = sqlite3.connect(copy, isolation_level=None)
    sqlite3.connect(records_file).backup(raw)
    for kind in ("update", "delete", "replace"):
        raw.execute(f"DROP TRIGGER audit_entry_no_{kind}")
    details = raw.execute("SELECT seq, detail FROM audit_entry ORDER BY seq").fetchall()
    assert len(details) == entries
    change = "UPDATE audit_entry SET detail = ? WHERE seq = ?"
    url = f"sqlite:///{copy}"
    with open_database(url) as database:
        for seq, detail in details:
            with database.reading() as session:
                assert verify_audit(session).count == entries
            middle = len(detail) // 2
            other = chr(ord(detail[middle]) ^ 1)
            raw.execute(change, (detail[:middle] + other + detail[middle + 1 :], seq))
            with (
                database.reading() as session,
                pytest.raises(BrokenChainError, match=f"broken at entry {seq}:"),
            ):
                verify_audit(session)
            if seq == entries:
                told = CliRunner(env={"ESCALATE_DATABASE_URL": url}).invoke(app, ["db", "verify"])
                assert (told.exit_code, f"broken at entry {seq}:" in told.stderr) == (2, True)
            raw.execute(change, (detail, seq))
    raw.close()
