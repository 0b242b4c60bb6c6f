import pytest

from actions.ask import ActionAskWalkAnswer

SANDWELL = {"imminent": "no", "matter": "another_agency", "area": "threshold", "stage": "s1"}


@pytest.fixture
def asks(run_action, conversation):
    """Asks after a message that took the answers from `before` to `after`."""

    def ask(before, after, extra=()):
        tracker = conversation(after).hears("a message")
        tracker.events = [
            {"event": "slot", "name": "walk_answers", "value": [list(p) for p in before.answers]},
            tracker.events[-1],
            {"event": "slot", "name": "walk_answers", "value": [list(p) for p in after.answers]},
            *extra,
        ]
        return run_action(ActionAskWalkAnswer(), tracker)

    return ask


def test_the_question_comes_with_a_button_for_each_choice(asks, walk_of):
    outcome = asks(walk_of(), walk_of())
    assert outcome.texts == ["Is anyone at risk of harm right now?"]
    assert outcome.titles == ["No", "Yes", "I am not sure"]


def test_a_date_offers_today_and_yesterday_first(asks, walk_of):
    walk = walk_of("sandwell", **SANDWELL)
    assert asks(walk, walk).titles[:2] == ["Today", "Yesterday"]


def test_the_answer_is_shown_once_as_soon_as_it_is_complete(asks, walk_of, around):
    before = walk_of("sandwell", **SANDWELL)
    after = before.taking(around, "manager_aware", "2026-11-12")
    (card,) = asks(before, after).cards
    assert "Stage 1" in card["title"]
    assert asks(after, after).cards == []


def test_the_answer_is_not_repeated_after_a_free_question(asks, walk_of, around):
    before = walk_of("sandwell", **SANDWELL)
    after = before.taking(around, "manager_aware", "2026-11-12")
    extra = [{"event": "action", "name": "action_answer_question"}]
    assert asks(before, after, extra=extra).cards == []


def test_at_the_check_every_answer_is_shown(asks, walk_of, around):
    walk = walk_of("sandwell", **SANDWELL, manager_aware="2026-11-12", child_status="neither")
    after = walk
    while (asked := after.question(around)).fact != "check":
        before = after
        value = asked.choices[-1].value if asked.kind == "choice" else "skipped"
        after = after.taking(around, asked.fact, value)
    outcome = asks(before, after)
    check = outcome.cards[-1]
    assert check["title"] == "Check your answers"
    assert outcome.titles == ["Yes, record it", "Change an answer", "Keep it as a draft"]


@pytest.mark.parametrize("value", ["yes", "not_sure"])
def test_risk_shows_the_advice_before_anything_else(asks, walk_of, value):
    outcome = asks(walk_of(), walk_of(imminent=value))
    assert "999" in str(outcome.cards[0])
    outcome = asks(walk_of(imminent=value), walk_of("sandwell", imminent=value))
    assert "MARF" in str(outcome.cards[0])
    assert outcome.texts == ["Have you done this?"]


def test_not_yet_shows_the_advice_again(asks, walk_of):
    walk = walk_of("sandwell", imminent="yes")
    assert "MARF" in str(asks(walk, walk).cards[0])


def test_a_matter_outside_the_policy_shows_where_to_go(asks, walk_of):
    before = walk_of("sandwell", imminent="no")
    after = walk_of("sandwell", imminent="no", matter="own_agency")
    outcome = asks(before, after)
    assert outcome.cards[0]["title"] == "This policy is not for that"
    assert outcome.titles == ["Change my answer", "Stop here"]
