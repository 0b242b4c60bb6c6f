"""What a facilitator asks for on the page, read with suspicion, and what to ask back first."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.received import clean, has_words
from bot.channels.refusal import RefusedError
from bot.rehearsal.play import DAYS, MOST_DAYS
from bot.rehearsal.state import Entry
from bot.rehearsal.world import World
from bot.wording.dates import plural

MOST_CHARACTERS = 500
SAY_SOMETHING = "Enter what you want to say."
TOO_LONG = f"What you say to the group must be {MOST_CHARACTERS} characters or fewer."
HOW_MANY_DAYS = f"Enter how many working days go by: a whole number from 1 to {MOST_DAYS}."
NO_SUCH_EVENT = "Choose what happens. There is no such event in this scenario."
NO_SUCH_ORDER = "The page sent something that cannot be done here. Go back and choose again."


@dataclass(frozen=True)
class Question:
    """What is asked before something that cannot be undone, what it means, and the yes."""

    asks: str
    means: str
    yes: str


@dataclass(frozen=True)
class Order:
    """One thing to do in a session, and what to ask first where it cannot be undone."""

    entry: Entry
    question: Question | None = None


def order(form: Mapping[str, str], world: World, whom: str) -> Order:
    """The order in a form with `kind` and `what`, for `whom`: "everyone", or an alias.

    Raises:
        RefusedError: It is none, or lacks what it needs; says what to enter.
    """
    what = clean(form.get("what", ""))
    match form.get("kind"):
        case "inject":
            return _inject(what, world, whom)
        case "move":
            return _move(what, whom)
        case "announce":
            return _announce(what)
        case "reveal":
            return Order(Entry("reveal"), _reveal(whom))
        case "end":
            return Order(Entry("end"), _end(whom))
        case "pause" | "resume" as kind:
            return Order(Entry(kind))
        case _:
            raise RefusedError(400, NO_SUCH_ORDER)


def _inject(what: str, world: World, whom: str) -> Order:
    event = world.events.get(what)
    if event is None:
        raise RefusedError(400, NO_SUCH_EVENT)
    means = f"“{event.says}” It happens once for each, and cannot be taken back."
    return Order(
        Entry("inject", what),
        Question(f"Let this happen now for {whom}?", means, "Yes, let it happen"),
    )


def _move(what: str, whom: str) -> Order:
    if what not in DAYS:
        raise RefusedError(400, HOW_MANY_DAYS)
    going_by = plural(int(what), "working day")
    question = Question(
        f"Let {going_by} pass for {whom}?",
        "What comes due in that time happens, and what is not done in time counts as missed. "
        "Time does not go back.",
        f"Yes, let {going_by} pass",
    )
    return Order(Entry("move", what), question)


def _announce(what: str) -> Order:
    if not has_words(what):
        raise RefusedError(400, SAY_SOMETHING)
    if len(what) > MOST_CHARACTERS:
        raise RefusedError(400, TOO_LONG)
    return Order(Entry("announce", what))


def _reveal(whom: str) -> Question:
    return Question(
        f"Show {whom} what the policy asks?",
        "Each is told the policy's answer to the decision that is open for them. "
        "What has been seen cannot be hidden again.",
        "Yes, show it",
    )


def _end(whom: str) -> Question:
    return Question(
        f"End the rehearsal for {whom}?",
        "It ends where they are now, and what is still open counts as not done. "
        "They get their debrief. It cannot be begun again.",
        "Yes, end it",
    )
