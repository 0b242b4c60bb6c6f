"""What Microsoft Teams needs to know of us, and we of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings.values import SettingsError, folder, given, is_this_machine, yes_or_no

VARIABLES = {
    "ESCALATE_TEAMS_APP_ID": "teams_app_id",
    "ESCALATE_TEAMS_TENANT": "teams_tenant",
    "ESCALATE_TEAMS_SECRET": "teams_secret",
    "ESCALATE_TEAMS_CERTIFICATE": "teams_certificate",
    "ESCALATE_TEAMS_MANAGED_IDENTITY": "teams_managed_identity",
    "ESCALATE_TEAMS_HOSTS": "teams_hosts",
    "ESCALATE_TEAMS_LOGIN": "teams_login",
    "ESCALATE_TEAMS_KEYS": "teams_keys",
}
HOSTS = "smba.trafficmanager.net"
LOGIN = "https://login.microsoftonline.com"
KEYS = "https://login.botframework.com/v1/.well-known/keys"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[::1\]")


@dataclass(frozen=True, kw_only=True)
class TeamsSettings:
    """The settings of Microsoft Teams; without an application id the channel stays shut."""

    teams_app_id: str | None
    teams_tenant: str | None
    teams_secret: str | None = field(repr=False)
    teams_certificate: Path | None
    teams_managed_identity: bool
    teams_hosts: frozenset[str]
    teams_login: str
    teams_keys: str

    def require_teams(self) -> None:
        """Make sure that the channel can be opened.

        Raises:
            SettingsError: the tenant is missing, or there is not exactly one proof.
        """
        if self.teams_app_id is None or self.teams_tenant is None:
            raise SettingsError(
                "Microsoft Teams needs ESCALATE_TEAMS_APP_ID and ESCALATE_TEAMS_TENANT. Both are "
                "shown in the Entra admin centre, on the overview page of the app registration."
            )
        proofs = (self.teams_secret, self.teams_certificate, self.teams_managed_identity or None)
        given_proofs = sum(proof is not None for proof in proofs)
        if given_proofs != 1:
            raise SettingsError(
                f"Microsoft Teams needs exactly one proof of who the bot is. Found {given_proofs}. "
                "Set one of ESCALATE_TEAMS_SECRET, ESCALATE_TEAMS_CERTIFICATE and "
                "ESCALATE_TEAMS_MANAGED_IDENTITY=1."
            )


def read_teams(environ: Mapping[str, str]) -> TeamsSettings:
    """Read the variables of Teams."""
    certificate = given(environ, "ESCALATE_TEAMS_CERTIFICATE")
    return TeamsSettings(
        teams_app_id=_id(environ, "ESCALATE_TEAMS_APP_ID"),
        teams_tenant=_id(environ, "ESCALATE_TEAMS_TENANT"),
        teams_secret=given(environ, "ESCALATE_TEAMS_SECRET"),
        teams_certificate=(
            None if certificate is None else folder(environ, "ESCALATE_TEAMS_CERTIFICATE", Path())
        ),
        teams_managed_identity=yes_or_no(environ, "ESCALATE_TEAMS_MANAGED_IDENTITY"),
        teams_hosts=_hosts(environ, "ESCALATE_TEAMS_HOSTS"),
        teams_login=_address(environ, "ESCALATE_TEAMS_LOGIN", LOGIN),
        teams_keys=_address(environ, "ESCALATE_TEAMS_KEYS", KEYS),
    )


def _id(environ: Mapping[str, str], name: str) -> str | None:
    value = given(environ, name)
    if value is None:
        return None
    if not _ID.fullmatch(value.lower()):
        raise SettingsError(
            f"{name} is {value!r}. Allowed: an id such as 12345678-1234-1234-1234-123456789abc, "
            "from the overview page of the app registration."
        )
    return value.lower()


def _hosts(environ: Mapping[str, str], name: str) -> frozenset[str]:
    hosts = [host.strip() for host in (given(environ, name) or HOSTS).split(",")]
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsError(
                f"{name} has {host!r}. Allowed: names of hosts with commas between them, such as "
                f"{HOSTS}."
            )
    return frozenset(host.strip("[]").lower() for host in hosts)


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    value = given(environ, name) or default
    parts = urlsplit(value)
    local = parts.scheme == "http" and is_this_machine(parts.hostname or "")
    if (parts.scheme != "https" and not local) or not parts.hostname or parts.query:
        raise SettingsError(f"{name} is {value!r}. Allowed: an address such as {default}.")
    return value.rstrip("/")
