"""The answer: which stage, who acts, by when, what must be done, what comes next."""

from bot.cards.card import Card, Row, Section, Tone
from bot.cards.limits import by_when, conventions
from bot.escalation.decision import ConditionalDuty, Decision
from bot.escalation.questions import question
from bot.policy.ladder import Duty, Stage
from bot.policy.terms import Note, Strength
from bot.wording.force import ENDINGS, HEADINGS, capital, say_cites, say_force, say_source

YOURS = "What falls to you, as the agency that was challenged"
TONES: dict[Strength, Tone] = {
    "must": "must",
    "should": "should",
    "may": "may",
    "consider": "may",
    "will": "note",
    "info": "note",
}

AT_RISK = "First: you said that someone may be at risk"
NOT_CONFIRMED = (
    "You have not told me that this was done. If someone is in immediate danger, call 999 now."
)


def answer_card(decision: Decision) -> Card:
    """What applies now, in the order in which a person needs it: each thing once.

    Raises:
        ValueError: the decision has reached no stage.
    """
    stage = decision.stage
    if stage is None:
        raise ValueError(f"No stage to show: the decision is {decision.status!r}.")
    policy = decision.policy
    sections = (
        *_first(decision, stage),
        *_to_do(decision),
        *_depends(decision),
        *_background(decision),
    )
    return Card(
        title=_title(decision, stage),
        rows=(Row("Who acts", _who(decision, stage)), *by_when(decision), _next(decision)),
        sections=tuple(section for section in sections if section.items),
        footer=f"{policy.title}, {policy.publisher}, {policy.document.label}: "
        f"{say_cites(policy, stage.cite)}.",
    )


def _title(decision: Decision, stage: Stage) -> str:
    name = f"{stage.label}: {stage.title}" if stage.title else stage.label
    lead = {"discuss_first": "Talk first: ", "closed": "Closed at "}.get(decision.status, "")
    return lead + name


def _who(decision: Decision, stage: Stage) -> str:
    roles = decision.policy.roles
    actor = capital(roles[stage.actor].name)
    if stage.counterpart is None:
        return actor
    return f"{actor}, with {roles[stage.counterpart].name}"


def _next(decision: Decision) -> Row:
    policy = decision.policy
    term = "How it ends" if decision.status == "closed" else "If it is not settled"
    if decision.next is not None:
        actor = policy.roles[decision.next.actor].name
        return Row(term, f"{decision.next.label}. Who acts then: {actor}.")
    said = tuple(
        f"{each.what} {say_source(policy, each.cite, caveat=ENDINGS[each.force])}"
        for each in decision.endings
    )
    return Row(term, " ".join(said) or "The policy names no further stage.")


def _first(decision: Decision, stage: Stage) -> tuple[Section, ...]:
    """What to know before anything else: why this stage is not another one, and our own part."""
    of_stage = (*stage.do, *stage.prompts)
    why = tuple(say_note(decision, note) for note in decision.reasons if note not in of_stage)
    ours = _ours(decision, stage) if decision.side == "challenged" else ()
    return Section("Please note", why, "warning"), Section(YOURS, ours)


def _to_do(decision: Decision) -> tuple[Section, ...]:
    """The steps in their order, each with its force; the duties by how strongly they bind."""
    stage = decision.stage
    of_stage = (*stage.do, *stage.prompts) if stage else ()
    steps = tuple(
        say_force(note.strength, say_note(decision, note))
        for note in decision.reasons
        if note in of_stage
    )
    challenged = decision.side == "challenged"
    duties = [duty for duty in decision.duties if not _shown_as_ours(decision, duty)]
    binding = tuple(
        Section(
            f"{HEADINGS[strength]} (others)" if challenged else HEADINGS[strength],
            tuple(say_duty(decision, duty) for duty in duties if duty.strength == strength),
            tone,
        )
        for strength, tone in TONES.items()
    )
    earlier = tuple(
        _say_earlier(decision, each)
        for each in decision.earlier
        if not challenged or decision.falls_to_us(each.duty.who)
    )
    return (
        _at_risk(decision),
        Section("What happens at this stage" if challenged else "What to do now", steps),
        *binding,
        Section("Due earlier: check that it was done", earlier, "warning"),
    )


def _say_earlier(decision: Decision, each: ConditionalDuty) -> str:
    """A duty of a stage already passed; where it may not have applied, with what tells."""
    said = say_force(each.duty.strength, say_duty(decision, each.duty))
    asks = [question(decision.policy, fact).ask for fact in each.depends_on]
    return f"{said} Only if it applies: {' '.join(asks)}" if asks else said


def _at_risk(decision: Decision) -> Section:
    """What stays owed because someone was, or may have been, at risk."""
    if decision.imminent is None:
        return Section(AT_RISK, ())
    policy = decision.policy
    open_still = () if decision.imminent.done else (NOT_CONFIRMED,)
    route = tuple(
        say_force(step.strength, f"{step.do} {say_source(policy, step.cite)}")
        for step in decision.imminent.route
    )
    return Section(AT_RISK, (*open_still, *route), "warning")


def _depends(decision: Decision) -> tuple[Section, ...]:
    """What cannot be said yet, and the stages that the policy puts first."""
    policy, ladder = decision.policy, decision.policy.routes.ladder
    pending = tuple(
        say_force(each.duty.strength, say_duty(decision, each.duty)) for each in decision.duties_if
    )
    before = ", ".join(stage.label for stage in decision.may_not_skip)
    first = f"The policy puts this before the present stage: {before}. {ladder.words} "
    return (
        Section("Depends on your next answers", pending, "note"),
        Section(
            "Stages not to skip",
            (first + say_source(policy, ladder.cite),) if before else (),
            "note",
        ),
    )


def _background(decision: Decision) -> tuple[Section, ...]:
    """How it was worked out, and how far the document can be trusted."""
    policy = decision.policy
    unclear = tuple(
        f"{each.says} {each.treat_as}" for each in decision.ambiguities if each.show_user
    )
    banners = tuple(f"{note.text} {say_source(policy, note.cite)}" for note in policy.banners)
    return (
        conventions(decision),
        Section("Where the policy is unclear", unclear, "note"),
        Section("About this policy", banners, "warning"),
    )


def _ours(decision: Decision, stage: Stage) -> tuple[str, ...]:
    """The people, the limits and the duties on the side of the agency that was challenged."""
    policy = decision.policy
    roles = [role for role in (stage.actor, stage.counterpart) if role]
    return (
        *(
            f"On your side this is for the person the policy calls “{policy.roles[role].name}”."
            for role in roles
            if decision.falls_to_us(role)
        ),
        *(
            f"The time limit to {clock.clock.what} is yours too."
            for clock in decision.clocks
            if decision.falls_to_us(clock.clock.owner)
        ),
        *(
            say_force(duty.strength, say_duty(decision, duty))
            for duty in decision.duties
            if _shown_as_ours(decision, duty)
        ),
    )


def _shown_as_ours(decision: Decision, duty: Duty) -> bool:
    return decision.side == "challenged" and decision.falls_to_us(duty.who)


def say_duty(decision: Decision, duty: Duty) -> str:
    """A duty with who has it and the clause it stands on."""
    policy = decision.policy
    who = policy.roles[duty.who].name
    return f"{duty.what} {say_source(policy, duty.cite, duty.basis, who=who)}"


def say_note(decision: Decision, note: Note) -> str:
    """A sentence of guidance with its clause."""
    return f"{note.text} {say_source(decision.policy, note.cite, note.basis)}"
