"""The answer: which stage, who acts, by when, what must be done, what comes next."""

from bot.cards.card import Card, Row, Section, Tone
from bot.escalation.clocks import RunningClock
from bot.escalation.decision import Decision
from bot.policy.ladder import Duty, Stage
from bot.policy.terms import Note, Strength
from bot.wording.dates import plural, say_due, say_moment, say_overdue, say_skipped
from bot.wording.force import ENDINGS, HEADINGS, say_basis, say_cites

YOURS = "What falls to you, as the agency that was challenged"
TONES: dict[Strength, Tone] = {
    "must": "must",
    "should": "should",
    "may": "may",
    "consider": "may",
    "will": "note",
    "info": "note",
}


def answer_card(decision: Decision) -> Card:
    """What applies now. Only for a decision that has reached a stage."""
    stage = decision.stage
    if stage is None:
        raise ValueError(f"No stage to show: the decision is {decision.status!r}.")
    policy = decision.policy
    return Card(
        title=_title(decision, stage),
        rows=(
            Row("Who acts", _who(decision, stage)),
            *by_when(decision),
            Row("If it is not settled", _next(decision)),
        ),
        sections=tuple(section for section in _sections(decision) if section.items),
        footer=f"{policy.title}, {policy.publisher}, {policy.document.label}: "
        f"{say_cites(policy, stage.cite)}.",
    )


def _title(decision: Decision, stage: Stage) -> str:
    name = f"{stage.label}: {stage.title}" if stage.title else stage.label
    return f"Talk first: {name}" if decision.status == "discuss_first" else name


def _who(decision: Decision, stage: Stage) -> str:
    roles = decision.policy.roles
    actor = capital(roles[stage.actor].name)
    if stage.counterpart is None:
        return actor
    return f"{actor}, with {roles[stage.counterpart].name}"


def by_when(decision: Decision) -> tuple[Row, ...]:
    """One row for each clock of the stage, or that the policy gives none."""
    if not decision.clocks:
        return (Row("By when", "The policy gives no time limit for this stage."),)
    return tuple(
        Row(capital(clock.clock.what), say_clock(decision, clock)) for clock in decision.clocks
    )


def say_clock(decision: Decision, clock: RunningClock) -> str:
    """A clock in full: its date, where it stands, the policy's words and whose it is."""
    policy = decision.policy
    parts = [f"**{say_due(clock)}**"]
    if clock.overdue:
        parts.append(f"This is {say_overdue(clock.overdue)}. Act now and tell your manager.")
    elif clock.counts and clock.due is None:
        parts.append(_awaited(decision, clock))
    parts.append(_readings(decision, clock))
    if clock.clock.indicative:
        parts.append("A guide only: never wait if the risk would grow.")
    if clock.clock.note:
        parts.append(clock.clock.note)
    if decision.stage is None or clock.clock.owner != decision.stage.actor:
        parts.append(f"For: {policy.roles[clock.clock.owner].name}.")
    return " ".join(part for part in parts if part)


def conventions(decision: Decision) -> Section:
    """How the dates were counted, and every bank holiday that was passed over."""
    said = [
        sentence
        for clock in decision.clocks
        for sentence in (
            clock.target.convention if clock.target else "",
            say_skipped(clock.skipped),
        )
        if sentence
    ]
    return Section("How the dates are counted", tuple(dict.fromkeys(said)), "note")


def _awaited(decision: Decision, clock: RunningClock) -> str:
    """Why there is no date yet."""
    if clock.clock.after is not None:
        before = decision.policy.clocks[clock.clock.after].what
        return f"The date follows once the limit to {before} is known."
    if clock.target and clock.target.convention:
        return ""
    return "The date follows once this is known: " + " or ".join(
        f"“{decision.policy.events[event].ask}”" for event in clock.clock.start
    )


