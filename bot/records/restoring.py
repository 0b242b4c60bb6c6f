"""What a step changed and added, kept so that it can be taken back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.records.cases import Clock, Duty
from bot.records.tables import AnswerRow, Base, ClockRow, DutyRow, EscalationRow, StageEntryRow

CHANGED: Mapping[str, tuple[str, ...]] = {
    "escalation": (
        "status",
        "ended_on",
        "ending",
        "lessons",
        "policy_version",
        "policy_hash",
        "began_under",
        "raised_on",
        "area",
        "summary",
    ),
    "stage_entry": ("entered_on", "left_on", "outcome"),
    "clock": tuple(each.name for each in fields(Clock) if each.name not in ("stage", "key")),
    "duty": tuple(each.name for each in fields(Duty) if each.name not in ("stage", "key")),
}
"""The columns that a step may change, and undoing it restores."""
ADDED: Mapping[str, type[Base]] = {
    "stage_entry": StageEntryRow,
    "clock": ClockRow,
    "duty": DutyRow,
    "answer": AnswerRow,
}


def remember_row(row: Base, before: dict[str, Any]) -> None:
    """Add a row, as it is now, to what undoing the step restores."""
    table = row.__tablename__
    values = {name: as_text(getattr(row, name)) for name in CHANGED[table]}
    entry = {"table": table, "id": row.id, "values": values}  # type: ignore[attr-defined]
    before["changed"].append(entry)


def restore(session: Session, before: Mapping[str, Any]) -> None:
    """Take away what a step added, and put back what it changed."""
    for table, ids in before["added"].items():
        for id_ in ids:
            session.delete(session.get_one(ADDED[table], id_))
    kinds: dict[str, type[Base]] = {**ADDED, "escalation": EscalationRow}
    for entry in reversed(before["changed"]):
        row = session.get_one(kinds[entry["table"]], entry["id"])
        for name, value in entry["values"].items():
            setattr(row, name, _from_text(name, value))
    session.flush()
    session.expire_all()


def as_text(value: Any) -> Any:
    """A date or an instant as text; every other value as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _from_text(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name.endswith("_on") else value
