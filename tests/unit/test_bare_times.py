"""A date or a time and nothing else tells of nobody in danger."""

import pytest

from bot.nlu.bare_times import only_a_time


@pytest.mark.parametrize(
    "text",
    [
        "yesterday at 10am", "12 November 2026 at 10:00", "2026-11-17 10:00", "last Thursday",
        "half past two today", "3", "the 12th of November", "last wendsday", "two weeks ago",
    ],
)  # fmt: skip
def test_a_date_or_a_time_alone(text):
    assert only_a_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "!", "missing since yesterday at 10am", "tonight", "now", "he is there at 4",
        "not seen for two days", "help", "999 now", "999", "112",
    ],
)  # fmt: skip
def test_anything_more_is_read(text):
    assert not only_a_time(text)
