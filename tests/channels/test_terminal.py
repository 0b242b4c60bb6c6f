"""The terminal: every line gets an answer in words, and the chat ends only when asked to."""

import asyncio
import logging
import signal

import pytest
import typer.main

from bot.channels.answering import NO_ANSWER
from bot.channels.received import MOST_CHARACTERS, TOO_LONG
from bot.channels.terminal import SAFETY, talk
from bot.cli import app

MENU = {
    "text": "What now?",
    "buttons": [{"title": "Go on", "payload": '{"intent": "choose"}'}],
}


class FakeAgent:
    """Says what the test's script says to the words it hears."""

    def __init__(self, script):
        self.script = script
        self.heard = []

    async def handle_message(self, message):
        self.heard.append(message)
        for said in self.script(message.text):
            if isinstance(said, BaseException):
                raise said
            await message.output_channel.send_response(message.sender_id, dict(said))


@pytest.fixture
def chat():
    """Runs a chat over these lines; what was said, and what the agent heard."""

    def run(*lines, script=lambda words: [{"text": f"You said: {words}"}]):
        said, agent, waiting = [], FakeAgent(script), iter(lines)

        def read():
            line = next(waiting, EOFError())
            if isinstance(line, BaseException):
                raise line
            return line

        asyncio.run(talk(agent, "terminal:me", read, said.append))
        return said, [message.text for message in agent.heard]

    return run


@pytest.mark.parametrize("end", [EOFError(), KeyboardInterrupt()])
def test_the_chat_ends_cleanly_when_the_input_does(chat, end):
    said, heard = chat("hello", end)
    assert heard == ["Hello", "hello"]
    assert said == [SAFETY, "\nYou said: Hello", "\nYou said: hello"]


def test_ctrl_c_while_a_line_is_typed_ends_the_chat_at_once():
    def read():
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("the line went on")

    handler = signal.getsignal(signal.SIGINT)
    agent = FakeAgent(lambda words: [{"text": words}])
    asyncio.run(talk(agent, "terminal:me", read, lambda words: None))
    assert len(agent.heard) == 1
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_line_that_is_too_long_is_refused_in_plain_words_and_the_choices_stay(chat):
    script = lambda words: [MENU] if words == "Hello" else [{"text": words}]  # noqa: E731
    longest = "x" * MOST_CHARACTERS
    said, heard = chat(longest + "x", "9" * 9999, "1", longest, script=script)
    assert said.count(TOO_LONG) == 2
    assert heard == ["Hello", "Go on", longest]


@pytest.mark.parametrize("first", [False, True])
def test_a_turn_that_fails_is_told_in_plain_words_and_the_chat_goes_on(chat, caplog, first):
    failing = "Hello" if first else "fail"

    def script(words):
        if words == failing:
            return [{"text": "One moment."}, RuntimeError("SELECT secret FROM table")]
        return [{"text": f"You said: {words}"}]

    with caplog.at_level(logging.ERROR):
        said, heard = chat("fail", "and on", script=script)
    assert heard == ["Hello", "fail", "and on"]
    assert said.count(f"\n{NO_ANSWER}") == 1
    assert "\nOne moment." in said
    assert said[-1] == "\nYou said: and on"
    assert "secret" not in "".join(said)


def test_a_button_that_cannot_be_read_is_told_in_plain_words(chat):
    broken = {**MENU, "buttons": [{"title": "Go on", "payload": "/restart"}]}
    said, heard = chat("1", script=lambda words: [broken])
    assert heard == ["Hello", "1"]
    assert said.count(f"\n{NO_ANSWER}") == 2
    assert not any("Go on" in words for words in said)


def test_a_turn_that_says_nothing_still_gets_words(chat):
    said, _ = chat("hello", script=lambda words: [])
    assert said == [SAFETY, f"\n{NO_ANSWER}", f"\n{NO_ANSWER}"]


@pytest.mark.parametrize("typed", ["²", "2", "0", "/restart"])
def test_what_is_no_choice_is_taken_as_words(chat, typed):
    _, heard = chat(typed, script=lambda words: [MENU])
    assert heard == ["Hello", typed.lstrip("/")]


def test_a_tap_is_the_choice_and_a_mark_is_someone_at_risk(chat):
    _, heard = chat("1", "!", script=lambda words: [MENU])
    assert heard == ["Hello", "Go on", "Someone is at risk now"]


def test_a_file_is_told_as_the_command_that_writes_it_and_text_to_paste_as_it_is(chat):
    files = [
        {"document": "form:app3", "reference": "ESC-2026-0012", "title": "the form",
         "name": "ESC-2026-0012-form-app3.docx", "mime": "x"},
        {"document": "calendar", "reference": "ESC-2026-0012", "title": "the dates",
         "name": "ESC-2026-0012-dates.ics", "mime": "text/calendar"},
    ]  # fmt: skip
    reply = {"text": "Here.", "custom": {"files": files, "paste": "Summary: *as it is*"}}
    said, _ = chat("files", script=lambda words: [reply])
    told = "\n".join(said)
    assert "Summary: *as it is*" in told
    commands = [line.strip() for line in told.splitlines() if "uv run escalate" in line]
    assert commands[-2:] == [
        "uv run escalate form ESC-2026-0012 --form app3 --out ESC-2026-0012-form-app3.docx",
        "uv run escalate calendar ESC-2026-0012 --out ESC-2026-0012-dates.ics",
    ]
    known = typer.main.get_command(app).commands
    assert all(command.split()[3] in known for command in commands)


def test_what_is_rehearsed_says_so_once_and_all_its_choices_are_numbered(chat):
    mark = {"rehearsal": "REH-2026-0001"}
    turn = [
        {"text": "The team office answers.", "custom": mark},
        {**MENU, "custom": mark},
        {"text": "Or else:", "buttons": [{**MENU["buttons"][0], "title": "Wait"}], "custom": mark},
    ]
    said, heard = chat("2", script=lambda _: turn)
    assert said[1:7] == [
        "\n[REHEARSAL REH-2026-0001]", "\nThe team office answers.", "\nWhat now?", "  1. Go on",
        "\nOr else:", "  2. Wait",
    ]  # fmt: skip
    assert heard == ["Hello", "Wait"]


def test_how_to_write_a_debrief_is_said(chat):
    file = {"document": "debrief", "reference": "REH-2026-0001", "title": "it", "name": "d.docx"}
    said, _ = chat(script=lambda _: [{"text": "Over.", "custom": {"files": [file]}}])
    assert "uv run escalate rehearsals debrief REH-2026-0001 --out d.docx" in said[-1]
