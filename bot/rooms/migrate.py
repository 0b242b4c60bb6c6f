"""The mark and the migrations of the rehearsals' database."""

from pathlib import Path

from bot.databases.kind import VERSIONS, Kind

ROOMS = Kind(
    keeps="rehearsals",
    setting="ESCALATE_ROOMS_URL",
    made_by="uv run escalate serve",
    migrations=Path(__file__).parent / "migrations",
    version_table=f"rooms_{VERSIONS}",
    lock=6_710_887,
)
