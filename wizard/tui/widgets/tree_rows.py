"""A project's files as rows of a tree view: folders joined, all sorted, marks summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from wizard.domain.filetree import EntryKind, FileTree, Mark, TreeDiff

_COUNTED = (Mark.ADDED, Mark.CHANGED, Mark.REMOVED)


@dataclass(frozen=True)
class Node:
    """A file, a link or a folder of the tree.

    Attributes:
        path: Whole path; that of the innermost folder if several are joined in one row.
        name: What the row says, for example ``src/orders`` for two folders joined.
        mark: What happened to a file; SAME for folders.
        children: What is in a folder, folders first; empty for files.
        counts: Added, changed and removed files below a folder.
        files: How many files there are below a folder.
        link: Where a link points to; empty for anything else.
    """

    path: str
    name: str
    mark: Mark = Mark.SAME
    children: tuple[Node, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    files: int = 0
    link: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether the row can be folded."""
        return bool(self.children)

    @property
    def changed(self) -> bool:
        """Whether the file, or anything in the folder, has a mark."""
        return self.mark is not Mark.SAME or any(self.counts)


@dataclass(frozen=True)
class Row:
    """One line of the tree: a node, how deep it is, and whether its children follow."""

    node: Node
    depth: int
    open: bool = False


@dataclass
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict)
    files: list[Node] = field(default_factory=list)


def build(before: FileTree, after: FileTree, changes: TreeDiff) -> tuple[Node, ...]:
    """Return the nodes at the top, removed files included; safe to call in a thread."""
    top = _Folder()
    for path in sorted({*after.files, *changes.marks}):
        *parents, name = path.split("/")
        folder = top
        for parent in parents:
            folder = folder.folders.setdefault(parent, _Folder())
        entry = after.get(path) or before.get(path)
        link = entry.text if entry is not None and entry.kind is EntryKind.LINK else None
        mark = changes.marks.get(path, Mark.SAME)
        folder.files.append(Node(path, name, mark, link=link or ""))
    return _nodes(top, "")


def _nodes(folder: _Folder, path: str) -> tuple[Node, ...]:
    folders = (_folder_node(below, name, f"{path}{name}") for name, below in folder.folders.items())
    return (*sorted(folders, key=_sort_key), *sorted(folder.files, key=_sort_key))


def _folder_node(folder: _Folder, name: str, path: str) -> Node:
    while len(folder.folders) == 1 and not folder.files:
        (inner, below), *_ = folder.folders.items()
        folder, name, path = below, f"{name}/{inner}", f"{path}/{inner}"
    children = _nodes(folder, f"{path}/")
    return Node(
        path,
        name,
        children=children,
        counts=_summed(children),
        files=sum(child.files or 1 for child in children),
    )


def _summed(children: tuple[Node, ...]) -> tuple[int, int, int]:
    added, changed, removed = (
        sum(child.counts[index] + (child.mark is mark) for child in children)
        for index, mark in enumerate(_COUNTED)
    )
    return added, changed, removed


def _sort_key(node: Node) -> tuple[str, str]:
    return node.name.casefold(), node.name


def flatten(
    nodes: Iterable[Node], is_open: Callable[[Node], bool], depth: int = 0
) -> Iterator[Row]:
    """Yield the rows to draw from top to bottom."""
    for node in nodes:
        unfolded = node.is_folder and is_open(node)
        yield Row(node, depth, unfolded)
        if unfolded:
            yield from flatten(node.children, is_open, depth + 1)


def all_nodes(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield every node, folders before what is in them."""
    for node in nodes:
        yield node
        yield from all_nodes(node.children)


def moved(tree: FileTree, renames: Mapping[str, str]) -> FileTree:
    """Return `tree` with each folder or file name replaced that stands in `renames`.

    Renaming the package would else show every file as removed and added: what the user wants to
    see is what changes in them.
    """
    if not renames:
        return tree
    moved_entries = {}
    for path, entry in tree.items():
        new_path = "/".join(renames.get(part, part) for part in path.split("/"))
        moved_entries[new_path] = entry
    return FileTree(moved_entries)
