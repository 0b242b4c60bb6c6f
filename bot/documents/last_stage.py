"""The concerns that reached the last stage of a policy and are not resolved.

Jersey: the SPB keeps a record of the unresolved concerns that reach stage 6 and puts them in its
annual report (October 2014, s.3 Stage 6, line 103; ground truth J-S6A).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.documents.outcomes import Outcomes
from bot.documents.rungs import Climb, Ladder
from bot.documents.standing import say_area
from bot.documents.suppression import Breakdown, Cell, held_back, publishable
from bot.policy.ladder import Duty, Stage
from bot.policy.model import Policy
from bot.records.words import EscalationStatus
from bot.wording.force import HEADINGS, say_source
from bot.wording.lateness import say_late_entry
from bot.wording.standing import STATUS

UNRESOLVED: tuple[EscalationStatus, ...] = ("open", "closed")
"""Neither resolved nor withdrawn."""
NOT_SAID = "Not recorded"
LABEL = "Not resolved"


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """One concern, for internal use alone. `late` says so where the stage was entered late."""

    reference: str
    raised_on: date
    reached_on: date
    late: str
    area: str
    status: str
    ending: str | None


@dataclass(frozen=True, kw_only=True)
class LastStage:
    """Those that reached the end of the ladder; `asks` is what the policy says is done with them.

    `cases` is None in figures for publication.
    """

    label: str
    reached: Cell
    unresolved: Cell
    asks: tuple[str, ...]
    cases: tuple[Unresolved, ...] | None


def last_stage(
    ladder: Ladder, stages: Breakdown, outcomes: Outcomes, *, suppress: bool
) -> LastStage:
    """What is known of the last stage of the newest version.

    It is a part of both tables: it is published only where neither of them hides a number that it
    could tell.

    Args:
        ladder: the stages and the cases.
        stages: the table of stages, as it is shown.
        outcomes: how the cases stand.
        suppress: whether small numbers are hidden.
    """
    stage = ladder.newest.stages[-1]
    there = ladder.at(stage.label)
    open_still = [climb for climb in there if climb.case.status in UNRESOLVED]
    exactly = Cell(LABEL, len(open_still))
    return LastStage(
        label=stage.label,
        reached=_row(stages, stage.label),
        unresolved=_publish(there, open_still, stages, outcomes, stage) if suppress else exactly,
        asks=tuple(_asks(ladder.newest, stage)),
        cases=None if suppress else tuple(_told(climb, stage) for climb in open_still),
    )


def _row(stages: Breakdown, label: str) -> Cell:
    return next((row for row in stages.rows if row.label == label), held_back(label))


def _publish(
    there: Sequence[Climb],
    open_still: Sequence[Climb],
    stages: Breakdown,
    outcomes: Outcomes,
    stage: Stage,
) -> Cell:
    if stages.count_of(stage.label) is None or not outcomes.whole:
        return held_back(LABEL)
    # all that are closed are among them, and how many those are is shown
    closed = sum(climb.case.status == "closed" for climb in open_still)
    settled = len(there) - len(open_still)
    parts = publishable([(LABEL, len(open_still) - closed), ("Resolved or withdrawn", settled)])
    if not closed:
        return _row(parts, LABEL)
    return Cell(LABEL, len(open_still)) if parts.whole else held_back(LABEL)


def _asks(policy: Policy, stage: Stage) -> list[str]:
    """What the partnership does with a concern that comes so far, with force and clause."""
    return [
        f"{HEADINGS[duty.strength]}: {duty.what} "
        f"{say_source(policy, duty.cite, duty.basis, who=policy.roles[duty.who].name)}."
        for duty in policy.duties
        if _by_the_partnership(policy, duty) and stage.id in duty.when.get("stage", ())
    ]


def _by_the_partnership(policy: Policy, duty: Duty) -> bool:
    return duty.kind in ("record", "report") and policy.roles[duty.who].side == "partnership"


def _told(climb: Climb, stage: Stage) -> Unresolved:
    entry = climb.entered(stage.label)
    return Unresolved(
        reference=climb.case.reference,
        raised_on=climb.case.raised_on,
        reached_on=entry.entered_on,
        late=say_late_entry(climb.case, climb.policy, entry),
        area=say_area(climb.case, climb.policy) or NOT_SAID,
        status=STATUS[climb.case.status],
        ending=climb.case.ending,
    )
