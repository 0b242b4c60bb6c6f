import threading
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.records.alerts import NewAlert, open_alerts, raise_alert
from bot.records.audit import verify_audit
from bot.records.cases import Answer, NewEscalation, Recorded
from bot.records.database import open_database
from bot.records.drafts import open_drafts, save_draft, take_up
from bot.records.errors import KeyReusedError, NotFoundError, NotOpenError, UnstorableError
from bot.records.store import find, list_for, record_escalation


@pytest.fixture
def record(database, now, new_case):
    def run(key="k", person="person-1", at=now, **fields):
        with database.session() as session:
            return record_escalation(
                session, key=key, person=person, now=at, new=new_case(**fields)
            )

    return run


def at_once(count, work):
    """Run `work(number)` in that many threads, all let go together; their results."""
    gate, found = threading.Barrier(count), []

    def run(number):
        gate.wait()
        try:
            found.append(work(number))
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_recorded_case_comes_back_as_it_was_given_after_a_restart(url, now, new_case):
    new = new_case()
    with open_database(url) as database, database.session() as session:
        told = record_escalation(session, key="k", person="person-1", now=now, new=new)
    assert told == Recorded(reference="ESC-2026-0001", already=False)
    with open_database(url) as database, database.reading() as session:
        case = find(session, reference="ESC-2026-0001", person="person-1")
        summary = list_for(session, person="person-1")
    assert case.stages == (new.stage,)
    for field in fields(NewEscalation):
        if field.name not in ("stage", "draft", "alerts"):
            assert getattr(case, field.name) == getattr(new, field.name), field.name
    assert (case.status, case.created_at, case.created_at.tzinfo) == ("open", now, UTC)
    assert [(s.reference, s.stage, s.stage_label) for s in summary] == [
        ("ESC-2026-0001", "one", "Stage 1")
    ]


def test_the_audit_trail_has_the_case_but_not_its_words(record, database):
    record(summary="a private sentence", answers=())
    with database.reading() as session:
        assert verify_audit(session).count == 2
        rows = session.execute(text("SELECT what, about, who, detail FROM audit_entry")).all()
    assert [row.what for row in rows] == ["EscalationRecorded", "StageEntered"]
    assert {(row.about, row.who) for row in rows} == {("ESC-2026-0001", "person-1")}
    assert '"due":"2026-11-19"' in rows[0].detail
    assert "private" not in str(rows)


def test_the_same_key_writes_once_and_tells_the_first_reference(record, database, counts):
    record()
    before = counts(database)
    assert record(summary="said again") == Recorded(reference="ESC-2026-0001", already=True)
    assert counts(database) == before


def test_the_same_key_at_once_writes_once(record, database, counts):
    found = at_once(2, lambda _: record())
    assert sorted(r.already for r in found) == [False, True]
    assert {r.reference for r in found} == {"ESC-2026-0001"}
    assert counts(database)["escalation"] == 1
    assert counts(database)["audit_entry"] == 2


def test_a_key_of_someone_else_tells_them_nothing(record):
    record()
    with pytest.raises(KeyReusedError) as refused:
        record(person="person-2")
    assert "ESC" not in str(refused.value)


def test_eight_at_once_are_numbered_without_gap_or_double(record, database):
    found = at_once(8, lambda number: [record(key=f"{number}-{n}").reference for n in range(4)])
    assert sorted(chain.from_iterable(found)) == [f"ESC-2026-{n:04d}" for n in range(1, 33)]
    with database.reading() as session:
        assert verify_audit(session).count == 64


def test_numbers_begin_again_each_year_and_grow_past_four_digits(record, database, now):
    with database.session() as session:
        session.execute(text("INSERT INTO reference_counter (year, last) VALUES (2026, 9998)"))
    eve = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    given_numbers = [
        record(key="a", at=now).reference,
        record(key="b", at=eve).reference,
        record(key="c", at=eve + timedelta(minutes=1)).reference,
        record(key="d", at=eve.astimezone(timezone(timedelta(hours=5)))).reference,
    ]
    assert given_numbers == ["ESC-2026-9999", "ESC-2026-10000", "ESC-2027-0001", "ESC-2026-10001"]


def test_nothing_is_written_and_no_number_lost_when_the_transaction_fails(
    database, now, new_case, record, counts
):
    before = counts(database)
    with pytest.raises(RuntimeError), database.session() as session:
        record_escalation(session, key="k", person="person-1", now=now, new=new_case())
        raise RuntimeError("the lights went out")
    assert counts(database) == before
    assert record() == Recorded(reference="ESC-2026-0001", already=False)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"subject": "adult"}, id="an unknown subject"),
        pytest.param({"side": "other"}, id="an unknown side"),
    ],
)
def test_a_word_outside_its_list_is_refused_whole(record, database, counts, fields):
    before = counts(database)
    with pytest.raises(IntegrityError):
        record(**fields)
    assert counts(database) == before


def test_a_clock_cannot_be_due_twice(record, new_case):
    clock = replace(new_case().clocks[0], due_at=datetime(2026, 11, 19, tzinfo=UTC))
    with pytest.raises(IntegrityError, match="one_due"):
        record(clocks=(clock,))


