"""`escalate chat`: the same assistant in the terminal, its buttons as numbered choices."""

import logging
import signal
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.cards.card import Card, Row, Section
from bot.channels.answering import NO_ANSWER
from bot.channels.received import MOST_CHARACTERS, TOO_LONG
from bot.channels.sealed import PayloadError, Tap
from bot.channels.shown import Collected
from bot.wording.rehearsal import DEBRIEF, say_mark

log = logging.getLogger(__name__)

Say = Callable[[str], None]
SAFETY = "If someone is in immediate danger, call 999 now. Type ! if someone is at risk now."
GREETING = Tap("Hello", "greet")
RISK = Tap("Someone is at risk now", "report_risk")
AT_RISK = {"tier": "high", "score": 1.0, "matched": ["button"]}


async def talk(
    agent: Agent, person: str, read: Callable[[], str], say: Say, first: Tap = GREETING
) -> None:
    """Begin with `first`, take lines and answer each, until the input ends or Ctrl-C is typed."""
    say(SAFETY)
    choices = await turn(agent, person, tapped(first), say)
    while True:
        try:
            line = interruptible(read).strip()
        except (EOFError, KeyboardInterrupt):
            return
        if len(line) > MOST_CHARACTERS:
            say(TOO_LONG)
            continue
        if line == "!":
            message = tapped(RISK, risk=AT_RISK)
        elif line.isdecimal() and 1 <= int(line) <= len(choices):
            message = tapped(choices[int(line) - 1])
        else:
            # A leading slash is a command to Rasa; typed words never are.
            message = {"text": line.lstrip("/ ") or " "}
        choices = await turn(agent, person, message, say)


def interruptible(read: Callable[[], str]) -> str:
    """A line, or KeyboardInterrupt at once: asyncio would keep it until the line is finished."""
    of_asyncio = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return read()
    finally:
        signal.signal(signal.SIGINT, of_asyncio)


def tapped(tap: Tap, **more: Any) -> dict[str, Any]:
    """A tap as the arguments of a message."""
    return {"text": tap.title, "parse_data": {**tap.parse_data(), **more}}


async def turn(agent: Agent, person: str, message: dict[str, Any], say: Say) -> list[Tap]:
    """One message and everything said to it, never nothing; the choices that it leaves."""
    output = Collected()
    message_id = str(uuid4())
    failed = False
    try:
        await agent.handle_message(
            UserMessage(
                output_channel=output, sender_id=person, input_channel="terminal",
                message_id=message_id, metadata={"message_id": message_id}, **message,
            )
        )  # fmt: skip
    except Exception as error:
        note_fault(error)
        failed = True
    taps: list[Tap] = []
    rehearsed = [ref for m in output.messages if (ref := (m.get("custom") or {}).get("rehearsal"))]
    if rehearsed:  # once for all of them: they stand on one screen
        say(f"\n[{say_mark(rehearsed[0])}]")
    for reply in output.messages:
        say_reply(reply, say)
        try:
            offered = [Tap.from_button(button) for button in reply.get("buttons") or ()]
        except PayloadError as error:
            note_fault(error)
            failed = True
            continue
        for number, tap in enumerate(offered, start=len(taps) + 1):
            say(f"  {number}. {tap.title}")
        taps += offered
    if failed or not output.messages:
        say(f"\n{NO_ANSWER}")
    return taps


def say_reply(reply: dict[str, Any], say: Say) -> None:
    """One message: its words, its card, how to get its files."""
    custom = reply.get("custom") or {}
    if reply.get("text"):
        say(f"\n{reply['text']}")
    if "card" in custom:
        say(f"\n{drawn(custom['card'])}")
    for file in custom.get("files", ()):
        say(f"\nTo write {file['title']}, run:\n  {command_for(file)}")
    if "paste" in custom:
        say(f"\n{custom['paste']}")


def note_fault(error: Exception) -> None:
    """Log a fault in one line: a trace would bury the words on the same screen."""
    log.error("A turn failed: %s.", type(error).__name__, exc_info=log.isEnabledFor(logging.DEBUG))


def command_for(file: dict[str, Any]) -> str:
    """The command that writes a file: a terminal has no links, and nothing is written unasked."""
    kind, _, form = file["document"].partition(":")
    if kind == DEBRIEF:
        return f"uv run escalate rehearsals debrief {file['reference']} --out {file['name']}"
    which = f" --form {form}" if form else ""
    return f"uv run escalate {kind} {file['reference']}{which} --out {file['name']}"


def drawn(card: dict[str, Any]) -> str:
    """A card as plain text."""
    return Card(
        title=card["title"],
        rows=tuple(Row(**row) for row in card["rows"]),
        sections=tuple(Section(**section) for section in card["sections"]),
        footer=card["footer"],
    ).as_text()
