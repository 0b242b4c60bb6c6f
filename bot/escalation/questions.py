"""The questions of the walk: the policy's own, and the few that every policy needs."""

from dataclasses import dataclass, replace
from typing import Literal

from bot.policy.ladder import Fact, Option, Stage
from bot.policy.model import Policy

Kind = Literal["choice", "date", "text"]
NOT_YET, NOT_KNOWN, SKIPPED = "not_yet", "not_known", "skipped"


@dataclass(frozen=True)
class Choice:
    """One answer that can be tapped."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question: what it asks, why, and what may be answered.

    `fact` is the fact that the answer settles. A `date` question also takes the values of its
    choices ("not yet"), and is of the past unless it is `ahead`; a `text` question may be skipped
    if it has a choice for that.
    """

    fact: str
    kind: Kind
    ask: str
    why: str
    choices: tuple[Choice, ...] = ()
    cite: tuple[str, ...] = ()
    ahead: bool = False

    def choice(self, value: str) -> Choice | None:
        """The choice with that value, if there is one."""
        return next((choice for choice in self.choices if choice.value == value), None)


IMMINENT = Fact(
    ask="Is anyone at risk of harm right now?",
    why="Immediate danger comes first. An escalation never delays protective action.",
    kind="choice",
    options=(
        Option(value="no", label="No"),
        Option(value="yes", label="Yes"),
        Option(value="not_sure", label="I am not sure"),
    ),
)
IMMINENT_CHOICES = tuple(Choice(option.value, option.label) for option in IMMINENT.options)
YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))
SUMMARY = Question(
    fact="summary",
    kind="text",
    ask="In one sentence, what do you disagree about? Leave out names and dates of birth.",
    why="It goes into the record, so that you and your manager mean the same disagreement.",
    choices=(Choice(SKIPPED, "Skip this"),),
)
RESOLVED = Question(
    fact="resolved",
    kind="choice",
    ask="Has this stage settled the disagreement?",
    why="What comes next depends on whether you agreed.",
    choices=YES_NO,
)


def question(policy: Policy, fact: str) -> Question:
    """The question that settles `fact` under `policy`.

    Raises:
        KeyError: the policy declares no such fact or event.
    """
    match fact:
        case "imminent":
            return of_fact(fact, policy.facts.get("imminent", IMMINENT))
        case "stage":
            return _of_stages(policy)
        case "summary":
            return SUMMARY
        case "resolved":
            return RESOLVED
    if fact in policy.events:
        return _of_event(policy, fact)
    return of_fact(fact, policy.facts[fact])


def of_fact(id_: str, fact: Fact) -> Question:
    """The question of a declared fact."""
    choices = tuple(Choice(option.value, option.label) for option in fact.options)
    return Question(
        fact=id_,
        kind="text" if fact.kind == "text" else "choice",
        ask=fact.ask,
        why=fact.why,
        choices=YES_NO if fact.kind == "yes_no" else choices,
        cite=fact.cite,
    )


def _of_event(policy: Policy, id_: str) -> Question:
    event = policy.events[id_]
    return Question(
        fact=id_,
        kind="date",
        ask=event.ask,
        why=event.why,
        choices=(Choice(NOT_YET, "It has not happened yet"), Choice(NOT_KNOWN, "I do not know")),
        cite=event.cite,
    )


def _of_stages(policy: Policy) -> Question:
    return Question(
        fact="stage",
        kind="choice",
        ask="Where have you got to?",
        why="Each stage has its own people, time limits and duties.",
        choices=tuple(
            Choice(stage.id, f"{stage.where} ({stage.label})") for stage in offered_stages(policy)
        ),
        cite=policy.stages[0].cite,
    )


def offered_stages(policy: Policy) -> tuple[Stage, ...]:
    """The stages a practitioner chooses from: those that another stage forks into come by facts."""
    forked_into = {fork.stage for stage in policy.stages for fork in stage.fork}
    return tuple(stage for stage in policy.stages if stage.id not in forked_into)


def as_challenged(policy: Policy, asked: Question) -> Question:
    """The question as it is put to the agency that was challenged."""
    match asked.fact:
        case "stage":
            choices = tuple(Choice(each.id, reached(each)) for each in offered_stages(policy))
            return replace(asked, ask="Which stage has their escalation reached?", choices=choices)
        case "area":
            return replace(asked, ask="What is their escalation about?")
        case "their_agency":
            return replace(asked, ask="What kind of agency raised it with you?")
        case "summary":
            ask = "In one sentence, what do they challenge? Leave out names and dates of birth."
            return replace(asked, ask=ask)
        case _:
            return asked


def reached(stage: Stage) -> str:
    """A stage as either side would name it."""
    return f"{stage.label}: {stage.title or stage.where}"
