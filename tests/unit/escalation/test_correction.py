"""An answer put right changes what follows from it, and nothing else."""

from datetime import UTC, datetime

import pytest

from bot.escalation.correction import ElsewhereError, corrected

NOW = datetime(2027, 1, 8, 14, 0, tzinfo=UTC)
SANDWELL = {"matter": "another_agency", "manager_aware": "2026-12-14", "trust": "challenged"}


def test_what_came_with_leaving_the_stage_before_stays_owed(policies):
    facts = {**SANDWELL, "form_received_3": "2027-01-08"}
    found = corrected(policies["sandwell"], facts, "s3", "s2", NOW)
    owed = {duty.id for duty in found.duties}
    assert {"record_dispute", "tell_rep", "tell_dqr"} <= owed
    assert {"form_3", "meet_3"} <= owed


def test_what_followed_from_the_wrong_answer_alone_goes(policies):
    facts = {**SANDWELL, "trust": "neither"}
    owed = {each.id for each in corrected(policies["sandwell"], facts, "s3", "s2", NOW).duties}
    assert "tell_rep" in owed
    assert "tell_dqr" not in owed


def test_a_case_that_was_recorded_at_its_stage_left_none(policies):
    owed = {each.id for each in corrected(policies["sandwell"], SANDWELL, "s3", None, NOW).duties}
    assert "form_3" in owed
    assert "tell_rep" not in owed


def test_an_answer_that_leads_elsewhere_is_refused(policies):
    facts = {"matter": "child", "significant_harm": "no"}
    with pytest.raises(ElsewhereError, match="With that answer the policy leads to Stage 1"):
        corrected(policies["jersey"], facts, "s2", "s1", NOW)
