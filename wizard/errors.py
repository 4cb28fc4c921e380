"""The errors that reach a user, each one sentence that says what is wrong and what to do next.

::

    ScaffoldError                 exit code 1
    ├── UsageError                exit code 2: the call or an answer is wrong, nothing was done
    │   ├── AnswerError             an answer is unknown, malformed or cannot be combined
    │   └── DestinationError        the folder to write into cannot be used
    ├── BlueprintError            the template is missing or broken
    ├── WriteError                the project could not be written; the destination is as it was
    ├── GitError                  git is missing or refused
    └── ComposeError              Docker Compose is missing or failed
"""

from __future__ import annotations


class ScaffoldError(Exception):
    """Something a user can understand and mend; ``str(error)`` is the sentence to show."""

    exit_code = 1


class UsageError(ScaffoldError):
    """The call or an answer is wrong; nothing was done."""

    exit_code = 2


class AnswerError(UsageError):
    """An answer is unknown, malformed, or cannot be combined with the others.

    Attributes:
        question: Name of the question that the answer was for; unknown names are kept as typed.
    """

    def __init__(self, question: str, sentence: str) -> None:
        super().__init__(f"{question}: {sentence}")
        self.question = question
        self.sentence = sentence


class DestinationError(UsageError):
    """The folder to write into cannot be used."""


class BlueprintError(ScaffoldError):
    """The template is missing or broken."""


class WriteError(ScaffoldError):
    """The project could not be written; the destination is as it was."""


class GitError(ScaffoldError):
    """Git is missing or refused to do what was asked."""


class ComposeError(ScaffoldError):
    """Docker Compose is missing or failed."""
