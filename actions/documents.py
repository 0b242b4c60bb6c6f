"""The files of a case in conversation: which case, which file, and what is still to be filled in.

No file is made here and no link is made here: the channel does both, because it knows who may
have them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.buttons import answer_button, intent_button
from actions.conversation import tap, text
from actions.state import Walk
from actions.surroundings import Surroundings, surroundings
from actions.taps import FILE_TAPS, FILES, STATUS
from actions.which_case import about, in_a_walk, the_case
from bot.documents.asked import Kind, documents_asked, wants_pdf
from bot.documents.calendar_entries import entries_of
from bot.documents.case_files import FORM, CaseFile, file_named, files_of, left_blank
from bot.documents.summary import summary_text
from bot.policy.model import Policy
from bot.records.cases import Escalation
from bot.records.preparation import CaseHome, preparation_notes


@dataclass(frozen=True)
class Giving:
    """A case whose files are given, and to whom."""

    dispatcher: CollectingDispatcher
    around: Surroundings
    case: Escalation
    policy: Policy

    def files(self, *kinds: Kind) -> dict[str, Any]:
        """The files of these kinds as the channels take them."""
        return as_files(files_of(self.case, self.policy, kinds))

    @property
    def has_dates(self) -> bool:
        """Whether a calendar of the case would hold anything."""
        return bool(entries_of(self.case, self.policy))


class ActionGetDocument(Action):
    """Gives a file of a case, at any moment."""

    def name(self) -> str:
        """The name that the domain knows."""
        return "action_get_document"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Give the files that are meant, or all where the words do not say which."""
        around = surroundings()
        kinds = kinds_meant(tracker)
        case = the_case(dispatcher, around, tracker, tap_for(kinds))
        if case is None:
            return []
        if tap(tracker) is None and wants_pdf(text(tracker)):
            dispatcher.utter_message(response="utter_files_no_pdf")
        policy = around.library.get(case.policy_id, case.policy_version)
        giving = Giving(dispatcher, around, case, policy)
        for kind in kinds:
            GIVERS[kind](giving)
        if not kinds:
            all_files(giving, tracker)
        return [] if in_a_walk(tracker) else about(case, aside=Walk.of(tracker).aside).events()


def kinds_meant(tracker: Tracker) -> tuple[Kind, ...]:
    """The files that a button or the words ask for; none where they do not say which."""
    tapped = tap(tracker)
    return FILE_TAPS.get(tapped[0], ()) if tapped else documents_asked(text(tracker))


def tap_for(kinds: tuple[Kind, ...]) -> str:
    """The button that asks for the same of another case; one for several files asks for all."""
    return next((name for name, asked in FILE_TAPS.items() if asked == kinds), FILES)


def all_files(giving: Giving, tracker: Tracker) -> None:
    """Every file of the case; the summary and, outside a walk, the ways on as buttons."""
    reference = giving.case.reference
    buttons = [answer_button("A summary to paste", tap_for(("summary",)), reference)]
    if not in_a_walk(tracker):
        buttons += [
            answer_button("Where it stands", STATUS, reference),
            intent_button("All my escalations", "list_cases"),
        ]
    dates: tuple[Kind, ...] = ("calendar",) if giving.has_dates else ()
    giving.dispatcher.utter_message(
        response="utter_files_all",
        reference=giving.case.reference,
        json_message=giving.files(*dates, "form", "record", "pack"),
        buttons=buttons,
    )


def calendar(giving: Giving) -> None:
    """The dates; where the case has none, that it has none."""
    if not giving.has_dates:
        giving.dispatcher.utter_message(
            response="utter_files_no_dates",
            reference=giving.case.reference,
        )
        return
    giving.dispatcher.utter_message(
        response="utter_files_calendar",
        reference=giving.case.reference,
        json_message=giving.files("calendar"),
    )


def form(giving: Giving) -> None:
    """Each form of the policy with what stays blank in it; without a form, the record."""
    dispatcher, case, policy = giving.dispatcher, giving.case, giving.policy
    if not policy.forms:
        dispatcher.utter_message(response="utter_files_no_form", partnership=policy.publisher)
        record(giving)
    for id_, printed in policy.forms.items():
        dispatcher.utter_message(
            response="utter_files_form",
            title=printed.title,
            reference=case.reference,
            json_message=as_files([file_named(case, policy, f"{FORM}{id_}")]),
        )
        blank = left_blank(case, policy, id_)
        if blank.yours:
            dispatcher.utter_message(response="utter_files_form_yours", yours=as_list(blank.yours))
        if blank.others:
            others = as_list([f"{label} (for the {role})" for role, label in blank.others])
            dispatcher.utter_message(response="utter_files_form_others", others=others)


def record(giving: Giving) -> None:
    """The whole record."""
    giving.dispatcher.utter_message(
        response="utter_files_record",
        reference=giving.case.reference,
        json_message=giving.files("record"),
    )


def pack(giving: Giving) -> None:
    """The page for the meeting; where nothing is noted as not known, that its agenda is empty."""
    with giving.around.database.reading() as session:
        home = CaseHome(reference=giving.case.reference)
        notes = preparation_notes(session, home=home, person=giving.case.person)
    giving.dispatcher.utter_message(
        response="utter_files_pack",
        reference=giving.case.reference,
        json_message=giving.files("pack"),
    )
    if not any(note.state == "not_known_yet" for note in notes):
        giving.dispatcher.utter_message(response="utter_files_pack_no_agenda")


def summary(giving: Giving) -> None:
    """The summary as plain text, exactly as it is to be pasted."""
    giving.dispatcher.utter_message(
        response="utter_files_summary",
        reference=giving.case.reference,
        json_message={"paste": summary_text(giving.case, giving.policy)},
    )


GIVERS: Mapping[Kind, Callable[[Giving], None]] = {
    "calendar": calendar,
    "form": form,
    "record": record,
    "pack": pack,
    "summary": summary,
}


def as_files(files: Sequence[CaseFile]) -> dict[str, Any]:
    """Files as the channels take them: what they are, without any address."""
    return {"files": [asdict(file) for file in files]} if files else {}


def as_list(items: Sequence[str]) -> str:
    """Items one below the other."""
    return "\n".join(f"- {item}" for item in items)
