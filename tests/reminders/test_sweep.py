"""One sweep: what is made, sent, dropped and kept for later, on both databases."""

import email
import email.policy
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.escalation.safety import CALL_999, GENERAL_ADVICE
from bot.policy.library import Library
from bot.records.mailboxes import choose_mail, stop_mail
from bot.records.post import dead_letters, notices_for
from bot.records.progress import take_step, undo_last
from bot.records.steps import ClockSettled, Ended, Left, Step
from bot.records.tables import ClockRow, EscalationRow, TeamsInboxRow
from bot.records.teams import Arrived, next_to_answer, take_in
from bot.reminders.due import Pace
from bot.reminders.outbox import LEASE, PAUSES, mark_failed, mark_sent, take_letter
from bot.reminders.sweep import sweep

DUE = date(2026, 11, 19)
BEFORE = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ON = BEFORE + timedelta(days=1)
AFTER = BEFORE + timedelta(days=2)
STAGE = "s0"


def settle(database, reference, now=BEFORE, key="settle:1", ended=None, **changed):
    """Take a step that changes the clock, or ends the case."""
    clock = {"stage": STAGE, "key": "reply", "status": "met", "settled_on": now.date(), **changed}
    left = ended and Left(stage=STAGE, left_on=now.date(), outcome="agreed")
    step = Step(
        kind="outcome" if ended else "clock", at_stage=STAGE, left=left, ended=ended,
        settled=() if ended else (ClockSettled(**clock),),
    )  # fmt: skip
    with database.session() as session:
        take_step(session, key=key, reference=reference, person="person-1", now=now, step=step)


def undo(database, reference, key="undo:1"):
    with database.session() as session:
        undo_last(session, key=key, reference=reference, person="person-1", now=BEFORE)


def ask_for_mail(database, **choice):
    with database.session() as session:
        choose_mail(
            session, person="person-1", now=BEFORE, **{"address": "me@school.example", **choice}
        )


def seen_by(database, person="person-1"):
    with database.reading() as session:
        return [(each.reference, each.kind) for each in notices_for(session, person=person)]


@pytest.mark.parametrize("manager", ["me@school.example", "Me@School.example"])
def test_a_mailbox_that_is_the_managers_too_gets_one_mail(
    recorded, sweep_at, database, office, mailer, manager
):
    recorded(DUE)
    ask_for_mail(database, to_manager=manager)
    sweep_at(BEFORE, mailer)
    assert [each.rcpt_tos for each in office.taken] == [["me@school.example"]]


def states(posts):
    return [(post.kind, post.way, post.status) for post in posts()]


def test_a_reminder_is_made_and_sent_once_however_often_it_is_swept(
    recorded, sweep_at, posts, database
):
    reference = recorded(DUE)
    first = sweep_at(BEFORE)
    assert (first.made, first.sent, first.waiting, first.dead) == (1, 1, 0, 0)
    for minutes in (0, 1, 60):
        again = sweep_at(BEFORE + timedelta(minutes=minutes))
        assert (again.made, again.sent) == (0, 0)
    assert states(posts) == [("due_soon", "conversation", "sent")]
    assert seen_by(database) == [(reference, "due_soon")]


def test_each_kind_comes_in_its_turn(recorded, sweep_at, posts):
    recorded(DUE)
    for days in range(30):
        sweep_at(BEFORE + timedelta(days=days))
    assert [(post.kind, post.nth) for post in posts()] == [
        ("due_soon", 0), ("due_today", 0), ("overdue", 0),
        ("overdue_again", 1), ("overdue_again", 2), ("overdue_again", 3),
    ]  # fmt: skip


def test_after_days_switched_off_there_is_one_reminder_and_no_flood(recorded, sweep_at, posts):
    recorded(DUE)
    recorded(datetime(2026, 11, 19, 14, 0, tzinfo=UTC))  # overdue a working day earlier
    assert sweep_at(AFTER + timedelta(days=20)).made == 2
    assert [(post.kind, post.nth) for post in posts()] == [
        ("overdue_again", 2), ("overdue_again", 3),
    ]  # fmt: skip


def test_at_night_at_the_weekend_and_on_bank_holidays_nothing_is_made(recorded, sweep_at):
    recorded(date(2026, 12, 24))
    for moment in (
        datetime(2026, 12, 24, 7, 59, tzinfo=UTC), datetime(2026, 12, 24, 18, 0, tzinfo=UTC),
        datetime(2026, 12, 25, 12, 0, tzinfo=UTC), datetime(2026, 12, 26, 12, 0, tzinfo=UTC),
        datetime(2026, 12, 28, 12, 0, tzinfo=UTC),
    ):  # fmt: skip
        assert sweep_at(moment).made == 0
    assert sweep_at(datetime(2026, 12, 29, 8, 0, tzinfo=UTC)).made == 1


