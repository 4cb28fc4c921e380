"""Runs a project with Docker Compose: its services, its log, and what it answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Footer, Static

from wizard.engine.compose import Compose
from wizard.engine.compose_events import (
    Answered,
    Began,
    Cancelled,
    CommandEnded,
    CommandStarted,
    Event,
    Failed,
    Failure,
    FailureKind,
    Phase,
    Planned,
    Seen,
)
from wizard.engine.compose_stack import MakeStack, Stack
from wizard.engine.compose_state import StackState
from wizard.tui.screens.base import SizedScreen
from wizard.tui.screens.run_leave import LeaveDialog, Left
from wizard.tui.screens.run_words import SPIN_SECONDS, headline, log_lines, overall
from wizard.tui.widgets.log_pane import LogPane
from wizard.tui.widgets.log_view import LogView
from wizard.tui.widgets.run_panes import AnswersPane, CommandList, FailurePane, ProgressLine
from wizard.tui.widgets.service_table import ServiceTable

PATHS = ("/health", "/ready")
DOCS = "/docs"

_HEALS = frozenset({FailureKind.UNHEALTHY, FailureKind.EXITED, FailureKind.TIMEOUT})
"""What is over once all services are well."""


_CHANGING_ACTIONS = (
    *("up", "stop", "restart", "down", "cancel"),
    *("use_port", "open_docs", "follow"),
)


class EngineReported(Message):
    """The engine told something."""

    def __init__(self, events: Sequence[Event]) -> None:
        super().__init__()
        self.events = tuple(events)


class ProjectLeft(Message):
    """The screen of a project was left; `left` says what became of it."""

    def __init__(self, project: Path, left: Left) -> None:
        super().__init__()
        self.project = project
        self.left = left


class RunScreen(SizedScreen[Left]):
    """One project's services; leaving asks what shall become of them.

    Args:
        project: The project's folder.
        start: Whether it is started at once, rather than only looked at.
        stack: Makes what drives the project; Docker Compose unless a test has something else.
    """

    CSS_PATH = "run.tcss"
    AUTO_FOCUS = "#log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "up", "up"),
        Binding("p", "use_port", "use the free port"),
        Binding("x", "cancel", "break off"),
        Binding("s", "stop", "stop"),
        Binding("d", "down", "down"),
        Binding("r", "restart", "restart"),
        Binding("o", "open_docs", "docs"),
        Binding("l", "next_log", "log"),
        Binding("f", "follow", "follow"),
        Binding("slash", "filter", "filter"),
        Binding("c", "commands", "commands"),
        Binding("escape,q", "leave", "leave"),
    ]

    def __init__(self, project: Path, *, start: bool = True, stack: MakeStack = Compose) -> None:
        super().__init__()
        self._project = project
        self._start = start
        self._stack: Stack = stack(project, self._hear)
        self._state = StackState()
        self._operation = ""
        self._since = 0.0
        self._idle = asyncio.Event()
        self._idle.set()
        self._failure: Failure | None = None
        self._following = False
        self._asked = ""
        self._offered: tuple[bool, ...] = ()

    @property
    def state(self) -> StackState:
        """The services as they are known to be."""
        return self._state

    @property
    def failure(self) -> Failure | None:
        """What went wrong last; None if nothing did since the last operation began."""
        return self._failure

    @property
    def operation(self) -> str:
        """What is under way: check, up, stop, down or restart; empty if nothing is."""
        return self._operation

    def compose_content(self) -> ComposeResult:
        """Lay out the panes."""
        yield Static(id="headline", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="overview"):
                with VerticalScroll(id="services", can_focus=False) as services:
                    services.border_title = "Services"
                    yield ServiceTable(id="service-table")
                yield ProgressLine(id="progress")
                yield AnswersPane(id="answers")
                yield FailurePane(id="failure")
                commands = CommandList(id="commands")
                commands.border_title = "Commands"
                yield commands
            yield LogPane(id="log-pane")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Start, or look how it stands."""
        self.set_interval(SPIN_SECONDS, self._draw_headline)
        self._draw_headline()
        self._run("up" if self._start else "check")

    async def on_unmount(self) -> None:
        """End every process that was started, whatever ends the screen."""
        await self._stack.close()

    # What the engine tells

    def _hear(self, events: Sequence[Event]) -> None:
        self.post_message(EngineReported(events))

    def on_engine_reported(self, message: EngineReported) -> None:
        """Take what happened, and show what changed."""
        if not self._is_laid_out:
            return
        before = self._state
        for event in message.events:
            self._state = self._state.after(event)
            self._take(event)
        commands = [e for e in message.events if isinstance(e, CommandStarted | CommandEnded)]
        if commands:
            self.query_one(CommandList).hear(commands)
        if lines := [line for event in message.events for line in log_lines(event)]:
            self.query_one(LogView).add(lines)
        if self._state != before:
            self._draw_services()
            self._ask_when_ready()
            self._heal()

    def _take(self, event: Event) -> None:
        if isinstance(event, Began):
            self._fail(None)
        elif isinstance(event, Planned):
            names = [service.name for service in event.plan.services]
            self.query_one(LogView).set_services(names)
            self._follow()
        elif isinstance(event, Failed):
            self._fail(event.failure)
        elif isinstance(event, Cancelled):
            self.query_one(FailurePane).say(event.sentence)
        elif isinstance(event, Answered):
            self._show_answer(event)
        elif isinstance(event, Seen) and self._has_failed(FailureKind.NO_ENGINE):
            self._fail(None)  # the engine that was gone is back

    def _heal(self) -> None:
        """Take back what was said to be wrong once all services are well after all."""
        if self._state.settled and self._has_failed(*_HEALS):
            self._fail(None)

    def _has_failed(self, *kinds: FailureKind) -> bool:
        return self._failure is not None and self._failure.kind in kinds

    def _fail(self, failure: Failure | None) -> None:
        self._failure = failure
        pane = self.query_one(FailurePane)
        if failure is None:
            pane.clear()
        else:
            port = failure.free_port
            pane.show(failure, f"p  use port {port} and start" if port else "")
        self._offer()
        self._draw_headline()

    def _follow(self) -> None:
        """Begin to watch states and logs, once it is known that there is something to watch."""
        if not self._following:
            self._following = True
            self.run_worker(self._stack.watch(), group="watch")
            self.run_worker(self._stack.follow_logs(), group="logs")

    @property
    def _is_laid_out(self) -> bool:
        """Whether the panes are there: they go before the last report of what was ended comes."""
        return self.query_one_optional(LogView) is not None

    # What is drawn

    def _draw_services(self) -> None:
        self.query_one(ServiceTable).services = self._state.services
        self.query_one(ProgressLine).show(self._state.services)
        self._offer()
        self._draw_headline()

    def _draw_headline(self) -> None:
        line = self.query_one("#headline", Static)
        name = self._project.resolve().name
        words = overall(self._state, self._operation, self._since, failed=self._failure is not None)
        line.update(headline(name, words, self._state.url, line.size.width))

    def on_log_view_changed(self) -> None:
        """Offer to follow the log if it does not."""
        self._offer()

    # Asking the service

    def _ask_when_ready(self) -> None:
        """Ask the service each time it has become ready."""
        url = self._state.url
        if not url:
            self.query_one(AnswersPane).clear()
        elif url != self._asked:
            self._ask(url)
        self._asked = url

    @work(group="ask", exclusive=True)
    async def _ask(self, url: str) -> None:
        for path in PATHS:
            await self._stack.ask(url + path)

    def _show_answer(self, answer: Answered) -> None:
        url = self._state.url
        if url and answer.url.startswith(url):
            path = answer.url.removeprefix(url)
            self.query_one(AnswersPane).show(answer, path, url + DOCS)

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what makes sense now."""
        del parameters  # no action of this screen takes any
        busy = bool(self._operation)
        if action == "up":
            return not busy
        if action in {"stop", "restart"}:
            return not busy and bool(self._state.alive)
        if action == "down":
            return not busy and any(each.phase is not Phase.ABSENT for each in self._state.services)
        if action == "cancel":
            return busy
        if action == "use_port":
            return not busy and self._failure is not None and self._failure.free_port > 0
        if action == "follow":
            return self._is_laid_out and not self.query_one(LogView).following
        if action == "open_docs":
            return bool(self._state.url)
        return True

    def _offer(self) -> None:
        """Have the footer drawn anew, which takes long, if other keys make sense than before."""
        if not self._is_laid_out:
            return
        offered = tuple(bool(self.check_action(name, ())) for name in _CHANGING_ACTIONS)
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    @work(group="operation")
    async def _run(self, operation: str) -> None:
        await self._operate(operation)

    async def _operate(self, operation: str) -> None:
        """Do one thing at a time; what comes of it is reported."""
        if self._operation:
            return
        self._operation, self._since = operation, time.monotonic()
        self._idle.clear()
        self._fail(None)
        try:
            await getattr(self._stack, operation)()
        finally:
            self._operation = ""
            self._idle.set()
            self._offer()

    def action_up(self) -> None:
        """Build and start."""
        self._run("up")

    def action_stop(self) -> None:
        """Stop the containers."""
        self._run("stop")

    def action_down(self) -> None:
        """Remove the containers."""
        self._run("down")

    def action_restart(self) -> None:
        """Restart the services that run all the time."""
        self._asked = ""
        self._run("restart")

    def action_cancel(self) -> None:
        """Break off what is under way."""
        self._stack.cancel()

    @work(group="operation")
    async def action_use_port(self) -> None:
        """Write the free port into .env, as was offered, and start."""
        failure = self._failure
        if failure is None or not await self._stack.use_port(failure.variable, failure.free_port):
            return
        await self._operate("up")

    def action_open_docs(self) -> None:
        """Open the API's pages in a browser, and put their address on the clipboard."""
        url = self._state.url + DOCS
        self.app.copy_to_clipboard(url)
        self.app.open_url(url)

    def action_next_log(self) -> None:
        """Show the log of the next service alone, and after the last one everybody's."""
        names = ["", *(service.name for service in self._state.services)]
        log = self.query_one(LogView)
        here = names.index(log.service) if log.service in names else 0
        self._show_log(names[(here + 1) % len(names)])

    def on_service_table_chosen(self, message: ServiceTable.Chosen) -> None:
        """Show the log of the service that was chosen."""
        self._show_log(message.service)

    def _show_log(self, service: str) -> None:
        self.query_one(LogPane).show(service)
        self.query_one(ServiceTable).chosen = service

    def action_follow(self) -> None:
        """Follow the end of the log again."""
        self.query_one(LogView).following = True

    def action_filter(self) -> None:
        """Ask which lines to show."""
        self.query_one(LogPane).open_filter()

    def action_commands(self) -> None:
        """Show or hide the commands that were run."""
        self.query_one(CommandList).toggle_class("-open")

    # Leaving

    def action_leave(self) -> None:
        """Close the filter if it is open; else leave, after asking if something runs."""
        if not self.query_one(LogPane).close_filter():
            self._ask_to_leave(quitting=False)

    def ask_before_quit(self) -> None:
        """Ask what shall become of the project, then end the app."""
        self._ask_to_leave(quitting=True)

    def _ask_to_leave(self, *, quitting: bool) -> None:
        names = tuple(service.name for service in self._state.alive)
        operation = "" if self._operation == "check" else self._operation
        if not names and not operation:
            self._go(Left.NOTHING, quitting=quitting)
            return

        def decided(way: str | None) -> None:
            if way is not None:
                self._leave(way, quitting=quitting)

        self.app.push_screen(LeaveDialog(names, operation), decided)

    @work(group="leave", exclusive=True)
    async def _leave(self, way: str, *, quitting: bool) -> None:
        if self._operation:
            self._stack.cancel()
            await self._idle.wait()
        if way == "keep":
            self._go(Left.KEPT, quitting=quitting)
            return
        await self._operate(way)
        # What the operation reported is in the queue: it is taken first.
        self.call_later(self._left, way, quitting=quitting)

    def _left(self, way: str, *, quitting: bool) -> None:
        """Go, unless something went wrong that one should see."""
        if self._failure is None:
            self._go(Left.STOPPED if way == "stop" else Left.REMOVED, quitting=quitting)

    def _go(self, left: Left, *, quitting: bool) -> None:
        self.app.post_message(ProjectLeft(self._project, left))
        # Only after the app has taken that message: what it prints at the end says so.
        if quitting:
            self.app.call_later(getattr(self.app, "exit_with_report", self.app.exit))
        else:
            self.app.call_later(self.dismiss, left)
