"""The folder where state lives, and the secret that is kept there."""

import os
import secrets
import stat
from pathlib import Path

from bot.settings.settings import Settings
from bot.settings.values import SECRET_LENGTH, SettingsError


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
