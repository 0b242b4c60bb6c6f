"""What the environment makes of the surroundings."""

import pytest

from actions.surroundings import set_up, surroundings


@pytest.mark.parametrize("by_mail", [True, False])
def test_mail_and_its_pace_come_from_the_settings(monkeypatch, empty_records, by_mail):
    monkeypatch.setenv("ESCALATE_DATABASE_URL", f"sqlite:///{empty_records}")
    monkeypatch.setenv("ESCALATE_REMIND_DAYS", "3")
    if by_mail:
        monkeypatch.setenv("ESCALATE_SMTP_URL", "smtp://127.0.0.1")
        monkeypatch.setenv("ESCALATE_MAIL_FROM", "guide@escalation.example")
    set_up(None)
    found = surroundings()
    found.database.close()
    set_up(None)
    assert found.pace.days_before == 3
    assert found.mail_from == ("guide@escalation.example" if by_mail else None)
