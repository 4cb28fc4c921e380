"""A row a service: how it stands, and where it can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from wizard.engine.compose_events import Phase
from wizard.engine.compose_state import Service
from wizard.tui.text import visible
from wizard.tui.widgets.lines import fitted

BAD = "\u00d7"
"""The mark of what went wrong; the ballot cross is missing in many fonts."""

_LOOKS: dict[Phase, tuple[str, str]] = {
    Phase.ABSENT: ("○", "$text-muted"),
    Phase.WAITING: ("·", "$text-muted"),
    Phase.PULLING: ("↓", "$text-primary"),
    Phase.BUILDING: ("▸", "$text-primary"),
    Phase.BUILT: ("▪", "$text-primary"),
    Phase.CREATED: ("·", "$text-primary"),
    Phase.STARTING: ("◌", "$text-warning"),
    Phase.RUNNING: ("●", "$text-success"),
    Phase.HEALTHY: ("✓", "$text-success"),
    Phase.UNHEALTHY: (BAD, "$text-error"),
    Phase.RESTARTING: ("!", "$text-warning"),
    Phase.PAUSED: ("=", "$text-warning"),
    Phase.STOPPING: ("▾", "$text-warning"),
    Phase.STOPPED: ("■", "$text-muted"),
    Phase.FINISHED: ("✓", "$text-success"),
    Phase.EXITED: (BAD, "$text-error"),
    Phase.FAILED: (BAD, "$text-error"),
}
_WORDS_WIDTH = 22


class ServiceTable(Widget, can_focus=True):
    """The services; Enter on one, or a click, shows only its log lines, and again everybody's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "its log", show=False),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
    ]

    services: reactive[tuple[Service, ...]] = reactive((), layout=True)
    """What is shown, from top to bottom."""

    chosen: reactive[str] = reactive("")
    """Whose log is shown alone; empty for everybody's."""

    cursor: reactive[int] = reactive(0)
    """Index of the row under the cursor."""

    class Chosen(Message):
        """The log of `service` is wanted; empty for everybody's."""

        def __init__(self, service: str) -> None:
            super().__init__()
            self.service = service

    def render(self) -> Content:
        """Draw a line a service."""
        if not self.services:
            return Content.styled("The Compose file has not been read yet.", "$text-muted")
        return Content("\n").join([self._row(index) for index in range(len(self.services))])

    def _row(self, index: int) -> Content:
        service = self.services[index]
        glyph, style = _LOOKS[service.phase]
        names = max(len(visible(each.name)) for each in self.services)
        chosen = service.name == self.chosen
        row = Content.assemble(
            ("▌" if chosen else " ", "$text-primary"),
            (f"{glyph} ", f"bold {style}"),
            (visible(service.name).ljust(min(names, 20)), "bold"),
            "  ",
            (service.words.ljust(_WORDS_WIDTH), style),
        )
        line = fitted(row, Content(self._ports(service)), self.size.width)
        if index == self.cursor and self.has_focus:
            line = line.stylize_before("on $block-cursor-background")
        return line

    def _ports(self, service: Service) -> str:
        return ", ".join(dict.fromkeys(port.address for port in service.ports)) + " "

    def validate_cursor(self, cursor: int) -> int:
        """Stay within the rows."""
        return max(0, min(cursor, len(self.services) - 1))

    def watch_services(self, services: Sequence[Service]) -> None:
        """Keep the cursor within the rows."""
        self.cursor = min(self.cursor, max(0, len(services) - 1))

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self.cursor += rows

    def action_choose(self) -> None:
        """Show the log of the service under the cursor alone, or everybody's again."""
        if self.services:
            name = self.services[self.cursor].name
            self.post_message(self.Chosen("" if name == self.chosen else name))

    def on_click(self, event: events.Click) -> None:
        """Do the same for the service under the mouse."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y < len(self.services):
            self.cursor = offset.y
            self.action_choose()
