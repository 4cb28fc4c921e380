"""The wizard's application: hands the engine to the screens, and remembers what came of it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from wizard.domain.answers import Answers
from wizard.tui.base_app import HERE, BaseApp
from wizard.tui.messages import FormReady, ProjectWritten
from wizard.tui.screens.wizard import WizardScreen
from wizard.tui.services import Services, engine_services

if TYPE_CHECKING:
    from wizard.engine.blueprints import Blueprint


class ScaffoldApp(BaseApp):
    """The wizard; `run` returns the lines to print afterwards.

    Args:
        blueprint: The template.
        target: The folder to write into; None for one named after the project.
        answers: Answers given beforehand.
        theme: Name of a theme; None to ask the terminal whether it is light or dark.
        services: The engine's functions; None for the real ones.
    """

    # the default screen's own style sheet is not loaded by Textual 8.2.8
    CSS_PATH: ClassVar = [HERE / "app.tcss", HERE / "screens" / "wizard.tcss"]

    def __init__(
        self,
        blueprint: Blueprint,
        *,
        target: Path | None = None,
        answers: Answers | None = None,
        theme: str | None = None,
        services: Services | None = None,
    ) -> None:
        super().__init__(theme=theme)
        self._services = services or engine_services(blueprint)
        self._target = target
        self._answers = answers

    def get_default_screen(self) -> WizardScreen:
        """Show the wizard."""
        return WizardScreen(self._services, target=self._target, answers=self._answers)

    def on_form_ready(self, message: FormReady) -> None:
        """Remember the command, for the end."""
        self.report = self.report.with_command(message.command)

    def on_picture_ready(self) -> None:
        """Spare what is there by now from being searched for garbage: it stays to the end."""
        if not self.is_headless and not gc.get_freeze_count():
            gc.freeze()

    def on_project_written(self, message: ProjectWritten) -> None:
        """Remember where the project is, for the end."""
        self.report = self.report.with_project(message.written)
