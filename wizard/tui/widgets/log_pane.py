"""The log with its title, and the field that filters it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from wizard.tui.text import visible
from wizard.tui.widgets.log_view import LogView


class LogPane(Vertical):
    """A `LogView` that says whose log it is and how much of it is shown."""

    def compose(self) -> ComposeResult:
        """Lay out log and field; the field is there while one filters."""
        yield LogView(id="log")
        yield Input(placeholder="show only lines with …", id="needle", compact=True)

    def on_mount(self) -> None:
        """Say whose log it is."""
        self._entitle()

    def on_log_view_changed(self) -> None:
        """Say how many lines there are."""
        self._entitle()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show only the lines with what is typed."""
        event.stop()
        self.query_one(LogView).needle = event.value

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter, and go back to the log."""
        event.stop()
        event.input.set_class(bool(event.value), "-open")
        self.query_one(LogView).focus()

    def show(self, service: str) -> None:
        """Show the log of `service` alone; of all if it is empty."""
        self.query_one(LogView).service = service
        self._entitle()

    def open_filter(self) -> None:
        """Ask which lines to show."""
        needle = self.query_one("#needle", Input)
        needle.add_class("-open")
        needle.focus()

    def close_filter(self) -> bool:
        """Show all lines again; return False if nothing was filtered."""
        needle = self.query_one("#needle", Input)
        if not needle.has_class("-open"):
            return False
        needle.value = ""
        needle.remove_class("-open")
        self.query_one(LogView).focus()
        return True

    def _entitle(self) -> None:
        log = self.query_one(LogView)
        whose = f"Log of {visible(log.service)}" if log.service else "Log of all"
        log.border_title = Content(whose)
        kept = f"{log.count:,} of {log.total:,}" if log.count != log.total else f"{log.total:,}"
        how = "following" if log.following else "paused, f follows"
        log.border_subtitle = Content(f"{kept} lines · {how}")
