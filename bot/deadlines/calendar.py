"""Working days, counted by the bank holidays of one place.

The days come from the `holidays` package, pinned in pyproject.toml: a new release may
change a bank holiday, and a deadline with it. tests/unit/deadlines/test_calendar.py holds
the days we rely on: Easter, substitute days, the one-off days of 2022 and 2023, and
Jersey's own (Liberation Day; the Corn Riots anniversary of 27 September 2021, which was
proclaimed for that year only; the King's visit of 15 July 2024).

Liberation Day has no substitute: when 9 May falls on a weekend, as in 2026 and 2027, the
Monday is a working day unless the States proclaim another day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

# The last day of the last year for which each government has published its bank holidays:
# https://www.gov.uk/bank-holidays, https://www.gov.je (bank holiday dates) and
# https://www.gov.gg (public holidays). Where we were unsure of a year, it is left out:
# saying "projected" too early does no harm.
KNOWN_UNTIL: Mapping[str, date] = MappingProxyType(
    {
        "england-and-wales": date(2027, 12, 31),
        "scotland": date(2027, 12, 31),
        "northern-ireland": date(2027, 12, 31),
        "jersey": date(2027, 12, 31),
        "guernsey": date(2026, 12, 31),
    }
)

# Outside these years the package gives no holidays at all, without saying so, or holidays
# of another pattern (Jersey's early May day began in 1980).
FIRST_YEAR, LAST_YEAR = 1980, 2100

_REGIONS: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "england-and-wales": ("GB", "ENG"),
        "scotland": ("GB", "SCT"),
        "northern-ireland": ("GB", "NIR"),
        "jersey": ("JE", None),
        "guernsey": ("GG", None),
    }
)

# Days proclaimed after holidays 0.86 was released.
_PROCLAIMED_SINCE: Mapping[str, Mapping[date, str]] = MappingProxyType(
    {
        # Royal proclamation of 4 February 2026, Banking and Financial Dealings Act 1971.
        "scotland": {date(2026, 6, 15): "World Cup bank holiday"},
    }
)

# The names people know from GOV.UK, where the package uses others.
_GOV_UK_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "May Day": "Early May bank holiday",
        "Spring Bank Holiday": "Spring bank holiday",
        "Late Summer Bank Holiday": "Summer bank holiday",
        "Summer Bank Holiday": "Summer bank holiday",
        "New Year Holiday": "2 January",
        "Saint Andrew's Day": "St Andrew's Day",
        "Saint Patrick's Day": "St Patrick's Day",
        "Battle of the Boyne": "Battle of the Boyne (Orangemen's Day)",
        "Platinum Jubilee of Elizabeth II": "Platinum Jubilee bank holiday",
        "State Funeral of Queen Elizabeth II": "State Funeral of Queen Elizabeth II",
        "Coronation of Charles III": "Coronation of King Charles III",
    }
)


class OutsideCalendarError(ValueError):
    """A day lies in a year for which no bank holidays can be worked out."""


@dataclass(frozen=True)
class Holiday:
    """A bank holiday, on the day on which offices are closed for it."""

    date: date
    name: str


@dataclass(frozen=True)
class WorkingDays:
    """What counting working days came to.

    `skipped` are the bank holidays passed over, in order; weekends are not among them.
    `projected` says that the count went past the published bank holidays: a day that is
    proclaimed later could move it.
    """

    due: date
    skipped: tuple[Holiday, ...]
    projected: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one place: Monday to Friday, without its bank holidays.

    `known_until` is the last day for which its bank holidays are published.
    """

    id: str
    known_until: date

    def holiday_on(self, day: date) -> str | None:
        """The name of the bank holiday on `day`, a weekend's too; None if there is none.

        Raises:
            OutsideCalendarError: `day` is before 1980 or after 2100.
        """
        return _holidays(self.id, day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether offices open on `day`.

        Raises:
            OutsideCalendarError: `day` is before 1980 or after 2100.
        """
        return self.holiday_on(day) is None and day.weekday() < 5

    def add(self, start: date, working_days: int) -> WorkingDays:
        """The day that many working days after `start`, which is day 0.

        Day 1 is the first working day after `start`, whatever day `start` is: an event on a
        Saturday has its day 1 on the Monday.

        Raises:
            ValueError: `working_days` is less than 1.
            OutsideCalendarError: the count leaves the years 1980 to 2100.
        """
        if working_days < 1:
            raise ValueError(
                f"Cannot count {working_days} working days: the number must be 1 or more. "
                "For the day itself use same_working_day."
            )
        day, left, skipped = start, working_days, []
        while left:
            day += timedelta(days=1)
            name = self.holiday_on(day)
            if day.weekday() >= 5:
                continue
            if name is None:
                left -= 1
            else:
                skipped.append(Holiday(day, name))
        return WorkingDays(day, tuple(skipped), projected=day > self.known_until)

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days come after `after`, up to and including `until`.

        So a reply due on Tuesday is overdue by one working day on the Wednesday, and
        `working_days_between(start, add(start, n).due)` is `n`.

        Raises:
            ValueError: `until` is before `after`.
            OutsideCalendarError: a day lies before 1980 or after 2100.
        """
        if until < after:
            raise ValueError(f"Cannot count working days from {after} back to {until}.")
        days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
        return sum(self.is_working_day(day) for day in days)


@cache
def calendar_for(region: str) -> WorkingCalendar:
    """The working calendar of a region, such as `jersey`.

    Raises:
        ValueError: the region is not one of those in `KNOWN_UNTIL`.
    """
    if region not in KNOWN_UNTIL:
        raise ValueError(
            f"There is no working calendar for {region!r}. Use one of: {', '.join(KNOWN_UNTIL)}."
        )
    return WorkingCalendar(region, KNOWN_UNTIL[region])


@cache
def _holidays(region: str, year: int) -> Mapping[date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutsideCalendarError(
            f"Bank holidays cannot be worked out for {year}, only for {FIRST_YEAR} to "
            f"{LAST_YEAR}. Check the year."
        )
    # A quarter of a second, which whoever only imports this module should not pay.
    import holidays  # noqa: PLC0415

    country, subdivision = _REGIONS[region]
    days = holidays.country_holidays(country, subdiv=subdivision, years=year)
    since = _PROCLAIMED_SINCE.get(region, {})
    return MappingProxyType(
        {day: _known_name(name) for day, name in days.items()}
        | {day: name for day, name in since.items() if day.year == year}
    )


def _known_name(name: str) -> str:
    """The package's name as people know it: "Boxing Day (substitute day)"."""
    known = []
    for part in name.split("; "):
        plain = part.removesuffix(" (observed)")
        suffix = " (substitute day)" if plain != part else ""
        known.append(_GOV_UK_NAMES.get(plain, plain) + suffix)
    return " and ".join(known)
