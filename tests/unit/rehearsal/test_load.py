"""A scenario is refused for each kind of mistake, in words that say how to mend it."""

import pytest
from valley_rehearsal import FILE, LIBRARY, TEXT, Mistake, assert_refused, changed, keys, refused

from bot.rehearsal.load import NOT_CHECKED, ScenarioError, canonical, content_hash, load, restored

SHAPES = {
    "an unknown key": Mistake(
        "    label: What does he want?\n", "    label: What does he want?\n    heers: [want]\n",
        "facts[0].heers",
        ("this key is not known", "Allowed: enters, given", "Did you mean 'hears'?"),
        at="    heers:",
    ),
    "a key that is missing": Mistake(
        "        why: He still has no help.\n", "", "points[1].choices[1].why", ("is missing",),
        at="      - id: let_it_rest",
    ),
    "a judgement without its clause": Mistake(
        "        why: Your director refers it to the Chair.\n        cite: [c]\n",
        "        why: Your director refers it to the Chair.\n", "points[1].choices[0].cite",
        ("is missing", "every fact needs its clause"), at="      - id: to_director",
    ),
    "an empty clause": Mistake(
        "        cite: [a, b]\n", "        cite: []\n", "points[0].choices[2].cite",
        ("found [], and at least 1 must be there",),
    ),
    "a clause that is written otherwise": Mistake(
        "        cite: [a, b]\n", "        cite: [a, s.2]\n", "points[0].choices[2].cite[1]",
        ("found 's.2'", "Write it in the form"),
    ),
    "a mark that is none": Mistake(
        "        mark: partly\n        why: You have", "        mark: fine\n        why: You have",
        "points[0].choices[2].mark", ("found 'fine'", "Allowed: 'sound', 'partly' or 'unsafe'"),
    ),
    "an hour that is none": Mistake(
        'at: "11:00"', 'at: "25:00"', "events[0].at", ("found '25:00'", "Write an hour as '14:05'"),
    ),
    "a start without its hour": Mistake(
        'starts: "2026-04-01T15:00"', 'starts: "2026-04-01"', "starts",
        ("found '2026-04-01'", "Write a moment as '2026-12-17T14:00'"),
    ),
    "no time at all": Mistake(
        "takes: {working_days: 2}", "takes: {working_days: 0}",
        "points[0].choices[1].takes.working_days", ("found 0", "greater than or equal to 1"),
    ),
    "too few questions to talk about": Mistake(
        "  - What would you do sooner?\n", "", "reflection",
        ("found 2, and at least 3 must be there",), at="reflection:",
    ),
    "a rehearsal of no length": Mistake(
        "minutes: 10", "minutes: 1", "minutes", ("found 1", "greater than or equal to 5"),
    ),
    "an id with a capital": Mistake(
        "  - id: read_policy\n", "  - id: Read\n", "steps[3].id",
        ("found 'Read'", "Write it in the form"),
    ),
}  # fmt: skip

