"""`escalate chat`: the same assistant in the terminal, its buttons as numbered choices."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.cards.card import Card, Row, Section
from bot.channels.sealed import Tap

Say = Callable[[str], None]
SAFETY = "If someone is in immediate danger, call 999 now. Type ! if someone is at risk now."
RISK = Tap("Someone is at risk now", "report_risk")
AT_RISK = {"tier": "high", "score": 1.0, "matched": ["button"]}


async def talk(agent: Agent, person: str, read: Callable[[], str], say: Say) -> None:
    """Take lines and answer each, until the input ends."""
    say(SAFETY)
    buttons = await turn(agent, person, tapped(Tap("Hello", "greet")), say)
    while True:
        try:
            line = read().strip()
        except EOFError:
            return
        if line == "!":
            message = tapped(RISK, risk=AT_RISK)
        elif line.isdigit() and 1 <= int(line) <= len(buttons):
            button = buttons[int(line) - 1]
            message = tapped(Tap.from_button(button))
        else:
            # A leading slash is a command to Rasa; typed words never are.
            message = {"text": line.lstrip("/ ") or " "}
        buttons = await turn(agent, person, message, say)


def tapped(tap: Tap, **more: Any) -> dict[str, Any]:
    """A tap as the arguments of a message."""
    return {"text": tap.title, "parse_data": {**tap.parse_data(), **more}}


async def turn(agent: Agent, person: str, message: dict[str, Any], say: Say) -> list[Any]:
    """One message and everything said to it; the buttons of the last reply."""
    output = CollectingOutputChannel()
    message_id = str(uuid4())
    await agent.handle_message(
        UserMessage(
            output_channel=output, sender_id=person, input_channel="terminal",
            message_id=message_id, metadata={"message_id": message_id}, **message,
        )
    )  # fmt: skip
    buttons: list[Any] = []
    for reply in output.messages:
        if reply.get("text"):
            say(f"\n{reply['text']}")
        if "card" in (reply.get("custom") or {}):
            say(f"\n{drawn(reply['custom']['card'])}")
        buttons = reply.get("buttons") or buttons
    for number, button in enumerate(buttons, start=1):
        say(f"  {number}. {button['title']}")
    return buttons


def drawn(card: dict[str, Any]) -> str:
    """A card as plain text."""
    return Card(
        title=card["title"],
        rows=tuple(Row(**row) for row in card["rows"]),
        sections=tuple(Section(**section) for section in card["sections"]),
        footer=card["footer"],
    ).as_text()
