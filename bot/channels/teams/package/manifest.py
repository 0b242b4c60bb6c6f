"""The manifest: what Teams shows of the app before anybody talks to it, and what it may do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError

from bot.channels.teams.package.app import TeamsApp

MANIFEST_VERSION = "1.25"
SCOPE = "personal"
"""A group chat or a channel has more readers than the case: the app cannot be added there."""

COMMANDS = (
    ("someone is at risk now", "What to do at once. In immediate danger, call 999 first"),
    ("new", "Begin with a decision that you disagree with"),
    ("my escalations", "Where your escalations stand, and what is due"),
    ("help", "What I can do, and what you can ask"),
    ("stop", "Stop what we are doing. What is recorded stays"),
)
_FULL = "\n\n".join(
    (
        "If someone is in immediate danger, call 999 now. Do not wait for an escalation. This app "
        "is not an emergency service, and nobody watches it.",
        "Escalation Guide helps practitioners who disagree with another agency's safeguarding "
        "decision. It tells you which stage of your partnership's escalation policy applies, who "
        "acts with whom, and by when, with the clause for every line. It records the escalation "
        "once you have agreed to it, reminds you of its dates, and stays with it until it ends.",
        "It works in your personal chat only. It asks for no names: a case reference and roles "
        "are enough.",
        "It follows the policies that your organisation gave it. It decides nothing: people do.",
    )
)
_SEMVER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}")


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who offers the app to the staff, and the pages that Teams shows with it."""

    organisation: str
    website: str
    privacy: str
    terms: str


def manifest(app: TeamsApp, publisher: Publisher, version: str) -> dict[str, Any]:
    """The manifest as Teams reads it."""
    return {
        "$schema": (
            "https://developer.microsoft.com/json-schemas/teams/"
            f"v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"
        ),
        "manifestVersion": MANIFEST_VERSION,
        "version": version,
        "id": str(app.id),
        "developer": {
            "name": publisher.organisation,
            "websiteUrl": publisher.website,
            "privacyUrl": publisher.privacy,
            "termsOfUseUrl": publisher.terms,
        },
        "name": {
            "short": "Escalation Guide",
            "full": "Escalation Guide: professional disagreements in safeguarding",
        },
        "description": {
            "short": "Challenge a safeguarding decision by your partnership's policy, in time",
            "full": _FULL,
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#0d3b4f",
        "defaultInstallScope": SCOPE,
        "bots": [
            {
                "botId": app.app_id,
                "scopes": [SCOPE],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "supportsCalling": False,
                "supportsVideo": False,
                "commandLists": [
                    {
                        "scopes": [SCOPE],
                        "commands": [
                            {"title": title, "description": description}
                            for title, description in COMMANDS
                        ],
                    }
                ],
            }
        ],
        "validDomains": [app.domain],
    }


def problems(found: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """All that Microsoft's schema refuses, and what Teams needs but the schema lets through."""
    refused = sorted(Draft4Validator(schema).iter_errors(found), key=lambda each: each.json_path)
    return [*map(_told, refused), *_beyond(found)]


def _told(error: ValidationError) -> str:
    where = ".".join(map(str, error.absolute_path)) or "manifest"
    if error.validator == "maxLength":
        words = str(error.instance)
        return (
            f"{where} has {len(words)} characters and may have {error.validator_value}: {words!r}"
        )
    return f"{where}: {error.message}"


def _beyond(found: dict[str, Any]) -> Iterator[str]:
    version = str(found.get("version"))
    if not _SEMVER.fullmatch(version):
        yield f"version is {version!r} and must be three numbers, such as 1.0.2"
    developer = found.get("developer", {})
    if not str(developer.get("name", "")).strip():
        yield "developer.name is empty and must be the name of your organisation"
    for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl"):
        address = str(developer.get(name, ""))
        if not _is_https(address):
            yield f"developer.{name} is {address!r} and must be a page at https://"


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname)
    except ValueError:
        return False
    return parts.scheme == "https" and named and re.search(r"\s", address) is None
