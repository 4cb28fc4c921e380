"""The application of ``scaffold-tui up``: the run screen alone, for a project that exists."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from wizard.tui.base_app import HERE, BaseApp
from wizard.tui.report import Report
from wizard.tui.screens.run import RunScreen
from wizard.tui.screens.run_leave import Left


class RunApp(BaseApp):
    """Brings a project up and shows it; `run` returns the lines to print afterwards.

    Args:
        project: Folder with the Compose file.
        start: Whether it is started at once, rather than only looked at.
        theme: Name of a theme; None to ask the terminal whether it is light or dark.
    """

    CSS_PATH: ClassVar = [HERE / "app.tcss"]

    def __init__(self, project: Path, *, start: bool = True, theme: str | None = None) -> None:
        super().__init__(theme=theme)
        self.report = Report(wizard=False)
        self._project = project
        self._start = start

    def on_mount(self) -> None:
        """Show the project, and end when its screen is left."""
        self.push_screen(RunScreen(self._project, start=self._start), self._end)

    def _end(self, _left: Left | None) -> None:
        self.exit_with_report()
