from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.deadlines.spoken import DateRead, DateUnclear, NoDate, problem, read_date

ZONE = "Europe/Jersey"
WEDNESDAY = datetime(2026, 11, 18, 14, 30, tzinfo=ZoneInfo(ZONE))


def table():
    # Every value is read as text: YAML would make dates of some and words of others.
    text = Path(__file__).with_name("phrases.yml").read_text(encoding="utf-8")
    phrases = yaml.load(text, Loader=yaml.BaseLoader)
    for moment in phrases["moments"]:
        now = datetime.fromisoformat(moment["now"]).replace(tzinfo=ZoneInfo(ZONE))
        for phrase, meant in {**phrases["always"], **moment["phrases"]}.items():
            yield pytest.param(phrase, now, meant, id=f"{now:%a %d %b}: {phrase or '(empty)'}")


def understood(reading):
    """A reading as phrases.yml writes it."""
    if isinstance(reading, NoDate):
        return "no"
    if isinstance(reading, DateUnclear):
        return [day.isoformat() for day in reading.candidates]
    return reading.on.isoformat() + (f" {reading.at:%H:%M}" if reading.at else "")


@pytest.mark.parametrize(("phrase", "now", "meant"), table())
def test_a_phrase_means_the_same_to_us_as_to_those_who_say_it(phrase, now, meant):
    reading = read_date(phrase, now, timezone=ZONE)
    assert understood(reading) == meant
    # Letters, spaces and the zone that `now` is given in make no difference.
    assert read_date(f"  {phrase.upper()} ", now.astimezone(UTC), timezone=ZONE) == reading


PROBLEMS = (
    "That is in the future. Give the date on which it happened.",
    "That is later today. Give the time at which it happened.",
    "That is more than ten years ago. Check the year.",
)
SCRAPS = (
    "last next on the a 3 12th 31 ago week weeks fortnight today Thursday sat May Nov 2026 at 4 "
    "12/11 29/02 00/00 9999 half past to noon midnight before ago, 10:99 25:00 pm 2026-13-40 · z "
    "999 years 0001-01-01t00:00z 31/12/9999 two hours months day night ² ٣ ¼ \x00"
)


@given(st.text() | st.lists(st.sampled_from(SCRAPS.split(" ")), max_size=8).map(" ".join))
@example("999 years ago")
@example("2026-02-30T10:00:00Z")
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:00-12:00")
@example("midnight 31 December 9999")
def test_no_text_raises_and_every_reading_keeps_its_promise(text):
    reading = read_date(text, WEDNESDAY, timezone=ZONE)
    match reading:
        case DateUnclear(candidates, why):
            assert 2 <= len(candidates) <= 4
            assert list(candidates) == sorted(set(candidates))
            assert why.endswith(".")
        case NoDate(why):
            assert why.endswith(".")
        case DateRead():
            assert problem(reading, WEDNESDAY, timezone=ZONE) in {None, *PROBLEMS}


@given(st.dates(date(2017, 1, 1), date(2026, 11, 18)), st.times())
def test_a_date_written_out_in_full_is_read_back(day, at):
    for written in (f"{day:%A} {day.day} {day:%B} {day.year}", f"{day:%d/%m/%Y}", f"{day}"):
        assert read_date(written, WEDNESDAY, timezone=ZONE) == DateRead(day)
        timed = read_date(f"{written} at {at:%H:%M}", WEDNESDAY, timezone=ZONE)
        assert timed == DateRead(day, time(at.hour, at.minute))


@given(st.integers(1, 300))
def test_days_ago_are_counted_back_from_the_local_day(days):
    said = f"it was {days} days ago"
    meant = DateRead(date(2026, 11, 18) - timedelta(days=days))
    assert read_date(said, WEDNESDAY, timezone=ZONE) == meant


def test_hours_ago_are_real_hours_when_the_clocks_have_changed():
    sunday = datetime(2026, 10, 25, 9, tzinfo=ZoneInfo(ZONE))
    assert read_date("12 hours ago", sunday, timezone=ZONE) == DateRead(
        date(2026, 10, 24), time(22, 0)
    )


def test_an_unclear_day_keeps_the_time_that_was_given():
    reading = read_date("it was last Tuesday at 10", WEDNESDAY, timezone=ZONE)
    assert reading.at == time(10)
    assert reading.why == "This could be a day of this week or of last week."


def test_a_long_text_is_refused_unread():
    reading = read_date("yesterday " * 100_000, WEDNESDAY, timezone=ZONE)
    assert reading.why.startswith("That is too long")


def test_a_present_without_offset_is_refused():
    with pytest.raises(ValueError, match="no offset"):
        read_date("today", datetime(2026, 11, 18), timezone=ZONE)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (DateRead(date(2026, 11, 18)), None),
        (DateRead(date(2026, 11, 18), time(14, 30)), None),
        (DateRead(date(2016, 11, 18)), None),
        (DateRead(date(2026, 11, 18), time(16)), "later today"),
        (DateRead(date(2026, 11, 19)), "in the future"),
        (DateRead(date(3000, 1, 1)), "in the future"),
        (DateRead(date(2016, 11, 17)), "more than ten years ago"),
    ],
)
def test_what_cannot_have_happened_so_is_said_plainly(read, said):
    found = problem(read, WEDNESDAY, timezone=ZONE)
    assert found is None if said is None else said in found
