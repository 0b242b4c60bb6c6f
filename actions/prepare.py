"""Begins or resumes the preparation for the meeting, once the answer has been given."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import BEGIN
from actions.state import Walk
from actions.surroundings import surroundings
from bot.escalation.preparation import preparation_for
from bot.records.preparation import CaseHome, preparation_notes

VALUES = {"not_known_yet": "not_known", "skipped": "skipped"}


class ActionPrepare(Action):
    """Sets up the reflective questions; the form asks them one by one."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_prepare"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Begin with what was noted before; say whose questions they are."""
        around, walk = surroundings(), Walk.of(tracker)
        policy = walk.policy(around)
        if policy is None or walk.reference is None:
            dispatcher.utter_message(response="utter_prepare_record_first", buttons=list(BEGIN))
            return []
        preparation = preparation_for(around.library, policy)
        with around.database.reading() as session:
            home = CaseHome(reference=walk.reference)
            notes = preparation_notes(session, home=home, person=tracker.sender_id)
        noted = tuple((note.question, VALUES.get(note.state, note.note or "")) for note in notes)
        if preparation.borrowed_from is not None:
            dispatcher.utter_message(
                response="utter_prepare_borrowed",
                partnership=policy.publisher,
                source=preparation.borrowed_from.publisher,
            )
        dispatcher.utter_message(
            response="utter_prepare_begin", count=str(len(preparation.prompts))
        )
        answers = (("policy", policy.id), *noted)
        prepared = replace(walk, phase="prepare", answers=answers, said=())
        return [*prepared.events(), FollowupAction("walk_form")]
