"""Risk comes before everything, and nothing in the dialogue hides it."""

import pytest
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.risk_first import RiskFirst

SLOTS = [
    AnySlot(name, mappings=[{"type": "custom"}], influence_conversation=False)
    for name in ("risk_alert", "walk_answers")
]


def tracker(*events, tier=None, loop=None, alert=None, answers=None):
    said = UserUttered("words", {"name": "describe"}, parse_data={"risk": {"tier": tier}})
    return DialogueStateTracker.from_events(
        "someone",
        [
            *([ActiveLoop(loop)] if loop else []),
            SlotSet("risk_alert", alert),
            SlotSet("walk_answers", answers),
            ActionExecuted(ACTION_LISTEN_NAME),
            said,
            *events,
        ],
        slots=SLOTS,
    )


AT_RISK = [["imminent", "yes"]]


@pytest.mark.parametrize(
    ("seen", "predicted"),
    [
        pytest.param(tracker(tier="high"), "action_risk", id="high, outside a walk"),
        pytest.param(tracker(tier="high", loop="walk_form"), "action_risk", id="high, in a walk"),
        pytest.param(tracker(tier="low"), "action_risk", id="low, outside a walk"),
        pytest.param(tracker(tier="low", loop="walk_form"), None, id="low waits for the form"),
        pytest.param(
            tracker(ActionExecuted("walk_form"), tier="low", loop="walk_form"),
            "action_risk",
            id="low, once the form has kept the words",
        ),
        pytest.param(
            tracker(ActionExecuted("walk_form"), tier="low", loop="walk_form", answers=AT_RISK),
            None,
            id="low, while the walk already shows the advice",
        ),
        pytest.param(
            tracker(ActionExecuted("action_record"), tier="low"),
            "action_risk",
            id="low, in the words that ended the walk",
        ),
        pytest.param(
            tracker(ActionExecuted("action_deactivate_loop"), tier="low"),
            "action_risk",
            id="low, in the words that stopped the walk",
        ),
        pytest.param(tracker(alert={"tier": "low"}), "action_risk", id="an open alert waits"),
        pytest.param(tracker(), None, id="no risk"),
        pytest.param(
            tracker(ActionExecuted("action_risk"), tier="high", alert={"tier": "high"}),
            ACTION_LISTEN_NAME,
            id="asked, and waits for the answer",
        ),
    ],
)
def test_what_comes_next(seen, predicted):
    assert RiskFirst._next(seen) == predicted


def test_an_assistant_without_words_is_not_trained():
    with pytest.raises(Exception, match="no responses"):
        RiskFirst.train(object.__new__(RiskFirst), [], Domain.empty())