def test_two_places_have_their_own_bank_holidays(recorded, sweep_at, database):
    due = date(2025, 5, 12)
    jersey, sandwell = recorded(due, policy="jersey"), recorded(due, policy="sandwell")
    sweep_at(datetime(2025, 5, 8, 9, 0, tzinfo=UTC))
    assert seen_by(database) == [(jersey, "due_soon")]
    sweep_at(datetime(2025, 5, 9, 9, 0, tzinfo=UTC))
    assert seen_by(database) == [(jersey, "due_soon"), (sandwell, "due_soon")]


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "not_started"}, {"status": "no_number", "due": None}, {"status": "met"},
        {"status": "missed"}, {"status": "stopped"}, {"due": date(2026, 11, 20)},
    ],
)  # fmt: skip
def test_what_does_not_run_or_is_not_near_is_left_alone(recorded, sweep_at, changed):
    recorded(**{"due": DUE, **changed})
    assert sweep_at(BEFORE).made == 0


def test_the_days_before_can_be_chosen(recorded, sweep_at):
    recorded(DUE)
    three_before = BEFORE - timedelta(days=2)
    assert sweep_at(three_before).made == 0
    assert sweep_at(three_before, pace=Pace(days_before=3)).made == 1


def test_an_extended_limit_is_told_anew_for_its_new_date(recorded, sweep_at, posts, database):
    reference = recorded(DUE)
    sweep_at(BEFORE)
    later = date(2026, 11, 26)
    settle(database, reference, status="extended", settled_on=None, due_on=later, reason="Leave")
    assert seen_by(database) == []
    assert sweep_at(ON).made == 0
    assert sweep_at(BEFORE + timedelta(days=7)).made == 1
    assert [post.due for post in posts()] == ["2026-11-19", "2026-11-26"]
    assert seen_by(database) == [(reference, "due_soon")]


def waiting_mail(recorded, sweep_at, database, office, mailer):
    """A case whose mail waits, because its mailbox is refused for now."""
    reference = recorded(DUE)
    ask_for_mail(database)
    office.refused.add("me@school.example")
    assert sweep_at(BEFORE, mailer).failed == 1
    office.refused.clear()
    return reference


def after(pause):
    return BEFORE + pause


@pytest.mark.parametrize("how", ["settled", "ended", "extended", "stopped_mail", "replaced"])
def test_what_is_not_needed_any_more_is_dropped_and_not_sent(
    recorded, sweep_at, posts, database, office, mailer, how
):
    reference = waiting_mail(recorded, sweep_at, database, office, mailer)
    moment = after(PAUSES[0])
    if how == "settled":
        settle(database, reference)
    elif how == "ended":
        ending = Ended(status="resolved", ended_on=BEFORE.date(), ending="Agreed")
        settle(database, reference, ended=ending)
    elif how == "extended":
        new = {"due_on": date(2026, 12, 9), "reason": "Leave"}
        settle(database, reference, status="extended", settled_on=None, **new)
    elif how == "stopped_mail":
        with database.session() as session:
            stop_mail(session, person="person-1", now=BEFORE)
    else:
        moment = ON
    assert sweep_at(moment, mailer).dropped == 1
    told = [envelope.content for envelope in office.taken]
    assert len(told) == (1 if how == "replaced" else 0)
    assert all(b"ends today" in each for each in told)
    dropped = next(post for post in posts() if post.status == "dropped")
    assert dropped.last_error
    assert dropped.way == "mail"


def test_what_was_dropped_comes_back_when_the_step_is_undone(
    recorded, sweep_at, posts, database, office, mailer
):
    reference = waiting_mail(recorded, sweep_at, database, office, mailer)
    settle(database, reference)
    sweep_at(after(PAUSES[0]), mailer)
    undo(database, reference)
    assert sweep_at(after(PAUSES[0]), mailer).sent == 1
    assert len(office.taken) == 1
    assert states(posts) == [
        ("due_soon", "conversation", "sent"), ("due_soon", "mail", "sent"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "advice"), [("berkshire", CALL_999), ("jersey", GENERAL_ADVICE)]
)
def test_a_mail_calls_999_general_advice_only_where_the_policy_does_not_name_it(
    recorded, sweep_at, database, office, mailer, policy, advice
):
    recorded(DUE, policy=policy)
    ask_for_mail(database)
    assert sweep_at(BEFORE, mailer).sent == 2
    mail = email.message_from_bytes(office.taken[0].content, policy=email.policy.default)
    assert advice in mail.get_content().splitlines()


