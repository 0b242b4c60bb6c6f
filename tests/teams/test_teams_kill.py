"""kill -9 at chosen points of a turn: each message is answered once and has its effect once.

The point is chosen by what Microsoft sees, so that no line of the guide has to know of these tests.
Either the guide is killed, and its postman finishes what it has in hand, or both are, at once. Then
a reply that Microsoft took, and nobody lived to hear that it did, is sent again: Teams takes no
name by which it could tell the two apart. The last test says how far that goes.
"""

import time

import pytest
from chats import Fault
from teams_guide import SECONDS_TO_RESEND, Practitioner, all_words, of_person

RECORD = "Yes, record it"


@pytest.fixture(scope="module")
def undisturbed(guide, shared_microsoft):
    """What somebody is told whose guide is never killed."""
    person = Practitioner(
        shared_microsoft, guide.address, resend_after=SECONDS_TO_RESEND, guide=guide
    )
    person.install()
    person.settled().begin("jersey").finish().step(RECORD)
    return all_words(person)


@pytest.fixture
def ready(undisturbed, somebody):
    """Somebody who is about to record."""
    person = somebody()
    person.seconds_patient = 120
    return person.begin("jersey").finish()


def recorded_once(guide, person, undisturbed):
    assert all_words(person.settled()) == undisturbed
    assert len(of_person(guide, person, "escalation")) == 1
    assert [row["status"] for row in of_person(guide, person, "draft")] == ["recorded"]
    assert "none changed" in guide.verified()


def record(person):
    """Tap without waiting for anything."""
    person.wait(lambda: bool(person.offered(RECORD)), "no button")
    return person.send(person.tapped(person.offered(RECORD)[-1]), wait=False)


def start_again_once_dead(guide):
    guide.process.wait(60)
    guide.start()


def of(person, kind, method="POST"):
    """Calls of one kind about this person's chat."""
    return lambda m, conversation, activity: (
        (m, activity.get("type"), conversation) == (method, kind, person.conversation)
    )


def test_killed_while_it_asks_whether_the_message_is_genuine(
    guide, shared_microsoft, ready, undisturbed
):
    guide.kill()
    guide.start()  # it knows no key yet
    shared_microsoft.login.then["keys"] = guide.kill
    delivery = record(ready)
    start_again_once_dead(guide)
    assert delivery.done.wait(60)
    assert delivery.statuses[0] is None
    assert delivery.taken
    recorded_once(guide, ready, undisturbed)


def test_killed_the_moment_that_teams_was_told_it_arrived(guide, ready, undisturbed):
    delivery = record(ready)
    assert delivery.done.wait(30)
    guide.kill()
    guide.start()
    assert delivery.statuses == [202]  # so Teams never sends it again
    recorded_once(guide, ready, undisturbed)


def test_killed_while_it_shows_that_it_is_typing(guide, shared_microsoft, ready, undisturbed):
    shared_microsoft.connector.fail(Fault(kind="drop", of=of(ready, "typing"), then=guide.kill_all))
    record(ready)
    start_again_once_dead(guide)
    recorded_once(guide, ready, undisturbed)


def test_killed_while_the_record_is_written(guide, ready, undisturbed):
    delivery = record(ready)
    assert delivery.done.wait(30)
    time.sleep(0.2)
    guide.kill()
    guide.start()
    recorded_once(guide, ready, undisturbed)


def test_killed_before_the_card_is_replaced(guide, shared_microsoft, ready, undisturbed):
    shared_microsoft.connector.fail(
        Fault(kind="drop", of=of(ready, "message", "PUT"), then=guide.kill_all)
    )
    record(ready)
    start_again_once_dead(guide)
    recorded_once(guide, ready, undisturbed)


def test_killed_between_two_replies(guide, shared_microsoft, ready, undisturbed):
    here = of(ready, "message")
    seen = []

    def is_second(method, conversation, activity):
        if here(method, conversation, activity):
            seen.append(activity)
        return bool(here(method, conversation, activity)) and len(seen) == 2

    shared_microsoft.connector.fail(Fault(kind="drop", of=is_second, then=guide.kill_all))
    record(ready)
    start_again_once_dead(guide)
    recorded_once(guide, ready, undisturbed)


def test_killed_when_microsoft_has_a_reply_and_has_not_said_so_yet(
    guide, shared_microsoft, ready, undisturbed
):
    shared_microsoft.connector.fail(Fault(kind="taken", of=of(ready, "message"), then=guide.kill))
    record(ready)
    start_again_once_dead(guide)
    recorded_once(guide, ready, undisturbed)


def test_both_killed_when_microsoft_has_a_reply_only_that_one_comes_again(
    guide, shared_microsoft, ready, undisturbed
):
    shared_microsoft.connector.fail(
        Fault(kind="taken", of=of(ready, "message"), then=guide.kill_all)
    )
    record(ready)
    start_again_once_dead(guide)
    ready.settled()
    said = all_words(ready)
    assert len(said) == len(undisturbed) + 1
    n = next(n for n, text in enumerate(said) if text != [*undisturbed, ""][n])
    assert said[n] == said[n - 1]
    assert said[:n] + said[n + 1 :] == undisturbed
    assert len(of_person(guide, ready, "escalation")) == 1