PARTS = {
    "an id there twice": Mistake(
        "  - id: read_policy\n", "  - id: visits\n", "steps[3].id",
        ("the id 'visits' is there twice", "Rename one of them"),
        at="  - id: visits\n    label: Read",
    ),
    "a word of the program as an id": Mistake(
        "  - id: read_policy\n", "  - id: guide\n", "steps[3].id",
        ("'guide' is a word of the program", "Rename it"),
    ),
    "an ending that bears a word of the program": Mistake(
        "  - id: left_alone\n", "  - id: time_up\n", "endings[1].id",
        ("'time_up' is a word of the program", "Rename it"),
    ),
    "an ending there twice": Mistake(
        "  - id: left_alone\n", "  - id: with_the_chair\n", "endings[1].id",
        ("the id 'with_the_chair' is there twice", "Rename one of them"),
        at="  - id: with_the_chair\n    given: {after: [let",
    ),
    "a condition after nothing": Mistake(
        "given: {after: [they_listened]}", "given: {after: [they_listend]}",
        "facts[2].given.after",
        ("'they_listend' is no id of this file", "Allowed: ", "Did you mean 'they_listened'?"),
    ),
    "a condition without nothing": Mistake(
        "{without: [say_ring]}", "{without: [say_rings]}", "events[0].given.without",
        ("'say_rings' is no id of this file", "Did you mean 'say_ring'?"),
    ),
    "a point that opens after nothing": Mistake(
        "opens: {after: [neighbour_rings]}", "opens: {after: [neighbour]}",
        "points[2].opens.after", ("'neighbour' is no id of this file", "'neighbour_rings'"),
    ),
    "a fact that is none": Mistake(
        "tells: [letter]", "tells: [leter]", "counterpart.topics[0].answers[0].tells",
        ("'leter' is no fact of this file", "Allowed: letter, visits, wishes", "mean 'letter'?"),
    ),
    "an event since nothing": Mistake(
        "    since: to_leads\n    span: {working_days: 3}\n",
        "    since: to_lead\n    span: {working_days: 3}\n", "events[1].since",
        ("'to_lead' is no id of this file", "Did you mean 'to_leads'?"),
    ),
    "an event since some time, that never comes": Mistake(
        "    since: to_leads\n    span: {working_days: 3}\n", "    since: to_leads\n",
        "events[1]", ("'since' needs a 'span'", "Write after how long it happens"),
        at="  - id: their_answer",
    ),
    "a limit before what is no event": Mistake(
        "{before: their_answer}", "{before: to_leads}", "steps[1].expected.by.before",
        ("'to_leads' is no event of this file", "Allowed: good_friday, he_moves"),
    ),
    "a choice that needs what is not there": Mistake(
        "        needs: [wishes]\n", "        needs: [wish]\n", "points[0].choices[0].needs",
        ("'wish' is no id of this file", "Did you mean 'wishes'?"),
    ),
    "a later choice that needs what is not there": Mistake(
        "        why: He still has no help.\n",
        "        why: He still has no help.\n        needs: [wish]\n        else_why: No.\n",
        "points[1].choices[1].needs", ("'wish' is no id of this file",), at="        needs: [wish]",
    ),
    "a day that is none": Mistake(
        'starts: "2026-04-01T15:00"', 'starts: "2026-04-31T15:00"', "starts",
        ("found '2026-04-31T15:00'", "no moment that can be counted from", "Write it as"),
    ),
    "a year without a calendar": Mistake(
        'starts: "2026-04-01T15:00"', 'starts: "2150-04-01T15:00"', "starts",
        ("found '2150-04-01T15:00'", "no moment that can be counted from"),
    ),
    "two amounts of time": Mistake(
        "takes: {working_days: 2}", "takes: {working_days: 2, hours: 3}",
        "points[0].choices[1].takes",
        ("found 2 amounts of time", "exactly one of: hours, days, working_days."),
    ),
    "no amount of time": Mistake(
        "lasts: {working_days: 10}", "lasts: {}", "lasts", ("found 0 amounts of time",),
    ),
    "a limit of two kinds": Mistake(
        "by: {clock: a_talk}", "by: {clock: a_talk, working_days: 3}", "points[0].by",
        ("found 2 amounts", "hours, days, working_days, clock, before."),
    ),
    "a span of an event with two amounts": Mistake(
        "span: {days: 2}", "span: {days: 2, hours: 1}", "events[2].span", ("found 2 amounts",),
    ),
    "a point under no aim": Mistake(
        "    asks: The leads do not agree. What now?\n    opens: {after: [their_answer]}\n"
        "    aim: in_time\n",
        "    asks: The leads do not agree. What now?\n    opens: {after: [their_answer]}\n"
        "    aim: in_tim\n", "points[1].aim",
        ("'in_tim' is no aim of this file", "Allowed: in_time, record", "mean 'in_time'?"),
        at="    aim: in_tim\n",
    ),
    "a step under no aim": Mistake(
        "      aim: record\n      why: It is", "      aim: records\n      why: It is",
        "steps[0].expected.aim", ("'records' is no aim of this file", "Did you mean 'record'?"),
    ),
    "a mistake under no aim": Mistake(
        "      aim: record\n      why: It is shared", "      aim: recrod\n      why: It is shared",
        "steps[2].unsafe.aim", ("'recrod' is no aim of this file", "Did you mean 'record'?"),
    ),
    "an aim there twice": Mistake(
        "facts:\n", "  - id: record\n    text: Write\n\nfacts:\n", "aims[3].id",
        ("the aim 'record' is there twice", "Rename one of them"), at="  - id: record\n    text: W",
    ),
    "an aim that nothing serves": Mistake(
        "facts:\n", "  - id: calm\n    text: Stay calm\n\nfacts:\n", "aims[3]",
        ("nothing is judged under the aim 'calm'", "Name it at a point or a step, or remove it"),
        at="  - id: calm",
    ),
    "a decision with no sound choice": Mistake(
        "        mark: sound\n        why: Your director",
        "        mark: partly\n        why: Your director", "points[1].choices",
        ("0 of 2 choices are sound", "needs a sound choice and one that is not"),
        at="    choices:\n      - id: to_director",
    ),
    "a decision with nothing but sound choices": Mistake(
        "        mark: unsafe\n        why: He still", "        mark: sound\n        why: He still",
        "points[1].choices", ("2 of 2 choices are sound",),
        at="    choices:\n      - id: to_director",
    ),
    "a sound choice after which the decision is still open": Mistake(
        "        why: Your director refers it to the Chair.\n",
        "        why: Your director refers it to the Chair.\n        stays: true\n",
        "points[1].choices[0]", ("a sound choice settles the decision", "Remove 'stays'"),
        at="      - id: to_director",
    ),
    "a need without its reason": Mistake(
        "        else_why: You did not ask him first what he wants.\n", "",
        "points[0].choices[0]", ("'needs' and 'else_why' go together", "Say why"),
        at="      - id: to_leads",
    ),
    "a reason without its need": Mistake(
        "        needs: [wishes]\n", "", "points[0].choices[0]",
        ("'needs' and 'else_why' go together",), at="      - id: to_leads",
    ),
    "nothing that is expected of everybody": Mistake(
        "    asks: They do not agree to more help. What do you do?\n",
        "    asks: They do not agree to more help. What do you do?\n    core: false\n", "points",
        ("'core: false' stands at every point", "Leave it out at one"), at="points:",
        beside=(
            ("    asks: The leads do", "    core: false\n    asks: The leads do"),
            ("      why: It is written down.", "      core: false\n      why: It is written down."),
            ("      why: The leads need", "      core: false\n      why: The leads need"),
        ),
    ),
    "a step that is expected and a mistake": Mistake(
        "    says: You send it to twelve people.\n",
        "    says: You send it to twelve people.\n"
        "    expected: {aim: record, why: x, cite: [a], missed: {why: x}}\n", "steps[2]",
        ("either expected or a mistake, not both", "Make two steps of it"),
        at="  - id: mail_everybody",
    ),
    "a topic that may have no answer": Mistake(
        "        - does: holds\n          says: As you like.\n",
        "        - does: holds\n          says: As you like.\n          given: {stage: [a]}\n",
        "counterpart.topics[1].answers", ("the last answer has a condition", "End with one"),
        at="      answers:\n        - given: {stage: [b_usual]}",
    ),
    "an answer that moves the case without an id": Mistake(
        "          says: Then our leads will meet.\n",
        "          says: Then our leads will meet.\n          happens: [form_sent]\n",
        "counterpart.topics[1].answers[0]",
        ("an answer that moves the case has no id", "so that it moves it once"),
        at="        - given: {stage: [b_usual]}",
    ),
    "a path over what nobody can do": Mistake(
        "bad: [wait_for_them, ", "bad: [wait_for_tem, ", "paths.bad",
        ("'wait_for_tem' is nothing that a participant does", "Did you mean 'wait_for_them'?"),
    ),
    "a path over an event": Mistake(
        "bad: [wait_for_them, ", "bad: [he_moves, ", "paths.bad",
        ("'he_moves' is nothing that a participant does",),
    ),
}  # fmt: skip


