"""Rehearses through a conversation: every button of a turn is at hand, as on the page."""

from dataclasses import replace
from typing import Any

from talk import Talk

from bot.channels.shown import Collected
from bot.rehearsal.check import ANYWHERE
from bot.rehearsal.prove import entry_of
from bot.rehearsal.world import World


class Rehearser:
    """A person who rehearses, by buttons and by words."""

    def __init__(self, talk: Talk) -> None:
        self.talk = replace(talk, output=Collected)  # each message whole, as the page gets it

    async def start(self, world: World) -> None:
        """Begin a scenario alone, from the wish to the briefing."""
        await self.talk.say("rehearse")
        await self.tap(world.policies[world.first.policy].publisher)
        await self.tap(world.scenario.title)

    async def tap(self, title: str) -> None:
        """Tap a button of the last turn whose title begins so."""
        found = next((b for b in self.buttons if b["title"].startswith(title)), None)
        assert found, f"no button {title!r} among {self.titles}"
        self.talk.messages[-1] = {**self.talk.messages[-1], "buttons": [found]}
        await self.talk.tap(title)

    async def take(self, world: World, name: str) -> None:
        """Do what a path names, through the buttons that lead there."""
        entry = entry_of(world, name)
        if name in ANYWHERE:
            value = {"wait": "wait", "wait_on": "wait:on", "guide": "guide"}[name]
        else:
            value = f"{entry.kind}:{entry.what}"
            if entry.kind != "choose":
                await self.talk.choose("rehearsal", f"more:{entry.kind}")
            assert value in self.values, f"{value} is not offered: {self.values}"
        await self.talk.choose("rehearsal", value)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Every button of the last turn."""
        return [button for m in self.talk.messages for button in m.get("buttons") or ()]

    @property
    def titles(self) -> list[str]:
        """What they say."""
        return [button["title"] for button in self.buttons]

    @property
    def values(self) -> str:
        """What they stand for."""
        return "\n".join(button["payload"] for button in self.buttons)

    @property
    def marked(self) -> list[bool]:
        """For each message of the last turn, whether it says that it is rehearsed."""
        return ["rehearsal" in (m.get("custom") or {}) for m in self.talk.messages]
