"""The closed lists of words that the records use."""

from typing import Literal, TypeAlias

Subject: TypeAlias = Literal["child", "adult_at_risk", "not_said"]
Side: TypeAlias = Literal["raising", "challenged"]
ParticipantSide: TypeAlias = Literal["raising", "challenged", "other"]
EscalationStatus: TypeAlias = Literal["open", "resolved", "closed", "withdrawn"]
StageOutcome: TypeAlias = Literal["agreed", "not_agreed", "no_reply", "decided", "withdrawn"]
"""`decided`: whoever has the last word under the policy has given it."""
StepKind: TypeAlias = Literal["outcome", "clock", "duty", "correction", "version"]
ClockStatus: TypeAlias = Literal[
    "running", "not_started", "no_number", "met", "missed", "stopped", "extended"
]
STILL_RUNS: tuple[ClockStatus, ...] = ("running", "extended")
"""An extended limit still runs, to its new date."""
DutyStatus: TypeAlias = Literal["owed", "done", "not_needed"]
DraftStatus: TypeAlias = Literal["open", "recorded", "discarded"]
NoteState: TypeAlias = Literal["answered", "not_known_yet", "skipped"]

Tier: TypeAlias = Literal["high", "low"]
AlertSource: TypeAlias = Literal["typed", "button", "question"]
CallMade: TypeAlias = Literal["yes", "no", "not_said"]
SettledAs: TypeAlias = Literal["in_danger", "not_sure", "not_in_danger", "advice_given"]
"""The answer to "Is anyone in danger now?"; `advice_given` where it was not asked (tier high)."""

ReminderKind: TypeAlias = Literal["due_soon", "due_today", "overdue", "overdue_again"]
PostWay: TypeAlias = Literal["conversation", "mail"]
Recipient: TypeAlias = Literal["person", "manager"]
PostStatus: TypeAlias = Literal["waiting", "sent", "dead", "dropped"]
"""`dead`: given up after the last try. `dropped`: not needed any more before it was sent."""

TeamsKind: TypeAlias = Literal[
    "message", "edited", "tap", "unusable", "installed", "elsewhere", "notice", "news"
]
"""What waits to be answered in Teams.

`elsewhere` was written in a group or a channel; a `notice` is a reminder that goes out unasked;
`news` are what a facilitator did in this person's rehearsal.
"""
InboxStatus: TypeAlias = Literal["waiting", "answered", "dropped"]
OutboxStatus: TypeAlias = Literal["waiting", "sent", "dead", "dropped"]
ReferenceStatus: TypeAlias = Literal["active", "unreachable"]
