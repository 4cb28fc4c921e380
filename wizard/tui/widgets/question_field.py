"""A question in the form: its label, its field or options, and what is wrong with the answer."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from wizard.domain.questions import Choice, Kind, Question
from wizard.tui.text import identifier, visible
from wizard.tui.widgets.choice_list import ChoiceList
from wizard.tui.widgets.text_field import TextField

_YES_NO = (Choice("Yes", value=True), Choice("No", value=False))


class QuestionField(Vertical):
    """One question of a step.

    Args:
        question: The question.
        alone: Whether it has the step for itself: then the pane's title is its label.
    """

    def __init__(self, question: Question, *, alone: bool) -> None:
        super().__init__(id=f"question-{identifier(question.name)}")
        self._question = with_choices(question)
        self._alone = alone
        self.set_class(alone, "-alone")

    @property
    def question(self) -> Question:
        """The question as it stands."""
        return self._question

    @property
    def control(self) -> ChoiceList | TextField:
        """What the user answers with."""
        return self.query_one(".control", (ChoiceList, TextField))  # type: ignore[call-overload,no-any-return]

    def compose(self) -> ComposeResult:
        """Lay out label, control and error."""
        question = self._question
        yield Static(self._label(), classes="label", markup=False)
        control: ChoiceList | TextField
        if question.choices:
            control = ChoiceList(question, folding=not self._alone)
        else:
            control = TextField(question)
        control.add_class("control")
        yield control
        yield Static(classes="error", markup=False)

    def on_mount(self) -> None:
        """Show what is wrong from the start."""
        self._show_state()

    def update(self, question: Question) -> None:
        """Show `question` as it stands now."""
        question = with_choices(question)
        if question == self._question:
            return
        self._question = question
        if not self.children:
            return  # not composed yet, which will draw it as it stands now
        if bool(question.choices) is not isinstance(self.control, ChoiceList):
            self.refresh(recompose=True)  # a template may work out its choices from other answers
            return
        self.control.update(question)
        self._show_state()

    def _label(self) -> Content:
        return Content(visible(self._question.label or self._question.name))

    def _show_state(self) -> None:
        question = self._question
        self.display = question.active
        self.query_one(".label", Static).update(self._label(), layout=False)
        error = self.query_one(".error", Static)
        error.display = bool(question.error)
        if not question.error:
            return
        text = Content.styled(f"✗ {visible(question.error)}", "$text-error")
        if question.suggestion:
            fix = f"\n→ ctrl+y: use “{visible(question.suggestion)}”"
            text += Content.styled(fix, "bold $text-success")
        error.update(text)

    def on_descendant_focus(self) -> None:
        """Light the label, and have it in view with the control and the error."""
        self.query_one(".label").add_class("-active")
        self.call_after_refresh(self.scroll_visible, animate=False)

    def on_descendant_blur(self) -> None:
        """Darken the label."""
        self.query_one(".label").remove_class("-active")

    def on_click(self) -> None:
        """Apply the suggestion when the error is clicked; else just take the focus."""
        error = self.query_one(".error", Static)
        control = self.control
        if error.is_mouse_over and isinstance(control, TextField):
            control.action_take_suggestion()
        if not control.has_focus:
            control.focus()


def with_choices(question: Question) -> Question:
    """Return `question`, with the options yes and no if it asks for a truth value."""
    if question.choices or question.kind is not Kind.BOOL:
        return question
    return replace(question, choices=_YES_NO)
