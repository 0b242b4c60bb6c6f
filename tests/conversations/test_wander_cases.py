"""Any sequence of steps keeps the record of a case whole, and all of it can be taken back."""

import random
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions.amendments import amendment
from actions.changeable import changeable
from actions.moving import step_of
from actions.state import standing_of
from actions.writing import new_escalation
from bot.escalation.amending import next_amendment_question, objection
from bot.escalation.correction import ElsewhereError
from bot.escalation.journey import answerable, next_question
from bot.escalation.progress import OutOfOrderError, check_day, move, next_progress_question
from bot.records.audit import verify_audit
from bot.records.errors import NotOpenError
from bot.records.progress import take_step, undo_last
from bot.records.store import find, record_escalation
from bot.records.words import STILL_RUNS
from bot.reminders.due import Pace
from bot.reminders.sweep import sweep

ME = "somebody"
SEEDS, STEPS, MOST_QUESTIONS = 6, 14, 30


class Wanderer:
    """Somebody who does whatever a case allows, by chance."""

    def __init__(self, around, clock, seed):
        self.around, self.clock, self.chance = around, clock, random.Random(seed)
        self.keys = iter(range(10_000))
        self.policy = self.chance.choice(list(around.library))
        self.reference = self._record()

    @property
    def case(self):
        with self.around.database.reading() as session:
            return find(session, reference=self.reference, person=ME)

    @property
    def today(self):
        return self.clock().astimezone(ZoneInfo(self.policy.place.timezone)).date()

    def value(self, asked, since):
        """An answer to a question: mostly one of its choices, a day that can be, or some words."""
        if asked.kind == "choice":
            return self.chance.choice(asked.choices).value
        if asked.kind == "text":
            return "In our own words"
        if asked.ahead:
            return (self.today + timedelta(days=self.chance.randint(1, 40))).isoformat()
        days = max((self.today - since).days, 0)
        return (self.today - timedelta(days=self.chance.randint(0, days))).isoformat()

    def _record(self):
        said = [("policy", self.policy.id), ("imminent", "no")]
        matter = self.policy.facts["matter"].options[0].value
        fixed = {"matter": matter, "check": "record"}
        for _ in range(MOST_QUESTIONS):
            asked = next_question(self.policy, said, self.clock())
            if asked is None:
                break
            since = self.today - timedelta(days=9)
            said.append((asked.fact, fixed.get(asked.fact) or self.value(asked, since)))
        decision = answerable(self.policy, said, self.clock())
        assert decision is not None, said
        content = self.around.library.hashes[self.policy.id, self.policy.document.label]
        new = new_escalation(self.policy, content, decision, said, None, self.clock())
        with self.around.database.session() as session:
            return record_escalation(
                session, key=self.key(), person=ME, now=self.clock(), new=new
            ).reference

    def key(self):
        return f"wander:{next(self.keys)}"

    def take(self, step):
        with self.around.database.session() as session:
            take_step(
                session, key=self.key(), reference=self.reference, person=ME, now=self.clock(),
                step=step,
            )  # fmt: skip

    def outcome(self):
        """Tell what came of the stage."""
        standing = standing_of(self.policy, self.case)
        said = []
        for _ in range(MOST_QUESTIONS):
            asked = next_progress_question(standing, said, self.clock())
            if asked is None:
                break
            said.append((asked.fact, self.value(asked, standing.entered_on)))
        given = dict(said)
        if given["outcome"] == "waiting":
            return
        try:
            check_day(standing, date.fromisoformat(given["outcome_on"]), self.clock())
        except OutOfOrderError:
            return  # the stage begins on a day to come
        moved = move(standing, said, self.clock())
        self.take(step_of(self.case, standing, moved, said, self.clock()))

    def amend(self):
        """Change one thing."""
        can = changeable(self.around, self.policy, self.case)
        if not can.kinds:
            return
        said = []
        zone = self.policy.place.timezone
        for _ in range(MOST_QUESTIONS):
            asked = next_amendment_question(can, said)
            if asked is None:
                break
            value = self.value(asked, self.case.raised_on)
            if objection(can, said, asked.fact, value, self.clock(), zone) is None:
                said.append((asked.fact, value))
        if dict(said).get("check") is None:
            return
        try:
            changed = amendment(
                self.around.library, self.policy, self.case, dict(said), self.clock()
            )
        except ElsewhereError:
            return
        self.take(changed.step)

    def undo(self):
        """Take the last step back, if there is one."""
        with self.around.database.session() as session:
            undo_last(
                session, key=self.key(), reference=self.reference, person=ME, now=self.clock()
            )

    def wait(self):
        """Let some days go by, with a sweep at the end."""
        self.clock.forward(timedelta(days=self.chance.randint(1, 9)))
        sweep(
            self.around.database, self.around.library, tell_time=self.clock, pace=Pace(),
            mailer=None,
        )  # fmt: skip


def check(wanderer):
    """What holds of every case at every moment."""
    case = wanderer.case
    with wanderer.around.database.reading() as session:
        assert verify_audit(session).count >= 2
    left_open = [stage for stage in case.stages if stage.left_on is None]
    assert len(left_open) == (1 if case.status == "open" else 0)
    assert left_open in ([], [case.stages[-1]])
    days = [day for stage in case.stages for day in (stage.entered_on, stage.left_on) if day]
    assert days == sorted(days)
    running = [clock for clock in case.clocks if clock.status in STILL_RUNS]
    if case.status != "open":
        assert running == []
        assert case.ended_on is not None
    assert all((clock.due_on or clock.due_at) is not None for clock in running)
    assert all(clock.stage == case.stages[-1].stage for clock in running)
    keys = [(duty.stage, duty.key) for duty in case.duties]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_is_done_the_record_holds_and_all_of_it_can_be_undone(around, clock, seed):
    wanderer = Wanderer(around, clock, seed)
    first = wanderer.case
    check(wanderer)
    for _ in range(STEPS):
        can = [wanderer.wait, wanderer.amend, wanderer.undo]
        if wanderer.case.status == "open":
            can += [wanderer.outcome] * 3
        try:
            wanderer.chance.choice(can)()
        except NotOpenError as error:
            assert "no step to undo" in str(error)
        check(wanderer)
    for _ in range(STEPS + 1):
        try:
            wanderer.undo()
        except NotOpenError:
            break
        check(wanderer)
    assert wanderer.case == first
