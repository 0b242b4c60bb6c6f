"""A folder of policies: names, versions, and a hash that only a change of content changes."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.library import UnknownPolicyError, load_library
from bot.policy.load import content_hash, load
from bot.policy.model import Policy
from bot.policy.problems import PolicyError
from bot.policy.source import PolicyLoader

ROOT = Path(__file__).parents[3]
VALLEY = ROOT / "tests" / "cases" / "policies" / "valley" / "2026-03.yml"
TEXT = VALLEY.read_text(encoding="utf-8")
DATA = yaml.load(TEXT, PolicyLoader)
LIBRARY = load_library(ROOT / "policies")
HASH = content_hash(load(VALLEY))


def put(folder: Path, name: str, text: str = TEXT) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_five_partnerships_are_there():
    ids = {policy.id for policy in LIBRARY}
    assert ids == {"jersey", "plymouth", "sandwell", "gloucestershire", "berkshire"}


@pytest.mark.parametrize(
    ("said", "id_"),
    [("scsp", "sandwell"), ("jersey", "jersey"), ("glos", "gloucestershire"),
     ("berks", "berkshire"), ("plymouth safeguarding children board", "plymouth")],
)  # fmt: skip
def test_a_partnership_is_found_by_what_people_call_it(said, id_):
    assert LIBRARY.names[said].id == id_


def test_no_name_is_shared_by_two_partnerships():
    for policy in LIBRARY:
        for name in (policy.id, policy.publisher, *policy.aliases):
            assert LIBRARY.names[name.casefold()].id == policy.id


def test_the_newest_version_is_offered_and_the_older_one_is_still_there(tmp_path):
    put(tmp_path, "valley/2026-03.yml")
    newer = TEXT.replace('"2026-03"', '"2027-01"').replace("label: March 2026", "label: '2027'")
    put(tmp_path, "valley/2027.yml", newer)
    library = load_library(tmp_path)
    assert library.get("valley").document.label == "2027"
    assert library.get("valley", "March 2026").document.issued == "2026-03"
    assert [policy.document.label for policy in library] == ["2027"]
    with pytest.raises(UnknownPolicyError, match=r"no version '1999'.*March 2026, 2027"):
        library.get("valley", "1999")


def test_an_unknown_partnership_is_refused_with_those_there_are():
    with pytest.raises(UnknownPolicyError, match=r"'sandwel'.*berkshire, .*mean 'sandwell'\?"):
        LIBRARY.get("sandwel")


def test_an_id_that_is_not_the_folder_is_refused(tmp_path):
    put(tmp_path, "dale/2026-03.yml")
    with pytest.raises(
        PolicyError, match=r"found 'valley' in the folder 'dale'.*Give both one name"
    ):
        load_library(tmp_path)


def test_two_files_of_one_version_are_refused(tmp_path):
    put(tmp_path, "valley/2026-03.yml")
    put(tmp_path, "valley/copy.yml")
    with pytest.raises(PolicyError, match="a second file for version 'March 2026'"):
        load_library(tmp_path)


@pytest.mark.parametrize("issued", ['"2026-03"', "null"])
def test_two_versions_of_one_date_are_refused_because_neither_is_newer(tmp_path, issued):
    first = TEXT.replace('issued: "2026-03"', f"issued: {issued}")
    put(tmp_path, "valley/1.yml", first)
    put(tmp_path, "valley/2.yml", first.replace("label: March 2026", "label: '2'"))
    with pytest.raises(PolicyError, match=r"a second version with .* neither is the newer one"):
        load_library(tmp_path)


def test_the_newer_version_is_the_newest_unless_that_is_the_one(tmp_path):
    put(tmp_path, "valley/2026-03.yml")
    for year in ("2027", "2028"):
        newer = TEXT.replace('"2026-03"', f'"{year}-01"')
        put(tmp_path, f"valley/{year}.yml", newer.replace("March 2026", f"'{year}'"))
    library = load_library(tmp_path)
    newest = library.get("valley", "2028")
    assert library.newer_than(library.get("valley", "March 2026")) == newest
    assert library.newer_than(library.get("valley", "2027")) == newest
    assert library.newer_than(newest) is None


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(UnknownPolicyError, match="No policy in"):
        load_library(tmp_path)


def test_questions_borrowed_from_nobody_are_refused(tmp_path):
    put(tmp_path, "valley/2026-03.yml", TEXT + "\nborrow_questions_from: jersey\n")
    with pytest.raises(UnknownPolicyError, match="'jersey', which is no policy here"):
        load_library(tmp_path)


@pytest.mark.parametrize(("id_", "source"), [("berkshire", "jersey"), ("gloucestershire", "jersey"),
                                             ("sandwell", "sandwell")])  # fmt: skip
def test_policies_without_questions_borrow_those_of_jersey(id_, source):
    policy, borrowed = LIBRARY.questions_of(LIBRARY.get(id_))
    assert (policy.id, borrowed) == (source, source != id_)


def test_the_hash_is_the_same_however_the_file_is_laid_out(tmp_path):
    put(tmp_path, "valley/a.yml")
    put(tmp_path, "valley/b.yml", yaml.safe_dump(DATA, sort_keys=False, width=40))
    put(tmp_path, "valley/c.yml", yaml.safe_dump(DATA, default_flow_style=True))
    put(tmp_path, "valley/d.yml", "# a remark\n" + TEXT.replace("\n", "\r\n"))
    hashes = {content_hash(load(path)) for path in (tmp_path / "valley").iterdir()}
    assert len(hashes) == 1


def texts(node: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The place of every free text in a policy."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for key, value in items:
        if isinstance(value, dict | list):
            found += texts(value, (*at, key))
        elif key in ("what", "text", "ask", "why", "phrase", "words", "says", "title", "note"):
            found.append((*at, key))
    return found


@settings(deadline=None)
@given(st.sampled_from(texts(DATA)))
def test_any_changed_word_changes_the_hash(place):
    data = deepcopy(DATA)
    node = data
    for part in place[:-1]:
        node = node[part]
    node[place[-1]] = f"{node[place[-1]][:80]}!"
    assert content_hash(Policy.model_validate(data)) != HASH


@pytest.mark.parametrize(
    ("old", "new"),
    [("n: 3", "n: 4"), ("strength: must", "strength: should"), ("formal: true", "formal: false"),
     ("basis: stated", "basis: gap"), ("prompt_later: true", "prompt_later: false")],
)  # fmt: skip
def test_any_changed_rule_changes_the_hash(old, new):
    assert old in TEXT
    data = yaml.load(TEXT.replace(old, new, 1), PolicyLoader)
    assert content_hash(Policy.model_validate(data)) != HASH


def test_every_version_has_its_own_hash():
    assert len(set(LIBRARY.hashes.values())) == len(LIBRARY.hashes) == 5
