"""Questions, steps and forms as values."""

from __future__ import annotations

import pytest

from wizard.domain.questions import Choice, Form, Kind, Question, Step

COLOURS = (Choice("Red", "red"), Choice("Sky blue", "blue"))


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        (Question("q", value="text"), "text"),
        (Question("q"), ""),
        (Question("q", value=0), "0"),
        (Question("q", kind=Kind.BOOL, value=True), "yes"),
        (Question("q", kind=Kind.BOOL, value=False), "no"),
        (Question("q", choices=COLOURS, value="blue"), "Sky blue"),
        (Question("q", choices=COLOURS, value="green"), "green"),
        (Question("q", multiselect=True, value=["red", 2]), "red, 2"),
        (Question("q", secret=True, value="hush"), "••••"),
        (Question("q", secret=True, value=""), ""),
    ],
)
def test_shown_is_what_a_person_reads(question: Question, shown: str) -> None:
    assert question.shown == shown


def test_chosen_is_the_choice_of_the_value() -> None:
    assert Question("q", choices=COLOURS, value="blue").chosen == COLOURS[1]
    assert Question("q", choices=COLOURS, value=["blue"]).chosen is None
    assert Question("q", value="blue").chosen is None


def test_a_step_is_skipped_with_the_first_reason_there_is() -> None:
    silent = Question("a", active=False)
    telling = Question("b", active=False, skipped="Because.")
    assert Step("s", "S", (silent, telling)).skipped == "Because."
    assert Step("s", "S", (silent,)).skipped == "Your other answers leave it out."
    assert Step("s", "S", (silent, Question("c"))).skipped == ""
    assert not Step("s", "S", (silent,)).active


def test_errors_of_questions_that_are_not_asked_do_not_count() -> None:
    wrong = Question("a", error="Wrong.")
    unasked = Question("b", error="Wrong too.", active=False)
    form = Form("T", (Step("one", "One", (unasked,)), Step("two", "Two", (wrong,))))
    assert form.errors == {"a": "Wrong."}
    assert [step.error for step in form.steps] == ["", "Wrong."]
    assert [question.name for question in form.questions] == ["b", "a"]
    assert form.question("b") is unasked
    with pytest.raises(KeyError):
        form.question("c")
