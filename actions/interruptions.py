"""Whether a message is a question or a command, or the answer that was asked for.

A practitioner's words are never lost to a classifier: while free text is asked for, only a short
message that looks like a question, and of which the classifier is very sure, interrupts.
"""

from rasa_sdk import Tracker

from actions.conversation import confidence, intent, tap, text
from bot.escalation.answers import Answered, Parsed, Unclear
from bot.escalation.questions import Question
from bot.escalation.said import plainly

QUESTIONS = {
    "ask_stage", "ask_deadline", "ask_contact", "ask_form", "ask_why", "ask_policy_stage",
    "ask_factors", "ask_working_day", "ask_term", "ask_help", "ask_risk",
    "ask_status", "list_cases", "get_document", "rehearse",
}  # fmt: skip
COMMANDS = {"go_back", "stop_walk", "start_again", "change_answer", "resume", "prepare"}
SMALL_TALK = {
    "greet",
    "thanks",
    "goodbye",
    "out_of_scope",
}
ENDINGS = {"stop_walk", "start_again"}
WHOLE_COMMANDS = {
    "back", "go back", "previous question", "one back", "go back one question", "stop",
    "stop here", "stop now", "please stop", "cancel", "cancel this", "quit", "exit", "start again",
    "start over", "restart", "change an answer", "change my answer", "help", "undo",
    "rehearse", "rehearsal",
}  # fmt: skip
SURE, OFF_TOPIC, PUT_AS_ONE, VERY_SURE = 0.3, 0.4, 0.5, 0.7
SHORT, FEW = 14, 3
QUESTION_WORDS = (
    "what", "when", "who", "why", "how", "which", "where", "do ", "does", "is ", "are ", "can ",
    "could", "should", "by when", "remind", "tell", "explain", "any ",
)  # fmt: skip


def interrupts(tracker: Tracker, question: Question, parsed: Parsed) -> bool:
    """Whether the last message is to be dealt with by another action than the form.

    `parsed` is what the message would be as an answer to `question`.
    """
    if tap(tracker) is not None:
        return False
    name, sure = intent(tracker), confidence(tracker)
    if sure == 1.0 and name != "choose":  # a button or a command of the page
        return True
    said = plainly(text(tracker))
    if said in WHOLE_COMMANDS:
        return name in COMMANDS | QUESTIONS
    if question.kind == "text":
        short = len(said.split()) <= SHORT
        return short and name in QUESTIONS and sure >= VERY_SURE and looks_like_a_question(tracker)
    if isinstance(parsed, Answered | Unclear):
        return in_passing(question) and is_no_answer(tracker)
    if name in QUESTIONS | COMMANDS:
        return sure >= (PUT_AS_ONE if name in ENDINGS else SURE)
    if name == "out_of_scope":
        return sure >= (OFF_TOPIC if looks_like_a_question(tracker) else PUT_AS_ONE)
    return name in SMALL_TALK and sure >= 2 * SURE


def in_passing(question: Question) -> bool:
    """Whether an answer is read out of the middle of a message, where it may be named in passing.

    "Is Saturday a working day?" names a day, "which form does Sandwell use?" a partnership, and
    "what does the policy say about stage 3?" a stage.
    """
    return question.kind == "date" or question.fact in ("policy", "stage")


def is_no_answer(tracker: Tracker) -> bool:
    """Whether a message that names a day or a partnership is surely meant as something else."""
    name, sure = intent(tracker), confidence(tracker)
    if name in QUESTIONS and looks_like_a_question(tracker):
        return sure >= PUT_AS_ONE
    more_than_a_day = len(text(tracker).split()) > FEW  # "by Friday", "on Sat"
    named = name in QUESTIONS | COMMANDS | {"out_of_scope"}
    return named and more_than_a_day and sure >= VERY_SURE


def looks_like_a_question(tracker: Tracker) -> bool:
    """Whether the words are put as a question."""
    raw = text(tracker).strip()
    return raw.endswith("?") or plainly(raw).startswith(QUESTION_WORDS)


def may_be_a_question(tracker: Tracker) -> bool:
    """Whether words kept as an answer might have been a question, so that a way back is offered."""
    asks = intent(tracker) in QUESTIONS and confidence(tracker) >= VERY_SURE
    return asks or looks_like_a_question(tracker)
