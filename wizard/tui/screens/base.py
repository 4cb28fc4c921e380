"""What all screens of the app have in common."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

_Result = TypeVar("_Result")

LEAST_WIDTH, LEAST_HEIGHT = 44, 16
"""Below this the panes cannot say anything useful."""


class TooSmall(Static):
    """Covers the screen while the terminal is too small for it."""

    DEFAULT_CSS = """
    TooSmall {
        display: none;
        layer: too-small;
        dock: top;
        width: 100%;
        height: 100%;
        padding: 1 2;
        background: $background;
    }
    """

    def __init__(self) -> None:
        text = (
            f"This terminal is too small: make it at least {LEAST_WIDTH} columns wide"
            f" and {LEAST_HEIGHT} lines high."
        )
        super().__init__(text, markup=False)


class SizedScreen(Screen[_Result]):
    """A screen that says so when the terminal is too small for it.

    Its classes follow the size: ``-narrow`` under 70 columns, ``-wide`` from 140, ``-low`` under 30
    lines, ``-high`` from 40, ``-short`` and ``-thin`` where nothing fits any more.
    """

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares the type
        (0, "-thin"),
        (LEAST_WIDTH, "-narrow"),
        (70, "-normal"),
        (140, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-short"),
        (LEAST_HEIGHT, "-low"),
        (30, "-medium"),
        (40, "-high"),
    ]
    DEFAULT_CSS = """
    SizedScreen { layers: default too-small; }
    SizedScreen.-thin TooSmall, SizedScreen.-short TooSmall { display: block; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the screen's own widgets and the cover."""
        yield from self.compose_content()
        yield TooSmall()

    def compose_content(self) -> ComposeResult:
        """Lay out the screen's own widgets."""
        yield from ()


class Dialog(ModalScreen[_Result]):
    """A question over the screen; Escape closes it without an answer."""

    BINDINGS: ClassVar = [("escape", "cancel", "back")]

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
