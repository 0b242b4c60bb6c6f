"""A newer version of a policy comes while a case is open: told, compared, kept or followed."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.surroundings import Surroundings, set_up
from bot.policy.library import load_library
from bot.records.audit import verify_audit
from bot.records.store import find
from bot.records.tables import AuditEntryRow
from bot.reminders.due import Pace
from bot.reminders.sweep import sweep

DAYS = timedelta(days=1)
KEEP, TAKE = "Keep the version it began under", "Go on under the new version"
NEWER = [
    ("label: V0.3", "label: V1.0"),
    ('issued: "2022-11-21"', 'issued: "2026-11"'),
    ("within three working days of being made aware", "within two working days"),
    ("        n: 3\n        words: within two", "        n: 2\n        words: within two"),
    ("    what: Follow your own agency's procedure", "    what: Also follow your own procedure"),
    ("n: 8", "n: 6"),
]
DUTY = """duties:
  - id: tell_the_board
    kind: notify
    who: both
    what: Tell the board office by phone
    when:
      stage: [s1]
    strength: must
    basis: stated
    cite: [to_manager]
"""


@pytest.fixture
def put_in(settings, tmp_path, database, clock, walker) -> Callable[..., Surroundings]:
    """An administrator puts a newer version of Sandwell's policy in, with these words changed."""
    folder = tmp_path / "policies"
    shutil.copytree(settings.policies_dir, folder)

    def put(*changes: tuple[str, str], name: str = "v1.0.yml") -> Surroundings:
        text = (Path(settings.policies_dir) / "sandwell" / "v0.3.yml").read_text(encoding="utf-8")
        for old, new in (*NEWER, ("duties:\n", DUTY), *changes):
            assert old in text, old
            text = text.replace(old, new)
        (folder / "sandwell" / name).write_text(text, encoding="utf-8")
        around = Surroundings(load_library(folder), database, now=clock)
        set_up(around)
        walker.around = around
        return around

    return put


def recorded(walker, reference):
    with walker.around.database.reading() as session:
        return find(session, reference=reference, person=walker.talk.person)


async def raise_case(walker, stage="s1"):
    await walker.begin()
    return await walker.record({"policy": "sandwell", "stage": stage})


def trail(walker):
    with walker.around.database.reading() as session:
        verify_audit(session)
        return list(session.scalars(select(AuditEntryRow.what).order_by(AuditEntryRow.seq)))


async def test_without_a_newer_version_nothing_is_said(walker):
    reference = await raise_case(walker)
    await walker.say(f"status of {reference}")
    assert "newer version" not in walker.talk.said
    assert KEEP not in walker.talk.titles


async def test_the_status_says_what_differs_and_asks(walker, put_in):
    reference = await raise_case(walker)
    before = recorded(walker, reference)
    put_in()
    await walker.say(f"status of {reference}")
    _, card = walker.talk.cards
    rows = {row["term"]: row["value"] for row in card["rows"]}
    assert rows["This case follows"] == "V0.3. Issued on Monday 21 November 2022."
    assert rows["The newer one"] == "V1.0. Issued in November 2026."
    items = [item for section in card["sections"] for item in section["items"]]
    assert (
        "Stage 1, to contact the opposite manager. Now: 2 working days. Before: 3 working days."
        in items
    )
    assert "Stage 2, to complete stage 2. Now: 6 working days. Before: 8 working days." in items
    assert any("New duty (must): Tell the board office by phone. Who:" in item for item in items)
    assert walker.talk.titles[:3] == [KEEP, TAKE, "Tell what happened"]
    assert recorded(walker, reference) == before


async def test_keeping_is_remembered_for_that_version_only(walker, put_in):
    reference = await raise_case(walker)
    before = recorded(walker, reference)
    put_in()
    await walker.say(f"status of {reference}")
    await walker.talk.tap(KEEP)
    assert "stays with version V0.3" in walker.talk.said
    assert "did not understand" not in walker.talk.said
    assert KEEP not in walker.talk.titles
    after = recorded(walker, reference)
    assert (after.policy_version, after.kept_over) == ("V0.3", "V1.0")
    assert (after.clocks, after.duties) == (before.clocks, before.duties)
    assert trail(walker)[-1] == "PolicyVersionKept"
    await walker.say(f"status of {reference}")
    assert "There is a newer version" not in walker.talk.said
    put_in(("V1.0", "V2.0"), ('"2026-11"', '"2026-12"'), name="v2.0.yml")
    await walker.say(f"status of {reference}")
    assert "V2.0" in walker.talk.said
    assert KEEP in walker.talk.titles


async def test_whoever_kept_a_version_may_still_compare_and_go_on(walker, put_in):
    reference = await raise_case(walker)
    put_in()
    await walker.say(f"status of {reference}")
    await walker.talk.tap(KEEP)
    await walker.talk.tap("Compare with version V1.0")
    assert "Now: 2 working days" in walker.talk.said
    await walker.talk.tap(TAKE)
    assert recorded(walker, reference).policy_version == "V1.0"


