"""What holds of a decision whatever the facts are."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.clocks import at_midnight
from bot.escalation.decide import decide
from bot.escalation.exchange import as_json
from bot.escalation.questions import NOT_KNOWN, NOT_YET
from bot.policy.model import Policy

NOW = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))
MOST_QUESTIONS = 25
BUILT_IN = {
    "imminent": ("yes", "no", "not_sure"),
    "protected": ("yes", "no"),
    "resolved": ("yes", "no"),
    "side": ("raising", "challenged"),
}


def moments() -> st.SearchStrategy[str]:
    days = st.dates(date(2020, 1, 1), date(2035, 12, 31)).map(date.isoformat)
    instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31)).map(datetime.isoformat)
    return days | instants | st.sampled_from((NOT_YET, NOT_KNOWN))


def built_once(build: Callable[[Policy], Any]) -> Callable[[Policy], Any]:
    """Build it once a policy: Hypothesis takes longer to build a strategy than to draw from it."""
    built: dict[str, Any] = {}

    @wraps(build)
    def kept(policy: Policy) -> Any:
        if policy.id not in built:
            built[policy.id] = build(policy)
        return built[policy.id]

    return kept


@built_once
def answers_of(policy: Policy) -> dict[str, st.SearchStrategy[str]]:
    """Every fact that the policy takes, with the values that it takes."""
    values = {fact: st.sampled_from(allowed) for fact, allowed in BUILT_IN.items()}
    values["stage"] = st.sampled_from([stage.id for stage in policy.stages])
    for id_, fact in policy.facts.items():
        options = [option.value for option in fact.options] or ["yes", "no"]
        values[id_] = st.sampled_from(options)
    return values | {event: moments() for event in policy.events}


@built_once
def on_the_ladder(policy: Policy) -> st.SearchStrategy[dict[str, str]]:
    """Facts that always reach a stage, or lack only what a fork or an entry asks for."""
    values = dict(answers_of(policy))
    excluded = {value for each in policy.routes.excluded for value in each.when.get("matter", ())}
    scope = [each.value for each in policy.facts["matter"].options if each.value not in excluded]
    values |= {"imminent": st.just("no"), "matter": st.sampled_from(scope)}
    required = {fact: values.pop(fact) for fact in ("imminent", "matter", "stage")}
    return st.fixed_dictionaries(required, optional=values)


@built_once
def anything(policy: Policy) -> st.SearchStrategy[dict[str, str]]:
    """Any facts at all of a policy."""
    return st.fixed_dictionaries({}, optional=answers_of(policy))


@given(data=st.data())
def test_any_facts_of_a_policy_give_a_decision(policy, data):
    facts = data.draw(anything(policy))
    decision = decide(policy, facts, NOW)
    stands = decision.status in ("stage", "discuss_first", "closed")
    assert (decision.stage is not None) == stands
    assert (decision.excluded is not None) == (decision.status == "outside")
    assert bool(decision.questions) or decision.status != "need"
    if decision.status == "imminent":
        assert decision.imminent is not None
    if facts.get("imminent") in ("yes", "not_sure") and facts.get("protected") != "yes":
        assert decision.status == "imminent"
    as_json(decision)


@given(data=st.data())
def test_the_same_facts_give_the_same_decision_in_any_order(policy, data):
    facts = data.draw(on_the_ladder(policy))
    assert decide(policy, facts, NOW) == decide(policy, dict(reversed(facts.items())), NOW)


@given(data=st.data())
def test_words_alone_never_have_a_date(policy, data):
    for clock in decide(policy, data.draw(on_the_ladder(policy)), NOW).clocks:
        for limit in clock.limits:
            assert limit.reading.kind != "words_only" or limit.due is None
        if not clock.counts:
            assert clock.due is None


@given(data=st.data())
def test_nothing_is_due_before_it_began_and_the_earliest_reading_is_the_target(policy, data):
    zone = ZoneInfo(policy.place.timezone)
    for clock in decide(policy, data.draw(on_the_ladder(policy)), NOW).clocks:
        dues = [limit.due for limit in clock.limits if limit.due is not None]
        ends = [
            due if isinstance(due, datetime) else datetime.combine(due, time.max, zone)
            for due in dues
        ]
        assert all(clock.started <= end for end in ends)
        if clock.due is None:
            assert not dues
            continue
        assert at_midnight(clock.due, zone) <= min(ends)
        assert clock.target is not None


@given(data=st.data())
def test_no_force_is_other_than_the_policy_s(policy, data):
    decision = decide(policy, data.draw(on_the_ladder(policy)), NOW)
    written = {duty.id: duty.strength for duty in policy.duties}
    shown = as_json(decision)
    for duty in (*shown["duties"], *shown["duties_if"], *shown["earlier"]):
        assert duty["strength"] == written[duty["id"]]
    for clock in shown["clocks"]:
        assert clock["strength"] == policy.clocks[clock["id"]].strength
    if decision.final:
        assert all(ending.force == "final" for ending in decision.endings)


@given(data=st.data())
def test_a_duty_is_in_force_or_in_doubt_or_earlier_but_never_twice(policy, data):
    decision = decide(policy, data.draw(on_the_ladder(policy)), NOW)
    ids = [duty.id for duty in (*decision.duties, *(each.duty for each in decision.earlier))]
    ids += [each.duty.id for each in decision.duties_if]
    assert len(ids) == len(set(ids))


@given(data=st.data())
def test_answering_what_is_asked_comes_to_an_end(policy, data):
    values = answers_of(policy)
    facts: dict[str, str] = {}
    for _ in range(MOST_QUESTIONS):
        questions = decide(policy, facts, NOW).questions
        if not questions:
            break
        asked = questions[0].fact
        assert asked not in facts
        facts[asked] = data.draw(values[asked])
        if decide(policy, facts, NOW).status == "imminent":
            facts["protected"] = "yes"
    decision = decide(policy, facts, NOW)
    assert not decision.questions
    assert decision.status != "need"
