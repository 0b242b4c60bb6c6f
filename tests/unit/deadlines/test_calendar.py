import sys
from datetime import date, timedelta
from itertools import pairwise
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deadlines.calendar import (
    KNOWN_UNTIL,
    Holiday,
    OutsideCalendarError,
    calendar_for,
)

REGIONS = st.sampled_from(sorted(KNOWN_UNTIL))
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
COUNTS = st.integers(1, 60)

BOTH = ("england-and-wales", "jersey")
CHRISTMAS = (
    Holiday(date(2026, 12, 25), "Christmas Day"),
    Holiday(date(2026, 12, 28), "Boxing Day (substitute day)"),
    Holiday(date(2027, 1, 1), "New Year's Day"),
)


@pytest.mark.parametrize(
    ("regions", "start", "working_days", "due"),
    [
        pytest.param(BOTH, date(2026, 4, 2), 1, date(2026, 4, 7), id="over Easter"),
        pytest.param(
            ("scotland",), date(2026, 4, 2), 1, date(2026, 4, 6), id="Scotland works Easter Monday"
        ),
        pytest.param(BOTH, date(2026, 12, 24), 5, date(2027, 1, 5), id="over Christmas 2026"),
        pytest.param(BOTH, date(2026, 11, 14), 5, date(2026, 11, 20), id="an event on a Saturday"),
        pytest.param(BOTH, date(2026, 11, 13), 1, date(2026, 11, 16), id="an event on a Friday"),
        pytest.param(BOTH, date(2026, 12, 25), 1, date(2026, 12, 29), id="an event on a holiday"),
        pytest.param(
            ("jersey",), date(2025, 5, 8), 1, date(2025, 5, 12), id="Liberation Day in Jersey"
        ),
        pytest.param(
            ("england-and-wales",), date(2025, 5, 8), 1, date(2025, 5, 9), id="no such day in Kent"
        ),
        pytest.param(
            ("jersey",), date(2026, 5, 8), 1, date(2026, 5, 11), id="Liberation Day on a Saturday"
        ),
        pytest.param(BOTH, date(2022, 6, 1), 1, date(2022, 6, 6), id="the jubilee of 2022"),
        pytest.param(BOTH, date(2022, 9, 16), 1, date(2022, 9, 20), id="the funeral of 2022"),
        pytest.param(
            ("england-and-wales",), date(2023, 5, 5), 1, date(2023, 5, 9), id="the coronation"
        ),
        pytest.param(
            ("jersey",),
            date(2023, 5, 5),
            1,
            date(2023, 5, 10),
            id="the coronation, then Liberation",
        ),
        pytest.param(
            BOTH, date(2027, 12, 24), 1, date(2027, 12, 29), id="Christmas on a Saturday: two days"
        ),
    ],
)
def test_the_due_day_passes_over_weekends_and_bank_holidays(regions, start, working_days, due):
    for region in regions:
        assert calendar_for(region).add(start, working_days).due == due


@pytest.mark.parametrize(
    ("region", "day", "name"),
    [
        ("jersey", date(2021, 9, 27), "Corn Riots Anniversary"),
        (
            "jersey",
            date(2024, 7, 15),
            "The visit of His Majesty King Charles III and Queen Camilla",
        ),
        ("guernsey", date(2025, 5, 9), "Liberation Day"),
        ("scotland", date(2026, 6, 15), "World Cup bank holiday"),
        ("scotland", date(2025, 12, 1), "St Andrew's Day (substitute day)"),
        ("northern-ireland", date(2026, 3, 17), "St Patrick's Day"),
        ("england-and-wales", date(2020, 5, 8), "Early May bank holiday"),
        ("england-and-wales", date(2026, 8, 31), "Summer bank holiday"),
    ],
)
def test_a_place_keeps_its_own_days_by_their_known_names(region, day, name):
    assert calendar_for(region).holiday_on(day) == name
    assert not calendar_for(region).is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 9, 28), date(2027, 5, 10), date(2020, 5, 4)])
