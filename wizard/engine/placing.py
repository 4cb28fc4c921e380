"""Moves a finished project from its staging folder into place, so that it can be undone.

A staging folder holds `tree` (what is to be moved), `saved` (files that were replaced) and
`journal`, which names each step before it is taken.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wizard.errors import WriteError

TREE = "tree"


@dataclass
class Plan:
    """What moving a project into an existing folder comes to; paths are relative, with slashes.

    Attributes:
        moves: Files and whole folders that are new.
        replaced: Existing files that make way for the project's.
        kept: Existing files that differ from the project's and stay.
    """

    moves: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def plan(staged: Path, target: Path, *, overwrite: bool, spared: Collection[str] = ()) -> Plan:
    """Compare the project in `staged` with the folder `target`, and change nothing.

    Args:
        staged: The finished project.
        target: An existing folder.
        overwrite: Whether existing files that differ are replaced instead of kept.
        spared: Files that are never replaced.

    Raises:
        WriteError: A file stands where a folder is needed, or the other way round.
    """
    result = Plan()
    for path, old in _meetings(staged, target, ""):
        new = staged / path
        if old is None:
            result.moves.append(path)
        elif _is_folder(new) or _is_folder(target / path):
            need = "a folder" if _is_folder(new) else "a file"
            raise WriteError(
                f"“{target / path}” is in the way, because the project has {need} there; "
                "move it or choose another folder."
            )
        elif not _same(new, target / path):
            replace = overwrite and path not in spared
            (result.replaced if replace else result.kept).append(path)
    return result


def place_anew(folder: Path, target: Path, base: Path) -> None:
    """Move the project to `target`, which does not exist or is empty, in one step.

    Args:
        folder: The staging folder, whose tree holds the path from `base` to the project.
        target: Where the project goes; parents that do not exist are moved with it.
        base: The existing folder that `target` is in.

    Raises:
        OSError: It was not moved; somebody may have come first.
    """
    first = target.relative_to(base).parts[0]
    if os.name == "nt" and target.is_dir():
        target.rmdir()
    (folder / TREE / first).rename(base / first)


def place_into(folder: Path, staged: Path, target: Path, wanted: Plan) -> None:
    """Move the project in `staged` into the existing folder `target`, as `wanted` says.

    Raises:
        OSError: A step failed; those before it are undone when the staging folder is removed.
    """
    journal = Journal(folder)
    journal.begin(staged, target)
    for path in wanted.replaced:
        journal.note(path)
        saved = journal.saved(path)
        saved.parent.mkdir(parents=True, exist_ok=True)
        (target / path).rename(saved)
        (staged / path).rename(target / path)
    for path in wanted.moves:
        journal.note(path)
        (staged / path).rename(target / path)
    journal.end()


class Journal:
    """The steps that were taken, or at least begun, to move a project into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "journal"

    def begin(self, staged: Path, target: Path) -> None:
        """Note where things are moved from and to."""
        self._append({"staged": str(staged), "target": str(target)})

    def note(self, path: str) -> None:
        """Note that `path` is about to be moved, and what is there to be saved."""
        self._append({"path": path})

    def saved(self, path: str) -> Path:
        """Return where the file that was at `path` is kept."""
        return self._folder / "saved" / path

    def end(self) -> None:
        """Note that all is in place: there is nothing to undo any more."""
        self._file.unlink()

    def undo(self) -> bool:
        """Take all steps back, the last first; return whether nothing is left to be done.

        What somebody has changed since is left where it is.
        """
        lines = self._read()
        if not lines:
            return True
        head, *steps = lines
        staged, target = Path(head["staged"]), Path(head["target"])
        moved_at = self._file.stat().st_mtime
        try:
            for step in reversed(steps):
                self._take_back(
                    staged / step["path"], target / step["path"], step["path"], moved_at
                )
            self._file.unlink()
        except OSError:
            return False
        return True

    def _take_back(self, staged: Path, placed: Path, path: str, moved_at: float) -> None:
        was_placed = not os.path.lexists(staged) and os.path.lexists(placed)
        if was_placed:
            if _newest(placed) > moved_at + 1:
                return
            placed.rename(staged)
        saved = self.saved(path)
        if os.path.lexists(saved):
            saved.rename(placed)

    def _append(self, line: dict[str, str]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _read(self) -> list[dict[str, str]]:
        """Return the steps; the last line may be cut off, and then its step was not taken."""
        try:
            text = self._file.read_text("utf-8")
        except OSError:
            return []
        lines = []
        with contextlib.suppress(ValueError):
            for line in text.splitlines():
                lines.append(json.loads(line))  # noqa: PERF401 - what was read so far counts
        return lines


def _meetings(staged: Path, target: Path, below: str) -> Iterator[tuple[str, Path | None]]:
    """Yield the paths of the project that are new, with None, and those that meet something."""
    for new in sorted((staged / below).iterdir()):
        path = f"{below}/{new.name}" if below else new.name
        old = target / path
        if not os.path.lexists(old):
            yield path, None
        elif _is_folder(new) and _is_folder(old):
            yield from _meetings(staged, target, path)
        else:
            yield path, old


def _is_folder(path: Path) -> bool:
    """Whether `path` is a folder and no link to one: files must not be moved through a link."""
    return path.is_dir() and not path.is_symlink()


def _same(new: Path, old: Path) -> bool:
    """Whether two files or links are equal, as far as Copier would call them identical."""
    if new.is_symlink() or old.is_symlink():
        return new.is_symlink() and old.is_symlink() and new.readlink() == old.readlink()
    one, other = new.stat(), old.stat()
    if not stat.S_ISREG(other.st_mode) or one.st_size != other.st_size:
        return False
    return one.st_mode & 0o111 == other.st_mode & 0o111 and new.read_bytes() == old.read_bytes()


def _newest(path: Path) -> float:
    """Return the time of the last change to `path` or to a file below it."""
    if not _is_folder(path):
        return path.lstat().st_mtime
    return max((_newest(below) for below in path.iterdir()), default=0.0)
