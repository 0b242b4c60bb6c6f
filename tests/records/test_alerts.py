from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.records.alerts import (
    NewAlert,
    note_call,
    open_alerts,
    raise_alert,
    settle_alert,
    upgrade_alert,
)
from bot.records.audit import verify_audit
from bot.records.errors import KeyReusedError, NotFoundError, NotOpenError, UnstorableError
from bot.records.store import record_escalation

LOW = NewAlert(
    conversation="c1",
    tier="low",
    source="typed",
    matched="“hurt”",
    score=0.25,
    policy_id="invented",
)


@pytest.fixture
def alert(database, now):
    with database.session() as session:
        return raise_alert(session, key="m1", person="person-1", now=now, new=LOW)


def events(session):
    return [row.what for row in session.execute(text("SELECT what FROM audit_entry ORDER BY seq"))]


def test_an_alert_is_committed_as_it_was_raised(database, alert, now):
    with database.reading() as session:
        assert open_alerts(session, conversation="c1")[0] == alert
        assert events(session) == ["RiskAlertRaised"]
        assert "hurt" not in str(session.execute(text("SELECT detail FROM audit_entry")).all())
    assert (alert.matched, alert.score, alert.raised_at) == ("“hurt”", 0.25, now)
    assert (alert.call_made, alert.settled_as, alert.escalation) == ("not_said", None, None)


def test_the_same_message_raises_one_alert(database, alert, now, counts):
    with database.session() as session:
        again = raise_alert(session, key="m1", person="person-1", now=now, new=LOW)
    assert again == alert
    assert counts(database)["risk_alert"] == 1


def test_a_key_cannot_serve_an_alert_and_an_escalation(database, alert, now, new_case):
    with pytest.raises(KeyReusedError), database.session() as session:
        record_escalation(session, key="m1", person="person-1", now=now, new=new_case())


def test_no_silences_that_alert_only(database, alert, now):
    later = now + timedelta(minutes=1)
    with database.session() as session:
        second = raise_alert(session, key="m2", person="person-1", now=later, new=LOW)
        assert open_alerts(session, conversation="c1")[0] == second
        settled = settle_alert(
            session, alert=second.id, person="person-1", now=later, settled_as="not_in_danger"
        )
        assert (settled.settled_at, settled.settled_as) == (later, "not_in_danger")
        assert open_alerts(session, conversation="c1")[0] == alert
        assert open_alerts(session, conversation="c2") == ()


def test_settling_twice_alike_writes_once_and_differently_is_refused(database, alert, now):
    for _ in range(2):
        with database.session() as session:
            settled = settle_alert(
                session,
                alert=alert.id,
                person="person-1",
                now=now,
                settled_as="not_sure",
                call_made="yes",
            )
    assert settled.call_made == "yes"
    with pytest.raises(NotOpenError, match="not_sure"), database.session() as session:
        settle_alert(session, alert=alert.id, person="person-1", now=now, settled_as="in_danger")
    with database.reading() as session:
        assert events(session) == ["RiskAlertRaised", "RiskAlertSettled", "RiskCallNoted"]
        assert verify_audit(session).count == 3


def test_the_call_can_be_noted_after_the_alert_was_settled(database, alert, now):
    with database.session() as session:
        settle_alert(session, alert=alert.id, person="person-1", now=now, settled_as="advice_given")
        for call_made in ("no", "yes"):
            found = note_call(
                session, alert=alert.id, person="person-1", now=now, call_made=call_made
            )
        assert (found.call_made, found.settled_as) == ("yes", "advice_given")


def test_an_alert_of_someone_else_looks_like_none(database, alert, now):
    for which in (alert.id, "no-such"):
        with (
            pytest.raises(NotFoundError, match="no such risk alert"),
            database.session() as session,
        ):
            settle_alert(session, alert=which, person="person-2", now=now, settled_as="in_danger")


def test_an_alert_belongs_to_a_case_of_the_same_person(database, now, new_case):
    new = NewAlert(
        conversation="c9", tier="high", source="button", matched="", escalation="ESC-2026-0001"
    )
    with database.session() as session:
        record_escalation(session, key="k", person="person-1", now=now, new=new_case())
        found = raise_alert(session, key="m", person="person-1", now=now, new=new)
        assert found.escalation == "ESC-2026-0001"


def test_an_alert_is_raised_even_where_its_case_is_not_found(database, now, new_case):
    new = NewAlert(
        conversation="c9", tier="high", source="button", matched="", escalation="ESC-2026-0001"
    )
    with database.session() as session:
        assert raise_alert(session, key="m", person="person-2", now=now, new=new).escalation is None
        record_escalation(session, key="k", person="person-1", now=now, new=new_case())
        assert raise_alert(session, key="n", person="person-2", now=now, new=new).escalation is None
        assert len(open_alerts(session, conversation="c9")) == 2


def test_every_open_alert_of_a_conversation_is_found_the_newest_first(database, alert, now):
    with database.session() as session:
        assert open_alerts(session, conversation="c2") == ()
        later = now + timedelta(minutes=1)
        second = raise_alert(session, key="m2", person="person-1", now=later, new=LOW)
        assert open_alerts(session, conversation="c1") == (second, alert)
        settle_alert(session, alert=second.id, person="person-1", now=now, settled_as="not_sure")
        assert open_alerts(session, conversation="c1") == (alert,)


def upgraded(database, alert, now, **changes):
    found = {"person": "person-1", "tier": "high", "matched": "a knife", "score": 0.9, **changes}
    with database.session() as session:
        return upgrade_alert(session, alert=alert.id, now=now, **found)


def test_an_open_alert_is_raised_to_the_higher_tier_with_the_new_words(database, alert, now):
    found = upgraded(database, alert, now)
    assert (found.tier, found.matched, found.score) == ("high", "“hurt”, a knife", 0.9)
    assert (found.id, found.raised_at, found.settled_as) == (alert.id, now, None)
    assert upgraded(database, alert, now) == found
    with database.reading() as session:
        assert open_alerts(session, conversation="c1")[0] == found
        assert events(session) == ["RiskAlertRaised", "RiskAlertUpgraded"]
        assert "knife" not in str(session.execute(text("SELECT detail FROM audit_entry")).all())
        assert verify_audit(session).count == 2


def test_an_alert_never_comes_down_a_tier(database, alert, now):
    upgraded(database, alert, now)
    found = upgraded(database, alert, now, tier="low", matched="worried", score=None)
    assert (found.tier, found.matched, found.score) == ("high", "“hurt”, a knife, worried", 0.9)


def test_only_an_open_alert_of_their_own_can_be_raised(database, alert, now):
    with pytest.raises(NotFoundError, match="no such risk alert"):
        upgraded(database, alert, now, person="person-2")
    with database.session() as session:
        settle_alert(session, alert=alert.id, person="person-1", now=now, settled_as="not_sure")
    with pytest.raises(NotOpenError, match="not_sure"):
        upgraded(database, alert, now)


def test_words_and_tiers_outside_the_lists_are_refused(database, now):
    with pytest.raises(UnstorableError, match=r"NewAlert\.matched has a NUL"):
        NewAlert(conversation="c", tier="low", source="typed", matched="\0")
    unknown = NewAlert(conversation="c", tier="middle", source="typed", matched="x")
    with pytest.raises(IntegrityError, match="tier"), database.session() as session:
        raise_alert(session, key="m", person="person-1", now=now, new=unknown)
