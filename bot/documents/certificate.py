"""Certificates of attendance: the name is written in by hand, and nobody's score is on them.

No reference and no alias either: a certificate bears a name, and whoever holds it should not be
able to look up how its owner decided.
"""

from datetime import date, datetime

from docx.document import Document as Paper
from docx.enum.text import WD_BREAK

from bot.documents.document import Footing, bullets, finish, heading, paragraph, start
from bot.documents.tables import Cell, table
from bot.rehearsal.world import World
from bot.wording.dates import plural, say_date
from bot.wording.rehearsal import MARK
from bot.wording.rehearsed import say_policies

TITLE = "Certificate of attendance"
HEAD = f"{MARK} of a safeguarding escalation"
MOST = 200
NOT_A_TEST = (
    "This certificate says that its holder took part. It is not a test, and it says nothing about "
    "how anybody decided."
)


def certificates(world: World, *, held_on: date, minutes: int, copies: int, now: datetime) -> bytes:
    """A certificate on a page of its own for each of those who took part.

    Args:
        world: what was rehearsed.
        held_on: the day of the rehearsal.
        minutes: how long it went on.
        copies: how many certificates.
        now: when they are made, with its zone.

    Returns:
        A .docx file.

    Raises:
        ValueError: `copies` is not from 1 to 200, `minutes` is less than 1, or `now` has no zone.
    """
    if not 1 <= copies <= MOST:
        raise ValueError(f"Found {copies} certificates. Ask for 1 to {MOST}.")
    if minutes < 1:
        raise ValueError(f"Found {minutes} minutes. Say how long it went on: 1 minute or more.")
    footing = Footing(MARK, world.policies[world.first.policy], now)
    paper = start(TITLE, footing, size=12, mark=HEAD)
    for n in range(copies):
        if n:
            paper.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
            heading(paper, TITLE, 1)
        _one(paper, world, held_on, minutes)
    return finish(paper, footing)


def _one(paper: Paper, world: World, held_on: date, minutes: int) -> None:
    scenario = world.scenario
    paragraph(paper, "This is to certify that the person named here took part in a rehearsal.")
    rows: list[tuple[str, str | Cell]] = [
        ("Name", Cell(("",), "Write your name here by hand.", room=1.6)),
        ("Rehearsal", f"“{scenario.title}”"),
        ("Policy", say_policies(world)),
        ("Date", say_date(held_on)),
        ("Length", plural(minutes, "minute")),
        ("Signed by the facilitator", Cell(("",), room=1.6)),
    ]
    table(paper, ("What", "Details"), rows, (5, 12), caption=TITLE)
    heading(paper, "What it was about", 2)
    bullets(paper, (aim.text for aim in scenario.aims))
    paragraph(paper, NOT_A_TEST, "Hint")
