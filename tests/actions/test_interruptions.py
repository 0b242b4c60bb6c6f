import pytest

from actions.interruptions import interrupts, looks_like_a_question
from bot.escalation.answers import Answered, NotAnAnswer, Unclear
from bot.escalation.questions import Question

CHOICE = Question("area", "choice", "What about?", "")
PARTNERSHIP = Question("policy", "choice", "Whose policy?", "")
DATE = Question("raised", "date", "When?", "")
TEXT = Question("summary", "text", "In a sentence?", "")
NO, YES, MAYBE = NotAnAnswer("no"), Answered("x"), Unclear((), "which")


@pytest.mark.parametrize(
    ("question", "parsed", "text", "intent", "sure", "expected"),
    [
        (CHOICE, NO, "which stage is it", "ask_stage", 0.9, True),
        (CHOICE, NO, "which stage is it", "ask_stage", 0.2, False),
        (CHOICE, YES, "stage 2", "ask_stage", 0.99, False),
        (CHOICE, MAYBE, "stage", "ask_stage", 0.99, False),
        (CHOICE, NO, "what is the weather", "out_of_scope", 0.45, True),
        (CHOICE, NO, "the weather", "out_of_scope", 0.45, False),
        (CHOICE, NO, "the weather", "out_of_scope", 0.6, True),
        (CHOICE, NO, "hello", "greet", 0.9, True),
        (CHOICE, NO, "they said no", "describe", 0.9, False),
        (CHOICE, NO, "blue", "nlu_fallback", 0.3, False),
        (CHOICE, NO, "that may be enough", "stop_walk", 0.4, False),
        (CHOICE, NO, "that is enough", "stop_walk", 0.6, True),
        (CHOICE, NO, "back", "go_back", 0.4, True),
        (DATE, YES, "is saturday a working day", "ask_working_day", 0.9, True),
        (DATE, YES, "last saturday", "ask_working_day", 0.5, False),
        (DATE, YES, "on saturday, when we met", "describe", 0.9, False),
        (DATE, YES, "that is enough for today", "stop_walk", 0.95, True),
        (DATE, YES, "book a room for thursday", "out_of_scope", 0.95, True),
        (DATE, YES, "today", "choose", 0.95, False),
        (DATE, YES, "by Friday", "ask_deadline", 0.95, False),
        (DATE, YES, "if I raise it on Sunday what is day 1", "ask_working_day", 0.9, True),
        (PARTNERSHIP, YES, "which form does sandwell use?", "ask_form", 0.9, True),
        (PARTNERSHIP, YES, "we are in sandwell", "start_walk", 0.9, False),
        (TEXT, YES, "what counts as a working day?", "ask_working_day", 0.9, True),
        (TEXT, YES, "what counts as a working day?", "ask_working_day", 0.6, False),
        (TEXT, YES, "they asked what stage we were at", "ask_stage", 0.9, False),
        (TEXT, YES, "what " + "they said about it " * 5, "ask_stage", 0.9, False),
        (TEXT, YES, "they want to stop the plan", "stop_walk", 0.99, False),
        (TEXT, YES, "stop", "stop_walk", 0.9, True),
        (TEXT, YES, "Go back.", "go_back", 0.4, True),
        (TEXT, YES, "thank you for nothing", "thanks", 0.99, False),
        (TEXT, YES, "book me a room", "out_of_scope", 0.99, False),
        (TEXT, YES, "Stop here", "stop_walk", 1.0, True),
    ],
)
def test_a_message_interrupts_only_where_no_answer_is_lost(
    conversation, question, parsed, text, intent, sure, expected
):
    tracker = conversation().hears(text, intent=intent, confidence=sure)
    assert interrupts(tracker, question, parsed) is expected


@pytest.mark.parametrize("question", [CHOICE, DATE, TEXT])
def test_a_tap_never_interrupts(conversation, question):
    tracker = conversation().hears("stop", tap=("stage", "s1"))
    assert interrupts(tracker, question, NO) is False


@pytest.mark.parametrize(
    ("words", "is_question"),
    [
        ("why?", True),
        ("What now", True),
        ("is it over", True),
        ("island", False),
        ("they ask", False),
    ],
)
def test_what_is_put_as_a_question(conversation, words, is_question):
    assert looks_like_a_question(conversation().hears(words)) is is_question
