"""What can go wrong with a database, each in words that say what to do."""


class StorageError(Exception):
    """Any refusal of a database or of what is kept in it; can be shown to an administrator."""


class DatabaseUnavailableError(StorageError):
    """The database cannot be reached, read or written."""


class DatabaseBehindError(StorageError):
    """The database does not have the tables that this program needs."""


class OtherDatabaseError(StorageError):
    """The database is one of ours, but keeps something else."""


class UnstorableError(StorageError, ValueError):
    """A value that no database keeps unchanged: NUL, half a character, an instant without zone."""
