from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deadlines.calendar import calendar_for
from bot.deadlines.count import KINDS, Overdue, count, overdue

JERSEY = calendar_for("jersey")
ZONE = "Europe/Jersey"
INSTANTS = st.datetimes(
    datetime(2015, 1, 1),
    datetime(2035, 1, 1),
    timezones=st.just(UTC),
)


def at(*moment: int, zone: str = ZONE) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(zone))


def counted(kind, n, start, calendar=JERSEY, zone=ZONE):
    return count(kind, n, start, calendar, zone)


def test_working_days_say_their_convention_and_what_they_passed_over():
    result = counted("working_days", 5, at(2026, 12, 24, 10))
    assert result.due == date(2027, 1, 5)
    assert [holiday.name for holiday in result.skipped] == [
        "Christmas Day",
        "Boxing Day (substitute day)",
        "New Year's Day",
    ]
    assert result.convention == (
        "Day 1 is the first working day after Thursday 24 December 2026. "
        "Weekends and bank holidays are not counted."
    )
    assert not result.projected


def test_a_projected_date_says_to_when_the_holidays_are_known():
    result = counted("working_days", 5, at(2027, 12, 30, 10))
    assert result.projected
    assert result.convention.endswith(
        "Bank holidays are published to Friday 31 December 2027: later ones are projected."
    )


def test_the_local_day_is_day_0_whatever_the_offset_of_the_start():
    late = datetime(2026, 7, 9, 23, 30, tzinfo=UTC)  # half past midnight on Friday in Jersey
    assert counted("working_days", 1, late).due == date(2026, 7, 13)


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Jersey"])
@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param((2026, 3, 28, 10), 48, "2026-03-30T11:00:00+01:00", id="clocks forward"),
        pytest.param((2026, 10, 24, 10), 48, "2026-10-26T09:00:00+00:00", id="clocks back"),
        pytest.param((2026, 11, 13, 16, 45), 24, "2026-11-14T16:45:00+00:00", id="weekend"),
        pytest.param((2026, 3, 29, 0, 30), 1, "2026-03-29T02:30:00+01:00", id="into the gap"),
        pytest.param((2026, 10, 25, 0, 30), 2, "2026-10-25T01:30:00+00:00", id="second 01:30"),
    ],
)
def test_hours_are_elapsed_hours(zone, start, hours, due):
    result = counted("elapsed_hours", hours, at(*start, zone=zone), zone=zone)
    assert result.due.isoformat() == due
    changed = result.due.utcoffset() != at(*start, zone=zone).utcoffset()
    assert ("The clocks change" in result.convention) == changed


@given(INSTANTS, st.integers(1, 500))
def test_the_hours_between_are_always_the_hours_given(start, hours):
    due = counted("elapsed_hours", hours, start).due
    assert due.astimezone(UTC) - start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ((2026, 1, 31), 1, date(2026, 2, 28)),
        ((2028, 1, 31), 1, date(2028, 2, 29)),
        ((2026, 11, 30), 3, date(2027, 2, 28)),
        ((2026, 11, 12), 6, date(2027, 5, 12)),
    ],
)
def test_calendar_months_end_on_the_same_day_or_the_last_one(start, months, due):
    result = counted("calendar_months", months, at(*start))
    assert result.due == due
    assert ("ends on the last day" in result.convention) == (due.day != start[2])


def test_the_same_working_day_is_the_day_itself():
    result = counted("same_working_day", None, at(2026, 11, 13, 16, 45))
    assert result.due == date(2026, 11, 13)
    assert "Friday 13 November 2026" in result.convention


@pytest.mark.parametrize(
    ("start", "named"),
    [
        pytest.param((2026, 11, 14, 9), "Saturday 14 November 2026 is not", id="Saturday"),
        pytest.param(
            (2026, 12, 25, 9), "Friday 25 December 2026 (Christmas Day) is not", id="bank holiday"
        ),
    ],
)
def test_on_a_day_off_the_same_working_day_is_now_and_never_the_next_one(start, named):
    result = counted("same_working_day", None, at(*start))
    assert result.due is None
    assert result.convention.startswith(named)
    assert result.convention.endswith("Act now: do not wait for the next working day.")


def test_words_only_never_becomes_a_date():
    result = counted("words_only", None, at(2026, 11, 13, 9))
    assert result.due is None
    assert result.skipped == ()


@given(st.sampled_from(KINDS), INSTANTS, st.integers(1, 40))
def test_no_limit_ends_before_it_begins_and_every_one_has_a_convention(kind, start, n):
    result = counted(kind, n, start)
    assert result.convention.endswith(".")
    if isinstance(result.due, datetime):
        assert result.due > start
    elif result.due:
        assert result.due >= start.astimezone(ZoneInfo(ZONE)).date()


@pytest.mark.parametrize(
    ("kind", "n", "start", "zone", "message"),
    [
        ("fortnights", 1, at(2026, 11, 13), ZONE, "Unknown kind of limit 'fortnights'"),
        ("working_days", None, at(2026, 11, 13), ZONE, "number of 1 or more, not None"),
        ("elapsed_hours", 0, at(2026, 11, 13), ZONE, "number of 1 or more, not 0"),
        ("words_only", None, datetime(2026, 11, 13), ZONE, "has no offset"),
        ("words_only", None, at(2026, 11, 13), "Europe/Atlantis", "Unknown time zone"),
    ],
)
def test_what_cannot_be_counted_is_refused(kind, n, start, zone, message):
    with pytest.raises(ValueError, match=message):
        counted(kind, n, start, zone=zone)


@pytest.mark.parametrize(
    ("due", "now", "late"),
    [
        pytest.param(date(2026, 11, 20), at(2026, 11, 20, 23, 59), None, id="the day itself"),
        pytest.param(date(2026, 11, 20), at(2026, 11, 21), Overdue(0, 1), id="the Saturday after"),
        pytest.param(date(2026, 11, 20), at(2026, 11, 24, 9), Overdue(2, 4), id="on the Tuesday"),
        pytest.param(date(2026, 12, 24), at(2026, 12, 29, 9), Overdue(1, 5), id="over Christmas"),
        pytest.param(
            date(2026, 7, 9),
            datetime(2026, 7, 9, 23, 30, tzinfo=UTC),
            Overdue(1, 1),
            id="the local day has ended though UTC's has not",
        ),
        pytest.param(at(2026, 11, 20, 10), at(2026, 11, 20, 10), None, id="the instant itself"),
        pytest.param(
            at(2026, 11, 20, 10), at(2026, 11, 20, 11, 59), Overdue(0, 0, 1), id="that morning"
        ),
        pytest.param(
            at(2026, 10, 24, 10), at(2026, 10, 25, 10), Overdue(0, 1, 25), id="clocks went back"
        ),
        pytest.param(
            at(2026, 10, 25, 1, 30),
            at(2026, 10, 25, 1, 15).replace(fold=1),
            Overdue(0, 0, 0),
            id="in the hour that comes twice",
        ),
    ],
)
def test_a_day_is_missed_after_its_end_and_an_instant_after_it(due, now, late):
    assert overdue(due, now, JERSEY, ZONE) == late
