"""The project is written: where it is, and what to do next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wizard.errors import GitError
from wizard.tui.screens.base import SizedScreen
from wizard.tui.services import Services
from wizard.tui.text import visible
from wizard.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from wizard.engine.writer import Written

_ACTIONS = (
    ("run", "r", "Run it with Docker Compose"),
    ("git", "g", "Make a Git repository with a first commit"),
    ("copy", "c", "Copy the command that writes the same project"),
    ("quit", "q", "Quit"),
)


class DoneScreen(SizedScreen[None]):
    """What was written, and the next steps as actions.

    Args:
        services: The engine.
        written: What was written.
        command: The command line that writes the same project.
    """

    CSS_PATH = "done.tcss"
    AUTO_FOCUS = "#actions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "run", "run it"),
        Binding("g", "git", "git"),
        Binding("c", "copy", "copy command"),
        Binding("escape", "back", "answers"),
        Binding("q", "quit", "quit"),
    ]

    def __init__(self, services: Services, written: Written, command: str) -> None:
        super().__init__()
        self._services = services
        self._written = written
        self._command = command

    def compose_content(self) -> ComposeResult:
        """Lay out the report and the actions."""
        with Vertical(id="done") as pane:
            pane.border_title = "Done"
            yield Static(self._report(), id="report", markup=False)
            options = [
                Option(Content.assemble((f" {key} ", "bold $text-accent"), f" {words}"), id=name)
                for name, key, words in _ACTIONS
            ]
            yield OptionList(*options, id="actions", compact=True, markup=False)
            yield Static(id="outcome", markup=False)
            yield Static(
                Content.styled(f"$ {visible(self._command)}", "$text-muted"),
                id="command",
                markup=False,
            )
        yield KeyBar()

    def on_mount(self) -> None:
        """Highlight nothing, so that one Enter too many starts nothing."""
        for actions in self.query(OptionList):  # none when the app ends at this very moment
            actions.highlighted = None

    def _report(self) -> Content:
        written = self._written
        name = visible(written.target.name)
        lines = [
            Content.assemble(("✓ ", "bold $text-success"), (name, "bold"), " is written."),
            Content.styled(
                f"  {written.files} files in {written.seconds:.1f} s,"
                f" in {visible(str(written.target))}",
                "$text-muted",
            ),
        ]
        for words, paths in (
            ("kept as they were", written.kept),
            ("overwritten", written.overwritten),
        ):
            if paths:
                files = "1 file" if len(paths) == 1 else f"{len(paths)} files"
                shown = ", ".join(visible(path) for path in paths[:3])
                more = " …" if len(paths) > 3 else ""
                line = f"  {files} {words}: {shown}{more}"
                lines.append(Content.styled(line, "$text-warning"))
        return Content("\n").join(lines)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do what was chosen from the list."""
        self.call_later(self.run_action, f"screen.{event.option.id}")

    def _say(self, sentence: str, *, good: bool) -> None:
        mark, style = ("✓", "$text-success") if good else ("✗", "$text-error")
        self.query_one("#outcome", Static).update(
            Content.styled(f"{mark} {visible(sentence)}", style)
        )

    def action_run(self) -> None:
        """Show the screen that runs the project."""
        # imports the docker SDK, which nobody needs who does not run the project
        from wizard.tui.screens.run import RunScreen  # noqa: PLC0415

        self.app.push_screen(RunScreen(self._written.target))

    @work(group="git", exclusive=True)
    async def action_git(self) -> None:
        """Make a repository; the sentence says what came of it."""
        self._say("Making the first commit …", good=True)
        try:
            sentence = await asyncio.to_thread(self._services.git_init, self._written.target)
        except GitError as error:
            self._say(str(error), good=False)
        else:
            self._say(sentence, good=True)

    def action_copy(self) -> None:
        """Put the command on the clipboard, as far as the terminal allows."""
        self.app.copy_to_clipboard(self._command)
        self._say("Copied, if your terminal allows it; it is printed on exit as well.", good=True)

    def action_back(self) -> None:
        """Go back to the answers, to write another one."""
        self.dismiss(None)

    def action_quit(self) -> None:
        """Quit: everything is on the disk."""
        self.app.run_worker(self.app.run_action("app.quit_with_report"))