def test_another_address_gets_the_mail_that_waits(recorded, sweep_at, database, office, mailer):
    waiting_mail(recorded, sweep_at, database, office, mailer)
    ask_for_mail(database, address="new@school.example")
    sweep_at(after(PAUSES[0]), mailer)
    sweep_at(after(PAUSES[0]), mailer)
    assert [envelope.rcpt_tos for envelope in office.taken] == [["new@school.example"]]


def test_a_case_without_its_policy_is_told_and_holds_nobody_up(
    recorded, database, library, sweep_at
):
    lost, kept = recorded(DUE, policy="jersey"), recorded(DUE)
    few = Library({"sandwell": library.versions["sandwell"]})
    swept = sweep(database, few, tell_time=lambda: BEFORE, pace=Pace(), mailer=None)
    assert swept.made == 1
    assert seen_by(database) == [(kept, "due_soon")]
    assert len(swept.problems) == 1
    assert lost in swept.problems[0]


def test_a_reminder_whose_policy_is_missing_waits_until_it_is_back(
    recorded, database, library, sweep_at, posts
):
    recorded(DUE)
    sweep(
        database, library, tell_time=lambda: BEFORE, pace=Pace(), mailer=None, go_on=lambda: False
    )
    few = Library({"jersey": library.versions["jersey"]})
    swept = sweep(database, few, tell_time=lambda: BEFORE, pace=Pace(), mailer=None)
    assert (swept.sent, swept.waiting, len(swept.problems)) == (0, 1, 1)
    assert "sandwell" in posts()[0].last_error
    assert sweep_at(BEFORE + LEASE).sent == 1


def test_a_stage_that_the_policy_does_not_have_is_told(recorded, database, sweep_at):
    reference = recorded(DUE)
    with database.session() as session:
        session.execute(update(ClockRow).values(stage="unheard_of"))
    (problem,) = sweep_at(BEFORE).problems
    assert reference in problem
    assert "unheard_of" in problem


def test_nobody_gets_mail_who_did_not_ask_for_it(recorded, sweep_at, office, mailer, posts):
    recorded(DUE)
    sweep_at(BEFORE, mailer)
    assert office.taken == []
    assert [post.way for post in posts()] == ["conversation"]


def test_who_asked_gets_mail_and_so_does_the_manager(recorded, sweep_at, office, mailer, database):
    reference = recorded(DUE)
    recorded(DUE, person="person-2")
    ask_for_mail(database, to_manager="head@school.example")
    swept = sweep_at(BEFORE, mailer)
    assert (swept.made, swept.sent) == (4, 4)
    assert sweep_at(BEFORE, mailer).made == 0
    assert sorted(each.rcpt_tos[0] for each in office.taken) == [
        "head@school.example", "me@school.example",
    ]  # fmt: skip
    assert all(reference.encode() in each.content for each in office.taken)


def test_mail_that_is_asked_for_and_not_configured_is_told(recorded, sweep_at, database, posts):
    recorded(DUE)
    assert sweep_at(BEFORE).problems == ()
    ask_for_mail(database)
    (problem,) = sweep_at(BEFORE).problems
    assert "ESCALATE_SMTP_URL" in problem
    assert [post.way for post in posts()] == ["conversation"]


def test_a_refused_mail_is_tried_again_after_growing_pauses_and_then_dead(
    recorded, sweep_at, posts, database, office, mailer
):
    reference = recorded(date(2026, 11, 13))
    ask_for_mail(database)
    office.refused.add("me@school.example")
    monday = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
    tried, moment = [], monday
    for _ in range(5):
        assert sweep_at(moment, mailer).failed == 1
        tried.append(moment - monday)
        moment = posts()[-1].next_try_at
        assert sweep_at(moment - timedelta(seconds=1), mailer).failed == 0
    assert tried == [timedelta(minutes=n) for n in (0, 1, 6, 36, 156)]
    # the last pause of eight hours ends after work: the last try is made next morning
    assert moment == monday + timedelta(days=1)
    assert sweep_at(moment, mailer).dead == 1
    assert sweep_at(moment + timedelta(hours=9), mailer).failed == 0
    assert office.taken == []
    with database.reading() as session:
        (letter,) = dead_letters(session)
    assert (letter.reference, letter.attempts, letter.recipient) == (reference, 6, "person")
    assert "550 no mailbox the address here" in letter.last_error


