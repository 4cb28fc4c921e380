"""The options of a question, each with what it would change; those ruled out say why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.widget import Widget

from wizard.domain.filetree import TreeDiff
from wizard.domain.questions import Choice, Question
from wizard.tui.messages import AnswerChanged, OptionHighlighted, QuestionFinished
from wizard.tui.text import counted, identifier, visible
from wizard.tui.widgets.lines import fitted

Weights = Mapping[int, TreeDiff | None]
"""Index of an option -> what choosing it would change; None if it makes another answer wrong."""


class ChoiceList(Widget, can_focus=True):
    """Options one under the other; the cursor may rest on any, also on one that cannot be chosen.

    Args:
        question: A question with choices.
        folding: Whether it shrinks to its answer while it does not have the focus.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "choose"),
        Binding("space", "pick", "pick", show=False),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("home", "edge(0)", "first", show=False),
        Binding("end", "edge(-1)", "last", show=False),
    ]

    cursor: reactive[int] = reactive(0)
    """Index of the option under the cursor."""

    weights: reactive[Weights] = reactive[Weights]({})
    """What each option would change, as far as it is known."""

    def __init__(self, question: Question, *, folding: bool = False) -> None:
        super().__init__(id=f"choices-{identifier(question.name)}")
        self._question = question
        self._folding = folding
        self.set_reactive(ChoiceList.cursor, self._index_of_answer())

    @property
    def question(self) -> Question:
        """The question as it stands."""
        return self._question

    @property
    def highlighted(self) -> Choice:
        """The option under the cursor."""
        return self._question.choices[self.cursor]

    @property
    def folded(self) -> bool:
        """Whether only the answer is shown."""
        return self._folding and not self.has_focus

    def update(self, question: Question) -> None:
        """Show `question` as it stands now; the cursor stays unless the answer changed."""
        if question == self._question:
            return
        answer_changed = question.value != self._question.value
        self._question = question
        self.cursor = min(self.cursor, len(question.choices) - 1)
        if answer_changed and not self.has_focus:
            self.cursor = self._index_of_answer()
        self.refresh(layout=True)

    def _index_of_answer(self) -> int:
        chosen = (i for i, choice in enumerate(self._question.choices) if self._is_chosen(choice))
        return next(chosen, 0)

    def _is_chosen(self, choice: Choice) -> bool:
        value = self._question.value
        if self._question.multiselect:
            return isinstance(value, list) and choice.value in value
        return bool(choice.value == value)

    def render(self) -> Content:
        """Draw one line an option, or one line altogether when folded."""
        if self.folded:
            shown = Content(f"  {visible(self._question.shown) or 'nothing'}")
            return fitted(shown, Content.styled("▾ ", "$text-muted"), self.size.width)
        lines = [self._line(index) for index in range(len(self._question.choices))]
        return Content("\n").join(lines)

    def _line(self, index: int) -> Content:
        choice = self._question.choices[index]
        here = index == self.cursor and self.has_focus
        chosen = self._is_chosen(choice)
        arrow = "❯ " if here else "  "  # noqa: RUF001
        if choice.disabled:
            left = Content.assemble(
                (f"{arrow}× ", "$text-disabled"),  # noqa: RUF001
                (visible(choice.label), "$text-disabled strike"),
            )
            right = Content.styled("not with your answers ", "$text-disabled")
            if left.cell_length + right.cell_length + 1 > self.size.width:
                right = Content.styled("ruled out ", "$text-disabled")
        else:
            left = Content.assemble(
                arrow,
                (f"{self._dot(chosen=chosen)} ", "$text-success" if chosen else "$text-muted"),
                (visible(choice.label), "bold" if chosen or here else ""),
            )
            right = self._weight(index, chosen=chosen)
        line = fitted(left, right, self.size.width)
        if here:
            line = line.stylize_before("$block-cursor-foreground on $block-cursor-background")
        return line

    def _dot(self, *, chosen: bool) -> str:
        if self._question.multiselect:
            return "■" if chosen else "□"
        return "●" if chosen else "○"

    def _weight(self, index: int, *, chosen: bool) -> Content:
        if chosen and not self._question.multiselect:
            return Content.styled("chosen ", "$text-success")
        if index not in self.weights:
            return Content("")
        changes = self.weights[index]
        if changes is None:
            return Content.styled("needs a change ", "$text-warning")
        return counted(changes) + Content(" ")

    def on_focus(self) -> None:
        """Unfold, with the cursor on the answer."""
        self.cursor = self._index_of_answer()
        self.refresh(layout=True)
        self._tell()

    def on_blur(self) -> None:
        """Fold, and take the look-ahead back."""
        self.cursor = self._index_of_answer()
        self.refresh(layout=True)
        self.post_message(OptionHighlighted(self._question.name, None))

    def watch_cursor(self) -> None:
        """Tell which option is under the cursor, and keep it in view."""
        if self.has_focus:
            self._tell()
            if isinstance(self.parent, Widget):
                line = Region(0, self.virtual_region.y + self.cursor, 1, 1)
                self.parent.scroll_to_region(line, animate=False)

    def _tell(self) -> None:
        self.post_message(OptionHighlighted(self._question.name, self.highlighted.value))

    def action_move(self, options: int) -> None:
        """Move the cursor by `options`, within the list."""
        self.cursor = max(0, min(self.cursor + options, len(self._question.choices) - 1))

    def action_edge(self, index: int) -> None:
        """Move the cursor to the first option (0) or the last (-1)."""
        self.cursor = len(self._question.choices) - 1 if index else 0

    def action_pick(self) -> None:
        """Choose the option under the cursor and stay; in a multiple choice, add or remove it."""
        choice = self.highlighted
        if choice.disabled:
            self.app.bell()
            return
        value = self._toggled(choice) if self._question.multiselect else choice.value
        self.post_message(AnswerChanged(self._question.name, value))

    def _toggled(self, choice: Choice) -> list[object]:
        value = self._question.value
        chosen = list(value) if isinstance(value, list) else []
        wanted = [*chosen, choice.value] if choice.value not in chosen else chosen
        return [
            each.value
            for each in self._question.choices
            if each.value in wanted and not (each.value == choice.value and choice.value in chosen)
        ]

    def finish(self) -> None:
        """Do what Enter does."""
        self.action_choose()

    def action_choose(self) -> None:
        """Choose the option under the cursor and go on."""
        if self.highlighted.disabled:
            self.app.bell()
            return
        if not self._question.multiselect:
            self.action_pick()
        self.post_message(QuestionFinished(self._question.name))

    def on_click(self, event: events.Click) -> None:
        """Choose the option under the mouse and stay."""
        offset = event.get_content_offset(self)
        if offset is not None and not self.folded and offset.y < len(self._question.choices):
            self.cursor = offset.y
            self.action_pick()
