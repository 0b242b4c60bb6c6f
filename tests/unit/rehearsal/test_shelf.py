"""A folder of scenarios: found by id and by policy, the gentle ones first."""

import pytest
from valley_rehearsal import LIBRARY, MIXED, ROOT, changed

from bot.rehearsal.load import ScenarioError
from bot.rehearsal.shelf import DIFFICULTIES, UnknownScenarioError, load_shelf


def put(folder, name: str, *changes) -> None:
    text = changed(("id: valley_over_easter", f"id: {name}"), *changes)
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")


@pytest.fixture
def shelf(tmp_path):
    put(tmp_path, "a_hard_one", ("difficulty: gentle", "difficulty: hard"))
    put(tmp_path, "a_mixed_one", *MIXED)
    put(tmp_path, "b_steady_one", ("difficulty: gentle", "difficulty: steady"))
    put(tmp_path, "z_gentle_one")
    (tmp_path / "notes.txt").write_text("Not a scenario.")
    return load_shelf(tmp_path, LIBRARY)


def test_the_gentle_ones_come_first_and_the_mixed_ones_last(shelf):
    assert [*shelf.worlds] == ["z_gentle_one", "b_steady_one", "a_hard_one", "a_mixed_one"]
    assert [world.scenario.id for world in shelf] == [*shelf.worlds]


def test_they_are_found_by_policy_and_the_mixed_ones_by_themselves(shelf):
    assert len(shelf.under("valley")) == 3
    assert shelf.under("jersey") == ()
    assert [world.scenario.id for world in shelf.mixed] == ["a_mixed_one"]


def test_one_is_found_by_its_id_or_refused_with_what_there_is(shelf):
    assert shelf.get("z_gentle_one").scenario.id == "z_gentle_one"
    with pytest.raises(UnknownScenarioError) as refusal:
        shelf.get("z_gentel_one")
    for says in (
        "'z_gentel_one', which is no scenario here",
        "a_mixed_one",
        "mean 'z_gentle_one'?",
    ):
        assert says in str(refusal.value)


def test_a_file_bears_the_name_of_its_scenario(tmp_path):
    put(tmp_path, "one_name")
    (tmp_path / "one_name.yml").rename(tmp_path / "another_name.yml")
    with pytest.raises(ScenarioError, match=r"'one_name' in the file another_name\.yml.*one name"):
        load_shelf(tmp_path, LIBRARY)


def test_a_folder_without_scenarios_is_no_shelf(tmp_path):
    with pytest.raises(UnknownScenarioError, match="No scenario in"):
        load_shelf(tmp_path, LIBRARY)


def test_our_own_are_in_order_for_each_policy():
    shelf = load_shelf(ROOT / "rehearsals", LIBRARY)
    for policy in LIBRARY:
        hard = [DIFFICULTIES.index(each.scenario.difficulty) for each in shelf.under(policy.id)]
        assert hard == sorted(hard)
