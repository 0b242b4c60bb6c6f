"""No published table lets a reader work out a count from 1 to 4, even one who knows the rule."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.suppression import SMALL, Breakdown, Cell, exact, publishable


def table(*counts: int) -> list[tuple[str, int]]:
    return [(f"row {number}", count) for number, count in enumerate(counts)]


def shown(*counts: int) -> list[str]:
    return [row.text for row in publishable(table(*counts)).rows]


def feasible(cell: Cell) -> range:
    """What a reader who knows only the words may take a cell for; 100 stands for any number."""
    if cell.count is not None:
        return range(cell.count, cell.count + 1)
    return range(1, SMALL) if cell.mark == "small" else range(100)


def can_be(published: Breakdown, at: int, value: int) -> bool:
    """Whether the other cells can fill up the total when one cell is `value`."""
    others = [feasible(row) for place, row in enumerate(published.rows) if place != at]
    rest = published.total.count - value
    return sum(each[0] for each in others) <= rest <= sum(each[-1] for each in others)


@given(st.lists(st.integers(0, 60) | st.integers(0, 4), min_size=1, max_size=8))
def test_no_small_count_can_be_worked_out_from_what_is_shown(counts):
    published = publishable(table(*counts))
    for at, row in enumerate(published.rows):
        if 0 < counts[at] < SMALL:
            assert row.mark == "small"
            values = [value for value in range(1, SMALL) if can_be(published, at, value)]
            assert counts[at] in values
            assert len(values) > 1


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_what_is_shown_is_true(counts):
    published = publishable(table(*counts))
    for count, row in zip(counts, published.rows, strict=bool(published.rows)):
        assert row.text in {str(count), "fewer than 5" if 0 < count < SMALL else "not shown"}
    assert published.total.text == ("fewer than 5" if 0 < sum(counts) < SMALL else str(sum(counts)))


@pytest.mark.parametrize(("rows", "most"), [(1, 30), (2, 30), (3, 28), (4, 20), (5, 15), (6, 13)])
def test_not_even_a_reader_who_knows_the_rule_can_work_one_out(rows, most):
    """Every table of that size, sorted by what is published of it: none is alone."""
    alike = defaultdict(list)
    for counts in product(range(most + 1), repeat=rows):
        if SMALL <= sum(counts) <= most:
            alike[publishable(table(*counts))].append(counts)
    assert alike
    for published, tables in alike.items():
        for values in zip(*tables, strict=True):
            secret = {value for value in values if 0 < value < SMALL}
            assert not secret or len(set(values)) > 1, (published, tables)


@pytest.mark.parametrize("total", range(1, SMALL))
def test_of_fewer_than_five_nothing_but_that_is_told(total):
    for first in range(total + 1):
        published = publishable(table(first, total - first))
        assert (published.total.text, published.rows) == ("fewer than 5", ())
        assert "so small" in published.why_not


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        pytest.param((12, 7, 0, 5), ["12", "7", "0", "5"], id="nothing is small"),
        pytest.param((0, 0), ["0", "0"], id="nothing at all"),
        pytest.param(
            (20, 9, 3, 2, 0), ["20", "9", "fewer than 5", "fewer than 5", "0"],
            id="two that hide each other",
        ),
        pytest.param(
            (20, 9, 1, 1, 0), ["20", "not shown", "fewer than 5", "fewer than 5", "0"],
            id="two ones, which their sum would tell",
        ),
        pytest.param(
            (20, 9, 7, 3), ["20", "9", "not shown", "fewer than 5"], id="one alone takes another"
        ),
        pytest.param((45, 3), ["not shown", "fewer than 5"], id="one alone, with one other"),
        pytest.param((5, 1), [], id="so few that no row is shown"),
        pytest.param((20, 5, 1), [], id="the least and the least: nothing would hide it"),
    ],
)  # fmt: skip
def test_examples(counts, told):
    assert shown(*counts) == told


def test_for_internal_use_every_number_is_exact():
    found = exact(table(3, 0, 1))
    assert [row.text for row in found.rows] == ["3", "0", "1"]
    assert (found.total.count, found.whole) == (4, True)


def test_a_table_is_whole_only_where_every_number_is_shown():
    assert publishable(table(5, 0)).whole
    assert not publishable(table(45, 3)).whole
    assert not publishable(table(5, 1)).whole
    assert publishable(table(45, 3, 9)).count_of("row 0") == 45
    assert publishable(table(45, 3, 9)).count_of("row 1") is None


@pytest.mark.parametrize("count", [exact, publishable])
def test_a_count_below_nothing_is_refused_by_name(count):
    with pytest.raises(ValueError, match=r"'row 1' is counted -1 times. Allowed: 0 or more"):
        count(table(3, -1))
