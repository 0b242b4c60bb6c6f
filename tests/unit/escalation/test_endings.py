"""Who has the last word is whom the policy names, and it is called no more than it is."""

from datetime import date

import pytest

from bot.escalation.endings import endings_of, last_word
from bot.escalation.progress import Standing, outcome_question

LAST_WORDS = {
    "sandwell": "decision of the Chair of the SCSP",
    "jersey": "recommendation of the SPB Chair",
    "plymouth": (
        "answer of the Plymouth Safeguarding Children Board Resolution Panel or the Chair of the "
        "Plymouth Safeguarding Children Board"
    ),
    "gloucestershire": "answer of the GSCP Resolution Group or the Chair of the GSCP Executive",
    "berkshire": "answer of the senior managers with operational responsibility for the case",
}


@pytest.mark.parametrize(("id_", "word"), LAST_WORDS.items(), ids=LAST_WORDS)
def test_the_last_word_is_that_of_whom_the_policy_names(policies, id_, word):
    policy = policies[id_]
    last = policy.stages[-1]
    assert last_word(policy, endings_of(policy, last, {})) == word
    asked = outcome_question(Standing(policy, {}, last.id, date(2026, 11, 16)))
    assert asked.choice("decided").label == f"We have the {word}"


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ("panel", "decision of the Plymouth Safeguarding Children Board Resolution Panel"),
        ("chair", "answer of the Chair of the Plymouth Safeguarding Children Board"),
    ],
)
def test_only_the_panel_of_plymouth_is_said_to_decide(policies, told, word):
    policy = policies["plymouth"]
    endings = endings_of(policy, policy.stages[-1], {"decided_by": told})
    assert last_word(policy, endings) == word


def test_where_the_policy_names_nobody_nobody_is_named(policies):
    assert last_word(policies["jersey"], ()) == "answer"
