"""What the screen learns from and what judges it: enough, varied, and kept apart."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from bot.nlu.risk_data import CATEGORIES, KINDS, RiskDataError, fingerprint, pairs

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "risk"
MESSAGES = ROOT / "benchmarks" / "messages"
RUN, ALIKE, FEWEST = 7, 0.75, 3
SHORT, LONG = 6, 26
PAIRS = list(pairs(FOLDER))
IMMINENT = [pair.imminent for pair in PAIRS if pair.imminent]
TWINS = [pair.twin for pair in PAIRS if pair.twin]


def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower())))


class Known:
    """Texts that others are held against.

    Two are alike when they have the same words, share a run of seven, or three words of four.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.same: dict[tuple[str, ...], str] = {}
        self.runs: dict[tuple[str, ...], str] = {}
        self.sets: list[tuple[set[str], str]] = []
        self.holding: dict[str, set[int]] = defaultdict(set)
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        said = words(text)
        self.same.setdefault(said, text)
        for at in range(len(said) - RUN + 1):
            self.runs.setdefault(said[at : at + RUN], text)
        for word in set(said):
            self.holding[word].add(len(self.sets))
        self.sets.append((set(said), text))

    def like(self, text: str) -> str | None:
        said, own = words(text), set(words(text))
        if said in self.same:
            return self.same[said]
        for at in range(len(said) - RUN + 1):
            if said[at : at + RUN] in self.runs:
                return self.runs[said[at : at + RUN]]
        if len(own) >= FEWEST:
            # Whatever is alike by more than three words of four shares one of the rarest quarter.
            rarest = sorted(own, key=lambda word: len(self.holding[word]))
            near = {at for word in rarest[: len(own) // 4 + 1] for at in self.holding[word]}
            for at in near:
                other, found = self.sets[at]
                if min(len(own), len(other)) <= ALIKE * max(len(own), len(other)):
                    continue  # of too unlike a length; quicker to see than what they share
                if len(own & other) > ALIKE * len(own | other):
                    return found
        return None


def rows(name: str) -> list[dict[str, str]]:
    head, *lines = (MESSAGES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


def ordinary_examples() -> list[str]:
    return [
        line.removeprefix("- ")
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]


TEST, DEVELOPMENT = rows("test"), rows("development")


@pytest.fixture(scope="module")
def learnt() -> Known:
    """All that the screen learns from."""
    return Known([*IMMINENT, *TWINS, *ordinary_examples()])


def test_there_are_enough_of_every_category_and_kind():
    assert len(IMMINENT) >= 1_000
    assert len(TWINS) >= 1_500
    by_category = Counter(pair.category for pair in PAIRS if pair.imminent)
    assert set(by_category) == set(CATEGORIES)
    assert min(by_category.values()) >= 40
    assert set(Counter(pair.kind for pair in PAIRS)) == set(KINDS)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_quarter_is_short_and_a_quarter_long_or_nearly(category):
    lengths = [len(p.imminent.split()) for p in PAIRS if p.category == category and p.imminent]
    assert sum(length <= SHORT for length in lengths) >= 0.2 * len(lengths)
    assert sum(length >= LONG for length in lengths) >= 0.2 * len(lengths)


def test_twins_are_of_like_length():
    both = [(p.imminent, p.twin) for p in PAIRS if p.imminent and p.twin]
    ratios = [len(twin.split()) / len(imminent.split()) for imminent, twin in both]
    assert sum(0.6 <= ratio <= 1.5 for ratio in ratios) >= 0.95 * len(ratios)


def test_no_message_is_learnt_twice():
    times = Counter(words(text) for text in [*IMMINENT, *TWINS])
    assert [" ".join(said) for said, count in times.items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "held_out"),
    [("test", TEST), ("development", DEVELOPMENT)],
    ids=lambda each: str(each)[:11],
)
def test_nothing_that_judges_the_screen_is_learnt_from(name, held_out, learnt):
    alike = [(row["text"], like) for row in held_out if (like := learnt.like(row["text"]))]
    assert alike == []


def test_the_test_set_and_the_development_set_share_nothing():
    known = Known(row["text"] for row in TEST)
    assert [row["text"] for row in DEVELOPMENT if known.like(row["text"])] == []


@pytest.mark.parametrize("held_out", [TEST, DEVELOPMENT], ids=["test", "development"])
def test_what_judges_the_screen_is_as_large_as_promised(held_out):
    labels = Counter(row["label"] for row in held_out)
    assert len(held_out) >= 1_400
    assert labels["imminent"] >= 640
    assert labels["hard_negative"] >= 300
    assert labels["question"] >= 60
    assert labels["ordinary"] >= 400
    kinds = Counter(row["kind"] for row in held_out if row["label"] == "imminent")
    assert set(kinds) == set(CATEGORIES)
    assert min(kinds.values()) >= 40
    lookalikes = {row["kind"] for row in held_out if row["label"] == "hard_negative"}
    assert lookalikes == set(KINDS)


def test_no_message_holds_a_number_or_an_address_of_a_person():
    personal = re.compile(r"\b\d{10,}\b|\b0\d{3,4} ?\d{6}\b|@\w+\.")
    assert [text for text in [*IMMINENT, *TWINS] if personal.search(text)] == []


def write(folder: Path, line: str) -> None:
    for category in CATEGORIES:
        (folder / f"{category}.tsv").write_text(line + "\n", encoding="utf-8")


def test_a_side_may_be_missing(tmp_path):
    write(tmp_path, "-\tthe knife crime policy is out\tpolicy")
    assert {(pair.imminent, pair.kind) for pair in pairs(tmp_path)} == {(None, "policy")}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("he has a knife", "found 1 fields"),
        ("he has a knife\t\tpolicy", "found 3 fields"),
        ("he has a knife\tno knife was seen\tdenied", "found the kind 'denied'"),
    ],
)
def test_a_faulty_line_is_refused_with_its_place(tmp_path, line, says):
    write(tmp_path, line)
    with pytest.raises(RiskDataError, match=rf"adult_at_risk.tsv:1: {says}"):
        list(pairs(tmp_path))


def test_a_missing_category_is_refused(tmp_path):
    write(tmp_path, "a\tb\tpolicy")
    (tmp_path / "weapon.tsv").unlink()
    with pytest.raises(RiskDataError, match=r"one \.tsv file for each"):
        list(pairs(tmp_path))


def test_the_fingerprint_changes_with_a_word(tmp_path):
    write(tmp_path, "a\tb\tpolicy")
    before = fingerprint(tmp_path)
    (tmp_path / "weapon.tsv").write_text("a\tc\tpolicy\n", encoding="utf-8")
    assert fingerprint(tmp_path) != before
