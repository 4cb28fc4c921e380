"""The steps in one line: where the user is, what is skipped or wrong, and a way to jump."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from wizard.tui.messages import StepWanted
from wizard.tui.text import visible

_NAME = " scaffold-tui  "
_SEPARATORS = (" › ", "›")  # noqa: RUF001


@dataclass(frozen=True)
class Crumb:
    """One step.

    Attributes:
        title: Its name.
        skipped: Why it is not asked; empty if it is.
        error: What is wrong on it; empty if all is well.
    """

    title: str
    skipped: str = ""
    error: str = ""

    @property
    def label(self) -> str:
        """The title with a mark for what is wrong or skipped, so that no colour is needed."""
        mark = "!" if self.error and not self.skipped else ""
        return f"{visible(self.title)}{mark}"


class Breadcrumbs(Widget, can_focus=True):
    """The steps; left and right move over them, Enter or a click goes to one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "step before", show=False),
        Binding("right", "move(1)", "step after", show=False),
        Binding("enter", "go", "go there"),
    ]

    crumbs: reactive[tuple[Crumb, ...]] = reactive(())
    """The steps in order, the review last."""

    position: reactive[int] = reactive(0)
    """Index of the step that is shown."""

    pointed: reactive[int] = reactive(-1)
    """Index of the step that the keyboard's cursor is on; -1 without the focus."""

    @dataclass
    class Pointed(Message):
        """The cursor or the mouse is on a step that has something to say; empty when it left."""

        sentence: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._spans: list[tuple[int, int, int]] = []

    def render(self) -> Content:
        """Draw what fits: all, all without spaces, or the steps around the present one."""
        place = f" {self.position + 1}/{len(self.crumbs)} " if self.crumbs else ""
        width = self.size.width - len(place)
        line = self._fitting(width)
        gap = Content(" " * max(width - line.cell_length, 0))
        return line + gap + Content.styled(place, "bold")

    def _fitting(self, width: int) -> Content:
        indices = range(len(self.crumbs))
        for name in (_NAME, " ", ""):
            line = self._drawn(indices, _SEPARATORS[0], name)
            if line.cell_length <= width:
                return line
        line = self._drawn(indices, _SEPARATORS[1], "")
        first, last = 0, len(self.crumbs)
        centre = self.pointed if self.pointed >= 0 else self.position
        while line.cell_length > width and last - first > 1:
            if centre - first > last - 1 - centre:
                first += 1
            else:
                last -= 1
            line = self._drawn(range(first, last), _SEPARATORS[1], "")
        return line

    def _drawn(self, indices: Sequence[int], separator: str, name: str) -> Content:
        """Return the steps with `indices` as a line, and remember where each one is."""
        self._spans = []
        more_before = bool(indices) and indices[0] > 0
        more_after = bool(indices) and indices[-1] < len(self.crumbs) - 1
        start = name or ("…" if more_before else "")
        line = Content.styled(start, "bold $text-primary" if name else "$text-muted")
        roomy = separator.startswith(" ")
        for index in indices:
            here = roomy and index == self.position
            if index > indices[0] or more_before:
                between = separator.rstrip() if here else separator
                after_here = roomy and index - 1 == self.position and index > indices[0]
                line += Content.styled(between[1:] if after_here else between, "$text-disabled")
            label = f" {self.crumbs[index].label} " if here else self.crumbs[index].label
            begin = line.cell_length
            line += Content.styled(label, self._style(index))
            self._spans.append((begin, line.cell_length, index))
        return line + Content.styled(f"{separator.strip()}…", "$text-muted") if more_after else line

    def _style(self, index: int) -> str:
        crumb = self.crumbs[index]
        style = "$text"
        if crumb.skipped:
            style = "$text-disabled strike"
        elif crumb.error:
            style = "$text-error"
        elif index > self.position:
            style = "$text-muted"
        if index == self.position:
            style = "bold $block-cursor-foreground on $block-cursor-background"
        if index == self.pointed:
            style += " underline reverse"
        return style

    def on_focus(self) -> None:
        """Put the cursor on the present step."""
        self.pointed = self.position

    def on_blur(self) -> None:
        """Take the cursor away."""
        self.pointed = -1
        self.post_message(self.Pointed(""))

    def watch_pointed(self, index: int) -> None:
        """Say why a step is skipped, or what is wrong on it."""
        if 0 <= index < len(self.crumbs):
            self.post_message(self.Pointed(self._sentence(index)))

    def _sentence(self, index: int) -> str:
        crumb = self.crumbs[index]
        if crumb.skipped:
            return f"{visible(crumb.title)} is skipped: {visible(crumb.skipped)}"
        if crumb.error:
            return f"{visible(crumb.title)}: {visible(crumb.error)}"
        return ""

    def action_move(self, steps: int) -> None:
        """Move the cursor by `steps`, within the line."""
        self.pointed = max(0, min(self.pointed + steps, len(self.crumbs) - 1))

    def action_go(self) -> None:
        """Ask for the step under the cursor."""
        if self.pointed >= 0:
            self.post_message(StepWanted(self.pointed))

    def _index_at(self, x: int) -> int:
        return next((index for start, end, index in self._spans if start <= x < end), -1)

    def on_click(self, event: events.Click) -> None:
        """Ask for the step under the mouse."""
        if (index := self._index_at(event.x)) >= 0:
            self.post_message(StepWanted(index))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show the reason of a skipped step as a tooltip."""
        index = self._index_at(event.x)
        sentence = self._sentence(index) if index >= 0 else ""
        self.tooltip = Content(sentence) if sentence else None