def test_days_that_were_never_proclaimed_are_working_days(day):
    region = "england-and-wales" if day.year == 2020 else "jersey"
    assert calendar_for(region).is_working_day(day)


@pytest.mark.parametrize("region", BOTH)
def test_the_holidays_passed_over_are_named_and_weekends_are_not(region):
    counted = calendar_for(region).add(date(2026, 12, 24), 5)
    assert counted.skipped == CHRISTMAS
    assert not counted.projected


def test_past_the_published_holidays_a_day_is_given_and_said_to_be_projected():
    calendar = calendar_for("jersey")
    assert not calendar.add(date(2027, 12, 30), 1).projected
    assert calendar.add(date(2027, 12, 31), 1).projected
    assert calendar.add(date(2027, 12, 31), 1).due == date(2028, 1, 4)


@pytest.mark.parametrize("working_days", [0, -1])
def test_fewer_than_one_working_day_is_refused(working_days):
    with pytest.raises(ValueError, match="must be 1 or more"):
        calendar_for("jersey").add(date(2026, 11, 12), working_days)


def test_an_unknown_region_is_refused_with_the_ones_there_are():
    with pytest.raises(ValueError, match=r"'wales'.*england-and-wales, scotland"):
        calendar_for("wales")


@pytest.mark.parametrize("day", [date(1979, 12, 31), date(2101, 1, 3), date(3000, 1, 1)])
def test_a_year_without_known_holidays_is_refused_not_taken_as_having_none(day):
    with pytest.raises(OutsideCalendarError, match=f"{day.year}, only for 1980 to 2100"):
        calendar_for("england-and-wales").is_working_day(day)


def test_working_days_cannot_be_counted_backwards():
    with pytest.raises(ValueError, match="back to 2026-11-11"):
        calendar_for("jersey").working_days_between(date(2026, 11, 12), date(2026, 11, 11))


def test_importing_the_calendar_does_not_import_the_slow_packages():
    code = (
        "import sys, bot.deadlines.calendar, bot.deadlines.spoken;"
        "sys.exit(' '.join({'holidays', 'dateparser'} & set(sys.modules)) or 0)"
    )
    run([sys.executable, "-c", code], check=True)


@given(REGIONS, DAYS, COUNTS)
def test_a_due_day_is_a_working_day_after_the_start(region, start, working_days):
    calendar = calendar_for(region)
    due = calendar.add(start, working_days).due
    assert calendar.is_working_day(due)
    assert due > start
    assert calendar.working_days_between(start, due) == working_days


@given(REGIONS, DAYS, st.integers(1, 15))
def test_days_added_one_by_one_come_to_the_same_as_all_at_once(region, start, working_days):
    calendar = calendar_for(region)
    day, skipped = start, []
    for _ in range(working_days):
        step = calendar.add(day, 1)
        day, skipped = step.due, [*skipped, *step.skipped]
    at_once = calendar.add(start, working_days)
    assert (day, tuple(skipped)) == (at_once.due, at_once.skipped)


@given(REGIONS, DAYS, COUNTS, st.integers(0, 20))
def test_more_days_or_a_later_start_never_end_earlier(region, start, working_days, later):
    calendar = calendar_for(region)
    due = calendar.add(start, working_days).due
    assert calendar.add(start, working_days + 1).due > due
    assert calendar.add(start + timedelta(days=later), working_days).due >= due


@given(REGIONS, DAYS, COUNTS)
def test_what_was_skipped_lies_in_between_on_weekdays_in_order(region, start, working_days):
    calendar = calendar_for(region)
    counted = calendar.add(start, working_days)
    for holiday in counted.skipped:
        assert start < holiday.date < counted.due
        assert holiday.date.weekday() < 5
        assert not calendar.is_working_day(holiday.date)
        assert holiday.name == calendar.holiday_on(holiday.date)
    assert all(a.date < b.date for a, b in pairwise(counted.skipped))
