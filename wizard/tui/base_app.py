# ruff: noqa: PLC0415 - what the first frame does not need is imported when it is needed
"""What the wizard and the app of `scaffold-tui up` have in common: looks, keys, and a clean end."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from wizard.tui import compat
from wizard.tui.report import Report
from wizard.tui.themes import DARK, LIGHT, THEMES
from wizard.tui.type_ahead import TypeAhead

if TYPE_CHECKING:
    from wizard.tui.screens.run import ProjectLeft

HERE = Path(__file__).parent
_ENDING_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class BaseApp(TypeAhead):
    """Themes, the keys that work everywhere, and what is printed at the end.

    Args:
        theme: Name of a theme; None to ask the terminal whether it is light or dark.
    """

    TITLE = "scaffold-tui"
    CSS_PATH: ClassVar = [HERE / "app.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "request_quit", "quit", show=False, priority=True),
        Binding("ctrl+t", "toggle_theme", "light or dark", show=False),
        Binding("ctrl+p", "command_palette", "commands", priority=True),
        Binding("f1", "help", "help", priority=True),
        Binding("question_mark", "help", "help", show=False),
    ]

    def __init__(self, *, theme: str | None = None) -> None:
        compat.apply()
        super().__init__()
        self.report = Report()
        for each in THEMES:
            self.register_theme(each)
        self._asks_terminal = theme is None
        self.theme = theme or DARK.name

    def run(self, **options: Any) -> tuple[str, ...] | None:
        """Run the app; takes what `App.run` takes.

        Returns:
            Lines to print when the terminal is as it was before.
        """
        if self._asks_terminal and not options.get("headless"):
            from wizard.tui.terminal import has_light_background

            self.theme = LIGHT.name if has_light_background() else DARK.name
        lines: tuple[str, ...] | None = super().run(**options)
        return lines

    @property
    def failure(self) -> Exception | None:
        """The error that ended the app, which nobody expected; None if it ended as it should."""
        return self._exception

    def _handle_exception(self, error: Exception) -> None:
        """End the app; Textual 8.2.8 would also print a traceback over the user's terminal."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def on_mount(self) -> None:
        """End cleanly when the system says so."""
        self._handle_signals()

    def on_unmount(self) -> None:
        """Leave the signals to whoever comes next."""
        self._handle_signals(ending=True)

    def _handle_signals(self, *, ending: bool = False) -> None:
        if self.is_headless or sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        for number in _ENDING_SIGNALS:
            if ending:
                loop.remove_signal_handler(number)
            else:
                loop.add_signal_handler(number, self._end_by_signal, number)

    def _end_by_signal(self, number: int) -> None:
        self.exit(self.report.lines(), return_code=128 + number)

    def on_project_left(self, message: ProjectLeft) -> None:
        """Remember what became of a running project, for the end."""
        self.report = self.report.with_left(message.left.sentence(message.project))

    def action_request_quit(self) -> None:
        """Ask before quitting; quit when asked a second time."""
        from wizard.tui.screens.dialogs import QuitDialog

        ask = getattr(self.screen, "ask_before_quit", None)
        if ask is not None:
            ask()
        elif isinstance(self.screen, QuitDialog):
            self.exit_with_report()
        else:
            self.push_screen(QuitDialog(self.report.before_quitting()), self._quit_if_wanted)

    def _quit_if_wanted(self, way: str | None) -> None:
        if way == "quit":
            self.exit_with_report()

    def exit_with_report(self) -> None:
        """Quit now; where things are is printed afterwards."""
        self.exit(self.report.lines())

    def action_quit_with_report(self) -> None:
        """Quit now."""
        self.exit_with_report()

    def action_toggle_theme(self) -> None:
        """Change between light and dark."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def action_help(self) -> None:
        """Show all keys; close them again."""
        from wizard.tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss(None)
        else:
            self.push_screen(HelpScreen())

    def get_key_display(self, binding: Binding) -> str:
        """Return how a key is written in the footer and the help."""
        names = {"escape": "esc", "ctrl+p": "^p", "f1": "F1", "enter": "enter", "tab": "tab"}
        return names.get(binding.key) or super().get_key_display(binding)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Return what the command palette offers here."""
        from wizard.tui.commands import main_commands

        return main_commands(self, screen)
