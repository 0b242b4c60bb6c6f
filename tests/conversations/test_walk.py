"""Whole walks to a recorded escalation, through the model, the actions and the database."""

import re
from zoneinfo import ZoneInfo

import pytest
from paths import is_answer

from bot.cards.answer import YOURS
from bot.cards.limits import NO_LIMIT
from bot.escalation.questions import offered_stages
from bot.policy.library import load_library
from bot.records.errors import NotFoundError
from bot.records.store import find
from bot.settings import Settings
from bot.wording.dates import say_date, say_moment
from bot.wording.force import HEADINGS, capital

LIBRARY = load_library(Settings.from_environment({}).policies_dir)
STAGES = [(policy.id, stage.id) for policy in LIBRARY for stage in offered_stages(policy)]
POLICIES = [policy.id for policy in LIBRARY]
MOST_TAPS = 7
NOT_CLOCKS = ("Who acts", "If it is not settled", "How it ends")
BINDING = (*HEADINGS.values(), *(f"{heading} (others)" for heading in HEADINGS.values()), YOURS)


def recorded(around, reference, person):
    with around.database.reading() as session:
        return find(session, reference=reference, person=person)


def shown_due(clock, zone):
    """The due date of a row of the record, as the card says it."""
    if clock.due_on is not None:
        return say_date(clock.due_on)
    return say_moment(clock.due_at.astimezone(zone)) if clock.due_at else None


def assert_rows_equal_card(case, card, policy):
    zone = ZoneInfo(policy.place.timezone)
    assert case.stages[-1].label in card["title"]
    by_when = [row for row in card["rows"] if row["term"] not in NOT_CLOCKS]
    if not case.clocks:
        assert [row["value"] for row in by_when] == [NO_LIMIT]
    else:
        assert len(by_when) == len(case.clocks)
    for clock in case.clocks:
        assert (clock.due_on or clock.due_at) is None or clock.status == "running"
        due = shown_due(clock, zone)
        shown = [row["value"] for row in by_when if row["term"] == capital(clock.what)]
        bold = [re.findall(r"\*\*(.+?)\*\*", value)[0] for value in shown]
        if due is not None:
            assert any(due in said for said in bold), (clock, shown)
        else:
            assert any("No date" in said for said in bold), (clock, shown)
        for section in clock.citation.split("; "):
            assert any(section in value for value in shown), (clock, shown)
    items = {s["heading"]: s["items"] for s in card["sections"] if s["heading"] in BINDING}
    shown = [(heading, item) for heading, each in items.items() for item in each]
    for duty in case.duties:
        said = [
            item
            for heading, item in shown
            if duty.what in item
            and duty.citation.split(", ")[0] in item
            and (heading.startswith(HEADINGS[duty.strength]) or heading == YOURS)
        ]
        assert said, (duty, items)
    said_to_bind = [item for heading, item in shown if heading != YOURS]
    ours = [d for d in case.duties if any(d.what in i for i in items.get(YOURS, ()))]
    assert len(said_to_bind) + len(ours) == len(case.duties)


@pytest.mark.parametrize(("policy_id", "stage"), STAGES, ids=map("-".join, STAGES))
async def test_a_walk_of_taps_ends_in_rows_that_equal_the_card(walker, around, policy_id, stage):
    await walker.begin()
    answer_after = None
    prefer = {"policy": policy_id, "stage": stage}
    while (asked := await walker.asked()).fact != "check":
        await walker.answer(asked, prefer)
        if answer_after is None and any(map(is_answer, walker.shown)):
            answer_after = walker.taps
    assert answer_after is not None, f"no answer was shown: {walker.heard}"
    assert answer_after <= MOST_TAPS, walker.heard
    assert not any("ESC-" in text for text in walker.heard)
    await walker.tap("check", "record")
    case = recorded(around, walker.reference(), walker.talk.person)
    assert await walker.talk.loop() is None
    card = [card for card in walker.shown if is_answer(card)][-1]
    assert (case.policy_id, case.side, case.status) == (policy_id, "raising", "open")
    assert_rows_equal_card(case, card, around.library.get(policy_id))
    assert {answer.fact: answer.value for answer in case.answers} == await walker.answers()


