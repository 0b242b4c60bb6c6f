"""The sweeper beside a running assistant: it goes on whatever happens, and stops when told."""

import logging
import time
from datetime import UTC, datetime

import pytest

from bot.records.migrate import upgrade
from bot.reminders import running
from bot.reminders.running import start_reminding, stop_reminding
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"ESCALATE_HOME": str(tmp_path)})


@pytest.fixture
def swept(monkeypatch):
    """Every sweep that was made; put an exception in `fails` and the next one raises it."""
    made, fails = [], []
    real = running.sweep

    def sweep(*args, **kwargs):
        made.append(kwargs)
        if fails:
            raise fails.pop()
        return real(*args, **kwargs)

    monkeypatch.setattr(running, "sweep", sweep)
    return made, fails


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_it_sweeps_at_once_and_again_and_ends_when_told(settings, swept):
    made, _ = swept
    upgrade(settings.database_url)
    reminding = start_reminding(settings, seconds_between=0.01)
    until(lambda: len(made) > 2)
    stop_reminding(reminding)
    assert not reminding.thread.is_alive()
    assert made[0]["pace"].days_before == 1
    assert made[0]["mailer"] is None


def test_a_pause_does_not_keep_it_from_ending(settings):
    upgrade(settings.database_url)
    reminding = start_reminding(settings, seconds_between=600)
    began = time.monotonic()
    stop_reminding(reminding)
    assert time.monotonic() - began < running.SECONDS_TO_END
    assert not reminding.thread.is_alive()


def test_what_goes_wrong_is_logged_and_the_next_sweep_is_made(settings, swept, caplog):
    made, fails = swept
    upgrade(settings.database_url)
    fails.append(RuntimeError("a fault of ours"))
    reminding = start_reminding(settings, seconds_between=0.01)
    until(lambda: len(made) > 1)
    stop_reminding(reminding)
    assert [each.levelno for each in caplog.records] == [logging.ERROR]
    assert "a fault of ours" in caplog.text


def test_records_that_cannot_be_opened_are_told_plainly_and_tried_again(settings, swept, caplog):
    made, _ = swept
    reminding = start_reminding(settings, seconds_between=0.01)
    until(lambda: caplog.records)
    upgrade(settings.database_url)
    until(lambda: made)
    stop_reminding(reminding)
    assert "There is no database at" in caplog.text
    assert "Traceback" not in caplog.text


def test_what_is_done_once_a_day_is_done_at_once_and_not_every_minute(settings, swept):
    made, _ = swept
    upgrade(settings.database_url)
    days = []
    reminding = start_reminding(settings, daily=days.append, seconds_between=0.01)
    until(lambda: len(made) > 3)
    stop_reminding(reminding)
    assert len(days) == len(set(days))
    assert days[0] <= datetime.now(UTC).date()


def test_what_is_done_once_a_day_is_tried_again_until_it_is_done(settings, swept, caplog):
    made, _ = swept
    upgrade(settings.database_url)
    tried = []

    def fails_first(today):
        tried.append(today)
        if len(tried) == 1:
            raise RuntimeError("a fault of ours")

    reminding = start_reminding(settings, daily=fails_first, seconds_between=0.01)
    until(lambda: len(tried) > 1)
    stop_reminding(reminding)
    assert made
    assert "What is done once a day is not done yet." in caplog.text
