"""What people do in Teams, with a guide that runs as it will: from the welcome to the record."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from card_rules import actions, elements
from running_guide import BEGIN
from seen import AT_RISK, words
from signing import FOREIGN_TENANT, refused_cases
from sqlalchemy import update
from teams_guide import Practitioner, all_words, of_person

from bot.policy.library import load_library
from bot.records.database import open_database
from bot.records.tables import ClockRow
from bot.reminders.due import Pace
from bot.reminders.hours import hours_of
from bot.reminders.sweep import sweep
from bot.settings import Settings

pytestmark = pytest.mark.parametrize(
    "engine_name", ["sqlite", "postgresql"], indirect=True, scope="module"
)
DANGER = "He is hitting her right now and she cannot breathe"


def cards(taken):
    return [each["content"] for each in taken.activity.get("attachments") or ()]


def test_who_installs_the_app_is_welcomed_once_with_the_privacy_notice(person):
    assert len([text for text in all_words(person) if "privacy" in text.lower()]) == 1
    person.deliver(person.activity("installationUpdate", action="add"))
    before = all_words(person)
    person.step(">hello")
    assert all_words(person)[len(before) :] == [words(taken.activity) for taken in person.messages]
    assert "privacy" not in person.said.lower()


def test_a_whole_walk_ends_in_one_recorded_escalation(guide, person):
    reference = person.record("jersey")
    (case,) = of_person(guide, person, "escalation")
    assert (case["reference"], case["policy_id"]) == (reference, "jersey")
    assert [row["status"] for row in of_person(guide, person, "draft")] == ["recorded"]
    assert "none changed" in guide.verified()


def test_the_advice_and_its_button_stand_on_every_card_of_a_walk(person):
    person.record("sandwell")
    with_cards = [taken for taken in person.heard if cards(taken)]
    assert len(with_cards) > 8
    for taken in with_cards:
        (card,) = cards(taken)
        assert "999" in words(taken.activity), words(taken.activity)
        assert AT_RISK in [action["title"] for action in actions(card)]
        assert card["fallbackText"]
        assert card["speak"]
        assert taken.activity["summary"]
        assert len(json.dumps(taken.activity, ensure_ascii=False).encode()) <= 25 * 1024


def test_a_card_is_replaced_once_a_choice_was_made_and_the_choice_is_said(shared_microsoft, person):
    person.follow(">hello", *BEGIN)
    choice = person.offered("Jersey")[-1]
    person.step("Jersey")
    assert "Jersey" in words(person.messages[0].activity)
    now = shared_microsoft.connector.conversations[person.conversation].messages
    (card,) = [each["content"] for each in now[choice.message.id]["attachments"]]
    assert "Jersey" in words(now[choice.message.id])
    left = [action["title"] for action in actions(card)]
    assert [title for title in left if title != AT_RISK] == []
    assert not [e for e in elements(card) if e["type"].startswith("Input.")]


def test_danger_interrupts_a_walk_at_once_and_the_walk_goes_on(guide, person):
    person.begin("jersey")
    asked = person.titles
    person.step(f">{DANGER}")
    assert "999" in words(person.messages[0].activity)
    (alert,) = of_person(guide, person, "risk_alert")
    assert alert["settled_at"] is None
    person.step("Yes, done")
    (alert,) = of_person(guide, person, "risk_alert")
    assert alert["settled_at"] is not None
    assert asked == person.titles
    person.finish().step("Yes, record it")
    assert person.reference


def test_the_button_on_any_card_says_that_someone_is_at_risk(guide, person):
    person.begin("sandwell")
    person.step(AT_RISK)
    assert "999" in person.said
    assert len(of_person(guide, person, "risk_alert")) == 1


def test_the_same_message_again_changes_nothing(guide, person):
    person.begin("jersey").finish().step("Yes, record it")
    before = all_words(person)
    assert person.again().statuses == [202]
    person.step(">my escalations")
    assert all_words(person)[: len(before)] == before
    assert person.messages[0] == person.heard[len(before)]
    assert len(of_person(guide, person, "escalation")) == 1


def test_a_message_that_comes_again_while_it_is_being_answered_is_answered_once(somebody):
    control, person = somebody(), somebody()
    for each in (control, person):
        each.follow(">hello", *BEGIN)
    control.step("Sandwell")
    tapped = person.tapped(person.offered("Sandwell")[-1])
    sent = [person.deliver(tapped, wait=False) for _ in range(5)]
    assert all(delivery.done.wait(30) and delivery.taken for delivery in sent)
    person.wait(lambda: len(person.heard) >= len(control.heard), "no answer")
    assert all_words(person.settled()) == all_words(control)


def test_an_edited_message_is_answered_as_a_new_one_and_says_so(person):
    person.step(">helo")
    person.edit("hello").settled()
    assert "edit" in person.said.lower() or "change" in person.said.lower()
    assert person.titles


def test_in_a_group_there_is_one_line_and_nothing_of_a_case(guide, shared_microsoft, person):
    person.record("jersey")
    before = {table: guide.rows(table) for table in ("escalation", "draft", "risk_alert")}
    for kind in ("groupChat", "channel"):
        delivery = person.say_in_group("my escalations", kind)
        assert delivery.taken
    group = delivery.activity["conversation"]["id"]
    connector = shared_microsoft.connector
    person.wait(lambda: len(connector.messages_to(group)) == 2, "no line in the group")
    for taken in connector.messages_to(group):
        assert "ESC-" not in words(taken.activity)
        assert not cards(taken)
        assert words(taken.activity) == words(connector.messages_to(group)[0].activity)
    assert {table: guide.rows(table) for table in before} == before


def test_who_removes_the_app_is_forgotten_and_can_come_back(guide, person):
    reference = person.record("jersey")
    assert of_person(guide, person, "teams_reference")
    heard = len(person.heard)
    person.uninstall()
    person.wait(lambda: not of_person(guide, person, "teams_reference"), "not forgotten")
    assert len(person.heard) == heard
    assert not [r for r in person.microsoft.connector.refused if person.conversation in r[2]]
    person.install().settled()
    person.step(">my escalations")
    assert reference in person.said


def test_a_button_of_somebody_else_opens_nothing(guide, somebody):
    owner, thief = somebody(), somebody()
    owner.begin("jersey").finish()
    stolen = owner.offered("Yes, record it")[-1]
    thief.step(">hello")
    forged = thief.activity("message", value=stolen.action["data"], replyToId="1")
    before = len(thief.heard)
    assert thief.deliver(forged).taken
    thief.wait(lambda: len(thief.heard) > before, "no answer")
    assert not of_person(guide, thief, "escalation")
    assert not of_person(guide, owner, "escalation")


def test_a_reminder_comes_unasked_and_its_answer_is_kept(guide, person):
    reference = person.record("jersey")
    (case,) = of_person(guide, person, "escalation")
    person.mark = len(person.heard)
    soon = next_working_time(guide, case)
    sweep_at(guide, soon)
    person.wait(lambda: reference in person.said, "no reminder")
    assert "time limit" in person.said
    reminders = len([text for text in all_words(person.settled()) if "time limit" in text])
    person.step("Say what happened")
    assert reference in person.said
    person.step("We agreed: it is settled").finish().step("Yes, record it")
    (case,) = of_person(guide, person, "escalation")
    assert case["status"] != "open"
    assert len([text for text in all_words(person) if "time limit" in text]) == reminders


def test_a_reminder_is_put_off_comes_again_and_is_marked_as_met(guide, person):
    reference = person.record("jersey")
    (case,) = of_person(guide, person, "escalation")
    overdue_for_weeks(guide, case)
    person.mark = len(person.heard)
    sweep_at(guide, last_working_time())
    person.wait(lambda: reference in person.said, "no reminder")
    person.settled().step("Remind me tomorrow")
    assert "I will remind you again on" in person.said
    (wish,) = [row for row in guide.rows("snooze") if row["escalation_id"] == case["id"]]
    until = datetime.fromisoformat(str(wish["until"]))
    until = until.replace(tzinfo=until.tzinfo or UTC)
    person.mark = len(person.heard)
    sweep_at(guide, until - timedelta(seconds=1))
    sweep_at(guide, until)
    person.wait(lambda: "You asked me to remind you again." in person.said, "no second reminder")
    assert len([text for text in all_words(person.settled()) if "You asked me" in text]) == 1
    person.follow("Mark as met", ">yesterday", "Yes, record it")
    (clock,) = [row for row in guide.rows("clock") if row["escalation_id"] == case["id"]]
    assert clock["status"] in ("met", "missed")
    assert "none changed" in guide.verified()


def test_a_reminder_is_answered_with_not_agreed_by_one_press(guide, person):
    reference = person.record("jersey")
    (case,) = of_person(guide, person, "escalation")
    person.mark = len(person.heard)
    sweep_at(guide, next_working_time(guide, case))
    person.wait(lambda: reference in person.said, "no reminder")
    person.settled().follow("Not agreed", ">today", "Yes").finish().step("Yes, record it")
    stages = [row for row in guide.rows("stage_entry") if row["escalation_id"] == case["id"]]
    assert [row["outcome"] for row in stages] == ["not_agreed", None]


def test_a_reminder_in_the_midst_of_a_walk_is_answered_and_the_walk_goes_on(guide, person):
    reference = person.record("jersey")
    (case,) = of_person(guide, person, "escalation")
    overdue_for_weeks(guide, case)
    person.begin("sandwell")
    person.mark = len(person.heard)
    sweep_at(guide, last_working_time())
    person.wait(lambda: reference in person.said, "no reminder")
    person.settled().follow("Mark as met", ">yesterday", "Yes, record it")
    (clock,) = [row for row in guide.rows("clock") if row["escalation_id"] == case["id"]]
    assert clock["status"] in ("met", "missed")
    person.follow("Carry on where I was", "No").finish().step("Yes, record it")
    cases = of_person(guide, person, "escalation")
    assert [row["policy_id"] for row in cases] == ["jersey", "sandwell"]


def overdue_for_weeks(guide, case):
    """Put the only limit of a case weeks into the past."""
    past = (datetime.now(UTC) - timedelta(days=21)).date()
    with open_database(guide.records_url) as database, database.session() as session:
        of_case = update(ClockRow).where(ClockRow.escalation_id == case["id"])
        session.execute(of_case.values(due_on=past, due_at=None))


def last_working_time():
    """Ten o'clock on the last working day that has got so far."""
    hours = hours_of(load_library(Settings.from_environment({}).policies_dir).get("jersey"))
    moment = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    while moment > datetime.now(UTC) or not hours.open_at(moment):
        moment -= timedelta(days=1)
    return moment