async def test_going_on_is_a_step_that_leaves_running_limits_alone(walker, put_in):
    reference = await raise_case(walker)
    before = recorded(walker, reference)
    around = put_in()
    await walker.say(f"status of {reference}")
    await walker.talk.tap(TAKE)
    assert f"**{reference}** now follows version V1.0" in walker.talk.said
    assert "V1.0; it began under V0.3" in walker.talk.said
    assert "did not understand" not in walker.talk.said
    assert "There is a newer version" not in walker.talk.said
    after = recorded(walker, reference)
    assert (after.policy_version, after.began_under) == ("V1.0", "V0.3")
    assert after.policy_hash == around.library.hashes["sandwell", "V1.0"]
    running = [clock for clock in before.clocks if clock.status == "running"]
    assert running
    assert [clock for clock in after.clocks if clock.status == "running"] == running
    assert {duty.key for duty in after.duties} - {duty.key for duty in before.duties} == {
        "tell_the_board"
    }
    said = {duty.key: duty.what for duty in after.duties}
    assert said["own_procedure"].startswith("Also follow your own procedure")
    assert trail(walker)[-1] == "PolicyVersionTaken"


async def test_the_step_is_taken_back_whole(walker, put_in):
    reference = await raise_case(walker)
    before = recorded(walker, reference)
    put_in()
    await walker.say(f"status of {reference}")
    await walker.talk.tap(TAKE)
    await walker.talk.tap("Take the last step back")
    await walker.talk.tap("Yes, take it back")
    assert recorded(walker, reference) == before
    assert TAKE in walker.talk.titles
    assert trail(walker)[-1] == "StepUndone"


async def test_the_next_stage_is_that_of_the_newer_version(walker, put_in, clock):
    reference = await raise_case(walker)
    put_in()
    await walker.say(f"status of {reference}")
    await walker.talk.tap(TAKE)
    await walker.say("we met, not agreed")
    for _ in range(20):
        asked = await walker.asked()
        if asked is None or (await walker.walk()).phase != "progress":
            break
        await walker.answer(asked, {"check": "record"})
    case = recorded(walker, reference)
    assert case.stages[-1].stage == "s2"
    [done] = [each for each in case.clocks if each.key == "s2_done"]
    # six working days from Tuesday 17 November, when the manager was told; eight would be the 27th
    assert done.due_on == date(2026, 11, 25)


async def test_reminders_go_on_after_the_move(walker, put_in, clock):
    await raise_case(walker)
    around = put_in()
    await walker.talk.command("ask_status")
    await walker.talk.tap(TAKE)
    clock.forward(30 * DAYS)
    swept = sweep(around.database, around.library, tell_time=clock, pace=Pace(), mailer=None)
    assert swept.sent >= 1
    assert not swept.problems


async def test_a_stage_that_is_gone_keeps_the_case_where_it_is(walker, put_in):
    reference = await raise_case(walker, "s0")
    before = recorded(walker, reference)
    put_in(("s0", "s00"))
    await walker.say(f"status of {reference}")
    assert "is at Initial discussions, and version V1.0 has no such stage" in walker.talk.said
    assert KEEP in walker.talk.titles
    assert TAKE not in walker.talk.titles
    await walker.talk.choose("case_version_take", f"{reference} V1.0")
    assert "Nothing has been recorded" in walker.talk.said
    assert recorded(walker, reference) == before


async def test_an_old_button_does_not_choose_a_version_that_was_never_shown(walker, put_in):
    reference = await raise_case(walker)
    put_in()
    await walker.say(f"status of {reference}")
    put_in(("V1.0", "V2.0"), ('"2026-11"', '"2026-12"'), name="v2.0.yml")
    await walker.talk.tap(TAKE)
    assert "a version that cannot be chosen now" in walker.talk.said
    assert "V2.0" in walker.talk.said
    assert recorded(walker, reference).policy_version == "V0.3"


async def test_in_a_walk_the_status_only_says_that_there_is_one(walker, put_in):
    reference = await raise_case(walker)
    put_in()
    await walker.talk.command("report_outcome")
    asked = await walker.asked()
    await walker.say(f"status of {reference}")
    assert "There is a newer version of its policy, V1.0" in walker.talk.said
    assert TAKE not in walker.talk.titles
    assert await walker.asked() == asked


async def test_a_case_of_somebody_else_cannot_be_moved(walker, another, put_in):
    reference = await raise_case(walker)
    before = recorded(walker, reference)
    put_in()
    other = another()
    await other.talk.choose("case_version_take", f"{reference} V1.0")
    await other.talk.choose("case_version_keep", f"{reference} V1.0")
    assert recorded(walker, reference) == before
