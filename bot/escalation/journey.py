"""The walk through a policy: which question comes next, and when the answer can be given.

Answer first: the stage, who acts and by when come as soon as the stage and its start are known.
What only the record or a single duty needs is asked afterwards.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.escalation.agencies import SIDES, agencies_told, agency_question
from bot.escalation.clocks import root_of
from bot.escalation.conditions import Facts
from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.questions import (
    IMMINENT,
    NOT_YET,
    Choice,
    Question,
    as_challenged,
    of_fact,
    question,
)
from bot.policy.model import Policy

Answers = Sequence[tuple[str, str]]

PROTECTED = Question(
    fact="protected",
    kind="choice",
    ask="Have you done this?",
    why="The escalation can wait. Keeping the person safe cannot.",
    choices=(
        Choice("yes", "Yes, done"),
        Choice("no", "Not yet: show me the advice again"),
        Choice("not_confirmed", "I cannot do it now: go on"),
        Choice("not_needed", "Nobody is at risk now"),
    ),
)
OUTSIDE = Question(
    fact="outside",
    kind="choice",
    ask="What would you like to do?",
    why="This policy is not meant for that matter.",
    choices=(Choice("change", "Change my answer"), Choice("end", "Stop here")),
)
PARTNERSHIP = Question(
    fact="policy",
    kind="choice",
    ask="Which partnership's policy do you work under?",
    why="Each partnership has its own stages, people and time limits.",
)
IMMINENT_ANYWHERE = of_fact("imminent", IMMINENT)
CHECK = Question(
    fact="check",
    kind="choice",
    ask="Are these answers right? Nothing is recorded until you say so.",
    why="The record will be relied on, so it must be what you meant.",
    choices=(
        Choice("record", "Yes, record it"),
        Choice("change", "Change an answer"),
        Choice("keep_draft", "Keep it as a draft"),
    ),
)
OF_THE_WALK = {each.fact: each for each in (PROTECTED, OUTSIDE, CHECK)}
NOT_FACTS = ("policy", "check", "outside", "change")


def facts_of(answers: Answers) -> dict[str, str]:
    """The facts among the answers, as `decide` takes them."""
    facts = {fact: value for fact, value in answers if fact not in NOT_FACTS}
    if facts.get("protected") == "not_needed":
        del facts["protected"]
        if "imminent" in facts:
            facts["imminent"] = "no"
    return facts


def next_question(policy: Policy | None, answers: Answers, now: datetime) -> Question | None:
    """The question to ask now, or None when the walk is complete.

    Immediate risk is asked first, even before the partnership is known; then only what this
    policy needs in this situation, in the words of the side that is asked.
    """
    asked = _next(policy, answers, now)
    received = ("matter", "received") in answers
    return as_challenged(policy, asked) if policy and asked and received else asked


def _next(policy: Policy | None, answers: Answers, now: datetime) -> Question | None:
    facts = facts_of(answers)
    if policy is None:
        return PARTNERSHIP if "imminent" in facts else IMMINENT_ANYWHERE
    if dict(answers).get("check") == "change":
        return change_question(policy, answers)
    for fact in ("imminent", "matter"):
        if fact not in facts:
            return question(policy, fact)
        decision = decide(policy, facts, now)
        if decision.status == "imminent":
            return PROTECTED
    if decision.status == "outside":
        return None if ("outside", "end") in answers else OUTSIDE
    if decision.status == "need":
        return decision.questions[0]
    open_fact = start_question(decision, facts) or next(iter(decision.questions), None)
    if open_fact is not None:
        return open_fact
    # The summary first: it may tell the kinds of agency, and what was told is not asked.
    for fact in ("area", "summary", *SIDES):
        if fact not in facts and (fact != "area" or fact in policy.facts):
            return question_asked(policy, fact)
    return None if dict(answers).get("check") in ("record", "keep_draft") else CHECK


def change_question(policy: Policy, answers: Answers) -> Question:
    """Which of the answers given so far to change."""
    hidden = {*NOT_FACTS, "protected"} - {"policy"}
    shown = [fact for fact, _ in answers if fact not in hidden]
    labels = {fact: question_asked(policy, fact).ask for fact in shown}
    return Question(
        fact="change",
        kind="choice",
        ask="Which answer do you want to change?",
        why="A changed answer may change the stage, the dates and the duties.",
        choices=(
            *(Choice(fact, label) for fact, label in labels.items()),
            Choice("none", "None, go back"),
        ),
    )


def question_asked(policy: Policy | None, fact: str) -> Question:
    """The question that stands behind an answer already given.

    Raises:
        KeyError: no question of the walk or of the policy asks for it.
    """
    if fact == "policy":
        return PARTNERSHIP
    if fact in OF_THE_WALK:
        return OF_THE_WALK[fact]
    if fact in SIDES:
        return agency_question(fact)
    return IMMINENT_ANYWHERE if policy is None else question(policy, fact)


def start_question(decision: Decision, facts: Facts) -> Question | None:
    """The question that starts the first clock of the stage, while it is not answered.

    Where a clock has more than one possible start, the next is asked only if the first has not
    happened.
    """
    first = next((clock for clock in decision.clocks if clock.counts), None)
    if first is None or first.started is not None:
        return None
    for event in root_of(decision.policy, first.clock).start:
        if event not in facts:
            return question(decision.policy, event)
        if facts[event] != NOT_YET:
            return None
    return None


def answerable(policy: Policy, answers: Answers, now: datetime) -> Decision | None:
    """The decision, once the stage and the start of its first clock are known."""
    facts = facts_of(answers)
    decision = decide(policy, facts, now)
    if decision.status not in ("stage", "discuss_first", "closed"):
        return None
    return None if start_question(decision, facts) else decision


def comes_before_the_answer(policy: Policy, fact: str, answers: Answers, now: datetime) -> bool:
    """Whether `fact` is one that the answer itself depends on, so that a change shows it anew."""
    without = [(other, value) for other, value in answers if other != fact]
    return answerable(policy, without, now) is None


def take(
    policy: Policy, answers: Answers, fact: str, value: str, now: datetime
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The answers once `fact` is answered with `value`, and those that nothing asks for now.

    What is left over may be asked again further on; once the walk is complete it is dropped, and
    the practitioner is told. What the other answers tell is taken without being asked, and goes
    when they tell it no more. `policy` is the one that holds after this answer.

    Raises:
        UnknownFactError: the policy does not know the fact or the value.
    """
    told = agencies_told(policy, facts_of(answers))
    kept_on = [pair for pair in answers if pair not in told.items()]
    given = {**dict(kept_on), fact: value}
    match fact, value:
        case "imminent", _:
            # What was done about an earlier risk says nothing of this one.
            given.pop("protected", None)
        case "protected", "no":
            given.pop("protected")
        case "outside", "change":
            return _without(answers, ("matter", "outside", "check")), []
        case "change", "imminent":
            return _without(answers, ("imminent", "protected", "change", "check")), []
        case "change", _:
            return _without(answers, (value, "change", "check")), []
        case _:
            pass
    kept: list[tuple[str, str]] = [("policy", given.pop("policy"))] if "policy" in given else []
    while (asked := next_question(policy, kept, now)) is not None:
        found = given.pop(asked.fact, None) or agencies_told(policy, facts_of(kept)).get(asked.fact)
        if found is None or not fits(asked, found):
            break
        kept.append((asked.fact, found))
    return kept, [pair for pair in given.items() if pair[0] not in (*NOT_FACTS, "protected")]


def fits(asked: Question, value: str) -> bool:
    """Whether a value given earlier still is an answer to the question as it stands now."""
    return asked.kind != "choice" or asked.choice(value) is not None


def _without(answers: Answers, facts: Sequence[str]) -> list[tuple[str, str]]:
    return [(fact, value) for fact, value in answers if fact not in facts]
