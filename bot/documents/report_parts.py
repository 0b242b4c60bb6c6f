"""What a yearly report says, in words and numbers, before it is a page, a PDF or plain text.

All of them are made from the same parts, so that they hold the same numbers.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.documents.last_stage import LastStage
from bot.documents.outcomes import TOGETHER
from bot.documents.parts import Listing, Part, Report, Row, Table
from bot.documents.statistics import Statistics
from bot.documents.suppression import SMALL, Breakdown
from bot.documents.time_limits import ANYTHING_ELSE, NO_CASES, Median, StageTimes, TimeLimit
from bot.policy.model import Policy
from bot.wording.dates import plural, say_date
from bot.wording.force import ENDINGS, capital

TO_PUBLISH = (
    f"Numbers from 1 to {SMALL - 1} are shown as “fewer than {SMALL}”, because a small number can "
    "tell who somebody is. Where a total would give one away, another number is not shown either."
)
FOR_THE_BOARD = "The partnership has the list of these concerns in its report for internal use."
INTERNAL = (
    "For internal use only. Small numbers and references are shown as they are. "
    "Do not publish this or send it on."
)
NOT_ALL = "Only escalations that were recorded with Escalation Guide are counted."
OUTCOMES = (
    "Open: not yet settled. Resolved: agreement was reached. Closed: the last word that the policy "
    "provides for was given ({force}). Withdrawn: it was taken no further."
)
COUNTED_TOGETHER = (
    "Those that are resolved and those that are closed are counted together, so that nobody can "
    "work out a small number."
)
AGENCIES = "Where no agency was recorded for a side, it is counted as not recorded."
TIMES = (
    "Working days are Monday to Friday without the bank holidays of {place}. Day 1 is the first "
    "working day after the event. A median is the middle number: half took as long or less. A time "
    "to reach a stage is known only where an earlier stage was recorded too."
)
LIMITS = (
    "Each limit counts every escalation that got as far as its stage. Where the policy gives no "
    "number there is nothing to count, and its words are shown."
)
LATE = (
    "Entered late: a stage that was entered after the time limit to get that far had passed. Where "
    "the policy gives no number, nothing is late."
)
LATE_ELSEWHERE = (
    "How many entered a stage late, after the time limit to get that far, is in the report for "
    "internal use."
)
ROUGH = (
    f"Where numbers are small, some rows are put together as “{ANYTHING_ELSE}”: limits that run, "
    "were extended or stopped, have not started or were not recorded."
)

PLACES = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
    "jersey": "Jersey",
    "guernsey": "Guernsey",
}


def report_of(figures: Statistics) -> Report:
    """The report of a year's figures."""
    policy, year = figures.policy, figures.year
    made_on = figures.made_at.astimezone(ZoneInfo(policy.place.timezone)).date()
    versions = ", ".join(figures.versions or (policy.document.label,))
    return Report(
        title=f"Escalations raised in {year}",
        publisher=policy.publisher,
        facts=(
            ("Policy", f"{policy.title} ({versions})"),
            ("Raised", f"1 January to 31 December {year}"),
            ("Made on", say_date(made_on) + (", so far this year" if made_on.year == year else "")),
        ),
        warning="" if figures.suppressed else INTERNAL,
        parts=tuple(_parts(figures)),
    )


def _parts(figures: Statistics) -> Iterator[Part]:
    yield Part("In short", tuple(_in_short(figures)))
    if figures.total.count:
        labels = [row.label for row in figures.outcomes.rows]
        yield Part("How far they got", (), (_table("Furthest stage", "Stage", figures.stages),))
        yield _areas(figures.areas)
        yield Part(
            "Who raised them",
            (AGENCIES,),
            (
                _table("Raised by us or received from others", "Side", figures.sides),
                _table("Agency that raised it", "Agency", figures.raised_by),
                _table("Agency that it was raised with", "Agency", figures.raised_with),
            ),
        )
        yield Part(
            "How they stand",
            (
                OUTCOMES.format(force=_last_word(figures.policy)),
                *((COUNTED_TOGETHER,) if TOGETHER in labels else ()),
            ),
            (_table("Outcome", "Outcome", figures.outcomes),),
        )
        place = PLACES[figures.policy.place.calendar]
        rough = (ROUGH,) if figures.suppressed else ()
        late = LATE_ELSEWHERE if figures.suppressed else LATE
        yield Part("Times", (TIMES.format(place=place), LIMITS, late, *rough))
        yield from (_stage(times) for times in figures.times)
    yield _last(figures.last)
    yield Part("How this was counted", tuple(_counted(figures)))


