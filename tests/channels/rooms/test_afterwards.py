"""After the end: what it came to, and how long it is kept."""

import csv
import io
from datetime import timedelta

import docx
import pytest
from sqlalchemy import text

from bot.wording.dates import say_date


@pytest.fixture
async def ended(ann, join):
    await ann.open()
    join(ann.code, "web-1", ("ask", "weight"), ("choose", "to_stage_two"))
    join(ann.code, "web-2", ("choose", "wait_for_review"))
    await ann.order("end")
    assert "End the rehearsal for everyone?" in ann.words
    return await ann.confirm()


async def test_the_end_brings_the_debrief_and_takes_the_controls(ended):
    assert "What it came to" in ended.words
    assert "Let something happen" not in ended.words
    assert "Join with this code" not in ended.words
    await ended.get(f"{ended.session}/debrief")
    assert ended.status == 200
    assert "REHEARSAL" in ended.words.upper()
    assert "script-src" not in ended.headers["Content-Security-Policy"]
    assert "default-src 'none'" in ended.headers["Content-Security-Policy"]


async def test_the_files_open(ended):
    await ended.get(f"{ended.session}/files/debrief.csv")
    found = list(csv.DictReader(io.StringIO(ended.body.decode("utf-8-sig"))))
    assert len(found) >= 8
    assert 'filename="rehearsal-' in ended.headers["Content-Disposition"]
    for name in ("debrief.docx", "certificates.docx"):
        await ended.get(f"{ended.session}/files/{name}")
        paper = docx.Document(io.BytesIO(ended.body))
        assert paper.paragraphs


@pytest.mark.parametrize("name", ["debrief.exe", "..%2fdebrief.docx", ""])
async def test_there_is_no_other_file(ended, name):
    await ended.get(f"{ended.session}/files/{name}")
    assert ended.status == 404


async def test_before_the_end_there_is_no_debrief(ann, join):
    await ann.open()
    join(ann.code, "web-1")
    for path in ("debrief", "files/debrief.csv", "files/certificates.docx"):
        await ann.get(f"{ann.session}/{path}")
        assert ann.status == 409
        assert "once you have ended" in ann.words


async def test_where_nobody_took_part_that_is_told(ann):
    await ann.open()
    await ann.order("end", confirmed="yes")
    await ann.get(f"{ann.session}/debrief")
    assert ann.status == 404
    assert "Nobody took part" in ann.words


async def test_the_day_of_deletion_is_shown_and_can_be_put_off(ended, sources):
    day = say_date((sources.now() + timedelta(days=30)).date())
    await ended.get(ended.session)
    assert f"deleted on {day}" in ended.words
    await ended.send(f"{ended.session}/keep", keep="yes")
    assert "kept until you delete it" in ended.words
    await ended.send(f"{ended.session}/keep", keep="no")
    assert f"deleted on {day}" in ended.words


async def test_deleting_is_asked_back_and_leaves_nothing(ended):
    await ended.send(f"{ended.session}/delete")
    assert "Delete this session now?" in ended.words
    await ended.get(ended.session)
    assert ended.status == 200
    await ended.send(f"{ended.session}/delete")
    await ended.confirm()
    assert "are deleted" in ended.words
    await ended.get(ended.session)
    assert ended.status == 401
    await ended.get(ended.link)
    assert ended.status == 404


async def test_what_a_newer_program_cannot_show_can_be_deleted(ann, join, sources):
    await ann.open()
    join(ann.code, "web-1", ("ask", "weight"))
    with sources.rooms.database.session() as session:
        session.execute(text("UPDATE entry SET what = 'no_such'"))
    await ann.get(ann.session)
    assert ann.status == 409
    assert "earlier version of the program" in ann.words
    await ann.get(f"{ann.session}/debrief")
    assert ann.status == 409
    ann.http.cookie_jar.clear()
    await ann.get(ann.link)
    assert ann.status == 200
    await ann.send(f"{ann.session}/delete")
    assert "Delete this session now?" in ann.words
    await ann.confirm()
    assert "are deleted" in ann.words
    await ann.get(ann.link)
    assert ann.status == 404


async def test_only_the_key_leads_to_the_question_whether_to_delete(ann, arrive):
    await ann.open()
    stranger = arrive()
    await stranger.send(f"{ann.session}/delete")
    assert stranger.status == 401
    assert "Delete this session now?" not in stranger.words
