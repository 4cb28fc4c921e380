"""What the run screen says in words: the line at its top, and what goes into the log."""

from __future__ import annotations

import time
from collections.abc import Iterator

from textual.content import Content

from wizard.engine.compose_events import (
    Cancelled,
    Checked,
    Event,
    Failed,
    Finished,
    LogLine,
    Origin,
    Phase,
)
from wizard.engine.compose_state import StackState
from wizard.tui.text import visible
from wizard.tui.widgets.lines import fitted
from wizard.tui.widgets.service_table import BAD

SPIN_SECONDS = 1 / 8
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_DOING = {
    "check": "checking",
    "up": "starting",
    "stop": "stopping",
    "down": "taking down",
    "restart": "restarting",
}


def overall(state: StackState, operation: str, since: float, *, failed: bool) -> Content:
    """Say how it stands altogether.

    Args:
        state: The services.
        operation: What is under way; empty if nothing is.
        since: When it began, on the monotonic clock.
        failed: Whether the last operation failed.
    """
    if operation:
        seconds = time.monotonic() - since
        building = any(each.phase is Phase.BUILDING for each in state.services)
        doing = "building" if building else _DOING[operation]
        spin = _SPINNER[int(seconds / SPIN_SECONDS) % len(_SPINNER)]
        words = (f" {doing} · {seconds:.0f} s", "$text-primary")
        return Content.assemble((spin, "bold $text-primary"), words)
    if failed or state.broken:
        return Content.styled(f"{BAD} needs attention", "$text-error")
    if state.settled:
        return Content.styled("✓ running", "$text-success")
    if state.alive:
        count = f"{len(state.alive)} of {len(state.services)}"
        return Content.styled(f"◌ {count} running", "$text-warning")
    return Content.styled("○ not running", "$text-muted")


def headline(name: str, words: Content, url: str, width: int) -> Content:
    """Return project, state, and at the right edge the address."""
    left = Content.styled(f" {visible(name)} ", "bold") + words
    return fitted(left, Content.styled(f"{url} ", "$text-muted"), max(width, 1))


def log_lines(event: Event) -> Iterator[LogLine]:
    """Return what of an event belongs into the log."""
    if isinstance(event, LogLine):
        yield event
    elif isinstance(event, Checked):
        mark = "!" if event.warning else "✓"
        yield LogLine("", f"{mark} {event.name}: {event.detail}", Origin.COMPOSE)
    elif isinstance(event, Finished):
        yield LogLine("", f"✓ {event.operation} took {event.seconds:.1f} s", Origin.COMPOSE)
    elif isinstance(event, Cancelled):
        yield LogLine("", event.sentence, Origin.COMPOSE)
    elif isinstance(event, Failed):
        yield LogLine("", f"{BAD} {event.failure.sentence}", Origin.COMPOSE)
