# ruff: noqa: PLC0415 - importing late is what this module is for
"""What the app needs of the engine, as functions that are handed in; the real ones import late.

The first frame must not wait for Copier (300 ms to import). Nothing here imports the engine's
heavy modules before a function is called, which the app does in a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wizard.domain.answers import Answers
from wizard.domain.filetree import FileTree
from wizard.domain.questions import Form

if TYPE_CHECKING:
    from wizard.engine.blueprints import Blueprint
    from wizard.engine.writer import Progress, Written


class Renderer(Protocol):
    """Turns answers into a form and a file tree; called in one thread at a time."""

    def form(self, answers: Answers) -> Form:
        """Return the questionnaire under `answers`; bad answers stand in it as errors."""

    def tree(self, answers: Answers) -> FileTree:
        """Return the project's files; raise ScaffoldError if they cannot be rendered."""

    def close(self) -> None:
        """Let go of everything."""


@dataclass(frozen=True)
class WriteJob:
    """What to write, and what the user agreed to.

    Attributes:
        answers: The answers of the questionnaire.
        target: The folder to write into.
        agreed: Whether the user saw that the folder is not empty and said to go on.
        overwrite: Whether files that are there already are replaced instead of kept.
    """

    answers: Answers
    target: Path
    agreed: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class Services:
    """The engine as the app sees it; every function may block and is called in a thread.

    Attributes:
        outline: Titles of the steps, known before the template is really read; may be empty.
        open_renderer: Read the template; raises BlueprintError.
        check_destination: Raises DestinationError when the folder cannot be used as it is.
        write: Write the project, tell the progress, and stop when the event is set.
        command: The command line that gives the same project.
        git_available: Whether git can be run.
        git_init: Make a repository with a first commit; returns a sentence.
    """

    outline: Callable[[], tuple[str, ...]]
    open_renderer: Callable[[], Renderer]
    check_destination: Callable[[Path], None]
    write: Callable[[WriteJob, Callable[[Progress], None], threading.Event], Written]
    command: Callable[[Form, Answers, str], str]
    git_available: Callable[[], bool]
    git_init: Callable[[Path], str]


def engine_services(blueprint: Blueprint) -> Services:
    """Return the real engine, driven with `blueprint`."""

    def outline() -> tuple[str, ...]:
        from wizard.engine import blueprints

        return blueprints.outline(blueprint).steps

    def open_renderer() -> Renderer:
        from wizard.engine.preview import Previewer

        return Previewer(blueprint)

    def check_destination(target: Path) -> None:
        from wizard.engine import writer

        writer.check_destination(target)

    def write(
        job: WriteJob, on_progress: Callable[[Progress], None], cancelled: threading.Event
    ) -> Written:
        from wizard.engine import writer

        return writer.write(
            blueprint,
            job.answers,
            job.target,
            agreed=job.agreed,
            overwrite=job.overwrite,
            on_progress=on_progress,
            cancelled=cancelled,
        )

    def command(form: Form, answers: Answers, target: str) -> str:
        from wizard.engine.command import equivalent_command

        return equivalent_command(form, answers, target)

    def git_available() -> bool:
        from wizard.engine import git

        return git.available()

    def git_init(project: Path) -> str:
        from wizard.engine import git

        return git.init_with_first_commit(project)

    return Services(
        outline, open_renderer, check_destination, write, command, git_available, git_init
    )
