"""A policy file is refused for each kind of mistake, in words that say how to mend it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.policy.load import NOT_CHECKED, load
from bot.policy.problems import PolicyError, Problem, dotted

VALLEY = Path(__file__).parents[2] / "cases" / "policies" / "valley" / "2026-03.yml"
TEXT = VALLEY.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Mistake:
    """One change to a sound file, and what has to be said of it: `says` stands in the message."""

    old: str
    new: str
    key: str
    says: tuple[str, ...]
    # The text that stands on the line to be named; the new text's first line if it is empty.
    at: str = ""


MISTAKES = {
    "an unknown key": Mistake(
        "    where: The leads did not agree\n",
        "    where: The leads did not agree\n    councel: yes\n",
        "stages[4].councel",
        ("this key is not known", "Allowed: actor, cite, clocks", "where"),
        at="    councel:",
    ),
    "a mistyped key, with the one that was meant": Mistake(
        "    counterpart: chair\n",
        "    counterpat: chair\n",
        "stages[4].counterpat",
        ("this key is not known", "Did you mean 'counterpart'?"),
    ),
    "an unknown role": Mistake(
        "    actor: director\n", "    actor: directer\n", "stages[4].actor",
        ("'directer' is no role of this file", "Allowed: chair, director", "mean 'director'?"),
    ),
    "an unknown clock": Mistake(
        "clocks: [c_refer]", "clocks: [c_refers]", "stages[4].clocks",
        ("'c_refers' is no clock of this file", "Allowed: a_talk", "Did you mean 'c_refer'?"),
    ),
    "an unknown stage": Mistake(
        "    clocks: [a_talk]\n    next: b\n", "    clocks: [a_talk]\n    next: bb\n",
        "stages[0].next",
        ("'bb' is no stage of this file", "Allowed: a, b, b_urgent, b_usual, c"),
        at="    next: bb",
    ),
    "an unknown form": Mistake(
        "    form: record\n    what: Send the escalation record to the Chair",
        "    form: recrod\n    what: Send the escalation record to the Chair", "duties[3].form",
        ("'recrod' is no form of this file", "Allowed: record", "Did you mean 'record'?"),
    ),
    "an unknown event": Mistake(
        "start: [lead_told]", "start: [lead_tolled]", "clocks.b_reply.start",
        ("'lead_tolled' is no event of this file", "Allowed: form_sent", "mean 'lead_told'?"),
    ),
    "an unknown clock to follow": Mistake(
        "after: b_meet", "after: b_met", "clocks.b_write.after",
        ("'b_met' is no clock of this file", "Did you mean 'b_meet'?"),
    ),
    "an ambiguity that bears on nothing": Mistake(
        "    touches: [b_reply]", "    touches: [b_replay]", "ambiguities[0].touches",
        ("'b_replay' is no part of this file", "Did you mean 'b_reply'?"),
    ),
    "a citation of nothing": Mistake(
        "        cite: [b_further]", "        cite: [b_futher]", "clocks.b_write.readings[0].cite",
        ("'b_futher' is no citation of this file", "Did you mean 'b_further'?"),
    ),
    "an undeclared fact in a condition": Mistake(
        "      - when:\n          urgent: [\"yes\"]\n",
        "      - when:\n          urgant: [\"yes\"]\n",
        "stages[1].fork[0].when.urgant",
        ("'urgant' is no declared fact", "resolved", "Did you mean 'urgent'?"),
        at="          urgant:",
    ),
    "an answer that a fact does not have": Mistake(
        "      - when:\n          urgent: [\"yes\"]\n", "      - when:\n          urgent: [soon]\n",
        "stages[1].fork[0].when.urgent",
        ("'soon' is no answer to 'urgent' of this file", "Allowed: no, yes"),
        at="          urgent: [soon]",
    ),
    "a number on words alone": Mistake(
        "        words: promptly\n", "        n: 3\n        words: promptly\n",
        "clocks.c_refer.readings[0].n",
        ("found 3, but words_only never carries a number", "Remove it"),
    ),
    "a missing number": Mistake(
        "      - kind: elapsed_hours\n        n: 48\n", "      - kind: elapsed_hours\n",
        "clocks.b_reply.readings[0].n", ("is missing: elapsed_hours needs a number",),
    ),
    "a missing citation": Mistake(
        "    next: c\n    cite: [b, b_fork]\n", "    next: c\n", "stages[1].cite",
        ("is missing", "every fact needs its clause"), at="  - id: b\n",
    ),
    "an empty citation": Mistake(
        "    cite: [b, b_fork]\n", "    cite: []\n", "stages[1].cite", ("found []", "at least 1"),
    ),
    "a thirteenth month": Mistake(
        'issued: "2026-03"', 'issued: "2026-13"', "document.issued",
        ("found '2026-13', which is no day of the calendar", "the date that the document bears"),
    ),
    "30 February": Mistake(
        'review_due: "2028-03"', "review_due: 2028-02-30", "document.review_due",
        ("found '2028-02-30', which is no day of the calendar", "null if it bears none"),
    ),
    "a number where text belongs": Mistake(
        "label: March 2026", "label: 2026", "document.label",
        ("found 2026, which is not text", "Write it in quotation marks"),
    ),
    "a date written another way": Mistake(
        'issued: "2026-03"', "issued: March 2026", "document.issued",
        ("found 'March 2026'", "Write a date as '2026-11-22'"),
    ),
    "a time zone that is none": Mistake(
        "timezone: Europe/London", "timezone: Europe/Londinium", "place.timezone",
        ("found 'Europe/Londinium', which is no time zone", "Write 'Europe/London'"),
    ),
    "an unknown calendar": Mistake(
        "calendar: england-and-wales", "calendar: wales", "place.calendar",
        ("found 'wales'", "Allowed: 'england-and-wales'"),
    ),
    "a strength that is none": Mistake(
        "    strength: must\n    basis: conflict\n", "    strength: shall\n    basis: conflict\n",
        "clocks.b_reply.strength", ("found 'shall'", "Allowed: 'must', 'should'"),
    ),
    "a clock that follows itself": Mistake(
        "    start: [form_sent, meeting_called]\n", "    after: b_write\n", "clocks.b_meet.after",
        ("runs in a circle",),
    ),
    "a clock that nothing starts": Mistake(
        "    start: [raised]\n", "", "clocks.a_talk",
        ("needs either 'start' (events) or 'after' (another clock)",), at="  a_talk:",
    ),
    "a choice of one": Mistake(
        '      - value: "yes"\n        label: It cannot wait\n', "", "facts.urgent.options",
        ("a choice needs two options or more",),
        at='    options:\n      - value: "no"\n        label: It can wait',
    ),
    "a fact that is also an event": Mistake(
        "  raised:\n    ask: When", "  urgent:\n    ask: When", "facts.urgent",
        ("is also an event", "Rename one of them"), at="  urgent:\n    ask: How soon",
    ),
    "a stage there twice": Mistake(
        "  - id: b_usual\n", "  - id: b\n", "stages[2].id", ("'b' is there twice",),
        at="  - id: b\n    label: Step B\n    number: 2\n    title: Leads, the usual way",
    ),
    "a duty there twice": Mistake(
        "  - id: form_chair\n", "  - id: form_usual\n", "duties[3].id",
        ("'form_usual' is there twice",),
        at="  - id: form_usual\n    kind: form\n    who: director",
    ),
    "no question of scope": Mistake(
        "  matter:\n    ask: Which", "  theme:\n    ask: Which", "facts",
        ("has no fact 'matter'", "Add the question"), at="facts:\n",
    ),
    "a phrase cited nowhere": Mistake(
        "cites:\n", "cites:\n  idle: {section: s.9, phrase: idle}\n", "cites.idle",
        ("is cited nowhere", "Cite it or remove it"), at="  idle: ",
    ),
    "a condition to enter with no way round": Mistake(
        "    clocks: [c_refer]\n", '    clocks: [c_refer]\n    enter_if: {urgent: "yes"}\n',
        "stages[4].otherwise", ("is missing beside 'enter_if'", "condition is not met"),
        at="  - id: c\n",
    ),
    "a key written twice": Mistake(
        "id: valley\n", "id: valley\nid: dale\n", "id", ("is written twice", "Keep one"),
        at="id: dale",
    ),
}  # fmt: skip


def refused(tmp_path: Path, text: str) -> PolicyError:
    path = tmp_path / "2026-03.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as refusal:
        load(path)
    assert str(path) in str(refusal.value)
    return refusal.value


def changed(text: str, mistake: Mistake) -> str:
    assert mistake.old in text
    return text.replace(mistake.old, mistake.new, 1)


def about(error: PolicyError, key: str) -> Problem:
    [problem] = [problem for problem in error.problems if dotted(problem.key) == key]
    return problem


@pytest.mark.parametrize("mistake", [pytest.param(each, id=id_) for id_, each in MISTAKES.items()])
def test_a_mistake_is_refused_with_its_line_its_key_and_what_to_do(mistake, tmp_path):
    text = changed(TEXT, mistake)
    error = refused(tmp_path, text)
    problem = about(error, mistake.key)
    start = text.index(mistake.at or mistake.new)
    assert problem.line == text[:start].count("\n") + 1
    for words in mistake.says:
        assert words in str(problem)
    assert str(problem) in str(error)


def test_the_sound_file_is_taken():
    assert load(VALLEY).id == "valley"


def test_all_references_of_a_file_are_reported_at_once(tmp_path):
    names = ("an unknown role", "an unknown event", "a number on words alone", "30 February")
    text = TEXT
    for name in names:
        text = changed(text, MISTAKES[name])
    error = refused(tmp_path, text)
    # The event that no clock names any more is no problem: only its name was mistyped.
    assert {dotted(each.key) for each in error.problems} == {MISTAKES[name].key for name in names}
    assert "4 problems" in str(error)
    assert [each.line for each in error.problems] == sorted(each.line for each in error.problems)


def test_mistyped_keys_and_values_are_reported_together_with_the_references(tmp_path):
    names = (
        "an unknown key", "a strength that is none", "a date written another way",
        "a number where text belongs",
        "an unknown role", "30 February", "an undeclared fact in a condition",
    )  # fmt: skip
    text = TEXT
    for name in names:
        text = changed(text, MISTAKES[name])
    error = refused(tmp_path, text)
    assert {dotted(each.key) for each in error.problems} == {MISTAKES[name].key for name in names}
    assert NOT_CHECKED not in str(error)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        pytest.param(
            "    start: [raised]\n", "    strat: [raised]\n", "clocks.a_talk.strat", id="start"
        ),
        pytest.param(
            "        n: 48\n", "        number: 48\n",
            "clocks.b_reply.readings[0].number", id="n",
        ),
        pytest.param(
            "      - kind: elapsed_hours\n", "      - kind: hours\n",
            "clocks.b_reply.readings[0].kind", id="kind of limit",
        ),
        pytest.param(
            "    cite: [b_office]\n", "    cite: [b_office]\n    cites: [b]\n",
            "duties[2].cites", id="cite",
        ),
    ],
)  # fmt: skip
def test_a_mistyped_key_is_not_reported_a_second_time_as_something_missing(old, new, key, tmp_path):
    assert old in TEXT
    error = refused(tmp_path, TEXT.replace(old, new, 1))
    assert [dotted(each.key) for each in error.problems] == [key]


def test_where_too_much_is_missing_it_is_said_that_references_come_later(tmp_path):
    text = changed(TEXT, MISTAKES["a missing citation"])
    error = refused(tmp_path, changed(text, MISTAKES["an unknown role"]))
    assert [dotted(each.key) for each in error.problems] == ["stages[1].cite"]
    assert NOT_CHECKED in str(error)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"id: [valley\n", "is not YAML", id="not YAML"),
        pytest.param(b"id: val\xffley\n", "cannot be read", id="not UTF-8"),
        pytest.param(b"a: \x00\n", "is not YAML", id="NUL"),
        pytest.param(b"", "is not a policy: it has no keys", id="empty"),
        pytest.param(b"- valley\n", "is not a policy: it has no keys", id="a list"),
        pytest.param(b"? [a, b]\n: c\n", "is not YAML", id="a list as a key"),
        pytest.param(b"1: c\n", "found 1: Keys should be strings", id="a number as a key"),
        pytest.param(b"a: &x [*x]\n", "Write the value out", id="a value that holds itself"),
        pytest.param(b"[" * 5000, "nested too deeply", id="nested without end"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(content, says, tmp_path):
    path = tmp_path / "x.yml"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match=says):
        load(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read"):
        load(tmp_path / "nowhere.yml")


def test_yes_and_no_stay_words_and_dates_stay_text(tmp_path):
    path = tmp_path / "2026-03.yml"
    plain = TEXT.replace('"yes"', "yes").replace('"no"', "no").replace('"2026-03"', "2026-03-01")
    path.write_text(plain, encoding="utf-8")
    policy = load(path)
    assert [option.value for option in policy.facts["urgent"].options] == ["no", "yes"]
    assert policy.document.issued == "2026-03-01"
    assert policy.stages[1].formal is True
