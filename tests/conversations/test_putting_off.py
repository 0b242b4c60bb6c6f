"""A reminder and its answers in the real assistant: tomorrow, met and not agreed, by one press."""

from datetime import timedelta

from test_cases import recorded

from bot.records.audit import verify_audit
from bot.reminders.due import Pace
from bot.reminders.sweep import sweep

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DIRECT = {"policy": "jersey", "stage": "s1"}


def swept(around, clock):
    return sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=None)


async def reminded(walker, around, clock):
    """A case whose limit has passed, and its reminder on screen; the reference."""
    await walker.begin()
    reference = await walker.record(DIRECT)
    clock.forward(9 * DAY)
    swept(around, clock)
    await walker.say("hello")
    assert "**Reminder.**" in walker.talk.said
    return reference


def answer(walker, title):
    """The button of the reminder, not of the greeting below it."""
    shown = [message for message in walker.talk.messages if "Reminder" in message.get("text", "")]
    [button] = [each for each in shown[-1]["buttons"] if each["title"] == title]
    walker.talk.messages = [{"text": "", "buttons": [button]}]
    return walker.talk.tap(title)


async def test_tomorrow_comes_once_and_the_limit_stays_what_it_was(walker, around, clock):
    reference = await reminded(walker, around, clock)
    before = recorded(around, walker, reference)
    await answer(walker, "Remind me tomorrow")
    assert "again on Monday 30 November 2026 at 08:00, and not before" in walker.talk.said
    assert "act now and tell your manager" in walker.talk.said
    assert await walker.talk.loop() is None
    assert recorded(around, walker, reference) == before
    clock.forward(3 * HOUR)
    assert swept(around, clock).made == 0
    await walker.say("my escalations")
    assert "overdue" in walker.talk.said, "what was put off is still shown as late"
    clock.forward(3 * DAY)
    assert swept(around, clock).sent == 1
    await walker.say("hello")
    assert "You asked me to remind you again." in walker.talk.said
    with around.database.reading() as session:
        assert verify_audit(session)


async def test_tomorrow_in_words_and_what_cannot_be(walker, around, clock):
    await reminded(walker, around, clock)
    await walker.say("remind me tomorrow please")
    assert "again on Monday 30 November 2026 at 08:00" in walker.talk.said
    await walker.say("remind me at four o'clock on Tuesday")
    assert "cannot remind you at a time" in walker.talk.said


async def test_tomorrow_in_the_midst_of_a_walk_keeps_the_place(walker, around, clock):
    reference = await reminded(walker, around, clock)
    [limit] = [each for each in recorded(around, walker, reference).clocks if each.due_on]
    await walker.talk.tap("I disagree")
    asked = (await walker.asked()).fact
    await walker.talk.choose("case_tomorrow", f"{reference} {limit.stage}/{limit.key}")
    assert "I will remind you again" in walker.talk.said
    assert (await walker.asked()).fact == asked
    assert await walker.talk.loop() == "walk_form"


async def test_met_takes_the_day_and_the_check_and_ends_the_reminders(walker, around, clock):
    reference = await reminded(walker, around, clock)
    await answer(walker, "Mark as met")
    assert (await walker.asked()).fact == "changed_on"
    await walker.say("yesterday")
    assert (await walker.asked()).fact == "check"
    await walker.tap("check", "record")
    [limit] = [each for each in recorded(around, walker, reference).clocks if each.due_on]
    assert limit.status in ("met", "missed")
    clock.forward(30 * DAY)
    assert swept(around, clock).made == 0


async def test_not_agreed_leads_to_the_next_stage(walker, around, clock):
    reference = await reminded(walker, around, clock)
    await answer(walker, "Not agreed")
    assert (await walker.asked()).fact == "outcome_on"
    await walker.say("yesterday")
    while (asked := await walker.asked()) is not None and await walker.talk.loop():
        await walker.answer(asked, {"check": "record"})
    case = recorded(around, walker, reference)
    assert case.stages[0].outcome == "not_agreed"
    assert len(case.stages) == 2
