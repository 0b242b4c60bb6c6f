"""Talks to the real assistant: its model, its actions, its databases."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage

from bot.channels.sealed import Tap

AT_RISK = {"tier": "high", "score": 1.0, "matched": ["button"]}


@dataclass
class Talk:
    """One person's conversation."""

    agent: Agent
    person: str = field(default_factory=lambda: f"person-{uuid4()}")
    messages: list[dict[str, Any]] = field(default_factory=list)
    output: type[OutputChannel] = CollectingOutputChannel

    async def say(self, text: str, message_id: str | None = None) -> list[dict[str, Any]]:
        """Type some words."""
        return await self._send(text, None, message_id)

    async def tap(self, title: str, message_id: str | None = None) -> list[dict[str, Any]]:
        """Tap the button of the last reply whose title begins so."""
        button = next((b for b in self.buttons if b["title"].startswith(title)), None)
        assert button, f"no button {title!r} among {[b['title'] for b in self.buttons]}"
        return await self._send(button["title"], Tap.from_button(button).parse_data(), message_id)

    async def choose(self, fact: str, value: str) -> list[dict[str, Any]]:
        """Tap a button by what it stands for, shown now or earlier."""
        tap = Tap("a button", "choose", {"q": fact, "raw": value})
        return await self._send(tap.title, tap.parse_data(), None)

    async def command(self, intent: str) -> list[dict[str, Any]]:
        """Tap a button that stands for an intent."""
        tap = Tap(intent, intent)
        return await self._send(tap.title, tap.parse_data(), None)

    async def at_risk(self) -> list[dict[str, Any]]:
        """Tap the button that is always on screen."""
        tap = Tap("Someone is at risk now", "report_risk")
        return await self._send(tap.title, {**tap.parse_data(), "risk": AT_RISK}, None)

    async def _send(
        self, text: str, parse_data: dict[str, Any] | None, message_id: str | None
    ) -> list[dict[str, Any]]:
        output = self.output()
        await self.agent.handle_message(
            UserMessage(
                text,
                output,
                self.person,
                parse_data=parse_data,
                input_channel="test",
                message_id=message_id or str(uuid4()),
            )
        )
        self.messages = output.messages
        return self.messages

    @property
    def texts(self) -> list[str]:
        """What was said in words."""
        return [message["text"] for message in self.messages if message.get("text")]

    @property
    def said(self) -> str:
        """Everything that was said and shown, as one text."""
        return "\n".join(
            [*self.texts, *(json.dumps(card, ensure_ascii=False) for card in self.cards)]
        )

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards that were shown."""
        customs = [message["custom"] for message in self.messages if message.get("custom")]
        return [custom["card"] for custom in customs if "card" in custom]

    @property
    def files(self) -> list[str]:
        """The files that were given, by their names."""
        customs = [message["custom"] for message in self.messages if message.get("custom")]
        return [file["name"] for custom in customs for file in custom.get("files", ())]

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons of the last message that has some."""
        return next((m["buttons"] for m in reversed(self.messages) if m.get("buttons")), [])

    @property
    def titles(self) -> list[str]:
        """What the buttons say."""
        return [button["title"] for button in self.buttons]

    async def slot(self, name: str) -> Any:
        """What the tracker holds."""
        tracker = await self.agent.tracker_store.retrieve(self.person)
        return tracker.get_slot(name) if tracker else None

    async def loop(self) -> str | None:
        """The form that is open."""
        tracker = await self.agent.tracker_store.retrieve(self.person)
        return tracker.active_loop_name if tracker else None
