"""All answers on the review, with what is wrong and what is not the default; Enter goes to edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wizard.domain.questions import Form, Question, Step
from wizard.tui.messages import StepWanted
from wizard.tui.text import visible
from wizard.tui.widgets.lines import fitted, strip_of

_LABEL_LEAST, _LABEL_MOST = 8, 18
"""Cells for the labels, so that the answers stand in one column."""


@dataclass(frozen=True)
class AnswerRow:
    """One line of the list.

    Attributes:
        step: Index of the step to go to.
        question: The question to go to; empty for a step's title.
        text: What stands there.
    """

    step: int
    question: str
    text: Content


def is_changed(question: Question) -> bool:
    """Return whether the answer is not the default."""
    return question.given and question.value != question.default


def answer_rows(form: Form) -> list[AnswerRow]:
    """Return a line for every question, and a title for every step that asks several."""
    labels = [_label(question) for question in form.questions]
    width = max(_LABEL_LEAST, min(_LABEL_MOST, max((len(label) for label in labels), default=0)))
    rows: list[AnswerRow] = []
    for index, step in enumerate(form.steps):
        if not step.active:
            rows.append(AnswerRow(index, "", _skipped_line(step, width)))
            continue
        if len(step.questions) > 1:
            rows.append(AnswerRow(index, "", Content.styled(visible(step.title), "bold")))
        for question in step.questions:
            if question.active:
                rows.extend(_question_rows(index, question, width))
    return rows


def _label(question: Question) -> str:
    return visible(question.label or question.name)


def _skipped_line(step: Step, width: int) -> Content:
    title = visible(step.title)
    gap = " " * max(width - len(title), 0)
    return Content.assemble(
        "  ", (title, "$text-disabled strike"), (f"{gap}  skipped", "$text-disabled")
    )


def _question_rows(index: int, question: Question, width: int) -> list[AnswerRow]:
    mark = "✗" if question.error else "•" if is_changed(question) else " "
    mark_style = "bold $text-error" if question.error else "bold $text-warning"
    value = visible(question.shown)
    line = Content.assemble(
        (f"{mark} ", mark_style),
        Content.styled(_label(question), "$text-muted").truncate(width, ellipsis=True, pad=True),
        (f"  {value or 'empty'}", "$text" if value else "$text-disabled"),
    )
    rows = [AnswerRow(index, question.name, line)]
    if question.error:
        error = Content.styled(f"  {visible(question.error)}", "$text-error")
        rows.append(AnswerRow(index, question.name, error))
    return rows


class AnswerList(ScrollView, can_focus=True):
    """The answers, one a line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"answers--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "edit"),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "move(-10)", "page up", show=False),
        Binding("pagedown", "move(10)", "page down", show=False),
    ]

    cursor: reactive[int] = reactive(0)
    """Index of the row under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: list[AnswerRow] = []

    def show(self, form: Form) -> None:
        """Draw the answers of `form`."""
        self._rows = answer_rows(form)
        self.cursor = min(self.cursor, max(len(self._rows) - 1, 0))
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows))
        self.styles.max_height = len(self._rows)
        self.refresh()

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`, within the list."""
        self.cursor = max(0, min(self.cursor + rows, len(self._rows) - 1))
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)

    def action_edit(self) -> None:
        """Go to the step, and the question, of the row under the cursor."""
        if self.cursor < len(self._rows):
            row = self._rows[self.cursor]
            self.post_message(StepWanted(row.step, row.question))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row under the mouse; go there at the second click."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        if index < len(self._rows):
            again = index == self.cursor
            self.cursor = index
            if again or event.chain > 1:
                self.action_edit()

    def render_line(self, y: int) -> Strip:
        """Draw the row at line `y` of the visible part."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        style = self.visual_style
        if index >= len(self._rows):
            return Strip.blank(width, style.rich_style)
        if index == self.cursor and self.has_focus:
            style = self.get_visual_style("answers--cursor")
        line = fitted(self._rows[index].text, Content(""), width)
        return strip_of(self, line, style).adjust_cell_length(width, style.rich_style)
