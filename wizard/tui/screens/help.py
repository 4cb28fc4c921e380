"""Every key, by the place it works in."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from wizard.tui.screens.base import Dialog

_KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Everywhere",
        (
            ("Enter", "go on: the next question, the next step, and at last write the project"),
            ("Escape", "go back; never quits"),
            ("Tab, Shift+Tab", "next and previous field or pane"),
            ("F6", "next pane: form, files, file"),
            ("Ctrl+P", "all commands, to search"),
            ("Ctrl+T", "light or dark"),
            ("F1, ?", "this help; ? is a character in text fields"),
            ("Ctrl+C", "quit, after asking; twice quits at once"),
        ),
    ),
    (
        "Steps (the line at the top)",
        (
            ("click", "go to a step"),
            ("Left, Right", "move over the steps; a skipped one says why"),
            ("Enter", "go to the step"),
        ),
    ),
    (
        "Options",
        (
            ("Up, Down", "move; the files show what the option would change"),
            ("Enter", "choose and go on"),
            ("Space, click", "choose and stay"),
            ("Page Up, Down", "scroll the explanation"),
            ("d", "the file as it is, or what changes in it"),
            ("w", "why: the answers the file depends on"),
        ),
    ),
    (
        "Text fields",
        (
            ("Ctrl+Y", "take the suggestion under a wrong answer"),
            ("Ctrl+U", "delete what is left of the cursor; an empty field is its default"),
        ),
    ),
    (
        "Files",
        (
            ("Up, Down", "move"),
            ("Left, Right", "fold and unfold a folder"),
            ("Enter", "read the file; fold or unfold a folder"),
            ("n, N", "next and previous changed file"),
            ("f", "follow the changes again"),
            ("d, w", "diff and why"),
        ),
    ),
    (
        "The file",
        (
            ("arrows, Page Up, Down", "scroll"),
            ("d, w", "diff and why"),
        ),
    ),
    (
        "Marks",
        (
            ("+  ~  -", "added, changed and removed by your last answer or the highlighted option"),
            ("●  ○  ×", "chosen, free to choose, ruled out by another answer"),  # noqa: RUF001
            ("!  ✗  •", "a step with an error, an answer with an error, not the default"),
        ),
    ),
)


class HelpScreen(Dialog[None]):
    """All keys on one page that scrolls."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark,q,enter", "cancel", "close", show=False)
    ]

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with VerticalScroll(id="help") as page:
            page.border_title = "Keys"
            page.border_subtitle = "esc close"
            for title, rows in _KEYS:
                yield Static(Content.styled(title, "bold $text-primary"), markup=False)
                for keys, words in rows:
                    with Horizontal(classes="key-row"):
                        yield Static(Content.styled(keys, "bold $text-accent"), classes="keys")
                        yield Static(words, classes="words", markup=False)
