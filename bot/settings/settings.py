"""The settings as one frozen object. The table is in the docstring of the package."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings.teams import VARIABLES as TEAMS_VARIABLES
from bot.settings.teams import TeamsSettings, read_teams
from bot.settings.values import (
    SettingsError,
    apart,
    database,
    folder,
    host,
    mail,
    origin,
    pass_word,
    policy_id,
    secret,
    whole_number,
    yes_or_no,
)

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
    "ESCALATE_REHEARSALS": "rehearsals_dir",
    "ESCALATE_ROOMS_URL": "rooms_url",
    "ESCALATE_FACILITATOR_WORD": "facilitator_word",
    "ESCALATE_MODELS": "models_dir",
    "ESCALATE_SMTP_URL": "smtp_url",
    "ESCALATE_MAIL_FROM": "mail_from",
    "ESCALATE_REMIND_DAYS": "remind_days",
    **TEAMS_VARIABLES,
}


@dataclass(frozen=True, kw_only=True)
class Settings(TeamsSettings):
    """Everything that the surroundings decide. See the table in the docstring of the package.

    The secret, the word of facilitators and the addresses that may hold a password are left out of
    `repr`.
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
    rehearsals_dir: Path
    rooms_url: str = field(repr=False)
    facilitator_word: str | None = field(repr=False)
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
        root = Path(__file__).resolve().parents[2]
        home = folder(environ, "ESCALATE_HOME", root / "var")
        allow_remote = yes_or_no(environ, "ESCALATE_ALLOW_REMOTE")
        smtp_url, mail_from = mail(environ, "ESCALATE_SMTP_URL", "ESCALATE_MAIL_FROM")
        records = database(environ, "ESCALATE_DATABASE_URL", home / "escalations.db")
        return cls(
            **vars(read_teams(environ)),
            home=home,
            database_url=records,
            conversations_url=database(
                environ, "ESCALATE_CONVERSATIONS_URL", home / "conversations.db"
            ),
            default_policy=policy_id(environ, "ESCALATE_DEFAULT_POLICY"),
            secret=secret(environ, "ESCALATE_SECRET"),
            host=host(environ, "ESCALATE_HOST", allow_remote=allow_remote),
            allow_remote=allow_remote,
            port=whole_number(environ, "ESCALATE_PORT", "5005", 65535),
            public_origin=origin(environ, "ESCALATE_PUBLIC_ORIGIN"),
            policies_dir=folder(environ, "ESCALATE_POLICIES", root / "policies"),
            rehearsals_dir=folder(environ, "ESCALATE_REHEARSALS", root / "rehearsals"),
            rooms_url=apart(
                "ESCALATE_ROOMS_URL",
                database(environ, "ESCALATE_ROOMS_URL", home / "rehearsals.db"),
                records,
            ),
            facilitator_word=pass_word(environ, "ESCALATE_FACILITATOR_WORD"),
            models_dir=folder(environ, "ESCALATE_MODELS", home / "models"),
            smtp_url=smtp_url,
            mail_from=mail_from,
            remind_days=whole_number(environ, "ESCALATE_REMIND_DAYS", "1", 20),
            root=root,
        )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in VARIABLES)
    if not unknown:
        return
    near = difflib.get_close_matches(unknown[0], VARIABLES, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise SettingsError(
        f"Unknown settings: {', '.join(unknown)}.{meant} Allowed: {', '.join(VARIABLES)}."
    )
