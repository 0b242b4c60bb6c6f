"""The debrief of a rehearsal over HTTP: for whoever rehearsed, until it is deleted."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO

import docx
import jwt
import pytest
from sqlalchemy import update

from bot.channels.downloads import NO_DEBRIEF, NOT_YOURS, Sources
from bot.channels.sealed import Sealer, WantedFile
from bot.channels.session import COOKIE
from bot.channels.web import WebChannel
from bot.policy.library import load_library
from bot.rehearsal.load import load
from bot.rooms.rooms import open_rooms
from bot.rooms.tables import RoomRow
from bot.settings import Settings

SECRET = "only-for-these-tests-" * 2
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
SETTINGS = Settings.from_environment(os.environ)
FILE = "jersey_before_christmas.yml"


@pytest.fixture(scope="module")
def library():
    return load_library(SETTINGS.policies_dir)


@pytest.fixture(scope="module")
def world(library):
    return load(SETTINGS.rehearsals_dir / FILE, library)


@pytest.fixture
def rooms(tmp_path):
    with open_rooms(f"sqlite:///{tmp_path / 'rehearsals.db'}") as opened:
        yield opened


@pytest.fixture
def channel(library, rooms):
    """A channel that has no records at all: a debrief needs none."""
    return WebChannel(SECRET, open_sources=lambda: Sources(library, None, rooms, lambda: NOW))


@pytest.fixture
def place(rooms, world, alice):
    """Alice's rehearsal."""
    return rooms.open_alone(world=world, holder=sender_of(alice), now=NOW)


def sender_of(visitor):
    cookie = next(c for c in visitor.http.cookie_jar if c.key == COOKIE)
    return jwt.decode(cookie.value, options={"verify_signature": False})["sub"]


async def follow(visitor, reference, sender):
    sealer = Sealer(SECRET, file_lifetime=timedelta(hours=1))
    token = sealer.seal_file(WantedFile("debrief", reference), sender)
    return await visitor.http.get(f"{visitor.address}/webhooks/web/files/{token}")


async def test_it_comes_as_a_word_file_that_is_marked(alice, place):
    answer = await follow(alice, place.reference, sender_of(alice))
    assert answer.status == 200
    name = f"{place.reference}-debrief.docx"
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{name}"')
    paper = docx.Document(BytesIO(await answer.read()))
    header = "".join(each.text for each in paper.sections[0].header.paragraphs)
    assert "REHEARSAL" in header


async def test_somebody_else_gets_nothing_by_a_link_of_their_own(alice, bob, place):
    answer = await follow(bob, place.reference, sender_of(bob))
    assert answer.status == 404
    assert NO_DEBRIEF in await answer.text()


async def test_somebody_else_gets_nothing_by_a_link_that_is_not_theirs(alice, bob, place):
    answer = await follow(bob, place.reference, sender_of(alice))
    assert answer.status == 403
    assert NOT_YOURS.split(".")[0] in await answer.text()


async def test_there_is_none_once_the_rehearsal_is_deleted(alice, place, rooms):
    rooms.delete_place(place_id=place.id, holder=sender_of(alice))
    answer = await follow(alice, place.reference, sender_of(alice))
    assert answer.status == 404
    assert "your case" not in await answer.text()


async def test_one_that_this_program_cannot_play_again_says_why(alice, place, rooms):
    with rooms.database.session() as session:
        session.execute(update(RoomRow).values(scenario_json='{"schema": 2}', scenario_hash="2"))
    answer = await follow(alice, place.reference, sender_of(alice))
    assert answer.status == 409
    assert "begun with another version of the program" in await answer.text()
