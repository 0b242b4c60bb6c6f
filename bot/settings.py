"""The environment, read once, into one frozen object.

| variable | setting | default | meaning |
| --- | --- | --- | --- |
| `ESCALATE_HOME` | `home` | `var` beside the program | the folder where state lives |
| `ESCALATE_DATABASE_URL` | `database_url` | `escalations.db` in home | the records |
| `ESCALATE_CONVERSATIONS_URL` | `conversations_url` | `conversations.db` in home | the talk |
| `ESCALATE_DEFAULT_POLICY` | `default_policy` | none | the policy offered first, by its id |
| `ESCALATE_SECRET` | `secret` | made once, kept in home | signs sessions; 32 characters or more |
| `ESCALATE_HOST` | `host` | `127.0.0.1` | the address that `serve` listens on |
| `ESCALATE_ALLOW_REMOTE` | `allow_remote` | `0` | `1` lets `host` be reached from other machines |
| `ESCALATE_PORT` | `port` | `5005` | the port that `serve` listens on |
| `ESCALATE_PUBLIC_ORIGIN` | `public_origin` | none | the address behind a proxy, `https://...` |
| `ESCALATE_POLICIES` | `policies_dir` | `policies` beside the program | the policy files |
| `ESCALATE_MODELS` | `models_dir` | `models` in home | where trained models are kept |
| `ESCALATE_SMTP_URL` | `smtp_url` | none | the mail server: `smtp://user:password@host:587` |
| `ESCALATE_MAIL_FROM` | `mail_from` | none | the address that reminders are sent from |
| `ESCALATE_REMIND_DAYS` | `remind_days` | `1` | working days before a date to remind of it |
| none | `root` | where the program is | the folder with config.yml and domain.yml |

A variable that is given but empty is refused: an empty `ESCALATE_DATABASE_URL` is more likely a
mistake in a deployment than a wish for SQLite. So is an unknown variable that starts with
`ESCALATE_`. Mail needs both its server and its sender; without both, reminders stay in the
conversation. A relative path is taken from the current folder. Databases are SQLite or PostgreSQL.
"""

import difflib
import ipaddress
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

