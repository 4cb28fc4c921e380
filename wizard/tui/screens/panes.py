"""Moving between the form, the files and the file; one pane at a time on a narrow terminal."""

from __future__ import annotations

from abc import abstractmethod

from textual import events
from textual.widget import Widget

from wizard.tui.screens.base import SizedScreen
from wizard.tui.widgets.file_tree import ProjectTree

_NARROW_BELOW = 70
_PANES = ("#left", "#tree", "#file")


class PaneScreen(SizedScreen[None]):
    """A screen with a form at the left and the project at the right."""

    def on_resize(self, event: events.Resize) -> None:
        """Show all panes, or the one with the focus."""
        self._show_panes(event.size.width < _NARROW_BELOW)

    @property
    def narrow(self) -> bool:
        """Whether there is room for one pane only."""
        return self.size.width < _NARROW_BELOW

    def show_pane(self, pane: str) -> None:
        """Make sure that the pane with the id `pane` can be seen."""
        self._show_panes(self.narrow, f"#{pane}")

    def _pane_of(self, widget: Widget | None) -> str:
        ids = {f"#{node.id}" for node in widget.ancestors_with_self} if widget else set()
        return next((pane for pane in _PANES if pane in ids), _PANES[0])

    def _show_panes(self, narrow: bool, pane: str = "") -> None:
        pane = pane or self._pane_of(self.focused)
        for each in _PANES:
            self.query_one(each).display = not narrow or each == pane
        self.query_one("#project").display = not narrow or pane != "#left"

    def action_move_focus(self, step: int) -> None:
        """Move the focus to what comes next in the order form, files, file, steps."""
        stops = self._stops()
        focused = self.focused
        if not stops:
            return
        here = stops.index(focused) if focused in stops else -1
        self.focus_pane_of(stops[(here + step) % len(stops)])

    def action_next_pane(self) -> None:
        """Move the focus to the next pane."""
        order = [*_PANES, _PANES[0]]
        pane = order[order.index(self._pane_of(self.focused)) + 1]
        if pane == "#left":
            self.focus_form()
        else:
            self.focus_pane_of(self.query_one(pane))

    def focus_pane_of(self, widget: Widget) -> None:
        """Put the focus on `widget`, in a pane that can be seen."""
        self._show_panes(self.narrow, self._pane_of(widget))
        self.set_focus(widget)
        if isinstance(widget, ProjectTree):
            widget.scroll_to_cursor()  # not whenever it is focused: a click must not scroll first

    @abstractmethod
    def focus_form(self) -> None:
        """Put the focus into the left pane."""

    def _stops(self) -> list[Widget]:
        """Return what can have the focus, whether its pane is shown or not."""
        left = [each for each in self.query("#left *").results(Widget) if _can_stop(each)]
        others = [self.query_one(f"#{name}") for name in ("tree", "file", "steps")]
        return [*left, *others]


def _can_stop(widget: Widget) -> bool:
    """Return whether `widget` takes the focus once its pane is shown."""
    if not widget.can_focus or widget.disabled:
        return False
    inside = (node for node in widget.ancestors_with_self if isinstance(node, Widget))
    return all(node.display for node in inside if node.id not in ("left", "project"))
