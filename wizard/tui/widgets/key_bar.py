"""The line at the bottom: the keys that do something here, each of which can be clicked."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget


class KeyBar(Widget, can_focus=False):
    """The keys of whatever has the focus, in one widget.

    Textual's footer mounts a widget for each key whenever the focus moves, which takes longer than
    all the rest of going to the next question.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $footer-background;
        color: $footer-description-foreground;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Draw anew when other keys apply."""
        self.screen.bindings_updated_signal.subscribe(self, self._keys_changed)

    def _keys_changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        """Draw the keys, closer together if they would not fit."""
        roomy = self._drawn("  ")
        return roomy if roomy.cell_length <= self.size.width else self._drawn(" ")

    def _drawn(self, between: str) -> Content:
        """Return the keys as a line, and remember where each one is."""
        self._keys = []
        line = Content("")
        for _node, binding, enabled, _tooltip in self.screen.active_bindings.values():
            if not binding.show or not enabled:
                continue
            if line:
                line += Content(between)
            start = line.cell_length
            key = self.app.get_key_display(binding)
            line += Content.assemble(
                (key, "bold $footer-key-foreground"), f" {binding.description}"
            )
            self._keys.append((start, line.cell_length, binding.key))
        return line

    def on_click(self, event: events.Click) -> None:
        """Do as if the key under the mouse had been pressed."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for start, end, key in self._keys:
            if start <= offset.x < end:
                self.app.simulate_key(key)
