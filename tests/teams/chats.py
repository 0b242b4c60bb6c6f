"""What the fake Connector keeps of each chat, and what can go wrong there."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Received:
    """One call that was taken."""

    method: str
    conversation: str
    id: str
    activity: dict[str, Any]
    at: float


@dataclass
class Fault:
    """What the next calls meet.

    Attributes:
        status: What they get; None: see `kind`.
        kind: "status", "hang" (no answer, nothing done), "drop" (the connection breaks and
            nothing is done), "lost" (it is done, and the answer is lost) or "taken" (it is done
            and answered, and `then` comes in between).
        times: How many calls.
        retry_after: The header, if any.
        of: Which calls; all by default.
        then: Done at that very moment, before the caller hears anything (kill -9, say).
    """

    status: int | None = None
    kind: str = "status"
    times: int = 1
    retry_after: str | None = None
    of: Callable[[str, str, dict[str, Any]], bool] = lambda method, conversation, activity: True
    then: Callable[[], Any] = lambda: None


@dataclass
class Conversation:
    """One personal chat of one person with the bot."""

    id: str
    user: str
    tenant: str
    installed: bool = True
    blocked: bool = False
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    theirs: set[str] = field(default_factory=set)
    calls: deque[float] = field(default_factory=deque)
