"""What came of a stage, as it is told: and descriptions of a disagreement, which tell none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.progress import WAITING
from bot.escalation.told import outcome_in


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("we met, not agreed", "not_agreed"),
        ("we met and we did not agree", "not_agreed"),
        ("we met and we couldn't agree", "not_agreed"),
        ("we met and do not agree", "not_agreed"),
        ("we met and still disagree about the threshold", "not_agreed"),
        ("they wouldn't agree", "not_agreed"),
        ("They would not agree.", "not_agreed"),
        ("we had the stage 2 meeting and couldn't agree", "not_agreed"),
        ("We had the stage two meeting and could not agree on a plan", "not_agreed"),
        ("no agreement reached", "not_agreed"),
        ("no agreement", "not_agreed"),
        ("met with them yesterday, still no agreement", "not_agreed"),
        ("spoke to the manager this morning, she does not agree", "not_agreed"),
        ("we could not reach agreement", "not_agreed"),
        ("it is still not resolved", "not_agreed"),
        ("they still won't budge", "not_agreed"),
        ("ended in stalemate", "not_agreed"),
        ("we agreed to disagree", "not_agreed"),
        ("we have not got any further, we are no further", "not_agreed"),
        ("resolved at stage 2 on Tuesday", "agreed"),
        ("they have agreed to a conference", "agreed"),
        ("we met and we agree", "agreed"),
        ("we reached an agreement yesterday", "agreed"),
        ("She's changed her mind", "agreed"),
        ("they never replied", "no_reply"),
        ("no response from the team manager", "no_reply"),
        ("hasn't got back to us", "no_reply"),
        ("still waiting", WAITING),
        ("we are withdrawing, withdrawn yesterday", "withdrawn"),
        ("the Chair has decided", "decided"),
        ("the SPB chair made her recommendation today", "decided"),
    ],
)
def test_what_came_of_it_is_taken_where_it_is_plain(text, outcome):
    assert outcome_in(text) == outcome


@pytest.mark.parametrize(
    "text",
    [
        "I disagree with the decision to close the case",
        "We disagree with social care about the threshold",
        "They do not agree that it meets the threshold",
        "We think the threshold for a conference is met and they do not agree",
        "The strategy meeting decided no further action and I do not agree",
        "They will not agree to a conference",
        "They wouldn't agree to a joint visit",
        "Child protection plan ended without agreement",
        "Threshold not met according to MASH",
        "There is no agreement on who takes the lead",
        "They disagree that it is a section 42",
        "Disagree with NFA",
        "no further action again",
        "Mother withdrew consent and they closed it",
        "He has been withdrawn from school",
        "Mum never answered the door",
        "He is settled in school and they want to move him",
        "The child was collected by his aunt as agreed",
        "half agreed, half not",
        "where is it now",
        "",
    ],
)
def test_a_description_of_a_disagreement_is_no_outcome(text):
    assert outcome_in(text) is None


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_without_an_error(text):
    assert outcome_in(text) is None or outcome_in(text)
