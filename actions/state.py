"""The walk as the slots hold it: only what the practitioner said; the rest is worked out anew."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.changeable import changeable
from actions.conversation import entity
from actions.surroundings import Surroundings
from bot.escalation.amending import Changeable, next_amendment_question
from bot.escalation.decide import decide
from bot.escalation.decision import Decision
from bot.escalation.journey import answerable, facts_of, fits, next_question, take
from bot.escalation.partnerships import partnership_question
from bot.escalation.preparation import Preparation, preparation_for
from bot.escalation.progress import Standing, next_progress_question
from bot.escalation.questions import Question
from bot.escalation.situation import declares
from bot.policy.model import Policy
from bot.records.cases import Escalation
from bot.records.store import find
from bot.reminders.choosing import next_mail_question

Phase = Literal["walk", "prepare", "progress", "amend", "mail"]
PHASES: dict[str, Phase] = {
    "prepare": "prepare", "progress": "progress", "amend": "amend", "mail": "mail",
}  # fmt: skip
"""The phases that a slot may name; anything else is a walk."""


HEARD, HEARD_OF = "heard", "heard_of"
"""Under which `said` keeps words that may tell an outcome, and the partnership that they name: no
question asks for either."""


@dataclass(frozen=True)
class Aside:
    """A walk that was put aside: its draft, and what was said in it ahead of its question."""

    draft: str
    said: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> "Aside | None":
        """What a slot holds of it."""
        return None if not kept else cls(str(kept["draft"]), pairs(kept.get("said")))

    def as_slot(self) -> dict[str, Any]:
        """What a slot is to hold of it."""
        return {"draft": self.draft, "said": [list(pair) for pair in self.said]}


@dataclass(frozen=True)
class Walk:
    """One walk: its answers in order, and what it is about.

    `version` pins the policy that it began under; `draft` is the id under which it is kept.
    `said` are answers given before their question came up: they are used when it does.
    `narrowed` are the answers that an unclear one could have meant, to be asked back.
    `alerts` are the risk alerts that were raised on the way. `aside` is another walk that was put
    aside for this. `person` is whose conversation it is; it is never stored.
    """

    answers: tuple[tuple[str, str], ...] = ()
    phase: Phase = "walk"
    version: str | None = None
    draft: str | None = None
    reference: str | None = None
    said: tuple[tuple[str, str], ...] = ()
    narrowed: tuple[tuple[str, str], ...] = ()
    alerts: tuple[str, ...] = ()
    aside: Aside | None = None
    person: str = field(default="", compare=False)

    @classmethod
    def of(cls, tracker: Tracker) -> "Walk":
        """The walk of this conversation; an empty one if none was begun.

        A slot written by another version of this program may hold more, or less.
        """
        case: dict[str, Any] = tracker.get_slot("walk_case") or {}
        return cls(
            answers=pairs(tracker.get_slot("walk_answers")),
            phase=PHASES.get(str(case.get("phase")), "walk"),
            version=case.get("version"),
            draft=case.get("draft"),
            reference=case.get("reference"),
            said=pairs(case.get("said")),
            narrowed=pairs(case.get("narrowed")),
            alerts=tuple(case.get("alerts") or ()),
            aside=Aside.of(case.get("aside")),
            person=str(tracker.sender_id),
        )

    @property
    def begun(self) -> bool:
        """Whether there is a walk at all."""
        return bool(self.draft or self.reference or self.answers or self.phase == "mail")

    def events(self) -> list[EventType]:
        """The slots that hold this walk, with the form's own slot emptied."""
        case = {
            "phase": self.phase,
            "version": self.version,
            "draft": self.draft,
            "reference": self.reference,
            "said": [list(pair) for pair in self.said],
            "narrowed": [list(pair) for pair in self.narrowed],
            "alerts": list(self.alerts),
            "aside": self.aside.as_slot() if self.aside else None,
        }
        return [
            SlotSet("walk_case", case),
            SlotSet("walk_answers", [list(pair) for pair in self.answers]),
            SlotSet("walk_answer", None),
        ]

    def said_in(self, draft: str) -> tuple[tuple[str, str], ...]:
        """What was said ahead of its question in a walk that was stopped or put aside."""
        said = self.said if self.draft == draft else ()
        if self.aside is not None and self.aside.draft == draft:
            said = self.aside.said
        return tuple(pair for pair in said if pair[0] not in (HEARD, HEARD_OF))

    def taking(self, around: Surroundings, fact: str, value: str) -> "Walk":
        """The walk with one more answer, and with every answer that was given ahead of it."""
        return self._take(around, fact, value).caught_up(around)

    def alerted(self, alert: str) -> "Walk":
        """The walk with one more alert."""
        return replace(self, alerts=tuple(dict.fromkeys((*self.alerts, alert))))

    def caught_up(self, around: Surroundings) -> "Walk":
        """The walk with every answer that was given ahead of its question and is asked now."""
        walk = self
        while (asked := walk.question(around)) is not None:
            ahead = dict(walk.said).get(asked.fact)
            if ahead is None or not fits(asked, ahead):
                return walk
            walk = walk._take(around, asked.fact, ahead)
        return walk

    def _take(self, around: Surroundings, fact: str, value: str) -> "Walk":
        said = tuple(pair for pair in self.said if pair[0] != fact)
        policy = self.policy(around)
        if policy is None:
            others = tuple(pair for pair in self.answers if pair[0] != fact)
            return replace(self, answers=(*others, (fact, value)), said=said, narrowed=())
        answers, left_over = take(policy, self.answers, fact, value, around.now())
        return replace(self, answers=tuple(answers), said=(*said, *left_over), narrowed=())

    def answered(self, answers: list[tuple[str, str]]) -> "Walk":
        """The walk with these answers."""
        return replace(self, answers=tuple(answers), narrowed=())

    def policy(self, around: Surroundings) -> Policy | None:
        """The policy in the version that the walk began under, once it is chosen."""
        id_ = dict(self.answers).get("policy")
        return around.library.get(id_, self.version) if id_ else None

    def preparation(self, around: Surroundings) -> Preparation | None:
        """The questions that help to prepare, while the walk is at them."""
        policy = self.policy(around)
        if self.phase != "prepare" or policy is None:
            return None
        return preparation_for(around.library, policy)

    def case(self, around: Surroundings) -> Escalation | None:
        """The recorded case that this is about, as it stands in the records."""
        if self.reference is None:
            return None
        with around.database.reading() as session:
            return find(session, reference=self.reference, person=self.person)

    def standing(self, around: Surroundings) -> Standing | None:
        """Where the case stands, while what came of its stage is being told."""
        policy, case = self.policy(around), self.case(around) if self.progressing else None
        return standing_of(policy, case) if policy is not None and case is not None else None

    def changeable(self, around: Surroundings) -> Changeable | None:
        """What of the case can be changed, while a change of one thing is being told."""
        policy, case = self.policy(around), self.case(around) if self.amending else None
        return changeable(around, policy, case) if policy is not None and case is not None else None

    @property
    def amending(self) -> bool:
        """Whether a change of one thing of a case is being told."""
        return self.phase == "amend"

    @property
    def progressing(self) -> bool:
        """Whether what came of a stage is being told."""
        return self.phase == "progress"

    @property
    def reported(self) -> tuple[tuple[str, str], ...]:
        """What was told of the stage or of a change, without the partnership."""
        return tuple(pair for pair in self.answers if pair[0] != "policy")

    def question(self, around: Surroundings) -> Question | None:
        """The question to ask now, or None when there is none left."""
        if self.phase == "mail":
            return next_mail_question(self.answers)
        preparation = self.preparation(around)
        if preparation is not None:
            return preparation.next(dict(self.answers))
        standing = self.standing(around)
        if standing is not None:
            return next_progress_question(standing, self.reported, around.now())
        can = self.changeable(around)
        if can is not None:
            return next_amendment_question(can, self.reported)
        asked = next_question(self.policy(around), self.answers, around.now())
        if asked is not None and asked.fact == "policy":
            return partnership_question(around.library)
        return asked

    def decision(self, around: Surroundings) -> Decision | None:
        """The decision, as soon as it can be given."""
        policy = self.policy(around)
        if policy is None or self.phase != "walk":
            return None
        return answerable(policy, self.answers, around.now())

    def so_far(self, around: Surroundings) -> Decision | None:
        """What the policy says of the facts given so far, even if facts are missing."""
        policy = self.policy(around)
        if policy is None or self.phase != "walk":
            return None
        return decide(policy, facts_of(self.answers), around.now())


def heard_before(tracker: Tracker) -> str:
    """The words that may tell an outcome, kept until it was said of which case; or nothing."""
    return dict(Walk.of(tracker).said).get(HEARD, "")


def standing_of(policy: Policy, case: Escalation) -> Standing:
    """A recorded case as the rules of progress take it.

    An answer that this version of the policy does not know stays in the record; it is asked anew.
    """
    known = {*policy.facts, *policy.events}
    given = {each.fact: str(each.value) for each in case.answers if each.fact in known}
    facts = {fact: said for fact, said in given.items() if declares(policy, fact, said)}
    here = case.stages[-1]
    return Standing(policy, facts, here.stage, here.entered_on)


def named_policy(around: Surroundings, tracker: Tracker) -> Policy | None:
    """The policy that the message names, or the default of this place."""
    named = entity(tracker, "partnership") or around.default_policy
    return around.library.get(named) if named and named in around.library.versions else None


def pairs(value: Any) -> tuple[tuple[str, str], ...]:
    """Ordered pairs as a slot holds them."""
    return tuple((str(fact), str(said)) for fact, said in value or ())
