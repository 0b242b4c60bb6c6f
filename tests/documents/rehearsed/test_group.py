"""A group's view: everybody counted once, nobody named, the same numbers on page and paper."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import pairwise

import pytest

from bot.cards.debrief import debrief_cards
from bot.documents.certificate import certificates
from bot.documents.debrief import debrief_paper
from bot.documents.group import Group, Participant
from bot.documents.group_csv import HEADS, group_csv
from bot.documents.group_debrief import group_page, group_report
from bot.documents.group_paper import group_paper
from bot.rehearsal.world import World

HEAD = "REHEARSAL. Nothing here is about a real case."
HELD = {"held_on": date(2026, 11, 26), "minutes": 45}


def part(group, heading, now):
    return next(each for each in group_report(group, now=now).parts if heading in each.heading)


def numbers(table):
    return {row.label: row.text for row in table.rows}


def rows_of(made: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def test_a_decision_shows_how_many_settled_it_in_which_way(three, now):
    worse = part(three, "nursery's call", now)
    [table] = worse.tables
    assert {label: text for label, text in numbers(table).items() if text != "0"} == {
        "Sound: Make a safeguarding referral now, by phone, and ring the police if I cannot get "
        "through": "1",
        "Partly: Leave a message for the named nurse and wait for her call": "1",
        "Did not come up on the way taken": "1",
    }
    assert worse.paragraphs[0].startswith("The policy asks: Make a safeguarding referral now")
    assert worse.paragraphs[0].endswith("(s.3)")


def test_in_every_table_each_participant_is_counted_once(thirty, now):
    tables = [each for found in group_report(thirty, now=now).parts for each in found.tables]
    assert len(tables) >= 13
    for table in tables:
        assert sum(int(row.text) for row in table.rows) == 30 == int(table.total), table.caption


def test_any_way_through_any_scenario_can_be_told(any_group, words, now):
    for each in any_group.participants:
        assert len(debrief_cards(each.debrief)) == 3
    first = any_group.participants[0]
    made = debrief_paper(first.debrief, reference=first.reference, alias=first.alias, now=now)
    assert first.reference in words(made)
    assert group_page(any_group, now=now)
    assert group_paper(any_group, now=now)
    assert {row["Rehearsal"] for row in rows_of(group_csv(any_group))} == {
        each.reference for each in any_group.participants
    }


def test_second_thoughts_are_told(three, now):
    told = part(three, "You have met and do not agree", now).paragraphs
    assert told[1:] == ("For 1 it took longer than its time.", "1 chose something else first.")


def test_what_most_went_another_way_comes_first_with_its_clause(three, now):
    items = part(three, "Where most went another way", now).items
    assert items[0].startswith("1 of 3: ")
    assert any("Better left undone. Share what is needed" in item for item in items)
    assert all(re.search(r"\([^)]*s\.\d[^)]*\)$", item) for item in items)


def test_a_group_that_missed_nothing_is_told_so(along, now):
    best = Group((Participant("Wren", "REH-2026-0001", along("perfect")),))
    found = part(best, "Where most went another way", now)
    assert found.items == ()
    assert found.paragraphs == ("Nobody missed anything or went another way.",)
    assert part(best, "In short", now).paragraphs[0] == "1 person took part."


def test_the_spread_of_an_aim(three, now):
    first = part(three, "By learning aim", now).tables[0]
    assert numbers(first)["All of it"] == "2"
    assert numbers(first)["Less than a quarter"] == "1"


def test_the_time_used_is_told_for_each_limit(three, now):
    listing = part(three, "Time used", now).listing
    assert listing.rows[0][1:] == ("3", "2", "1", "3, 3, 17 working days")
    assert listing.rows[1][1:] == ("2", "2", "0", "0, 0, 1 working day")


def test_the_page_stands_alone_and_names_nobody(thirty, now):
    page = group_page(thirty, now=now).decode()
    assert "Bird" not in page
    assert "REH-2026" not in page
    assert '<p class="mark">REHEARSAL</p>' in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["REHEARSAL: debrief of a group"]
    levels = [int(each) for each in re.findall(r"<h(\d)", page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for question in thirty.world.scenario.reflection:
        assert f"<li>{question}</li>" in unescape(page)


def test_words_of_a_scenario_cannot_become_part_of_the_page(three, now):
    odd = three.world.scenario.model_copy(update={"title": "<script>alert(1)</script>"})
    world = World(odd, three.world.policies)
    group = Group(
        tuple(
            replace(each, debrief=replace(each.debrief, world=world)) for each in three.participants
        )
    )
    assert b"<script" not in group_page(group, now=now)


def test_the_word_file_holds_the_same_numbers(thirty, read, now):
    report = group_report(thirty, now=now)
    drawn = [
        [tuple(cell.text for cell in row.cells) for row in table.rows[1:-1]]
        for table in read(group_paper(thirty, now=now)).tables[:-1]
    ]
    told = [
        [(row.label, row.text) for row in table.rows]
        for found in report.parts
        for table in found.tables
    ]
    assert drawn == told


def test_the_printed_word_file_is_marked_and_keeps_each_table_on_one_page(thirty, printed, now):
    pages = printed(group_paper(thirty, now=now))
    flat = [" ".join(page.split()) for page in pages]
    assert all(HEAD in page and "REHEARSAL of 30 participants" in page for page in flat)
    for page in flat:
        assert page.count("How it was decided") == len(re.findall("Not decided", page))


def test_no_group_and_a_group_of_two_scenarios_are_refused(three):
    with pytest.raises(ValueError, match="Nobody has taken part"):
        Group(())
    first, second, _ = three.participants
    other = three.world.scenario.model_copy(update={"id": "another"})
    moved = replace(second.debrief, world=World(other, three.world.policies))
    with pytest.raises(ValueError, match=r"another, jersey_before_christmas.*one for each"):
        Group((first, replace(second, debrief=moved)))


def test_a_page_without_a_zone_is_refused(three, now):
    with pytest.raises(ValueError, match="without a time zone"):
        group_page(three, now=now.replace(tzinfo=None))


def test_the_csv_has_a_row_for_each_participant_and_judgement(thirty):
    rows = rows_of(group_csv(thirty))
    judged = [each for one in thirty.participants for each in one.debrief.judgements]
    assert len(rows) == len(judged)
    assert tuple(rows[0]) == HEADS
    for row, each in zip(rows, judged, strict=True):
        assert row["About"] == each.asked
        assert row["What was done"] == (each.did or "")
        assert float(row["Worth"]) == each.worth
    per_person = {row["Rehearsal"] for row in rows}
    assert len(per_person) == 30


def test_the_csv_tells_the_time_of_the_story(three):
    row = next(
        each
        for each in rows_of(group_csv(three))
        if each["Participant"] == "Red Kite" and each["About"].startswith("Your manager is away")
    )
    assert (row["Came up at"], row["Due at"], row["Done at"]) == (
        "2026-12-17 14:00", "2026-12-21 23:59", "2026-12-18 09:00",
    )  # fmt: skip
    assert (row["After its time"], row["Working days used"], row["Judged"]) == ("no", "1", "Partly")


@pytest.mark.parametrize("alias", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1+1"])
def test_an_alias_cannot_run_as_a_formula(three, alias):
    group = Group((replace(three.participants[0], alias=alias), *three.participants[1:]))
    assert rows_of(group_csv(group))[0]["Participant"] == f"'{alias}"


def test_a_certificate_has_room_for_the_name_and_no_score(world, words, now):
    said = words(certificates(world, **HELD, copies=1, now=now))
    for each in ("The week before Christmas", "Thursday 26 November 2026", "45 minutes"):
        assert each in said
    for aim in world.scenario.aims:
        assert aim.text in said
    assert "Write your name here by hand." in said
    assert "REH-" not in said
    assert not re.search(r"\d of \d", said)


def test_each_certificate_is_a_page_of_its_own(world, printed, now):
    pages = printed(certificates(world, **HELD, copies=3, now=now))
    assert len(pages) == 3
    for page in pages:
        assert " ".join(page.split()).startswith("REHEARSAL")
        assert page.count("Certificate of attendance") == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"copies": 0}, "Found 0 certificates. Ask for 1 to 200."),
        ({"copies": 201}, "Found 201 certificates"),
        ({"copies": 1, "minutes": 0}, "Found 0 minutes"),
    ],
)
def test_what_cannot_be_certified_is_refused(world, now, changed, said):
    with pytest.raises(ValueError, match=said):
        certificates(world, **{**HELD, **changed}, now=now)