def _in_short(figures: Statistics) -> Iterator[str]:
    total, last = figures.total, figures.last
    if total.count == 0:
        yield f"No escalation was recorded as raised in {figures.year}."
        return
    if total.count is None:
        yield (
            f"{capital(total.text)} escalations were raised in {figures.year}. With so few, no "
            "further number is shown."
        )
        return
    yield f"{plural(total.count, 'escalation')} {_were(total.count)} raised in {figures.year}."
    if last.reached.count is not None:
        yield f"{last.reached.count or 'None'} reached {last.label}, the last stage."
    elif last.reached.mark == "small":
        yield f"{capital(last.reached.text)} reached {last.label}, the last stage."
    else:
        yield f"The number that reached {last.label}, the last stage, is not shown."


def _last_word(policy: Policy) -> str:
    """With what force a matter ends: a recommendation is never called a decision."""
    forces = dict.fromkeys(ENDINGS[each.force] for each in policy.endings)
    return "; ".join(forces) or ENDINGS["not_stated"]


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _areas(areas: Breakdown | None) -> Part:
    heading = "What they were about"
    if areas is None:
        return Part(heading, ("This policy has no list of what a disagreement can be about.",))
    return Part(heading, (), (_table("What it was mainly about", "About", areas),))


def _stage(times: StageTimes) -> Part:
    if times.got_so_far == 0:
        return Part(times.label, (f"No escalation got as far as {times.label}.",), level=3)
    shown = [limit for limit in times.limits if limit.breakdown and not limit.breakdown.why_not]
    lines = (
        *((f"Entered late: {times.late}.",) if times.late is not None else ()),
        *_how_long(times),
        *(_without_table(limit) for limit in times.limits if limit not in shown),
        *(() if times.limits else ("The policy sets no time limit for this stage.",)),
    )
    tables = tuple(
        _table(f"{_called(limit)} {_until_met(limit.median)}", "Limit", limit.breakdown)
        for limit in shown
        if limit.breakdown is not None
    )
    return Part(times.label, lines, tables, level=3)


def _how_long(times: StageTimes) -> Iterator[str]:
    if times.to_reach.days is not None:
        yield f"From raising it to this stage, the median is {_days(times.to_reach)}."
    if times.stay.days is not None:
        yield f"At this stage, for those that left it, the median is {_days(times.stay)}."
    reasons = {times.to_reach.why_not, times.stay.why_not} - {"", NO_CASES}
    yield from (f"How long it took is {reason}." for reason in sorted(reasons))


def _until_met(found: Median) -> str:
    if found.days is None:
        return f"How long it took to meet it is {found.why_not}."
    return f"The median time until it was met is {_days(found)}."


def _days(found: Median) -> str:
    days = f"{found.days:g} working {'day' if found.days == 1 else 'days'}"
    return days if found.of is None else f"{days} ({plural(found.of, 'case')})"


def _without_table(limit: TimeLimit) -> str:
    if limit.breakdown is None:
        return f"{_called(limit)} The policy gives no number, so there is nothing to count."
    return f"{_called(limit)} {limit.breakdown.why_not}"


def _called(limit: TimeLimit) -> str:
    """The limit with the policy's words, its force and its clause."""
    return f"{capital(limit.what)}: “{limit.words}” ({limit.strength}; {limit.citation})."


def _last(last: LastStage) -> Part:
    asks = (
        (f"The policy says of {last.label}:", *last.asks)
        if last.asks
        else (f"The policy does not ask for a yearly report of concerns that reach {last.label}.",)
    )
    found = (
        f"Reached {last.label}: {last.reached.text}.",
        f"Not resolved by agreement (open or closed): {last.unresolved.text}.",
    )
    heading = f"Concerns that reached {last.label} and are not resolved"
    if last.cases is None:
        elsewhere = () if last.reached.count == 0 else (FOR_THE_BOARD,)
        return Part(heading, (*asks, *found, *elsewhere))
    rows = tuple(
        (
            each.reference,
            say_date(each.raised_on),
            f"{say_date(each.reached_on)}, {each.late}" if each.late else say_date(each.reached_on),
            each.area,
            f"{each.status}. {each.ending}" if each.ending else f"{each.status}.",
        )
        for each in last.cases
    )
    heads = ("Reference", "Raised on", "Reached on", "About", "How it stands")
    listing = Listing(f"Not resolved at {last.label}", heads, rows) if rows else None
    return Part(heading, (*asks, *found), listing=listing)


def _counted(figures: Statistics) -> Iterator[str]:
    yield NOT_ALL
    yield "An escalation belongs to the year in which it was raised, whenever it was recorded."
    yield "It is counted once in each table, at the furthest stage that it entered."
    if figures.suppressed:
        yield TO_PUBLISH
    yield from (banner.text for banner in figures.policy.banners)


def _table(caption: str, head: str, found: Breakdown) -> Table:
    longest = max((row.count or 0 for row in found.rows), default=0)
    rows = tuple(
        Row(row.label, row.text, (row.count or 0) / longest if longest else 0.0)
        for row in found.rows
    )
    return Table(caption, head, rows, found.total.text, found.why_not)
