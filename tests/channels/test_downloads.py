"""Files over HTTP: for one person, for a time, made at that moment; else a page that says why."""

import os
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import docx
import jwt
import pytest
import vobject

from actions.writing import new_escalation
from bot.channels.downloads import (
    GONE,
    NO_POLICY,
    NOT_MADE,
    NOT_OPEN,
    NOT_YOURS,
    OLD_LINK,
    Sources,
    disposition,
    sources_of,
    sources_of_environment,
)
from bot.channels.sealed import Sealer, Tap, WantedFile
from bot.channels.session import COOKIE
from bot.channels.web import WebChannel
from bot.escalation.decide import decide
from bot.policy.library import Library, load_library
from bot.policy.load import content_hash
from bot.records.database import open_database
from bot.records.errors import DatabaseUnavailableError
from bot.records.migrate import upgrade
from bot.records.progress import take_step
from bot.records.steps import Ended, Step
from bot.records.store import record_escalation
from bot.settings import Settings

SECRET = "only-for-these-tests-" * 2
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
POLICIES = Settings.from_environment({}).policies_dir


@pytest.fixture(scope="module")
def library():
    return load_library(POLICIES)


@pytest.fixture
def records(tmp_path):
    url = f"sqlite:///{tmp_path / 'escalations.db'}"
    upgrade(url)
    with open_database(url) as database:
        yield database


@pytest.fixture
def opened():
    """How often the sources were opened."""
    return []


@pytest.fixture
def sources(library, records):
    return Sources(library, records, now=lambda: NOW)


@pytest.fixture
def channel(sources, opened):
    def open_sources():
        opened.append(1)
        return sources

    return WebChannel(SECRET, open_sources=open_sources)


@pytest.fixture
def sender(alice):
    """The name of Alice's conversation."""
    return sender_of(alice)


def sender_of(visitor):
    cookie = next(c for c in visitor.http.cookie_jar if c.key == COOKIE)
    return jwt.decode(cookie.value, options={"verify_signature": False})["sub"]


@pytest.fixture
def reference(library, records, sender):
    """A Sandwell case of Alice's."""
    policy = library.get("sandwell")
    said = [
        ("imminent", "no"), ("matter", "another_agency"), ("stage", "s2"),
        ("manager_aware", "2026-11-16"), ("summary", "We think it is level 4"),
    ]  # fmt: skip
    decision = decide(policy, dict(said), NOW)
    new = new_escalation(policy, content_hash(policy), decision, said, None, NOW)
    with records.session() as session:
        return record_escalation(session, key="k", person=sender, now=NOW, new=new).reference


async def follow(visitor, token):
    return await visitor.http.get(f"{visitor.address}/webhooks/web/files/{token}")


def sealed(document, reference, sender, lifetime=timedelta(hours=1)):
    sealer = Sealer(SECRET, file_lifetime=lifetime)
    return sealer.seal_file(WantedFile(document, reference), sender)


async def refused(answer, status, words):
    """A plain page with these words, the way back, and nothing that the server knows."""
    page = await answer.text()
    assert answer.status == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Content-Disposition" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert words in page
    assert 'href="../../../"' in page
    assert "call 999" in page
    for secret in ("ESC-", "sandwell", "Sandwell", "level 4", "Traceback", "sqlite"):
        assert secret not in page
    return page


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("form:app3", "form-app3.docx"),
        ("record", "record.docx"),
        ("pack", "meeting-pack.docx"),
    ],
)
async def test_a_word_file_comes_whole_with_its_name_and_is_kept_nowhere(
    alice, sender, reference, document, name
):
    answer = await follow(alice, sealed(document, reference, sender))
    assert answer.status == 200
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    file = f"{reference}-{name}"
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{file}"')
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert docx.Document(BytesIO(await answer.read())).paragraphs


async def test_a_calendar_comes_as_a_calendar(alice, sender, reference):
    answer = await follow(alice, sealed("calendar", reference, sender))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    read = vobject.readOne((await answer.read()).decode())
    assert any(reference in event.summary.value for event in read.vevent_list)


async def test_the_file_is_made_from_the_record_as_it_stands_then(
    alice, sender, reference, records
):
    token = sealed("record", reference, sender)
    before = await (await follow(alice, token)).read()
    end = Ended(
        status="withdrawn", ended_on=date(2026, 11, 18), ending="Taken no further.", lessons=None
    )
    step = Step(kind="outcome", at_stage="s2", ended=end)
    with records.session() as session:
        take_step(session, key="end", reference=reference, person=sender, now=NOW, step=step)
    after = docx.Document(BytesIO(await (await follow(alice, token)).read()))
    words = "\n".join(line.text for line in after.paragraphs)
    assert "Taken no further." in words
    assert "Taken no further." not in "\n".join(
        line.text for line in docx.Document(BytesIO(before)).paragraphs
    )


