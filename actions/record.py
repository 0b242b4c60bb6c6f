"""Records the escalation, and says so only once it is written."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.amending import amended
from actions.buttons import BEGIN, answer_button, intent_button
from actions.reminding import mail_confirmed
from actions.reporting import told
from actions.state import Walk
from actions.surroundings import Surroundings, surroundings
from actions.taps import FILES
from actions.writing import new_escalation
from bot.escalation.decision import Decision
from bot.policy.model import Policy
from bot.records.cases import NewEscalation
from bot.records.errors import RecordsError
from bot.records.store import record_escalation

logger = logging.getLogger(__name__)


class ActionRecord(Action):
    """The end of the form. That the form ended proves nothing: the confirmation does."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_record"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Record a confirmed walk once; or say plainly why nothing was recorded."""
        around, walk = surroundings(), Walk.of(tracker)
        answers = dict(walk.answers)
        if walk.phase == "prepare":
            return self._prepared(dispatcher, around, walk)
        if walk.phase == "mail":
            return mail_confirmed(dispatcher, around, tracker, walk)
        if walk.progressing:
            return told(dispatcher, around, tracker, walk)
        if walk.amending:
            return amended(dispatcher, around, tracker, walk)
        if answers.get("outside") == "end":
            dispatcher.utter_message(response="utter_record_outside", buttons=list(BEGIN))
            return Walk().events()
        if answers.get("check") == "keep_draft":
            dispatcher.utter_message(
                response="utter_walk_stopped", buttons=[intent_button("Carry on", "resume")]
            )
            return walk.answered([p for p in walk.answers if p[0] != "check"]).events()
        decision, policy = walk.decision(around), walk.policy(around)
        complete = walk.question(around) is None and answers.get("check") == "record"
        if decision is None or policy is None or not complete or not walk.draft:
            return not_recorded(dispatcher, walk)
        try:
            reference = write(around, tracker.sender_id, walk, policy, decision)
        except RecordsError:
            logger.exception("record.failed")
            return not_recorded(dispatcher, walk)
        dispatcher.utter_message(
            response="utter_record_done",
            reference=reference,
            buttons=[
                intent_button("Prepare for the meeting", "prepare"),
                answer_button("Files of this case", FILES, reference),
                intent_button("Start another", "start_walk"),
            ],
        )
        return replace(walk, reference=reference).events()

    @staticmethod
    def _prepared(
        dispatcher: CollectingDispatcher, around: Surroundings, walk: Walk
    ) -> list[EventType]:
        preparation = walk.preparation(around)
        unknown = preparation.agenda(dict(walk.answers)) if preparation else ()
        if not unknown:
            dispatcher.utter_message(response="utter_prepare_done")
            return []
        items = "\n".join(f"- {prompt.ask}" for prompt in unknown)
        dispatcher.utter_message(response="utter_prepare_agenda", items=items)
        return []


def not_recorded(dispatcher: CollectingDispatcher, walk: Walk) -> list[EventType]:
    """Say that nothing was recorded, keep every answer, and ask for the confirmation again."""
    dispatcher.utter_message(response="utter_record_failed")
    answers = [pair for pair in walk.answers if pair[0] != "check"]
    return [*walk.answered(answers).events(), FollowupAction("walk_form")]


def write(around: Surroundings, person: str, walk: Walk, policy: Policy, decision: Decision) -> str:
    """Write the escalation in one transaction and give its reference.

    The draft is the key: however often the confirmation arrives, one escalation is written.

    Raises:
        RecordsError: nothing was written.
    """
    now: datetime = around.now()
    content = around.library.hashes[policy.id, policy.document.label]
    with around.database.session() as session:
        new: NewEscalation = new_escalation(
            policy, content, decision, walk.answers, walk.draft, now,
            alerts=walk.alerts,
        )  # fmt: skip
        recorded = record_escalation(
            session, key=f"walk:{walk.draft}", person=person, now=now, new=new
        )
    return recorded.reference
