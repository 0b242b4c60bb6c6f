"""Begins a walk, goes back, changes an answer, stops, and takes a draft up again."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import BEGIN, answer_button, intent_button
from actions.cases import ActionReportOutcome
from actions.conversation import entity, intent, tap, text
from actions.hearing import asked_which, meant_by_the_words
from actions.keeping import keep, known_of_us
from actions.putting_aside import back_to
from actions.reminding import ActionChooseReminders, reminders_left
from actions.state import HEARD_OF, Walk, heard_before
from actions.surroundings import Surroundings, surroundings
from actions.tapped import tapped_on
from actions.taps import DRAFT, REMINDERS, TAPS
from bot.escalation.answers import LONGEST_TEXT
from bot.escalation.said import YES, plainly
from bot.policy.library import UnknownPolicyError
from bot.records.drafts import Draft, open_drafts, take_up
from bot.records.errors import NotFoundError, NotOpenError
from bot.wording.answers import say_term
from bot.wording.dates import say_moment

MOST_DRAFTS = 5


class ActionStartWalk(Action):
    """Begins a walk with whatever the first message already said."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_start_walk"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Set the walk up; the form asks the first question."""
        around = surroundings()
        asked = asked_which(dispatcher, around, tracker)
        return begun(dispatcher, around, tracker) if asked is None else asked


class ActionStartAgain(ActionStartWalk):
    """Begins anew; what there was stays as a draft."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_start_again"


def begun(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker
) -> list[EventType]:
    """A new walk, ready for the form to ask its first question."""
    before = Walk.of(tracker)
    if before.draft and before.phase == "walk" and before.reference is None:
        dispatcher.utter_message(response="utter_walk_draft_kept")
    dispatcher.utter_message(response="utter_walk_begin")
    walk = first_answers(around, tracker)
    policy = walk.policy(around)
    if policy is not None:
        dispatcher.utter_message(response="utter_walk_policy", partnership=policy.publisher)
    return walk.events()


def first_answers(around: Surroundings, tracker: Tracker) -> Walk:
    """A walk that knows what the message said: the partnership, our side, the disagreement.

    An answer to "is this what came of it?" brings the words that were asked about (`hearing`).
    """
    answers = intent(tracker) == "choose"
    heard_of = dict(Walk.of(tracker).said).get(HEARD_OF) if answers else None
    ahead = list(known_of_us(around, tracker.sender_id))
    if intent(tracker) == "received_escalation":
        ahead.append(("matter", "received"))
    if intent(tracker) == "describe":
        ahead.append(("summary", text(tracker)[:LONGEST_TEXT]))
    if answers and heard_before(tracker):
        ahead.append(("summary", heard_before(tracker)))
    named = entity(tracker, "partnership") or heard_of or around.default_policy
    if named is None or named not in around.library.versions:
        return Walk(said=tuple(ahead))
    policy = around.library.get(named)
    return Walk(answers=(("policy", policy.id),), version=policy.document.label, said=tuple(ahead))


class ActionGoBack(Action):
    """Takes the last answer back, so that its question is asked again."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_go_back"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Drop the last answer and say which one it was."""
        around, walk = surroundings(), Walk.of(tracker)
        given = [pair for pair in walk.answers if walk.phase == "walk" or pair[0] != "policy"]
        if not given:
            dispatcher.utter_message(response="utter_walk_at_the_beginning")
            return []
        fact = given[-1][0]
        if walk.phase == "walk":
            term = say_term(walk.policy(around), fact)
            dispatcher.utter_message(response="utter_walk_back", question=term)
        return kept(around, tracker, walk.answered(list(walk.answers[:-1]))).events()


class ActionChangeAnswer(Action):
    """Asks which answer to change."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_change_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Let the form ask which one."""
        around, walk = surroundings(), Walk.of(tracker)
        if walk.phase != "walk" or walk.policy(around) is None or not walk.answers:
            dispatcher.utter_message(response="utter_walk_at_the_beginning")
            return []
        others = [pair for pair in walk.answers if pair[0] != "check"]
        return walk.answered([*others, ("check", "change")]).events()


class ActionStopWalk(Action):
    """Stops where we are; nothing is lost."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_stop_walk"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say what is kept and how to go on."""
        walk = Walk.of(tracker)
        if walk.phase == "prepare":
            dispatcher.utter_message(
                response="utter_prepare_stopped",
                buttons=[intent_button("Go on preparing", "prepare")],
            )
        elif walk.progressing or walk.amending:
            dispatcher.utter_message(
                response="utter_case_left", reference=walk.reference,
                buttons=[*back_to(walk), intent_button("All my escalations", "list_cases")],
            )  # fmt: skip
            return replace(walk, phase="walk", answers=walk.answers[:1]).events()
        elif walk.phase == "mail":
            return reminders_left(dispatcher, walk)
        elif walk.draft:
            dispatcher.utter_message(
                response="utter_walk_stopped", buttons=[intent_button("Carry on", "resume")]
            )
        else:
            dispatcher.utter_message(response="utter_walk_nothing_kept", buttons=list(BEGIN))
        return []


