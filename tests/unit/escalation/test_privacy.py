"""What looks like a personal detail is noticed, and ordinary words are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.privacy import nhs_number, personal_details


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("Her NHS number is 943 476 5919", ("an NHS number",)),
        ("ring 01632 960001 tomorrow", ("a telephone number",)),
        ("ring +44 1632 960 001", ("a telephone number",)),
        ("write to someone@example.org", ("an e-mail address",)),
        ("DOB 01/02/2015", ("a date of birth",)),
        ("she was born on 3 May 2014", ("a date of birth",)),
        ("they live near PL1 2EJ", ("a postcode",)),
        ("at 12 Example Road", ("an address",)),
        ("Mrs Example will not meet us", ("a name",)),
        ("a boy called Example", ("a name",)),
    ],
)
def test_a_personal_detail_is_noticed(text, noticed):
    assert personal_details(text) == noticed


@pytest.mark.parametrize(
    "text",
    [
        "They closed the case on 12 November 2026 without a visit",
        "The referral of 12/11/2026 does not meet threshold",
        "CSC say s47 is not met and the S17 plan ends in 20 working days",
        "She called the police and named the school",
        "Stage 2 took 5 days, then 8, then 13",
        "943 476 5918 is our reference",
        "",
    ],
)
def test_ordinary_words_are_left_alone(text):
    assert personal_details(text) == ()


def test_the_check_digit_of_an_nhs_number_decides():
    assert nhs_number("943 476 5919")
    assert not nhs_number("943 476 5910")


@given(st.text())
def test_no_text_raises(text):
    assert isinstance(personal_details(text), tuple)
