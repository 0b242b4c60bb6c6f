"""Write a file whole or not at all: half a log would look like a log."""

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


class WritingError(Exception):
    """A file that could not be written: what, where, why, and what to do about it.

    Whatever stood there before is unchanged, unless the words say that the new file is there.
    """


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path`, in one step that leaves the old file or the new one, never a part.

    It is written beside its place, forced to the disk and then moved there. A link is followed.
    The file is for this user alone, because it may tell of children and adults at risk; a file
    that was there keeps the rights it had.

    Raises:
        WritingError: the folder is missing, the disk is full, or anything else went wrong.
    """
    place = path.resolve()
    rights = _rights(path, place)
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".escalate-", suffix=".part")
        draft = Path(name)
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            if rights is not None:
                os.fchmod(file.fileno(), rights)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    except OSError as error:
        raise WritingError(_said(path, place, len(data), error)) from error
    finally:
        if draft is not None:
            with suppress(FileNotFoundError):  # it has been moved to its place
                draft.unlink()
    _settle(path, place.parent)


def _rights(path: Path, place: Path) -> int | None:
    """The rights of the file that is there, or None if there is none."""
    try:
        mode = place.stat().st_mode
    except OSError:  # if it matters, writing will say so
        return None
    if stat.S_ISDIR(mode):
        raise WritingError(
            f"{path} is a folder, so no file can be written there. "
            f"Give the name of a file in it, such as {path / 'escalations'}."
        )
    if not stat.S_ISREG(mode):
        raise WritingError(
            f"{path} is not an ordinary file, so it is left alone. Give the name of a file."
        )
    return stat.S_IMODE(mode)


def _settle(path: Path, folder: Path) -> None:
    """Force the new name to the disk, so that it is there after a power cut too."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOTSUP):
            return  # some network disks settle names by themselves and know no such request
        raise WritingError(
            f"{path} was written, but the disk did not confirm it: {error.strerror or error}. "
            "Check that it is there before you rely on it."
        ) from error


def _said(path: Path, place: Path, size: int, error: OSError) -> str:
    """What went wrong, in words that say what to do."""
    folder = place.parent
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            why = f"the folder {folder} does not exist. Make it first, or give another place"
        case errno.ENOSPC | errno.EDQUOT:
            why = (
                f"there is no space left for {size} bytes in {folder}. "
                "Make space there, or give a place on another disk"
            )
        case errno.EACCES | errno.EPERM:
            why = f"you may not write in {folder}. Ask for the right to, or give another place"
        case errno.EROFS:
            why = f"{folder} can only be read. Give another place"
        case _:
            why = f"{error.strerror or error}. Give another place, or ask your administrator"
    return f"{path} was not written: {why}. Any earlier file of that name is unchanged."
