"""Which field of a form is filled with what; a field that nothing here knows stays blank.

A form is data, and its fields have no names of their own. A text field is known by its printed
label (`TEXTS`), a table by its label and columns (`TABLES`), a choice by its options. What is not
known by them is left to the practitioner: a new form is never filled wrongly, only less.
"""

import re
from collections.abc import Callable, Mapping

from bot.documents import known
from bot.documents.known import Case, Value
from bot.documents.recorded import facts_in
from bot.escalation.questions import of_fact
from bot.policy.model import FormField

Rule = Callable[[Case], Value]

TEXTS: Mapping[str, Rule] = {
    r"(escalation|case) (number|reference)|reference": known.reference,
    r"date (raised|of (the )?escalation)": known.raised_on,
    r"role and agency": known.roles,
    r"agency( ?/ ?school)?": known.agency,
    r"concern": known.area,
    r"(brief )?details of .*(disagreement|dispute)\b.*outcome.*": known.summary_and_outcome,
    r"((brief )?details|summary) of .*(disagreement|dispute|issue)\b.*": known.summary,
    r"outcome of (the )?resolution|outcome": known.ending,
    r".*\blessons? learn(ed|t)\b.*": known.lessons,
    r"date of (the )?(discussion|meeting)\b.*": known.meetings,
    r"next steps?\b.*": known.next_steps,
    r"action(s)? taken towards .*": known.done_in_words,
}
TABLES: Mapping[str, Rule] = {
    r"(disagreement )?resolved at \[level, date\]": known.settled_at,
    r"actions?( taken)? \[actions?( taken)?, by whom, date( completed)?\]": known.actions,
}


def value_of(case: Case, field: FormField) -> Value:
    """What the case knows for `field`: nothing for a personal one, or one of somebody else."""
    if field.personal or field.filled_by is not None:
        return Value()
    match field.type:
        case "text" | "date":
            return _first(TEXTS, field.label, case)
        case "table":
            return _first(TABLES, f"{field.label} [{', '.join(field.columns)}]", case)
        case "choice":
            return Value(ticked=_ticked(case, field))
        case "email" | "yes_no_reason":
            return Value()


def _first(rules: Mapping[str, Rule], label: str, case: Case) -> Value:
    said = " ".join(label.casefold().split()).rstrip(" :;")
    for pattern, rule in rules.items():
        if re.fullmatch(pattern, said):
            return rule(case)
    return Value()


def _ticked(case: Case, field: FormField) -> str | None:
    """The option that was answered, where the options are the answers of one question.

    Options that two questions or two fields share tell nothing, and neither do yes and no: to
    guess which is meant would be to invent an answer.
    """
    options = set(field.options)
    fields = [
        each for each in case.policy.forms[case.form_id].fields if set(each.options) == options
    ]
    asked = [
        of_fact(id_, fact)
        for id_, fact in case.policy.facts.items()
        if fact.kind == "choice" and {option.label for option in fact.options} == options
    ]
    if len(fields) != 1 or len(asked) != 1 or options & {"Yes", "No"}:
        return None
    chosen = asked[0].choice(facts_in(case.escalation).get(asked[0].fact, ""))
    return chosen.label if chosen else None
