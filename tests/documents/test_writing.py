"""A file is written whole or not at all, and every failure says what to do."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.documents import writing
from bot.documents.writing import WritingError, write_whole

FILL_IT = """
from pathlib import Path
from bot.documents.writing import WritingError, write_whole
path = Path({folder!r}) / "log.csv"
write_whole(path, b"the log of yesterday")
try:
    write_whole(path, b"x" * 1_000_000)
except WritingError as error:
    print(error)
    print(path.read_bytes(), [each.name for each in path.parent.iterdir()])
"""


def test_what_is_written_is_there_and_nothing_else(tmp_path):
    path = tmp_path / "log.csv"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_is_for_its_user_alone_and_an_old_one_keeps_its_rights(tmp_path):
    path = tmp_path / "log.csv"
    write_whole(path, b"first")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    write_whole(path, b"second")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_link_leads_to_the_file_and_stays_a_link(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(WritingError, match=r"no/such does not exist. Make it first, or give"):
        write_whole(tmp_path / "no" / "such" / "log.csv", b"x")


def test_a_file_in_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WritingError, match="file does not exist"):
        write_whole(tmp_path / "file" / "log.csv", b"x")


def test_a_folder_is_not_overwritten(tmp_path):
    with pytest.raises(WritingError, match=r"is a folder, .* Give the name of a file in it"):
        write_whole(tmp_path, b"x")
    assert tmp_path.is_dir()


def test_a_device_is_left_alone():
    with pytest.raises(WritingError, match="/dev/full is not an ordinary file"):
        write_whole(Path("/dev/full"), b"x")
    assert Path("/dev/full").is_char_device()


def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path):
    """On a real disk of 64 kilobytes, in a namespace of its own, that is gone afterwards."""
    script = FILL_IT.format(folder=str(tmp_path))
    mount = f'mount -t tmpfs -o size=64k none "{tmp_path}" && exec "{sys.executable}" -'
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount],
        input=script, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    if not done.stdout and ("unshare" in done.stderr or "mount" in done.stderr):
        pytest.skip(f"no disk can be made here: {done.stderr.strip()}")
    said, left = done.stdout.splitlines()
    assert said == (
        f"{tmp_path}/log.csv was not written: there is no space left for 1000000 bytes in "
        f"{tmp_path}. Make space there, or give a place on another disk. "
        "Any earlier file of that name is unchanged."
    )
    assert left == "b'the log of yesterday' ['log.csv']"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "no space left for 3 bytes"),
        (errno.EDQUOT, "no space left for 3 bytes"),
        (errno.EROFS, "can only be read. Give another place"),
        (errno.EACCES, "you may not write in"),
        (errno.EIO, "Input/output error. Give another place"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "mkstemp", "replace"])
def test_wherever_it_fails_no_part_is_left(tmp_path, monkeypatch, step, number, told):
    path = tmp_path / "log.csv"
    path.write_bytes(b"old")

    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    where = {"fsync": os, "mkstemp": writing.tempfile, "replace": Path}[step]
    monkeypatch.setattr(where, step, fail)
    with pytest.raises(WritingError, match=told):
        write_whole(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def folders_that_fail(monkeypatch):
    """A disk on which a folder cannot be forced to the disk; files can."""

    def begin(number):
        fsync = os.fsync

        def of_files(handle):
            if stat.S_ISDIR(os.fstat(handle).st_mode):
                raise OSError(number, os.strerror(number))
            fsync(handle)

        monkeypatch.setattr(os, "fsync", of_files)

    return begin


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_network_disk_that_knows_no_such_thing_for_folders_is_no_fault(
    tmp_path, folders_that_fail, number
):
    folders_that_fail(number)
    write_whole(tmp_path / "log.csv", b"new")
    assert (tmp_path / "log.csv").read_bytes() == b"new"


def test_a_file_that_is_in_its_place_is_not_said_to_be_missing(tmp_path, folders_that_fail):
    (tmp_path / "log.csv").write_bytes(b"old")
    folders_that_fail(errno.EIO)
    with pytest.raises(WritingError) as failed:
        write_whole(tmp_path / "log.csv", b"new")
    assert str(failed.value) == (
        f"{tmp_path}/log.csv was written, but the disk did not confirm it: Input/output error. "
        "Check that it is there before you rely on it."
    )
    assert (tmp_path / "log.csv").read_bytes() == b"new"


def test_an_interruption_leaves_no_part_either(tmp_path, monkeypatch):
    def interrupted(_handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "log.csv", b"new")
    assert list(tmp_path.iterdir()) == []
