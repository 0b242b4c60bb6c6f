"""What tells one database of ours from another."""

from dataclasses import dataclass
from pathlib import Path

VERSIONS = "alembic_version"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of database: what it is for, where its address is set, what brings it up to date.

    `version_table` is also its mark: it is `VERSIONS`, or ends with it, and no two kinds have the
    same. `lock` is the PostgreSQL advisory lock that two programs upgrading at once take in turn.
    """

    keeps: str
    setting: str
    made_by: str
    migrations: Path
    version_table: str
    lock: int
