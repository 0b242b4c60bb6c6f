"""The calendar file, read back with another library than the one that wrote it."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actions.writing import new_escalation
from bot.deadlines.calendar import OutsideCalendarError
from bot.documents.calendar_file import calendar_of
from bot.escalation.decide import decide
from bot.escalation.safety import CALL_999, GENERAL_ADVICE
from bot.policy.load import load
from bot.policy.model import Policy
from bot.records.cases import Clock, Duty, Escalation, StageEntry

ROOT = Path(__file__).parents[2]
JERSEY = load(ROOT / "policies" / "jersey" / "2014-10.yml")
SANDWELL = load(ROOT / "policies" / "sandwell" / "v0.3.yml")
ST_HELIER = ZoneInfo("Europe/Jersey")
NOW = datetime(2026, 11, 12, 16, 30, tzinfo=UTC)
STAGE = StageEntry(stage="s2", label="Stage 2", entered_on=date(2026, 11, 12))
REPLY = Clock(
    stage="s2",
    key="reply",
    what="reply",
    owner="the manager challenged",
    event="raised",
    event_at=NOW,
    due_on=date(2026, 11, 19),
    words="within 5 working days",
    strength="should",
    basis="stated",
    indicative=False,
    convention="Day 1 is the first working day after Thursday 12 November 2026.",
    citation="s.3 Stage 2",
    status="running",
)
DISCUSS = replace(REPLY, key="s2_discuss", what="talk to your manager", strength="must")
TALK = Duty(
    key="discuss_manager",
    kind="consult",
    strength="must",
    who="professional raising the concern",
    to_whom="manager",
    what="Talk to your manager",
    stage="s2",
    citation="s.3 Stage 2",
)


def case(*clocks: Clock, policy: Policy = JERSEY, **fields: Any) -> Escalation:
    known: dict[str, Any] = {
        "reference": "ESC-2026-0012",
        "person": "web-7f3a",
        "policy_id": policy.id,
        "policy_version": policy.document.label,
        "policy_hash": "ab" * 32,
        "subject": "child",
        "side": "raising",
        "area": None,
        "summary": "Words of the practitioner that stay in the record",
        "status": "open",
        "raised_on": date(2026, 11, 12),
        "created_at": NOW,
        "ended_on": None,
        "ending": None,
        "lessons": None,
        "stages": (STAGE,),
        "clocks": clocks,
        "duties": (),
        "answers": (),
        "participants": (),
    }
    return Escalation(**known | fields)


def read(escalation: Escalation, policy: Policy = JERSEY, now: datetime = NOW) -> Any:
    calendar = vobject.readOne(calendar_of(escalation, policy, now=now).decode())
    assert calendar.validate(raiseException=True)
    return calendar


def events(escalation: Escalation, policy: Policy = JERSEY, now: datetime = NOW) -> list[Any]:
    return read(escalation, policy, now).contents.get("vevent", [])


def only(*clocks: Clock, policy: Policy = JERSEY, now: datetime = NOW, **fields: Any) -> Any:
    [event] = events(case(*clocks, policy=policy, **fields), policy, now)
    return event


def rings(event: Any) -> list[datetime]:
    return [alarm.trigger.value for alarm in event.contents.get("valarm", [])]


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ST_HELIER)


def test_a_due_day_is_an_entry_for_the_whole_day():
    event = only(REPLY)
    assert event.dtstart.value == date(2026, 11, 19)
    assert event.dtend.value == date(2026, 11, 20)
    assert event.summary.value == "ESC-2026-0012: due – reply (Stage 2)"
    assert (event.status.value, event.transp.value) == ("CONFIRMED", "TRANSPARENT")
    assert getattr(event, "class").value == "PRIVATE"


def test_the_description_says_what_who_how_binding_how_counted_and_where_it_stands():
    assert only(replace(REPLY, indicative=True, basis="inferred")).description.value.split(
        "\n"
    ) == [
        "Should do: reply.",
        "Who: the manager challenged.",
        "Date: Thursday 19 November 2026.",
        "The policy says “within 5 working days”.",
        "Day 1 is the first working day after Thursday 12 November 2026.",
        "This date is a guide. Never wait for it if the risk would grow.",
        "Source: s.3 Stage 2 (inferred, not stated). "
        "Escalation Policy and Resolution Pathway, October 2014.",
        GENERAL_ADVICE,
    ]


@pytest.mark.parametrize(
    ("strength", "lead"),
    [("must", "Must do: "), ("should", "Should do: "), ("may", "May help: "),
     ("will", "What will happen: ")],
)  # fmt: skip
def test_the_force_of_a_rule_is_never_raised(strength, lead):
    assert only(replace(REPLY, strength=strength)).description.value.startswith(f"{lead}reply.")


def test_what_the_policy_file_notes_of_a_clock_is_said():
    assert "The policy does not say from when." in only(DISCUSS).description.value


@pytest.mark.parametrize(
    ("due_at", "local"),
    [
        pytest.param("2026-03-29T00:30+00:00", "2026-03-29T00:30:00+00:00", id="before spring"),
        pytest.param("2026-03-29T01:30+00:00", "2026-03-29T02:30:00+01:00", id="after spring"),
        pytest.param("2026-07-01T15:30+00:00", "2026-07-01T16:30:00+01:00", id="summer"),
        pytest.param("2026-10-25T00:30+00:00", "2026-10-25T01:30:00+01:00", id="half past one"),
        pytest.param("2026-10-25T01:30+00:00", "2026-10-25T01:30:00+00:00", id="and once more"),
        pytest.param("2026-11-14T16:30+00:00", "2026-11-14T16:30:00+00:00", id="winter"),
    ],
)
@pytest.mark.parametrize("policy", [JERSEY, SANDWELL], ids=lambda policy: policy.id)
def test_a_due_moment_is_right_on_either_side_of_a_change_of_the_clocks(policy, due_at, local):
    moment = datetime.fromisoformat(due_at)
    start = only(replace(REPLY, due_on=None, due_at=moment), policy=policy).dtstart
    assert start.value.astimezone(UTC) == moment
    again = local == "2026-10-25T01:30:00+00:00"
    zone = None if again else policy.place.timezone
    assert start.params.get("X-VOBJ-ORIGINAL-TZID", [None]) == [zone]
    assert start.value.isoformat() == local


@pytest.mark.parametrize("policy", [JERSEY, SANDWELL], ids=lambda policy: policy.id)
def test_the_file_changes_its_clocks_at_the_instant_at_which_the_place_does(policy):
    """Read by hand: vobject compares clock faces, which hides an hour; libical does not."""
    changes = re.findall(
        r"DTSTART:(\w+)\r\nRRULE:(\S+)\r\nTZNAME:(\w+)\r\n"
        r"TZOFFSETFROM:\+0(\d)00\r\nTZOFFSETTO:\+0(\d)00\r\n",
        calendar_of(case(policy=policy), policy, now=NOW).decode(),
    )
    assert [name for _, _, name, _, _ in changes] == ["BST", "GMT"]
    zone = ZoneInfo(policy.place.timezone)
    for since, rule, _, before, after in changes:
        faces = rrulestr(rule, dtstart=datetime.fromisoformat(since))[: 2037 - 1996]
        assert faces[-1].year == 2036
        for face in faces:
            change = face.replace(tzinfo=UTC) - timedelta(hours=int(before))
            earlier = (change - timedelta(seconds=1)).astimezone(zone)
            assert earlier.utcoffset() == timedelta(hours=int(before))
            assert change.astimezone(zone).utcoffset() == timedelta(hours=int(after))


@settings(deadline=None)  # a busy machine is no failure
@given(st.datetimes(datetime(2026, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)))
def test_any_due_moment_comes_back_as_it_was(moment):
    moment = moment.replace(microsecond=0)
    event = only(replace(REPLY, due_on=None, due_at=moment), now=moment - timedelta(days=30))
    assert event.dtstart.value.astimezone(UTC) == moment
    assert moment - timedelta(hours=1) in rings(event)
    assert max(rings(event)) < moment


@pytest.mark.parametrize(
    ("due", "ringing"),
    [
        pytest.param(date(2026, 11, 19), ["2026-11-18T09:00", "2026-11-19T09:00"], id="a Thursday"),
        pytest.param(date(2026, 11, 23), ["2026-11-20T09:00", "2026-11-23T09:00"], id="a Monday"),
        pytest.param(
            date(2027, 3, 30), ["2027-03-25T09:00", "2027-03-30T09:00"], id="Easter, clocks change"
        ),
        pytest.param(
            date(2028, 5, 10), ["2028-05-08T09:00", "2028-05-10T09:00"], id="Liberation Day"
        ),
        pytest.param(
            at("2026-11-19T16:30"),
            ["2026-11-18T09:00", "2026-11-19T09:00", "2026-11-19T15:30"],
            id="a moment",
        ),
        pytest.param(
            at("2026-11-19T10:00"), ["2026-11-18T09:00", "2026-11-19T09:00"], id="twice the same"
        ),
        pytest.param(
            at("2026-11-19T08:00"), ["2026-11-18T09:00", "2026-11-19T07:00"], id="an early moment"
        ),
        pytest.param(
            at("2027-03-28T02:30"), ["2027-03-25T09:00", "2027-03-28T00:30"], id="in a lost hour"
        ),
    ],
)
def test_it_rings_at_nine_on_the_working_day_before_and_on_the_day(due, ringing):
    timed = isinstance(due, datetime)
    clock = replace(REPLY, due_on=None if timed else due, due_at=due if timed else None)
    event = only(clock)
    assert rings(event) == [at(moment).astimezone(UTC) for moment in ringing]
    for alarm in event.contents["valarm"]:
        assert alarm.action.value == "DISPLAY"
        assert alarm.description.value == event.summary.value


def test_the_bank_holidays_are_those_of_the_policys_place():
    clock = replace(REPLY, due_on=date(2025, 5, 12))
    now = datetime(2025, 5, 1, tzinfo=UTC)
    assert rings(only(clock, now=now))[0].date() == date(2025, 5, 8)
    assert rings(only(clock, policy=SANDWELL, now=now))[0].date() == date(2025, 5, 9)


def test_an_alarm_that_has_passed_is_left_out():
    assert rings(only(REPLY, now=at("2026-11-18T09:00"))) == [at("2026-11-19T09:00")]
    assert rings(only(REPLY, now=at("2026-11-20T09:00"))) == []


def test_a_changed_date_updates_the_entry_and_says_why():
    changed = replace(
        REPLY, due_on=date(2026, 11, 26), status="extended", reason="Half term; both agreed"
    )
    before, after = only(REPLY), only(changed, now=NOW + timedelta(minutes=1))
    assert before.uid.value == after.uid.value == "ESC-2026-0012.s2.reply@escalation-guide"
    assert int(before.sequence.value) < int(after.sequence.value) < 2**31
    assert before.dtstamp.value < after.dtstamp.value == NOW + timedelta(minutes=1)
    assert after.last_modified.value == after.dtstamp.value
    assert after.dtstart.value == date(2026, 11, 26)
    assert after.summary.value == "ESC-2026-0012: now due – reply (Stage 2)"
    assert "The new date is Thursday 26 November 2026." in after.description.value
    assert "Reason: Half term; both agreed" in after.description.value
    assert "How the policy's own date was counted: Day 1" in after.description.value
    assert len(rings(after)) == 2


@pytest.mark.parametrize(
    "reason", ["Ms Example is on leave", "x" * 201, "ring 01534 000 000"], ids=lambda r: r[:10]
)
def test_a_reason_that_is_long_or_may_name_someone_stays_in_the_record(reason):
    said = only(replace(REPLY, status="extended", reason=reason)).description.value
    assert reason not in said
    assert "The reason is in the record of the case." in said


@pytest.mark.parametrize(
    ("status", "head", "line"),
    [
        ("met", "met", "Met on Tuesday 17 November 2026."),
        ("missed", "missed", "Missed on Tuesday 17 November 2026."),
        ("stopped", "stopped", "Stopped on Tuesday 17 November 2026."),
    ],
)
def test_a_settled_limit_is_cancelled_and_does_not_ring(status, head, line):
    event = only(replace(REPLY, status=status, settled_on=date(2026, 11, 17)))
    assert event.status.value == "CANCELLED"
    assert event.summary.value == f"ESC-2026-0012: {head} – reply (Stage 2)"
    assert line in event.description.value.split("\n")
    assert rings(event) == []
    assert event.uid.value == only(REPLY).uid.value


def test_nothing_runs_on_when_the_case_has_ended():
    event = only(REPLY, status="resolved", ended_on=date(2026, 11, 17))
    assert (event.status.value, rings(event)) == ("CANCELLED", [])
    assert "The case has ended." in event.description.value


def test_a_limit_that_has_not_started_is_tentative():
    event = only(replace(REPLY, status="not_started"))
    assert event.status.value == "TENTATIVE"
    assert "its date may change" in event.description.value


def test_a_limit_without_a_number_has_no_entry_and_is_told_of():
    clocks = (
        replace(REPLY, key="refer", what="refer it", status="no_number", due_on=None,
                words="without delay", convention=None),
        replace(REPLY, key="odd", what="act", status="no_number", words="at once", convention=None),
        replace(REPLY, key="meet", what="meet", status="not_started", due_on=None, event_at=None,
                convention=None),
        replace(REPLY, key="marf", what="send it", status="not_started", due_on=None,
                convention="Act now: do not wait for the next working day."),
        replace(REPLY, key="past", what="call", status="stopped", due_on=None),
    )  # fmt: skip
    calendar = read(case(*clocks))
    assert "vevent" not in calendar.contents
    assert calendar.contents["x-wr-caldesc"][0].value.split("\n")[1:-1] == [
        "There is no date to show.",
        "No date for “refer it” (Stage 2): the policy says “without delay”.",
        "No date for “act” (Stage 2): the policy says “at once”.",
        "No date yet for “meet” (Stage 2): the policy says “within 5 working days”.",
        "No date for “send it” (Stage 2): the policy says “within 5 working days”. "
        "Act now: do not wait for the next working day.",
    ]


def test_an_empty_case_is_still_a_calendar():
    calendar = read(case())
    assert calendar.method.value == "PUBLISH"
    assert calendar.vtimezone.tzid.value == "Europe/Jersey"
    about = calendar.contents["x-wr-caldesc"][0].value
    assert "There is no date to show." in about
    assert GENERAL_ADVICE in about


def test_a_duty_with_a_limit_has_an_entry_that_leaves_the_ringing_to_the_limit():
    limit, duty = events(case(DISCUSS, duties=(TALK, replace(TALK, key="record_2"))))
    assert duty.uid.value == "ESC-2026-0012.s2.duty.discuss_manager@escalation-guide"
    assert duty.dtstart.value == limit.dtstart.value
    assert duty.summary.value == "ESC-2026-0012: to do – Talk to your manager (Stage 2)"
    assert duty.description.value.startswith(
        "Must do: Talk to your manager.\nWho: professional raising the concern.\nTo: manager.\n"
        "Date: Thursday 19 November 2026. It is the date of the time limit to talk to your manager."
    )
    assert duty.description.value.endswith(GENERAL_ADVICE)
    assert (rings(duty), len(rings(limit))) == ([], 2)


def test_where_the_policy_itself_names_999_it_is_not_called_general_advice(any_policy, any_case):
    calendar = read(any_case(any_policy), any_policy)
    said = [calendar.contents["x-wr-caldesc"][0].value]
    said += [event.description.value for event in calendar.contents.get("vevent", [])]
    own = any_policy.id == "berkshire"
    assert all(words.endswith(CALL_999 if own else GENERAL_ADVICE) for words in said)


def test_a_duty_goes_by_the_limit_of_its_own_stage():
    later = replace(DISCUSS, stage="s3", due_on=date(2026, 11, 26))
    stages = (STAGE, replace(STAGE, stage="s3", label="Stage 3"))
    *_, duty = events(case(DISCUSS, later, duties=(TALK,), stages=stages))
    assert duty.dtstart.value == date(2026, 11, 19)


def test_a_duty_that_is_not_simply_stated_says_so():
    meet = replace(REPLY, key="s2_meet", what="meet to settle the issue")
    duties = (replace(TALK, key="meet_2"),)
    _, duty = events(case(meet, duties=duties, policy=SANDWELL), SANDWELL)
    assert "Source: s.3 Stage 2 (the policy says two things)." in duty.description.value


def test_an_owed_duty_is_cancelled_when_the_case_has_ended():
    _, duty = events(case(DISCUSS, duties=(TALK,), status="withdrawn"))
    assert duty.status.value == "CANCELLED"


@pytest.mark.parametrize(
    ("clock", "duty", "status", "head"),
    [
        (DISCUSS, replace(TALK, status="done", settled_on=date(2026, 11, 16)), "CANCELLED", "done"),
        (DISCUSS, replace(TALK, status="not_needed"), "CANCELLED", "not needed"),
        (replace(DISCUSS, status="stopped"), TALK, "CANCELLED", "stopped"),
        (replace(DISCUSS, status="missed"), TALK, "CONFIRMED", "to do"),
        (replace(DISCUSS, stage="s1"), TALK, "CONFIRMED", "to do"),
    ],
    ids=["done", "not needed", "limit stopped", "limit missed", "limit of another stage"],
)
def test_a_duty_is_shown_while_it_is_owed(clock, duty, status, head):
    stages = (replace(STAGE, stage="s1", label="Stage 1"), STAGE)
    _, event = events(case(clock, duties=(duty,), stages=stages))
    assert event.status.value == status
    assert event.summary.value == f"ESC-2026-0012: {head} – Talk to your manager (Stage 2)"


def test_a_duty_without_a_dated_limit_has_no_entry():
    undated = replace(DISCUSS, due_on=None, status="not_started")
    assert events(case(undated, duties=(TALK,))) == []
    assert events(case(duties=(TALK,))) == []


def test_what_a_walk_records_becomes_its_calendar():
    answers = (("imminent", "no"), ("matter", "child"), ("area", "other"), ("stage", "s2"),
               ("significant_harm", "yes"), ("stage2_began", "2026-11-12"))  # fmt: skip
    decision = decide(JERSEY, dict(answers), NOW)
    new = new_escalation(JERSEY, "ab" * 32, decision, answers, None, NOW)
    limit, duty = events(case(*new.clocks, duties=new.duties, stages=(new.stage,)))
    assert limit.uid.value == "ESC-2026-0012.s2.s2_discuss@escalation-guide"
    assert duty.uid.value == "ESC-2026-0012.s2.duty.discuss_manager@escalation-guide"
    assert limit.dtstart.value == duty.dtstart.value == date(2026, 11, 16)


def test_the_practitioners_account_and_address_stay_out():
    written = calendar_of(case(REPLY, ending="Told Ms E", lessons="Sooner"), JERSEY, now=NOW)
    for private in (b"Words of the practitioner", b"web-7f3a", b"Told Ms E", b"Sooner"):
        assert private not in written.replace(b"\r\n ", b"")


def test_the_bytes_are_the_same_for_the_same_moment_and_no_line_is_too_long():
    clock = replace(REPLY, what="é" * 100 + "long" * 50)
    written = calendar_of(case(clock), JERSEY, now=NOW)
    assert written == calendar_of(case(clock), JERSEY, now=NOW)
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in written.replace(b"\r\n", b"")
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode()


def test_marks_that_the_format_uses_itself_are_escaped():
    words = 'one, two; three\\four\nfive: "six" C:\\New \\\\N ^n'
    written = calendar_of(case(replace(REPLY, words=words)), JERSEY, now=NOW)
    assert b"one\\, two\\; three\\\\four\\nfive" in written.replace(b"\r\n ", b"")
    assert f"“{words}”" in only(replace(REPLY, words=words)).description.value


def kept(text: str) -> str:
    """The words without characters that the format forbids; every line end is a line feed."""
    ends = re.sub("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]", "\n", text)
    return "".join(char for char in ends if char in "\n\t" or unicodedata.category(char) != "Cc")


TEXT = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: "\0" not in text)


@settings(deadline=None)
@given(TEXT, TEXT)
@example("\\N \\n \\\\N \\\\\\N", "," * 80 + ";" * 80)
@example(" " * 200, "\t" * 200)
@example("a\r\nb\rc\u2028d\x85e", "BEGIN:VEVENT\r\nEND:VCALENDAR")
def test_any_words_come_back_as_they_were(words, what):
    event = only(replace(REPLY, words=words, what=what))
    assert kept(f"“{words}”") in event.description.value
    assert kept(f"Should do: {what}.") in event.description.value
    assert event.summary.value == f"ESC-2026-0012: due – {kept(' '.join(what.split()))} (Stage 2)"


@pytest.mark.parametrize(
    ("clock", "policy", "now", "message"),
    [
        (REPLY, JERSEY, NOW.replace(tzinfo=None), "without a time zone. Give it one"),
        (REPLY, SANDWELL, NOW, "under jersey October 2014, and the policy given is sandwell V0.3"),
        (replace(REPLY, due_at=NOW), JERSEY, NOW, "'reply' is due on 2026-11-19 and at 2026-11-12"),
        (replace(REPLY, strength="ought"), JERSEY, NOW, "strength 'ought'. Allowed: must, should"),
        (replace(REPLY, basis="guess"), JERSEY, NOW, "basis 'guess'. Allowed: stated, inferred"),
        (replace(REPLY, status="late"), JERSEY, NOW, "status 'late'. Allowed: running, extended"),
        (replace(REPLY, stage="s9"), JERSEY, NOW, "stage 's9'. Allowed: s2"),
    ],
    ids=["naive", "other policy", "two dates", "strength", "basis", "status", "stage"],
)
def test_what_cannot_be_shown_is_refused_and_named(clock, policy, now, message):
    with pytest.raises(ValueError, match=message):
        calendar_of(case(clock), policy, now=now)


def test_a_place_with_other_clocks_is_refused_not_shown_an_hour_wrong():
    place = JERSEY.place.model_copy(update={"timezone": "Europe/Paris"})
    elsewhere = JERSEY.model_copy(update={"place": place})
    with pytest.raises(ValueError, match=r"'Europe/Paris'.*Allowed: a zone that keeps UK time"):
        calendar_of(case(replace(REPLY, due_on=None, due_at=NOW)), elsewhere, now=NOW)


def test_a_day_without_known_holidays_is_refused():
    with pytest.raises(OutsideCalendarError, match="2150"):
        calendar_of(case(replace(REPLY, due_on=date(2150, 1, 4))), JERSEY, now=NOW)
