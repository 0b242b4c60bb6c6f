"""The debrief of a rehearsal: what it came to, what was done, what was missed, what to talk about.

Each judgement is on one card only: what was done, or what was not.
"""

from collections.abc import Iterable

from bot.cards.card import Card, Row, Section
from bot.rehearsal.debrief import Debrief
from bot.rehearsal.judge import Judgement
from bot.wording.rehearsal import MARK
from bot.wording.rehearsed import (
    NO_CLOCK,
    NO_GRADE,
    NO_REAL_CASE,
    NOTHING_DONE,
    NOTHING_MISSED,
    VERDICTS,
    ended,
    say_clauses,
    say_consequence,
    say_did,
    say_end,
    say_off_the_way,
    say_policies,
    say_policy_asks,
    say_reached,
    say_span,
    say_total,
)
from bot.wording.time_used import say_clock, say_clock_name, say_time


def debrief_cards(debrief: Debrief, *, reference: str = "") -> tuple[Card, ...]:
    """The debrief on three cards: the score, what was done, what was missed.

    Args:
        debrief: what the rehearsal came to.
        reference: of the rehearsal, where it has one.
    """
    return (
        _score(debrief, reference),
        _done(debrief, reference),
        _missed(debrief, reference),
    )


def _score(debrief: Debrief, reference: str) -> Card:
    world = debrief.world
    aims = tuple(
        f"{each.aim.text}: **{say_reached(each.reached, each.of)}**" for each in debrief.aims
    )
    clocks = tuple(
        f"{say_clock_name(world, use)}. {say_clock(world, use)}" for use in debrief.clocks
    )
    return Card(
        title=f"{MARK}: debrief of “{world.scenario.title}”",
        rows=(
            Row("Reached", f"**{say_total(debrief)}**. {NO_GRADE}"),
            Row("How it ended", say_end(debrief)),
            Row("Time in the story", f"{say_span(debrief)}."),
            Row("Policy", say_policies(world)),
        ),
        sections=(
            Section("By learning aim", aims),
            Section("Time used, by the policy's limits", clocks or (NO_CLOCK,)),
        ),
        footer=_footer(reference),
    )


def _done(debrief: Debrief, reference: str) -> Card:
    done = [each for each in debrief.judgements if each.did is not None]
    return Card(
        title=f"{MARK}: what you decided and did",
        sections=tuple(
            Section(f"{n}. {VERDICTS[each.verdict]}", tuple(_account(debrief, each)))
            for n, each in enumerate(done, start=1)
        )
        or (Section("Decisions and steps", (NOTHING_DONE,)),),
        footer=_footer(reference),
    )


def _missed(debrief: Debrief, reference: str) -> Card:
    missed = [each for each in debrief.judgements if each.verdict == "missed"]
    off = [each for each in debrief.judgements if each.verdict == "not_reached"]
    sections = (
        *(
            Section(
                f"{VERDICTS[each.verdict]} ({n} of {len(missed)})", tuple(_account(debrief, each))
            )
            for n, each in enumerate(missed, start=1)
        ),
        *(() if missed else (Section(VERDICTS["missed"], (NOTHING_MISSED,)),)),
        Section(
            say_off_the_way(debrief).capitalize(), tuple(_in_a_line(debrief, each) for each in off)
        ),
        Section("To talk about", debrief.questions),
    )
    return Card(
        title=f"{MARK}: what was missed, and what to talk about",
        sections=tuple(section for section in sections if section.items),
        footer=_footer(reference),
    )


def _account(debrief: Debrief, judgement: Judgement) -> Iterable[str]:
    """A judgement in full: what it was about, what was done, what the policy asks and why, when."""
    world = debrief.world
    yield f"**{judgement.asked}**"
    if judgement.did is not None:
        yield f"**What you did:** {say_did(judgement, world)}"
    asks = say_policy_asks(judgement, world)
    if asks:
        yield f"**What the policy asks:** {asks}"
    follows = say_consequence(judgement, world)
    why = f"{judgement.why} ({say_clauses(world, judgement.cite)})"
    yield f"**Why:** {why}"
    if follows:
        yield f"**What it could lead to:** {follows}"
    when = say_time(debrief, judgement)
    if when:
        yield f"**Time:** {when}"


def _in_a_line(debrief: Debrief, judgement: Judgement) -> str:
    """What was not met: what would have been asked, and what the policy asks of it."""
    world = debrief.world
    sound = judgement.sound if judgement.id in world.points else None
    asks = f" The policy asks: {ended(sound)}" if sound else ""
    clause = say_clauses(world, judgement.cite)
    return f"**{ended(judgement.asked)}**{asks} {judgement.why} ({clause})"


def _footer(reference: str) -> str:
    return f"{MARK}{f' {reference}' if reference else ''}. {NO_REAL_CASE}"
