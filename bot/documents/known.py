"""What a case knows, as the fields of a form want it; what it does not know is left out."""

from dataclasses import dataclass

from bot.documents.next_stage import next_after
from bot.documents.recorded import agencies_on
from bot.documents.standing import (
    say_area,
    say_duty_state,
    say_outcome,
    say_stage,
    warn_of_names,
)
from bot.escalation.agencies import KINDS
from bot.policy.model import Policy
from bot.records.cases import Duty, Escalation, StageEntry
from bot.wording.dates import say_date
from bot.wording.force import capital

ADD_AGENCY = "The agency is not in the case: please add it."
KEEP_ONE = "These are the roles in the case: keep the one that is yours."


@dataclass(frozen=True)
class Case:
    """A case and the form that is filled from it."""

    escalation: Escalation
    policy: Policy
    form_id: str


@dataclass(frozen=True)
class Value:
    """What the case knows for a field: lines, rows of a table, or an option; perhaps a remark."""

    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    ticked: str | None = None
    remark: str = ""

    @property
    def known(self) -> bool:
        """Whether the case fills in anything at all."""
        return bool(self.lines or self.rows or self.ticked)


def reference(case: Case) -> Value:
    """The reference of the case."""
    return Value((case.escalation.reference,))


def raised_on(case: Case) -> Value:
    """The day on which the matter was raised."""
    return Value((say_date(case.escalation.raised_on),))


def roles(case: Case) -> Value:
    """The roles on the side that raised it: whoever it was that wrote the case down."""
    found = [each for each in case.escalation.participants if each.side == "raising"]
    lines = tuple(
        capital(each.role) + (f", {each.agency}" if _says(each.agency) else "") for each in found
    )
    remarks = (
        KEEP_ONE if len(lines) > 1 else "",
        ADD_AGENCY if found and not any(_says(each.agency) for each in found) else "",
    )
    return Value(lines, remark=" ".join(remark for remark in remarks if remark))


def _says(agency: str | None) -> bool:
    """Whether it tells a reader of a form which agency: "another kind" does not."""
    return bool(agency) and agency != KINDS["other"]


def agency(case: Case) -> Value:
    """Our agency, where the case has it."""
    named = agencies_on(case.escalation, case.escalation.side)
    return Value(tuple(filter(_says, named)))


def area(case: Case) -> Value:
    """What the disagreement is about, as it was chosen."""
    said = say_area(case.escalation, case.policy)
    return Value((said,) if said else ())


def _own_words(*texts: str | None) -> Value:
    """What people wrote themselves, line by line, with a warning where it may name somebody."""
    written = [text for text in texts if text and text.strip()]
    lines = tuple(line.strip() for text in written for line in text.splitlines() if line.strip())
    return Value(lines, remark=warn_of_names("\n".join(written)))


def summary(case: Case) -> Value:
    """The disagreement in the practitioner's words."""
    return _own_words(case.escalation.summary)


def summary_and_outcome(case: Case) -> Value:
    """The disagreement in the practitioner's words, and how it ended."""
    ended = case.escalation.ending
    return _own_words(case.escalation.summary, f"Outcome: {ended}" if ended else None)


def ending(case: Case) -> Value:
    """How it ended."""
    return _own_words(case.escalation.ending)


def lessons(case: Case) -> Value:
    """What was learnt."""
    return _own_words(case.escalation.lessons)


def meetings(case: Case) -> Value:
    """The days of the meetings that the policy asks for and that are marked as held."""
    held = [
        duty.settled_on
        for duty in case.escalation.duties
        if duty.kind == "meet" and duty.status == "done" and duty.settled_on
    ]
    return Value(tuple(say_date(day) for day in sorted(set(held))))


def next_steps(case: Case) -> Value:
    """The stage that comes next while the case is open, or how the policy ends it."""
    if case.escalation.status != "open":
        return Value()
    return Value(next_after(case.escalation, case.policy))


def settled_at(case: Case) -> Value:
    """The stage at which it was agreed, or at which somebody had the last word."""
    settled = [each for each in case.escalation.stages if each.outcome in ("agreed", "decided")]
    return Value(rows=tuple(_left(case, each) for each in settled))


def _left(case: Case, entry: StageEntry) -> tuple[str, str]:
    outcome = say_outcome(case.escalation, case.policy, entry)
    left_on = say_date(entry.left_on) if entry.left_on else ""
    return f"{say_stage(case.policy, entry)}: {outcome}", left_on


def actions(case: Case) -> Value:
    """What was done, by whom and when."""
    return Value(
        rows=tuple(
            (
                duty.what,
                capital(duty.who or ""),
                say_date(duty.settled_on) if duty.settled_on else "Done, no date",
            )
            for duty in _done(case)
        )
    )


def done_in_words(case: Case) -> Value:
    """What was done and when, line by line."""
    return Value(tuple(f"{duty.what}. {say_duty_state(duty)}." for duty in _done(case)))


def _done(case: Case) -> list[Duty]:
    return [duty for duty in case.escalation.duties if duty.status == "done"]
