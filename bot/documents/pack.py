"""The pack for a meeting, on one page: what to settle, what is known, who meets, by when."""

from collections.abc import Sequence
from datetime import datetime

from docx.document import Document as Paper

from bot.cards.limits import NO_LIMIT
from bot.documents.document import Footing, bullets, finish, heading, paragraph, start
from bot.documents.one_page import NOTE, QUESTION, Pack, fitted
from bot.documents.recorded import check_policy, stage_of
from bot.documents.standing import say_area, say_limit, say_stage, warn_of_names
from bot.documents.tables import Cell, table
from bot.escalation.safety import advice_of
from bot.policy.model import Policy
from bot.records.cases import Escalation
from bot.records.preparation import PreparationNote
from bot.wording.dates import plural
from bot.wording.force import capital, say_cites

AGENDA = "Agenda: what is not known yet"
NOTHING_OPEN = "No question is marked “not known yet”."
NOT_SAID = "Not recorded"
NO_CLOCK_RUNS = "No time limit of this stage is running."


def meeting_pack(
    escalation: Escalation,
    policy: Policy,
    notes: Sequence[PreparationNote],
    *,
    now: datetime,
    questions: Policy | None = None,
) -> bytes:
    """The pack for the meeting of the stage that the case is at, on one page of A4.

    Questions not known yet are the agenda. Long notes are shortened where the page would not hold
    them, and the pack says so.

    Args:
        escalation: the case.
        policy: the version that the case was recorded under.
        notes: what was noted in preparation; those skipped are only counted.
        now: when the pack is made, with its zone.
        questions: the policy whose questions were asked (`Library.questions_of`), where `policy`
            borrows them.

    Returns:
        A .docx file.

    Raises:
        OtherPolicyError: the case was recorded under another policy or version.
        ValueError: `now` has no zone; `policy` borrows its questions and `questions` is not the
            policy it borrows from; a note is at a question that is not one of them.
    """
    check_policy(escalation, policy)
    footing = Footing(escalation.reference, policy, now)
    size, pack = fitted(_pack(escalation, policy, notes, _source(policy, questions), now))
    paper = start(pack.title, footing, size=size)
    _lay_out(paper, pack)
    return finish(paper, footing)


def _source(policy: Policy, questions: Policy | None) -> Policy:
    """Whose questions they are."""
    lender = policy.borrow_questions_from
    given = questions or policy
    if given.id != (lender or policy.id):
        raise ValueError(
            f"Found the questions of {given.id!r}, and {policy.id!r} uses those of "
            f"{lender or policy.id!r}. Give questions=library.questions_of(policy)[0]."
        )
    return given


def _pack(
    escalation: Escalation,
    policy: Policy,
    notes: Sequence[PreparationNote],
    source: Policy,
    now: datetime,
) -> Pack:
    prompts = (*source.factors, *source.reflection)
    states = {note.question: note for note in notes}
    strange = [id_ for id_ in states if id_ not in {prompt.id for prompt in prompts}]
    if strange:
        raise ValueError(
            f"Found notes at {', '.join(strange)}, which {source.id} {source.document.label} does "
            f"not ask. Allowed: {', '.join(prompt.id for prompt in prompts) or 'none'}."
        )
    noted = [(prompt, states[prompt.id]) for prompt in prompts if prompt.id in states]
    known = tuple(
        (prompt.ask, " ".join((note.note or NOT_SAID).split()))
        for prompt, note in noted
        if note.state == "answered"
    )
    agenda = tuple(
        f"{prompt.ask} ({say_cites(source, prompt.cite)})"
        for prompt, note in noted
        if note.state == "not_known_yet"
    )
    left = len(prompts) - len(known) - len(agenda)
    own_words = "\n".join((escalation.summary or "", *(note for _, note in known)))
    return Pack(
        title=f"Meeting pack: {say_stage(policy, escalation.stages[-1])}",
        safety=advice_of(policy),
        facts=_facts(escalation, policy, now),
        summary=" ".join((escalation.summary or NOT_SAID).split()),
        agenda=agenda,
        known=known,
        remarks=_remarks(policy, source, left, warn_of_names(own_words)),
    )


def _facts(escalation: Escalation, policy: Policy, now: datetime) -> tuple[tuple[str, str], ...]:
    entry = escalation.stages[-1]
    stage = stage_of(policy, entry)
    who = capital(policy.roles[stage.actor].name)
    if stage.counterpart:
        who = f"{who}, with {policy.roles[stage.counterpart].name}"
    return (
        ("What it is about:", say_area(escalation, policy) or NOT_SAID),
        ("Who meets:", f"{who} ({say_cites(policy, stage.cite)})"),
        ("By when:", " ".join(_limits(escalation, policy, now))),
    )


def _limits(escalation: Escalation, policy: Policy, now: datetime) -> list[str]:
    """The time limits of the present stage that are not over."""
    here = [each for each in escalation.clocks if each.stage == escalation.stages[-1].stage]
    if not here:
        return [NO_LIMIT]
    still_open = ("running", "extended", "not_started", "no_number")
    limits = [say_limit(policy, clock, now) for clock in here if clock.status in still_open]
    return limits or [NO_CLOCK_RUNS]


def _remarks(policy: Policy, source: Policy, left: int, warning: str) -> tuple[str, ...]:
    found = [warning] if warning else []
    if left:
        found.append(f"{plural(left, 'question')} skipped or not looked at yet.")
    if source.id != policy.id:
        found.append(
            f"The policy of {policy.publisher} has no questions of its own. These are borrowed "
            f"from {source.publisher} as good practice: they are not part of your policy."
        )
    return tuple(found)


def _lay_out(paper: Paper, pack: Pack) -> None:
    paragraph(paper, "", lead=pack.safety)
    paragraph(paper, pack.summary, lead="Disagreement:")
    for term, said in pack.facts:
        paragraph(paper, said, lead=term)
    heading(paper, AGENDA, 2)
    if pack.agenda:
        bullets(paper, pack.agenda, "List Number")
    else:
        paragraph(paper, NOTHING_OPEN)
    if pack.known:
        heading(paper, "What we know so far", 2)
        rows = [(Cell((asked,)), Cell((note,))) for asked, note in pack.known]
        heads = ("Question", "What was noted")
        table(paper, heads, rows, (QUESTION, NOTE), caption="Questions answered so far")
    for remark in ("", *pack.remarks):  # the empty one keeps off the table
        paragraph(paper, remark, "Hint")
