"""When a reminder may be sent: in the working hours of the policy's place."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.deadlines.calendar import WorkingCalendar, calendar_for
from bot.policy.model import Policy

OPENS, CLOSES = time(8), time(18)
"""Local time, Monday to Friday, never on a bank holiday."""


@dataclass(frozen=True)
class WorkingHours:
    """The working hours of one place, by its own clock and its own bank holidays."""

    calendar: WorkingCalendar
    zone: ZoneInfo

    def day_of(self, moment: datetime) -> date:
        """The day that it is in this place at `moment`."""
        return moment.astimezone(self.zone).date()

    def open_at(self, moment: datetime) -> bool:
        """Whether `moment` lies within working hours; the closing minute itself does not."""
        local = moment.astimezone(self.zone)
        return OPENS <= local.time() < CLOSES and self.calendar.is_working_day(local.date())

    def next_working_day(self, moment: datetime) -> datetime:
        """When working hours begin on the first working day after the day of `moment`."""
        midnight = datetime.combine(self.day_of(moment) + timedelta(days=1), time.min, self.zone)
        return self.next_open(midnight)

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself if it lies within working hours, else when they begin next."""
        if self.open_at(moment):
            return moment
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
        while not self.calendar.is_working_day(day):
            day += timedelta(days=1)
        return datetime.combine(day, OPENS, self.zone)


def hours_of(policy: Policy) -> WorkingHours:
    """The working hours of a policy's place."""
    return WorkingHours(calendar_for(policy.place.calendar), ZoneInfo(policy.place.timezone))