def test_a_server_that_is_down_uses_up_one_try_and_not_everyones(
    recorded, sweep_at, posts, database, open_office, office
):
    for _ in range(3):
        recorded(DUE)
    ask_for_mail(database)
    mailer = open_office()
    down = type(mailer)(host="127.0.0.1", port=1, security="none", sender=mailer.sender)
    swept = sweep_at(BEFORE, down)
    assert (swept.failed, swept.waiting) == (1, 3)
    assert "takes no mail now" in swept.problems[0]
    assert sorted(post.attempts for post in posts() if post.way == "mail") == [0, 0, 1]
    assert sweep_at(after(PAUSES[0]), mailer).sent == 3
    assert len(office.taken) == 3


def test_a_mail_whose_sender_died_is_taken_again_after_its_lease(
    recorded, sweep_at, database, library, office, mailer
):
    waiting_mail(recorded, sweep_at, database, office, mailer)
    began = after(PAUSES[0])
    with database.session() as session:
        take_letter(session, library, now=began)
    # ... and here its sender dies: nobody else takes the mail before the lease has ended
    assert sweep_at(began + LEASE - timedelta(seconds=1), mailer).sent == 0
    assert sweep_at(began + LEASE, mailer).sent == 1
    assert len(office.taken) == 1


def test_a_sender_that_lost_its_lease_can_report_success_but_no_failure(
    recorded, sweep_at, database, library, office, mailer, posts
):
    waiting_mail(recorded, sweep_at, database, office, mailer)
    with database.session() as session:
        slow, _ = take_letter(session, library, now=after(PAUSES[0]))
    with database.session() as session:
        second, _ = take_letter(session, library, now=after(PAUSES[0]) + LEASE)
    assert (slow.attempt, second.attempt) == (2, 3)
    leased_until = posts()[-1].next_try_at
    with database.session() as session:
        mark_failed(session, slow, error="too late", now=BEFORE)
    assert posts()[-1].next_try_at == leased_until
    with database.session() as session:
        mark_sent(session, slow, now=BEFORE)
    assert posts()[-1].status == "sent"


def test_a_mail_that_kills_every_sender_is_dead_after_the_last_try(
    recorded, sweep_at, database, library, office, mailer
):
    waiting_mail(recorded, sweep_at, database, office, mailer)
    moment = after(PAUSES[0])
    for _ in PAUSES:
        with database.session() as session:
            letter, _ = take_letter(session, library, now=moment)
        assert letter is not None
        moment += LEASE
    swept = sweep_at(moment, mailer)
    assert (swept.sent, swept.dead) == (0, 1)
    assert office.taken == []


def test_a_sweep_can_be_ended_and_loses_nothing(recorded, database, library, sweep_at):
    recorded(DUE)
    ended = sweep(
        database, library, tell_time=lambda: BEFORE, pace=Pace(), mailer=None, go_on=lambda: False
    )
    assert (ended.made, ended.sent, ended.waiting) == (1, 0, 1)
    assert sweep_at(BEFORE).sent == 1


def test_a_reminder_that_waits_is_not_sent_at_night(recorded, database, library, sweep_at, posts):
    recorded(DUE)
    sweep(
        database, library, tell_time=lambda: BEFORE, pace=Pace(), mailer=None, go_on=lambda: False
    )
    assert sweep_at(BEFORE.replace(hour=20)).sent == 0
    assert posts()[0].next_try_at == ON.replace(hour=8)


def test_a_case_that_ended_in_another_way_is_left_alone(recorded, database, sweep_at):
    recorded(DUE)
    with database.session() as session:
        session.execute(update(EscalationRow).values(status="withdrawn"))
    assert sweep_at(BEFORE).made == 0


def test_who_has_the_app_in_teams_is_reminded_there_once(recorded, sweep_at, database):
    recorded(DUE)
    recorded(DUE, person="person-2")
    with database.session() as session:
        arrived = Arrived(
            name="install", person="person-1", conversation="a:1", service_url="https://x.org",
            bot="28:b", account="29:a", activity=None, kind="installed", value={},
        )  # fmt: skip
        take_in(session, arrived, now=BEFORE)
        next_to_answer(session, conversation="a:1")
        session.execute(update(TeamsInboxRow).values(status="answered", body=None))
    sweep_at(BEFORE)
    sweep_at(BEFORE)
    with database.session() as session:
        notice = next_to_answer(session, conversation="a:1")
        assert (notice.kind, notice.person) == ("notice", "person-1")
        assert "A time limit ends" in notice.body["text"]
        assert len(session.scalars(select(TeamsInboxRow)).all()) == 2
    assert len(seen_by(database)) == 1  # until it arrives it is shown in the conversation too
