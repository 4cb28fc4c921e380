"""A project's files as a value, and what changes between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class EntryKind(StrEnum):
    """What a path is."""

    FILE = "file"
    LINK = "link"
    FOLDER = "folder"


class Mark(StrEnum):
    """What happened to a path; the value is the character that stands for it on a screen."""

    SAME = " "
    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"


@dataclass(frozen=True)
class Entry:
    """One path of a project.

    Attributes:
        path: Relative, with forward slashes, without a leading one.
        kind: What it is.
        content: The bytes of a file, the target of a link in UTF-8, empty for a folder.
        mode: Permission bits such as 0o644; 0 for links and folders, whose mode is the system's.
        depends_on: Names of the answers that were read when its path or its content was rendered.
        varies: Whether its content differs each time it is rendered (random values, dates).
    """

    path: str
    kind: EntryKind = EntryKind.FILE
    content: bytes = b""
    mode: int = 0
    depends_on: frozenset[str] = frozenset()
    varies: bool = False

    @property
    def text(self) -> str | None:
        """The content as text; None if it is binary."""
        if b"\0" in self.content:
            return None
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            return None

    def same_as(self, other: Entry) -> bool:
        """Whether writing the one or the other makes no difference."""
        if (self.kind, self.mode) != (other.kind, other.mode):
            return False
        return (self.varies and other.varies) or self.content == other.content


@dataclass(frozen=True)
class FileTree(Mapping[str, Entry]):
    """Path -> entry for every file, link and folder, sorted by path."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort and take a copy."""
        ordered = {path: self.entries[path] for path in sorted(self.entries)}
        object.__setattr__(self, "entries", MappingProxyType(ordered))

    def __getitem__(self, path: str) -> Entry:
        return self.entries[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of all files and links."""
        return tuple(path for path, entry in self.items() if entry.kind is not EntryKind.FOLDER)


@dataclass(frozen=True)
class TreeDiff:
    """What changes from one tree to another; folders are not counted.

    Attributes:
        marks: Path -> mark, for the files and links that differ.
    """

    marks: Mapping[str, Mark] = field(default_factory=dict)

    def count(self, mark: Mark) -> int:
        """Return how many files have `mark`."""
        return sum(1 for each in self.marks.values() if each is mark)

    @property
    def summary(self) -> str:
        """For example ``+5 ~9 -1``; parts that are nought are left out, all nought is ``=``."""
        counted = ((mark, self.count(mark)) for mark in (Mark.ADDED, Mark.CHANGED, Mark.REMOVED))
        return " ".join(f"{mark.value}{count}" for mark, count in counted if count) or "="


def diff(before: FileTree, after: FileTree) -> TreeDiff:
    """Return what changes from `before` to `after`."""
    marks: dict[str, Mark] = {}
    for path in sorted({*before.files, *after.files}):
        old, new = before.get(path), after.get(path)
        if old is None:
            marks[path] = Mark.ADDED
        elif new is None:
            marks[path] = Mark.REMOVED
        elif not old.same_as(new):
            marks[path] = Mark.CHANGED
    return TreeDiff(marks)
