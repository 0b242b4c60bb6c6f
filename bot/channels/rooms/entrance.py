"""The way in: what a rehearsal is, the scenarios, and a session to lead."""

import asyncio

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.origin import OwnOrigin
from bot.channels.refusal import RefusedError
from bot.channels.rooms import pages
from bot.channels.rooms.addresses import network
from bot.channels.rooms.desk import Desk
from bot.channels.rooms.forms import read_form
from bot.channels.rooms.guarding import FacilitatorWord
from bot.channels.rooms.keys import LeadKeys
from bot.channels.rooms.routing import show, take_forms
from bot.settings import Settings


class Entrance:
    """The page of scenarios."""

    def __init__(self, settings: Settings, desk: Desk, own: OwnOrigin, keys: LeadKeys) -> None:
        self._network = network(settings)
        self._word = FacilitatorWord(settings.facilitator_word or "")
        self._desk, self._own, self._keys = desk, own, keys

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes."""
        show(routes, "/", self.show)
        take_forms(routes, "/", self.open)

    async def show(self, request: Request) -> HTTPResponse:
        """The scenarios."""
        shelves = await asyncio.to_thread(self._desk.shelves)
        return pages.draw(request, "entrance", shelves=shelves, network=self._network)

    async def open(self, request: Request) -> HTTPResponse:
        """Open a session and lead to it; where a word is needed, ask for it first."""
        form = await read_form(request, self._own)
        scenario = form.get("scenario", "")
        if self._network == "word":
            if "word" not in form:
                return pages.draw(request, "word", scenario=scenario, error=None)
            try:
                await self._word.require(form["word"])
            except RefusedError as refused:
                return pages.draw(
                    request, "word", status=refused.status, scenario=scenario, error=refused.words
                )
        opened = await asyncio.to_thread(self._desk.open, scenario)
        room = opened.room.id
        answer = pages.seen_elsewhere(request, f"rehearsals/lead/{room}/opened")
        self._keys.grant(answer, room, opened.key, https=self._own.is_https(request))
        return answer
