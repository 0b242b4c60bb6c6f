"""The three paths of a scenario are played when it is loaded, and show what is wrong with it."""

import pytest
from valley_rehearsal import TEXT, Mistake, Played, assert_refused, changed, keys, refused, valley

from bot.rehearsal.debrief import debrief
from bot.rehearsal.prove import NAMES, PathError, entry_of, walk
from bot.rehearsal.state import Entry

VALLEY = valley()
PERFECT, TYPICAL, BAD = TEXT[TEXT.index("  perfect: ") :].splitlines()

PATHS = {
    "a step that is not possible when its turn comes": Mistake(
        "bad: [wait_for_them, ", "bad: [to_director, ", "paths.bad",
        ("step 1, 'to_director': That decision is not open now",), at="  bad:",
    ),
    "a step after the end": Mistake(
        "leave_message, wait_on, wait_on, to_director]",
        "leave_message, wait_on, wait_on, to_director, wishes]", "paths.typical",
        ("step 9, 'wishes': This rehearsal has ended",), at="  typical:",
    ),
    "a path that never ends": Mistake(
        "lasts: {working_days: 10}", "lasts: {working_days: 120}", "paths.bad",
        ("never ends: shorten 'lasts'",), at="  bad:",
    ),
    "a perfect path without an ending": Mistake(
        PERFECT, PERFECT.replace(", to_director", ""), "paths.perfect",
        ("ends as 'time_up'", "Allowed: left_alone, with_the_chair", "has to reach an ending"),
    ),
    "a perfect path that leaves something out": Mistake(
        PERFECT, PERFECT.replace("write_down, ", ""), "paths.perfect",
        ("'write_down' is missed: Nobody can show later", "does everything that is expected"),
    ),
    "a perfect path that is late": Mistake(
        PERFECT, PERFECT.replace("wait_on, ring_team,", "wait_on, wait_on, ring_team,")
        .replace("wait_on, to_director", "to_director"), "paths.perfect",
        ("'no_answer' is partly", "It came after its time"),
    ),
    "a typical path that is as good as the perfect one": Mistake(
        TYPICAL, PERFECT.replace("perfect", "typical"), "paths.typical",
        ("scores 1.00, and 'perfect' 1.00", "'perfect' has to score more"),
    ),
    "a bad path that is better than the typical one": Mistake(
        BAD, "  bad: [wishes, write_down, to_leads, send_page, wait_on, ring_team]", "paths.bad",
        ("and 'typical' 0.", "'typical' has to score more"),
    ),
    "a limit by a clock that nothing has started": Mistake(
        "by: {working_days: 2}\n    missed:\n      why: Step C",
        "by: {clock: b_reply}\n    missed:\n      why: Step C", "points[1].by.clock",
        ("the clock 'b_reply' has not begun when its time is to run", "Name an event", "lead_told"),
        at="by: {clock: b_reply}",
    ),
    "a step's limit by a clock that nothing has started": Mistake(
        "      by: {working_days: 1}\n", "      by: {clock: b_meet}\n",
        "steps[0].expected.by.clock",
        ("the clock 'b_meet' has not begun", "form_sent, meeting_called"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", [pytest.param(each, id=id_) for id_, each in PATHS.items()])
def test_what_the_paths_show_is_refused(mistake, tmp_path):
    assert_refused(mistake, tmp_path)


def test_the_paths_are_played_only_when_everything_else_holds(tmp_path):
    text = changed(
        ("tells: [letter]", "tells: [leter]"), ("bad: [wait_for_them, ", "bad: [guide, ")
    )
    assert keys(refused(tmp_path, text).problems) == ["counterpart.topics[0].answers[0].tells"]


@pytest.mark.parametrize("name", NAMES)
def test_every_path_ends(name):
    state = walk(VALLEY, getattr(VALLEY.scenario.paths, name))
    assert state.ended == ("time_up" if name == "bad" else "with_the_chair")


def test_the_scores_order_the_paths():
    states = [walk(VALLEY, getattr(VALLEY.scenario.paths, name)) for name in NAMES]
    scores = [debrief(VALLEY, state).score for state in states]
    assert scores[0] == 1
    assert scores == sorted(scores, reverse=True)


def test_a_path_says_at_which_step_it_fails():
    with pytest.raises(PathError, match="step 2, 'ring_team': That decision is not open now"):
        walk(VALLEY, ("wishes", "ring_team"))


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("wishes", Entry("ask", "wishes")),
        ("say_ring", Entry("say", "say_ring")),
        ("to_leads", Entry("choose", "to_leads")),
        ("read_policy", Entry("do", "read_policy")),
        ("guide", Entry("guide")),
        ("wait", Entry("wait")),
        ("wait_on", Entry("wait", "on")),
    ],
)
def test_a_name_of_a_path_stands_for_an_entry(name, entry):
    assert entry_of(VALLEY, name) == entry


def test_a_path_does_what_a_participant_does():
    played = Played(VALLEY)
    played.do(*VALLEY.scenario.paths.perfect)
    assert walk(VALLEY, VALLEY.scenario.paths.perfect) == played.state
