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
    assert (settings.smtp_url, settings.mail_from, settings.remind_days) == (None, None, 1)


def test_rehearsals_have_a_database_of_their_own(tmp_path):
    home, records = str(tmp_path), f"sqlite:///{tmp_path}/escalations.db"
    assert read(ESCALATE_HOME=home).rooms_url == f"sqlite:///{tmp_path}/rehearsals.db"
    with pytest.raises(SettingsError, match="ESCALATE_ROOMS_URL is the database of the records"):
        read(ESCALATE_HOME=home, ESCALATE_ROOMS_URL=records)
    url = "postgresql://me@db/records"
    with pytest.raises(SettingsError, match="give it another name"):
        read(ESCALATE_DATABASE_URL=url, ESCALATE_ROOMS_URL=url)


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
        pytest.param("ESCALATE_FACILITATOR_WORD", " robin  ", "5 characters", id="a short word"),
        pytest.param("ESCALATE_DATABASE_URL", "", "is empty", id="an empty value"),
        pytest.param("ESCALATE_DATABASE_URL", "mysql://x/y", "postgresql://", id="mysql"),
        pytest.param("ESCALATE_DATABASE_URL", "/tmp/x.db", "sqlite:////", id="a bare path"),
        pytest.param("ESCALATE_HOME", "/a?b", "question mark", id="a folder that is no path"),
        pytest.param("ESCALATE_DEFAULT_POLICY", "../x", "policies list", id="not an id"),
        pytest.param("ESCALATE_PUBLIC_ORIGIN", "guide.example.org", "a scheme", id="no scheme"),
        pytest.param("ESCALATE_PUBLIC_ORIGIN", "https://x.org/y", "a host only", id="a path"),
        pytest.param("ESCALATE_SMTP_URL", "mail.example.org", "smtp://user", id="a bare host"),
        pytest.param("ESCALATE_SMTP_URL", "http://mail.example.org", "smtp://user", id="http"),
        pytest.param("ESCALATE_SMTP_URL", "smtp://", "smtp://user", id="no host"),
        pytest.param(
            "ESCALATE_SMTP_URL", "smtp://me@mail.example.org", "smtps://", id="no password"
        ),
        pytest.param(
            "ESCALATE_SMTP_URL", "smtp://x.org:65536", "smtps://", id="a port that is none"
        ),
        pytest.param("ESCALATE_SMTP_URL", "smtp://x.org/a", "smtps://", id="a path after the host"),
        pytest.param("ESCALATE_SMTP_URL", "smtp://a:b@c@x.org", "%40 for @", id="@ in a password"),
        pytest.param(
            "ESCALATE_SMTP_URL", "smtp://a:%C3%A9@x.org", "%40 for @", id="an accent in it"
        ),
        pytest.param("ESCALATE_SMTP_URL", "smtp://x.org", "set ESCALATE_MAIL_FROM", id="no sender"),
        pytest.param("ESCALATE_MAIL_FROM", "us@x.org", "set ESCALATE_SMTP_URL", id="no server"),
        pytest.param("ESCALATE_MAIL_FROM", "us", "@example.org", id="no address"),
        pytest.param("ESCALATE_MAIL_FROM", "us@x.org\nBcc: y@x.org", "@example.org", id="a header"),
        pytest.param("ESCALATE_REMIND_DAYS", "0", "1 to 20", id="no days before"),
        pytest.param("ESCALATE_REMIND_DAYS", "21", "1 to 20", id="too many days before"),
        pytest.param("ESCALATE_REMIND_DAYS", "one", "whole number", id="days in words"),
        pytest.param("ESCALATE_TEAMS_APP_ID", "guide", "12345678-", id="an id that is none"),
        pytest.param("ESCALATE_TEAMS_TENANT", "common", "12345678-", id="any tenant"),
        pytest.param("ESCALATE_TEAMS_SECRET", "", "is empty", id="an empty secret of the bot"),
        pytest.param("ESCALATE_TEAMS_MANAGED_IDENTITY", "yes", "0 or 1", id="yes for the identity"),
        pytest.param("ESCALATE_TEAMS_HOSTS", "https://x.org", "names of hosts", id="an address"),
        pytest.param("ESCALATE_TEAMS_HOSTS", "x.org,", "names of hosts", id="a comma too many"),
        pytest.param("ESCALATE_TEAMS_LOGIN", "http://x.org", "https://login", id="plain login"),
        pytest.param("ESCALATE_TEAMS_KEYS", "http://x.org/k", "https://login", id="plain keys"),
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


@pytest.mark.parametrize(
    "url",
    ["smtp://mail.example.org", "smtps://us:p%40ss@mail.example.org:465", "smtp://[::1]:25/"],
)
def test_mail_needs_its_server_and_its_sender(url):
    settings = read(ESCALATE_SMTP_URL=url, ESCALATE_MAIL_FROM="us@x.org", ESCALATE_REMIND_DAYS="3")
    assert (settings.smtp_url, settings.mail_from, settings.remind_days) == (url, "us@x.org", 3)


def test_a_mail_server_that_is_refused_is_not_repeated_with_its_password():
    with pytest.raises(SettingsError) as refused:
        read(ESCALATE_SMTP_URL="smtp://us:hush@x.org:99999", ESCALATE_MAIL_FROM="us@x.org")
    assert "hush" not in str(refused.value)


def test_repr_hides_the_secret_and_passwords():
    shown = repr(
        read(
            ESCALATE_SECRET="s" * 32,
            ESCALATE_DATABASE_URL="postgresql://me:hush@db/records",
            ESCALATE_SMTP_URL="smtp://me:hush@x.org",
            ESCALATE_MAIL_FROM="us@x.org",
        )
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


APP = {
    "ESCALATE_TEAMS_APP_ID": "11111111-1111-4111-8111-11111111111A",
    "ESCALATE_TEAMS_TENANT": "22222222-2222-4222-8222-222222222222",
}


def test_teams_is_shut_unless_it_is_asked_for_and_its_defaults_are_microsofts():
    settings = read()
    assert settings.teams_app_id is None
    assert settings.teams_hosts == {"smba.trafficmanager.net"}
    assert settings.teams_login == "https://login.microsoftonline.com"


def test_teams_needs_one_proof():
    with pytest.raises(SettingsError, match="Found 0"):
        read(**APP).require_teams()
    read(**APP, ESCALATE_TEAMS_SECRET="x").require_teams()
    read(**APP, ESCALATE_TEAMS_CERTIFICATE="/x.pem").require_teams()
    read(**APP, ESCALATE_TEAMS_MANAGED_IDENTITY="1").require_teams()
    with pytest.raises(SettingsError, match="Found 2"):
        read(**APP, ESCALATE_TEAMS_SECRET="x", ESCALATE_TEAMS_MANAGED_IDENTITY="1").require_teams()


def test_ids_and_hosts_are_compared_in_lower_case():
    settings = read(**APP, ESCALATE_TEAMS_HOSTS="A.example.org, [::1]")
    assert settings.teams_app_id == "11111111-1111-4111-8111-11111111111a"
    assert settings.teams_hosts == {"a.example.org", "::1"}


def test_no_setting_lets_messages_in_unproved():
    with pytest.raises(SettingsError, match="ESCALATE_TEAMS_AUTH"):
        read(**APP, ESCALATE_TEAMS_SECRET="x", ESCALATE_TEAMS_AUTH="off")
