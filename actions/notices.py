"""Shows the reminders that wait for a person, once, before anything else is said."""

import logging

from rasa_sdk.executor import CollectingDispatcher

from actions.surroundings import Surroundings
from bot.records.errors import RecordsError
from bot.records.post import mark_seen, notices_for

logger = logging.getLogger(__name__)


def show_notices(dispatcher: CollectingDispatcher, around: Surroundings, person: str) -> None:
    """Say every reminder that this person has not seen, and remember that it was shown.

    Where that cannot be remembered it is shown again the next time: twice is better than never.
    """
    with around.database.reading() as session:
        notices = notices_for(session, person=person)
    for notice in notices:
        dispatcher.utter_message(response="utter_case_reminder", reminder=notice.body)
    if not notices:
        return
    try:
        with around.database.session() as session:
            seen = [notice.id for notice in notices]
            mark_seen(session, person=person, notices=seen, now=around.now())
    except RecordsError:
        logger.exception("notices.not_marked")