async def test_the_link_in_a_reply_works_and_the_one_in_history_too(
    alice, sender, reference, agent, opened
):
    file = {
        "document": "calendar", "reference": reference, "title": "the dates",
        "name": "dates.ics", "mime": "text/calendar",
    }  # fmt: skip

    async def give(message):
        return [{"text": "Here.", "custom": {"files": [file]}}]

    agent.script = give
    [said] = (await alice.say("calendar"))["messages"]
    past = (await alice.history())[-1]
    for message in (said, past):
        url = f"{alice.address}/webhooks/web/{message['files'][0]['url']}"
        assert (await alice.http.get(url)).status == 200
    assert opened == [1]


async def test_somebody_else_gets_nothing_by_a_link_that_is_not_theirs(
    alice, bob, sender, reference
):
    token = sealed("record", reference, sender)
    await refused(await follow(bob, token), 403, NOT_YOURS)
    theirs = sealed("record", reference, sender_of(bob))  # a link of Bob's own to Alice's case
    await refused(await follow(bob, theirs), 404, GONE)


async def test_without_the_cookie_a_link_opens_nothing(alice, sender, reference):
    alice.http.cookie_jar.clear()
    answer = await follow(alice, sealed("record", reference, sender))
    await refused(answer, 401, NOT_OPEN)


async def test_an_old_link_says_how_to_get_a_new_one(alice, sender, reference):
    old = sealed("record", reference, sender, timedelta(seconds=-5))
    await refused(await follow(alice, old), 410, OLD_LINK)


@pytest.mark.parametrize("forged", ["nonsense", "a.b.c", "%00", "button", "another secret"])
async def test_what_we_did_not_seal_opens_nothing(alice, sender, reference, forged):
    wanted = WantedFile("record", reference)
    token = {
        "button": Sealer(SECRET).seal(Tap("No", "choose"), sender),
        "another secret": Sealer("another-secret-" * 3).seal_file(wanted, sender),
    }.get(forged, forged)
    await refused(await follow(alice, token), 403, NOT_YOURS)


@pytest.mark.parametrize("document", ["form:app9", "log", "../../etc/passwd", ""])
async def test_a_document_that_the_case_does_not_have_is_not_found(
    alice, sender, reference, document
):
    await refused(await follow(alice, sealed(document, reference, sender)), 404, GONE)


async def test_a_case_that_is_not_there_is_not_found(alice, sender, reference):
    await refused(await follow(alice, sealed("record", "ESC-2026-9999", sender)), 404, GONE)


class TestWhereTheRecordsFail:
    @pytest.fixture
    def channel(self, records):
        def broken():
            raise DatabaseUnavailableError("sqlite:///secret/place cannot be read")

        return WebChannel(SECRET, open_sources=broken)

    async def test_it_says_so_plainly_and_logs_why(self, alice, sender, caplog):
        answer = await follow(alice, sealed("record", "ESC-2026-0001", sender))
        await refused(answer, 503, NOT_MADE)
        assert "download.failed" in caplog.text
        assert "secret/place" in caplog.text


class TestWhereThePolicyIsGone:
    @pytest.fixture
    def sources(self, library, records):
        kept = {id_: versions for id_, versions in library.versions.items() if id_ != "sandwell"}
        return Sources(Library(kept), records, now=lambda: NOW)

    async def test_it_says_whom_to_ask(self, alice, sender, reference):
        answer = await follow(alice, sealed("record", reference, sender))
        await refused(answer, 503, NO_POLICY)


async def test_a_fault_in_the_making_is_told_plainly(alice, sender, reference, monkeypatch, caplog):
    def broken(*_, **__):
        raise OSError("No space left on device: /secret/place")

    monkeypatch.setattr("bot.channels.downloads.made", broken)
    await refused(await follow(alice, sealed("record", reference, sender)), 503, NOT_MADE)
    assert "No space left" in caplog.text


async def test_after_a_fault_of_the_records_the_next_try_opens_them_again(
    alice, sender, reference, sources, channel
):
    tries = iter([DatabaseUnavailableError("locked"), sources])

    def open_sources():
        found = next(tries)
        if isinstance(found, Exception):
            raise found
        return found

    channel._downloads._open_sources = open_sources
    token = sealed("calendar", reference, sender)
    assert (await follow(alice, token)).status == 503
    assert (await follow(alice, token)).status == 200


def test_plain_rasa_run_takes_its_sources_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ESCALATE_HOME", str(tmp_path))
    settings = Settings.from_environment(os.environ)
    upgrade(settings.database_url)
    for found in (sources_of_environment(), sources_of(settings)):
        assert found.database.name.startswith(str(tmp_path))
        assert "jersey" in found.library.versions
        found.database.close()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a-b.docx", "attachment; filename=\"a-b.docx\"; filename*=UTF-8''a-b.docx"),
        ('x"\r\ny.ics', "attachment; filename=\"x___y.ics\"; filename*=UTF-8''x%22%0D%0Ay.ics"),
        ("grün.ics", "attachment; filename=\"gr_n.ics\"; filename*=UTF-8''gr%C3%BCn.ics"),
    ],
)
def test_a_name_is_whole_for_new_browsers_and_plain_for_old_ones(name, header):
    assert disposition(name) == header
