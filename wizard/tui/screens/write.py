"""Writing the project: how far it is, and a way to stop it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import ProgressBar, Static

from wizard.errors import ScaffoldError
from wizard.tui.screens.base import SizedScreen
from wizard.tui.services import Services, WriteJob
from wizard.tui.text import visible
from wizard.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from wizard.engine.writer import Progress, Written

_REPAINTS_PER_SECOND = 20


class WriteScreen(SizedScreen["Written | str"]):
    """Writes the project; the result is what was written, or the sentence that says why not.

    Args:
        services: The engine.
        job: What to write.
    """

    CSS_PATH = "write.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel, write nothing")]

    def __init__(self, services: Services, job: WriteJob) -> None:
        super().__init__()
        self._services = services
        self._job = job
        self._cancelled = threading.Event()
        self._progress: Progress | None = None

    def compose_content(self) -> ComposeResult:
        """Lay out bar and path."""
        with Vertical(id="writing") as pane:
            pane.border_title = "Writing"
            yield Static(visible(str(self._job.target)), id="target", markup=False)
            yield ProgressBar(total=None, show_eta=False, id="progress")
            yield Static("Starting …", id="path", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Start writing, and look at the progress from time to time."""
        self.set_interval(1 / _REPAINTS_PER_SECOND, self._show_progress)
        self._write()

    def on_unmount(self) -> None:
        """Stop the thread when the app ends meanwhile: nothing half written stays."""
        self._cancelled.set()

    @work(thread=True, exit_on_error=True)
    def _write(self) -> None:
        try:
            written = self._services.write(self._job, self._take_progress, self._cancelled)
        except ScaffoldError as error:
            self.app.call_from_thread(self._finish, str(error))
        else:
            self.app.call_from_thread(self._finish, written)

    def _take_progress(self, progress: Progress) -> None:
        """Remember the newest progress; called in the writing thread, as often as it likes."""
        self._progress = progress

    def _show_progress(self) -> None:
        progress = self._progress
        if progress is None:
            return
        self.query_one(ProgressBar).update(total=progress.total, progress=progress.done)
        counted = f"{progress.done} of {progress.total} files  "
        line = Content.assemble(counted, (visible(progress.path), "$text-muted"))
        self.query_one("#path", Static).update(line)

    def _finish(self, result: Written | str) -> None:
        if self.is_attached:
            self.dismiss(result)

    def action_cancel(self) -> None:
        """Ask the writer to stop; it leaves the folder as it was."""
        self._cancelled.set()
        self.query_one("#path", Static).update("Stopping …")