def _readings(decision: Decision, clock: RunningClock) -> str:
    """Every reading with its clause; where there are several, the earlier counts."""
    policy = decision.policy
    said = []
    for limit in clock.limits:
        unit = f", {limit.reading.kind.replace('_', ' ')}{say_basis(limit.reading.unit_basis)}"
        inferred = unit if limit.reading.unit_basis != "stated" else ""
        due = f" = {say_moment(limit.due)}" if limit.due and len(clock.limits) > 1 else ""
        said.append(
            f"“{limit.reading.words}”{inferred}{due} ({say_cites(policy, limit.reading.cite)})"
        )
    lead = "Two readings, the earlier counts: " if len(clock.limits) > 1 else "The policy: "
    return lead + "; ".join(said) + f"{say_basis(clock.clock.basis)}."


def _next(decision: Decision) -> str:
    if decision.next is not None:
        return f"{decision.next.label}: {decision.policy.roles[decision.next.actor].name}."
    if decision.endings:
        return " ".join(
            f"{each.what} {ENDINGS[each.force]} ({say_cites(decision.policy, each.cite)})"
            for each in decision.endings
        )
    return "The policy names no further stage."


def _sections(decision: Decision) -> list[Section]:
    policy = decision.policy
    sections = [
        Section("What to do now", tuple(say_note(decision, note) for note in decision.reasons))
    ]
    if decision.side == "challenged":
        sections.insert(0, Section(YOURS, _ours(decision)))
    sections += [
        Section(HEADINGS[strength], tuple(say_duty(decision, duty) for duty in duties), tone)
        for strength, tone in TONES.items()
        if (duties := [duty for duty in decision.duties if duty.strength == strength])
    ]
    sections.append(
        Section(
            "Depends on your answers to come",
            tuple(
                f"{say_duty(decision, each.duty)} {_force(each.duty.strength)}"
                for each in decision.duties_if
            ),
            "note",
        )
    )
    sections.append(
        Section(
            "Due earlier: check that it was done",
            tuple(say_duty(decision, duty) for duty in decision.earlier),
            "warning",
        )
    )
    sections.append(conventions(decision))
    if decision.may_not_skip:
        labels = ", ".join(stage.label for stage in decision.may_not_skip)
        count = plural(len(decision.may_not_skip), "stage")
        ladder = policy.routes.ladder
        words = f"{labels}: the policy puts {count} before this one. {ladder.words}"
        sections.append(
            Section("Not to be skipped", (f"{words} ({say_cites(policy, ladder.cite)})",), "note")
        )
    unclear = [each for each in decision.ambiguities if each.show_user]
    sections.append(
        Section(
            "Where the policy is unclear",
            tuple(f"{each.says} {each.treat_as}" for each in unclear),
            "note",
        )
    )
    banners = [f"{note.text} ({say_cites(policy, note.cite)})" for note in policy.banners]
    sections.append(Section("About this policy", tuple(banners), "warning"))
    return sections


def _ours(decision: Decision) -> tuple[str, ...]:
    """The people, limits and duties on the practitioner's own side."""
    policy, stage = decision.policy, decision.stage
    roles = (stage.actor, stage.counterpart) if stage else ()
    people = [policy.roles[role].name for role in roles if role and decision.falls_to_us(role)]
    said = [f"{capital(name)} acts for you at this stage." for name in people]
    said += [
        f"{capital(clock.clock.what)}: {say_due(clock)}."
        for clock in decision.clocks
        if decision.falls_to_us(clock.clock.owner)
    ]
    said += [
        f"{duty.what} [{duty.strength}]"
        for duty in decision.duties
        if decision.falls_to_us(duty.who)
    ]
    return tuple(said)


def say_duty(decision: Decision, duty: Duty) -> str:
    """A duty with who has it and the clause it stands on."""
    policy = decision.policy
    who = capital(policy.roles[duty.who].name)
    return f"{duty.what} ({who}; {say_cites(policy, duty.cite)}){say_basis(duty.basis)}"


def say_note(decision: Decision, note: Note) -> str:
    """A sentence of guidance with its force, where it has one, and its clause."""
    policy = decision.policy
    cites = say_cites(policy, note.cite)
    return f"{note.text}{_force(note.strength)} ({cites}){say_basis(note.basis)}"


def _force(strength: Strength) -> str:
    return "" if strength == "info" else f" [{strength}]"


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
