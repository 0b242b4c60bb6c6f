"""The zip: checked against Microsoft's schema first, and the same bytes for the same settings."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from bot.channels.teams.package.app import TeamsApp
from bot.channels.teams.package.manifest import Publisher, manifest, problems

HERE = Path(__file__).parent
ICONS = ("color.png", "outline.png")
SCHEMA = "MicrosoftTeams.schema.json"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can tell


class PackageError(Exception):
    """A package that cannot be made: why, and what to do."""


class RefusedPackageError(PackageError):
    """A package that Teams would refuse: every reason, on a line of its own."""


def package(app: TeamsApp, publisher: Publisher, version: str) -> bytes:
    """The app package as bytes; nothing is written.

    Raises:
        RefusedPackageError: Microsoft's schema, or Teams itself, would not take the manifest.
        PackageError: a file of the program is missing.
    """
    made = manifest(app, publisher, version)
    schema: dict[str, Any] = json.loads(_own(SCHEMA))
    if wrong := problems(made, schema):
        raise RefusedPackageError(
            "\n".join(("Teams would refuse this package, so none was written:", *wrong))
        )
    words = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
    return _zip({"manifest.json": words.encode(), **{name: _own(name) for name in ICONS}})


def _own(name: str) -> bytes:
    try:
        return (HERE / name).read_bytes()
    except OSError as error:
        raise PackageError(
            f"The package needs {HERE / name}, which cannot be read: {error.strerror}. It is part "
            "of the program: restore it with git, or install again."
        ) from error


def _zip(files: dict[str, bytes]) -> bytes:
    """Stored, not deflated: two versions of zlib deflate the same bytes differently."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, date_time=_EARLIEST)
            entry.create_system = 3  # else it would tell whether Windows made it
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return kept.getvalue()
