"""Steps of a case: written once, in order, undone from the last back, on both databases."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.records.audit import verify_audit
from bot.records.cases import Answer, Clock, Duty, StageEntry
from bot.records.errors import KeyReusedError, NotFoundError, NotOpenError
from bot.records.progress import take_step, undo_last
from bot.records.steps import (
    ClockSettled,
    Corrected,
    DutySettled,
    Ended,
    Left,
    Step,
    VersionTaken,
)
from bot.records.store import find, record_escalation
from bot.records.tables import AuditEntryRow

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 20)


@pytest.fixture
def case(database, new_case):
    with database.session() as session:
        recorded = record_escalation(
            session, key="walk:1", person="person-1", now=NOW - timedelta(days=3), new=new_case()
        )
    with database.reading() as session:
        return find(session, reference=recorded.reference, person="person-1")


def step_on(case, **changes):
    here, clock = case.stages[-1], case.clocks[0]
    given = {
        "kind": "outcome",
        "at_stage": here.stage,
        "left": Left(stage=here.stage, left_on=ON, outcome="not_agreed"),
        "entered": StageEntry(stage="next", label="Next stage", entered_on=ON),
        "settled": (
            ClockSettled(stage=clock.stage, key=clock.key, status="met", settled_on=ON),
        ),
        "clocks": (
            Clock(
                stage="next", key="reply", what="reply", owner="Head", event="told",
                due_on=date(2026, 11, 27), words="5 working days", strength="should",
                basis="stated", indicative=False, status="running",
            ),
        ),
        "duties": (
            Duty(
                key="send", kind="record", strength="must", what="Send the form", stage="next",
                citation="s.7",
            ),
        ),
        "answers": (Answer(fact="told", value="2026-11-20", said_at=NOW),),
    }  # fmt: skip
    return Step(**{**given, **changes})


def taking(database, case, step, key="step:1", person="person-1"):
    with database.session() as session:
        return take_step(
            session, key=key, reference=case.reference, person=person, now=NOW, step=step
        )


def again(database, case):
    with database.reading() as session:
        return find(session, reference=case.reference, person="person-1")


def undoing(database, case, key="undo:1"):
    with database.session() as session:
        return undo_last(session, key=key, reference=case.reference, person="person-1", now=NOW)


def trail(database):
    with database.reading() as session:
        verify_audit(session)
        return list(session.scalars(select(AuditEntryRow.what).order_by(AuditEntryRow.seq)))


def test_a_stage_is_left_and_the_next_one_entered(database, case):
    taking(database, case, step_on(case))
    after = again(database, case)
    assert [each.outcome for each in after.stages] == ["not_agreed", None]
    assert (after.stages[0].left_on, after.stages[1].stage) == (ON, "next")
    assert (after.clocks[0].status, after.clocks[0].settled_on) == ("met", ON)
    assert after.clocks[-1].due_on == date(2026, 11, 27)
    assert after.duties[-1].key == "send"
    assert after.answers[-1].value == "2026-11-20"
    assert trail(database)[-3:] == ["StageLeft", "ClockSettled", "StageEntered"]


def test_the_same_message_twice_is_one_step(database, case):
    assert not taking(database, case, step_on(case)).already
    assert taking(database, case, step_on(case)).already
    assert len(again(database, case).stages) == 2


def test_a_key_of_something_else_is_refused(database, case):
    with pytest.raises(KeyReusedError):
        taking(database, case, step_on(case), key="walk:1")


def test_undoing_brings_everything_back(database, case):
    taking(database, case, step_on(case))
    undoing(database, case)
    assert again(database, case) == case
    assert trail(database)[-1] == "StepUndone"


def test_steps_are_undone_one_by_one_from_the_last(database, case):
    taking(database, case, step_on(case))
    middle = again(database, case)
    ended = Ended(status="resolved", ended_on=ON, ending="Agreed at Next stage", lessons="Talk")
    last = step_on(
        middle, left=Left(stage="next", left_on=ON, outcome="agreed"), entered=None, clocks=(),
        duties=(), answers=(), settled=(), ended=ended,
    )  # fmt: skip
    taking(database, middle, last, key="step:2")
    assert (again(database, case).status, again(database, case).lessons) == ("resolved", "Talk")
    undoing(database, case)
    assert again(database, case) == middle
    undoing(database, case, key="undo:2")
    assert again(database, case) == case
    with pytest.raises(NotOpenError, match="no step to undo"):
        undoing(database, case, key="undo:3")


def test_an_undo_that_is_repeated_undoes_once(database, case):
    taking(database, case, step_on(case))
    middle = again(database, case)
    taking(database, middle, step_on(middle, kind="duty", left=None, entered=None, clocks=(),
           duties=(), answers=(), settled=(),
           done=(DutySettled(stage="next", key="send", status="done", settled_on=ON),)),
           key="step:2")  # fmt: skip
    undoing(database, case)
    undoing(database, case)
    assert again(database, case) == middle


def test_after_an_undo_the_case_goes_on(database, case):
    taking(database, case, step_on(case))
    undoing(database, case)
    taking(database, case, step_on(case), key="step:2")
    assert len(again(database, case).stages) == 2


def test_a_case_that_moved_meanwhile_refuses_an_old_step(database, case):
    taking(database, case, step_on(case))
    with pytest.raises(NotOpenError, match="is at Next stage, not where this was decided"):
        taking(database, case, step_on(case), key="step:2")


def test_a_case_that_ended_takes_no_further_outcome(database, case):
    ended = Ended(status="resolved", ended_on=ON, ending="Agreed")
    taking(database, case, step_on(case, entered=None, clocks=(), duties=(), ended=ended))
    with pytest.raises(NotOpenError, match="has ended"):
        taking(database, case, step_on(case), key="step:2")


def test_nobody_else_can_take_or_undo_a_step(database, case):
    with pytest.raises(NotFoundError):
        taking(database, case, step_on(case), person="person-2")
    taking(database, case, step_on(case))
    with pytest.raises(NotFoundError), database.session() as session:
        undo_last(session, key="u", reference=case.reference, person="person-2", now=NOW)
    assert len(again(database, case).stages) == 2


def test_an_extension_keeps_its_reason_and_the_clock_runs_on(database, case):
    clock = case.clocks[0]
    extended = ClockSettled(
        stage=clock.stage, key=clock.key, status="extended", reason="The manager is on leave",
        due_on=date(2026, 12, 1),
    )  # fmt: skip
    taking(
        database, case,
        step_on(case, kind="clock", left=None, entered=None, clocks=(), duties=(), answers=(),
                settled=(extended,)),
    )  # fmt: skip
    after = again(database, case).clocks[0]
    assert (after.status, after.due_on, after.due_at) == ("extended", date(2026, 12, 1), None)
    assert after.reason == "The manager is on leave"
    undoing(database, case)
    assert again(database, case) == case


@pytest.mark.parametrize(
    "changes",
    [
        {"settled": (ClockSettled(stage="s1", key="unheard_of", status="met"),)},
        {"done": (DutySettled(stage="s1", key="unheard_of", status="done"),)},
    ],
)
def test_a_step_about_what_is_not_there_changes_nothing(database, case, changes):
    with pytest.raises(NotFoundError, match="unheard_of"):
        taking(database, case, step_on(case, **changes))
    assert again(database, case) == case
    assert trail(database)[-1] == "StageEntered"


def version_step(case, **changes):
    clock, duty = case.clocks[0], case.duties[0]
    taken = VersionTaken(left=case.policy_version, taken="2027-01", content_hash="cd" * 32)
    given = {
        "kind": "version",
        "at_stage": case.stages[-1].stage,
        "version": taken,
        "renewed_clocks": (replace(clock, words="within 2 days", due_on=None, due_at=NOW),),
        "renewed_duties": (replace(duty, strength="may", who=None),),
    }
    return Step(**{**given, **changes})


def test_another_version_is_followed_and_what_it_renews_stands_in_the_old_place(database, case):
    taking(database, case, version_step(case))
    after = again(database, case)
    assert (after.policy_version, after.policy_hash) == ("2027-01", "cd" * 32)
    assert after.began_under == case.policy_version
    assert (after.clocks[0].words, after.clocks[0].due_on) == ("within 2 days", None)
    assert after.clocks[1:] == case.clocks[1:]
    assert (after.duties[0].strength, after.duties[0].who) == ("may", None)
    assert trail(database)[-1] == "PolicyVersionTaken"


def test_a_version_that_is_taken_back_leaves_no_trace_in_the_case(database, case):
    taking(database, case, version_step(case))
    undoing(database, case)
    assert again(database, case) == case
    assert trail(database)[-2:] == ["PolicyVersionTaken", "StepUndone"]


def test_the_version_that_it_began_under_stays_known(database, case):
    taking(database, case, version_step(case))
    middle = again(database, case)
    third = VersionTaken(left="2027-01", taken="2028-01", content_hash="ef" * 32)
    taking(database, middle, version_step(middle, version=third), key="step:2")
    after = again(database, case)
    assert (after.policy_version, after.began_under) == ("2028-01", case.policy_version)


def test_a_version_decided_under_one_that_it_no_longer_follows_is_refused(database, case):
    taking(database, case, version_step(case))
    with pytest.raises(NotOpenError, match="follows version 2027-01"):
        taking(database, case, version_step(case), key="step:2")


def test_an_ended_case_takes_no_other_version(database, case):
    ended = Ended(status="resolved", ended_on=ON, ending="Agreed")
    taking(database, case, step_on(case, entered=None, clocks=(), duties=(), ended=ended))
    with pytest.raises(NotOpenError, match="has ended"):
        taking(database, case, version_step(case), key="step:2")


def test_what_is_not_on_record_cannot_be_renewed(database, case):
    other = replace(case.clocks[0], key="nowhere")
    with pytest.raises(NotFoundError, match="does not hold"):
        taking(database, case, version_step(case, renewed_clocks=(other,)))
    assert again(database, case) == case


def correction_of(case):
    clock = case.clocks[0]
    return Step(
        kind="correction",
        at_stage=case.stages[-1].stage,
        answers=(Answer(fact="told", value="2026-11-10", said_at=NOW),),
        renewed_clocks=(replace(clock, due_on=date(2026, 11, 17), due_at=None),),
        corrected=Corrected(
            fact="told",
            raised_on=date(2026, 11, 10),
            entered_on=date(2026, 11, 10),
            area="threshold",
            summary="Other words",
        ),
    )


def test_an_answer_put_right_changes_the_case_and_keeps_both(database, case):
    taking(database, case, correction_of(case))
    after = again(database, case)
    assert (after.raised_on, after.stages[-1].entered_on) == (date(2026, 11, 10),) * 2
    assert (after.area, after.summary) == ("threshold", "Other words")
    assert after.clocks[0].due_on == date(2026, 11, 17)
    assert after.answers == (*case.answers, correction_of(case).answers[0])


def test_the_trail_tells_of_a_correction_and_never_its_words(database, case):
    taking(database, case, correction_of(case))
    with database.reading() as session:
        entries = session.scalars(select(AuditEntryRow).order_by(AuditEntryRow.seq)).all()
        assert verify_audit(session)
    told = {entry.what: json.loads(entry.detail) for entry in entries[-2:]}
    assert told["AnswerCorrected"]["fact"] == "told"
    assert told["ClockCounted"]["due"] == "2026-11-17"
    assert "Other words" not in str(told)


def test_a_correction_taken_back_leaves_the_case_as_it_was(database, case):
    taking(database, case, correction_of(case))
    with database.session() as session:
        undo_last(session, key="undo", reference=case.reference, person="person-1", now=NOW)
    assert again(database, case) == case