@pytest.mark.parametrize("policy_id", POLICIES)
async def test_the_challenged_side_is_told_its_own_duties_and_recorded(walker, around, policy_id):
    await walker.begin("We have received")
    reference = await walker.record({"policy": policy_id})
    case = recorded(around, reference, walker.talk.person)
    card = [card for card in walker.shown if is_answer(card)][-1]
    assert case.side == "challenged"
    assert any("as the agency that was challenged" in s["heading"] for s in card["sections"])
    assert_rows_equal_card(case, card, around.library.get(policy_id))


@pytest.mark.parametrize(
    ("words", "policy_id"),
    [
        ("sandwel", "sandwell"),
        (LIBRARY.get("jersey").aliases[-1], "jersey"),
        ("St Helier", "jersey"),
        ("we work in plymouth", "plymouth"),
        ("cheltenham", "gloucestershire"),
        ("glostershire", "gloucestershire"),
        ("slough", "berkshire"),
        ("west bromwich", "sandwell"),
        ("the Berkshire policy", "berkshire"),
    ],
)
async def test_a_partnership_is_known_by_alias_town_or_typing_slip(walker, words, policy_id):
    await walker.begin()
    await walker.to("policy")
    await walker.say(words)
    assert (await walker.answers())["policy"] == policy_id


async def test_who_does_not_know_the_partnership_is_asked_for_the_place(walker):
    await walker.begin()
    await walker.to("policy")
    await walker.tap("policy", "by_place")
    assert "town" in walker.talk.said
    await walker.say("oldbury")
    assert (await walker.answers())["policy"] == "sandwell"


async def test_an_unknown_partnership_is_named_as_unknown_and_the_known_ones_are_listed(walker):
    await walker.begin()
    await walker.to("policy")
    await walker.say("Atlantis")
    assert "I do not know a policy for that" in walker.talk.said
    assert (await walker.asked()).fact == "policy"


async def test_what_the_first_message_says_is_not_asked_again(walker):
    await walker.say("I want to escalate a disagreement in Sandwell")
    assert (await walker.answers())["policy"] == "sandwell"
    assert (await walker.asked()).fact == "imminent"


async def test_the_reference_is_unknown_to_anybody_else(walker, another, around):
    await walker.begin()
    reference = await walker.record({"policy": "plymouth"})
    stranger = another()
    with pytest.raises(NotFoundError):
        recorded(around, reference, stranger.talk.person)


async def test_a_matter_outside_the_policy_is_sent_elsewhere_and_never_recorded(walker, around):
    await walker.begin()
    await walker.to("matter", {"policy": "sandwell"})
    await walker.tap("matter", "own_agency")
    assert "This policy is not for that" in walker.talk.said
    await walker.tap("outside", "end")
    assert "Nothing has been recorded" in walker.talk.said
    assert await walker.talk.loop() is None


async def test_every_date_is_confirmed_in_full(walker):
    await walker.begin()
    asked = await walker.to_kind("date", {"policy": "jersey", "stage": "s1"})
    await walker.say("last Thursday")
    assert "Thursday 12 November 2026" in "\n".join(walker.talk.texts)
    assert (await walker.answers())[asked.fact] == "2026-11-12"


async def test_the_kinds_of_agency_are_asked_after_the_answer_and_ours_only_once(walker, around):
    await walker.begin()
    await walker.to("our_agency", {"policy": "plymouth", "stage": "s1"})
    assert any(map(is_answer, walker.shown))
    await walker.say("I am a school nurse")
    assert (await walker.answers())["our_agency"] == "health"
    await walker.tap("their_agency", "skipped")
    await walker.tap("check", "record")
    first = recorded(around, walker.reference(), walker.talk.person)
    assert {each.agency for each in first.participants if each.side == "raising"} == {"Health"}
    await walker.begin()
    await walker.to("summary", {"policy": "jersey", "stage": "s1"})
    await walker.say("Police have refused to share what they know")
    assert (await walker.asked()).fact == "check"
    assert "Police" in walker.talk.said
    await walker.tap("check", "change")
    await walker.tap("change", "our_agency")
    await walker.tap("our_agency", "education")
    await walker.tap("check", "record")
    second = recorded(around, walker.reference(), walker.talk.person)
    kinds = {each.fact: each.value for each in second.answers if each.fact.endswith("_agency")}
    assert kinds == {"our_agency": "education", "their_agency": "police"}
