"""The Teams package: what Microsoft's schema wants, what we promise, and always the same bytes."""

import hashlib
import io
import json
import sys
import zipfile
from copy import deepcopy
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bot.channels.teams.package import archive
from bot.channels.teams.package.app import TeamsApp
from bot.channels.teams.package.archive import HERE, PackageError, RefusedPackageError, package
from bot.channels.teams.package.manifest import Publisher, manifest, problems

sys.path.insert(0, str(Path(__file__).parents[3] / "web"))

import teams_icons

APP = TeamsApp(
    app_id="2f6c1c0e-5a1b-4c3d-9e8f-0a1b2c3d4e5f",
    tenant="7d0f7c3e-0b1a-4c3d-9e8f-0a1b2c3d4e5f",
    origin="https://guide.example.org",
)
PUBLISHER = Publisher(
    organisation="Example Partnership",
    website="https://guide.example.org/",
    privacy="https://guide.example.org/privacy",
    terms="https://guide.example.org/privacy#terms",
)
SCHEMA = json.loads((HERE / "MicrosoftTeams.schema.json").read_text())
MADE = manifest(APP, PUBLISHER, "1.0.2")


def test_the_schema_is_microsofts_own_unchanged():
    data = (HERE / "MicrosoftTeams.schema.json").read_bytes()
    known = "393557f89b0afc5b1134794d3af64c47a56ac29d44fdf977136c8121096f1503"
    assert hashlib.sha256(data).hexdigest() == known


def test_the_manifest_is_what_the_schema_wants():
    assert problems(MADE, SCHEMA) == []


def test_it_is_for_personal_chats_only():
    (bot,) = MADE["bots"]
    assert bot["botId"] == APP.app_id
    assert bot["scopes"] == ["personal"]
    assert [each["scopes"] for each in bot["commandLists"]] == [["personal"]]
    assert MADE["defaultInstallScope"] == "personal"
    for other in (
        "configurableTabs",
        "composeExtensions",
        "connectors",
        "meetingExtensionDefinition",
    ):
        assert other not in MADE


def test_it_offers_the_five_commands_with_risk_first():
    (commands,) = MADE["bots"][0]["commandLists"]
    titles = [each["title"] for each in commands["commands"]]
    assert titles == ["someone is at risk now", "new", "my escalations", "help", "stop"]


def test_it_asks_for_no_rights_and_leads_to_this_server_alone():
    assert MADE["validDomains"] == ["guide.example.org"]
    assert not {"permissions", "devicePermissions", "authorization", "webApplicationInfo"} & {*MADE}


def test_its_description_begins_with_safety():
    assert MADE["description"]["full"].startswith(
        "If someone is in immediate danger, call 999 now."
    )


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        pytest.param(("accentColor",), "blue", "accentColor", id="a colour by name"),
        pytest.param(("bots", 0, "botId"), "guide", "bots.0.botId", id="a bot without an id"),
        pytest.param(("bots", 0, "scopes"), ["me"], "bots.0.scopes.0", id="an unknown scope"),
        pytest.param(("id",), "x", "id: ", id="no id"),
        pytest.param(("surprise",), 1, "surprise", id="an unknown key"),
        pytest.param(
            ("name", "short"), "x" * 31, "31 characters and may have 30", id="a long name"
        ),
        pytest.param(("developer", "name"), " ", "developer.name is empty", id="no publisher"),
        pytest.param(("developer", "name"), "x" * 33, "may have 32", id="a long publisher"),
        pytest.param(("developer", "privacyUrl"), "http://a.b", "privacyUrl", id="not https"),
        pytest.param(("developer", "websiteUrl"), "https://", "websiteUrl", id="no host"),
        pytest.param(("developer", "websiteUrl"), "https://[", "websiteUrl", id="no address"),
        pytest.param(("developer", "termsOfUseUrl"), "https://a.b/ c", "termsOfUse", id="a gap"),
        pytest.param(("version",), "1.0", "three numbers", id="two numbers"),
        pytest.param(("version",), "1.0.0-rc1", "three numbers", id="a candidate"),
        pytest.param(("version",), "1.02.0", "three numbers", id="a leading zero"),
    ],
)
def test_what_teams_would_refuse_is_told_with_its_place(place, value, told):
    broken = deepcopy(MADE)
    inner = broken
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    said = problems(broken, SCHEMA)
    assert any(told in each for each in said), said


def test_every_problem_is_told_at_once():
    publisher = Publisher(organisation="x" * 40, website="a", privacy="b", terms="c")
    with pytest.raises(RefusedPackageError) as refused:
        package(APP, publisher, "one")
    said = str(refused.value)
    for told in ("developer.name", "websiteUrl", "privacyUrl", "termsOfUseUrl", "version"):
        assert told in said


def test_the_package_holds_the_manifest_and_both_icons_and_nothing_else():
    with zipfile.ZipFile(io.BytesIO(package(APP, PUBLISHER, "1.0.2"))) as kept:
        assert kept.testzip() is None
        assert kept.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert json.loads(kept.read("manifest.json")) == MADE
        for name in MADE["icons"].values():
            assert kept.read(name) == (HERE / name).read_bytes()


def test_the_same_settings_give_the_same_bytes_on_every_machine():
    data = package(APP, PUBLISHER, "1.0.2")
    assert data == package(APP, PUBLISHER, "1.0.2")
    with zipfile.ZipFile(io.BytesIO(data)) as kept:
        for entry in kept.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            assert (entry.date_time[0], entry.create_system) == (1980, 3)
    assert data != package(APP, PUBLISHER, "1.0.3")


def test_a_missing_file_of_the_program_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(archive, "HERE", tmp_path)
    with pytest.raises(PackageError, match=r"MicrosoftTeams\.schema\.json.*restore it with git"):
        package(APP, PUBLISHER, "1.0.2")


def test_the_colour_icon_has_the_size_and_the_colour_that_the_manifest_tells():
    with Image.open(HERE / "color.png") as icon:
        assert (icon.format, icon.size) == ("PNG", (192, 192))
        corners = {
            icon.convert("RGB").getpixel(at) for at in [(0, 0), (191, 0), (0, 191), (191, 191)]
        }
        assert corners == {tuple(bytes.fromhex(MADE["accentColor"][1:]))}


def test_the_outline_icon_is_white_on_nothing():
    with Image.open(HERE / "outline.png") as icon:
        assert (icon.format, icon.size, icon.mode) == ("PNG", (32, 32), "RGBA")
        red, green, blue, alpha = icon.split()
        assert {band.getextrema() for band in (red, green, blue)} == {(255, 255)}
        assert alpha.getextrema() == (0, 255)
        assert alpha.getbbox() != (0, 0, 32, 32)


@pytest.mark.parametrize(
    ("name", "draw"), [("color.png", teams_icons.color), ("outline.png", teams_icons.outline)]
)
def test_the_icons_are_those_that_the_script_draws(name, draw):
    with Image.open(HERE / name) as kept:
        drawn = draw()
        assert kept.mode == drawn.mode
        assert ImageChops.difference(kept, drawn).getbbox(alpha_only=False) is None


def test_the_script_says_when_the_drawing_is_another():
    with pytest.raises(ValueError, match="teach this script"):
        teams_icons.steps("<svg><circle/></svg>")
