"""The left pane: the questions of the step that is shown, and the explanation below them."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from wizard.domain.filetree import TreeDiff
from wizard.domain.questions import Question, Step
from wizard.tui.text import identifier, visible
from wizard.tui.widgets.choice_list import ChoiceList
from wizard.tui.widgets.explanation import Explanation, explained_choice, explained_question
from wizard.tui.widgets.question_field import QuestionField
from wizard.tui.widgets.text_field import TextField

_SPACIOUS_FROM_HEIGHT = 28


class StepFields(VerticalScroll, can_focus=False):
    """The questions of one step; stays mounted when another step is shown, answers and all."""

    def __init__(self, step: Step) -> None:
        super().__init__(id=_identity(step))
        self.step = step
        self.set_class(len(step.questions) == 1, "-alone")

    def compose(self) -> ComposeResult:
        """One field a question."""
        alone = len(self.step.questions) == 1
        for question in self.step.questions:
            yield QuestionField(question, alone=alone)


def _identity(step: Step) -> str:
    return f"step-{identifier(step.id)}"


class StepForm(Vertical):
    """Shows one step at a time; each is mounted when it is first shown."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._shown = ""

    def compose(self) -> ComposeResult:
        """Lay out help, fields and explanation."""
        yield Static("Reading the questions …", id="step-help", markup=False)
        yield Vertical(id="fields")
        yield Explanation(id="explanation")

    async def show(self, step: Step, question: str = "") -> None:
        """Show `step` and put the focus on `question`, or on its first question."""
        fields = self.query_one("#fields")
        if not fields.query(f"#{_identity(step)}"):
            await fields.mount(StepFields(step))
        for each in fields.query(StepFields):
            each.display = each.id == _identity(step)
        self._shown = _identity(step)
        self.border_title = Content(visible(step.title))
        alone = len(step.questions) == 1
        # an inline style, for a class would have all fields of all steps styled anew
        fields.styles.height = "auto" if alone else "1fr"
        self.query_one(Explanation).set_class(alone, "-alone")
        help_line = self.query_one("#step-help", Static)
        help_line.set_class(not alone, "-several")
        help_line.update(Content(visible(step.questions[0].help if alone else step.help)))
        self.update(step)
        self.focus_question(question)

    def prepare(self, steps: tuple[Step, ...]) -> None:
        """Mount the steps that have not been shown yet, so that going to one takes no time."""
        fields = self.query_one("#fields")
        mounted = {each.id for each in fields.children}
        missing = [StepFields(step) for step in steps if _identity(step) not in mounted]
        for each in missing:
            each.display = False
        if missing:
            fields.mount_all(missing)

    def update(self, step: Step) -> None:
        """Show the questions of `step` as they stand now, if they are mounted."""
        for fields in self.query(f"#{_identity(step)}").results(StepFields):
            questions = {question.name: question for question in step.questions}
            for field in fields.query(QuestionField):
                field.update(questions[field.question.name])

    @property
    def shown_fields(self) -> list[QuestionField]:
        """The fields of the step that is shown, without those that are not asked."""
        if not self._shown:
            return []
        fields = self.query(f"#{self._shown} QuestionField").results(QuestionField)
        return [field for field in fields if field.question.active]

    def field(self, question: str) -> QuestionField | None:
        """Return the field of `question`, if it has been shown."""
        fields = self.query(QuestionField)
        return next((each for each in fields if each.question.name == question), None)

    def focus_question(self, question: str = "") -> None:
        """Put the focus on `question`; without one on what is wrong, or on the first."""
        fields = self.shown_fields
        wanted = [field for field in fields if field.question.name == question]
        wrong = [field for field in fields if field.question.error]
        for field in (*wanted, *wrong, *fields):
            # not control.focus(), which waits in a queue while more keys come in
            self.screen.set_focus(field.control)
            return

    def focus_after(self, question: str) -> bool:
        """Put the focus on the question after `question`; return False if it was the last one."""
        names = [field.question.name for field in self.shown_fields]
        following = names[names.index(question) + 1 :] if question in names else []
        if following:
            self.focus_question(following[0])
        return bool(following)

    def weigh(self, question: str, value: object, changes: TreeDiff | None) -> None:
        """Show what choosing `value` would change."""
        field = self.field(question)
        if field is None or not isinstance(field.control, ChoiceList):
            return
        for index, choice in enumerate(field.question.choices):
            if choice.value == value:
                field.control.weights = {**field.control.weights, index: changes}

    def forget_weights(self) -> None:
        """Take back all counts: they were about other answers."""
        for choices in self.query(ChoiceList):
            choices.weights = {}

    def explain(self, question: Question, touched: int, problem: str = "") -> None:
        """Explain what the cursor is on.

        Args:
            question: The question with the focus.
            touched: How many files depend on it.
            problem: What would be wrong elsewhere if the highlighted option were chosen.
        """
        field = self.field(question.name)
        text = explained_question(question)
        if field is not None and isinstance(field.control, ChoiceList):
            alone = self.query_one(Explanation).has_class("-alone")
            spacious = alone and self.size.height >= _SPACIOUS_FROM_HEIGHT
            text = explained_choice(field.control.highlighted, touched, spacious=spacious)
        if problem:
            text = Content.styled(f"! {visible(problem)}\n", "$text-warning") + text
        self.query_one(Explanation).show(text)

    def say(self, sentence: str) -> None:
        """Say why there is nothing to ask."""
        said = Content.styled(f"✗ {visible(sentence)}", "$text-error")
        self.query_one("#step-help", Static).update(said)

    def focused_control(self) -> ChoiceList | TextField | None:
        """Return the field or the options with the focus."""
        focused = self.screen.focused
        return focused if isinstance(focused, ChoiceList | TextField) else None
