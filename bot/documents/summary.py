"""A case in a few plain lines, to paste into the child's or the adult's file: roles, no names."""

from collections.abc import Iterator

from bot.documents.recorded import check_policy, still_to_do
from bot.documents.standing import (
    SIDES,
    say_area,
    say_clock_end,
    say_duty_state,
    say_force_of,
    say_limit,
    say_outcome,
    say_stage,
    warn_of_names,
)
from bot.policy.model import Policy
from bot.records.cases import Duty, Escalation
from bot.wording.dates import say_date
from bot.wording.standing import STATUS


def summary_text(escalation: Escalation, policy: Policy) -> str:
    """The case in plain text, one fact a line, ending with a line break.

    It says nothing of lateness: a pasted text does not know when it is read.

    Args:
        escalation: the case.
        policy: the version that the case was recorded under.

    Raises:
        OtherPolicyError: the case was recorded under another policy or version.
    """
    check_policy(escalation, policy)
    return "".join(f"{line}\n" for line in _lines(escalation, policy))


def _lines(escalation: Escalation, policy: Policy) -> Iterator[str]:
    yield f"Escalation {escalation.reference}: {STATUS[escalation.status].lower()}"
    yield f"Policy: {policy.title}, {policy.publisher}, {policy.document.label}"
    yield f"Raised on {say_date(escalation.raised_on)}. {SIDES[escalation.side]}."
    area = say_area(escalation, policy)
    if area:
        yield f"About: {area}"
    if escalation.summary:
        yield f"Summary: {_one_line(escalation.summary)}"
    yield from _listed("Stages", [
        f"{say_stage(policy, entry)}. Entered {say_date(entry.entered_on)}"
        + (f", left {say_date(entry.left_on)}" if entry.left_on else "")
        + f": {say_outcome(escalation, policy, entry)}."
        for entry in escalation.stages
    ])  # fmt: skip
    yield from _listed(
        "Time limits",
        [f"{say_limit(policy, each)} {say_clock_end(policy, each)}." for each in escalation.clocks],
    )
    yield from _listed("Done", [_duty(each) for each in escalation.duties if each.status == "done"])
    yield from _listed("Still to do", [_duty(each) for each in still_to_do(escalation)])
    if escalation.ended_on or escalation.ending:
        ended = f" on {say_date(escalation.ended_on)}" if escalation.ended_on else ""
        how = f": {_one_line(escalation.ending)}" if escalation.ending else ""
        yield f"Ended{ended}{how}"
    if escalation.lessons:
        yield f"Lessons: {_one_line(escalation.lessons)}"
    reasons = (clock.reason for clock in escalation.clocks)
    own_words = (escalation.summary, escalation.ending, escalation.lessons, *reasons)
    warning = warn_of_names("\n".join(text for text in own_words if text))
    if warning:
        yield f"Before you paste this: {warning}"


def _listed(title: str, items: list[str]) -> Iterator[str]:
    if items:
        yield f"{title}:"
        yield from (f"- {item}" for item in items)


def _duty(duty: Duty) -> str:
    """A duty with its force while it is open, with its day once it is done."""
    if duty.status == "done":
        return f"{duty.what}. {say_duty_state(duty)}."
    return f"{say_force_of(duty)}: {duty.what} ({duty.citation})."


def _one_line(text: str) -> str:
    return " ".join(text.split())
