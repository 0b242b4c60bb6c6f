"""How a case and its stages ended, in the same words wherever it is said."""

from collections.abc import Mapping

from bot.records.words import ClockStatus, EscalationStatus, StageOutcome

OUTCOMES: Mapping[StageOutcome, str] = {
    "agreed": "agreed",
    "not_agreed": "not agreed",
    "no_reply": "no reply came",
    "decided": "the last word was given",
    "withdrawn": "withdrawn",
}
STATUS: Mapping[EscalationStatus, str] = {
    "open": "Open",
    "resolved": "Resolved",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
}
LIMITS: Mapping[ClockStatus, str] = {
    "met": "met",
    "missed": "missed",
    "stopped": "stopped",
    "no_number": "the policy gives no number",
    "not_started": "not started",
}
