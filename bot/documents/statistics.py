"""A year of escalations under one policy, counted: pure, and fit to be published.

Jersey's board puts the unresolved concerns that reach stage 6 into its annual report (October
2014, s.3 Stage 6; ground truth J-S6A). The other policies ask for no yearly figures; theirs are
made in the same way.

Counts from 1 to 4 are hidden (`suppression`), unless `suppress=False` asks for them as they are,
for internal use. Every table of cases has the same total and is made safe on its own. What is a
part of such a table (`time_limits`, `last_stage`) is shown only where it cannot tell what the table
hides.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.documents.last_stage import LastStage, last_stage
from bot.documents.outcomes import outcomes_of
from bot.documents.recorded import agencies_on
from bot.documents.rungs import Climb, Ladder, ladder_of
from bot.documents.standing import say_area
from bot.documents.suppression import Breakdown, Cell, Counts, exact, publishable
from bot.documents.time_limits import Openness, StageTimes, stage_times
from bot.escalation.agencies import OneSide
from bot.policy.library import Library
from bot.policy.model import Policy
from bot.records.cases import Escalation
from bot.records.words import Side

NOT_RECORDED = "Not recorded"
SEVERAL = "More than one agency"
SIDES: Mapping[Side, str] = {"raising": "Raised", "challenged": "Received"}


class OtherCaseError(ValueError):
    """A case of another policy or year among those to be counted."""


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """The figures of a year.

    `versions` are those under which the cases were recorded. `areas` is None where the policy does
    not ask what a disagreement is about. `suppressed` is False for internal use.
    """

    policy: Policy
    versions: tuple[str, ...]
    year: int
    made_at: datetime
    suppressed: bool
    total: Cell
    stages: Breakdown
    areas: Breakdown | None
    sides: Breakdown
    raised_by: Breakdown
    raised_with: Breakdown
    outcomes: Breakdown
    times: tuple[StageTimes, ...]
    last: LastStage


def statistics_of(
    cases: Sequence[Escalation],
    library: Library,
    *,
    policy_id: str,
    year: int,
    now: datetime,
    suppress: bool = True,
) -> Statistics:
    """The figures of the cases of one policy that were raised in one year.

    Args:
        cases: of `reporting.escalations_of` for that policy and year.
        library: where the versions of the policy are found.
        policy_id: the policy.
        year: the calendar year of `raised_on`.
        now: when they are made, with its zone; a running limit is late by it.
        suppress: False shows small numbers as they are, for internal use only.

    Raises:
        OtherCaseError: a case is not of that policy and year.
        OtherPolicyError: a case entered a stage that its version does not have.
        UnknownPolicyError: the policy, or the version of a case, is not in the library.
        OutsideCalendarError: a date before 1980 or after 2100.
        ValueError: `now` has no zone.
    """
    _check(cases, policy_id, year, now)
    publish: Callable[[Counts], Breakdown] = publishable if suppress else exact
    ladder = ladder_of(cases, library, policy_id)
    stages = publish(_count(ladder.reached, ladder.labels))
    areas = _areas(ladder)
    shown_areas = publish(areas) if areas else None
    sides = publish(_count((SIDES[case.side] for case in cases), SIDES.values()))
    outcomes = outcomes_of(ladder, stages, suppress=suppress)
    openness = Openness(
        suppress=suppress,
        known=ladder.known_from(stages),
        stages=stages.whole,
        outcomes=outcomes.whole,
        kinds=sides.whole and (shown_areas is None or shown_areas.whole),
    )
    return Statistics(
        policy=ladder.newest,
        versions=tuple(dict.fromkeys(case.policy_version for case in cases)),
        year=year,
        made_at=now,
        suppressed=suppress,
        total=stages.total,
        stages=stages,
        areas=shown_areas,
        sides=sides,
        raised_by=publish(_agencies(cases, "raising")),
        raised_with=publish(_agencies(cases, "challenged")),
        outcomes=outcomes.shown,
        times=stage_times(ladder, openness, now),
        last=last_stage(ladder, stages, outcomes, suppress=suppress),
    )


def _check(cases: Iterable[Escalation], policy_id: str, year: int, now: datetime) -> None:
    if now.utcoffset() is None:
        raise ValueError(f"The present instant is {now.isoformat()} without a time zone.")
    for case in cases:
        if (case.policy_id, case.raised_on.year) != (policy_id, year):
            raise OtherCaseError(
                f"{case.reference} is under {case.policy_id} and was raised in "
                f"{case.raised_on.year}. Allowed: only cases under {policy_id}, raised in {year}."
            )


def _count(found: Iterable[str], rows: Iterable[str]) -> Counts:
    counted = Counter(found)
    return [(row, counted[row]) for row in rows]


def _areas(ladder: Ladder) -> Counts:
    """By what they are about, in the words of the policy; nothing where the policy does not ask.

    Words of an older version, or that no version has, come after those of the newest.
    """
    about = [_area(climb) for climb in ladder.climbs]
    asked = ladder.newest.facts.get("area")
    known = [option.label for option in asked.options] if asked else []
    others = sorted({*about} - {*known, NOT_RECORDED})
    if not known and not others:
        return []
    return _count(about, [*known, *others, NOT_RECORDED])


def _area(climb: Climb) -> str:
    return say_area(climb.case, climb.policy) or NOT_RECORDED


def _agencies(cases: Iterable[Escalation], side: OneSide) -> Counts:
    """By the agency of one side. The order is that of the alphabet: one by size would tell size."""
    first_written: dict[str, str] = {}
    found = []
    for case in cases:
        named = {
            first_written.setdefault(words.casefold(), words) for words in agencies_on(case, side)
        }
        found.append(named.pop() if len(named) == 1 else SEVERAL if named else NOT_RECORDED)
    agencies = sorted({*found} - {SEVERAL, NOT_RECORDED}, key=str.casefold)
    return _count(found, [*agencies, SEVERAL, NOT_RECORDED])
