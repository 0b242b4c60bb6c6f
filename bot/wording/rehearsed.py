"""What a rehearsal came to, in words: verdicts, scores, clauses, how it ended. Nobody is blamed."""

from collections.abc import Iterable, Mapping

from bot.rehearsal.course import TIME_UP
from bot.rehearsal.debrief import Debrief
from bot.rehearsal.expectations import expectations
from bot.rehearsal.frames import clause_of
from bot.rehearsal.judge import Judgement, Verdict
from bot.rehearsal.play import ENDED, LEFT
from bot.rehearsal.state import CLOSED
from bot.rehearsal.time import start_of
from bot.rehearsal.world import World
from bot.wording.dates import plural, say_moment
from bot.wording.force import say_cites

NO_REAL_CASE = "Nothing here is about a real case."
NO_GRADE = (
    "A score shows what to talk about. It says nothing about how good anybody is at the work."
)
VERDICTS: Mapping[Verdict, str] = {
    "sound": "Sound",
    "partly": "Partly",
    "unsafe": "Not safe",
    "missed": "Missed",
    "not_reached": "Did not come up",
}
NOT_ASKED = "You were not asked this."
LEFT_OPEN = "This was left open."
UNASKED = "You did this, without being asked."
THIS_STEP = "This step, without being asked."
EXPECTED = "Expected without being asked."
BETTER_LEFT = "Better left undone."
NOTHING_DONE = "No decision was taken, and no step."
NOTHING_MISSED = "Nothing was missed."
NO_CLOCK = (
    "No time limit with a date ran in this rehearsal. A date “in this story” is not the policy's."
)
NOT_ENDED = "It has not ended yet."
ENDS: Mapping[str | None, str] = {
    None: NOT_ENDED,
    "time_up": TIME_UP,
    "left": LEFT,
    "closed": ENDED,
}


def say_policies(world: World) -> str:
    """Each policy of a scenario with its version."""
    policies = (world.policies[frame.policy] for frame in world.scenario.under)
    return "; ".join(f"{each.title}, {each.publisher} ({each.document.label})" for each in policies)


def say_clauses(world: World, names: Iterable[str]) -> str:
    """The sections that a judgement stands on; with more than one policy, whose they are.

    Raises:
        ValueError: the scenario is not under the policy that a clause names.
    """
    found: dict[str, list[str]] = {}
    for name in names:
        policy, cite = clause_of(world, name)
        if policy is None:
            raise ValueError(
                f"Found the clause {name!r}, and {world.scenario.id} is under "
                f"{', '.join(world.policies)}. Run: escalate rehearsals check."
            )
        found.setdefault(policy.id, []).append(cite)
    return "; ".join(
        (f"{world.policies[id_].publisher}: " if world.mixed else "")
        + say_cites(world.policies[id_], cites)
        for id_, cites in found.items()
    )


def say_reached(reached: float, of: int) -> str:
    """A score: "1.5 of 2"."""
    return f"{reached:g} of {of}" if of else "This did not come up"


def say_total(found: Debrief) -> str:
    """The score of the whole rehearsal."""
    return say_reached(sum(each.worth for each in found.counted), len(found.counted))


def say_off_the_way(found: Debrief) -> str:
    """What holds of the things that did not come up."""
    if found.state.ended == CLOSED:
        return "did not come up before the facilitator ended it: this does not count"
    return "did not come up on the way that you took"


def say_end(found: Debrief) -> str:
    """How the rehearsal ended."""
    how = found.state.ended
    endings = {ending.id: ending.says for ending in found.world.scenario.endings}
    return endings[how] if how in endings else ENDS[how]


def say_span(found: Debrief) -> str:
    """From when to when it went, in virtual time, and how many working days that was."""
    since, until = start_of(found.world), found.state.now
    days = found.world.calendar.working_days_between(since.date(), until.date())
    return f"{say_moment(since)} to {say_moment(until)}: {plural(days, 'working day')} passed"


def say_did(judgement: Judgement, world: World) -> str:
    """What was done about it, in the words of what could be chosen."""
    if judgement.did is None:
        return NOT_ASKED if judgement.opened is None else LEFT_OPEN
    return judgement.did if judgement.id in world.points else UNASKED


def say_policy_asks(judgement: Judgement, world: World) -> str:
    """What the policy asks, where that was not what was done."""
    if judgement.sound is None:
        return ""
    return judgement.sound if judgement.id in world.points else THIS_STEP


def say_consequence(judgement: Judgement, world: World) -> str:
    """What it could lead to that something was left undone, or came too late; or nothing."""
    expectation = dict(expectations(world)).get(judgement.id)
    if expectation is None or not (judgement.late or judgement.verdict == "missed"):
        return ""
    return expectation.missed.then or ""


def say_asked(world: World, id_: str) -> str:
    """What the policy asks at a decision or of a step, why, and the clause: for anybody.

    Raises:
        ValueError: nothing of that id is judged in this scenario.
    """
    point, step = world.points.get(id_), world.steps.get(id_)
    if point is not None:
        sound = next(choice for choice in point.choices if choice.mark == "sound")
        asks = f"The policy asks: {ended(sound.label)}"
        return f"{asks} {sound.why} ({say_clauses(world, sound.cite)})"
    for lead, judged in ((EXPECTED, step.expected), (BETTER_LEFT, step.unsafe)) if step else ():
        if judged is not None:
            return f"{lead} {judged.why} ({say_clauses(world, judged.cite)})"
    raise ValueError(f"{id_!r} is no decision or judged step of {world.scenario.id}.")


def ended(text: str) -> str:
    """The text as a sentence, with its end mark."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
