"""Bad days: Microsoft is slow, busy, away or strict; the guide answers once all the same."""

import time

import pytest
from chats import Fault
from fake_microsoft import FakeMicrosoft
from running_guide import BEGIN, Person
from seen import words
from teams_guide import SECONDS_TO_RESEND, Practitioner, all_words, of_person, teams_guide

from bot.channels.teams.arriving.keys import COOLDOWN_SECONDS


def is_message(method, conversation, activity):
    return method == "POST" and activity.get("type") == "message"


@pytest.fixture
def calm(somebody):
    """Somebody who says the same as the others on a good day."""
    return somebody().follow(">hello", *BEGIN)


@pytest.fixture(autouse=True)
def good_weather_again(shared_microsoft):
    yield
    shared_microsoft.connector.faults.clear()
    shared_microsoft.connector.limited = False
    shared_microsoft.login.entra_down = shared_microsoft.login.keys_down = None
    shared_microsoft.login.seconds_slow = 0.0


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, retry_after="1"),
        Fault(429, retry_after="1", times=2),
        Fault(412),
        Fault(502),
        Fault(503, times=2),
        Fault(504),
        Fault(kind="drop"),
        Fault(401),
    ],
    ids=lambda fault: f"{fault.status or fault.kind} x{fault.times}",
)
def test_a_reply_that_is_not_taken_at_first_arrives_once_and_in_order(
    shared_microsoft, somebody, calm, fault
):
    person = somebody()
    fault.of = is_message
    person.step(">hello")
    person.step(BEGIN[0])
    shared_microsoft.connector.fail(fault)
    person.step(BEGIN[1])
    assert fault.times == 0
    assert all_words(person) == all_words(calm)


def test_it_waits_as_long_as_microsoft_asks(shared_microsoft, person):
    shared_microsoft.connector.fail(Fault(429, retry_after="3", of=is_message))
    began = time.monotonic()
    person.step(">hello")
    assert time.monotonic() - began >= 3


def test_a_call_that_hangs_holds_nobody_else_up(shared_microsoft, somebody):
    stuck, other = somebody(), somebody()
    shared_microsoft.connector.fail(Fault(
        kind="hang", of=lambda m, conversation, a: conversation == stuck.conversation
        and is_message(m, conversation, a)))  # fmt: skip
    stuck.say("hello")
    began = time.monotonic()
    other.step(">hello")
    assert time.monotonic() - began < 10
    stuck.settled()
    assert all_words(stuck) == all_words(other)


def test_an_answer_that_is_lost_on_its_way_back_is_at_most_said_twice(
    guide, shared_microsoft, somebody, calm
):
    person = somebody().follow(">hello", BEGIN[0])
    shared_microsoft.connector.fail(Fault(kind="lost", of=is_message))
    person.step(BEGIN[1])
    once = without_doubles(all_words(person))
    assert once == without_doubles(all_words(calm))
    assert len(all_words(person)) - len(all_words(calm)) <= 1
    assert len(of_person(guide, person, "draft")) == len(of_person(guide, calm, "draft"))


def without_doubles(said):
    return [text for n, text in enumerate(said) if n == 0 or text != said[n - 1]]


def test_a_walk_under_the_real_rate_limits(shared_microsoft, calm, person):
    shared_microsoft.connector.limited = True
    person.follow(">hello", *BEGIN)
    assert any(refused[0] == 429 for refused in shared_microsoft.connector.refused)
    assert all_words(person) == all_words(calm)


@pytest.mark.parametrize("status", [403, 404])
def test_a_chat_that_is_closed_is_marked_and_opens_when_the_person_writes_again(
    guide, shared_microsoft, person, status
):
    person.step(">hello")
    chat = person.chat
    chat.blocked, chat.installed = status == 403, status != 404
    person.say("my escalations")
    person.wait(
        lambda: of_person(guide, person, "teams_reference")[0]["status"] == "unreachable",
        "never marked",
    )
    chat.blocked, chat.installed = False, True
    person.step(">hello")
    assert of_person(guide, person, "teams_reference")[0]["status"] == "active"


def test_a_message_that_teams_no_longer_has_is_still_answered(person):
    person.step(">hello")
    activity = person.typed("my escalations")
    before = len(person.heard)
    delivery = person.deliver(activity, wait=False)
    person.chat.theirs.discard(activity["id"])  # deleted at once
    assert delivery.done.wait(30)
    person.wait(lambda: len(person.heard) > before, "no answer")


def test_a_card_that_the_person_deleted_does_not_stop_the_answer(guide, person):
    person.step(">hello")
    choice = person.offered(BEGIN[0])[-1]
    del person.chat.messages[choice.message.id]
    person.chat.theirs.discard(choice.message.id)
    person.step(BEGIN[0])
    assert person.titles
    assert of_person(guide, person, "teams_reference")[0]["status"] == "active"


def test_keys_may_rotate_while_it_runs(shared_microsoft, person):
    """The new key is fetched at the first message with it, once the cooldown is over."""
    person.step(">hello")
    shared_microsoft.login.rotate()
    since = time.monotonic() - shared_microsoft.login.asked_at["keys"]
    time.sleep(max(0.0, COOLDOWN_SECONDS + 1 - since))
    person.step(">my escalations")
    assert person.messages


def test_who_makes_up_keys_cannot_make_us_fetch(shared_microsoft, person):
    before = shared_microsoft.login.asked["keys"]
    for _ in range(20):
        token = shared_microsoft.login.signer.sign({"aud": "x"}, kid="made-up")
        assert person.post(person.typed("hello"), f"Bearer {token}").status_code in (401, 503)
    assert shared_microsoft.login.asked["keys"] - before <= 1


def test_it_starts_while_microsoft_cannot_be_reached_and_answers_once_it_can(tmp_path):
    microsoft = FakeMicrosoft(tmp_path)
    guide = teams_guide(tmp_path / "home", microsoft).start()
    try:
        assert "999" in Person(guide.address).open().said  # the page works meanwhile
        person = Practitioner(
            microsoft, guide.address, guide=guide, resend_after=SECONDS_TO_RESEND, most_attempts=30
        )
        microsoft.connector.add(person.user, person.tenant, person.conversation)
        early = person.deliver(person.typed("hello"), wait=False)
        until = time.monotonic() + 20
        while not early.statuses and time.monotonic() < until:
            time.sleep(0.1)
        assert early.statuses[0] == 503  # not 401: nobody can say yet
        microsoft.start()
        assert early.done.wait(60)
        assert early.taken
        person.settled()
        answered = [words(taken.activity) for taken in person.heard]
        assert len(set(answered)) == len(answered)
    finally:
        guide.kill()
        microsoft.stop()


def test_microsoft_goes_away_after_it_has_our_202_and_comes_back(shared_microsoft, somebody, calm):
    person = somebody().follow(">hello", BEGIN[0])
    shared_microsoft.connector.fail(
        Fault(503, times=6, of=lambda m, c, a: c == person.conversation)
    )
    person.step(BEGIN[1])
    assert all_words(person) == all_words(calm)
