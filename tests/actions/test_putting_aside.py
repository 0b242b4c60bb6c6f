"""What is said of a walk that is left for a case, and the way back to it."""

import pytest

from actions.cases import ActionReportOutcome, ActionShowStatus
from actions.putting_aside import REPORT_FIRST, back_to, held_back
from actions.state import Aside, Walk
from actions.taps import ALTERS_A_CASE, DRAFT, REPORT, STATUS

BACK = "Carry on where I was"
D1 = Aside("d1")


@pytest.mark.parametrize(
    ("walk", "said", "aside"),
    [
        (Walk(answers=(("imminent", "no"),), draft="d1"), "utter_walk_put_aside", "d1"),
        (Walk(said=(("summary", "They do not agree."),)), "utter_walk_not_kept", None),
        (Walk(answers=(("imminent", "no"),), said=(("our_agency", "health"),)), None, None),
        (Walk(phase="progress", reference="ESC-2026-0001", aside=D1), "utter_case_left", "d1"),
        (Walk(phase="amend", reference="ESC-2026-0001"), "utter_case_left", None),
        (Walk(phase="prepare", reference="ESC-2026-0001"), "utter_prepare_stopped", None),
        (
            Walk(phase="prepare", reference="ESC-2026-0001", draft="recorded"),
            "utter_prepare_stopped",
            None,
        ),
        (Walk(phase="mail", draft="d1"), "utter_reminders_left", "d1"),
    ],
    ids=[
        "a draft",
        "only words",
        "nothing yet",
        "a report",
        "a change",
        "preparation",
        "preparation of what was recorded",
        "mail",
    ],
)
def test_what_becomes_of_a_walk_is_said_and_its_draft_kept(
    run_action, raised, conversation, walk, said, aside
):
    reference = raised()
    talk = conversation(walk, person="me", in_form=True)
    outcome = run_action(ActionReportOutcome(), talk.hears(tap=(REPORT, reference)))
    assert outcome.responses == [*([said] if said else []), "utter_case_report"]
    kept = outcome.slots()["walk_case"]["aside"]
    assert (kept["draft"] if kept else None) == aside


def test_outside_a_walk_nothing_is_put_aside_and_an_earlier_one_is_not_forgotten(
    run_action, raised, conversation
):
    reference = raised()
    talk = conversation(Walk(reference=reference, aside=D1), person="me", in_form=False)
    outcome = run_action(ActionReportOutcome(), talk.hears(tap=(REPORT, reference)))
    assert outcome.responses == ["utter_case_report"]
    assert outcome.slots()["walk_case"]["aside"] == {"draft": "d1", "said": []}


def test_the_status_offers_the_way_back(run_action, raised, conversation):
    reference = raised()
    talk = conversation(Walk(reference=reference, aside=D1), person="me", in_form=False)
    outcome = run_action(ActionShowStatus(), talk.hears(tap=(STATUS, reference)))
    assert outcome.titles[0] == BACK
    assert outcome.slots()["walk_case"]["aside"] == {"draft": "d1", "said": []}


def test_without_anything_put_aside_there_is_no_way_back():
    assert back_to(Walk()) == []
    [button] = back_to(Walk(aside=D1))
    assert button["title"] == BACK
    assert f'"{DRAFT}"' in button["payload"]


@pytest.mark.parametrize("phase", ["progress", "amend"])
def test_under_a_report_its_own_case_is_not_changed_and_another_may_be(phase):
    walk = Walk(phase=phase, reference="ESC-2026-0001")
    for button in ALTERS_A_CASE:
        assert held_back((button, "ESC-2026-0001 V2"), walk) == REPORT_FIRST
        assert held_back((button, "ESC-2026-0002 V2"), walk) is None
    assert held_back((STATUS, "ESC-2026-0001"), walk) is None
