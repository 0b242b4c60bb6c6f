"""Risk comes first: in every state of a conversation, in the very turn in which it is said."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from paths import mark, rewind

from bot.records.database import Database
from bot.records.errors import DatabaseUnavailableError
from bot.records.tables import RiskAlertRow

HIGH = "he has a knife and he is in the house with the children now"
LOW = "he threatened her last week"
LONG = f"{'We have met three times about the plan and nothing has moved. ' * 24}{HIGH}. " + (
    "The conference is next month. " * 10
)
ADVICE = "999"
ASKED = {"policy": "sandwell", "stage": "s2"}, {"policy": "jersey", "stage": "s2"}


def alerts(around, person):
    with around.database.reading() as session:
        query = sa.select(RiskAlertRow).where(RiskAlertRow.person == person)
        return list(session.scalars(query.order_by(RiskAlertRow.raised_at)))


def assert_advice(talk, *, done=True):
    assert ADVICE in str(talk.cards[0]), talk.said
    assert talk.titles[0] == ("Yes, done" if done else "No"), talk.titles


@pytest.mark.parametrize("prefer", ASKED, ids=["sandwell", "jersey"])
async def test_danger_said_at_every_question_of_a_walk_gets_the_advice_at_once(
    walker, around, clock, prefer
):
    await walker.begin()
    while True:
        asked, answers = await walker.asked(), await walker.answers()
        place, before = mark(walker.talk), len(alerts(around, walker.talk.person))
        clock.forward(timedelta(minutes=1))
        await walker.say(HIGH)
        assert_advice(walker.talk)
        raised = alerts(around, walker.talk.person)
        assert len(raised) == before + 1, asked
        assert (raised[-1].tier, raised[-1].source) == ("high", "typed")
        await walker.talk.tap("Not yet")
        assert_advice(walker.talk)
        await walker.talk.tap("Nobody is at risk")
        if asked.fact == "summary":  # the words were the answer, so they are kept
            assert await walker.answers() == {**answers, "summary": HIGH}
        else:
            assert (await walker.asked(), await walker.answers()) == (asked, answers)
            assert asked.ask in walker.talk.texts
        raised = alerts(around, walker.talk.person)
        assert raised[-1].settled_as == "not_in_danger"
        rewind(walker.talk, place)
        if asked.fact == "check":
            break
        await walker.answer(asked, prefer)


@pytest.mark.parametrize("prefer", ASKED, ids=["sandwell", "jersey"])
async def test_once_the_call_is_made_the_walk_goes_on_where_it_was(walker, around, prefer):
    await walker.begin()
    asked = await walker.to("stage", prefer)
    answers = await walker.answers()
    await walker.say(HIGH)
    await walker.talk.tap("Yes, done")
    assert "The time is recorded" in walker.talk.said
    assert asked.ask in walker.talk.texts
    assert (await walker.asked()).fact == "stage"
    after = await walker.answers()
    assert after.items() >= {**answers, "imminent": "yes", "protected": "yes"}.items()
    (alert,) = alerts(around, walker.talk.person)
    assert (alert.call_made, alert.settled_as) == ("yes", "in_danger")
    reference = await walker.record(prefer)
    assert reference
    assert len(alerts(around, walker.talk.person)) == 1


@pytest.mark.parametrize("prefer", ASKED, ids=["sandwell", "jersey"])
async def test_a_worry_at_every_question_is_asked_about_and_the_place_kept(
    walker, around, clock, prefer
):
    await walker.begin()
    while True:
        asked, answers = await walker.asked(), await walker.answers()
        place, before = mark(walker.talk), len(alerts(around, walker.talk.person))
        clock.forward(timedelta(minutes=1))
        await walker.say(LOW)
        assert ADVICE in walker.talk.said
        assert walker.talk.titles == ["No", "Yes", "I am not sure"]
        kept = await walker.answers()
        if asked.kind == "text":
            assert kept[asked.fact] == LOW
        else:
            assert kept == answers
        assert len(alerts(around, walker.talk.person)) == before + 1
        await walker.talk.tap("No")
        assert await walker.answers() == kept
        now_asked = await walker.asked()
        assert (now_asked == asked) == (asked.kind != "text")
        assert now_asked.ask in walker.talk.texts
        rewind(walker.talk, place)
        if asked.fact == "check":
            break
        await walker.answer(asked, prefer)


async def test_not_sure_counts_as_yes(walker, around):
    await walker.begin()
    await walker.to("area", {"policy": "sandwell"})
    await walker.say(LOW)
    await walker.talk.tap("I am not sure")
    assert_advice(walker.talk)
    await walker.talk.tap("Yes, done")
    (alert,) = alerts(around, walker.talk.person)
    assert (alert.tier, alert.call_made) == ("high", "yes")
    assert (await walker.asked()).fact == "area"


async def test_no_silences_that_alert_only(walker, around):
    await walker.begin()
    await walker.to("area", {"policy": "sandwell"})
    await walker.say(LOW)
    await walker.talk.tap("No")
    await walker.say("she was seen with bruises")
    assert ADVICE in walker.talk.said
    assert len(alerts(around, walker.talk.person)) == 2


async def test_danger_said_right_after_no_is_heard(walker, around):
    await walker.begin()
    await walker.tap("imminent", "no")
    await walker.say(HIGH)
    assert_advice(walker.talk)
    await walker.talk.tap("Nobody")
    await walker.say(LOW)
    await walker.talk.tap("No")
    await walker.say(HIGH)
    assert_advice(walker.talk)
    assert len(alerts(around, walker.talk.person)) == 3


@pytest.mark.parametrize(
    "words", [f"stop, {HIGH}", f"cancel {HIGH}", f"no {HIGH}", f"what stage? {HIGH}", LONG]
)
@pytest.mark.parametrize("fact", ["matter", "summary"])
async def test_danger_beside_another_wish_or_deep_in_a_long_answer_comes_first(
    walker, around, words, fact
):
    await walker.begin()
    asked = await walker.to(fact, {"policy": "sandwell"})
    await walker.say(words)
    assert_advice(walker.talk)
    assert len(alerts(around, walker.talk.person)) == 1
    assert await walker.talk.loop() == "walk_form"
    await walker.talk.tap("Nobody")
    if fact == "summary":  # the words were the answer, so they are kept
        assert (await walker.answers())["summary"] == words.strip()
    else:
        assert await walker.asked() == asked


@pytest.mark.parametrize("first", [None, "hello", "thanks", "what counts as a working day?"])
async def test_danger_outside_a_walk(walker, around, first):
    if first:
        await walker.say(first)
    await walker.say(HIGH)
    assert_advice(walker.talk)
    (alert,) = alerts(around, walker.talk.person)
    assert alert.policy_id is None
    await walker.talk.tap("Yes, done")
    assert "I disagree with a decision" in walker.talk.titles
    assert await walker.talk.slot("risk_alert") is None


async def test_danger_while_preparing_goes_with_the_case(walker, around):
    await walker.begin()
    reference = await walker.record({"policy": "plymouth"})
    await walker.talk.tap("Prepare")
    asked = await walker.asked()
    await walker.say(HIGH)
    assert_advice(walker.talk)
    await walker.talk.tap("Yes, done")
    assert await walker.asked() == asked
    assert asked.ask in walker.talk.texts
    with around.database.reading() as session:
        alert = session.scalars(sa.select(RiskAlertRow)).one()
        assert alert.escalation_id is not None
    assert reference


@pytest.mark.parametrize("fact", ["imminent", "policy", "stage", "summary", "check"])
async def test_the_button_that_is_always_on_screen_works_at_every_question(walker, around, fact):
    await walker.begin()
    asked = await walker.to(fact, {"policy": "sandwell"})
    await walker.talk.at_risk()
    assert_advice(walker.talk)
    (alert,) = alerts(around, walker.talk.person)
    assert (alert.tier, alert.source) == ("high", "button")
    await walker.talk.tap("Nobody")
    assert await walker.asked() == asked


async def test_sandwell_shows_its_referral_form_with_the_day_it_is_due(walker):
    await walker.begin()
    await walker.to("matter", {"policy": "sandwell"})
    await walker.say(HIGH)
    card = str(walker.talk.cards[0])
    assert "MARF" in card
    assert "Wednesday 18 November 2026" in card


async def test_the_route_of_the_own_policy_is_shown_and_no_other(walker):
    await walker.begin()
    await walker.to("matter", {"policy": "jersey"})
    await walker.say(HIGH)
    assert "MARF" not in walker.talk.said
    assert "Jersey" in walker.talk.said


async def test_the_same_message_twice_makes_one_alert(walker, around):
    await walker.begin()
    for _ in range(2):
        await walker.talk.say(HIGH, message_id="11111111-1111-1111-1111-111111111111")
        assert_advice(walker.talk)
    assert len(alerts(around, walker.talk.person)) == 1


@pytest.mark.parametrize(("words", "done"), [(HIGH, True), (LOW, False)])
async def test_two_replies_that_answer_nothing_never_make_a_loop(walker, around, words, done):
    await walker.begin()
    asked = await walker.to("matter", {"policy": "sandwell"})
    await walker.say(words)
    await walker.say("blue bananas")
    assert "Please answer this first" in walker.talk.said
    await walker.say("purple bananas")
    assert ("You have not told me" if done else "advice was given") in walker.talk.said
    assert await walker.talk.slot("risk_alert") is None
    assert await walker.asked() == asked
    assert asked.ask in walker.talk.texts
    (alert,) = alerts(around, walker.talk.person)
    assert alert.settled_as == ("in_danger" if done else "advice_given")


@pytest.mark.parametrize("value", ["yes", "not_sure"])
async def test_the_first_question_answered_with_yes_shows_the_route_and_writes_an_alert(
    walker, around, value
):
    await walker.begin()
    await walker.tap("imminent", value)
    assert ADVICE in str(walker.talk.cards)
    (alert,) = alerts(around, walker.talk.person)
    assert alert.source == "question"
    await walker.tap("policy", "sandwell")
    await walker.to("protected")
    assert "MARF" in walker.talk.said
    await walker.tap("protected", "no")
    assert "MARF" in walker.talk.said
    await walker.tap("protected", "yes")
    (alert,) = alerts(around, walker.talk.person)
    assert (alert.call_made, alert.settled_as) == ("yes", "in_danger")
    assert await walker.record({"stage": "s1"})


async def test_typed_yes_to_the_first_question_is_taken_as_yes(walker, around):
    await walker.begin()
    await walker.say("yes")
    assert ADVICE in str(walker.talk.cards)
    assert len(alerts(around, walker.talk.person)) == 1


def broken(*_, **__):
    raise DatabaseUnavailableError("The disk is full.")


@pytest.mark.parametrize("words", [HIGH, LOW])
async def test_an_alert_that_cannot_be_recorded_never_hides_the_advice(walker, monkeypatch, words):
    await walker.begin()
    asked = await walker.to("matter", {"policy": "sandwell"})
    monkeypatch.setattr(Database, "session", broken)
    await walker.say(words)
    assert ADVICE in walker.talk.said
    assert "could not record this alert" in walker.talk.said
    await walker.talk.tap("Yes" if words == HIGH else "No")
    assert "The time is recorded" not in walker.talk.said
    assert await walker.talk.slot("risk_alert") is None
    assert await walker.asked() == asked
    assert asked.ask in walker.talk.texts
    monkeypatch.undo()
    await walker.talk.choose("matter", asked.choices[0].value)
    assert "matter" in await walker.answers()


@pytest.mark.parametrize("value", ["yes", "not_sure"])
async def test_a_yes_to_the_first_question_shows_the_advice_though_nothing_can_be_recorded(
    walker, monkeypatch, value
):
    await walker.begin()
    monkeypatch.setattr(Database, "session", broken)
    await walker.tap("imminent", value)
    assert ADVICE in walker.talk.said


async def test_a_screen_that_fails_shows_the_advice(walker, monkeypatch, around):
    await walker.begin()
    asked = await walker.to("area", {"policy": "sandwell"})

    def fails(_text):
        raise RuntimeError("the lexicon is gone")

    monkeypatch.setattr("bot.nlu.risk_screen.matches", fails)
    await walker.say("anything")
    assert_advice(walker.talk)
    monkeypatch.undo()
    await walker.talk.tap("Nobody")
    assert await walker.asked() == asked
    assert len(alerts(around, walker.talk.person)) == 1


JOURNEYS = [
    pytest.param("I disagree", {"policy": policy}, id=f"{policy}, raising")
    for policy in ("berkshire", "gloucestershire", "plymouth")
] + [
    pytest.param("We have received", {"policy": policy}, id=f"{policy}, challenged")
    for policy in ("jersey", "sandwell")
]


@pytest.mark.parametrize(("title", "prefer"), JOURNEYS)
async def test_danger_is_heard_at_every_question_of_every_journey(
    walker, around, clock, title, prefer
):
    await walker.begin(title)
    asked = await walker.asked()
    while asked.fact != "check":
        place, before = mark(walker.talk), len(alerts(around, walker.talk.person))
        clock.forward(timedelta(minutes=1))
        await walker.say(HIGH)
        assert_advice(walker.talk)
        assert len(alerts(around, walker.talk.person)) == before + 1, asked
        await walker.talk.tap("Nobody is at risk")  # the question is asked again, with its answers
        rewind(walker.talk, place)
        await walker.answer(asked, prefer)
        asked = await walker.asked()
    await walker.say(HIGH)
    assert_advice(walker.talk)


async def test_danger_is_heard_at_every_point_of_the_preparation(walker, around):
    await walker.begin()
    await walker.record({"policy": "gloucestershire"})
    await walker.talk.tap("Prepare")
    while (asked := await walker.asked()) is not None:
        place, before = mark(walker.talk), len(alerts(around, walker.talk.person))
        await walker.say(HIGH)
        assert_advice(walker.talk)
        assert len(alerts(around, walker.talk.person)) == before + 1, asked
        rewind(walker.talk, place)
        await walker.talk.choose(asked.fact, "skipped")
