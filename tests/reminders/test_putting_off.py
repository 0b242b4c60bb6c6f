"""Put off to the next working day: silent until then, one reminder then, and nothing is hidden."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.records.mailboxes import choose_mail
from bot.records.snoozing import snooze
from bot.reminders.due import Pace, put_off_until
from bot.reminders.hours import hours_of
from bot.reminders.words import ASKED

STAGE = "s0"
WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def hours(library):
    return hours_of(library.get("sandwell"))


@pytest.fixture
def put_off(database, hours):
    """Press the button at a moment; when the reminder then comes."""

    def press(reference, moment):
        until = hours.next_working_day(moment)
        with database.session() as session:
            snooze(
                session, key=f"{reference}:{moment}", reference=reference, person="person-1",
                stage=STAGE, limit="reply", until=until, now=moment,
            )  # fmt: skip
        return until

    return press


@pytest.fixture
def told(posts):
    """The reminders in the conversation, in order."""
    return lambda: [(p.kind, p.nth) for p in posts() if p.way == "conversation"]


def test_the_next_reminder_comes_at_the_beginning_of_the_next_working_day(
    recorded, sweep_at, put_off, told, posts
):
    reference = recorded(date(2026, 11, 17))
    sweep_at(WEDNESDAY)
    assert told() == [("overdue", 0)]
    until = put_off(reference, WEDNESDAY + HOUR)
    assert until == datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
    for moment in (WEDNESDAY + 2 * HOUR, until - timedelta(minutes=1)):
        assert sweep_at(moment).made == 0
    assert sweep_at(until).sent == 1
    assert told() == [("overdue", 0), ("overdue", -1)]
    assert posts()[-1].body.startswith(f"{ASKED} {reference}")
    for minutes in (1, 60, 60 * 24):
        assert sweep_at(until + timedelta(minutes=minutes)).made == 0


@pytest.mark.parametrize(
    ("pressed", "until"),
    [
        pytest.param("2026-11-20 09:00", "2026-11-23 08:00", id="Friday to Monday"),
        pytest.param("2026-11-21 12:00", "2026-11-23 08:00", id="on a Saturday"),
        pytest.param("2026-12-24 17:00", "2026-12-29 08:00", id="over Christmas"),
        pytest.param("2026-11-19 06:00", "2026-11-20 08:00", id="before work"),
        pytest.param("2026-11-19 23:59", "2026-11-20 08:00", id="late at night"),
    ],
)
def test_over_weekends_and_bank_holidays(hours, pressed, until):
    pressed = datetime.fromisoformat(pressed).replace(tzinfo=UTC)
    assert hours.next_working_day(pressed) == datetime.fromisoformat(until).replace(tzinfo=UTC)


def test_what_comes_due_by_then_is_told_instead_and_once(recorded, sweep_at, put_off, told, posts):
    reference = recorded(date(2026, 11, 19))
    sweep_at(WEDNESDAY)
    until = put_off(reference, WEDNESDAY + HOUR)
    for minutes in (0, 1, 120):
        sweep_at(until + timedelta(minutes=minutes))
    assert told() == [("due_soon", 0), ("due_today", 0)]
    assert posts()[-1].body.startswith(ASKED)


def test_what_ends_meanwhile_is_told_on_the_next_working_day_and_not_later(
    recorded, sweep_at, put_off, told
):
    reference = recorded(datetime(2026, 11, 18, 14, 0, tzinfo=UTC))
    sweep_at(WEDNESDAY)
    until = put_off(reference, WEDNESDAY + HOUR)
    assert sweep_at(WEDNESDAY + 7 * HOUR).made == 0
    sweep_at(until)
    assert told() == [("due_today", 0), ("overdue", 0)]


def test_each_press_puts_off_by_one_working_day_and_the_usual_ones_come_between(
    recorded, sweep_at, put_off, told
):
    reference = recorded(date(2026, 11, 17))
    sweep_at(WEDNESDAY)
    moment = WEDNESDAY
    for _ in range(3):
        moment = put_off(reference, moment + HOUR)
        put_off(reference, moment - 12 * HOUR)  # that evening once more
        sweep_at(moment)
    assert told() == [("overdue", 0), ("overdue", -2), ("overdue", -4), ("overdue", -6)]
    for days in range(1, 11):
        sweep_at(moment + days * DAY)
    assert told()[4:] == [("overdue_again", 1), ("overdue_again", 2)]


def test_after_a_day_switched_off_there_is_still_one(recorded, sweep_at, put_off, told):
    reference = recorded(date(2026, 11, 17))
    sweep_at(WEDNESDAY)
    until = put_off(reference, WEDNESDAY)
    sweep_at(until + 1 * DAY)
    sweep_at(until + 1 * DAY + HOUR)
    assert told() == [("overdue", 0), ("overdue", -1)]


def test_another_limit_and_another_case_are_told_as_usual(recorded, sweep_at, put_off, posts):
    first, second = recorded(date(2026, 11, 18)), recorded(date(2026, 11, 18))
    put_off(first, WEDNESDAY)
    sweep_at(WEDNESDAY + HOUR)
    assert [post.subject[:13] for post in posts()] == [second]


def test_the_manager_is_told_as_usual_and_the_persons_mail_waits_with_the_notice(
    recorded, sweep_at, put_off, database, office, mailer
):
    reference = recorded(date(2026, 11, 18))
    with database.session() as session:
        choose_mail(
            session, person="person-1", address="me@school.example", to_manager="b@school.example",
            now=WEDNESDAY,
        )  # fmt: skip
    until = put_off(reference, WEDNESDAY)
    sweep_at(WEDNESDAY + HOUR, mailer)
    assert [each.rcpt_tos[0] for each in office.taken] == ["b@school.example"]
    sweep_at(until, mailer)
    assert [each.rcpt_tos[0] for each in office.taken[1:]] == [
        "me@school.example", "b@school.example",
    ]  # fmt: skip
    names = [each.content.split(b"Message-ID: ")[1].split(b"\n")[0] for each in office.taken]
    assert len(set(names)) == 3


def test_a_wish_is_taken_only_where_a_reminder_is_due_by_then(hours):
    near, far = date(2026, 11, 20), date(2026, 11, 23)
    assert put_off_until(near, WEDNESDAY, hours, Pace()) == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert put_off_until(far, WEDNESDAY, hours, Pace()) is None
    assert put_off_until(far, WEDNESDAY, hours, Pace(days_before=2)) is not None