def every(*tables: dict[str, Mistake]):
    """All rows of the tables, one test each."""
    rows = [pytest.param(each, id=id_) for table in tables for id_, each in table.items()]
    return pytest.mark.parametrize("mistake", rows)


@every(SHAPES, PARTS)
def test_a_mistake_is_refused_with_its_line_its_key_and_what_to_do(mistake, tmp_path):
    assert_refused(mistake, tmp_path)


@every(PARTS)
def test_a_mistake_of_one_part_is_no_more_than_a_problem_or_two(mistake, tmp_path):
    # An id that is there twice is named at both its places.
    text = changed(*mistake.beside, (mistake.old, mistake.new))
    assert 1 <= len(refused(tmp_path, text).problems) <= 2


def test_the_sound_file_is_taken():
    world = load(FILE, LIBRARY)
    assert world.scenario.id == "valley_over_easter"
    assert not world.mixed


def test_all_problems_of_a_file_are_reported_at_once_in_the_order_of_its_lines(tmp_path):
    names = ("a fact that is none", "a step under no aim", "two amounts", "no amount")
    mistakes = [each for name, each in PARTS.items() if name.startswith(names)]
    error = refused(tmp_path, changed(*((each.old, each.new) for each in mistakes)))
    assert {each.key for each in mistakes} == {*keys(error.problems)}
    assert f"{len(mistakes)} problems" in str(error)
    assert [each.line for each in error.problems] == sorted(each.line for each in error.problems)


