"""Who did what in a group's rehearsal: a row for each participant and decision or step.

For the facilitator. Moments are those of the story, in the local time of its place.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from bot.documents.group import Group, Participant
from bot.documents.log import harmless
from bot.rehearsal.judge import Judgement
from bot.wording.rehearsed import VERDICTS, say_clauses, say_policies
from bot.wording.time_used import working_days_used

HEADS = (
    "Rehearsal", "Participant", "Scenario", "Policy", "Kind", "About", "What was done", "Judged",
    "Worth", "Learning aim", "What the policy asks", "Why", "Clause", "Came up at", "Due at",
    "Done at", "After its time", "Working days used",
)  # fmt: skip


def group_csv(group: Group) -> bytes:
    """The rows as RFC 4180 has it, in UTF-8 with a mark that tells spreadsheets so.

    Text that a spreadsheet would run as a formula has an apostrophe before it.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(HEADS)
    for each in group.participants:
        writer.writerows(_rows(each))
    return written.getvalue().encode("utf-8-sig")


def _rows(participant: Participant) -> Iterator[tuple[str, ...]]:
    world = participant.debrief.world
    aims = {aim.id: aim.text for aim in world.scenario.aims}
    for each in participant.debrief.judgements:
        used = working_days_used(world, each)
        row = (
            participant.reference,
            participant.alias,
            world.scenario.title,
            say_policies(world),
            "Decision" if each.id in world.points else "Step",
            each.asked,
            each.did or "",
            VERDICTS[each.verdict],
            f"{each.worth:g}" if each in participant.debrief.counted else "",
            aims[each.aim],
            each.sound or "",
            each.why,
            say_clauses(world, each.cite),
            _moment(each.opened),
            _moment(each.due),
            _moment(each.at),
            _late(each),
            "" if used is None else str(used),
        )
        yield tuple(harmless(cell) for cell in row)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _late(judgement: Judgement) -> str:
    return "" if judgement.did is None else "yes" if judgement.late else "no"
