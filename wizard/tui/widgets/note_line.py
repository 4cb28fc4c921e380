"""The line under the steps: what has to be said now, else the command for the answers."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from wizard.tui.text import visible


class NoteLine(Widget):
    """One line; a note replaces the command until it is taken back."""

    note: reactive[str] = reactive("")
    """What has to be said now; empty if nothing has."""

    command: reactive[str] = reactive("")
    """The command line that gives the same project; empty until it is known."""

    def render(self) -> Content:
        """Draw the note, or the command."""
        if self.note:
            return Content.styled(visible(self.note), "bold $text-warning")
        command = f"$ {visible(self.command)}" if self.command else ""
        return Content.styled(command, "$text-muted")
