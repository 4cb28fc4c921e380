"""A log of up to a hundred thousand lines that costs no more than the lines one sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wizard.engine.compose_events import LogLine, Origin
from wizard.engine.compose_text import without_colour
from wizard.tui.widgets.lines import strip_of
from wizard.tui.widgets.log_text import Looks, readable, with_tracebacks

MOST_LINES = 100_000
"""Older lines are dropped, a tenth of these at a time."""

_SERVICE_STYLES = (
    "$text-primary",
    "$text-accent",
    "$text-success",
    "$text-secondary",
    "$text-warning",
)
_LONGEST_NAME = 14
_SIDEWAYS = 12


class LogView(ScrollView, can_focus=True):
    """Raw lines are kept, and only the visible ones are made into colours.

    It follows the end until one scrolls up, and again from when one comes back down.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--aside", "log--warning", "log--error"}
    DEFAULT_CSS = """
    LogView > .log--aside { color: $text-muted; }
    LogView > .log--warning { color: $text-warning; }
    LogView > .log--error { color: $text-error; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "up", show=False),
        Binding("down,j", "scroll_down", "down", show=False),
        Binding("left,h", "sideways(-1)", "left", show=False),
        Binding("right", "sideways(1)", "right", show=False),
        Binding("pageup", "page_up", "page up", show=False),
        Binding("pagedown,space", "page_down", "page down", show=False),
        Binding("home,g", "scroll_home", "first line", show=False),
        Binding("end,G", "follow", "last line", show=False),
    ]

    following: reactive[bool] = reactive(True)
    """Whether the last line stays in view."""

    service: reactive[str] = reactive("")
    """Whose lines are shown; empty for everybody's."""

    needle: reactive[str] = reactive("")
    """Only lines that have this in them are shown, whatever its case; empty for all."""

    class Changed(Message):
        """The number of lines, or which of them are shown, changed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: list[LogLine] = []
        self._shown: list[int] | None = None
        self._dropped = 0
        self._widest = 0
        self._name_width = 0
        self._styles: dict[str, str] = {}
        self._moving = False

    @property
    def total(self) -> int:
        """Number of lines that are kept."""
        return len(self._lines)

    @property
    def count(self) -> int:
        """Number of lines that pass the filters."""
        return len(self._lines) if self._shown is None else len(self._shown)

    def texts(self) -> list[str]:
        """Return what is shown, from the first line on, without service names and colours."""
        return [without_colour(self._line(row).text) for row in range(self.count)]

    def set_services(self, names: Sequence[str]) -> None:
        """Tell the names in order, so that each has a colour of its own."""
        count = len(_SERVICE_STYLES)
        self._styles = {name: _SERVICE_STYLES[i % count] for i, name in enumerate(names)}
        self._name_width = min(max(map(len, names), default=0), _LONGEST_NAME)
        self.refresh()

    def add(self, lines: Sequence[LogLine]) -> None:
        """Append lines."""
        first = len(self._lines)
        self._lines.extend(with_tracebacks(lines))
        new = range(first, len(self._lines))
        self._widest = max(self._widest, max((len(self._lines[i].text) for i in new), default=0))
        if self._shown is not None:
            self._shown.extend(i for i in new if self._passes(self._lines[i]))
        if len(self._lines) > MOST_LINES:
            self._drop_oldest(MOST_LINES // 10)
        self._resize()

    def clear(self) -> None:
        """Forget all lines."""
        self._lines.clear()
        self._widest = 0
        self._choose()

    def _drop_oldest(self, count: int) -> None:
        del self._lines[:count]
        gone = count
        if self._shown is not None:
            kept = [index - count for index in self._shown if index >= count]
            gone = len(self._shown) - len(kept)
            self._shown = kept
        if not self.following:
            self._move_to(max(0, round(self.scroll_y) - gone))

    def _passes(self, line: LogLine) -> bool:
        if self.service and line.service != self.service:
            return False
        return not self.needle or self.needle in line.text.lower()

    def _choose(self) -> None:
        if self.service or self.needle:
            self._shown = [i for i, line in enumerate(self._lines) if self._passes(line)]
        else:
            self._shown = None
        self._resize()

    def validate_needle(self, needle: str) -> str:
        """Make it comparable."""
        return needle.lower()

    def watch_service(self) -> None:
        """Choose the lines anew."""
        self._choose()

    def watch_needle(self) -> None:
        """Choose the lines anew."""
        self._choose()

    def watch_following(self, following: bool) -> None:
        """Go to the end when following begins."""
        if following and self.is_mounted:
            self._resize()
        self.post_message(self.Changed())

    def _resize(self) -> None:
        self._moving = True
        try:
            self.virtual_size = Size(self._gutter_width + self._widest, self.count)
        finally:
            self._moving = False
        if self.following:
            self._move_to(max(0, self.count - self.scrollable_content_region.height))
        self.refresh()
        self.post_message(self.Changed())

    def _move_to(self, row: int) -> None:
        self._moving = True
        try:
            self.scroll_to(y=row, animate=False, immediate=True)
        finally:
            self._moving = False

    def on_resize(self) -> None:
        """Keep the end in view."""
        self._resize()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Stop following when the user scrolls up, and follow again from the end."""
        super().watch_scroll_y(old_value, new_value)
        if not self._moving and old_value != new_value:
            self.following = new_value >= self.max_scroll_y

    def action_follow(self) -> None:
        """Go to the end and stay there."""
        self.following = True

    def action_sideways(self, direction: int) -> None:
        """Scroll long lines; -1 for the left."""
        self.scroll_relative(x=direction * _SIDEWAYS, animate=False)

    def _line(self, row: int) -> LogLine:
        return self._lines[row if self._shown is None else self._shown[row]]

    @property
    def _gutter_width(self) -> int:
        return 0 if self.service or not self._name_width else self._name_width + 1

    def render_line(self, y: int) -> Strip:
        """Draw the line at `y` of the visible part."""
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.visual_style.rich_style
        if row >= self.count:
            return Strip.blank(width, base)
        line = self._line(row)
        looks = Looks(*(self._look(name) for name in Looks._fields))
        text = readable(line.text, looks)
        if line.origin is not Origin.CONTAINER:
            text.stylize(looks.aside)
        if self.needle:
            text.highlight_words([self.needle], "reverse", case_sensitive=False)
        text.no_wrap, text.end = True, ""
        segments = [
            Segment(s.text, base + s.style if s.style else base)
            for s in text.render(self.app.console)
        ]
        left = self.scroll_offset.x
        gutter = self._gutter(line)
        body = Strip(segments).crop_extend(left, left + width - gutter.cell_length, base)
        return Strip.join([gutter, body])

    def _look(self, name: str) -> Style:
        return self.get_component_rich_style(f"log--{name}", partial=True)

    def _gutter(self, line: LogLine) -> Strip:
        width = self._gutter_width
        if not width:
            return Strip([])
        name = line.service[: self._name_width].ljust(width)
        style = self._styles.get(line.service, "$text-muted")
        return strip_of(self, Content.styled(name, style), self.visual_style)
