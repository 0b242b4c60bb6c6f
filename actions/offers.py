"""What to offer when a message was not understood: the likeliest wishes, twice at most.

A third time in a row the person is told whom to ask: a guide that keeps asking is no help.
"""

from rasa_sdk import Tracker

from actions.buttons import BEGIN, Button, intent_button

MISSED = ("_not_understood", "_not_an_answer", "_out_of_scope", "_ask_a_person")
"""How the names of the responses end that say that a message led nowhere."""
MOST_MISSES = 2
LIKELIEST, LEAST_LIKELY = 3, 0.05
AT_ANY_MOMENT = {
    "ask_stage": "Which stage applies?",
    "ask_deadline": "By when?",
    "ask_contact": "Who do I contact?",
    "ask_form": "Which form?",
    "ask_policy_stage": "What does the policy say about the stages?",
    "ask_factors": "What should I consider?",
    "ask_working_day": "What counts as a working day?",
    "ask_term": "What does a word mean?",
    "ask_risk": "What if someone is at risk?",
    "ask_help": "What can you do?",
    "report_risk": "Someone is at risk now",
    "start_again": "Start again",
    "ask_status": "Where does my escalation stand?",
    "list_cases": "My escalations",
    "get_document": "A file of my escalation",
}
IN_A_WALK = {
    "ask_why": "Why do you ask?",
    "go_back": "Back",
    "change_answer": "Change an answer",
    "stop_walk": "Stop here",
}
OUTSIDE_A_WALK = {
    "start_walk": "I disagree with a decision",
    "describe": "I disagree with a decision",
    "received_escalation": "We have received an escalation",
    "resume": "Carry on with my draft",
    "prepare": "Prepare for the meeting",
    "report_outcome": "Tell what came of a stage",
    "extend_clock": "Change or mark something",
    "undo_step": "Take the last step back",
    "set_reminder": "Reminders",
}


def likeliest(tracker: Tracker) -> list[Button]:
    """Buttons for what the message most likely meant, the likeliest first."""
    in_walk = (tracker.active_loop or {}).get("name") is not None
    known = AT_ANY_MOMENT | (IN_A_WALK if in_walk else OUTSIDE_A_WALK)
    ranking = tracker.latest_message.get("intent_ranking") or []
    meant = [
        intent_button(known[each["name"]], "start_walk" if each["name"] == "describe" else name)
        for each in ranking
        if (name := each["name"]) in known and each["confidence"] >= LEAST_LIKELY
    ]
    return first_of_each(meant)[:LIKELIEST]


def ways_on(tracker: Tracker) -> list[Button]:
    """The likeliest wishes, and the ways to begin, so that there is always one."""
    help_ = intent_button(AT_ANY_MOMENT["ask_help"], "ask_help")
    return first_of_each([*likeliest(tracker), *BEGIN, help_])


def misses(tracker: Tracker) -> int:
    """How many messages in a row, before this one, led nowhere."""
    count, missed, heard = 0, False, False
    for event in reversed(tracker.events):
        if event["event"] == "bot":
            said = (event.get("metadata") or {}).get("utter_action") or ""
            missed = missed or said.endswith(MISSED)
        elif event["event"] == "user":
            if heard and not missed:
                return count
            count, missed, heard = count + missed, False, True
    return count


def first_of_each(buttons: list[Button]) -> list[Button]:
    """The buttons without those that say what an earlier one says."""
    return list({button["title"]: button for button in reversed(buttons)}.values())[::-1]
