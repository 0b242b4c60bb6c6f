"""What the package needs to know of this installation, read from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from bot.settings import SettingsError

APP_ID = "ESCALATE_TEAMS_APP_ID"
TENANT = "ESCALATE_TEAMS_TENANT"
ORIGIN = "ESCALATE_PUBLIC_ORIGIN"
GUIDE = "How to set up Teams, step by step: docs/tasks/teams.md."

_WHERE = {
    APP_ID: (
        "the id of the bot, such as 2f6c1c0e-5a1b-4c3d-9e8f-0a1b2c3d4e5f. It stands as "
        "“Application (client) ID” on the overview of your app registration in the Microsoft Entra "
        "admin centre"
    ),
    TENANT: (
        "the id of your organisation at Microsoft, in the same form. It stands as “Directory "
        "(tenant) ID” on the same overview"
    ),
    ORIGIN: (
        "the address at which Microsoft and your staff reach this server, such as "
        "https://guide.example.org: https, a name, and nothing after it"
    ),
}
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?")
_OWN_NETWORK = ("local", "localhost", "internal", "lan")


@dataclass(frozen=True, kw_only=True)
class TeamsApp:
    """The bot, the organisation that it belongs to, and the address of this server."""

    app_id: str
    tenant: str
    origin: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "TeamsApp":
        """Read the three settings; all that is wrong is told at once.

        Raises:
            SettingsError: what is missing or unfit, what it should be, and where to find it.
        """
        given = {name: environ.get(name, "").strip().lower() for name in (APP_ID, TENANT, ORIGIN)}
        fits = {APP_ID: _is_guid, TENANT: _is_guid, ORIGIN: _is_reachable}
        wrong = [_told(name, value) for name, value in given.items() if not fits[name](value)]
        if not wrong and given[APP_ID] == given[TENANT]:
            wrong = [
                f"{APP_ID} and {TENANT} are the same. Your app registration shows two ids: one is "
                "of the app, the other of your organisation."
            ]
        if wrong:
            raise SettingsError("\n".join((*wrong, GUIDE)))
        return cls(app_id=given[APP_ID], tenant=given[TENANT], origin=given[ORIGIN])

    @property
    def id(self) -> UUID:
        """The id of the package: the same for this bot of this organisation whenever it is built.

        With another id, Teams would hold a new package for another app.
        """
        return uuid5(NAMESPACE_URL, f"escalation-guide/teams/{self.tenant}/{self.app_id}")

    @property
    def domain(self) -> str:
        """Where links of the app may lead: the name of this server, with its port if it has one."""
        return urlsplit(self.origin).netloc


def _told(name: str, value: str) -> str:
    found = f"is {value!r}" if value else "is not set"
    return f"{name} {found}. It needs {_WHERE[name]}."


def _is_guid(value: str) -> bool:
    return _GUID.fullmatch(value) is not None and UUID(value).int != 0


def _is_reachable(origin: str) -> bool:
    """Whether it is https and a name that Microsoft's servers could find."""
    found = re.fullmatch(r"https://([a-z0-9.:-]+?)(?::([1-9][0-9]{0,4}))?", origin)
    if found is None or int(found[2] or 443) > 65535:
        return False
    return _NAME.fullmatch(found[1]) is not None and found[1].split(".")[-1] not in _OWN_NETWORK
