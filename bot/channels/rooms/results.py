"""What a session came to: the group's debrief as a page, and its files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sanic.response import HTTPResponse

from bot.channels.downloads import content_type, disposition
from bot.channels.refusal import RefusedError
from bot.channels.rooms.desk import Desk, Holder
from bot.documents.certificate import certificates
from bot.documents.group import Group, Participant
from bot.documents.group_csv import group_csv
from bot.documents.group_debrief import group_page
from bot.documents.group_paper import group_paper
from bot.rooms.views import RoomView

NOBODY = "Nobody took part in this session, so there is nothing to show."
NOT_ENDED = "The debrief is ready once you have ended the session."
NO_SUCH_FILE = "There is no such file. Go back to the session and choose one there."
STYLED_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
)
"""The page of a debrief brings its styles with it, and has no script."""
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Outcome:
    """A session that has ended, with what everybody came to."""

    view: RoomView
    group: Group
    now: datetime

    @property
    def minutes(self) -> int:
        """How long it went on."""
        ended = self.view.room.ended_at or self.now
        return max(1, round((ended - self.view.room.opened_at).total_seconds() / 60))


def _certificates(outcome: Outcome) -> bytes:
    zone = outcome.view.world.zone
    return certificates(
        outcome.view.world,
        held_on=outcome.view.room.opened_at.astimezone(zone).date(),
        minutes=outcome.minutes,
        copies=len(outcome.group),
        now=outcome.now,
    )


def _outcome(desk: Desk, holder: Holder) -> Outcome:
    view = desk.view(holder)
    if view.room.ended_at is None:
        raise RefusedError(409, NOT_ENDED)
    if not view.places:
        raise RefusedError(404, NOBODY)
    people = tuple(
        Participant(each.alias, each.reference, each.debrief) for each in desk.results(holder)
    )
    return Outcome(view, Group(people), datetime.now(view.world.zone))


FILES: dict[str, tuple[str, Callable[[Outcome], bytes]]] = {
    "debrief.docx": (_WORD, lambda outcome: group_paper(outcome.group, now=outcome.now)),
    "debrief.csv": ("text/csv", lambda outcome: group_csv(outcome.group)),
    "certificates.docx": (_WORD, _certificates),
}


def file(desk: Desk, holder: Holder, name: str) -> HTTPResponse:
    """One file of a session that has ended, made at this moment.

    Raises:
        RefusedError: there is no such file or session, it has not ended, or nobody took part.
    """
    if name not in FILES:
        raise RefusedError(404, NO_SUCH_FILE)
    mime, make = FILES[name]
    outcome = _outcome(desk, holder)
    saved_as = f"rehearsal-{outcome.view.room.code}-{name}"
    return HTTPResponse(
        make(outcome),
        headers={"Content-Disposition": disposition(saved_as)},
        content_type=content_type(mime),
    )


def page(desk: Desk, holder: Holder) -> HTTPResponse:
    """The group's debrief as a page.

    Raises:
        RefusedError: there is no such session, it has not ended, or nobody took part.
    """
    outcome = _outcome(desk, holder)
    return HTTPResponse(
        group_page(outcome.group, now=outcome.now),
        headers={"Content-Security-Policy": STYLED_PAGE},
        content_type="text/html; charset=utf-8",
    )