def test_a_mistake_of_shape_says_that_the_rest_is_checked_later(tmp_path):
    wrong, later = SHAPES["a mark that is none"], PARTS["a fact that is none"]
    error = refused(tmp_path, changed((wrong.old, wrong.new), (later.old, later.new)))
    # A decision of which a choice does not fit is not also one decision too few.
    assert keys(error.problems) == [wrong.key]
    assert NOT_CHECKED in str(error)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"id: [valley\n", "is not YAML", id="not YAML"),
        pytest.param(b"id: val\xffley\n", "cannot be read", id="not UTF-8"),
        pytest.param(b"", "is not a scenario: it has no keys", id="empty"),
        pytest.param(b"- valley\n", "is not a scenario: it has no keys", id="a list"),
        pytest.param(b"id: a\nid: b\n", "is written twice", id="a key twice"),
        pytest.param(b"a: &x [*x]\n", "Write the value out", id="a value that holds itself"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(content, says, tmp_path):
    path = tmp_path / "x.yml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=says):
        load(path, LIBRARY)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(tmp_path / "nowhere.yml", LIBRARY)


def test_a_scenario_is_made_again_from_its_canonical_form():
    world = load(FILE, LIBRARY)
    again = restored(canonical(world.scenario), LIBRARY)
    assert again == world
    assert content_hash(again.scenario) == content_hash(world.scenario)


def test_the_hash_follows_the_content_and_not_its_layout(tmp_path):
    path = tmp_path / "valley_over_easter.yml"
    path.write_text("# A note.\n" + TEXT.replace("    hears: [wishes, want]\n", "    hears:\n"
                    "      - wishes\n      - want\n"), encoding="utf-8")  # fmt: skip
    laid_out = content_hash(load(path, LIBRARY).scenario)
    path.write_text(changed(("minutes: 10", "minutes: 15")), encoding="utf-8")
    assert laid_out == content_hash(load(FILE, LIBRARY).scenario)
    assert laid_out != content_hash(load(path, LIBRARY).scenario)
