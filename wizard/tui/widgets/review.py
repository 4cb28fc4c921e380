"""The last step: all answers, the folder to write into, the equivalent command, and the button."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Button, Input, Static

from wizard.domain.questions import Form
from wizard.errors import DestinationError
from wizard.tui.messages import TargetTyped, WriteWanted
from wizard.tui.text import visible
from wizard.tui.widgets.answer_list import AnswerList, is_changed


class DestinationField(Input):
    """The folder to write into, as typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "write")]


class WriteButton(Button):
    """Starts writing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "press", "write")]


class ReviewPane(Vertical):
    """The review; the screen sets what is known, and is told what the user wants.

    Args:
        check_folder: Raises DestinationError for a folder that cannot be used as it is; may block.
    """

    answers_problem: reactive[str] = reactive("")
    """What is wrong with the answers, one sentence; empty if nothing is."""

    folder_problem: reactive[str] = reactive("")
    """Why the folder cannot be written into, one sentence; empty if it can."""

    remark: reactive[str] = reactive("")
    """What else to know about the folder; does not keep anybody from writing."""

    files: reactive[int] = reactive(0)
    """How many files will be written; 0 while that is not known."""

    def __init__(self, check_folder: Callable[[Path], None]) -> None:
        super().__init__(id="review")
        self._check_folder = check_folder
        self._default_target = ""
        self._typed = False

    def compose(self) -> ComposeResult:
        """Lay out answers, folder, command and button."""
        yield AnswerList(id="answers")
        with Vertical(id="outcome"):
            with Horizontal(id="destination-row"):
                yield Static("Write into", id="destination-label", markup=False)
                yield DestinationField(id="destination", compact=True, select_on_focus=False)
            yield Static(id="remark", markup=False)
            yield Static(id="command", markup=False)
            yield WriteButton("Write", id="write", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Set what cannot be said in the constructor."""
        self.border_title = "Review"
        self.query_one("#destination", Input).cursor_blink = False
        # else a second press within 0.2 s is ignored, though the first may have failed by then
        self.query_one("#write", Button).active_effect_duration = 0

    @property
    def target(self) -> str:
        """The folder as typed; the default while the field is empty."""
        return self.query_one("#destination", Input).value.strip() or self._default_target

    @property
    def chosen_target(self) -> str:
        """The folder as typed; empty while it follows the project's name."""
        return self.target if self._typed else ""

    @property
    def problem(self) -> str:
        """Why the project cannot be written now, one sentence; empty if it can."""
        return self.answers_problem or self.folder_problem

    def suggest_target(self, target: str) -> None:
        """Let the folder follow `target` until the user types another one."""
        self._default_target = target
        field = self.query_one("#destination", Input)
        field.placeholder = visible(target)
        if not self._typed:
            with field.prevent(Input.Changed):
                field.value = target

    @work(group="folder", exclusive=True)
    async def check_target(self) -> None:
        """Find out whether the folder can be written into, and say so."""
        problem = remark = ""
        try:
            await asyncio.to_thread(self._check_folder, folder_of(self.target))
        except DestinationError as error:
            if hasattr(error, "files"):
                remark = "The folder is not empty; you will be asked what to do."
            else:
                problem = str(error)
        self.folder_problem, self.remark = problem, remark

    def show(self, form: Form, command: str) -> None:
        """Show the answers of `form`."""
        self.query_one(AnswerList).show(form)
        self.query_one("#command", Static).update(
            Content.styled(f"$ {visible(command)}", "$text-muted")
        )
        changed = sum(is_changed(question) for question in form.questions if question.active)
        legend = f"• {changed} not the default" if changed else "all as by default"
        self.border_subtitle = Content.styled(legend, "$text-muted")

    def focus_start(self) -> None:
        """Put the focus where Enter writes, or on the answers if something is wrong."""
        self.screen.set_focus(self.query_one("#answers" if self.problem else "#write"))

    def focus_destination(self) -> None:
        """Put the focus on the folder."""
        self.screen.set_focus(self.query_one("#destination"))

    def watch_answers_problem(self) -> None:
        """Say what is in the way."""
        self._say()

    def watch_folder_problem(self) -> None:
        """Say what is in the way."""
        self._say()

    def watch_remark(self) -> None:
        """Say what else is to be known."""
        self._say()

    def watch_files(self) -> None:
        """Count the files on the button."""
        files = f" {self.files} files" if self.files else " the project"
        self.query_one("#write", Button).label = Content(f"  Write{files}  ")

    def _say(self) -> None:
        said = self.query_one("#remark", Static)
        style = "$text-error" if self.problem else "$text-warning"
        mark = "✗" if self.problem else "!"
        text = self.problem or self.remark
        said.display = bool(text)
        said.update(Content.styled(f"{mark} {visible(text)}", style))
        button = self.query_one("#write", Button)
        button.disabled = bool(self.problem)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take the folder as the user's own choice."""
        event.stop()
        self._typed = event.value.strip() not in ("", self._default_target)
        self.check_target()
        self.post_message(TargetTyped(self.target))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write from the folder's field, too."""
        event.stop()
        self._want()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Ask for the project to be written."""
        event.stop()
        self._want()

    def _want(self) -> None:
        if self.problem:
            self.app.bell()
        else:
            self.post_message(WriteWanted(self.target))


def first_problem(form: Form) -> str:
    """Return the first thing that is wrong with the answers; empty if nothing is."""
    for question in form.questions:
        if question.active and question.error:
            return f"{question.label or question.name}: {question.error}"
    return ""


def folder_of(typed: str) -> Path:
    """Return the absolute folder for what was typed; ``~`` is the home folder."""
    try:
        return Path(typed).expanduser().absolute()
    except RuntimeError:
        return Path(typed).absolute()
