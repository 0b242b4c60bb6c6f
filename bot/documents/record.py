"""The record of an escalation as a Word file: what was said, decided, owed and done."""

from datetime import datetime
from zoneinfo import ZoneInfo

from docx.document import Document as Paper

from bot.documents.document import Footing, bullets, finish, heading, paragraph, start
from bot.documents.recorded import agencies_on, check_policy, endings_at, stage_of
from bot.documents.standing import (
    SIDES,
    SUBJECTS,
    say_area,
    say_clock_due,
    say_clock_end,
    say_duty_state,
    say_force_of,
    say_given,
    say_outcome,
    say_stage,
    warn_of_names,
)
from bot.documents.tables import Cell, section, table
from bot.escalation.agencies import SIDES as AGENCY_FACTS
from bot.escalation.agencies import OneSide
from bot.policy.load import content_hash
from bot.policy.model import Policy
from bot.records.cases import Clock, Duty, Escalation
from bot.wording.dates import say_date, say_moment
from bot.wording.force import BASIS, ENDINGS, capital, say_cites, say_source
from bot.wording.lateness import say_late_entry
from bot.wording.standing import STATUS

NOT_RECORDED, NOT_YET = "Not recorded", "Not yet"
GUIDE_ONLY = "This date is a guide. Never wait for it if the risk would grow."
CHANGED = (
    "The policy file has changed since this case was recorded. What stands here is what was "
    "recorded. Check it against the printed policy."
)
# of the conversation itself, or shown in its own place
NOT_ANSWERS = (
    "check",
    "change",
    "outside",
    "policy",
    "summary",
    "outcome",
    "outcome_on",
    "lessons",
    *AGENCY_FACTS,
)
PARTICIPANTS = {"raising": "Raised it", "challenged": "Was challenged", "other": "Other"}


def record_of(escalation: Escalation, policy: Policy, *, now: datetime) -> bytes:
    """Everything that is recorded of a case, for any policy: roles and references, no names.

    Args:
        escalation: the case.
        policy: the version that the case was recorded under.
        now: when the record is made, with its zone; what is late is late at that moment.

    Returns:
        A .docx file.

    Raises:
        OtherPolicyError: the case was recorded under another policy or version.
        ValueError: `now` has no zone.
    """
    check_policy(escalation, policy)
    footing = Footing(escalation.reference, policy, now)
    paper = start(f"Record of escalation {escalation.reference}", footing)
    _overview(paper, escalation, policy)
    _stages(paper, escalation, policy)
    _clocks(paper, escalation, policy, now)
    _duties(paper, escalation)
    _people(paper, escalation)
    _answers(paper, escalation, policy)
    _end(paper, escalation, policy)
    _about(paper, escalation, policy)
    return finish(paper, footing)


def _overview(paper: Paper, escalation: Escalation, policy: Policy) -> None:
    zone = ZoneInfo(policy.place.timezone)
    summary = escalation.summary
    rows: list[tuple[str, str | Cell]] = [
        ("Reference", escalation.reference),
        ("Policy", f"{policy.title}, {policy.publisher}"),
        ("Version of the policy", policy.document.label),
        *([("It began under version", began)] if (began := escalation.began_under) else []),
        ("Where it stands", STATUS[escalation.status]),
        ("Raised on", say_date(escalation.raised_on)),
        ("Who raised it", SIDES[escalation.side]),
        ("Kind of agency that raised it", _agencies(escalation, "raising")),
        ("Kind of agency that was challenged", _agencies(escalation, "challenged")),
        ("Who it is about", SUBJECTS[escalation.subject]),
        ("What it is about", say_area(escalation, policy) or NOT_RECORDED),
        ("In the practitioner's words", Cell((summary or NOT_RECORDED,), warn_of_names(summary))),
        ("Recorded here", say_moment(escalation.created_at.astimezone(zone))),
    ]
    table(paper, ("What", "As recorded"), rows, (5, 12), caption="The case at a glance")


def _agencies(escalation: Escalation, side: OneSide) -> str:
    return ", ".join(agencies_on(escalation, side)) or NOT_RECORDED


def _stages(paper: Paper, escalation: Escalation, policy: Policy) -> None:
    rows = [
        (
            say_stage(policy, entry),
            Cell((say_date(entry.entered_on),), capital(say_late_entry(escalation, policy, entry))),
            say_date(entry.left_on) if entry.left_on else NOT_YET,
            capital(say_outcome(escalation, policy, entry)),
            say_cites(policy, stage_of(policy, entry).cite),
        )
        for entry in escalation.stages
    ]
    heads = ("Stage", "Entered", "Left", "Outcome", "Clause")
    section(paper, "Stages", heads, rows, (4.6, 3.2, 3.2, 2.8, 3.2))


