"""A newer version of a case's policy: what differs for the case, and what follows from it."""

from datetime import date

from bot.cards.card import Card, Row, Section
from bot.escalation.carrying import Carried
from bot.escalation.versions import differences
from bot.policy.model import Policy
from bot.records.cases import Escalation
from bot.wording.dates import say_date

NOTHING = (
    "I found no difference in the stages, the people who act, the time limits or the duties from "
    "here on."
)
ONLY_THIS = (
    "I compared only what the two policy files hold for this case from its present stage on. Read "
    "the new document too."
)


def version_card(case: Escalation, old: Policy, new: Policy, carried: Carried) -> Card:
    """Which version the case follows, which one is newer, and what differs from its stage on."""
    stage = case.stages[-1]
    found = differences(old, new, stage.stage)
    if carried.obstacle:
        then = Section(
            "This case cannot go on under the newer version", (carried.obstacle,), "warning"
        )
    else:
        then = Section("If it goes on under the newer version", _effects(carried), "note")
    return Card(
        title="There is a newer version of this policy",
        rows=(
            Row("This case follows", f"{old.document.label}. {_issued(old)}"),
            Row("The newer one", f"{new.document.label}. {_issued(new)}"),
        ),
        sections=(Section(f"What differs from {stage.label} on", found or (NOTHING,)), then),
        footer=ONLY_THIS,
    )


def _issued(policy: Policy) -> str:
    issued = policy.document.issued
    if issued is None:
        return "The document bears no date."
    if len(issued) == len("2026-11"):
        return f"Issued in {date.fromisoformat(f'{issued}-01'):%B %Y}."
    return f"Issued on {say_date(date.fromisoformat(issued))}."


def _effects(carried: Carried) -> tuple[str, ...]:
    asked = " ".join(f"“{ask}”" for ask in carried.lost)
    return (
        "A time limit that already runs keeps its date.",
        "A time limit that has not begun, and what you still owe at this stage, follow the newer "
        "version. What it adds at this stage is put on the list.",
        "What the newer version no longer asks for stays on the list until you mark it.",
        *((f"Its answers do not fit, so I may have to ask again: {asked}",) if asked else ()),
        "You can take this step back.",
    )
