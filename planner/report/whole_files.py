"""Outputs are written whole or not at all: a run that fails leaves the previous outputs as they were."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError
from xlsxwriter.exceptions import XlsxFileError

from planner.bilingual import Text, same
from planner.errors import Fault, InputError

Writer = Callable[[Path], object]

_WRITE_FAILURES = (OSError, sqlite3.OperationalError, DataSourceError, DataLayerError, XlsxFileError)


_NO_RIGHT = Text(
    "没有写入权限，或文件正被其他程序打开", "no right to write there, or a file is open in another program"
)
_REASONS = {
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _NO_RIGHT,
    errno.EEXIST: Text("已有同名文件", "a file of that name"),
    errno.ENOENT: Text("无法在此新建文件夹", "no folder can be made there"),
    errno.ENOTDIR: Text("路径中有一个是文件", "a file where a folder should be"),
    errno.EISDIR: Text("已有同名文件夹", "a folder of that name"),
    errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    errno.ENAMETOOLONG: Text("路径过长", "the path is too long"),
}


def write_files(folder: Path, writers: Mapping[str, Writer], outdated: Sequence[str] = ()) -> tuple[Path, ...]:
    """Write several files, all of them or none.

    Everything is first produced in a temporary folder inside the target, then moved in; if a move fails, those already
    made are undone.

    Parameters
    ----------
    folder : path
        Made if need be.
    writers : mapping
        File name -> a function that writes the file it is given.
    outdated : sequence of str, optional
        Files that go when the others are in place: left there, they would tell of an earlier plan.

    Returns
    -------
    tuple of Path
        The files, in the order given.

    Raises
    ------
    InputError
        If the folder or a file in it cannot be written.
    """
    folder = Path(folder)
    made = _folders_to_make(folder)
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as scratch:
                return _write_and_move(folder, Path(scratch), writers, outdated)
        except _WRITE_FAILURES as failure:
            raise _refusal(folder, failure) from failure
    except BaseException:
        _remove_empty(made)
        raise


def refuse_unwritable(folder: Path) -> None:
    """Refuse a folder in which nothing can be written, before any work is done for it; nothing is left behind.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    made = _folders_to_make(folder)
    write_files(folder, {})
    _remove_empty(made)


def _write_and_move(
    folder: Path, scratch: Path, writers: Mapping[str, Writer], outdated: Sequence[str]
) -> tuple[Path, ...]:
    new, old = scratch / "new", scratch / "old"
    new.mkdir()
    old.mkdir()
    for name, write in writers.items():
        write(new / name)
    _move_in(folder, new, old, tuple(writers), outdated)
    return tuple(folder / name for name in writers)


def _move_in(folder: Path, new: Path, old: Path, names: tuple[str, ...], outdated: Sequence[str]) -> None:
    """Set the previous files aside, move the new ones in, and take everything back if one move fails."""
    try:
        for name in names:
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
            if (folder / name).exists():
                os.replace(folder / name, old / name)
            os.replace(new / name, folder / name)
        for name in outdated:
            if (folder / name).is_file():
                os.replace(folder / name, old / name)
    except BaseException:
        for name in (*names, *outdated):
            if (old / name).exists():
                os.replace(old / name, folder / name)
            elif name in names and not (new / name).exists():
                (folder / name).unlink(missing_ok=True)
        raise


def _folders_to_make(folder: Path) -> list[Path]:
    return [part for part in (folder, *folder.parents) if not part.exists()]


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)


def _refusal(folder: Path, failure: BaseException) -> InputError:
    reason = _REASONS.get(failure.errno or 0, same(failure.strerror)) if isinstance(failure, OSError) else same(failure)
    return InputError(
        Text("无法写入输出，原有文件未改动。", "The outputs cannot be written; earlier files are as they were."),
        [Fault(str(folder), reason, Text("可写入的文件夹", "a folder that can be written"))],
    )
