"""The virtual clock keeps to the real calendar: weekends, bank holidays and the clock change."""

from datetime import UTC, datetime, time, timedelta

import pytest
from valley_rehearsal import LONDON, MIXED, Played, at, valley

from bot.rehearsal.scenario import Span
from bot.rehearsal.time import after, end_of, mornings_on, next_due, next_morning
from bot.rehearsal.world import World

VALLEY = valley()
SPRING, AUTUMN = "2026-03-28T22:00", "2026-10-24T22:00"


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        pytest.param("04-01 15:00", "04-02 09:00", id="the next day"),
        pytest.param("04-02 08:59", "04-02 09:00", id="early on a working day"),
        pytest.param("04-02 09:00", "04-07 09:00", id="over Easter"),
        pytest.param("04-04 08:00", "04-07 09:00", id="early on a Saturday"),
        pytest.param("04-06 08:00", "04-07 09:00", id="early on Easter Monday"),
        pytest.param("04-10 23:59", "04-13 09:00", id="over a weekend"),
    ],
)
def test_the_next_morning_is_that_of_a_working_day(now, morning):
    assert next_morning(VALLEY, at(now)) == at(morning)


def test_several_mornings_on_are_counted_in_working_days():
    assert mornings_on(VALLEY, at("04-01 15:00"), 2) == at("04-07 09:00")


@pytest.mark.parametrize(
    ("span", "hour", "then"),
    [
        pytest.param(Span(hours=3), None, "04-02 18:00", id="hours"),
        pytest.param(Span(hours=48), time(10), "04-04 15:00", id="hours keep to no hour"),
        pytest.param(Span(days=1), None, "04-03 23:59", id="to the end of a day"),
        pytest.param(Span(days=1), time(10), "04-03 10:00", id="days count a bank holiday"),
        pytest.param(Span(working_days=1), None, "04-07 23:59", id="working days pass over Easter"),
        pytest.param(Span(working_days=2), time(10), "04-08 10:00", id="to an hour"),
    ],
)
def test_a_span_after_a_moment(span, hour, then):
    assert after(VALLEY, at("04-02 15:00"), span, hour) == at(then)


@pytest.mark.parametrize("starts", [SPRING, AUTUMN])
def test_hours_are_elapsed_hours_where_the_clocks_change(starts):
    base = datetime.fromisoformat(starts).replace(tzinfo=LONDON)
    then = after(VALLEY, base, Span(hours=24))
    assert then.astimezone(UTC) - base.astimezone(UTC) == timedelta(hours=24)
    assert then.hour == (23 if starts == SPRING else 21)
    assert after(VALLEY, base, Span(days=1), time(10)).hour == 10


def test_time_goes_on_where_the_clocks_go_back():
    # Half past one comes twice that night: the call is at the first, the end of the step after it.
    world = valley(
        ('starts: "2026-04-01T15:00"', f'starts: "{AUTUMN}"'),
        ("    span: {days: 2}\n", "    span: {hours: 3}\n"),
        ("    says: You read it.\n    takes: {hours: 1}\n",
         "    says: You read it.\n    takes: {hours: 4}\n"),
    )  # fmt: skip
    played = Played(world)
    told = played.do("read_policy")
    assert "It is Good Friday. Offices are closed until Tuesday." in str(told)
    passed = played.state.now.astimezone(UTC) - played.opening[0].at.astimezone(UTC)
    assert passed == timedelta(hours=4)


def limit_of(world: World, id_: str, *names: str) -> datetime | None:
    played = Played(world)
    played.do(*names)
    return played.state.opened[id_].due


def test_a_limit_by_a_clock_is_the_policy_s_own_date():
    # Raised on Tuesday 31 March, three working days, and two bank holidays on the way.
    assert limit_of(VALLEY, "no_help") == at("04-07 23:59")


def test_a_limit_by_a_clock_in_hours_ends_on_the_minute():
    world = valley(
        ('      urgent: "no"', '      urgent: "yes"'),
        ("enters: b_usual\n        happens: [form_sent]",
         "enters: b_urgent\n        happens: [lead_told]"),
        ("    opens: {after: [their_answer]}\n    aim: in_time\n    by: {working_days: 2}",
         "    opens: {after: [to_leads]}\n    aim: in_time\n    by: {clock: b_reply}"),
    )  # fmt: skip
    # 48 hours from Wednesday, which is sooner than two working days over Easter.
    assert limit_of(world, "leads_differ", "to_leads") == at("04-03 15:00")


def test_a_clock_that_gives_words_alone_is_no_limit():
    world = valley(("by: {working_days: 2}", "by: {clock: c_refer}"))
    assert limit_of(world, "leads_differ", "to_leads", "wait_on", "wait_on", "wait_on") is None


def test_a_limit_by_span_and_one_by_event():
    assert limit_of(VALLEY, "write_down") == at("04-02 23:59")
    assert limit_of(VALLEY, "send_page", "to_leads") is None


def test_a_clock_of_the_policy_that_the_case_is_not_under_is_counted_by_its_own():
    world = valley(
        *MIXED,
        ("    opens: {after: [neighbour_rings]}", "    opens: {after: [read_policy]}"),
        ("    by: {hours: 3}", "    by: {clock: a_talk}"),
    )
    assert limit_of(world, "no_answer", "read_policy") == at("04-07 23:59")


def test_of_one_moment_the_event_comes_first_then_the_limit_and_the_end_last():
    world = valley(
        ("lasts: {working_days: 10}", "lasts: {working_days: 1}"),
        ("    span: {days: 2}\n", "    span: {working_days: 1}\n"),
        ('    at: "08:00"', '    at: "23:59"'),
    )
    assert end_of(world) == at("04-02 23:59")
    played = Played(world)
    order = []
    while (due := next_due(world, played.state)) is not None and played.state.ended is None:
        order.append(due.what)
        played.do("wait")
    assert order[:1] == ["event"]
    assert played.state.ended == "time_up"
    assert played.state.missed == {"write_down": at("04-02 23:59")}
