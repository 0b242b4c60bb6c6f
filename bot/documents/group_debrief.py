"""What a group's rehearsal came to, as a page and as a Word file: no participant is named.

For the facilitator and for the wall: how many decided what, what each aim came to, the time used,
what was missed most. Who did what is in the CSV file alone (`bot.documents.group_csv`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from statistics import median_low

from bot.documents.document import Footing
from bot.documents.group import Group
from bot.documents.page import page_of
from bot.documents.parts import Listing, Part, Report, Row, Table
from bot.rehearsal.debrief import ClockUse
from bot.rehearsal.scenario import Aim, Point, Step
from bot.rehearsal.world import World
from bot.wording.dates import plural
from bot.wording.rehearsal import MARK
from bot.wording.rehearsed import (
    NO_CLOCK,
    NO_GRADE,
    NO_REAL_CASE,
    VERDICTS,
    ended,
    say_asked,
    say_end,
    say_policies,
)
from bot.wording.time_used import amount_used, say_clock_name

WARNING = f"{MARK}. {NO_REAL_CASE} {NO_GRADE}"
LEFT_OPEN, OFF_THE_WAY = "Not decided", "Did not come up on the way taken"
NOTHING_MISSED = "Nobody missed anything or went another way."
MARKS = ("sound", "partly", "unsafe")
MOST_MISSED = 5
SPREAD = (
    ("All of it", 1.0),
    ("Three quarters or more", 0.75),
    ("Half or more", 0.5),
    ("A quarter or more", 0.25),
    ("Less than a quarter", 0.0),
)
"""A share belongs to the first of these that it reaches."""
UNITS = {"working_days": "working day", "elapsed_hours": "hour"}
COUNTED = (
    "Each participant is counted once in each table, with the last choice that they took.",
    "Sound counts in full, partly by half. What was put right after another choice, or after its "
    "time, counts by half at most.",
    "Time is the time of the story. Working days are those of the place: its bank holidays are not "
    "counted.",
)


def group_page(group: Group, *, now: datetime) -> bytes:
    """The group view as one HTML page that needs nothing else.

    Args:
        group: everybody who took part.
        now: when it is made, with its zone.

    Raises:
        ValueError: `now` has no zone.
    """
    return page_of(group_report(group, now=now))


def group_report(group: Group, *, now: datetime) -> Report:
    """The group view in words and numbers.

    Raises:
        ValueError: `now` has no zone.
    """
    world = group.world
    made_on = Footing(MARK, world.policies[world.first.policy], now).made_on
    return Report(
        title=f"{MARK}: debrief of a group",
        publisher=f"“{world.scenario.title}”",
        facts=(
            ("Policy", say_policies(world)),
            ("Participants", str(len(group))),
            ("Made on", made_on),
        ),
        warning=WARNING,
        parts=tuple(_parts(group)),
        mark=MARK,
    )


def _parts(group: Group) -> Iterator[Part]:
    scenario = group.world.scenario
    yield _in_short(group)
    yield _missed(group)
    yield Part("Decision by decision", ("How many settled each decision in which way.",))
    for n, point in enumerate(scenario.points, start=1):
        yield _decision(group, n, point)
    judged = [step for step in scenario.steps if step.expected or step.unsafe]
    yield Part("Steps that nobody asked for")
    for step in judged:
        yield _step(group, step)
    yield Part("By learning aim", tables=tuple(_aim(group, aim) for aim in scenario.aims))
    yield _clocks(group)
    yield Part("To talk about together", items=scenario.reflection)
    yield Part("How this was counted", COUNTED)


def _in_short(group: Group) -> Part:
    ends = Counter(say_end(each.debrief) for each in group.participants)
    return Part(
        "In short",
        (
            f"{plural(len(group), 'person' if len(group) == 1 else 'participant')} took part.",
            f"The middle of all scores is {group.middle_share:.0%} of what there was to reach: "
            "half the group reached that or more.",
        ),
        (_table("How it ended", "Ending", ends.most_common(), len(group)),),
    )


def _missed(group: Group) -> Part:
    """What went another way than the policy asks, for the most of them."""
    items = tuple(
        f"{count} of {len(group)}: {ended(_about(group.world, id_))} {say_asked(group.world, id_)}"
        for id_, count in group.missed_most()[:MOST_MISSED]
    )
    return Part(
        "Where most went another way than the policy",
        () if items else (NOTHING_MISSED,),
        items=items,
    )


def _decision(group: Group, n: int, point: Point) -> Part:
    chosen = group.choices(point.id)
    ordered = sorted(point.choices, key=lambda each: MARKS.index(each.mark))
    judged = group.judged(point.id)
    open_ = sum(each.verdict == "missed" for each in judged)
    met = sum(chosen.values()) + open_
    rows = [
        *((f"{VERDICTS[each.mark]}: {each.label}", chosen[each.id]) for each in ordered),
        (LEFT_OPEN, open_),
        (OFF_THE_WAY, len(group) - met),
    ]
    late, again = sum(each.late for each in judged), group.thought_again(point.id)
    told = (
        say_asked(group.world, point.id),
        *((f"For {late} it took longer than its time.",) if late else ()),
        *((f"{again} chose something else first.",) if again else ()),
    )
    table = _table("How it was decided", "Decision", rows, len(group))
    return Part(f"{n}. {point.asks}", told, (table,), level=3)


def _step(group: Group, step: Step) -> Part:
    judged = group.judged(step.id)
    done = [each for each in judged if each.did is not None]
    if step.expected is None:
        rows = [("Did this", len(done)), ("Did not do this", len(group) - len(done))]
    else:
        late = sum(each.late for each in done)
        missed = sum(each.verdict == "missed" for each in judged)
        rows = [
            ("Done in time", len(done) - late), ("Done after its time", late),
            ("Not done", missed), (OFF_THE_WAY, len(group) - len(done) - missed),
        ]  # fmt: skip
    table = _table("How many did it", "Step", rows, len(group))
    return Part(step.label, (say_asked(group.world, step.id),), (table,), level=3)


def _aim(group: Group, aim: Aim) -> Table:
    shares = group.shares(aim)
    found = Counter(_reached(share) for share in shares if share is not None)
    rows = [(label, found[label]) for label, _ in SPREAD]
    off = shares.count(None)
    if off:
        rows.append(("Nothing of it came up", off))
    return _table(aim.text, "Reached", rows, len(group))


def _reached(share: float) -> str:
    return next(label for label, least in SPREAD if share >= least)


def _clocks(group: Group) -> Part:
    rows = tuple(_clock(group.world, uses) for uses in group.clocks())
    heads = ("Time limit", "Times it ran", "Kept", "Ran out", "Used: least, middle, most")
    listing = Listing("Time used at each stage", heads, rows) if rows else None
    return Part("Time used, by the policy's limits", () if rows else (NO_CLOCK,), listing=listing)


def _clock(world: World, uses: Sequence[ClockUse]) -> tuple[str, ...]:
    out = sum(use.clock.overdue is not None for use in uses)
    return (
        say_clock_name(world, uses[0]), str(len(uses)), str(len(uses) - out), str(out),
        _amounts(world, uses),
    )  # fmt: skip


def _amounts(world: World, uses: Iterable[ClockUse]) -> str:
    """The least, the middle and the most that was used, in the unit of the limit."""
    amounts: list[int] = []
    unit = "day"
    for use in uses:
        target, started = use.clock.target, use.clock.started
        if target is None or started is None or use.until < started:
            continue
        policy = world.policies[use.stay.policy]
        amounts.append(amount_used(policy, target.reading, started, use.until))
        unit = UNITS.get(target.reading.kind, "day")
    if not amounts:
        return "It never began"
    return f"{min(amounts)}, {median_low(amounts)}, {plural(max(amounts), unit)}"


def _about(world: World, id_: str) -> str:
    point = world.points.get(id_)
    return point.asks if point else world.steps[id_].label


def _table(caption: str, head: str, rows: Sequence[tuple[str, int]], total: int) -> Table:
    longest = max((count for _, count in rows), default=0)
    drawn = tuple(
        Row(label, str(count), count / longest if longest else 0.0) for label, count in rows
    )
    return Table(caption, head, drawn, str(total))
