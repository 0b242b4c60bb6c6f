"""Writes a step of a recorded case, once for each message."""

from rasa_sdk import Tracker

from actions.conversation import once
from actions.surroundings import Surroundings
from bot.records.progress import take_step
from bot.records.steps import Step


def write_step(around: Surroundings, tracker: Tracker, reference: str, step: Step) -> None:
    """Write the step in one transaction; the same message writes it once.

    Raises:
        NotFoundError: there is no such case of this person, or no such limit or duty in it.
        NotOpenError: the case has ended, or has moved on since.
        RecordsError: it could not be written.
    """
    with around.database.session() as session:
        take_step(
            session, key=once(tracker, f"{step.kind}:{reference}"), reference=reference,
            person=tracker.sender_id, now=around.now(), step=step,
        )  # fmt: skip
