"""What has to be in order before the assistant is loaded, told at once where it is not.

It needs nothing of Rasa, which takes seconds to import.
"""

import socket

from bot.databases.engine import require_writable
from bot.policy.library import load_library
from bot.records.migrate import upgrade
from bot.rehearsal.shelf import load_shelf
from bot.rooms.rooms import open_rooms
from bot.settings import Settings, SettingsError, make_home


def make_ready(settings: Settings) -> None:
    """Make the folder, upgrade the records and the rehearsals; a second time does nothing.

    Raises:
        RefusedFileError: a policy or a scenario is broken.
        UnknownScenarioError: there is no scenario at all.
        RecordsError: a database cannot be made, upgraded or written.
        SettingsError: the folder cannot be used.
    """
    make_home(settings)
    # a broken policy or scenario is told before anything is trained
    load_shelf(settings.rehearsals_dir, load_library(settings.policies_dir))
    upgrade(settings.database_url)
    require_writable(settings.database_url, setting="ESCALATE_DATABASE_URL")
    require_writable(settings.conversations_url, setting="ESCALATE_CONVERSATIONS_URL")
    open_rooms(settings.rooms_url).close()


def refuse_taken_port(host: str, port: int) -> None:
    """Fail early and plainly where somebody else listens already.

    Raises:
        SettingsError: says which address, and what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"{host}:{port} cannot be used: {error.strerror}. Another program may be running "
                "there. Stop it, or choose another port: uv run escalate serve --port 5006."
            ) from error
