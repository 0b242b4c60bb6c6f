"""What people type, as an answer to what was asked."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.agencies import agency_question
from bot.escalation.answers import LONGEST_TEXT, Answered, NotAnAnswer, Unclear, parse
from bot.escalation.journey import PROTECTED
from bot.escalation.partnerships import parse_partnership, partnership_question
from bot.escalation.questions import SUMMARY, Choice, Question, question
from bot.policy.library import Library

ZONE = "Europe/London"
NOW = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo(ZONE))  # a Monday
LABELS = Question(
    fact="area",
    kind="choice",
    ask="What is it about?",
    why="It goes into the record.",
    choices=(
        Choice("threshold", "Whether a referral meets the threshold"),
        Choice("plan", "The child's plan, or whether it is working"),
        Choice("services", "What services are provided"),
        Choice("sharing", "Sharing information"),
    ),
)


@pytest.fixture(scope="module")
def library(policies) -> Library:
    return Library({id_: (policy,) for id_, policy in policies.items() if id_ != "valley"})


def said(asked: Question, words: str):
    return parse(asked, words, NOW, ZONE)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("yes", "yes"), ("Yes.", "yes"), ("YEP", "yes"), ("y", "yes"), ("ok", "yes"),
        ("no", "no"), ("No!", "no"), ("nope", "no"), ("not at all", "no"),
        ("not sure", "not_sure"), ("I'm not sure", "not_sure"), ("I’m not sure", "not_sure"),
        ("don't know", "not_sure"), ("maybe", "not_sure"), ("not_sure", "not_sure"),
        ("1", "no"), ("2", "yes"), ("3", "not_sure"),
    ],
)  # fmt: skip
def test_yes_no_and_not_sure_in_many_words(policies, words, value):
    assert said(question(policies["sandwell"], "imminent"), words) == Answered(value)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Sharing information", "sharing"), ("sharing information.", "sharing"),
        ("  SHARING   INFORMATION ", "sharing"), ("sharing", "sharing"), ("4", "sharing"),
        ("sharing infromation", "sharing"), ("what servces are provided", "services"),
        ("threshold", "threshold"), ("the child’s plan", "plan"), ("services", "services"),
    ],
)  # fmt: skip
def test_a_label_a_number_a_part_of_a_label_or_a_slip_of_the_keyboard(words, value):
    assert said(LABELS, words) == Answered(value)


def test_words_that_fit_two_answers_are_asked_back():
    answer = said(LABELS, "whether")
    assert isinstance(answer, Unclear)
    assert {choice.value for choice in answer.candidates} == {"threshold", "plan"}


@pytest.mark.parametrize(
    "words", ["", "   ", "😀", "?!", "9", "0", "the weather", "\x00", "½", "²", "7" * 5000]
)
def test_what_is_no_answer_is_kept_from_being_one(words):
    answer = said(LABELS, words)
    assert isinstance(answer, NotAnAnswer)
    assert answer.why


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("not yet", "not_yet"), ("It hasn't happened yet", "not_yet"), ("no", "not_yet"),
        ("never", "not_yet"), ("I don't know", "not_known"), ("unknown", "not_known"),
        ("It has not happened yet", "not_yet"), ("yesterday", "2026-11-15"),
        ("12 November", "2026-11-12"), ("last Thursday", "2026-11-12"),
        ("2026-11-12", "2026-11-12"), ("yesterday at 4pm", "2026-11-15T16:00+00:00"),
    ],
)  # fmt: skip
def test_when_it_happened_in_words(policies, words, value):
    assert said(question(policies["sandwell"], "manager_aware"), words) == Answered(value)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("soon", "cannot find a date"), ("31 November", "no such day"), ("tomorrow", "future"),
        ("3000-01-01", "future"), ("😀", "cannot find a date"), ("12 Nov " * 200, "too long"),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_says_why(policies, words, says):
    answer = said(question(policies["sandwell"], "manager_aware"), words)
    assert isinstance(answer, NotAnAnswer)
    assert says in answer.why


def test_a_date_that_may_be_two_is_asked_back(policies):
    answer = said(question(policies["sandwell"], "manager_aware"), "3/4/2026")
    if isinstance(answer, Unclear):
        assert len(answer.candidates) == 2
    else:
        assert answer == Answered("2026-04-03")


@pytest.mark.parametrize("words", ["skip", "Skip this", "skip it", "skipped"])
def test_a_sentence_may_be_skipped(words):
    assert said(SUMMARY, words) == Answered("skipped")


@pytest.mark.parametrize("words", ["this", "1", "Skip the meeting, they told us"])
def test_words_of_a_button_inside_a_sentence_do_not_skip_it(words):
    assert said(SUMMARY, words) == Answered(words)


@pytest.mark.parametrize(
    ("words", "value"),
    [("1", "s1"), ("stage two", "s2"), ("Stage 3", "s3"), ("four", "s4")],
)
def test_a_number_is_the_stage_of_that_number(policies, words, value):
    assert said(question(policies["sandwell"], "stage"), words) == Answered(value)


def test_a_stage_that_is_not_there_is_not_taken_for_another(policies):
    assert isinstance(said(question(policies["sandwell"], "stage"), "7"), NotAnAnswer)


def test_a_yes_that_fits_two_answers_is_asked_back(policies):
    answer = said(question(policies["sandwell"], "trust"), "yes")
    assert isinstance(answer, Unclear)
    assert {choice.value for choice in answer.candidates} == {"challenged", "raising"}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("yes, right now", "yes"),
        ("yes they are", "yes"),
        ("I think so", "not_sure"),
        ("nobody", "no"),
    ],
)
def test_imminent_risk_in_a_hurry(policies, words, value):
    assert said(question(policies["jersey"], "imminent"), words) == Answered(value)


@pytest.mark.parametrize(
    "words",
    ["Somebody is at risk now", "everybody is at risk", "at risk", "risk", "is at risk now", "ok",
     "sure", "I will call them", "we have not rung yet"],
)  # fmt: skip
def test_what_is_not_surely_done_is_never_taken_for_it(words):
    answer = said(PROTECTED, words)
    assert answer not in (Answered("yes"), Answered("not_needed"))


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("yes", "yes"),
        ("I have telephoned the duty police officer", "yes"),
        ("police on their way", "yes"),
        ("all sorted thanks", "yes"),
        ("not yet", "no"),
        ("no", "no"),
        ("nobody is at risk now", "not_needed"),
        ("no one is in danger", "not_needed"),
    ],
)
def test_whether_it_was_done_as_people_say_it(words, value):
    assert said(PROTECTED, words) == Answered(value)


@pytest.mark.parametrize(
    ("id_", "words", "opposite"),
    [
        ("jersey", "We have met", "s1"),
        ("jersey", "we have met about it", "s1"),
        ("sandwell", "I have raised it with them", "s0"),
        ("plymouth", "I have talked it through with my lead", "s1"),
    ],
)
def test_the_opposite_of_a_label_is_not_taken_for_it(policies, id_, words, opposite):
    assert said(question(policies[id_], "stage"), words) != Answered(opposite)


def test_every_label_with_its_negation_turned_is_not_taken_for_it(policies):
    for policy in policies.values():
        asked = question(policy, "stage")
        for choice in asked.choices:
            if " not " in choice.label:
                turned = choice.label.split(" (")[0].replace(" not ", " ", 1)
                assert said(asked, turned) != Answered(choice.value), turned


def test_a_date_is_not_lost_to_a_yet(policies):
    words = "They have not replied yet, I raised it on 3 November"
    assert said(question(policies["sandwell"], "manager_aware"), words) == Answered("2026-11-03")


@pytest.mark.parametrize("words", ["we have not met yet", "not yet", "they havent replied yet"])
def test_what_has_not_happened_yet(policies, words):
    assert said(question(policies["sandwell"], "manager_aware"), words) == Answered("not_yet")


def test_a_sentence_is_kept_as_it_was_said():
    sentence = "We think the risk is higher than they do, because of what the school saw."
    assert said(SUMMARY, f"  {sentence}\n") == Answered(sentence)


@pytest.mark.parametrize(
    ("words", "says"),
    [("a" * (LONGEST_TEXT + 1), "4,001 characters"), ("😀😀", "in words"), ("...", "in words")],
)
def test_a_sentence_that_is_too_long_or_has_no_words_is_asked_again(words, says):
    answer = said(SUMMARY, words)
    assert isinstance(answer, NotAnAnswer)
    assert says in answer.why


@given(st.text(max_size=60))
def test_no_text_at_all_upsets_it(policies, words):
    sandwell = policies["sandwell"]
    for fact in ("imminent", "stage", "manager_aware", "area"):
        asked = question(sandwell, fact)
        answer = said(asked, words)
        if isinstance(answer, Answered) and asked.kind == "choice":
            assert asked.choice(answer.value) is not None
    said(SUMMARY, words)


@pytest.mark.parametrize(
    "words", ["x" * 1_000_000, "yes " * 250_000, "\n" * 1_000_000], ids=["x", "yes", "lines"]
)
def test_a_million_characters_are_no_answer(policies, words):
    for fact in ("imminent", "stage", "manager_aware"):
        assert isinstance(said(question(policies["sandwell"], fact), words), NotAnAnswer)


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("sandwell", "sandwell"), ("SCSP", "sandwell"), ("I work in Smethwick", "sandwell"),
        ("the Jersey policy", "jersey"), ("St Helier", "jersey"), ("Plymoth", "plymouth"),
        ("Cheltenham", "gloucestershire"), ("we are in Glos", "gloucestershire"),
        ("Slough", "berkshire"), ("Berks", "berkshire"), ("GSCP", "gloucestershire"),
        ("Plymouth Safeguarding Children Board", "plymouth"),
    ],
)  # fmt: skip
def test_a_partnership_by_name_acronym_or_place(library, words, id_):
    assert parse_partnership(library, words) == Answered(id_)


@pytest.mark.parametrize("words", ["I don't know", "not sure", "by_place"])
def test_who_does_not_know_is_asked_for_a_place(library, words):
    answer = parse_partnership(library, words)
    assert isinstance(answer, NotAnAnswer)
    assert "town" in answer.why


@pytest.mark.parametrize("words", ["Atlantis", "", "😀", "?", "x" * 100_000])
def test_an_unknown_partnership_is_told_which_there_are(library, words):
    answer = parse_partnership(library, words)
    assert isinstance(answer, NotAnAnswer)
    assert "Jersey Safeguarding Partnership Board" in answer.why


def test_two_partnerships_in_one_breath_are_asked_back(library):
    answer = parse_partnership(library, "Jersey or Sandwell")
    assert isinstance(answer, Unclear)
    assert {choice.value for choice in answer.candidates} == {"jersey", "sandwell"}


@given(st.text(max_size=40))
def test_no_text_upsets_the_search_for_a_partnership(library, words):
    answer = parse_partnership(library, words)
    assert not isinstance(answer, Answered) or answer.value in library.versions


def test_every_partnership_can_be_tapped(library):
    asked = partnership_question(library)
    assert [choice.value for choice in asked.choices] == [*library.versions, "by_place"]
    for choice in asked.choices[:-1]:
        assert parse_partnership(library, choice.label) == Answered(choice.value)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("csc", "childrens_social_care"), ("the GP", "health"), ("Police", "police"),
        ("skip this", "skipped"), ("not sure", "skipped"), ("4", "education"), ("other", "other"),
    ],
)  # fmt: skip
def test_a_kind_of_agency_is_taken_by_what_people_call_it(words, kind):
    assert said(agency_question("our_agency"), words) == Answered(kind)


def test_social_care_alone_is_asked_back():
    found = said(agency_question("their_agency"), "social care")
    assert isinstance(found, Unclear)
    assert [each.value for each in found.candidates] == [
        "childrens_social_care", "adult_social_care",
    ]  # fmt: skip
