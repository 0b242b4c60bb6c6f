import json
from datetime import timedelta

import pytest
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from bot.channels.sealed import FileExpiredError, PayloadError, Sealer, WantedFile
from bot.channels.shown import MOST_MESSAGES, as_shown, history, replies_to

SEALER = Sealer("only-for-these-tests-" * 2)
CARD = {"title": "Stage 2", "rows": [{"term": "Who acts", "value": "Your manager"}]}
FILE = {
    "document": "calendar",
    "reference": "ESC-2026-0012",
    "title": "the dates of ESC-2026-0012",
    "name": "ESC-2026-0012-dates.ics",
    "mime": "text/calendar",
}


def question(text, *titles):
    buttons = [{"title": title, "payload": json.dumps({"intent": "choose"})} for title in titles]
    return BotUttered(text, {"buttons": buttons})


def titles(message):
    return [button["title"] for button in message.get("buttons", [])]


def test_a_message_is_shown_whole_with_paragraphs_card_and_files():
    custom = {"card": CARD, "files": [FILE], "paste": "1. *this*"}
    said = {"text": "One\n\nTwo", "custom": custom, "timestamp": 1.0}
    shown = as_shown(said, SEALER, "alice")
    [file] = shown.pop("files")
    assert shown == {"from": "guide", "text": "One\n\nTwo", "card": CARD, "paste": "1. *this*"}
    assert file.keys() == {"title", "name", "mime", "url"}
    token = file["url"].removeprefix("files/")
    assert SEALER.unseal_file(token, "alice") == WantedFile("calendar", "ESC-2026-0012")


def test_a_link_of_the_past_is_sealed_anew_for_whoever_asks():
    old = Sealer("only-for-these-tests-" * 2, file_lifetime=timedelta(seconds=-1))
    event = BotUttered("Here it is.", {"custom": {"files": [FILE]}})
    events = [UserUttered("calendar"), event, UserUttered("thanks"), BotUttered("Welcome.")]
    for sender in ("alice", "bob"):
        told = history(events, SEALER, sender)[1]["files"][0]["url"].removeprefix("files/")
        assert SEALER.unseal_file(told, sender).document == "calendar"
    past = history(events, old, "alice")[1]["files"][0]["url"].removeprefix("files/")
    with pytest.raises(FileExpiredError):
        SEALER.unseal_file(past, "alice")


@pytest.mark.parametrize("said", [{}, {"text": ""}, {"text": None, "buttons": [], "custom": {}}])
def test_an_empty_message_is_nothing_to_show(said):
    assert as_shown(said, SEALER, "alice") is None


@pytest.mark.parametrize(
    "custom",
    [
        {"script": "x"},
        "card",
        {"card": CARD, "html": "x"},
        {"files": [{**FILE, "url": "https://evil.example/"}]},
        {"files": [{"document": "calendar"}]},
        {"files": ["calendar"]},
    ],
)
def test_a_custom_message_of_another_kind_is_a_fault(custom):
    with pytest.raises(PayloadError):
        as_shown({"custom": custom}, SEALER, "alice")


def test_history_is_what_was_said_and_only_the_latest_buttons_work():
    events = [
        UserUttered("Hello", {"name": "greet"}, metadata={"shown": ""}),
        question("In danger?", "Yes", "No"),
        UserUttered("No", {"name": "choose"}),
        SlotSet("walk_answers", []),
        BotUttered("Thank you."),
        question("Which policy?", "Jersey", "Sandwell"),
    ]
    told = history(events, SEALER, "alice")
    assert [(m["from"], m["text"], titles(m)) for m in told] == [
        ("guide", "In danger?", []),
        ("you", "No", []),
        ("guide", "Thank you.", []),
        ("guide", "Which policy?", ["Jersey", "Sandwell"]),
    ]
    token = told[-1]["buttons"][0]["token"]
    assert SEALER.unseal(token, "alice").title == "Jersey"


def test_an_unanswered_message_leaves_the_question_before_it_open():
    events = [question("In danger?", "Yes"), UserUttered("hm")]
    assert titles(history(events, SEALER, "alice")[0]) == ["Yes"]


def test_a_broken_message_of_the_past_does_not_hide_the_rest():
    events = [BotUttered("Old", {"buttons": [{"title": "x", "payload": "/x"}]}), UserUttered("hi")]
    assert [m["text"] for m in history(events, SEALER, "alice")] == ["Old", "hi"]


def test_a_long_history_is_cut_at_its_beginning():
    told = history([BotUttered(str(n)) for n in range(500)], SEALER, "alice")
    assert (len(told), told[-1]["text"]) == (MOST_MESSAGES, "499")


def test_replies_to_one_message_end_where_the_next_begins():
    events = [
        UserUttered("a", message_id="1"),
        BotUttered("to a"),
        UserUttered("b", message_id="2"),
        BotUttered("to b"),
        BotUttered("more to b"),
        UserUttered("c", message_id="3"),
    ]
    for message_id, expected in [
        ("1", ["to a"]),
        ("2", ["to b", "more to b"]),
        ("3", []),
        ("4", []),
    ]:
        replies = replies_to(events, message_id, SEALER, "alice")
        assert [reply["text"] for reply in replies] == expected


async def test_reload_shows_the_conversation_with_its_pending_buttons(alice, agent):
    async def ask(message):
        return [
            {"text": "Go on?", "buttons": [{"title": "Yes", "payload": '{"intent": "affirm"}'}]}
        ]

    agent.script = ask
    await alice.say("/restart me")
    first, second = await alice.history()
    assert first == {"from": "you", "text": "/restart me"}
    assert titles(second) == ["Yes"]
    assert (await alice.post(choice=second["buttons"][0]["token"])).ok
    assert agent.heard[-1].parse_data["intent"]["name"] == "affirm"
