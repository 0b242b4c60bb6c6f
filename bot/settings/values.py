"""How one variable is read: each reader gives the value, or says what is allowed.

Every reader raises `SettingsError` naming its variable.
"""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

SECRET_LENGTH = 32
PASS_WORD_LENGTH = 8
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg2")
SMTP = re.compile(
    r"smtps?://(?:[^\s:@/]+:[^\s:@/]+@)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::([1-9][0-9]{0,4}))?/?"
)
SENDER = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class SettingsError(ValueError):
    """A setting that cannot be used: which, what was found, what is allowed."""


def given(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable; none where it is not set. An empty one is refused."""
    value = environ.get(name)
    if value is not None and not value.strip():
        raise SettingsError(f"{name} is empty. Give it a value, or do not set it at all.")
    return value


def folder(environ: Mapping[str, str], name: str, default: Path) -> Path:
    """A folder, absolute."""
    value = given(environ, name)
    if value is not None and ("?" in value or "\0" in value):
        # in a database address, what follows a question mark is no longer the file
        raise SettingsError(f"{name} is {value!r}. Allowed: a folder without a question mark.")
    return default if value is None else Path(value).expanduser().absolute()


def database(environ: Mapping[str, str], name: str, default: Path) -> str:
    """The address of a database: SQLite or PostgreSQL."""
    value = given(environ, name)
    if value is None:
        return f"sqlite:///{default}"
    scheme, separator, _ = value.partition("://")
    if not separator or scheme not in DATABASES:
        found = f"starts with {scheme}://" if separator else "is not a database address"
        raise SettingsError(
            f"{name} {found}. Allowed: sqlite:////folder/file.db or postgresql://user@host/database."
        )
    return value


def policy_id(environ: Mapping[str, str], name: str) -> str | None:
    """The id of a policy."""
    value = given(environ, name)
    if value is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value):
        raise SettingsError(
            f"{name} is {value!r}, which is not a policy id. "
            "See the ids with: uv run escalate policies list"
        )
    return value


def secret(environ: Mapping[str, str], name: str) -> str | None:
    """A secret that is long enough to protect something."""
    value = given(environ, name)
    if value is not None and len(value) < SECRET_LENGTH:
        raise SettingsError(
            f"{name} has {len(value)} characters and needs {SECRET_LENGTH} or more. "
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return value


def pass_word(environ: Mapping[str, str], name: str) -> str | None:
    """A word that people type to be let in, without the spaces around it."""
    value = given(environ, name)
    if value is not None and len(value.strip()) < PASS_WORD_LENGTH:
        raise SettingsError(
            f"{name} has {len(value.strip())} characters and needs {PASS_WORD_LENGTH} or more."
        )
    return value if value is None else value.strip()


def yes_or_no(environ: Mapping[str, str], name: str) -> bool:
    """A switch."""
    value = given(environ, name) or "0"
    if value not in ("0", "1"):
        raise SettingsError(f"{name} is {value!r}. Allowed: 0 or 1.")
    return value == "1"


def host(environ: Mapping[str, str], name: str, *, allow_remote: bool) -> str:
    """An address to listen on."""
    value = given(environ, name) or "127.0.0.1"
    if not allow_remote and not is_this_machine(value):
        raise SettingsError(
            f"{name} is {value!r}, which other machines can reach. Use 127.0.0.1, or set "
            "ESCALATE_ALLOW_REMOTE=1 once the page stands behind HTTPS and a sign-in."
        )
    return value


def is_this_machine(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def origin(environ: Mapping[str, str], name: str) -> str | None:
    """A scheme and a host."""
    value = given(environ, name)
    if value is not None and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", value):
        raise SettingsError(
            f"{name} is {value!r}. Allowed: a scheme and a host only, such as "
            "https://guide.example.org."
        )
    return value


def whole_number(environ: Mapping[str, str], name: str, default: str, most: int) -> int:
    """A number from 1 to the most that is allowed."""
    value = given(environ, name) or default
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= most:
        raise SettingsError(f"{name} is {value!r}. Allowed: a whole number from 1 to {most}.")
    return int(value)


def mail(environ: Mapping[str, str], server: str, sender: str) -> tuple[str | None, str | None]:
    """The mail server and its sender: both or neither."""
    url, address = given(environ, server), given(environ, sender)
    found = SMTP.fullmatch(url) if url is not None and unquote(url).isascii() else None
    if url is not None and (found is None or int(found[1] or 25) > 65535):
        raise SettingsError(  # what was found may hold a password: it is not repeated
            f"{server} is not the address of a mail server. Allowed: "
            "smtp://user:password@host:587 or smtps://user:password@host:465. Write special "
            "characters of the password as in a web address (%40 for @)."
        )
    if address is not None and not SENDER.fullmatch(address):
        raise SettingsError(f"{sender} is {address!r}. Allowed: escalation-guide@example.org.")
    if (url is None) != (address is None):
        alone, missing = (server, sender) if address is None else (sender, server)
        raise SettingsError(f"{alone} is set and {missing} is not. Mail needs both: set {missing}.")
    return url, address


def apart(name: str, url: str, records: str) -> str:
    """The address of a database that must not be the one of the records.

    Raises:
        SettingsError: it is.
    """
    if url == records:
        raise SettingsError(
            f"{name} is the database of the records. Rehearsals need one of their own, so that "
            "nothing rehearsed is ever taken for a case: give it another name."
        )
    return url
