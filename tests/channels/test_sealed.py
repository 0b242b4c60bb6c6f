import json
import re
from datetime import timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sealed import (
    FileExpiredError,
    FileRefusedError,
    PayloadError,
    Sealer,
    Tap,
    TapExpiredError,
    TapRefusedError,
    WantedFile,
)

SECRET = "only-for-these-tests-" * 2
ANSWER = Tap("No", "choose", {"q": "risk", "raw": "no"})
FORM = WantedFile("form:app3", "ESC-2026-0012")


@given(
    title=st.text(min_size=1),
    intent=st.text(min_size=1),
    choice=st.none() | st.dictionaries(st.text(), st.text() | st.integers() | st.booleans()),
)
def test_what_is_sealed_comes_back_the_same(title, intent, choice):
    title, intent = (part.encode("utf-8", "replace").decode() for part in (title, intent))
    tap = Tap(title, intent, choice)
    sealer = Sealer(SECRET)
    assert sealer.unseal(sealer.seal(tap, "alice"), "alice") == tap


def test_a_token_is_of_no_use_to_somebody_else():
    sealer = Sealer(SECRET)
    with pytest.raises(TapRefusedError):
        sealer.unseal(sealer.seal(ANSWER, "alice"), "bob")


def test_an_old_token_is_refused_as_old():
    sealer = Sealer(SECRET, lifetime=timedelta(seconds=-1))
    with pytest.raises(TapExpiredError):
        sealer.unseal(sealer.seal(ANSWER, "alice"), "alice")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param("not a token", id="words"),
        pytest.param("\x00", id="a control character"),
        pytest.param(Sealer("another-secret-" * 3).seal(ANSWER, "alice"), id="another secret"),
        pytest.param(
            jwt.encode({"sub": "alice", "intent": "choose", "title": "No"}, SECRET, "HS256"),
            id="our secret, never a button",
        ),
        pytest.param(
            jwt.encode({"sub": "alice", "aud": "escalation-guide/tap"}, None, "none"),
            id="unsigned",
        ),
    ],
)
def test_what_we_did_not_seal_is_refused(token):
    with pytest.raises(TapRefusedError):
        Sealer(SECRET).unseal(token, "alice")


def test_a_short_secret_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="at least 32"):
        Sealer("short")


def test_a_button_becomes_what_rasa_takes_without_nlu():
    payload = json.dumps({"intent": "choose", "choice": {"q": "risk", "raw": "no"}})
    tap = Tap.from_button({"title": "No", "payload": payload})
    assert tap == ANSWER
    assert tap.parse_data() == {
        "text": "No",
        "intent": {"name": "choose", "confidence": 1.0},
        "intent_ranking": [{"name": "choose", "confidence": 1.0}],
        "entities": [],
        "choice": {"q": "risk", "raw": "no"},
    }


@pytest.mark.parametrize(
    "button",
    [
        {"title": "", "payload": '{"intent": "greet"}'},
        {"payload": '{"intent": "greet"}'},
        {"title": "Go", "payload": "/greet"},
        {"title": "Go", "payload": None},
        {"title": "Go", "payload": '{"intent": ""}'},
        {"title": "Go", "payload": '{"intent": "greet", "entities": {}}'},
        {"title": "Go", "payload": '{"intent": "choose", "choice": "no"}'},
        {"title": "Go", "payload": "[]"},
    ],
)
def test_a_button_that_breaks_the_contract_is_refused(button):
    with pytest.raises(PayloadError):
        Tap.from_button(button)


def test_a_link_comes_back_the_same_and_fits_into_an_address():
    token = Sealer(SECRET).seal_file(FORM, "alice")
    assert re.fullmatch(r"[\w.-]+", token, re.ASCII)
    assert Sealer(SECRET).unseal_file(token, "alice") == FORM


def test_a_link_is_for_one_person_and_for_a_time():
    with pytest.raises(FileRefusedError):
        Sealer(SECRET).unseal_file(Sealer(SECRET).seal_file(FORM, "alice"), "bob")
    old = Sealer(SECRET, file_lifetime=timedelta(seconds=-1))
    with pytest.raises(FileExpiredError):
        old.unseal_file(old.seal_file(FORM, "alice"), "alice")


def test_a_button_is_no_link_and_a_link_is_no_button():
    sealer = Sealer(SECRET)
    with pytest.raises(FileRefusedError):
        sealer.unseal_file(sealer.seal(ANSWER, "alice"), "alice")
    with pytest.raises(TapRefusedError):
        sealer.unseal(sealer.seal_file(FORM, "alice"), "alice")


def test_somebody_else_is_not_even_told_that_it_was_too_old():
    old = Sealer(SECRET, timedelta(seconds=-1), timedelta(seconds=-1))
    with pytest.raises(TapRefusedError) as tapped:
        old.unseal(old.seal(ANSWER, "alice"), "bob")
    assert not isinstance(tapped.value, TapExpiredError)
    with pytest.raises(FileRefusedError) as followed:
        old.unseal_file(old.seal_file(FORM, "alice"), "bob")
    assert not isinstance(followed.value, FileExpiredError)