def next_working_time(guide, case):
    """Some Wednesday at ten, after the dates of a case."""
    dates = [row["due_on"] or row["due_at"] for row in guide.rows("clock")
             if row["escalation_id"] == case["id"]]  # fmt: skip
    last = max(datetime.fromisoformat(str(found)) for found in dates if found)
    day = last.replace(tzinfo=UTC, hour=10, minute=0) + timedelta(days=2)
    return day + timedelta(days=(2 - day.weekday()) % 7)


def sweep_at(guide, instant):
    """One sweep as it will run at that instant."""
    settings = Settings.from_environment(
        {"ESCALATE_HOME": str(guide.home), "ESCALATE_DATABASE_URL": guide.records_url}
    )
    with open_database(settings.database_url) as database:
        return sweep(
            database, load_library(settings.policies_dir), tell_time=lambda: instant,
            pace=Pace(days_before=1), mailer=None,
        )  # fmt: skip


def test_every_request_that_proves_nothing_is_refused_and_leaves_no_trace(
    guide, shared_microsoft, person
):
    login = shared_microsoft.login
    before = len(guide.rows("teams_inbox"))
    for case in refused_cases(
        login.signer, login.unendorsed, shared_microsoft.bot.app_id, shared_microsoft.service_url
    ):
        activity = person.typed("hello")
        for name, value in case.activity.items():
            where, _, key = name.partition(".")
            activity[where] = {**activity[where], key: value} if key else value
        answer = person.post(activity, case.authorization)
        assert answer.status_code == case.status, case.name
        assert "Traceback" not in answer.text
    assert len(guide.rows("teams_inbox")) == before


@pytest.fixture
def stranger(shared_microsoft, guide):
    return Practitioner(shared_microsoft, guide.address, tenant=FOREIGN_TENANT, guide=guide)


def test_a_person_of_another_organisation_is_refused(guide, stranger):
    assert stranger.deliver(stranger.typed("hello")).statuses == [403]
    assert not of_person(guide, stranger, "teams_reference")
