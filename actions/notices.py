"""Shows the reminders that wait for a person, once, before anything else is said."""

import logging

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button, answer_button
from actions.surroundings import Surroundings
from bot.records.errors import RecordsError
from bot.records.post import Notice, mark_seen, notices_for
from bot.reminders.words import ANSWERS, what_of

logger = logging.getLogger(__name__)


def show_notices(dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker) -> None:
    """Say every reminder that this person has not seen, and remember that it was shown.

    Where that cannot be remembered it is shown again the next time: twice is better than never.
    It can be answered at once, in a walk too.
    """
    person = tracker.sender_id
    with around.database.reading() as session:
        notices = notices_for(session, person=person)
    for notice in notices:
        dispatcher.utter_message(
            response="utter_case_reminder", reminder=notice.body,
            buttons=answers_to(notice),
        )  # fmt: skip
    if not notices:
        return
    try:
        with around.database.session() as session:
            seen = [notice.id for notice in notices]
            mark_seen(session, person=person, notices=seen, now=around.now())
    except RecordsError:
        logger.exception("notices.not_marked")


def answers_to(notice: Notice) -> list[Button]:
    """What can be said to a reminder with one press."""
    what = what_of(notice.reference, notice.stage, notice.key)
    return [answer_button(title, asked, what) for asked, title in ANSWERS.items()]
