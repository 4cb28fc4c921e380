"""What the command palette offers: the actions of the screen, and of the app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from wizard.tui.messages import StepWanted
from wizard.tui.screens.done import DoneScreen
from wizard.tui.screens.wizard import WizardScreen

if TYPE_CHECKING:
    from wizard.tui.base_app import BaseApp


def main_commands(app: BaseApp, screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield the commands that make sense on `screen`."""
    if isinstance(screen, WizardScreen):
        yield from _wizard_commands(screen)
    if isinstance(screen, DoneScreen):
        yield SystemCommand("Run the project", "With Docker Compose (r)", screen.action_run)
        yield SystemCommand("Git: first commit", "Make a repository (g)", screen.action_git)
        yield SystemCommand("Copy the command", "That writes the same (c)", screen.action_copy)
    yield SystemCommand("Light or dark", "Change the theme (Ctrl+T)", app.action_toggle_theme)
    yield SystemCommand("Theme …", "Choose one of all themes", app.action_change_theme)
    yield SystemCommand("Keys", "Show every key (F1)", app.action_help)
    yield SystemCommand("Quit", "Ask, then quit (Ctrl+C)", app.action_request_quit)


def _wizard_commands(screen: WizardScreen) -> Iterator[SystemCommand]:
    def go_to(index: int) -> Callable[[], object]:
        return partial(screen.post_message, StepWanted(index))

    steps = screen.session.steps
    for index, step in enumerate(steps):
        if step.active:
            yield SystemCommand(f"Go to {step.title}", step.help, go_to(index))
    if steps:
        yield SystemCommand("Go to Review", "See all answers and write", go_to(len(steps)))
    yield SystemCommand("Diff", "The file as it is, or its changes (d)", screen.action_toggle_diff)
    yield SystemCommand("Why", "The answers a file depends on (w)", screen.action_toggle_why)
    yield SystemCommand("Next pane", "Form, files, file (F6)", screen.action_next_pane)
