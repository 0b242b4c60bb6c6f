# ruff: noqa: E501 (a row of the table is one line)
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
| `ESCALATE_REHEARSALS` | `rehearsals_dir` | `rehearsals` beside the program | the scenarios to rehearse |
| `ESCALATE_ROOMS_URL` | `rooms_url` | `rehearsals.db` in home | rehearsals: never the database of the records |
| `ESCALATE_FACILITATOR_WORD` | `facilitator_word` | none | opens group rehearsals over a network; 8 characters or more |
| `ESCALATE_MODELS` | `models_dir` | `models` in home | where trained models are kept |
| `ESCALATE_SMTP_URL` | `smtp_url` | none | the mail server: `smtp://user:password@host:587` |
| `ESCALATE_MAIL_FROM` | `mail_from` | none | the address that reminders are sent from |
| `ESCALATE_REMIND_DAYS` | `remind_days` | `1` | working days before a date to remind of it |
| `ESCALATE_TEAMS_APP_ID` | `teams_app_id` | none | Microsoft Teams: the application id of the bot |
| `ESCALATE_TEAMS_TENANT` | `teams_tenant` | none | the id of the one Entra tenant that is served |
| `ESCALATE_TEAMS_SECRET` | `teams_secret` | none | proves the bot to Microsoft: a client secret |
| `ESCALATE_TEAMS_CERTIFICATE` | `teams_certificate` | none | or a PEM file with key and certificate |
| `ESCALATE_TEAMS_MANAGED_IDENTITY` | `teams_managed_identity` | `0` | or `1`: its managed identity |
| `ESCALATE_TEAMS_HOSTS` | `teams_hosts` | `smba.trafficmanager.net` | the hosts that replies go to |
| `ESCALATE_TEAMS_LOGIN` | `teams_login` | `https://login.microsoftonline.com` | gives the bot its token |
| `ESCALATE_TEAMS_KEYS` | `teams_keys` | `https://login.botframework.com/v1/.well-known/keys` | keys of Microsoft's tokens |
| none | `root` | where the program is | the folder with config.yml and domain.yml |

A variable that is given but empty is refused: an empty `ESCALATE_DATABASE_URL` is more likely a
mistake in a deployment than a wish for SQLite. So is an unknown variable that starts with
`ESCALATE_`. Mail needs both its server and its sender; without both, reminders stay in the
conversation. Microsoft Teams needs its application, its tenant and one proof; without an
application the channel stays shut. A relative path is taken from the current folder. Databases are
SQLite or PostgreSQL.
"""

from bot.settings.home import make_home, session_secret
from bot.settings.settings import VARIABLES, Settings
from bot.settings.values import SECRET_LENGTH, SettingsError

__all__ = [
    "SECRET_LENGTH",
    "VARIABLES",
    "Settings",
    "SettingsError",
    "make_home",
    "session_secret",
]
