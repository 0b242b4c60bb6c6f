"""The search for what is due: it uses the indexes and reads a database that nobody may write to."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from bot.reminders import finding
from bot.reminders.due import Pace
from bot.reminders.finding import find, running_until

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_both_searches_use_the_index_of_the_running_clocks(database, engine_name):
    with database.reading() as session:
        bind = session.get_bind()
        plans = [
            " ".join(
                row.detail
                for row in session.execute(
                    text(
                        "EXPLAIN QUERY PLAN "
                        + str(each.compile(bind, compile_kwargs={"literal_binds": True}))
                    )
                )
            )
            for each in running_until(date(2026, 11, 19))
        ]
    assert "ix_clock_running_due_on" in plans[0] or "ix_clock_status_due_on" in plans[0]
    assert "ix_clock_running_due_at" in plans[1] or "ix_clock_status_due_at" in plans[1]
    assert not any("SCAN" in plan for plan in plans)


def test_many_are_found_in_batches_each_once(database, library, recorded, monkeypatch):
    monkeypatch.setattr(finding, "BATCH", 2)
    wanted = [recorded(date(2026, 11, 19)) for _ in range(3)]
    wanted += [recorded(datetime(2026, 11, 19, 15, 0, tzinfo=UTC)) for _ in range(3)]
    with database.reading() as session:
        found = find(session, library, now=NOW, pace=Pace(), by_mail=False)
    assert [post.subject[:13] for post in found.posts] == wanted
    assert found.problems == []


def test_the_words_are_those_of_the_case_its_stage_and_its_place(database, library, recorded):
    reference = recorded(
        datetime(2026, 7, 2, 13, 30, tzinfo=UTC), strength="should", what="reply about Ben"
    )
    with database.reading() as session:
        (post,) = find(
            session, library, now=NOW.replace(month=7, day=2), pace=Pace(), by_mail=False
        ).posts
    label = library.get("sandwell").stages[0].label
    assert post.body.startswith(f"{reference}, {label}. A time limit ends today, Thursday 2 July")
    assert "at 14:30" in post.body
    assert "should" in post.body
    assert "Ben" not in post.subject + post.body
