"""Answers to free questions: by when, who, which form, why, what to consider."""

from collections.abc import Sequence

from bot.cards.card import Card, Row, Section
from bot.cards.limits import by_when, conventions
from bot.cards.policy import contact_lines, limit_lines, stage_line
from bot.escalation.decision import Decision
from bot.escalation.preparation import Preparation
from bot.escalation.questions import Question
from bot.policy.model import Policy
from bot.wording.force import capital, say_cites, say_force, say_source
from bot.wording.glossary import Term

GENERAL = "Escalation Guide"


def stages_card(policy: Policy) -> Card:
    """The ladder, stage by stage."""
    stages = tuple(stage_line(policy, stage) for stage in policy.stages)
    ladder = policy.routes.ladder
    return Card(
        title=f"The stages of {policy.publisher}",
        sections=(
            Section("Stages", stages),
            Section(
                "If it cannot wait", (f"{ladder.words} {say_source(policy, ladder.cite)}",), "note"
            ),
        ),
    )


def deadlines_card(policy: Policy, decision: Decision | None) -> Card:
    """The dates of this case, or the limits in the policy's words where none are known yet."""
    if decision is not None and decision.stage is not None:
        counted = conventions(decision)
        return Card(
            title=f"By when: {decision.stage.label}",
            rows=by_when(decision),
            sections=(counted,) if counted.items else (),
        )
    return Card(
        title=f"Time limits of {policy.publisher}",
        sections=tuple(Section(stage.label, limit_lines(policy, stage)) for stage in policy.stages),
        footer="Tell me the stage and when it began, and I can give the dates.",
    )


def contacts_card(policy: Policy, decision: Decision | None) -> Card:
    """Who acts at this stage, and every contact as the document prints it."""
    rows = []
    if decision is not None and decision.stage is not None:
        rows.append(Row("Who acts", capital(policy.roles[decision.stage.actor].name)))
        if decision.stage.counterpart:
            rows.append(Row("With", capital(policy.roles[decision.stage.counterpart].name)))
    printed = tuple(contact_lines(policy))
    none = ("The document gives no contact details. Ask your safeguarding lead.",)
    unclear = tuple(
        f"{each.says} {each.treat_as}"
        for each in policy.ambiguities
        if each.show_user and "contacts" in each.touches
    )
    sections = [Section("Contacts, as the document prints them", printed or none)]
    if unclear:
        sections.append(Section("Please note", unclear, "note"))
    return Card(title="Who to contact", rows=tuple(rows), sections=tuple(sections))


def forms_card(policy: Policy, decision: Decision | None) -> Card:
    """The forms of this stage with their force, or all forms of the policy."""
    if not policy.forms:
        return Card(
            title="Forms",
            sections=(Section("No form", ("This policy has no form. Keep your own record.",)),),
        )
    if decision is not None and decision.stage is not None:
        due = tuple(
            f"{policy.forms[duty.form].title}. "
            + say_force(duty.strength, f"{duty.what} {say_source(policy, duty.cite, duty.basis)}")
            for duty in decision.forms
            if duty.form
        )
        none = ("This stage asks for no form.",)
        return Card(
            title=f"Forms: {decision.stage.label}",
            sections=(Section("At this stage", due or none),),
        )
    listed = tuple(
        f"{form.title} {say_source(policy, form.cite)}"
        + (f" Send it to {form.send_to}." if form.send_to else "")
        for form in policy.forms.values()
    )
    return Card(title=f"Forms of {policy.publisher}", sections=(Section("Forms", listed),))


def why_card(policy: Policy | None, asked: Question) -> Card:
    """Why a question is asked, with its clause where it comes from the policy."""
    cited = say_cites(policy, asked.cite) if policy and asked.cite else ""
    source = f"{policy.title}: {cited}." if policy and cited else f"{GENERAL}'s own question."
    return Card(title="Why I ask", rows=(Row(asked.ask, asked.why),), footer=source)


def factors_card(policy: Policy, preparation: Preparation) -> Card:
    """The factors and questions; those of another partnership are labelled as borrowed."""
    source = preparation.source
    headings = dict.fromkeys(prompt.heading for prompt in preparation.prompts)
    sections = tuple(
        Section(
            heading,
            tuple(
                f"{prompt.ask} {say_source(source, prompt.cite)}"
                for prompt in preparation.prompts
                if prompt.heading == heading
            ),
        )
        for heading in headings
    )
    borrowed = (
        f"{policy.publisher} has no questions of its own. These are borrowed from "
        f"{source.publisher} as good practice: they are not part of your policy."
        if preparation.borrowed_from
        else None
    )
    none = (Section("No list", ("This policy lists no factors or questions.",)),)
    return Card(title="What to think about", sections=sections or none, footer=borrowed)


def working_day_card(policy: Policy | None) -> Card:
    """Our convention: no policy here defines a working day."""
    where = {"jersey": "Jersey", "england-and-wales": "England and Wales"}
    place = (
        where.get(policy.place.calendar, policy.place.calendar)
        if policy
        else "the place where you work"
    )
    return Card(
        title="What counts as a working day",
        sections=(
            Section(
                "How the days are counted here",
                (
                    f"Monday to Friday, but not the bank holidays of {place}.",
                    "The day on which something happens is day 0. Day 1 is the first working day "
                    "after it. If it happens on a Saturday, day 1 is Monday.",
                    "Hours are counted as they pass: nights, weekends and holidays count.",
                ),
            ),
        ),
        footer="None of the policies says what a working day is. This is how this assistant "
        "counts, and it says so beside every date.",
    )


def terms_card(meant: Sequence[Term]) -> Card:
    """What words of the field mean: our explanation, not the policy's."""
    return Card(
        title=meant[0].says if len(meant) == 1 else "What these words mean",
        sections=(
            Section("In plain words", tuple(f"**{term.says}.** {term.text}" for term in meant)),
        ),
        footer="This is general knowledge, not part of the policy.",
    )
