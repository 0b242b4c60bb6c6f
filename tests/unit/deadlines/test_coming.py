"""Days still to come in people's own words: each is read, asked back, or refused; never guessed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deadlines.spoken import DateRead, DateUnclear, NoDate, problem_ahead, read_coming

LONDON = "Europe/London"
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo(LONDON))  # a Thursday


def read(words: str, now: datetime = NOW):
    return read_coming(words, now, timezone=LONDON)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Friday", date(2026, 11, 27)), ("make it Tuesday", date(2026, 12, 1)),
        ("tomorrow", date(2026, 11, 27)), ("today", date(2026, 11, 26)),
        ("4 December", date(2026, 12, 4)), ("20/12", date(2026, 12, 20)),
        ("the 12th of January", date(2027, 1, 12)), ("the 4th", date(2026, 12, 4)),
        ("the 21st", date(2026, 12, 21)), ("the 30th", date(2026, 11, 30)),
        ("Monday week", date(2026, 12, 7)), ("a week on Monday", date(2026, 12, 7)),
        ("Friday 4 December", date(2026, 12, 4)), ("next Monday", date(2026, 11, 30)),
        ("Christmas Eve", date(2026, 12, 24)), ("2026-12-01", date(2026, 12, 1)),
    ],
)  # fmt: skip
def test_a_day_to_come(words, day):
    assert read(words) == DateRead(day)


def test_a_time_of_day_is_kept():
    assert read("by next Monday at 5pm") == DateRead(date(2026, 11, 30), time(17))


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("next Friday", (date(2026, 11, 27), date(2026, 12, 4))),
        ("Thursday", (date(2026, 11, 26), date(2026, 12, 3))),
    ],
)
def test_what_could_be_two_days_is_asked_back(words, days):
    found = read(words)
    assert isinstance(found, DateUnclear)
    assert found.candidates == days


@pytest.mark.parametrize(
    "words", ["two more days", "in two weeks", "a fortnight today", "5 working days", "3 days"]
)
def test_what_is_counted_from_no_day_is_refused(words):
    found = read(words)
    assert isinstance(found, NoDate)
    assert "from which day" in found.why


@pytest.mark.parametrize("words", ["", "when she is back", "soon", "🙂"])
def test_what_is_no_day_is_refused(words):
    assert isinstance(read(words), NoDate)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("yesterday", "has passed"), ("3 days ago", "has passed"), ("last Friday", "has passed"),
        ("12 January 2026", "has passed"), ("today at 9am", "time has passed"),
        ("1 June 2029", "more than a year"),
    ],
)  # fmt: skip
def test_what_cannot_be_to_come_is_told_so(words, says):
    found = read(words)
    days = found.candidates if isinstance(found, DateUnclear) else (found.on,)
    told = [problem_ahead(DateRead(day, found.at), NOW, timezone=LONDON) for day in days]
    assert all(says in why for why in told)


@given(
    st.sampled_from(["Monday", "Wednesday", "Sunday", "the 5th", "the 31st", "7 March", "29/2"]),
    st.dates(date(2026, 1, 1), date(2027, 12, 1)),
)
def test_no_day_of_a_week_month_or_year_is_read_as_past(words, today):
    now = datetime.combine(today, time(9), ZoneInfo(LONDON))
    match read(words, now):
        case DateRead(on=day):
            days = (day,)
        case DateUnclear(candidates=days):
            pass
        case NoDate():
            assert words == "29/2"
            return
    assert all(today <= day <= today + timedelta(days=5 * 366) for day in days)


def test_an_instant_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="no offset"):
        read_coming("Friday", datetime(2026, 11, 26), timezone=LONDON)