def _clocks(paper: Paper, escalation: Escalation, policy: Policy, now: datetime) -> None:
    labels = {entry.stage: entry.label for entry in escalation.stages}
    rows = [
        (
            f"{labels.get(clock.stage, clock.stage)}: {clock.what}",
            capital(clock.owner),
            say_force_of(clock),
            say_clock_due(policy, clock),
            Cell((say_clock_end(policy, clock, now),), warn_of_names(clock.reason)),
        )
        for clock in escalation.clocks
    ]
    heads = ("Time limit", "For", "Force", "Due", "How it ended")
    section(paper, "Time limits", heads, rows, (4.4, 3.6, 2, 3.6, 3.4))
    if escalation.clocks:
        heading(paper, "How each date was counted", 2)
        bullets(paper, (_counted(clock, labels) for clock in escalation.clocks))


def _counted(clock: Clock, labels: dict[str, str]) -> str:
    """The policy's words, its clause, how sure they are, and our way of counting."""
    bases: dict[str, str] = {str(basis): said for basis, said in BASIS.items()}
    source = "; ".join(part for part in (clock.citation, bases.get(clock.basis)) if part)
    parts = (
        f"{labels.get(clock.stage, clock.stage)}, {clock.what}: the policy says “{clock.words}”"
        + (f" ({source})." if source else "."),
        clock.convention or "",
        GUIDE_ONLY if clock.indicative and (clock.due_on or clock.due_at) else "",
    )
    return " ".join(part for part in parts if part)


def _duties(paper: Paper, escalation: Escalation) -> None:
    rows = [
        (_what(duty), capital(duty.who or NOT_RECORDED), say_force_of(duty), say_duty_state(duty))
        for duty in escalation.duties
    ]
    heads = ("What", "Who", "Force", "State")
    section(paper, "What the policy asks for", heads, rows, (8, 3.6, 2.2, 3.2))


def _what(duty: Duty) -> Cell:
    to_whom = f"To: {duty.to_whom}. " if duty.to_whom else ""
    return Cell((duty.what,), hint=f"{to_whom}{duty.citation}")


def _people(paper: Paper, escalation: Escalation) -> None:
    rows = [
        (capital(each.role), PARTICIPANTS[each.side], each.agency or NOT_RECORDED)
        for each in escalation.participants
    ]
    section(paper, "Who takes part, by role", ("Role", "Side", "Agency"), rows, (8, 4, 5))


def _answers(paper: Paper, escalation: Escalation, policy: Policy) -> None:
    """Every answer, in the order given: one that was put right stands twice, with its days."""
    zone = ZoneInfo(policy.place.timezone)
    given = [each.fact for each in escalation.answers]
    rows = [
        (*say_given(policy, each), say_date(each.said_at.astimezone(zone).date()))
        for each in escalation.answers
        if each.fact not in NOT_ANSWERS or (each.fact == "summary" and given.count("summary") > 1)
    ]
    section(paper, "Answers given", ("Question", "Answer", "Said on"), rows, (6.6, 7.2, 3.2))


def _end(paper: Paper, escalation: Escalation, policy: Policy) -> None:
    heading(paper, "How it ended, and what was learnt", 2)
    ended = say_date(escalation.ended_on) if escalation.ended_on else "Not ended"
    paragraph(paper, ended, lead="Ended on:")
    paragraph(paper, escalation.ending or NOT_RECORDED, lead="How:")
    last = escalation.stages[-1]
    if last.outcome == "decided":
        for each in endings_at(escalation, policy, last.stage):
            said = f"{each.what} {say_source(policy, each.cite, caveat=ENDINGS[each.force])}"
            paragraph(paper, said, lead="What the policy says of it:")
    paragraph(paper, escalation.lessons or NOT_RECORDED, lead="Lessons:")
    for text in (escalation.ending, escalation.lessons):
        if warn_of_names(text):
            paragraph(paper, warn_of_names(text), "Hint")


def _about(paper: Paper, escalation: Escalation, policy: Policy) -> None:
    heading(paper, "About this policy", 2)
    paragraph(paper, f"{policy.title}, {policy.publisher}, {policy.document.label}.")
    if content_hash(policy) != escalation.policy_hash:
        paragraph(paper, CHANGED, lead="Please note:")
    bullets(paper, (f"{note.text} {say_source(policy, note.cite)}" for note in policy.banners))
