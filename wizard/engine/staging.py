"""Temporary folders beside the project, from which it is moved into place in one go.

Each is locked by the process that uses it. One that nobody locks was left behind by a run that
was killed: the next run undoes what that one had begun to move, and removes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from wizard.engine.placing import Journal

PREFIX = ".scaffold-tui-"

_LOCK = "lock"
_GRACE = 60.0
"""Seconds for which a folder without a lock is taken to be just being made."""


def base_for(target: Path) -> Path:
    """Return the existing folder in which the staging folder for `target` is made.

    It has to be on the same file system as the project will be. That is beside the project if
    possible, else, for a folder such as a mount point, inside it.
    """
    if not target.is_dir():
        return next(parent for parent in target.parents if parent.is_dir())
    parent = target.resolve().parent
    beside = os.access(parent, os.W_OK | os.X_OK) and parent.stat().st_dev == target.stat().st_dev
    return parent if beside else target


@contextmanager
def staging(base: Path) -> Iterator[Path]:
    """Make a locked staging folder in `base`, and remove it at the end whatever happens.

    It stays only when moving into place was interrupted and could not be undone at once.

    Raises:
        OSError: It cannot be made.
    """
    sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    lock = None
    try:
        lock = _lock(folder)
        yield folder
    finally:
        _remove(folder, lock)


def sweep(base: Path) -> None:
    """Undo and remove what killed runs left in `base`; what cannot be removed stays."""
    with contextlib.suppress(OSError):
        for folder in [path for path in base.iterdir() if path.name.startswith(PREFIX)]:
            _sweep_one(folder)


def _sweep_one(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        return
    try:
        lock = (folder / _LOCK).open("r+b")
    except FileNotFoundError:
        if time.time() - folder.stat().st_mtime > _GRACE:
            _remove(folder, None)
        return
    if _try_lock(lock):
        _remove(folder, lock)
    else:
        lock.close()


def _lock(folder: Path) -> IO[bytes]:
    """Make the lock file of `folder`; whoever sees it finds it locked.

    So it is locked under another name first, except on Windows, where an open file cannot be
    renamed.
    """
    made = folder / (_LOCK if sys.platform == "win32" else "locking")
    lock = made.open("wb")
    _try_lock(lock)
    if made.name != _LOCK:
        made.rename(folder / _LOCK)
    return lock


def _remove(folder: Path, lock: IO[bytes] | None) -> None:
    """Remove a staging folder that this process has locked, after undoing what it began."""
    undone = Journal(folder).undo()
    if undone:
        for path in list(folder.iterdir()):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != _LOCK:
                path.unlink(missing_ok=True)
    if lock is not None:
        lock.close()
    if undone:
        shutil.rmtree(folder, ignore_errors=True)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        """Lock `file` until it is closed; False if another process has."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        """Lock `file` until it is closed; False if another process has."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
