import re
import threading
from dataclasses import fields
from pathlib import Path

import pytest

import bot
import bot.settings
from bot.settings import VARIABLES, Settings, SettingsError, session_secret


def read(**environ):
    return Settings.from_environment(environ)


def test_defaults_need_nothing():
    settings = read()
    root = Path(bot.__file__).parent.parent
    assert settings.root == root
    assert settings.home == root / "var"
    assert settings.database_url == f"sqlite:///{root}/var/escalations.db"
    assert settings.conversations_url == f"sqlite:///{root}/var/conversations.db"
    assert settings.models_dir == root / "var" / "models"
    assert settings.policies_dir == root / "policies"
    assert (settings.host, settings.port, settings.allow_remote) == ("127.0.0.1", 5005, False)
    assert settings.default_policy is None
    assert settings.secret is None


def test_state_follows_home(tmp_path):
    settings = read(ESCALATE_HOME=str(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path}/escalations.db"
    assert settings.models_dir == tmp_path / "models"


def test_the_table_documents_every_setting_and_no_other():
    rows = re.findall(r"^\| `?(\w+)`? \| `(\w+)` \|", bot.settings.__doc__, flags=re.M)
    documented = {setting: variable for variable, setting in rows}
    assert set(documented) == {each.name for each in fields(Settings)}
    assert {v: s for s, v in documented.items() if v != "none"} == VARIABLES


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        pytest.param("ESCALATE_PROT", "1", "Did you mean ESCALATE_PORT", id="a typo"),
        pytest.param("ESCALATE_PORT", "0", "1 to 65535", id="port 0"),
        pytest.param("ESCALATE_PORT", "65536", "1 to 65535", id="a port too high"),
        pytest.param("ESCALATE_PORT", "٥٠", "1 to 65535", id="digits of another script"),
        pytest.param("ESCALATE_PORT", "http", "whole number", id="a port in words"),
        pytest.param("ESCALATE_HOST", "0.0.0.0", "ALLOW_REMOTE=1", id="every address"),
        pytest.param("ESCALATE_HOST", "example.org", "ALLOW_REMOTE=1", id="another machine"),
        pytest.param("ESCALATE_ALLOW_REMOTE", "yes", "0 or 1", id="yes for 1"),
        pytest.param("ESCALATE_SECRET", "short", "32 or more", id="a short secret"),
        pytest.param("ESCALATE_DATABASE_URL", "", "is empty", id="an empty value"),
        pytest.param("ESCALATE_DATABASE_URL", "mysql://x/y", "postgresql://", id="mysql"),
        pytest.param("ESCALATE_DATABASE_URL", "/tmp/x.db", "sqlite:////", id="a bare path"),
        pytest.param("ESCALATE_HOME", "/a?b", "question mark", id="a folder that is no path"),
        pytest.param("ESCALATE_DEFAULT_POLICY", "../x", "policies list", id="not an id"),
        pytest.param("ESCALATE_PUBLIC_ORIGIN", "guide.example.org", "a scheme", id="no scheme"),
        pytest.param("ESCALATE_PUBLIC_ORIGIN", "https://x.org/y", "a host only", id="a path"),
    ],
)
def test_refuses_and_says_what_is_allowed(variable, value, told):
    with pytest.raises(SettingsError, match=re.escape(told)) as refused:
        read(**{variable: value})
    assert variable in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_needs_no_permission(host):
    assert read(ESCALATE_HOST=host).host == host


def test_other_machines_are_let_in_by_a_word():
    assert read(ESCALATE_HOST="0.0.0.0", ESCALATE_ALLOW_REMOTE="1").host == "0.0.0.0"


def test_the_address_behind_a_proxy_is_a_scheme_and_a_host():
    given = "https://guide.example.org:8443"
    assert read(ESCALATE_PUBLIC_ORIGIN=given).public_origin == given
    assert read().public_origin is None


def test_repr_hides_the_secret_and_passwords():
    shown = repr(
        read(ESCALATE_SECRET="s" * 32, ESCALATE_DATABASE_URL="postgresql://me:hush@db/records")
    )
    assert "ssss" not in shown
    assert "hush" not in shown


def test_a_given_secret_is_used_and_not_kept(tmp_path):
    settings = read(ESCALATE_HOME=str(tmp_path / "home"), ESCALATE_SECRET="s" * 32)
    assert session_secret(settings) == "s" * 32
    assert not (tmp_path / "home").exists()


def test_a_secret_is_made_once_and_kept_for_this_user_alone(tmp_path):
    settings = read(ESCALATE_HOME=str(tmp_path / "home"))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(session_secret(settings))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) >= 32
    assert [each.name for each in (tmp_path / "home").iterdir()] == ["secret"]
    assert (tmp_path / "home" / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


def test_a_kept_secret_that_others_may_read_is_refused(tmp_path):
    (tmp_path / "secret").write_text("s" * 40)
    (tmp_path / "secret").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        session_secret(read(ESCALATE_HOME=str(tmp_path)))


def test_a_kept_secret_that_is_cut_short_is_refused(tmp_path):
    (tmp_path / "secret").write_text("s")
    (tmp_path / "secret").chmod(0o600)
    with pytest.raises(SettingsError, match="holds 1 characters"):
        session_secret(read(ESCALATE_HOME=str(tmp_path)))


def test_a_home_that_is_a_file_is_named(tmp_path):
    (tmp_path / "home").write_text("")
    with pytest.raises(SettingsError, match="ESCALATE_HOME"):
        session_secret(read(ESCALATE_HOME=str(tmp_path / "home")))
