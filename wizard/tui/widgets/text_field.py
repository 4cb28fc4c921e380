"""A one-line field for a free answer, which follows its default until the user types."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from wizard.domain.questions import Question
from wizard.tui.messages import AnswerChanged, QuestionFinished
from wizard.tui.text import identifier, visible


class TextField(Input):
    """A field that shows the default until something is typed, and again when all is deleted.

    Args:
        question: A question without choices.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "next"),
        Binding("ctrl+y", "take_suggestion", "fix"),
        Binding("tab", "screen.move_focus(1)", "next field"),
        Binding("f6", "screen.next_pane", "files"),
    ]

    def __init__(self, question: Question) -> None:
        super().__init__(
            value=_text_of(question.value),
            placeholder=visible(question.placeholder),
            password=question.secret,
            compact=True,
            select_on_focus=True,
            id=f"field-{identifier(question.name)}",
        )
        self.cursor_blink = False
        self._question = question
        self._typed = question.given
        self._mark_given()

    @property
    def question(self) -> Question:
        """The question as it stood when the engine last looked at it."""
        return self._question

    def update(self, question: Question) -> None:
        """Show `question` as it stands now; what the user has typed is left alone."""
        # `_typed` lags behind the keys by a message, so what stands in the field decides.
        follows = self.value == _text_of(self._question.default) and not self._typed
        left_empty = not self.value and not self.has_focus
        self._question = question
        self.placeholder = visible(question.placeholder or _text_of(question.default))
        if follows or left_empty:
            self._put(_text_of(question.default))
        self.set_class(bool(question.error), "-wrong")
        self._mark_given()
        self.refresh_bindings()

    def _put(self, text: str) -> None:
        with self.prevent(Input.Changed):
            self.value = text

    def _mark_given(self) -> None:
        self.set_class(self._typed, "-given")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take what was typed as the answer; an empty field is no answer."""
        event.stop()
        is_default = event.value in ("", _text_of(self._question.default))
        self._typed = not is_default
        self._mark_given()
        self.post_message(AnswerChanged(self._question.name, None if is_default else event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next question."""
        event.stop()
        self.post_message(QuestionFinished(self._question.name))

    def finish(self) -> None:
        """Do what Enter does."""
        self.post_message(QuestionFinished(self._question.name))

    def on_blur(self) -> None:
        """Show the default again where nothing is left."""
        if not self._typed and not self.value:
            self._put(_text_of(self._question.default))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the suggestion only where there is one."""
        if action == "take_suggestion":
            return bool(self._question.error and self._question.suggestion)
        return super().check_action(action, parameters)

    def action_take_suggestion(self) -> None:
        """Put in what would mend the error."""
        if self._question.suggestion:
            self.value = self._question.suggestion
            self.cursor_position = len(self.value)


def _text_of(value: object) -> str:
    return "" if value is None else str(value)
