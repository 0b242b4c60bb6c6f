"""In a rehearsal every message is a move; outside one, only its buttons and a join code are."""

import pytest
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.rehearsal_turn import RehearsalTurn

SLOTS = [
    AnySlot(name, mappings=[{"type": "custom"}], influence_conversation=False)
    for name in ("risk_alert", "rehearsal")
]
GOING = {"reference": "REH-2026-0001"}


def tracker(
    *events, text="words", intent="describe", going=None, tapped=None, loop=None, alert=None
):
    choice = {"choice": {"q": tapped, "raw": "wait"}} if tapped else {}
    return DialogueStateTracker.from_events(
        "someone",
        [
            *([ActiveLoop(loop)] if loop else []),
            SlotSet("rehearsal", going),
            SlotSet("risk_alert", alert),
            ActionExecuted(ACTION_LISTEN_NAME),
            UserUttered(text, {"name": intent}, parse_data=choice),
            *events,
        ],
        slots=SLOTS,
    )


@pytest.mark.parametrize(
    ("seen", "predicted"),
    [
        pytest.param(tracker(going=GOING), "action_rehearse", id="words in a rehearsal"),
        pytest.param(
            tracker(going=GOING, intent="list_cases"), "action_rehearse", id="a wish of real work"
        ),
        pytest.param(
            tracker(going=GOING, tapped="stage"), "action_rehearse", id="a button of real work"
        ),
        pytest.param(
            tracker(going=GOING, intent="report_risk"), "action_risk", id="what sounds like a risk"
        ),
        pytest.param(
            tracker(going=GOING, alert={"rehearsed": {}}), None, id="an alert waits for its answer"
        ),
        pytest.param(tracker(tapped="rehearsal"), "action_rehearse", id="a button of a rehearsal"),
        pytest.param(
            tracker(tapped="rehearsal", loop="walk_form"), "action_rehearse", id="in a walk too"
        ),
        pytest.param(tracker(text="join KRT-482"), "action_rehearse", id="a join code"),
        pytest.param(
            tracker(text="rehearse jersey_before_christmas"), "action_rehearse", id="a scenario"
        ),
        pytest.param(tracker(text="join the meeting"), None, id="no code"),
        pytest.param(tracker(intent="rehearse"), None, id="the wish: a rule of its own"),
        pytest.param(tracker(), None, id="real work"),
        pytest.param(
            tracker(ActionExecuted("action_rehearse"), going=GOING), ACTION_LISTEN_NAME, id="played"
        ),
    ],
)
def test_what_comes_next(seen, predicted):
    assert RehearsalTurn._next(seen) == predicted
