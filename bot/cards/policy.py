"""A policy, and each of its stages, for reading."""

from bot.cards.card import Card, Row, Section
from bot.policy.ladder import Duty, Stage
from bot.policy.model import Policy
from bot.wording.force import HEADINGS, say_basis, say_cites


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
                        f"{note.text} ({say_cites(policy, note.cite)})" for note in policy.banners
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
        f"{each.label}: {each.value} ({say_cites(policy, each.cite)})"
        + (f" {each.warn}" if each.warn else "")
        for each in policy.contacts
    ]


def stage_card(policy: Policy, stage: Stage) -> Card:
    """One stage as the policy has it, whatever the situation."""
    duties = [duty for duty in policy.duties if _touches(duty, stage)]
    sections = [
        Section(
            "Steps",
            tuple(f"{note.text} ({say_cites(policy, note.cite)})" for note in stage.do),
        ),
        Section("Time limits", limit_lines(policy, stage)),
        *(
            Section(
                heading,
                tuple(
                    f"{duty.what} ({say_cites(policy, duty.cite)}){say_basis(duty.basis)}"
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
        rows=(Row("Who acts", f"{actor}{other}"),),
        sections=tuple(section for section in sections if section.items),
        footer=say_cites(policy, stage.cite),
    )


def limit_lines(policy: Policy, stage: Stage) -> tuple[str, ...]:
    """The time limits of a stage in the policy's words."""
    lines = []
    for clock in (policy.clocks[id_] for id_ in stage.clocks):
        said = "; ".join(
            f"“{reading.words}”{say_basis(reading.unit_basis)}" for reading in clock.readings
        )
        cites = say_cites(policy, [name for reading in clock.readings for name in reading.cite])
        lines.append(f"{clock.what}: {said} ({cites})")
    return tuple(lines) or ("The policy gives no time limit for this stage.",)


def stage_line(policy: Policy, stage: Stage) -> str:
    """A stage in one line: its label, its title, who acts."""
    title = f", {stage.title}" if stage.title else ""
    return f"{stage.label}{title}: {policy.roles[stage.actor].name}"


def _touches(duty: Duty, stage: Stage) -> bool:
    return stage.id in (*duty.when.get("stage", ()), *duty.when.get("leaving", ()))
