"""The inbox, the outbox and the references of Microsoft Teams, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.records import teams, teams_outbox
from bot.records.errors import NotFoundError
from bot.records.store import record_escalation
from bot.records.tables import PostRow, TeamsInboxRow, TeamsOutboxRow, TeamsReferenceRow
from bot.records.teams import Arrived
from bot.records.teams_outbox import NewActivity

CARD = {"type": "message", "attachments": [{"content": {}}]}


def arrived(name="m1", **changed):
    given = {
        "name": name,
        "person": "entra:tenant:anna",
        "conversation": "a:1",
        "service_url": "https://smba.trafficmanager.net/uk/",
        "bot": "28:app",
        "account": "29:anna",
        "activity": f"activity-{name}",
        "kind": "message",
        "value": {"text": "Hello"},
    }
    return Arrived(**(given | changed))


def texts(*words):
    return [NewActivity(body={"type": "message", "text": each}) for each in words]


@pytest.fixture
def do(database):
    """Does something in one transaction."""

    def run(what, *args, **kwargs):
        with database.session() as session:
            return what(session, *args, **kwargs)

    return run


@pytest.fixture
def rows(database):
    def read(table):
        with database.reading() as session:
            return list(session.scalars(select(table).order_by(*table.__table__.primary_key)))

    return read


def next_to_send(do, now, conversation="a:1"):
    return do(teams_outbox.next_to_send, conversation=conversation, now=now)


def answer(do, now, *words, conversation="a:1"):
    waiting = do(teams.next_to_answer, conversation=conversation)
    return do(teams_outbox.answer, waiting, texts(*words), now=now)


def test_the_same_message_is_taken_in_once(do, rows, now):
    assert do(teams.take_in, arrived(), now=now)
    assert not do(teams.take_in, arrived(), now=now)
    assert len(rows(TeamsInboxRow)) == 1


def test_messages_are_answered_in_the_order_in_which_they_came(do, now):
    for name in ("m1", "m2", "m3"):
        do(teams.take_in, arrived(name), now=now)
    names = []
    while (waiting := do(teams.next_to_answer, conversation="a:1")) is not None:
        names.append(waiting.name)
        do(teams_outbox.answer, waiting, texts("Yes"), now=now)
    assert names == ["m1", "m2", "m3"]


def test_each_try_to_answer_is_counted(do, now):
    do(teams.take_in, arrived(), now=now)
    attempts = [do(teams.next_to_answer, conversation="a:1").attempt for _ in range(3)]
    assert attempts == [1, 2, 3]


def test_an_answer_empties_the_message_and_stands_in_the_outbox(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    assert answer(do, now, "One", "Two")
    (inbox,) = rows(TeamsInboxRow)
    assert (inbox.status, inbox.body, inbox.settled_at) == ("answered", None, now)
    assert [row.body["text"] for row in rows(TeamsOutboxRow)] == ["One", "Two"]
    assert do(teams.next_to_answer, conversation="a:1") is None


def test_an_answer_that_cannot_be_kept_leaves_the_message_waiting(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    with pytest.raises(ValueError, match="NUL"):
        answer(do, now, "fine", "broken\0")
    assert rows(TeamsOutboxRow) == []
    assert do(teams.next_to_answer, conversation="a:1") is not None


def test_a_message_is_answered_once_even_by_two(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    waiting = do(teams.next_to_answer, conversation="a:1")
    assert do(teams_outbox.answer, waiting, texts("One"), now=now)
    assert not do(teams_outbox.answer, waiting, texts("Two"), now=now)
    assert [row.body["text"] for row in rows(TeamsOutboxRow)] == ["One"]


def test_replies_are_sent_in_order_and_their_words_forgotten(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One", "Two")
    for expected in ("One", "Two"):
        outgoing = next_to_send(do, now)
        assert (outgoing.body["text"], outgoing.reply_to) == (expected, "activity-m1")
        do(teams_outbox.mark_sent, outgoing, sent_as=f"sent-{expected}", now=now)
    assert next_to_send(do, now) is None
    assert [(row.status, row.body) for row in rows(TeamsOutboxRow)] == [("sent", None)] * 2


def test_a_card_is_kept_so_that_a_tap_can_replace_it(do, now):
    do(teams.take_in, arrived(), now=now)
    waiting = do(teams.next_to_answer, conversation="a:1")
    do(teams_outbox.answer, waiting, [NewActivity(body=CARD)], now=now)
    do(teams_outbox.mark_sent, next_to_send(do, now), sent_as="card-1", now=now)
    assert do(teams_outbox.card_sent_as, conversation="a:1", activity="card-1") == CARD
    assert do(teams_outbox.card_sent_as, conversation="a:2", activity="card-1") is None


def test_what_is_put_off_holds_back_what_comes_after_it(do, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One", "Two")
    later = now + timedelta(minutes=5)
    do(teams_outbox.put_off, next_to_send(do, now), until=later, error="429")
    assert next_to_send(do, now) is None
    again = next_to_send(do, later)
    assert (again.body["text"], again.attempt) == ("One", 2)


def test_who_writes_can_be_reached_so_what_was_put_off_is_sent_at_once(do, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One")
    do(teams_outbox.put_off, next_to_send(do, now), until=now + timedelta(hours=4), error="503")
    do(teams.take_in, arrived("m2"), now=now + timedelta(seconds=1))
    assert next_to_send(do, now + timedelta(seconds=1)).body["text"] == "One"


def test_where_something_waits_is_found(do, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One")
    do(teams.take_in, arrived("m2", conversation="a:2", person="entra:tenant:ben"), now=now)
    assert set(do(teams.waiting_conversations, now=now)) == {"a:1", "a:2"}
    do(teams_outbox.put_off, next_to_send(do, now), until=now + timedelta(hours=1), error="503")
    assert do(teams.waiting_conversations, now=now) == ("a:2",)


def test_a_chat_that_is_closed_is_marked_and_nothing_more_is_tried(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One", "Two")
    do(teams_outbox.give_up_conversation, next_to_send(do, now), error="403 Blocked", now=now)
    assert [row.status for row in rows(TeamsOutboxRow)] == ["dead", "dead"]
    assert [row.body for row in rows(TeamsOutboxRow)] == [None, None]
    found = do(teams.reference_of, person="entra:tenant:anna")
    assert (found.status, found.last_error) == ("unreachable", "403 Blocked")
    with pytest.raises(NotFoundError):
        do(teams_outbox.put_message, person=found.person, activities=texts("x"), now=now)


def test_a_closed_chat_is_open_again_once_the_person_writes(do, now):
    do(teams.take_in, arrived(), now=now)
    do(teams.mark_unreachable, conversation="a:1", error="404", now=now)
    do(teams.take_in, arrived("m2", service_url="https://smba.trafficmanager.net/emea/"), now=now)
    found = do(teams.reference_of, person="entra:tenant:anna")
    assert (found.status, found.last_error) == ("active", None)
    assert found.service_url == "https://smba.trafficmanager.net/emea/"


def test_uninstalling_forgets_where_the_person_is_and_what_waited(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One")
    do(teams.take_in, arrived("m2"), now=now)
    do(teams.take_in, arrived("m3", person="entra:tenant:ben", conversation="a:2"), now=now)
    do(teams.forget, person="entra:tenant:anna", now=now)
    assert [row.person for row in rows(TeamsReferenceRow)] == ["entra:tenant:ben"]
    statuses = {row.name: (row.status, row.body) for row in rows(TeamsInboxRow)}
    assert statuses["m2"] == ("dropped", None)
    assert statuses["m3"] == ("waiting", {"text": "Hello"})
    assert [(row.status, row.body) for row in rows(TeamsOutboxRow)] == [("dropped", None)]


def test_an_answer_to_one_who_left_meanwhile_is_not_sent(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    waiting = do(teams.next_to_answer, conversation="a:1")
    do(teams.forget, person="entra:tenant:anna", now=now)
    assert not do(teams_outbox.answer, waiting, texts("One"), now=now)
    assert rows(TeamsOutboxRow) == []


def test_who_installs_is_welcomed_once_and_after_a_new_install_again(do, now):
    first, second = arrived("i1", kind="installed"), arrived("i2", kind="installed")
    assert do(teams.take_in, first, now=now)
    assert not do(teams.take_in, second, now=now)
    do(teams.forget, person="entra:tenant:anna", now=now)
    assert do(teams.take_in, arrived("i3", kind="installed"), now=now)


def test_a_group_is_no_place_to_reach_a_person(do, rows, now):
    do(teams.take_in, arrived(kind="elsewhere", value={}, conversation="19:group"), now=now)
    assert rows(TeamsReferenceRow) == []
    assert do(teams.next_to_answer, conversation="19:group").kind == "elsewhere"


def test_what_was_settled_long_ago_is_deleted_and_the_rest_is_not(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One", "Two")
    do(teams_outbox.mark_sent, next_to_send(do, now), sent_as="s", now=now)
    later = now + timedelta(days=40)
    do(teams.forget_old, before=later)
    assert [row.body["text"] for row in rows(TeamsOutboxRow)] == ["Two"]
    assert len(rows(TeamsInboxRow)) == 1
    do(teams_outbox.mark_sent, next_to_send(do, now), sent_as="s", now=now)
    do(teams.forget_old, before=later)
    assert (rows(TeamsOutboxRow), rows(TeamsInboxRow)) == ([], [])


def test_nobody_is_written_to_unasked_who_has_not_the_app(do, now):
    with pytest.raises(NotFoundError):
        do(teams_outbox.put_message, person="entra:tenant:nobody", activities=[], now=now)


def test_a_refused_activity_has_words_put_in_its_place(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One")
    do(teams_outbox.put_instead, next_to_send(do, now), {"text": "Sorry"}, error="400", now=now)
    again = next_to_send(do, now)
    assert (again.body, again.attempt) == ({"text": "Sorry"}, 1)
    do(teams_outbox.give_up, again, error="400")
    assert [(row.status, row.last_error) for row in rows(TeamsOutboxRow)] == [("dead", "400")]


def post(session, now):
    """A reminder of somebody's escalation, sent to the conversation."""
    row = PostRow(
        escalation_id=session.info["case"], stage="one", key="reply", kind="due_soon",
        due="2026-11-19", nth=0, way="conversation", recipient="person", address=None,
        subject="ESC", body="A time limit ends soon.", status="sent", attempts=1,
        next_try_at=now, made_at=now, sent_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def reminded(database, new_case, now):
    """Puts a notice for Anna, as the sweep does; gives back whether it goes to Teams."""

    def put(times=1):
        with database.session() as session:
            done = record_escalation(
                session, key="k", person="entra:tenant:anna", now=now, new=new_case()
            )
            found = session.execute(
                text("SELECT id FROM escalation WHERE reference = :r"), {"r": done.reference}
            ).scalar_one()
            session.info["case"] = found
            row = post(session, now)
            return [
                teams_outbox.put_notice(
                    session, row, person="entra:tenant:anna", case=done.reference, now=now
                )
                for _ in range(times)
            ]

    return put


def test_a_reminder_goes_to_teams_only_where_the_person_is_there(reminded, rows):
    assert reminded() == [False]
    assert rows(TeamsInboxRow) == []


def test_a_reminder_goes_out_once_and_counts_as_seen_when_it_arrived(do, rows, now, reminded):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One")
    do(teams_outbox.mark_sent, next_to_send(do, now), sent_as="s", now=now)
    assert reminded(times=2) == [True, True]
    waiting = do(teams.next_to_answer, conversation="a:1")
    assert waiting.kind == "notice"
    assert waiting.body["text"] == "A time limit ends soon."
    assert waiting.body["case"].startswith("ESC-")
    assert (waiting.body["stage"], waiting.body["limit"]) == ("one", "reply")
    do(teams_outbox.answer, waiting, texts("Reminder"), now=now)
    assert do(teams.next_to_answer, conversation="a:1") is None
    assert [row.seen_at for row in rows(PostRow)] == [None]
    do(teams_outbox.mark_sent, next_to_send(do, now), sent_as="s", now=now)
    assert [row.seen_at for row in rows(PostRow)] == [now]


def test_news_of_a_rehearsal_wait_once_under_their_name(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One")
    anna = do(teams.reference_of, person="entra:tenant:anna")
    put = [do(teams.put_news, anna, name=name, now=now) for name in ("n1", "n1", "n2")]
    assert put == [True, False, True]
    assert do(teams.waiting_news) == 2
    waiting = do(teams.next_to_answer, conversation="a:1")
    assert (waiting.kind, waiting.name, waiting.activity, waiting.body) == ("news", "n1", None, {})
    do(teams_outbox.answer, waiting, [], now=now)
    assert do(teams.waiting_news) == 1
    assert not do(teams.put_news, anna, name="n1", now=now)


def test_people_are_found_together_with_when_they_last_wrote(do, now):
    do(teams.take_in, arrived(), now=now)
    do(teams.take_in, arrived("m2", person="entra:tenant:bob", conversation="a:2"), now=now)
    later = now + timedelta(minutes=1)
    do(teams.take_in, arrived("m3"), now=later)
    assert sorted(do(teams.people)) == ["entra:tenant:anna", "entra:tenant:bob"]
    found = do(teams.references, people=[*do(teams.people), "entra:tenant:cleo"])
    assert {who: each.changed_at for who, each in found.items()} == {
        "entra:tenant:anna": later, "entra:tenant:bob": now,
    }  # fmt: skip


def test_news_that_wait_for_a_closed_chat_are_dropped(do, rows, now):
    do(teams.take_in, arrived(), now=now)
    answer(do, now, "One")
    anna = do(teams.reference_of, person="entra:tenant:anna")
    do(teams.put_news, anna, name="n1", now=now)
    do(teams_outbox.give_up_conversation, next_to_send(do, now), error="403 Blocked", now=now)
    assert [row.status for row in rows(TeamsInboxRow)] == ["answered", "dropped"]
