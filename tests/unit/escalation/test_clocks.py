"""Clocks in a situation: what starts them, which reading counts, what is late."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.escalation.clocks import NO_TIME_GIVEN, RunningClock, moment, root_of, run_clocks

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 16, 9, 30, tzinfo=LONDON)


def run(policy, *ids: str, now: datetime = NOW, **facts: str) -> list[RunningClock]:
    return list(run_clocks(policy, ids, facts, now))


def test_a_clock_waits_until_its_event_has_happened(policies):
    for facts in ({}, {"raised": "not_yet"}, {"raised": "not_known"}):
        [clock] = run(policies["valley"], "a_talk", **facts)
        assert (clock.event, clock.started, clock.due, clock.overdue) == (None, None, None, None)
        assert clock.counts


@pytest.mark.parametrize(
    ("form", "meeting", "event", "due"),
    [
        ("2026-11-12", "not_yet", "form_sent", date(2026, 11, 19)),
        ("not_yet", "2026-11-13", "meeting_called", date(2026, 11, 20)),
        ("2026-11-13", "2026-11-12", "meeting_called", date(2026, 11, 19)),
        ("2026-11-12T15:00", "2026-11-12T09:00", "meeting_called", date(2026, 11, 19)),
    ],
)
def test_of_two_events_the_first_to_happen_starts_the_clock(policies, form, meeting, event, due):
    [clock] = run(policies["valley"], "b_meet", form_sent=form, meeting_called=meeting)
    assert (clock.event, clock.due) == (event, due)


def test_a_clock_that_follows_another_runs_from_its_due_date(policies):
    meet, write = run(policies["valley"], "b_meet", "b_write", form_sent="2026-11-12")
    assert meet.due == date(2026, 11, 19)
    assert write.started == datetime(2026, 11, 19, tzinfo=LONDON)
    assert write.due == date(2026, 11, 23)
    [alone] = run(policies["valley"], "b_write", form_sent="2026-11-12")
    assert alone == write


def test_a_clock_that_follows_one_not_started_has_no_date(policies):
    meet, write = run(policies["valley"], "b_meet", "b_write")
    assert (meet.due, write.due, write.started) == (None, None, None)


@pytest.mark.parametrize(
    ("told", "due", "kind"),
    [
        # Friday 13 November: 48 hours end on Sunday, two working days on Tuesday.
        ("2026-11-13T10:00", datetime(2026, 11, 15, 10, tzinfo=LONDON), "elapsed_hours"),
        # Monday 16 November at 23:00: 48 hours end on Wednesday at 23:00, inside day 2.
        ("2026-11-16T23:00", datetime(2026, 11, 18, 23, tzinfo=LONDON), "elapsed_hours"),
    ],
)
def test_of_two_readings_both_are_there_and_the_earlier_is_the_target(policies, told, due, kind):
    [clock] = run(policies["valley"], "b_reply", lead_told=told)
    assert len([limit for limit in clock.limits if limit.due is not None]) == 2
    assert clock.due == due
    assert clock.target.reading.kind == kind


def test_hours_counted_from_a_day_alone_say_so(policies):
    [clock] = run(policies["berkshire"], "s1_contact", reported="2026-11-13")
    assert clock.due == datetime(2026, 11, 14, tzinfo=LONDON)
    assert NO_TIME_GIVEN in clock.target.convention


def test_hours_are_elapsed_hours_across_the_clock_change(policies):
    [clock] = run(policies["berkshire"], "s1_contact", reported="2026-10-24T10:00")
    assert clock.due.isoformat() == "2026-10-25T09:00:00+00:00"


def test_a_clock_that_has_passed_says_by_how_much(policies):
    [clock] = run(policies["jersey"], "s1_meet", stage1_began="2026-11-02")
    assert clock.due == date(2026, 11, 9)
    assert (clock.overdue.working_days, clock.overdue.calendar_days) == (5, 7)


def test_a_clock_is_not_late_on_the_day_it_is_due(policies):
    late = datetime(2026, 11, 9, 23, 59, tzinfo=LONDON)
    [clock] = run(policies["jersey"], "s1_meet", now=late, stage1_began="2026-11-02")
    assert clock.overdue is None


def test_beyond_the_published_holidays_a_date_is_projected(policies):
    [near] = run(policies["jersey"], "s1_meet", stage1_began="2026-11-02")
    [far] = run(policies["jersey"], "s1_meet", stage1_began="2033-04-01")
    assert [limit.projected for limit in (*near.limits, *far.limits)] == [False, True]
    assert "projected" in far.target.convention


def test_the_holidays_of_the_policy_s_own_place_count(policies):
    [jersey] = run(policies["jersey"], "s2_discuss", stage2_began="2025-05-08")
    assert jersey.due == date(2025, 5, 13)
    assert [day.name for day in jersey.skipped] == ["Liberation Day"]


def test_words_alone_start_and_are_never_due(policies):
    [clock] = run(policies["gloucestershire"], "s2_refer", not_resolved_1="2026-11-13")
    assert (clock.event, clock.due, clock.overdue) == ("not_resolved_1", None, None)
    assert not clock.counts


def test_the_same_working_day_is_never_the_next_one(policies):
    [friday] = run(policies["sandwell"], "marf", believed_imminent="2026-11-13T16:59")
    [saturday] = run(policies["sandwell"], "marf", believed_imminent="2026-11-14T10:00")
    assert (friday.due, saturday.due) == (date(2026, 11, 13), None)


@pytest.mark.parametrize(
    ("text", "instant", "day_only"),
    [
        ("2026-11-12", "2026-11-12T00:00:00+00:00", True),
        ("2026-07-12T16:45", "2026-07-12T16:45:00+01:00", False),
        ("2026-11-12T16:45:00Z", "2026-11-12T16:45:00+00:00", False),
        ("2026-07-12T16:45+00:00", "2026-07-12T17:45:00+01:00", False),
    ],
)
def test_a_moment_is_read_in_local_time(text, instant, day_only):
    read, only_the_day = moment(text, LONDON)
    assert (read.isoformat(), only_the_day) == (instant, day_only)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "12/11/2026", "2026-11-12T25:00"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        moment(text, LONDON)


def conditional(policy, id_: str, **when: tuple[str, ...]):
    """The policy, with one of its clocks for some situations only."""
    clock = policy.clocks[id_].model_copy(update={"when": when})
    return policy.model_copy(update={"clocks": {**policy.clocks, id_: clock}})


def test_the_root_of_a_clock_is_the_one_that_an_event_starts(policies):
    clocks = dict(policies["valley"].clocks)
    clocks["later"] = clocks["b_write"].model_copy(update={"after": "b_write"})
    policy = policies["valley"].model_copy(update={"clocks": clocks})
    for id_ in ("later", "b_write", "b_meet"):
        assert root_of(policy, clocks[id_]) == clocks["b_meet"]


@pytest.mark.parametrize(
    ("facts", "there"),
    [({}, []), ({"urgent": "no"}, []), ({"urgent": "yes"}, ["a_talk"])],
)
def test_a_clock_counts_only_once_its_condition_is_known_to_hold(policies, facts, there):
    policy = conditional(policies["valley"], "a_talk", urgent=("yes",))
    assert [clock.id for clock in run(policy, "a_talk", raised="2026-11-12", **facts)] == there


@pytest.mark.parametrize(
    ("facts", "there"),
    [({}, []), ({"urgent": "no"}, []), ({"urgent": "yes"}, ["b_write"])],
)
def test_a_clock_does_not_follow_one_that_does_not_apply(policies, facts, there):
    policy = conditional(policies["valley"], "b_meet", urgent=("yes",))
    assert [clock.id for clock in run(policy, "b_write", form_sent="2026-11-12", **facts)] == there


def test_who_only_counts_can_have_the_clocks_whose_condition_is_open(policies):
    policy = conditional(policies["valley"], "a_talk", urgent=("yes",))
    given = {"raised": "2026-11-12"}
    [clock] = run_clocks(policy, ("a_talk",), given, NOW, unsettled=True)
    assert clock.due == date(2026, 11, 17)
    no = {**given, "urgent": "no"}
    assert run_clocks(policy, ("a_talk",), no, NOW, unsettled=True) == ()


def test_what_follows_words_alone_never_gets_a_date(policies):
    clocks = dict(policies["valley"].clocks)
    clocks["b_write"] = clocks["b_write"].model_copy(update={"after": "c_refer"})
    policy = policies["valley"].model_copy(update={"clocks": clocks})
    [clock] = run(policy, "b_write", not_agreed="2026-11-12")
    assert (clock.due, clock.counts) == (None, False)
