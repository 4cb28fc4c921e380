"""Where the user stands in the questionnaire: a plain value that the wizard's screen drives."""

from __future__ import annotations

from dataclasses import dataclass, field

from wizard.domain.answers import Answers
from wizard.domain.questions import Form, Step


@dataclass
class Session:
    """The answers given so far, the step that is shown, and what the marks compare with.

    Attributes:
        answers: What was given.
        before: The answers before the question that was answered last; the tree marks and the
            file view show what changed since then. Answering the same question again leaves it.
        position: Index of the step that is shown; ``len(form.steps)`` is the review.
        last_question: The question that was answered last; empty before the first one.
        form: The questionnaire under `answers`; None until the engine has read the template.
    """

    answers: Answers = field(default_factory=Answers)
    before: Answers = field(default_factory=Answers)
    position: int = 0
    last_question: str = ""
    form: Form | None = None

    def answer(self, name: str, value: object) -> bool:
        """Answer `name`; return whether that changes the answers."""
        return self._take(name, self.answers.with_answer(name, value))

    def clear(self, name: str) -> bool:
        """Leave `name` at its default; return whether that changes the answers."""
        return self._take(name, self.answers.without(name))

    def _take(self, name: str, answers: Answers) -> bool:
        if answers == self.answers:
            return False
        if name != self.last_question:
            self.before, self.last_question = self.answers, name
        self.answers = answers
        return True

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the questionnaire; none until it has been read."""
        return self.form.steps if self.form else ()

    @property
    def step(self) -> Step | None:
        """The step that is shown; None on the review and before the template has been read."""
        return self.steps[self.position] if self.position < len(self.steps) else None

    @property
    def on_review(self) -> bool:
        """Whether the review is shown."""
        return bool(self.steps) and self.position == len(self.steps)

    def next(self) -> tuple[Step, ...]:
        """Go to the next step that is asked, or to the review; return the steps passed over."""
        passed = []
        while self.position < len(self.steps):
            self.position += 1
            step = self.step
            if step is None or step.active:
                break
            passed.append(step)
        return tuple(passed)

    def back(self) -> bool:
        """Go to the step before that is asked; return False if this is the first."""
        for index in range(min(self.position, len(self.steps)) - 1, -1, -1):
            if self.steps[index].active:
                self.position = index
                return True
        return False

    def go_to(self, index: int) -> bool:
        """Go to the step with `index`; return False if it is not asked."""
        if not 0 <= index <= len(self.steps):
            return False
        if index < len(self.steps) and not self.steps[index].active:
            return False
        self.position = index
        return True

    def step_of(self, question: str) -> int:
        """Return the index of the step that asks `question`; -1 if none does."""
        for index, step in enumerate(self.steps):
            if any(each.name == question for each in step.questions):
                return index
        return -1


def default_target(form: Form) -> str:
    """Return the folder to write into that nobody has to think about: one named after the slug."""
    slug = next((each.shown for each in form.questions if each.name == "project_slug"), "")
    return f"./{slug or 'project'}"


def renames(old: Form, new: Form) -> dict[str, str]:
    """Return old text -> new text of the free answers that differ between `old` and `new`."""
    values = {question.name: question.value for question in old.questions if not question.choices}
    return {
        was: question.value
        for question in new.questions
        if isinstance(was := values.get(question.name), str)
        and isinstance(question.value, str)
        and was
        and was != question.value
    }
