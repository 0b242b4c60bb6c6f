"""The pages of one session, for whoever holds its key."""

import asyncio
from collections.abc import Sequence

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.origin import OwnOrigin
from bot.channels.refusal import RefusedError
from bot.channels.rooms import pages, results
from bot.channels.rooms.addresses import invitation
from bot.channels.rooms.desk import Desk, Holder, UnplayableError, say_led
from bot.channels.rooms.forms import read_form
from bot.channels.rooms.keys import LeadKeys
from bot.channels.rooms.orders import NO_SUCH_ORDER, Question
from bot.channels.rooms.routing import show, take_forms
from bot.rooms.opening import MOST_PLACES
from bot.settings import Settings

_DELETE = Question(
    "Delete this session now?",
    "Every answer, every debrief and every certificate of it is gone, for you and for all who took "
    "part. It cannot be brought back. Save what you want to keep first.",
    "Yes, delete it",
)
DELETED = "The session and every answer in it are deleted."


class Leading:
    """Everything under `/rehearsals/lead/ROOM`."""

    def __init__(self, settings: Settings, desk: Desk, own: OwnOrigin, keys: LeadKeys) -> None:
        self._settings, self._desk, self._own, self._keys = settings, desk, own, keys

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        of_room = "/lead/<room:str>"
        show(routes, of_room, self.show)
        show(routes, f"{of_room}/opened", self.opened)
        show(routes, f"{of_room}/live", self.live)
        show(routes, f"{of_room}/place/<place:str>", self.place)
        take_forms(routes, f"{of_room}/act", self.act)
        show(routes, f"{of_room}/debrief", self.debrief)
        show(routes, f"{of_room}/files/<name:str>", self.file)
        take_forms(routes, f"{of_room}/keep", self.keep)
        take_forms(routes, f"{of_room}/delete", self.delete)

    async def show(self, request: Request, room: str) -> HTTPResponse:
        """The session, or what a link with its key leads to."""
        if "key" in request.args:
            return await self._take_link(request, room)
        try:
            words = await asyncio.to_thread(self._desk.session, self._holder(request, room))
        except UnplayableError as error:
            base = _base(request, room)
            return pages.draw(request, "unplayable", status=409, words=error.words, base=base)
        joining = invitation(self._settings, request.host, request.scheme, words["code"])
        return pages.draw(
            request,
            "lead",
            invitation=joining,
            notice=_notice(request),
            scores="scores" in request.args,
            base=_base(request, room),
            **words,
        )

    async def _take_link(self, request: Request, room: str) -> HTTPResponse:
        """Give the browser the key of the link, and lead on by a click.

        Not by a redirect: whoever comes from a mail is on the way from another site, and the
        browser would leave out the cookie that it has just been given.
        """
        holder = Holder(room, request.args.get("key", ""))
        try:
            title = (await asyncio.to_thread(self._desk.session, holder))["title"]
        except UnplayableError:  # it can be deleted all the same
            title = "A session that cannot be shown any more"
        answer = pages.draw(request, "kept_link", room=room, title=title)
        self._keys.grant(answer, room, holder.key, https=self._own.is_https(request))
        return answer

    async def opened(self, request: Request, room: str) -> HTTPResponse:
        """The link to keep."""
        holder = self._holder(request, room)
        await asyncio.to_thread(self._desk.view, holder)
        origin = self._own.public or f"{request.scheme}://{request.host}"
        link = f"{origin}/rehearsals/lead/{room}?key={holder.key}"
        return pages.draw(request, "opened", room=room, link=link)

    async def live(self, request: Request, room: str) -> HTTPResponse:
        """The table alone."""
        words = await asyncio.to_thread(self._desk.live, self._holder(request, room))
        base = f"{room}"  # the page that shows it stands one level higher
        return pages.draw(request, "live", base=base, scores="scores" in request.args, **words)

    async def place(self, request: Request, room: str, place: str) -> HTTPResponse:
        """One place."""
        words = await asyncio.to_thread(self._desk.place, self._holder(request, room), place)
        return pages.draw(
            request, "place", base=_base(request, room), notice=_notice(request), **words
        )

    async def act(self, request: Request, room: str) -> HTTPResponse:
        """One thing for everyone or for one place; first asked back where it cannot be undone."""
        form = await read_form(request, self._own)
        holder, place = self._holder(request, room), form.get("place")
        asked = await asyncio.to_thread(self._desk.order, holder, form)
        back = f"rehearsals/lead/{room}" + (f"/place/{place}" if place else "")
        if asked.question is not None and form.get("confirmed") != "yes":
            fields = [(name, form[name]) for name in ("kind", "what", "place") if name in form]
            action = f"rehearsals/lead/{room}/act"
            return _confirm(request, asked.question, fields, action, back)
        mark = form.get("once")
        if not mark:
            raise RefusedError(400, NO_SUCH_ORDER)
        led = await asyncio.to_thread(self._desk.lead, holder, asked, place, mark)
        if led.repeated:
            return pages.seen_elsewhere(request, back)
        counts = f"done={len(led.done)}&skipped={len(led.skipped)}"
        return pages.seen_elsewhere(request, f"{back}?{counts}")

    async def debrief(self, request: Request, room: str) -> HTTPResponse:
        """The group's debrief."""
        return await asyncio.to_thread(results.page, self._desk, self._holder(request, room))

    async def file(self, request: Request, room: str, name: str) -> HTTPResponse:
        """One of its files."""
        return await asyncio.to_thread(results.file, self._desk, self._holder(request, room), name)

    async def keep(self, request: Request, room: str) -> HTTPResponse:
        """Keep the session longer, or not."""
        form = await read_form(request, self._own)
        keep = form.get("keep") == "yes"
        await asyncio.to_thread(self._desk.keep, self._holder(request, room), keep=keep)
        return pages.seen_elsewhere(request, f"rehearsals/lead/{room}")

    async def delete(self, request: Request, room: str) -> HTTPResponse:
        """Delete the session, once it was asked back."""
        form = await read_form(request, self._own)
        holder = self._holder(request, room)
        here = f"rehearsals/lead/{room}"
        if form.get("confirmed") != "yes":
            await asyncio.to_thread(self._desk.require, holder)
            return _confirm(request, _DELETE, [], f"{here}/delete", here)
        await asyncio.to_thread(self._desk.delete, holder)
        answer = pages.draw(request, "deleted", words=DELETED)
        self._keys.take_back(answer, room)
        return answer

    def _holder(self, request: Request, room: str) -> Holder:
        return Holder(room, self._keys.key(request, room))


def _confirm(
    request: Request, question: Question, fields: Sequence[tuple[str, str]], action: str, back: str
) -> HTTPResponse:
    return pages.draw(
        request,
        "confirm",
        asks=question.asks,
        means=question.means,
        yes=question.yes,
        fields=fields,
        action=action,
        back=back,
    )


def _base(request: Request, room: str) -> str:
    """The address of the session's page, from the page that is drawn."""
    return f"{'../' * (request.path.count('/') - 1)}rehearsals/lead/{room}"


def _notice(request: Request) -> str | None:
    """What the last order came to: two numbers in the address, which anybody could write there."""
    found = [request.args.get(name, "") for name in ("done", "skipped")]
    if not all(n.isascii() and n.isdecimal() and int(n) <= MOST_PLACES for n in found):
        return None
    return say_led(int(found[0]), int(found[1]))
