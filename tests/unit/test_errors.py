"""The tree of errors that reach a user."""

from __future__ import annotations

import inspect
import re

import pytest

from wizard import errors


def test_the_docstring_draws_the_tree_that_there_is() -> None:
    drawn = re.findall(r"[A-Z]\w+Error", (errors.__doc__ or "").split("::")[1])
    defined = [name for name, each in vars(errors).items() if inspect.isclass(each)]
    assert sorted(drawn) == sorted(defined)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.AnswerError("q", "Wrong."), 2),
        (errors.DestinationError("x"), 2),
        (errors.UsageError("x"), 2),
        (errors.WriteError("x"), 1),
        (errors.BlueprintError("x"), 1),
        (errors.GitError("x"), 1),
        (errors.ComposeError("x"), 1),
    ],
)
def test_what_was_asked_wrongly_is_code_2(error: errors.ScaffoldError, code: int) -> None:
    assert error.exit_code == code


def test_an_answer_error_names_its_question() -> None:
    error = errors.AnswerError("colour", "Choose one.")
    assert str(error) == "colour: Choose one."
    assert (error.question, error.sentence) == ("colour", "Choose one.")
