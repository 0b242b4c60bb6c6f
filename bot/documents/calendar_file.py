"""The dates of a case as a calendar file (.ics, RFC 5545).

The same case always gives its entries the same UIDs, so that a calendar which reads a newer file
changes the entry that it has, and does not add another.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.tz import tzstr
from icalendar import (
    Alarm,
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vRecur,
)
from icalendar.parser import escape_char
from icalendar.prop import vInline

from bot.deadlines.calendar import WorkingCalendar, calendar_for
from bot.documents.calendar_entries import Entry, about, entries_of
from bot.documents.recorded import check_policy
from bot.policy.model import Policy
from bot.records.cases import Escalation

ALARM_AT = time(9)
"""In the time of the policy's place."""

# Summer time in the United Kingdom, Jersey and Guernsey since 1996: the rule for dateutil, and
# below the same for calendars. `Timezone.from_tzid` of icalendar 6.3 lists single days, which
# Outlook does not read (MS-OXCICAL 2.1.3.1.1.19), and begins summer time an hour late.
_UK_RULE = tzstr("GMT0BST,M3.5.0/1,M10.5.0/2")
_UK_CHANGES = (
    (TimezoneDaylight, "BST", datetime(1996, 3, 31, 1), 0, 1),
    (TimezoneStandard, "GMT", datetime(1996, 10, 27, 2), 1, 0),
)


def calendar_of(escalation: Escalation, policy: Policy, *, now: datetime) -> bytes:
    """The dates of a case, to be opened in any calendar.

    Every clock with a due date has an entry, on a day or at a moment, and so has every duty that
    the policy gives such a clock. A limit without a date has none: the calendar's description
    (X-WR-CALDESC) tells of it. Alarms ring at 09:00 in the policy's place on the working day
    before and on the day, and one hour before a moment; one that lies before `now` is left out,
    because some calendars would ring it at once.

    Args:
        escalation: the case.
        policy: the very version of the policy that the case was recorded under.
        now: the present instant, with its zone; it marks which of two files is newer.

    Raises:
        OtherPolicyError: the case was recorded under another policy or version.
        ValueError: `now` has no zone, the policy's place does not keep UK time, or the case holds
            what cannot be shown: the message says what was found and is allowed.
        OutsideCalendarError: a due day lies before 1980 or after 2100.
    """
    if now.utcoffset() is None:
        raise ValueError(f"Found now={now.isoformat()} without a time zone. Give it one, like UTC.")
    check_policy(escalation, policy)
    entries = entries_of(escalation, policy)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Escalation Guide//Time limits of a case//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _text(f"Escalation {escalation.reference}"))
    calendar.add("x-wr-caldesc", _text(about(escalation, policy, empty=not entries)))
    # Also where nothing needs it: a calendar file must hold one component at least.
    calendar.add_component(_timezone(policy.place.timezone, entries))
    for entry in entries:
        event = _event(entry, now)
        for moment in _alarms(entry, policy):
            if moment > now:
                event.add_component(_alarm(entry, moment))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, now: datetime) -> Event:
    event = Event()
    event.add("uid", _text(entry.uid))
    event.add("dtstamp", now)
    event.add("last-modified", now)
    # It has to grow with every change, and the record counts no changes. The minutes since 1970
    # grow with every file and fit into 32 bits; within a minute, DTSTAMP decides (RFC 5546 2.1.5).
    event.add("sequence", int(now.timestamp()) // 60)
    event.add("status", entry.status)
    event.add("class", "PRIVATE")  # calendars are shared: others see only that there is an entry
    event.add("transp", "TRANSPARENT")  # a limit takes up nobody's day
    event.add("summary", _text(entry.summary))
    event.add("description", _text(entry.description))
    if isinstance(entry.when, datetime):
        # RFC 5545 reads a local time that comes twice as the first; the second needs UTC.
        event.add("dtstart", entry.when.astimezone(UTC) if entry.when.fold else entry.when)
    else:
        event.add("dtstart", entry.when)
        event.add("dtend", entry.when + timedelta(days=1))
    return event


def _alarms(entry: Entry, policy: Policy) -> list[datetime]:
    """When to ring, the earliest first: Outlook takes one alarm only."""
    if not entry.rings:
        return []
    due = entry.when
    day = due.date() if isinstance(due, datetime) else due
    before = _working_day_before(day, calendar_for(policy.place.calendar))
    zone = ZoneInfo(policy.place.timezone)
    moments = {datetime.combine(each, ALARM_AT, zone).astimezone(UTC) for each in (before, day)}
    if isinstance(due, datetime):
        moment = due.astimezone(UTC)
        moments = {each for each in moments if each < moment} | {moment - timedelta(hours=1)}
    return sorted(moments)


def _working_day_before(day: date, calendar: WorkingCalendar) -> date:
    day -= timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def _alarm(entry: Entry, moment: datetime) -> Alarm:
    """An alarm at an instant: Outlook takes "9 hours after the day began" for 9 hours before."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text(entry.summary))
    alarm.add("trigger", moment, parameters={"VALUE": "DATE-TIME"})
    return alarm


def _timezone(name: str, entries: Iterable[Entry]) -> Timezone:
    for entry in entries:
        when = entry.when
        if isinstance(when, datetime) and when.utcoffset() != when.astimezone(_UK_RULE).utcoffset():
            raise ValueError(
                f"Found the time zone {name!r}, whose clock at {when.isoformat()} is not that of "
                "the United Kingdom. Allowed: a zone that keeps UK time, such as Europe/Jersey."
            )
    zone = Timezone()
    zone.add("tzid", name)
    for kind, short, since, before, after in _UK_CHANGES:
        change = kind()
        change.add("tzname", short)
        change.add("dtstart", since)
        change.add("rrule", vRecur(freq="yearly", bymonth=since.month, byday="-1SU"))
        change.add("tzoffsetfrom", timedelta(hours=before))
        change.add("tzoffsetto", timedelta(hours=after))
        zone.add_component(change)
    return zone


def _text(words: str) -> vInline:
    """Words as RFC 5545 writes them: every kind of line end is one, control characters go."""
    lines = "\n".join(words.splitlines())
    kept = "".join(char for char in lines if char in "\n\t" or not _is_control(char))
    # icalendar takes backslash and N for a line end, even in a path such as C:\New.
    return vInline(r"\\N".join(escape_char(part) for part in kept.split(r"\N")))


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char < "\xa0"