class ActionResume(Action):
    """Offers the drafts, or goes on with the only one."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_resume"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """List the open drafts, the last one touched first; in a walk, we are already there."""
        if (tracker.active_loop or {}).get("name") is not None:
            dispatcher.utter_message(response="utter_walk_here")
            return []
        around = surroundings()
        with around.database.reading() as session:
            drafts = open_drafts(session, person=tracker.sender_id)
        if not drafts:
            dispatcher.utter_message(response="utter_walk_no_draft", buttons=list(BEGIN))
            return []
        if len(drafts) == 1:
            return resumed(dispatcher, around, tracker, drafts[0])
        dispatcher.utter_message(
            response="utter_walk_which_draft",
            buttons=[
                answer_button(title_of(around, draft), DRAFT, draft.id)
                for draft in drafts[:MOST_DRAFTS]
            ],
        )
        return []


class ActionTakeUp(Action):
    """A button tapped outside a walk: of a draft, or one that no question waits for any more."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_take_up"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Take the draft up, or say that nothing waits for this answer."""
        around, tapped = surroundings(), tap(tracker)
        match meant_by_the_words(tracker):
            case "new":
                return [*begun(dispatcher, around, tracker), FollowupAction("walk_form")]
            case "outcome":
                return ActionReportOutcome().run(dispatcher, tracker, domain)
        if tapped is None and said_yes(tracker) and Walk.of(tracker).reference:
            return [FollowupAction("action_prepare")]
        if tapped is not None and tapped[0] in TAPS:
            return tapped_on(tapped[0], dispatcher, tracker, domain)
        if tapped is not None and tapped[0] == REMINDERS:
            return ActionChooseReminders().run(dispatcher, tracker, domain)
        if tapped is None or tapped[0] != DRAFT:
            dispatcher.utter_message(response="utter_walk_not_waiting", buttons=list(BEGIN))
            return []
        try:
            with around.database.reading() as session:
                draft = take_up(session, draft=tapped[1], person=tracker.sender_id)
        except (NotFoundError, NotOpenError):
            dispatcher.utter_message(response="utter_walk_no_draft", buttons=list(BEGIN))
            return []
        return resumed(dispatcher, around, tracker, draft)


def kept(around: Surroundings, tracker: Tracker, walk: Walk) -> Walk:
    """The walk, with its draft as it now stands if it has one.

    Raises:
        RecordsError: it could not be saved.
    """
    if walk.draft is None or walk.phase != "walk":
        return walk
    return keep(around, tracker.sender_id, walk, walk.draft)


def said_yes(tracker: Tracker) -> bool:
    """Whether the words take up the offer that was made last."""
    return plainly(text(tracker)) in YES


def resumed(
    dispatcher: CollectingDispatcher, around: Surroundings, tracker: Tracker, draft: Draft
) -> list[EventType]:
    """The walk of a draft, with the form following at once."""
    try:
        around.library.get(draft.policy_id, draft.policy_version)
    except UnknownPolicyError:
        dispatcher.utter_message(
            response="utter_walk_version_gone",
            policy=draft.policy_id,
            version=draft.policy_version,
        )
        return []
    # Whoever was safe yesterday may not be today: risk is asked anew.
    stale = ("check", "imminent", "protected")
    answers = tuple((fact, str(value)) for fact, value in draft.answers if fact not in stale)
    said = Walk.of(tracker).said_in(draft.id)
    walk = Walk(answers=answers, version=draft.policy_version, draft=draft.id, said=said)
    dispatcher.utter_message(response="utter_walk_resumed", draft=title_of(around, draft))
    return [*walk.events(), SlotSet("risk_alert", None), FollowupAction("walk_form")]


def title_of(around: Surroundings, draft: Draft) -> str:
    """A draft as its owner knows it: the partnership, how far it got, and when."""
    last = draft.answers[-1][0] if draft.answers else "policy"
    publisher, reached, zone = draft.policy_id, last, "Europe/London"
    try:
        policy = around.library.get(draft.policy_id, draft.policy_version)
        publisher, zone = policy.publisher, policy.place.timezone
        reached = say_term(policy, last)
    except (UnknownPolicyError, KeyError):
        pass  # a draft whose policy is gone is still named, and says so when it is taken up
    at = draft.updated_at.astimezone(ZoneInfo(zone))
    return f"{publisher}, {say_moment(at)}, up to “{reached}”"
