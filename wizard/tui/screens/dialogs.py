"""The questions that come up over a screen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wizard.tui.screens.base import Dialog
from wizard.tui.text import visible

_NAMES_SHOWN = 4


class ChoiceDialog(Dialog[str]):
    """A sentence and a few ways to go on; the result is the id of the chosen way, or None.

    Args:
        title: What it is about.
        text: What the user should know.
        ways: Id and words of each way, the safe one first.
    """

    CSS_PATH = "dialogs.tcss"

    def __init__(self, title: str, text: str, ways: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._ways = ways

    def compose(self) -> ComposeResult:
        """Lay out text and ways."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(self._title)
            dialog.border_subtitle = Content("enter choose · esc back")
            yield Static(visible(self._text, several_lines=True), id="dialog-text", markup=False)
            options = [Option(Content(words), id=way) for way, words in self._ways]
            yield OptionList(*options, id="ways", compact=True, markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close with the chosen way."""
        self.dismiss(event.option.id)


class QuitDialog(ChoiceDialog):
    """Asks before the app ends; pressing Ctrl+C again quits without further questions."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "quit", "quit", show=False)]

    def __init__(self, text: str) -> None:
        super().__init__(
            "Quit?", text, (("stay", "Stay"), ("quit", "Quit (or press Ctrl+C again)"))
        )

    def action_quit(self) -> None:
        """Quit."""
        self.dismiss("quit")


class NotEmptyDialog(ChoiceDialog):
    """Asks what to do with a folder that has files in it; nothing is replaced unasked.

    Args:
        folder: The folder, as typed.
        count: How many entries it has.
        names: A few of them.
    """

    def __init__(self, folder: str, count: int, names: tuple[str, ...]) -> None:
        some = ", ".join(visible(name) for name in names[:_NAMES_SHOWN])
        more = " …" if count > len(names[:_NAMES_SHOWN]) else ""
        files = "1 file or folder" if count == 1 else f"{count} files and folders"
        super().__init__(
            "This folder is not empty",
            f"“{folder}” has {files}: {some}{more}\n\nWhat shall happen to files of the same name?",
            (
                ("another", "Choose another folder"),
                ("keep", "Keep mine, write only what is missing"),
                ("overwrite", "Overwrite them with the new ones"),
            ),
        )
