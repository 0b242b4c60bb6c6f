"""kill -9 of `serve`: nothing that was answered is lost, nothing is written twice."""

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import pytest
import requests
from running_guide import BEGIN, Guide, Person

TABLES = ("draft", "risk_alert", "escalation", "clock", "duty", "answer", "audit_entry")


@dataclass
class Survivor:
    """Somebody whose guide was killed after a reply, with what there was before."""

    person: Person
    history: list[dict]
    titles: list[str]
    counts: dict[str, int]


@pytest.fixture(scope="module")
def killed(guide) -> dict[str, Survivor]:
    """Four people at four places; one kill; one start."""
    people = {name: Person(guide.address).open() for name in ("midway", "early", "done", "at_risk")}
    people["midway"].begin("sandwell")
    people["early"].follow(*BEGIN)
    people["done"].begin("jersey").finish().tap("Yes, record it")
    people["at_risk"].begin("jersey").send({"risk": True})
    before = counts(guide)
    survivors = {
        name: Survivor(person, person.history(), person.titles, before)
        for name, person in people.items()
    }
    guide.kill()
    guide.start()
    return survivors


def counts(guide: Guide) -> dict[str, int]:
    return {table: len(guide.rows(table)) for table in TABLES}


def recorded_once(guide: Guide, person: Person) -> None:
    """One escalation of this person, whole: its stage, clocks, duties, and its draft finished."""
    (escalation,) = of_person(guide, person, "escalation")
    assert person.reference == escalation["reference"]
    for table, key in (
        ("stage_entry", "stage"),
        ("clock", "key"),
        ("duty", "key"),
        ("answer", "fact"),
    ):
        rows = [row for row in guide.rows(table) if row["escalation_id"] == escalation["id"]]
        found = Counter(row[key] for row in rows)
        assert found, f"{table} is empty"
        assert set(found.values()) == {1}, f"{table} has doubles: {found}"
    assert [row["status"] for row in of_person(guide, person, "draft")] == ["recorded"]
    noted = [
        row["what"] for row in guide.rows("audit_entry") if row["about"] == escalation["reference"]
    ]
    assert set(Counter(noted).values()) == {1}
    assert "none changed" in guide.verified()


def of_person(guide: Guide, person: Person, table: str) -> list[dict]:
    return [row for row in guide.rows(table) if row["person"] == person.sender]


def test_what_was_answered_is_all_there(guide, killed):
    assert counts(guide) == killed["midway"].counts
    for survivor in killed.values():
        now = survivor.person.history()
        assert [without_tokens(m) for m in now] == [without_tokens(m) for m in survivor.history]


def test_the_walk_goes_on_where_it_was(guide, killed):
    person = killed["midway"].person
    person.messages = person.history()
    assert person.titles == killed["midway"].titles
    assert len(of_person(guide, person, "draft")) == 1
    person.finish().tap("Yes, record it")
    recorded_once(guide, person)


def test_a_button_from_before_the_kill_still_works(killed):
    assert "Which of these fits?" in killed["early"].person.tap("Jersey").said


def test_a_message_that_was_answered_before_changes_nothing_when_it_comes_again(guide, killed):
    person = killed["done"].person
    said, before = person.said, counts(guide)
    assert person.again().said == said
    assert len(person.history()) == len(killed["done"].history)
    assert counts(guide) == before
    recorded_once(guide, person)


def test_an_open_alert_stays_open_and_is_settled_once(guide, killed):
    person = killed["at_risk"].person
    person.again()
    assert person.titles == killed["at_risk"].titles
    (alert,) = of_person(guide, person, "risk_alert")
    assert alert["settled_at"] is None
    person.tap("Yes, done")
    (alert,) = of_person(guide, person, "risk_alert")
    assert alert["settled_as"] is not None
    assert "none changed" in guide.verified()


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_killed_while_the_record_is_written_there_is_one_record_or_none_and_never_two(
    guide, person, delay
):
    person.begin("jersey").finish()
    killed_in_the_turn(guide, person, {"choice": person.token("Yes, record it")}, delay)
    assert len(of_person(guide, person, "escalation")) <= 1
    guide.verified()
    person.again()
    recorded_once(guide, person)
    assert sum(message.get("text", "").startswith("Recorded") for message in person.history()) == 1


def test_killed_while_a_turn_runs_the_same_message_is_taken_once(guide, person):
    person.follow(*BEGIN)
    killed_in_the_turn(guide, person, {"choice": person.token("Sandwell")}, 0.03)
    person.again()
    assert "Which of these fits?" in person.said
    assert len(of_person(guide, person, "draft")) == 1
    person.choose("sandwell").finish().tap("Yes, record it")
    recorded_once(guide, person)


def killed_in_the_turn(guide: Guide, person: Person, content: dict, delay: float) -> None:
    """Send a message, kill the guide `delay` seconds later, and start it again."""

    def send() -> None:
        with suppress(requests.RequestException):  # the connection dies with the guide
            person.send(content)

    sending = threading.Thread(target=send)
    sending.start()
    time.sleep(delay)
    guide.kill()
    sending.join(30)
    guide.start()


def without_tokens(message: dict) -> dict:
    """A message as it is seen: a token is sealed anew each time."""
    titles = [button["title"] for button in message.get("buttons", ())]
    return {**message, "buttons": titles}
