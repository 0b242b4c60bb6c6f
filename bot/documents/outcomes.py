"""How the cases of a year stand; with the stages beside them, no small number can be worked out.

A case is closed by a last word, and that is given at the last stage alone. So as many cases at
least got to the last stage as are closed: where one of the two tables hides a number, the other
could tell it, and those that are closed are then counted together with those that are resolved.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.rungs import Ladder
from bot.documents.suppression import SMALL, Breakdown, exact, publishable
from bot.records.words import EscalationStatus
from bot.wording.standing import STATUS

TOGETHER = "Resolved or closed"


@dataclass(frozen=True)
class Outcomes:
    """The table as it is shown; `whole` tells whether it shows every outcome with its number."""

    shown: Breakdown
    whole: bool


def outcomes_of(ladder: Ladder, stages: Breakdown, *, suppress: bool) -> Outcomes:
    """How many cases are open, resolved, closed and withdrawn.

    Args:
        ladder: the stages and the cases.
        stages: the table of stages, as it is shown.
        suppress: whether small numbers are hidden.
    """
    counts = Counter(climb.case.status for climb in ladder.climbs)
    if not suppress:
        return Outcomes(exact(_rows(counts, *STATUS)), whole=True)
    apart = publishable(_rows(counts, *STATUS))
    if apart.whole and stages.whole and not _tells_the_rest(counts["closed"], ladder):
        return Outcomes(apart, whole=True)
    ended = counts["resolved"] + counts["closed"]
    rows = [*_rows(counts, "open"), (TOGETHER, ended), *_rows(counts, "withdrawn")]
    return Outcomes(publishable(rows), whole=False)


def _tells_the_rest(closed: int, ladder: Ladder) -> bool:
    """Whether so many are closed that only a few others got to the last stage."""
    return 0 < len(ladder.at(ladder.newest.stages[-1].label)) - closed < SMALL


def _rows(
    counts: Counter[EscalationStatus], *statuses: EscalationStatus
) -> Sequence[tuple[str, int]]:
    return [(STATUS[status], counts[status]) for status in statuses]
