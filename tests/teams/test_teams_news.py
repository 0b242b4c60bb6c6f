"""What a facilitator does reaches people in Teams by itself: each thing once, to the end."""

import io
import re
from datetime import UTC, datetime

import docx
import pytest
import requests
from card_rules import actions
from seen import cards_of, words
from teams_guide import all_words, of_person, teams_guide

from bot.channels.rooms.sources import sources_of
from bot.rehearsal.state import Entry
from bot.settings import Settings

SCENARIO = "jersey_before_christmas"
SAID = "Ten minutes left, everybody."
HOLIDAY = "It is Christmas Day."
OVER = "You are back with your real work."
MARK = re.compile(r"REHEARSAL REH-\d{4}-\d{4}")
OF_A_CASE = (
    "escalation", "draft", "clock", "stage_entry", "duty", "risk_alert", "audit_entry",
)  # fmt: skip


@pytest.fixture(scope="module")
def guide(shared_microsoft, tmp_path_factory):
    """A running guide whose files have an address: its own."""
    made = teams_guide(tmp_path_factory.mktemp("home"), shared_microsoft)
    made.settings["ESCALATE_PUBLIC_ORIGIN"] = made.address.rstrip("/")
    yield made.start()
    made.kill()


class Facilitator:
    """Somebody who leads a session, through the rooms of the guide's own database."""

    def __init__(self, home):
        self.sources = sources_of(Settings.from_environment({"ESCALATE_HOME": str(home)}))
        self.rooms, self.library = self.sources.rooms, self.sources.library
        world = self.sources.shelf.get(SCENARIO)
        self.opened = self.rooms.open_led(world=world, now=datetime.now(UTC))
        self.key = {"room_id": self.opened.room.id, "key": self.opened.key}

    @property
    def code(self):
        return self.opened.room.code

    def lead(self, kind, what=""):
        self.rooms.lead(
            **self.key, entry=Entry(kind, what), now=datetime.now(UTC), library=self.library
        )


@pytest.fixture
def facilitator(guide):
    leading = Facilitator(guide.home)
    yield leading
    leading.rooms.close()


def hear(person, expected):
    """Wait until something comes by itself, and for the end of it; what came, as words."""
    person.mark = len(person.heard)
    person.wait(lambda: expected in person.said, f"not told {expected!r}")
    person.settled()
    return [words(taken.activity) for taken in person.messages]


def told(person, text):
    """How often somebody was told this, in all."""
    return "\n".join(all_words(person)).count(text)


def settled_news(guide, person):
    """How many pieces of news the guide has dealt with for this person."""
    rows = of_person(guide, person, "teams_inbox")
    return len([row for row in rows if (row["kind"], row["status"]) == ("news", "answered")])


def files(activity):
    """The Word documents that can be opened on a message."""
    for card in cards_of(activity.get("attachments") or ()):
        for action in actions(card):
            if action["type"] == "Action.OpenUrl":
                yield docx.Document(io.BytesIO(requests.get(action["url"], timeout=30).content))


def of_cases(guide):
    return {table: guide.rows(table) for table in OF_A_CASE}


def test_a_rehearsal_is_led_to_its_debrief_and_a_real_case_stays_as_it_was(
    guide, person, facilitator
):
    reference = person.record("jersey")
    before = of_cases(guide)
    person.step(f">join {facilitator.code}")
    assert MARK.search(person.said)
    person.step("Take it to my manager")

    facilitator.lead("announce", SAID)
    assert all(MARK.search(each) for each in hear(person, SAID))
    facilitator.lead("inject", "holiday")
    assert all(MARK.search(each) for each in hear(person, HOLIDAY))
    assert person.titles, "there is nothing to go on with"
    facilitator.lead("pause")
    assert all(MARK.search(each) for each in hear(person, "The rehearsal is paused."))
    facilitator.lead("resume")
    facilitator.lead("end")
    debriefed = hear(person, OVER)
    assert all(MARK.search(each) for each in debriefed[:-1])
    assert person.titles == ["Rehearse something else", "Delete this rehearsal"]
    assert (told(person, SAID), told(person, HOLIDAY)) == (1, 1)
    assert told(person, "What is new") == 0
    (debrief,) = [file for taken in person.messages for file in files(taken.activity)]
    assert debrief.paragraphs[0].text.startswith("REHEARSAL: debrief of")

    assert of_cases(guide) == before
    assert "none changed" in guide.verified()
    person.step(">my escalations")
    assert reference in person.said
    assert not MARK.search(person.said)


def test_a_rehearsal_waits_while_it_is_asked_whether_a_danger_is_real(guide, person, facilitator):
    person.step(f">join {facilitator.code}").step(">He is hitting her right now")
    asked, heard = person.titles, len(person.heard)
    facilitator.lead("announce", SAID)
    person.wait(lambda: settled_news(guide, person) == 1, "nobody looked")
    facilitator.lead("inject", "holiday")
    person.wait(lambda: settled_news(guide, person) == 2, "nobody looked again")
    assert (len(person.settled().heard), person.titles) == (heard, asked)
    person.tap("It is part of the rehearsal")
    person.wait(lambda: HOLIDAY in person.said, "not told what happened meanwhile")
    person.settled()
    assert MARK.search(person.said)
    assert (told(person, SAID), told(person, HOLIDAY)) == (1, 1)
    assert of_person(guide, person, "risk_alert") == []
    facilitator.lead("announce", "Five minutes left.")
    hear(person, "Five minutes left.")


def test_who_goes_back_to_real_work_is_left_alone(guide, person, facilitator):
    person.step(f">join {facilitator.code}").step(">He is hitting her right now")
    person.step("It is real")
    heard = len(person.heard)
    facilitator.lead("announce", SAID)
    person.wait(lambda: settled_news(guide, person) == 1, "nobody looked")
    assert len(person.settled().heard) == heard
    assert len(of_person(guide, person, "risk_alert")) == 1
