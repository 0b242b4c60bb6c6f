"""What Teams is sent: sound cards, small enough, with every word and every choice."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import yaml
from card_rules import wrong_message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seen import text_of

from actions.ask import RECENT
from actions.buttons import answer_buttons, intent_button
from bot.cards.answer import answer_card
from bot.cards.card import Card, Row, Section
from bot.cards.outcome import imminent_card, outcome_card
from bot.channels.answering import NO_ANSWER
from bot.channels.received import clean
from bot.channels.refusal import CALL_999
from bot.channels.sealed import Sealer, Tap
from bot.channels.teams.drawing.cards import chosen, rendered, said_chosen
from bot.channels.teams.drawing.submitted import submitted
from bot.channels.teams.drawing.words import escaped, plain
from bot.escalation.answers import Answered, parse
from bot.escalation.decide import decide
from bot.escalation.questions import Choice, Question
from bot.policy.load import load

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SEALER = Sealer("only-for-these-tests-" * 2)
WHO = "teams:tenant:person"
LIMIT = 25_000
FILE = {
    "document": "calendar",
    "reference": "ESC-2026-0012",
    "title": "the dates of ESC-2026-0012",
    "name": "ESC-2026-0012-dates.ics",
    "mime": "text/calendar",
}
HOSTILE = (
    "[click](https://evil.example) <at>Head</at> ![x](https://evil.example/x.png) # big "
    "_so_ *it* `goes` <script>alert(1)</script> **Must:** pay"
)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def schema() -> jsonschema.Draft6Validator:
    return jsonschema.Draft6Validator(json.loads((HERE / "adaptive-card-1.5.json").read_text()))


def drawn(*messages, link=lambda _: None):
    return rendered(messages, SEALER, WHO, link)


def cards(activities):
    return [each["attachments"][0]["content"] for each in activities if "attachments" in each]


def elements(found):
    """Every object in a card that has a type."""
    if isinstance(found, dict):
        if "type" in found:
            yield found
        for value in found.values():
            yield from elements(value)
    elif isinstance(found, list):
        for value in found:
            yield from elements(value)


def of_type(found, *types):
    return [each for each in elements(found) if each["type"] in types]


def choices(found):
    """The tokens of the choices, in the order in which they are shown."""
    tokens = []
    for each in elements(found):
        if each["type"] == "Action.Submit" and "tap" in each["data"]:
            tokens.append(each["data"]["tap"])
        if each["type"] == "Input.ChoiceSet":
            tokens += [choice["value"] for choice in each["choices"]]
    taps = [SEALER.unseal(token, WHO) for token in tokens]
    return [tap for tap in taps if tap.intent != "report_risk"]


def words(activities):
    """What can be read, in order, without weights and bullets."""
    said = []
    for activity in activities:
        said.append(text_of(activity))
        for each in elements(cards([activity])):
            if each["type"] == "TextRun":
                said.append(each["text"])
            if each["type"] == "TextBlock":
                said.append(re.sub(r"\\(.)", r"\1", each["text"]))
    return " ".join(said)


def letters(text):
    return "".join(text.split())


def size(activity):
    return len(json.dumps(activity, ensure_ascii=False).encode())


def check(activities):
    """What holds of everything that is sent."""
    for activity in activities:
        assert size(activity) <= LIMIT
        assert activity["type"] == "message"
        assert wrong_message(activity) is None
        if activity.get("textFormat") == "plain":
            assert "\n" not in activity["text"].strip(), "Teams may run lines together"
        assert not activity.keys() & {"from", "recipient", "conversation", "replyToId", "id"}
    for card in cards(activities):
        schema().validate(card)
        assert card["version"] == "1.5"
        assert CALL_999 in words([{"attachments": [{"content": card}]}])
        assert CALL_999 in card["fallbackText"] and CALL_999 in card["speak"]
        [risk] = card["actions"]
        assert risk["title"] == "Someone is at risk now"
        assert submitted(risk["data"], SEALER, WHO).intent == "report_risk"
        assert all(each["wrap"] and each["text"] for each in of_type(card, "TextBlock"))
        inputs = [each for each in elements(card) if each["type"].startswith("Input.")]
        assert len(inputs) <= 1
        assert all(each["label"] and each["errorMessage"] for each in inputs)
        assert not any(each.get("isRequired") for each in inputs), "it would hold back the risk"
        ids = [each["id"] for each in elements(card) if "id" in each]
        assert len(ids) == len(set(ids))
        for toggle in of_type(card, "Action.ToggleVisibility"):
            assert set(toggle["targetElements"]) <= set(ids)
        assert all(len(each["actions"]) <= 6 for each in of_type(card, "ActionSet"))
    assert all(each["summary"] for each in activities if "attachments" in each)
    return activities


def decisions():
    for file in sorted((ROOT / "policies").glob("*/*.yml")):
        policy = load(file)
        for row in yaml.safe_load((ROOT / "tests" / "cases" / f"{policy.id}.yml").read_text()):
            zone = ZoneInfo(policy.place.timezone)
            now = datetime.fromisoformat(row["now"]).replace(tzinfo=zone)
            yield pytest.param(decide(policy, row["facts"], now), id=f"{policy.id}: {row['case']}")


@pytest.mark.parametrize("decision", decisions())
def test_the_answer_of_every_case_is_whole_and_sound(decision):
    card = answer_card(decision) if decision.stage else outcome_card(decision)
    activities = check(drawn({"custom": card.as_json()}))
    found = letters(words(activities))
    texts = [card.title, card.footer or ""]
    texts += [text for row in card.rows for text in (row.term, row.value)]
    texts += [text for part in card.sections for text in (part.heading, *part.items)]
    for text in texts:
        assert letters(plain(text)) in found
    told = letters("".join(each["fallbackText"] for each in cards(activities)))
    for text in texts:
        assert letters(escaped(plain(text))) in told


TEXT = st.text(max_size=300) | st.text('a ✔️😀\\["*\n', max_size=3_000)
WORDS = TEXT | st.builds(lambda text, n: text * n, TEXT, st.integers(1, 60))
TONE = st.sampled_from(["must", "should", "may", "note", "warning", None])


@st.composite
def some_card(draw):
    section = st.builds(Section, WORDS, st.lists(WORDS, max_size=6).map(tuple), TONE)
    return Card(
        draw(WORDS),
        tuple(draw(st.lists(st.builds(Row, WORDS, WORDS), max_size=4))),
        tuple(draw(st.lists(section, max_size=4))),
        draw(st.none() | WORDS),
    )


def stripped(text):
    return letters(text).replace("*", "")


@SLOW
@given(text=WORDS, card=some_card() | st.none())
def test_no_size_of_words_is_too_big_and_none_is_lost(text, card):
    custom = {"custom": card.as_json()} if card else {}
    activities = drawn({"text": text, **custom})
    for activity in activities:
        assert size(activity) <= LIMIT
    found = stripped(words(activities))
    texts = [text]
    if card:
        texts += [card.title, card.footer or ""]
        texts += [each for row in card.rows for each in (row.term, row.value)]
        texts += [
            each for part in card.sections if part.items for each in (part.heading, *part.items)
        ]
    for each in texts:
        for line in clean(each).split("\n"):
            for piece in re.findall(r"\S+", line):
                assert stripped(piece) in found


@SLOW
@given(
    titles=st.lists(st.text(min_size=1, max_size=200).filter(str.strip), min_size=1, max_size=70),
    text=st.text(max_size=50),
)
def test_any_number_of_buttons_is_there_in_order(titles, text):
    titles = [title.encode("utf-8", "replace").decode() for title in titles]
    buttons = [
        {
            "title": title,
            "payload": json.dumps({"intent": "choose", "choice": {"q": "x", "raw": str(n)}}),
        }
        for n, title in enumerate(titles)
    ]
    activities = drawn({"text": text, "buttons": buttons})
    assert [tap.choice["raw"] for tap in choices(activities)] == [
        str(n) for n in range(len(titles))
    ]
    used = [chosen(each, titles[0]) for each in activities if choices([each])]
    assert all(size(activity) <= LIMIT for activity in [*activities, *used])
    buttons_shown = [each.get("title", "") for each in elements(cards(activities))]
    for each in of_type(cards(activities), "Input.ChoiceSet"):
        buttons_shown += [choice["title"] for choice in each["choices"]]
    labels = stripped(" ".join([words(activities), *buttons_shown]))
    for title in titles:
        assert stripped(clean(title)) in labels


@settings(max_examples=15, deadline=None)
@given(card=some_card(), n=st.integers(0, 12))
def test_whatever_is_said_the_cards_are_sound(card, n):
    buttons = [intent_button(f"Choice {each}", "affirm") for each in range(n)]
    message = {"text": "Which?", "custom": card.as_json(), "buttons": buttons}
    check(drawn({"text": "First this."}, message))


@pytest.mark.parametrize("many", [2, 6, 7, 60])
def test_few_choices_are_buttons_and_many_a_list(many):
    titles = [f"Answer {n}" for n in range(many)]
    asked = answer_buttons("agency", [Choice(title, title) for title in titles])
    activities = check(drawn({"text": "Which agency?", "buttons": asked}))
    assert [tap.title for tap in choices(activities)] == titles
    lists = of_type(cards(activities), "Input.ChoiceSet")
    assert bool(lists) == (many > 6)
    for each in lists:
        assert each["style"] == "compact"
    for send in [
        e for e in of_type(activities, "Action.Submit") if e["associatedInputs"] == "auto"
    ]:
        nothing = submitted({**send["data"], "choice": ""}, SEALER, WHO)
        assert nothing.choice == {"q": "agency", "raw": ""}


def test_long_choices_stand_in_full_above_their_buttons():
    long = "Change an answer: " + "what we disagree about is rather a lot " * 12
    asked = [intent_button(long, "affirm"), intent_button("Back", "go_back")]
    [activity] = check(drawn({"text": "What now?", "buttons": asked}))
    assert letters(f"1. {long}") in letters(words([activity]))
    titles = [each["title"] for each in of_type(activity, "Action.Submit")]
    assert titles[1] == "2. Back" and titles[0].startswith("1. Change") and len(titles[0]) <= 42


def test_answers_that_differ_only_at_their_ends_can_be_told_apart():
    asked = [f"A disagreement with another agency about {whom}" for whom in ("a child", "an adult")]
    buttons = answer_buttons("matter", [Choice(title, title) for title in asked])
    [activity] = check(drawn({"text": "Which of these fits?", "buttons": buttons}))
    for n, title in enumerate(asked, 1):
        assert letters(f"{n}. {title}") in letters(words([activity]))
    labels = [each["title"] for each in of_type(activity, "Action.Submit")]
    assert all(len(label) <= 42 for label in labels)
    assert [tap.title for tap in choices([activity])] == asked


def test_a_question_for_a_day_has_a_calendar_whose_day_is_read_like_words():
    asked = answer_buttons("raised_on", (*RECENT, Choice("not_known", "Not known")))
    [activity] = check(drawn({"text": "When?", "buttons": asked}))
    [picker] = of_type(activity, "Input.Date")
    [send] = [e for e in of_type(activity, "Action.Submit") if e["associatedInputs"] == "auto"]
    tap = submitted({**send["data"], picker["id"]: "2026-03-27"}, SEALER, WHO)
    assert tap == Tap("27 March 2026", "choose", {"q": "raised_on", "raw": "27 March 2026"})
    question = Question("raised_on", "date", "When?", "", ())
    now = datetime(2026, 11, 18, 14, tzinfo=ZoneInfo("Europe/London"))
    assert parse(question, tap.choice["raw"], now, "Europe/London") == Answered("2026-03-27")


def test_a_day_and_a_long_list_are_two_cards():
    asked = answer_buttons("x", (*RECENT, *(Choice(str(n), f"Answer {n}") for n in range(9))))
    first, second = check(drawn({"text": "When?", "buttons": asked}))
    assert of_type(first, "Input.ChoiceSet") and of_type(second, "Input.Date")


def test_other_questions_have_no_calendar():
    asked = answer_buttons("x", [Choice("today", "Today"), Choice("later", "Later")])
    assert not of_type(drawn({"text": "When?", "buttons": asked}), "Input.Date")


def test_own_words_make_no_markup_anywhere():
    card = Card(HOSTILE, (Row("Your words", HOSTILE),), (Section(HOSTILE, (HOSTILE,), "note"),))
    asked = [intent_button(HOSTILE, "affirm")]
    message = {"text": HOSTILE, "custom": card.as_json(), "buttons": asked}
    first, second = check(drawn({"text": HOSTILE}, message))
    assert first["textFormat"] == "plain"
    [content] = cards([second])
    markdown = [each["text"] for each in of_type(content, "TextBlock")]
    for text in (*markdown, content["fallbackText"]):
        left = re.sub(r"\\.", "", text)
        assert not re.search(r"[\[\]<>*_`]", left)
    assert "entities" not in second and "msteams" not in content
    assert "<" not in content["speak"]
    runs = "".join(each["text"] for each in of_type(content, "TextRun"))
    assert "[click](https://evil.example) <at>Head</at>" in runs


def test_bold_words_of_ours_are_heavier():
    [activity] = check(drawn({"text": "Recorded for **ESC-1**. **Must:** go * on **"}))
    runs = of_type(activity, "TextRun")
    assert [each["text"] for each in runs if each.get("weight") == "Bolder"] == ["ESC-1", "Must:"]
    assert "".join(each["text"] for each in runs) == "Recorded for ESC-1. Must: go * on **"


@pytest.mark.parametrize(
    ("tone", "heading", "said"),
    [
        ("must", "What the policy says", "Must: What the policy says"),
        ("must", "Must do", "Must do"),
        ("should", "Should do (others)", "Should do (others)"),
        ("may", "Consider", "Consider"),
        ("may", "Ideas", "Optional: Ideas"),
        ("warning", "About this policy", "Important: About this policy"),
        ("warning", "Do this first", "Do this first"),
        ("note", "How it went", "How it went"),
        (None, "Open", "Open"),
    ],
)
def test_a_tone_is_said_in_words(tone, heading, said):
    card = Card("A", sections=(Section(heading, ("one",), tone),))
    [activity] = check(drawn({"custom": card.as_json()}))
    headings = [each["text"] for each in of_type(activity, "TextBlock") if "style" in each]
    assert headings == ["A", said]


def test_many_notes_fold_away_and_few_do_not():
    def folds(n, tone="note"):
        section = Section("How it went", tuple(f"Step {each}" for each in range(n)), tone)
        [activity] = check(drawn({"custom": Card("A", sections=(section,)).as_json()}))
        return of_type(activity, "Action.ToggleVisibility")

    [toggle] = folds(4)
    assert toggle["title"] == "Show or hide: How it went (4 points)"
    assert not folds(3) and not folds(9, "must")


def test_a_group_that_goes_on_says_so():
    section = Section("Must do", tuple(f"{n} " + "act " * 300 for n in range(20)), "must")
    activities = check(drawn({"custom": Card("Stage 2", sections=(section,)).as_json()}))
    assert len(activities) > 1
    first, *rest = ([e["text"] for e in of_type(a, "TextBlock")] for a in activities)
    assert first[:2] == ["Stage 2", "Must do"]
    for each in rest:
        assert each[:2] == ["Stage 2 (continued)", "Must do (continued)"]


def test_a_turn_ends_with_a_card_and_leading_words_are_plain():
    one, two = check(drawn({"text": "Thank **you**."}, {"text": "I have kept it."}))
    assert one == {"type": "message", "text": "Thank you.", "textFormat": "plain"}
    assert cards([two])


def test_words_of_several_lines_stand_on_a_card_line_by_line():
    one, two = check(drawn({"text": "First.\n\n- a point\n- another"}, {"text": "Go on?"}))
    assert [line["inlines"][0]["text"] for line in of_type(one, "RichTextBlock")] == [
        "First.", "- a point", "- another"]  # fmt: skip
    assert cards([two])


def test_a_long_text_goes_over_several_cards_between_words():
    sent = "A word of advice. " * 2_000
    *texts, _ = check(drawn({"text": sent}, {"text": "Go on?"}))
    assert len(texts) > 1
    shown = " ".join(each["text"] for each in of_type(texts, "TextRun"))
    assert shown.split() == sent.split()


def test_a_long_text_to_copy_goes_out_in_several_messages_small_enough():
    paste = "<&> " * 3_000
    *texts, _ = check(drawn({"custom": {"paste": paste}}))
    assert len(texts) > 2
    assert "".join(text_of(each) for each in texts) == paste.strip()


def test_files_open_at_their_address_or_are_named():
    other = {**FILE, "title": "the record of ESC-2026-0012", "mime": "text/plain"}
    address = "https://guide.example.org/teams/files/a_b-c.d"
    [activity] = check(
        drawn(
            {"text": "Here.", "custom": {"files": [FILE, other]}},
            link=lambda file: address if file is FILE else None,
        )
    )
    [opened] = of_type(activity, "Action.OpenUrl")
    assert opened["url"] == address
    assert opened["title"] == "The dates of ESC-2026-0012 (calendar)"
    named = "You can get this in the web chat: • the record of ESC-2026-0012"
    assert letters(named) in letters(words([activity]))
    assert address in cards([activity])[0]["fallbackText"]


def test_a_file_with_a_long_title_is_named_in_full_above_its_button():
    long = {**FILE, "title": "the form “What the meeting needs to know” for ESC-2026-0012"}
    [activity] = check(
        drawn({"text": "Here.", "custom": {"files": [long]}}, link=lambda _: "https://x.example")
    )
    assert "The form “What the meeting needs to know” for ESC-2026-0012 (calendar)" in words(
        [activity]
    )
    [opened] = of_type(activity, "Action.OpenUrl")
    assert opened["title"].startswith("The form") and len(opened["title"]) <= 42


def test_text_to_paste_is_letter_for_letter_and_stands_alone():
    paste = "ESC-2026-0012:\n- **not** bold, [a](b)\n\n<x>"
    said = check(drawn({"text": "Copy this:"}, {"custom": {"paste": paste}}))
    assert [words([each]) for each in said[:2]] == ["Copy this:", paste]
    assert len(said) == 3 and cards(said[2:])
    before, text, after = check(
        drawn({"text": "Copy:", "custom": {"paste": paste}, "buttons": [intent_button("OK", "ok")]})
    )
    assert words([text]) == paste and not choices([before]) and choices([after])


def test_a_used_card_can_be_chosen_no_more_but_keeps_its_words_and_the_advice():
    notes = Section("How it went", tuple(f"Step {n}" for n in range(5)), "note")
    asked = answer_buttons("raised_on", (*RECENT, Choice("not_known", "Not known")))
    message = {"text": "When?", "custom": Card("A", sections=(notes,)).as_json(), "buttons": asked}
    [activity] = check(drawn(message))
    [used] = check([chosen(activity, "27 <b>March</b> 2026")])
    assert not choices([used])
    assert len(of_type(used, "Action.Submit")) == 1
    assert not of_type(used, "Input.Date", "Input.ChoiceSet")
    assert of_type(used, "Action.ToggleVisibility")
    assert "You chose:  27 <b>March</b> 2026" in words([used])
    assert "When?" in words([used])
    assert choices([activity])
    assert used["summary"] == "You chose: 27 <b>March</b> 2026"
    assert said_chosen("Yes") == {
        "type": "message",
        "text": "You chose: Yes",
        "textFormat": "plain",
    }


@pytest.mark.parametrize(
    "broken",
    [
        {"text": "Hm", "buttons": [{"title": "x", "payload": "/x"}]},
        {"custom": {"html": "x"}},
        {"custom": {"card": {"title": "x", "rows": [{"a": 1}]}}},
        {"custom": {"files": [{"document": "calendar"}]}},
    ],
)
def test_a_broken_message_is_owned_up_to_and_hides_none_of_the_others(broken):
    card = imminent_card(None)
    first, second, third = check(drawn({"custom": card.as_json()}, broken, {"text": "Go on?"}))
    assert letters(card.title) in letters(words([first]))
    assert second["text"] == NO_ANSWER
    assert "Go on?" in words([third])


@pytest.mark.parametrize("said", [{}, {"text": " "}, {"text": None, "buttons": [], "custom": {}}])
def test_nothing_is_nothing(said):
    assert drawn(said) == []


def test_every_message_of_a_rehearsal_says_that_it_is_one():
    mark = {"rehearsal": "REH-2026-0001"}
    messages = (
        {"text": "The team office answers.", "custom": mark},
        {"custom": {"card": Card("REHEARSAL: Stage 2").as_json()["card"], **mark}},
        {"text": "What do you do?", "buttons": [intent_button("Wait", "choose")], "custom": mark},
    )
    for activity in drawn(*messages):
        assert "REHEARSAL REH-2026-0001" in words([activity])
