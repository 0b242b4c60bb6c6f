"""Which reminder is due when: tables over weekends and bank holidays, and what always holds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deadlines.calendar import calendar_for
from bot.deadlines.count import overdue
from bot.reminders.due import Pace, Reminder, due_reminder, last_near
from bot.reminders.hours import WorkingHours

ENGLAND = WorkingHours(calendar_for("england-and-wales"), ZoneInfo("Europe/London"))
JERSEY = WorkingHours(calendar_for("jersey"), ZoneInfo("Europe/Jersey"))
USUAL = Pace()
ORDER = ("due_soon", "due_today", "overdue", "overdue_again")
THURSDAY = date(2026, 11, 19)


def at(words: str, hours: WorkingHours = ENGLAND) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=hours.zone)


def told(due, moment: str, hours: WorkingHours = ENGLAND, pace: Pace = USUAL):
    found = due_reminder(due, at(moment, hours), hours, pace)
    return found and (found.kind if not found.nth else (found.kind, found.nth))


@pytest.mark.parametrize(
    ("moment", "kind"),
    [
        pytest.param("2026-11-17 12:00", None, id="two working days before"),
        pytest.param("2026-11-18 07:59", None, id="the day before, before work"),
        pytest.param("2026-11-18 08:00", "due_soon", id="the day before"),
        pytest.param("2026-11-18 18:00", None, id="the day before, after work"),
        pytest.param("2026-11-19 08:00", "due_today", id="the day itself"),
        pytest.param("2026-11-19 17:59", "due_today", id="the last minute of work"),
        pytest.param("2026-11-19 23:00", None, id="its night"),
        pytest.param("2026-11-20 07:59", None, id="overdue, and too early to say so"),
        pytest.param("2026-11-20 08:00", "overdue", id="the first working moment after it"),
        pytest.param("2026-11-21 12:00", None, id="a Saturday"),
        pytest.param("2026-11-26 17:00", "overdue", id="four working days later"),
        pytest.param("2026-11-27 08:00", ("overdue_again", 1), id="five working days later"),
        pytest.param("2026-12-04 08:00", ("overdue_again", 2), id="ten working days later"),
    ],
)
def test_a_day_is_told_before_it_on_it_and_after_it(moment, kind):
    assert told(THURSDAY, moment) == kind


@pytest.mark.parametrize(
    ("due", "moment", "kind"),
    [
        pytest.param("2026-11-19 14:00", "2026-11-19 14:00", "due_today", id="the very moment"),
        pytest.param("2026-11-19 14:00", "2026-11-19 14:01", "overdue", id="a minute later"),
        pytest.param("2026-11-19 06:00", "2026-11-19 08:00", "overdue", id="before work"),
        pytest.param("2026-11-19 22:00", "2026-11-19 17:00", "due_today", id="after work"),
        pytest.param("2026-11-19 22:00", "2026-11-20 08:00", "overdue", id="told next morning"),
        pytest.param("2026-11-14 16:30", "2026-11-13 09:00", "due_soon", id="before a Saturday"),
        pytest.param("2026-11-14 16:30", "2026-11-12 09:00", None, id="two days before it"),
        pytest.param("2026-11-14 16:30", "2026-11-16 08:00", "overdue", id="after a Saturday"),
    ],
)
def test_an_instant_is_told_by_the_working_hours_around_it(due, moment, kind):
    assert told(at(due).astimezone(UTC), moment) == kind


@pytest.mark.parametrize(
    ("due", "moment", "kind"),
    [
        pytest.param(date(2026, 12, 24), "2026-12-25 12:00", None, id="Christmas Day"),
        pytest.param(date(2026, 12, 24), "2026-12-28 12:00", None, id="Boxing Day's substitute"),
        pytest.param(date(2026, 12, 24), "2026-12-29 08:00", "overdue", id="back at work"),
        pytest.param(date(2026, 12, 29), "2026-12-24 08:00", "due_soon", id="the day before"),
        pytest.param(date(2026, 12, 29), "2026-12-23 08:00", None, id="two days before"),
    ],
)
def test_bank_holidays_are_no_working_days(due, moment, kind):
    assert told(due, moment) == kind


def test_the_bank_holidays_are_those_of_the_place():
    after_liberation_day = date(2025, 5, 12)
    assert told(after_liberation_day, "2025-05-08 09:00", JERSEY) == "due_soon"
    assert told(after_liberation_day, "2025-05-09 09:00", JERSEY) is None
    assert told(after_liberation_day, "2025-05-08 09:00", ENGLAND) is None
    assert told(after_liberation_day, "2025-05-09 09:00", ENGLAND) == "due_soon"


def test_summer_time_is_the_time_of_the_place():
    assert due_reminder(
        date(2026, 7, 2), datetime(2026, 7, 2, 7, 0, tzinfo=UTC), ENGLAND, USUAL
    ) == Reminder("due_today")
    assert due_reminder(date(2026, 7, 2), datetime(2026, 7, 2, 17, 0, tzinfo=UTC), ENGLAND,
                        Pace()) is None  # fmt: skip


def test_the_pace_can_be_chosen():
    slow = Pace(days_before=3, days_between=10)
    assert told(THURSDAY, "2026-11-16 08:00", pace=slow) == "due_soon"
    assert told(THURSDAY, "2026-11-13 08:00", pace=slow) is None
    assert told(THURSDAY, "2026-12-03 08:00", pace=slow) == "overdue"
    assert told(THURSDAY, "2026-12-04 08:00", pace=slow) == ("overdue_again", 1)


def rank(found: Reminder) -> tuple[int, int]:
    return ORDER.index(found.kind), found.nth


INSTANTS = st.datetimes(
    datetime(2026, 1, 1),
    datetime(2027, 11, 30),
    timezones=st.just(UTC),
)
DUES = st.one_of(st.dates(date(2026, 1, 1), date(2027, 11, 30)), INSTANTS)
PLACES = st.sampled_from([ENGLAND, JERSEY])
PACES = st.builds(Pace, days_before=st.integers(1, 20), days_between=st.integers(1, 20))
MOVES = st.timedeltas(timedelta(days=-40), timedelta(days=60))


@settings(deadline=None)
@given(DUES, MOVES, PLACES, PACES)
def test_it_is_overdue_exactly_when_the_limit_has_passed_and_only_in_working_hours(
    due, moved, hours, pace
):
    moment = _instant(due) + moved
    found = due_reminder(due, moment, hours, pace)
    if not hours.open_at(moment):
        assert found is None
        return
    late = overdue(due, moment, hours.calendar, str(hours.zone)) is not None
    assert late == (found is not None and found.kind in ("overdue", "overdue_again"))


@settings(deadline=None)
@given(DUES, MOVES, MOVES, PLACES, PACES)
def test_the_kinds_follow_one_another(due, one, other, hours, pace):
    earlier, later = sorted((_instant(due) + one, _instant(due) + other))
    before, after = (due_reminder(due, each, hours, pace) for each in (earlier, later))
    if before is not None and hours.open_at(later):
        assert after is not None
        assert rank(before) <= rank(after)


@settings(deadline=None)
@given(DUES, MOVES, PLACES, PACES)
def test_the_search_reaches_everything_that_is_due(due, moved, hours, pace):
    moment = _instant(due) + moved
    if due_reminder(due, moment, hours, pace) is not None:
        day = hours.day_of(due) if isinstance(due, datetime) else due
        assert day <= last_near(moment, hours, pace)


@settings(deadline=None, max_examples=30)
@given(DUES, PLACES, st.sets(st.integers(0, 24 * 30), max_size=6))
def test_whoever_sweeps_seldom_says_less_and_nothing_else(due, hours, few):
    start = _instant(due) - timedelta(days=8)
    hourly = [due_reminder(due, start + timedelta(hours=n), hours, USUAL) for n in range(721)]
    seldom = [hourly[n] for n in few]
    said = [found for found in hourly if found is not None]
    assert {found for found in seldom if found} <= set(said)
    assert [rank(each) for each in said] == sorted(rank(each) for each in said)


@settings(deadline=None, max_examples=30)
@given(DUES, PLACES)
def test_nothing_is_left_unsaid_for_a_week(due, hours):
    """Christmas is the longest that offices close: four days in a row."""
    late = _instant(due) + timedelta(days=2)
    moments = [late + timedelta(hours=n) for n in range(24 * 6)]
    assert any(due_reminder(due, each, hours, USUAL) for each in moments)


def _instant(due: date | datetime) -> datetime:
    return due if isinstance(due, datetime) else datetime(due.year, due.month, due.day, tzinfo=UTC)
