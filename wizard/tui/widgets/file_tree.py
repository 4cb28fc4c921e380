"""The live tree: marks for what changes, and a cursor, a folding and a scroll offset that stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wizard.domain.filetree import Mark
from wizard.tui.messages import FileOpened, FileSelected
from wizard.tui.text import MARK_STYLE, mark_counts, visible
from wizard.tui.widgets.lines import fitted, strip_of
from wizard.tui.widgets.tree_rows import Node, Row, all_nodes, flatten

_MARKS = (Mark.ADDED, Mark.CHANGED, Mark.REMOVED)


class ProjectTree(ScrollView, can_focus=True):
    """The files of the project, one a row.

    Until the user moves the cursor it follows the changes: it rests on the first file that the
    last answer, or the highlighted option, touches. Folders that the user has not folded or
    unfolded open where something changes.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tree--cursor", "tree--removed", "tree--folder"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("space", "toggle_fold", "fold", show=False),
        Binding("n", "next_change(1)", "next change"),
        Binding("N", "next_change(-1)", "previous change", show=False),
        Binding("f", "follow", "follow changes", show=False),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home", "edge(0)", "first", show=False),
        Binding("end", "edge(-1)", "last", show=False),
        Binding("left,h", "fold", "fold or go up", show=False),
        Binding("right,l", "unfold", "unfold", show=False),
    ]

    cursor: reactive[str] = reactive("")
    """Path of the row under the cursor; empty while the tree is empty."""

    following: reactive[bool] = reactive(True)
    """Whether the cursor goes by itself to what changes."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._tree_nodes: tuple[Node, ...] = ()
        self._rows: list[Row] = []
        self._folded: dict[str, bool] = {}
        self._unfolded: frozenset[str] = frozenset()

    @property
    def rows(self) -> list[Row]:
        """The rows from top to bottom, those scrolled out of view included."""
        return self._rows

    def show(self, nodes: tuple[Node, ...]) -> None:
        """Draw `nodes`; the cursor, the folding and the cursor's line on the screen stay."""
        line = self._index_of(self.cursor) - self.scroll_offset.y
        self._tree_nodes = nodes
        if self.following:
            self.cursor = self._most_telling_path()
        self._lay_out()
        index = self._index_of(self.cursor)
        if index < 0:
            index = self._nearest_index(self.cursor)
            self.cursor = self._rows[index].node.path if self._rows else ""
        if any(node.changed for node in nodes) or not self.following:
            self.scroll_to(y=max(index - max(line, 0), 0), animate=False)
            self.scroll_to_cursor()
        self.refresh()

    def _most_telling_path(self) -> str:
        """Return where the cursor goes by itself: to what is new, else to what changes."""
        files = {node.path: node for node in all_nodes(self._tree_nodes) if not node.is_folder}
        here = files.get(self.cursor)
        by_mark: dict[Mark, str] = {}
        for path, node in files.items():
            by_mark.setdefault(node.mark, path)
        if Mark.ADDED in by_mark and (here is None or here.mark is not Mark.ADDED):
            return by_mark[Mark.ADDED]
        if here is not None and here.changed:
            return here.path
        first = by_mark.get(Mark.REMOVED) or by_mark.get(Mark.CHANGED)
        return first or (self.cursor if here else self._first_path(files))

    @staticmethod
    def _first_path(files: Mapping[str, Node]) -> str:
        return "README.md" if "README.md" in files else next(iter(files), "")

    def _lay_out(self) -> None:
        self._unfolded = self._worth_unfolding()
        self._rows = list(flatten(self._tree_nodes, self._is_open))
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows))

    def _worth_unfolding(self) -> frozenset[str]:
        """Return the folders to show open: the changed ones, then as many as there is room for."""
        folders = [node for node in self._tree_nodes if node.is_folder]
        largest = max(folders, key=lambda node: node.files, default=None)
        room = self.size.height - len(self._tree_nodes)
        chosen: set[str] = set()
        while folders:
            deeper: list[Node] = []
            for node in sorted(folders, key=lambda node: not node.changed):
                must = node.changed or node is largest or self.cursor.startswith(f"{node.path}/")
                if must or len(node.children) <= room:
                    chosen.add(node.path)
                    room -= len(node.children)
                    deeper += [child for child in node.children if child.is_folder]
            folders = deeper
        return frozenset(chosen)

    def _is_open(self, folder: Node) -> bool:
        chosen = self._folded.get(folder.path)
        return folder.path in self._unfolded if chosen is None else not chosen

    def _index_of(self, path: str) -> int:
        return next((i for i, row in enumerate(self._rows) if row.node.path == path), -1)

    def _nearest_index(self, path: str) -> int:
        """Return the row of the innermost folder of `path` that is visible, else the first row."""
        while "/" in path:
            path = path.rpartition("/")[0]
            if (index := self._index_of(path)) >= 0:
                return index
        return 0

    @property
    def _current(self) -> Row | None:
        index = self._index_of(self.cursor)
        return self._rows[index] if index >= 0 else None

    def on_resize(self) -> None:
        """Lay out again: whether everything fits depends on the height."""
        self._lay_out()
        self.scroll_to_cursor()

    def watch_cursor(self, path: str) -> None:
        """Tell which file is under the cursor."""
        self.refresh()
        if path:
            self.post_message(FileSelected(path))

    def scroll_to_cursor(self) -> None:
        """Have the cursor in view."""
        index = self._index_of(self.cursor)
        if index >= 0:
            self.scroll_to_region(Region(0, index, 1, 1), animate=False, force=True)

    def _go_to(self, index: int) -> None:
        """Move the cursor as the user asked, which ends following."""
        if self._rows:
            self.following = False
            self.cursor = self._rows[max(0, min(index, len(self._rows) - 1))].node.path
            self.scroll_to_cursor()

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self._go_to(self._index_of(self.cursor) + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by `pages` heights."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_edge(self, index: int) -> None:
        """Move the cursor to the first row (0) or the last (-1)."""
        self._go_to(len(self._rows) - 1 if index else 0)

    def action_next_change(self, step: int) -> None:
        """Move the cursor to the next changed file, unfolding on the way; goes round."""
        changed = [n.path for n in all_nodes(self._tree_nodes) if n.changed and not n.is_folder]
        if not changed:
            return
        here = changed.index(self.cursor) if self.cursor in changed else (-1 if step > 0 else 0)
        self._reveal(changed[(here + step) % len(changed)])

    def action_follow(self) -> None:
        """Let the cursor go by itself to what changes again."""
        self.following = True
        self.show(self._tree_nodes)

    def _reveal(self, path: str) -> None:
        for folder in all_nodes(self._tree_nodes):
            if folder.is_folder and path.startswith(f"{folder.path}/"):
                self._folded.pop(folder.path, None)
        self.following = False
        self.cursor = path
        self._lay_out()
        self.scroll_to_cursor()

    def action_open(self) -> None:
        """Fold or unfold a folder; ask for a file to be read."""
        row = self._current
        if row is not None and row.node.is_folder:
            self.action_toggle_fold()
        elif row is not None:
            self.post_message(FileOpened(row.node.path))

    def action_toggle_fold(self) -> None:
        """Fold an open folder, unfold a folded one."""
        row = self._current
        if row is not None and row.node.is_folder:
            self._fold(row.node, folded=row.open)

    def action_fold(self) -> None:
        """Fold the folder; in a folded one or a file, go to the folder it is in."""
        row = self._current
        if row is not None and row.open:
            self._fold(row.node, folded=True)
        elif row is not None:
            index = self._index_of(row.node.path)
            above = (i for i in range(index, -1, -1) if self._rows[i].depth < row.depth)
            self._go_to(next(above, index))

    def action_unfold(self) -> None:
        """Unfold the folder; in an open one, go to what is first in it."""
        row = self._current
        if row is not None and row.node.is_folder and not row.open:
            self._fold(row.node, folded=False)
        elif row is not None and row.open:
            self.action_move(1)

    def _fold(self, folder: Node, *, folded: bool) -> None:
        self.following = False
        self._folded[folder.path] = folded
        self._lay_out()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row; fold or unfold a folder."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        if index < len(self._rows):
            self._go_to(index)
            self.action_toggle_fold()

    def render_line(self, y: int) -> Strip:
        """Draw the row at line `y` of the visible part."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        style = self.visual_style
        if index >= len(self._rows):
            return Strip.blank(width, style.rich_style)
        row = self._rows[index]
        if row.node.path == self.cursor:
            style = self.get_visual_style("tree--cursor")
        line = fitted(self._label(row), self._counts(row), width)
        return strip_of(self, line, style).adjust_cell_length(width, style.rich_style)

    def _label(self, row: Row) -> Content:
        node = row.node
        indent = " " + "  " * row.depth
        name = visible(node.name)
        if node.is_folder:
            arrow = "▾" if row.open else "▸"
            return Content.assemble(indent, (f"{arrow} ", "$text-muted"), (name, "bold"))
        mark_style = MARK_STYLE[node.mark]
        name_style = f"{mark_style} strike" if node.mark is Mark.REMOVED else mark_style
        parts: list[Content | str | tuple[str, str]] = [indent, (f"{node.mark.value} ", mark_style)]
        parts.append((name, name_style))
        if node.link:
            parts.append((f" → {visible(node.link)}", "$text-muted"))
        return Content.assemble(*parts)

    def _counts(self, row: Row) -> Content:
        counts = list(zip(_MARKS, row.node.counts, strict=True))
        if not row.node.changed or not row.node.is_folder:
            return Content("")
        return mark_counts(counts) + Content(" ")
