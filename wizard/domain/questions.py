"""The questionnaire as it stands under some answers, and what is wrong with them.

A template's help texts, defaults, choices and conditions may all depend on earlier answers. So a
`Form` is not a description of the template but a snapshot: the engine works out a new one for each
set of answers, and every front end draws it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Copier's question types."""

    STR = "str"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    JSON = "json"
    YAML = "yaml"
    PATH = "path"


@dataclass(frozen=True)
class Choice:
    """One option of a question, with its explanation.

    Attributes:
        label: What the user reads.
        value: What is recorded in the answers.
        disabled: Why it cannot be chosen under the present answers, one sentence; empty if it can.
        summary: What it is; empty if the template does not say (so the other explanations too).
        choose: When to choose it.
        cost: What it costs the user.
        pairs: What it goes well with.
        docs: Address of its documentation.
    """

    label: str
    value: object
    disabled: str = ""
    summary: str = ""
    choose: str = ""
    cost: str = ""
    pairs: str = ""
    docs: str = ""


@dataclass(frozen=True)
class Question:
    """A question as it stands under the present answers.

    Attributes:
        name: Its id in the template, in the answers file and on the command line.
        kind: The type of its value.
        label: A short title for a form field.
        help: What is asked, one sentence; may be empty.
        choices: The options in order; empty for free input.
        value: The value it has now: the given answer, else the default; None if there is neither.
        default: The value it has when it is not answered; None if the template gives none.
        given: Whether the user answered it.
        active: Whether it is asked (the template's ``when``).
        skipped: Why it is not asked, one sentence; empty when active or the template is silent.
        error: Why `value` cannot be used, one sentence; empty if it can.
        suggestion: A value that would mend `error`, or empty.
        multiselect: Whether `value` is a list of choice values.
        multiline: Whether free input may have several lines.
        placeholder: Shown in an empty field.
        secret: Whether the value is hidden on the screen and never stored.
    """

    name: str
    kind: Kind = Kind.STR
    label: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()
    value: object = None
    default: object = None
    given: bool = False
    active: bool = True
    skipped: str = ""
    error: str = ""
    suggestion: str = ""
    multiselect: bool = False
    multiline: bool = False
    placeholder: str = ""
    secret: bool = False

    @property
    def chosen(self) -> Choice | None:
        """The choice that `value` stands for; None for free input and for several choices."""
        return next((choice for choice in self.choices if choice.value == self.value), None)

    @property
    def shown(self) -> str:
        """The value as a person reads it: the label of the choice, yes or no, or the text."""
        if self.secret:
            return "••••" if self.value else ""
        if self.chosen is not None:
            return self.chosen.label
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        if isinstance(self.value, list):
            return ", ".join(str(item) for item in self.value)
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True)
class Step:
    """A page of the wizard: one or more questions."""

    id: str
    title: str
    questions: tuple[Question, ...]
    help: str = ""

    @property
    def active(self) -> bool:
        """Whether at least one of its questions is asked."""
        return any(question.active for question in self.questions)

    @property
    def skipped(self) -> str:
        """Why the whole step is not asked; empty if it is."""
        if self.active:
            return ""
        reasons = (question.skipped for question in self.questions)
        return next((reason for reason in reasons if reason), "Your other answers leave it out.")

    @property
    def error(self) -> str:
        """The first thing that is wrong on this step; empty if all is well."""
        errors = (question.error for question in self.questions if question.active)
        return next((error for error in errors if error), "")


@dataclass(frozen=True)
class Form:
    """All steps under the present answers.

    Attributes:
        title: What the template makes.
        steps: In the order of asking, those that are skipped included.
    """

    title: str
    steps: tuple[Step, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """All questions in the order of asking, those that are not asked included."""
        return (question for step in self.steps for question in step.questions)

    def question(self, name: str) -> Question:
        """Return the question called `name`.

        Raises:
            KeyError: There is none.
        """
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    @property
    def errors(self) -> dict[str, str]:
        """Question name -> what is wrong with its value, for the questions that are asked."""
        return {q.name: q.error for q in self.questions if q.active and q.error}
