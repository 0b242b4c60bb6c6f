"""Says hello with safety first, and says plainly when something was not understood."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import BEGIN, intent_button
from actions.notices import show_notices
from actions.offers import MOST_MISSES, misses, ways_on
from actions.surroundings import surroundings
from bot.records.drafts import open_drafts
from bot.records.store import list_for

PRACTISE = intent_button("Practise on an invented case", "rehearse")


class ActionGreet(Action):
    """The first words, with safety before everything."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_greet"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Greet, and offer to go on with a draft or with a case, where there is one."""
        around = surroundings()
        show_notices(dispatcher, around, tracker)
        with around.database.reading() as session:
            drafts = open_drafts(session, person=tracker.sender_id)
            cases = list_for(session, person=tracker.sender_id)
        going_on = [
            *([intent_button("My escalations", "list_cases")] if cases else []),
            *([intent_button("Carry on where I stopped", "resume")] if drafts else []),
        ]
        dispatcher.utter_message(
            response="utter_conversation_greet", buttons=[*BEGIN, *going_on, PRACTISE]
        )
        return []


class ActionNotUnderstood(Action):
    """Never an empty reply: what was not understood is said, with what can be done."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_not_understood"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say so, and offer the likeliest ways on; a third time, say whom to ask."""
        if misses(tracker) < MOST_MISSES:
            dispatcher.utter_message(
                response="utter_conversation_not_understood", buttons=ways_on(tracker)
            )
        else:
            dispatcher.utter_message(
                response="utter_conversation_ask_a_person",
                buttons=[intent_button("Who do I contact?", "ask_contact"), *BEGIN],
            )
        return []
