"""A year of invented cases, each written in one line: how far it got, how it ended, and so on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.policy.model import Policy
from bot.records.cases import Clock, Escalation, Participant, StageEntry

BEGAN = date(2026, 3, 2)
"""A Monday without a bank holiday near it, in England and in Jersey."""


def case(
    policy: Policy,
    number: int,
    *stages: str,
    days: int = 3,
    clocks: dict[str, str] | None = None,
    agencies: tuple[tuple[str, str], ...] = (),
    **changed: Any,
) -> Escalation:
    """A case that entered these stages by id, each `days` after the one before.

    Args:
        policy: the version.
        number: the number in its reference.
        stages: ids of stages, in the order in which they were entered.
        days: calendar days spent at each stage but the last.
        clocks: the status of a limit by its key; those left out are met on the second day.
        agencies: side and agency of each participant.
        changed: fields of the case that should differ.
    """
    called = {stage.id: stage for stage in policy.stages}
    entered = [BEGAN + timedelta(days=days * at) for at in range(len(stages))]
    entries = tuple(
        StageEntry(
            stage=id_, label=called[id_].label, entered_on=on,
            left_on=on + timedelta(days=days) if id_ != stages[-1] else None,
            outcome="not_agreed" if id_ != stages[-1] else None,
        )
        for id_, on in zip(stages, entered, strict=True)
    )  # fmt: skip
    kept = tuple(
        clock(policy, entry.stage, key, entry.entered_on, (clocks or {}).get(key, "met"))
        for entry in entries
        for key in called[entry.stage].clocks
        if (clocks or {}).get(key) != "none"
    )
    made = Escalation(
        reference=f"ESC-2026-{number:04d}", person="p", policy_id=policy.id,
        policy_version=policy.document.label, policy_hash="ab" * 32, subject="child",
        side="raising", area="risk", summary=None, status="open", raised_on=BEGAN,
        created_at=datetime(2026, 3, 2, 12, tzinfo=UTC), ended_on=None, ending=None, lessons=None,
        stages=entries, clocks=kept, duties=(), answers=(),
        participants=tuple(
            Participant(role="manager", side=side, agency=agency) for side, agency in agencies
        ),
    )  # fmt: skip
    return replace(made, **changed)


def clock(policy: Policy, stage: str, key: str, start: date, status: str) -> Clock:
    """A limit that began on `start`, is due after five days and, where met, was met after two."""
    rule = policy.clocks[key]
    ended = status in ("met", "missed", "stopped")
    return Clock(
        stage=stage, key=key, what=rule.what, owner="manager", event="begun",
        event_at=datetime.combine(start, time(9), tzinfo=UTC),
        due_on=None if status in ("no_number", "not_started") else start + timedelta(days=5),
        words=rule.readings[0].words, strength=rule.strength, basis=rule.basis,
        indicative=False, status=status,
        settled_on=start + timedelta(days=2) if ended else None,
    )  # fmt: skip


def cases(policy: Policy, *kinds: tuple[int, dict[str, Any]]) -> list[Escalation]:
    """So many cases of each kind; a kind is what `case` takes, its stages under "stages"."""
    made: list[Escalation] = []
    for count, fields in kinds:
        rest = {name: value for name, value in fields.items() if name != "stages"}
        stages = fields.get("stages", ("s1",))
        made += [case(policy, len(made) + at + 1, *stages, **rest) for at in range(count)]
    return made
