"""The file under the tree's cursor: its content, its changes, or the answers it depends on."""

from __future__ import annotations

from collections import OrderedDict
from enum import StrEnum
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import get_current_worker

from wizard.domain.filetree import Mark
from wizard.tui.text import MARK_STYLE, visible
from wizard.tui.widgets.file_page import (
    Line,
    Page,
    coloured_lines,
    content_lines,
    diff_lines,
    plain_lines,
    text_of,
    why_lines,
)
from wizard.tui.widgets.lines import strip_of

_KEPT_TEXTS = 64
_NUMBERS_FROM_WIDTH = 60
_PATH_KEPT = 24
"""Cells that the path may take from what else the title says."""

_LINE_CLASS = {Mark.ADDED: "file--added", Mark.REMOVED: "file--removed"}


class Mode(StrEnum):
    """What the file view shows."""

    CONTENT = "content"
    DIFF = "diff"
    WHY = "why"


class FileView(ScrollView, can_focus=True):
    """One file, painted plain at once and coloured when its highlighting is ready."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"file--added", "file--removed", "file--number"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "up", show=False),
        Binding("down,j", "scroll_down", "down", show=False),
        Binding("left,h", "scroll_left", "left", show=False),
        Binding("right,l", "scroll_right", "right", show=False),
        Binding("pageup", "page_up", "page up", show=False),
        Binding("pagedown,space", "page_down", "page down", show=False),
        Binding("home", "scroll_home", "top", show=False),
        Binding("end", "scroll_end", "bottom", show=False),
    ]

    diffing: reactive[bool] = reactive(True)
    """Whether a file that has changed is shown as a diff rather than as it is."""

    explaining: reactive[bool] = reactive(False)
    """Whether the answers that the file depends on are shown instead of the file."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._page: Page | None = None
        self._lines: list[Line] = []
        self._texts: OrderedDict[tuple[str, str], list[Content]] = OrderedDict()

    @property
    def page(self) -> Page | None:
        """The file that is shown; None before there is one."""
        return self._page

    @property
    def lines(self) -> list[Line]:
        """What is drawn, from the first line on."""
        return self._lines

    @property
    def mode(self) -> Mode:
        """What is shown now; a file that did not change has no diff."""
        if self.explaining:
            return Mode.WHY
        changed = self._page is not None and self._page.mark is not Mark.SAME
        return Mode.DIFF if self.diffing and changed else Mode.CONTENT

    def show(self, page: Page) -> None:
        """Show `page`; another version of the same file stays scrolled where it was."""
        if page == self._page:
            return
        another = self._page is None or self._page.path != page.path
        self._page = page
        self._paint(to_top=another)

    def watch_diffing(self) -> None:
        """Draw the other mode."""
        self._paint(to_top=True)

    def watch_explaining(self) -> None:
        """Draw the answers, or the file again."""
        self._paint(to_top=True)

    def on_resize(self) -> None:
        """Cut the title anew."""
        self._entitle()

    def _paint(self, *, to_top: bool) -> None:
        page = self._page
        if page is None:
            return
        self._entitle()
        self._set_lines(self._lines_of(page), to_top=to_top)
        if self.mode is not Mode.WHY and self._missing(page):
            self._highlight(page)

    def _lines_of(self, page: Page) -> list[Line]:
        if self.mode is Mode.WHY:
            return why_lines(page)
        draw = diff_lines if self.mode is Mode.DIFF else content_lines
        return draw(page, self._remembered_lines)

    def _remembered_lines(self, path: str, text: str) -> list[Content]:
        return self._texts.get((path, text)) or plain_lines(path, text)

    def _missing(self, page: Page) -> list[str]:
        """Return the texts of the page that have not been highlighted yet."""
        texts = {text_of(entry) for entry in (page.new, page.old) if entry is not None}
        return [text for text in texts if text and (page.path, text) not in self._texts]

    @work(thread=True, exclusive=True, group="highlight")
    def _highlight(self, page: Page) -> None:
        coloured = {text: coloured_lines(page.path, text) for text in self._missing(page)}
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._highlighted, page, coloured)

    def _highlighted(self, page: Page, coloured: dict[str, list[Content]]) -> None:
        for text, lines in coloured.items():
            self._texts[page.path, text] = lines
            if len(self._texts) > _KEPT_TEXTS:
                self._texts.popitem(last=False)
        if page is self._page and self.mode is not Mode.WHY:
            self._set_lines(self._lines_of(page), to_top=False)

    def _set_lines(self, lines: list[Line], *, to_top: bool) -> None:
        self._lines = lines
        widest = max((line.content.cell_length for line in lines), default=0)
        self.virtual_size = Size(widest + self._gutter_width, len(lines))
        if to_top:
            self.scroll_to(0, 0, animate=False)
        self.refresh()

    @property
    def _gutter_width(self) -> int:
        return 7 if self.size.width >= _NUMBERS_FROM_WIDTH else 2

    def render_line(self, y: int) -> Strip:
        """Draw the line at `y` of the visible part."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = self._lines[index]
        name = _LINE_CLASS.get(line.mark)
        style = self.get_visual_style(name) if name else self.visual_style
        strip = strip_of(self, self._gutter(line) + line.content, style)
        left = self.scroll_offset.x
        return strip.crop_extend(left, left + width, style.rich_style)

    def _gutter(self, line: Line) -> Content:
        mark = Content.styled(f"{line.mark.value} ", f"bold {MARK_STYLE[line.mark]}".strip())
        if self._gutter_width == 2:
            return mark
        number = f"{line.number:>4} " if line.number else "     "
        return Content.styled(number, "$text-disabled") + mark

    def _entitle(self) -> None:
        """Write path, mode and reasons into the border."""
        page = self._page
        if page is None:
            return
        room = max(self.outer_size.width - 6, 12)
        tail = self._tail(page, room - min(len(page.path), _PATH_KEPT))
        mark = f"{page.mark.value} " if page.mark is not Mark.SAME else ""
        path = _cut_from_left(visible(page.path), room - tail.cell_length - len(mark))
        self.border_title = Content.styled(f"{mark}{path}", MARK_STYLE[page.mark]) + tail

    def _tail(self, page: Page, width: int) -> Content:
        """Return mode and reasons, as much of them as fits into `width` cells."""
        mode = f" ── {self.mode}"
        because = ", ".join(visible(reason.label) for reason in page.reasons if reason.changed)
        tails: tuple[str, ...] = (mode,)
        if because and self.mode is not Mode.WHY:
            tails = (f"{mode} ── because: {because}", f"{mode} ── {because}", mode)
        return Content.styled(_first_fitting(tails, width), "$text-muted")


def _first_fitting(texts: tuple[str, ...], width: int) -> str:
    """Return the first of `texts` that fits into `width` cells; empty if none does."""
    return next((text for text in texts if cell_len(text) <= width), "")


def _cut_from_left(path: str, width: int) -> str:
    """Return `path`, shortened at its beginning to `width` cells: the file's name matters most."""
    while len(path) > width and "/" in path.removeprefix("…/"):
        path = "…/" + path.removeprefix("…/").partition("/")[2]
    return path
