"""What the Teams package reads from the environment, and what it says when that is not enough."""

import pytest

from bot.channels.teams.package.app import TeamsApp
from bot.settings import SettingsError

APP = "2f6c1c0e-5a1b-4c3d-9e8f-0a1b2c3d4e5f"
TENANT = "7d0f7c3e-0b1a-4c3d-9e8f-0a1b2c3d4e5f"
GOOD = {
    "ESCALATE_TEAMS_APP_ID": APP,
    "ESCALATE_TEAMS_TENANT": TENANT,
    "ESCALATE_PUBLIC_ORIGIN": "https://guide.example.org",
}


def read(**changed: str) -> TeamsApp:
    return TeamsApp.from_environment(GOOD | changed)


def test_the_settings_become_one_object():
    app = read()
    assert (app.app_id, app.tenant) == (APP, TENANT)
    assert app.domain == "guide.example.org"


def test_ids_are_read_in_either_case_and_mean_the_same_app():
    upper = read(ESCALATE_TEAMS_APP_ID=APP.upper(), ESCALATE_TEAMS_TENANT=f" {TENANT.upper()} ")
    assert upper == read()
    assert upper.id == read().id


def test_the_id_of_the_package_never_changes():
    assert str(read().id) == "8e3d53e1-a96d-5732-ace5-8371cbf77dbf"
    assert read(ESCALATE_PUBLIC_ORIGIN="https://other.example.org").id == read().id


@pytest.mark.parametrize("name", ["ESCALATE_TEAMS_APP_ID", "ESCALATE_TEAMS_TENANT"])
def test_another_bot_or_organisation_is_another_app(name):
    assert read(**{name: "11111111-2222-4333-8444-555555555555"}).id != read().id


def test_all_that_is_missing_is_told_at_once_with_where_to_get_it():
    with pytest.raises(SettingsError) as refused:
        TeamsApp.from_environment({})
    said = str(refused.value)
    for told in (*GOOD, "Application (client) ID", "Directory (tenant) ID", "docs/tasks/teams.md"):
        assert told in said
    assert said.count("is not set") == 3


@pytest.mark.parametrize("name", ["ESCALATE_TEAMS_APP_ID", "ESCALATE_TEAMS_TENANT"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "guide",
        APP[:-1],
        APP + "0",
        APP.replace("-", ""),
        f"{{{APP}}}",
        "00000000-0000-0000-0000-000000000000",
        "g" + APP[1:],
    ],
)
def test_an_id_that_is_none_is_refused_by_name(name, value):
    with pytest.raises(SettingsError) as refused:
        read(**{name: value})
    first = str(refused.value).splitlines()[0]
    assert first.startswith(f"{name} is {value!r}" if value else f"{name} is not set")


def test_the_same_id_twice_is_a_slip():
    with pytest.raises(SettingsError, match="are the same"):
        read(ESCALATE_TEAMS_TENANT=APP)


@pytest.mark.parametrize(
    "origin",
    [
        "http://guide.example.org",
        "https://guide.example.org/teams",
        "https://guide.example.org/",
        "https://",
        "https://guide",
        "https://localhost",
        "https://localhost:3978",
        "https://guide.local",
        "https://127.0.0.1",
        "https://[::1]",
        "https://user@guide.example.org",
        "https://guide..org",
        "https://-guide.example.org",
        "https://guide.example.org:0",
        "https://guide.example.org:70000",
        "guide.example.org",
    ],
)
def test_an_address_that_microsoft_cannot_reach_is_refused(origin):
    with pytest.raises(SettingsError, match="ESCALATE_PUBLIC_ORIGIN is"):
        read(ESCALATE_PUBLIC_ORIGIN=origin)


def test_a_port_is_part_of_where_links_lead():
    app = read(ESCALATE_PUBLIC_ORIGIN="https://guide.example.org:8443")
    assert app.domain == "guide.example.org:8443"
