"""A policy, and each of its stages, for reading."""

from bot.cards.card import Card, Row, Section
from bot.cards.limits import NO_LIMIT
from bot.policy.ladder import Duty, Reading, Stage
from bot.policy.model import Policy
from bot.wording.force import BASIS, HEADINGS, capital, say_cites, say_force, say_source


def policy_card(policy: Policy) -> Card:
    """A policy at a glance: its document, its stages, whom to ask."""
    document = policy.document
    return Card(
        title=f"{policy.title} ({policy.publisher})",
        rows=(
            Row("Version", document.label),
            Row("Issued", document.issued or "The document bears no date"),
            Row("Review due", document.review_due or "The document names none"),
        ),
        sections=tuple(
            section
            for section in (
                Section(
                    "About this document",
                    tuple(
                        f"{note.text} {say_source(policy, note.cite)}" for note in policy.banners
                    ),
                    "warning",
                ),
                Section(
                    "Stages",
                    tuple(stage_line(policy, stage) for stage in policy.stages),
                ),
                Section("Contacts, as printed", tuple(contact_lines(policy))),
                Section(
                    "Facts asked for",
                    tuple(f"{id_}: {fact.ask}" for id_, fact in policy.facts.items()),
                ),
                Section(
                    "Dates asked for",
                    tuple(f"{id_}: {event.ask}" for id_, event in policy.events.items()),
                ),
                Section("Parts not seen", policy.not_seen, "note"),
            )
            if section.items
        ),
    )


def contact_lines(policy: Policy) -> list[str]:
    """Every contact as the document prints it, with a warning where it looks wrong."""
    return [
        f"{each.label}: {each.value} {say_source(policy, each.cite)}"
        + (f" {each.warn}" if each.warn else "")
        for each in policy.contacts
    ]


def stage_card(policy: Policy, stage: Stage) -> Card:
    """One stage as the policy has it, whatever the situation."""
    duties = [duty for duty in policy.duties if _touches(duty, stage)]
    sections = [
        Section(
            "Steps",
            tuple(
                say_force(note.strength, f"{note.text} {say_source(policy, note.cite, note.basis)}")
                for note in stage.do
            ),
        ),
        Section("Time limits", limit_lines(policy, stage)),
        *(
            Section(
                heading,
                tuple(
                    f"{duty.what} "
                    + say_source(policy, duty.cite, duty.basis, who=policy.roles[duty.who].name)
                    for duty in duties
                    if duty.strength == strength
                ),
            )
            for strength, heading in HEADINGS.items()
        ),
    ]
    actor = policy.roles[stage.actor].name
    other = f", with {policy.roles[stage.counterpart].name}" if stage.counterpart else ""
    return Card(
        title=f"{stage.label}: {stage.title}" if stage.title else stage.label,
        rows=(Row("Who acts", f"{capital(actor)}{other}"),),
        sections=tuple(section for section in sections if section.items),
        footer=f"{policy.title}, {policy.publisher}, {policy.document.label}: "
        f"{say_cites(policy, stage.cite)}.",
    )


def limit_lines(policy: Policy, stage: Stage) -> tuple[str, ...]:
    """The time limits of a stage in the policy's words."""
    lines = tuple(
        f"{capital(clock.what)}: " + "; ".join(_reading(policy, each) for each in clock.readings)
        for clock in (policy.clocks[id_] for id_ in stage.clocks)
    )
    return lines or (NO_LIMIT,)


def _reading(policy: Policy, reading: Reading) -> str:
    unit = reading.kind.replace("_", " ")
    caveat = f"{unit}: {BASIS[reading.unit_basis]}" if BASIS[reading.unit_basis] else ""
    return f"“{reading.words}” {say_source(policy, reading.cite, caveat=caveat)}"


def stage_line(policy: Policy, stage: Stage) -> str:
    """A stage in one line: its label, its title, who acts."""
    title = f", {stage.title}" if stage.title else ""
    return f"{stage.label}{title}: {policy.roles[stage.actor].name}"


def _touches(duty: Duty, stage: Stage) -> bool:
    return stage.id in (*duty.when.get("stage", ()), *duty.when.get("leaving", ()))
