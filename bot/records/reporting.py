"""All escalations of a year or a policy, whoever raised them: for the log and the report.

Unlike `store.find` this knows no person. Whoever may run the command may see every case.
"""

from datetime import MAXYEAR, MINYEAR, date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.databases.checks import check_text
from bot.records.cases import Escalation
from bot.records.rows import to_escalation
from bot.records.tables import EscalationRow


def escalations_of(
    session: Session, *, policy_id: str | None = None, year: int | None = None
) -> tuple[Escalation, ...]:
    """Every case, in the order in which they were raised; nothing is changed.

    The parts of all cases are read together, so that the number of queries does not grow with
    the number of cases.

    Args:
        session: of `Database.reading()`.
        policy_id: only the cases under this policy, whichever version.
        year: only the cases that were raised in this calendar year, by `raised_on`. A case that
            was raised on 31 December and recorded on 2 January belongs to the old year.

    Raises:
        ValueError: the year is none that a date can have.
        UnstorableError: the policy's id has a character that no database keeps.
    """
    wanted = select(EscalationRow).options(selectinload("*"))
    if policy_id is not None:
        check_text("The policy", policy_id)
        wanted = wanted.where(EscalationRow.policy_id == policy_id)
    if year is not None:
        if not MINYEAR <= year <= MAXYEAR:
            raise ValueError(f"The year is {year}. Allowed: {MINYEAR} to {MAXYEAR}.")
        wanted = wanted.where(EscalationRow.raised_on.between(date(year, 1, 1), date(year, 12, 31)))
    rows = session.scalars(
        wanted.order_by(EscalationRow.raised_on, EscalationRow.created_at, EscalationRow.reference)
    )
    return tuple(to_escalation(row) for row in rows)
