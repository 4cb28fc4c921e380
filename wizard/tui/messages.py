"""Messages that cross widgets: each states a fact, and its receiver decides what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from wizard.domain.answers import Answers
from wizard.domain.filetree import FileTree, TreeDiff
from wizard.domain.questions import Form
from wizard.tui.widgets.tree_rows import Node

if TYPE_CHECKING:
    from wizard.engine.writer import Written


@dataclass
class AnswerChanged(Message):
    """The user typed or chose an answer; `value` None leaves the question at its default."""

    question: str
    value: object


@dataclass
class OptionHighlighted(Message):
    """The cursor rests on an option; `value` None means that no option is under the cursor."""

    question: str
    value: object


@dataclass
class QuestionFinished(Message):
    """The user pressed Enter in a question: its answer stands, and the next one is wanted."""

    question: str


@dataclass
class QuestionFocused(Message):
    """A question received the focus."""

    question: str


@dataclass
class StepWanted(Message):
    """The user wants to see the step with `index`; the number of steps means the review."""

    index: int
    question: str = ""


@dataclass
class FileSelected(Message):
    """The cursor of the tree rests on `path`; a folder's path if it is on a folder."""

    path: str


@dataclass
class FileOpened(Message):
    """The user wants to read the file the cursor is on."""

    path: str


@dataclass
class TargetTyped(Message):
    """The user typed another folder to write into."""

    target: str


@dataclass
class WriteWanted(Message):
    """The user wants the project written into `target`, as typed."""

    target: str


@dataclass(frozen=True)
class Picture:
    """A rendered project compared with another one; built in a thread, never changed.

    Attributes:
        answers: The answers it was rendered with.
        compared_with: The answers of the project it is compared with.
        tree: The files.
        before: The files it is compared with, under their present names.
        changes: What is different in `tree`.
        nodes: The rows of the tree view.
    """

    answers: Answers
    compared_with: Answers
    tree: FileTree
    before: FileTree
    changes: TreeDiff
    nodes: tuple[Node, ...]


@dataclass
class FormReady(Message):
    """The questionnaire under `answers`, and the command that gives the same project."""

    answers: Answers
    form: Form
    command: str


@dataclass
class PictureReady(Message):
    """The project under the present answers."""

    picture: Picture


@dataclass
class LookAheadReady(Message):
    """The project as it would be with the highlighted option."""

    question: str
    value: object
    picture: Picture


@dataclass
class OptionWeighed(Message):
    """What choosing `value` would change; `changes` None if another answer would then be wrong."""

    question: str
    value: object
    answers: Answers
    changes: TreeDiff | None
    problem: str = ""


@dataclass
class PreviewFailed(Message):
    """The project cannot be rendered with these answers; `sentence` says why."""

    answers: Answers
    sentence: str


@dataclass
class TemplateFailed(Message):
    """The template cannot be read at all; `sentence` says why."""

    sentence: str


@dataclass
class ProjectWritten(Message):
    """The project is on the disk."""

    written: Written