@pytest.mark.parametrize("reference", ["ESC-2026-0001", "ESC-2026-0002", "", "esc-2026-0001"])
def test_a_case_of_someone_else_looks_like_none(record, database, reference):
    record()
    with database.reading() as session:
        with pytest.raises(NotFoundError) as refused:
            find(session, reference=reference, person="person-2")
        assert str(refused.value) == f"You have no escalation with the reference {reference}."
        assert list_for(session, person="person-2") == ()


def test_the_newest_case_is_listed_first(record, database, now):
    record(key="a")
    record(key="b", at=now + timedelta(seconds=1))
    with database.reading() as session:
        references = [case.reference for case in list_for(session, person="person-1")]
    assert references == ["ESC-2026-0002", "ESC-2026-0001"]


def test_the_draft_is_ended_and_its_alerts_come_along(record, database, now):
    with database.session() as session:
        draft = save_draft(
            session,
            draft=None,
            person="person-1",
            policy_id="invented",
            policy_version="2026-01",
            phase="check",
            answers=(),
            now=now,
        )
        alert = raise_alert(
            session,
            key="m1",
            person="person-1",
            now=now,
            new=NewAlert(conversation="c1", tier="low", source="typed", matched="hurt"),
        )
    told = record(draft=draft.id, alerts=(alert.id,))
    with database.session() as session:
        assert open_drafts(session, person="person-1") == ()
        with pytest.raises(NotOpenError, match="recorded"):
            take_up(session, draft=draft.id, person="person-1")
        assert open_alerts(session, conversation="c1")[0].escalation == told.reference


def test_exactly_the_alerts_given_come_along_and_none_leaves_its_case(record, database, now):
    def alert(key):
        new = NewAlert(conversation="c1", tier="low", source="typed", matched="hurt")
        with database.session() as session:
            return raise_alert(session, key=key, person="person-1", now=now, new=new).id

    given, other = alert("m1"), alert("m2")
    first = record(alerts=(given,))
    second = record(key="k2", alerts=(given,))
    assert first.reference != second.reference
    with database.reading() as session:
        linked = {each.id: each.escalation for each in open_alerts(session, conversation="c1")}
    assert linked == {given: first.reference, other: None}


@pytest.mark.parametrize("fields", [{"draft": "no-such"}, {"alerts": ("no-such",)}])
def test_a_draft_or_alert_that_is_not_theirs_stops_the_record(record, database, counts, fields):
    before = counts(database)
    with pytest.raises(NotFoundError):
        record(**fields)
    assert counts(database) == before


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"summary": "a\0b"}, "NewEscalation.summary has a NUL character at position 1"),
        ({"area": "x\ud800"}, "NewEscalation.area has half of a character at position 1"),
        ({"raised_on": datetime(2026, 11, 12, tzinfo=UTC)}, "a date without a time"),
    ],
)
def test_what_no_database_keeps_is_refused_by_name(new_case, fields, told):
    with pytest.raises(UnstorableError, match=told):
        new_case(**fields)


def test_an_instant_without_zone_is_refused(record, database, counts):
    naive = datetime(2026, 11, 12, 16, 30)
    with pytest.raises(UnstorableError, match="without a time zone"):
        record(at=naive)
    with pytest.raises(UnstorableError, match=r"Answer\.said_at is 2026-11-12T16:30:00 without"):
        Answer(fact="spoken", value=True, said_at=naive)
    assert counts(database)["escalation"] == 0


def test_instants_come_back_in_utc_whatever_zone_they_were_given_in(record, database, now):
    jersey_summer = datetime(2026, 7, 1, 9, 0, 0, 123456, timezone(timedelta(hours=1)))
    record(
        at=jersey_summer,
        raised_on=date(2026, 7, 1),
        answers=(Answer(fact="spoken", value=None, said_at=jersey_summer),),
    )
    with database.reading() as session:
        case = find(session, reference="ESC-2026-0001", person="person-1")
    assert case.created_at == jersey_summer
    assert case.answers[0].said_at.isoformat() == "2026-07-01T08:00:00.123456+00:00"


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
INSTANTS = st.datetimes(
    datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.timezones(no_cache=False)
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pairs=st.lists(st.tuples(WORDS, VALUES, INSTANTS), max_size=4), summary=WORDS)
def test_every_answer_comes_back_equal(database, now, new_case, pairs, summary):
    answers = tuple(Answer(fact=fact, value=value, said_at=at) for fact, value, at in pairs)
    with database.session() as session:
        count = session.execute(text("SELECT count(*) FROM escalation")).scalar_one()
        told = record_escalation(
            session,
            key=f"key-{count}",
            person="person-1",
            now=now,
            new=new_case(answers=answers, summary=summary),
        )
    with database.reading() as session:
        case = find(session, reference=told.reference, person="person-1")
    # Python calls an instant in an hour that a zone repeats unequal to the same one in UTC
    told_at = tuple(replace(each, said_at=each.said_at.astimezone(UTC)) for each in answers)
    assert (case.summary, case.answers) == (summary, told_at)
