"""A case and a newer version of its policy: says what differs, keeps the one it has, or goes on."""

import logging
from datetime import datetime

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import Button, answer_button
from actions.conversation import once, tap
from actions.moving import new_duties
from actions.state import standing_of
from actions.steps import write_step
from actions.surroundings import Surroundings, surroundings
from actions.taps import VERSION, VERSION_KEEP, VERSION_TAKE
from actions.writing import clock_row, duty_row
from bot.cards.version import version_card
from bot.escalation.carrying import Carried, carried
from bot.escalation.decision import Decision
from bot.policy.library import UnknownPolicyError
from bot.policy.model import Policy
from bot.records.cases import Clock, Duty, Escalation
from bot.records.errors import NotFoundError, NotOpenError, RecordsError
from bot.records.steps import Step, VersionTaken
from bot.records.store import find
from bot.records.versions import keep_version

logger = logging.getLogger(__name__)

NOT_BEGUN = ("not_started", "no_number")


def offer_newer(
    dispatcher: CollectingDispatcher,
    around: Surroundings,
    tracker: Tracker,
    case: Escalation,
    *,
    may_choose: bool,
) -> list[Button]:
    """Say what a newer version changes for this case; gives the buttons to choose with.

    In a walk it only says that there is one. Once a person chose to keep a version over that one,
    nothing is asked, and there is a button to compare the two.
    """
    old = around.library.get(case.policy_id, case.policy_version)
    new = around.library.newer_than(old)
    if new is None or case.status != "open":
        return []
    label = new.document.label
    value = f"{case.reference} {label}"
    if case.kept_over == label and tap(tracker) != (VERSION, value):
        return [answer_button(f"Compare with version {label}", VERSION, value)]
    if not may_choose:
        dispatcher.utter_message(response="utter_case_version_later", version=label)
        return []
    found = under(case, old, new, around.now())
    dispatcher.utter_message(json_message=version_card(case, old, new, found).as_json())
    now_or_first = "follows now" if case.began_under else "began under"
    keep = answer_button(f"Keep the version it {now_or_first}", VERSION_KEEP, value)
    if found.obstacle:
        return [keep]
    dispatcher.utter_message(response="utter_case_version_choose")
    return [keep, answer_button("Go on under the new version", VERSION_TAKE, value)]


def choose_version(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Keep the version of a case, or go on under the newer one that the button showed; say so.

    The status comes next, and says where there is no such case of this person or no such policy.
    """
    around = surroundings()
    chosen, value = tap(tracker) or ("", "")
    reference, _, label = value.partition(" ")
    try:
        with around.database.reading() as session:
            case = find(session, reference=reference, person=tracker.sender_id)
        old = around.library.get(case.policy_id, case.policy_version)
        new = around.library.newer_than(old)
        if new is None or new.document.label != label:
            dispatcher.utter_message(response="utter_case_version_passed")
        elif chosen == VERSION_KEEP:
            _keep(dispatcher, around, tracker, case, label)
        else:
            _take(dispatcher, around, tracker, case, old, new)
    except (NotFoundError, UnknownPolicyError):
        return
    except NotOpenError as error:
        dispatcher.utter_message(text=str(error))
    except RecordsError:
        logger.exception("case.version_failed: %s", chosen)
        dispatcher.utter_message(response="utter_case_not_changed")


def _keep(
    dispatcher: CollectingDispatcher,
    around: Surroundings,
    tracker: Tracker,
    case: Escalation,
    over: str,
) -> None:
    with around.database.session() as session:
        keep_version(
            session, key=once(tracker, f"version:{case.reference}"), reference=case.reference,
            person=tracker.sender_id, now=around.now(), over=over,
        )  # fmt: skip
    dispatcher.utter_message(
        response="utter_case_version_kept", reference=case.reference, version=case.policy_version
    )


def _take(
    dispatcher: CollectingDispatcher,
    around: Surroundings,
    tracker: Tracker,
    case: Escalation,
    old: Policy,
    new: Policy,
) -> None:
    found = under(case, old, new, around.now())
    if found.decision is None:
        dispatcher.utter_message(response="utter_case_version_cannot", why=found.obstacle)
        return
    label = new.document.label
    step = step_to(case, old, new, found.decision, around.library.hashes[new.id, label])
    write_step(around, tracker, case.reference, step)
    dispatcher.utter_message(
        response="utter_case_version_taken", reference=case.reference, version=label,
        left=old.document.label,
    )  # fmt: skip
    waiting = waiting_in(step)
    if waiting:
        dispatcher.utter_message(response="utter_case_version_waiting", limits=waiting)


def under(case: Escalation, old: Policy, new: Policy, now: datetime) -> Carried:
    """The case under another version of its policy."""
    stages = [*(clock.stage for clock in case.clocks), *(entry.stage for entry in case.stages)]
    return carried(old, new, standing_of(old, case).facts, stages, now)


def step_to(
    case: Escalation, old: Policy, new: Policy, decision: Decision, content_hash: str
) -> Step:
    """The step under the newer version: what already runs or is settled stays as it is recorded."""
    stage = case.stages[-1].stage
    kept = {clock.key: clock for clock in case.clocks if clock.stage == stage}
    clocks = [clock_row(new, stage, clock) for clock in decision.clocks]
    return Step(
        kind="version",
        at_stage=stage,
        version=VersionTaken(
            left=old.document.label, taken=new.document.label, content_hash=content_hash
        ),
        clocks=tuple(each for each in clocks if each.key not in kept),
        duties=new_duties(case, new, stage, decision),
        renewed_clocks=tuple(each for each in clocks if _renews(each, kept.get(each.key))),
        renewed_duties=_renewed(case, new, decision),
    )


def _renews(clock: Clock, kept: Clock | None) -> bool:
    return kept is not None and kept.status in NOT_BEGUN and kept != clock


def _renewed(case: Escalation, new: Policy, decision: Decision) -> tuple[Duty, ...]:
    """The duties still owed that the newer version has in other words, or with another force."""
    asked = {duty.id: duty for duty in decision.duties}
    found = []
    for owed in case.duties:
        if owed.status == "owed" and owed.key in asked and owed.stage is not None:
            duty = duty_row(new, owed.stage, asked[owed.key])
            found += [duty] if duty != owed else []
    return tuple(found)


def waiting_in(step: Step) -> str:
    """The limits that came with a step and have no date yet, in the policy's words."""
    limits = [each for each in (*step.clocks, *step.renewed_clocks) if each.status == "not_started"]
    return "\n".join(f"- To {each.what}: “{each.words}”" for each in limits)
