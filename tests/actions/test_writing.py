from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from actions.writing import began_on, new_escalation, status_of, subject_of
from bot.escalation.decide import decide

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
SANDWELL = {
    "imminent": "no", "matter": "another_agency", "area": "threshold", "stage": "s1",
    "manager_aware": "2026-11-12T10:00+00:00", "child_status": "neither",
}  # fmt: skip


@pytest.fixture
def written(library):
    def write(policy_id, **facts):
        policy = library.get(policy_id)
        decision = decide(policy, facts, NOW)
        content = library.hashes[policy_id, policy.document.label]
        answers = [("policy", policy_id), *facts.items()]
        return decision, new_escalation(policy, content, decision, answers, "d1", NOW)

    return write


def test_the_rows_are_what_was_decided(written):
    decision, new = written("sandwell", **SANDWELL)
    assert (new.policy_id, new.side, new.area, new.draft) == (
        "sandwell",
        "raising",
        "threshold",
        "d1",
    )
    assert new.stage.stage == decision.stage.id
    assert [duty.key for duty in new.duties] == [duty.id for duty in decision.duties]
    assert [clock.key for clock in new.clocks] == [clock.id for clock in decision.clocks]
    assert all(duty.citation for duty in new.duties)
    assert all(clock.citation and clock.words for clock in new.clocks)


def test_every_due_date_is_the_one_decided(written):
    decision, new = written("sandwell", **SANDWELL)
    for running, clock in zip(decision.clocks, new.clocks, strict=True):
        due = clock.due_at or clock.due_on
        expected = running.due.astimezone(UTC) if isinstance(running.due, datetime) else running.due
        assert due == expected
        assert clock.status == status_of(running)


def test_a_stage_without_a_number_has_words_and_no_date(written, library):
    facts = {"imminent": "no", "matter": "another_agency", "stage": "s2"}
    _, new = written("gloucestershire", **facts, area=first_area(library, "gloucestershire"))
    assert {clock.status for clock in new.clocks} == {"no_number"}
    assert all(clock.due_on is None and clock.due_at is None for clock in new.clocks)


def first_area(library, policy_id):
    return library.get(policy_id).facts["area"].options[0].value


def test_nothing_is_written_before_a_stage_is_reached(written):
    with pytest.raises(ValueError, match="Nothing to record"):
        written("sandwell", imminent="yes")


@pytest.mark.parametrize(
    ("policy_id", "matter", "subject"),
    [
        ("jersey", "child", "child"),
        ("jersey", "adult_at_risk", "adult_at_risk"),
        ("jersey", "received", "not_said"),
        ("sandwell", "received", "child"),
    ],
)
def test_whom_it_is_about(library, policy_id, matter, subject):
    assert subject_of(library.get(policy_id), {"matter": matter}) == subject


def test_it_began_when_the_first_clock_started_else_today(library):
    policy = library.get("sandwell")
    day = date(2026, 11, 12)
    assert began_on(decide(policy, SANDWELL, NOW), NOW) == (day, day)
    without = {**SANDWELL, "manager_aware": "not_yet"}
    assert began_on(decide(policy, without, NOW), NOW) == (NOW.date(), NOW.date())


def test_a_late_stage_is_entered_later_than_the_matter_was_raised(library):
    facts = {
        **SANDWELL, "stage": "s4", "manager_aware": "2026-06-01", "form_received_4": "2026-06-29",
    }  # fmt: skip
    began = began_on(decide(library.get("sandwell"), facts, NOW), NOW)
    assert began == (date(2026, 6, 1), date(2026, 6, 29))


def test_a_start_just_after_midnight_is_that_day_where_the_policy_holds(library):
    local = datetime(2026, 6, 11, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    facts = {**SANDWELL, "manager_aware": local.isoformat(timespec="minutes")}
    began = began_on(decide(library.get("sandwell"), facts, NOW), NOW)
    assert began == (date(2026, 6, 11), date(2026, 6, 11))


def test_today_is_the_day_where_the_policy_holds(library):
    just_after_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    facts = {**SANDWELL, "manager_aware": "not_yet"}
    decision = decide(library.get("sandwell"), facts, just_after_midnight)
    assert began_on(decision, just_after_midnight)[0] == date(2026, 7, 1)


def test_a_skipped_summary_is_no_summary(written):
    assert written("sandwell", **SANDWELL, summary="skipped")[1].summary is None
    assert written("sandwell", **SANDWELL, summary="We differ")[1].summary == "We differ"


def test_nobody_takes_part_by_name(written):
    _, new = written("sandwell", **SANDWELL)
    assert [each.side for each in new.participants] == ["raising", "challenged"]
    assert all(each.role for each in new.participants)