PREFIX = "ESCALATE_"
VARIABLES = {
    "ESCALATE_HOME": "home",
    "ESCALATE_DATABASE_URL": "database_url",
    "ESCALATE_CONVERSATIONS_URL": "conversations_url",
    "ESCALATE_DEFAULT_POLICY": "default_policy",
    "ESCALATE_SECRET": "secret",
    "ESCALATE_HOST": "host",
    "ESCALATE_ALLOW_REMOTE": "allow_remote",
    "ESCALATE_PORT": "port",
    "ESCALATE_PUBLIC_ORIGIN": "public_origin",
    "ESCALATE_POLICIES": "policies_dir",
    "ESCALATE_MODELS": "models_dir",
    "ESCALATE_SMTP_URL": "smtp_url",
    "ESCALATE_MAIL_FROM": "mail_from",
    "ESCALATE_REMIND_DAYS": "remind_days",
}
SECRET_LENGTH = 32
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg2")
SMTP = re.compile(
    r"smtps?://(?:[^\s:@/]+:[^\s:@/]+@)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::([1-9][0-9]{0,4}))?/?"
)
SENDER = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class SettingsError(ValueError):
    """A setting that cannot be used: which, what was found, what is allowed."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that the surroundings decide. See the table in this module's docstring.

    The secret and the addresses that may hold a password are left out of `repr`.
    """

    home: Path
    database_url: str = field(repr=False)
    conversations_url: str = field(repr=False)
    default_policy: str | None
    secret: str | None = field(repr=False)
    host: str
    allow_remote: bool
    port: int
    public_origin: str | None
    policies_dir: Path
    models_dir: Path
    smtp_url: str | None = field(repr=False)
    mail_from: str | None
    remind_days: int
    root: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; nothing is created and no file is opened.

        Raises:
            SettingsError: an unknown variable, or a value that is not allowed.
        """
        _refuse_unknown(environ)
        root = Path(__file__).resolve().parent.parent
        home = _folder(environ, "ESCALATE_HOME", root / "var")
        allow_remote = _yes_or_no(environ, "ESCALATE_ALLOW_REMOTE")
        smtp_url, mail_from = _mail(environ, "ESCALATE_SMTP_URL", "ESCALATE_MAIL_FROM")
        return cls(
            home=home,
            database_url=_database(environ, "ESCALATE_DATABASE_URL", home / "escalations.db"),
            conversations_url=_database(
                environ, "ESCALATE_CONVERSATIONS_URL", home / "conversations.db"
            ),
            default_policy=_policy_id(environ, "ESCALATE_DEFAULT_POLICY"),
            secret=_secret(environ, "ESCALATE_SECRET"),
            host=_host(environ, "ESCALATE_HOST", allow_remote=allow_remote),
            allow_remote=allow_remote,
            port=_whole_number(environ, "ESCALATE_PORT", "5005", 65535),
            public_origin=_origin(environ, "ESCALATE_PUBLIC_ORIGIN"),
            policies_dir=_folder(environ, "ESCALATE_POLICIES", root / "policies"),
            models_dir=_folder(environ, "ESCALATE_MODELS", home / "models"),
            smtp_url=smtp_url,
            mail_from=mail_from,
            remind_days=_whole_number(environ, "ESCALATE_REMIND_DAYS", "1", 20),
            root=root,
        )


def make_home(settings: Settings) -> Path:
    """Make the folder where state lives, for this user alone, and return it.

    Raises:
        SettingsError: it cannot be made, or not written to.
    """
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The folder {settings.home} cannot be made: {error.strerror}. "
            "Set ESCALATE_HOME to a folder that you may write to."
        ) from error
    if not os.access(settings.home, os.W_OK | os.X_OK):
        raise SettingsError(
            f"The folder {settings.home} cannot be written to. Give this user the right to, or set "
            "ESCALATE_HOME to a folder that you may write to."
        )
    return settings.home


def session_secret(settings: Settings) -> str:
    """The secret that signs sessions: the one given, else the one kept in home, else a new one.

    Two programs that start at once agree on one secret: whoever links the file first wins.

    Raises:
        SettingsError: the kept secret can be read by others, or is too short.
    """
    if settings.secret is not None:
        return settings.secret
    kept = make_home(settings) / "secret"
    if not kept.exists():
        _keep_secret(kept)
    if stat.S_IMODE(kept.stat().st_mode) & 0o077:
        raise SettingsError(
            f"Other users of this machine may read {kept}. Run: chmod 600 {kept} "
            "(or delete it: a new one is made, and people start their conversations again)."
        )
    secret = kept.read_text(encoding="ascii").strip()
    if len(secret) < SECRET_LENGTH:
        raise SettingsError(
            f"{kept} holds {len(secret)} characters and needs {SECRET_LENGTH} or more. "
            "Delete it: a new one is made."
        )
    return secret


def _keep_secret(kept: Path) -> None:
    draft = kept.with_name(f"secret.{os.getpid()}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        kept.hardlink_to(draft)
    except FileExistsError:
        pass  # another program was first: its secret is used
    finally:
        draft.unlink()


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in VARIABLES)
    if not unknown:
        return
    near = difflib.get_close_matches(unknown[0], VARIABLES, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise SettingsError(
        f"Unknown settings: {', '.join(unknown)}.{meant} Allowed: {', '.join(VARIABLES)}."
    )


def _given(environ: Mapping[str, str], name: str) -> str | None:
    value = environ.get(name)
    if value is not None and not value.strip():
        raise SettingsError(f"{name} is empty. Give it a value, or do not set it at all.")
    return value


def _folder(environ: Mapping[str, str], name: str, default: Path) -> Path:
    value = _given(environ, name)
    if value is not None and ("?" in value or "\0" in value):
        # in a database address, what follows a question mark is no longer the file
        raise SettingsError(f"{name} is {value!r}. Allowed: a folder without a question mark.")
    return default if value is None else Path(value).expanduser().absolute()


def _database(environ: Mapping[str, str], name: str, default: Path) -> str:
    value = _given(environ, name)
    if value is None:
        return f"sqlite:///{default}"
    scheme, separator, _ = value.partition("://")
    if not separator or scheme not in DATABASES:
        found = f"starts with {scheme}://" if separator else "is not a database address"
        raise SettingsError(
            f"{name} {found}. Allowed: sqlite:////folder/file.db or postgresql://user@host/database."
        )
    return value


def _policy_id(environ: Mapping[str, str], name: str) -> str | None:
    value = _given(environ, name)
    if value is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", value):
        raise SettingsError(
            f"{name} is {value!r}, which is not a policy id. "
            "See the ids with: uv run escalate policies list"
        )
    return value


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    value = _given(environ, name)
    if value is not None and len(value) < SECRET_LENGTH:
        raise SettingsError(
            f"{name} has {len(value)} characters and needs {SECRET_LENGTH} or more. "
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return value


def _yes_or_no(environ: Mapping[str, str], name: str) -> bool:
    value = _given(environ, name) or "0"
    if value not in ("0", "1"):
        raise SettingsError(f"{name} is {value!r}. Allowed: 0 or 1.")
    return value == "1"


def _host(environ: Mapping[str, str], name: str, *, allow_remote: bool) -> str:
    value = _given(environ, name) or "127.0.0.1"
    if not allow_remote and not _is_this_machine(value):
        raise SettingsError(
            f"{name} is {value!r}, which other machines can reach. Use 127.0.0.1, or set "
            "ESCALATE_ALLOW_REMOTE=1 once the page stands behind HTTPS and a sign-in."
        )
    return value


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _origin(environ: Mapping[str, str], name: str) -> str | None:
    value = _given(environ, name)
    if value is not None and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", value):
        raise SettingsError(
            f"{name} is {value!r}. Allowed: a scheme and a host only, such as "
            "https://guide.example.org."
        )
    return value


def _whole_number(environ: Mapping[str, str], name: str, default: str, most: int) -> int:
    value = _given(environ, name) or default
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= most:
        raise SettingsError(f"{name} is {value!r}. Allowed: a whole number from 1 to {most}.")
    return int(value)


def _mail(environ: Mapping[str, str], server: str, sender: str) -> tuple[str | None, str | None]:
    url, address = _given(environ, server), _given(environ, sender)
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
        given, missing = (server, sender) if address is None else (sender, server)
        raise SettingsError(f"{given} is set and {missing} is not. Mail needs both: set {missing}.")
    return url, address
