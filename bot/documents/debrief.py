"""The debrief of one rehearsal as a Word file, to print and talk about."""

from datetime import datetime

from docx.document import Document as Paper

from bot.documents.document import Footing, bullets, finish, heading, paragraph, start
from bot.documents.tables import Cell, table
from bot.rehearsal.debrief import Debrief
from bot.rehearsal.judge import Judgement
from bot.rehearsal.world import World
from bot.wording.rehearsal import MARK
from bot.wording.rehearsed import (
    NO_CLOCK,
    NO_GRADE,
    NO_REAL_CASE,
    NOTHING_DONE,
    NOTHING_MISSED,
    VERDICTS,
    say_clauses,
    say_consequence,
    say_did,
    say_end,
    say_off_the_way,
    say_policies,
    say_policy_asks,
    say_reached,
    say_span,
    say_total,
)
from bot.wording.time_used import say_clock, say_clock_name, say_time

HEAD = f"{MARK}. {NO_REAL_CASE}"
DONE_HEADS = ("Decision or step", "What you did", "What the policy asks, and why", "Time")
DONE_WIDTHS = (4.2, 3.6, 5.8, 3.4)
MISSED_HEADS = ("Decision or step", "What the policy asks, and why", "Time")


def debrief_paper(debrief: Debrief, *, reference: str, alias: str, now: datetime) -> bytes:
    """The debrief of one participant, marked as a rehearsal on every page.

    Args:
        debrief: what the rehearsal came to.
        reference: of the rehearsal, such as REH-2026-0001.
        alias: what the participant is called in it; never a name.
        now: when it is made, with its zone.

    Returns:
        A .docx file.

    Raises:
        ValueError: `now` has no zone.
    """
    world = debrief.world
    footing = Footing(f"{reference}, {alias}", world.policies[world.first.policy], now)
    paper = start(f"{MARK}: debrief of “{world.scenario.title}”", footing, mark=HEAD)
    _at_a_glance(paper, debrief, reference, alias)
    _aims(paper, debrief)
    _done(paper, debrief)
    _missed(paper, debrief)
    _not_met(paper, debrief)
    _clocks(paper, debrief)
    heading(paper, "To talk about", 2)
    bullets(paper, debrief.questions)
    return finish(paper, footing)


def _at_a_glance(paper: Paper, debrief: Debrief, reference: str, alias: str) -> None:
    rows: list[tuple[str, str | Cell]] = [
        ("Reference", reference),
        ("Participant", alias),
        ("Your part", debrief.world.scenario.role),
        ("Policy", say_policies(debrief.world)),
        ("Time in the story", f"{say_span(debrief)}."),
        ("How it ended", say_end(debrief)),
        ("Reached", Cell((say_total(debrief),), NO_GRADE)),
    ]
    table(paper, ("What", "In this rehearsal"), rows, (4, 13), caption="The rehearsal at a glance")


def _aims(paper: Paper, debrief: Debrief) -> None:
    heading(paper, "By learning aim", 2)
    rows = [(each.aim.text, say_reached(each.reached, each.of)) for each in debrief.aims]
    table(paper, ("Learning aim", "Reached"), rows, (13, 4), caption="Score by learning aim")


def _done(paper: Paper, debrief: Debrief) -> None:
    heading(paper, "What you decided and did", 2)
    rows = [
        (
            each.asked,
            Cell((say_did(each, debrief.world), f"{VERDICTS[each.verdict]}.")),
            _asks(debrief.world, each),
            say_time(debrief, each),
        )
        for each in debrief.judgements
        if each.did is not None
    ]
    if rows:
        table(paper, DONE_HEADS, rows, DONE_WIDTHS, caption="Each decision and step")
    else:
        paragraph(paper, NOTHING_DONE)


def _missed(paper: Paper, debrief: Debrief) -> None:
    title = "What was missed, and what it could lead to"
    heading(paper, title, 2)
    rows = [
        (each.asked, _asks(debrief.world, each), say_time(debrief, each))
        for each in debrief.judgements
        if each.verdict == "missed"
    ]
    if rows:
        table(paper, MISSED_HEADS, rows, (5, 8, 4), caption=title)
    else:
        paragraph(paper, NOTHING_MISSED)


def _not_met(paper: Paper, debrief: Debrief) -> None:
    title = f"What {say_off_the_way(debrief)}"
    rows = [
        (each.asked, _asks(debrief.world, each))
        for each in debrief.judgements
        if each.verdict == "not_reached"
    ]
    if rows:
        heading(paper, title, 2)
        table(paper, MISSED_HEADS[:2], rows, (7, 10), caption=title)


def _asks(world: World, judgement: Judgement) -> Cell:
    """What the policy asks if it was something else, why, what could follow, and the clause."""
    asks = say_policy_asks(judgement, world)
    lines = (
        *((asks,) if asks else ()),
        judgement.why,
        say_consequence(judgement, world),
    )
    clause = say_clauses(world, judgement.cite)
    return Cell(tuple(line for line in lines if line), clause)


def _clocks(paper: Paper, debrief: Debrief) -> None:
    heading(paper, "Time used, by the policy's limits", 2)
    world = debrief.world
    rows = [(say_clock_name(world, use), say_clock(world, use)) for use in debrief.clocks]
    if rows:
        heads = ("Time limit", "How much of it was used")
        table(paper, heads, rows, (9, 8), caption="Time used at each stage")
    else:
        paragraph(paper, NO_CLOCK)
