"""What a template says for the wizard alone."""

from __future__ import annotations

import pytest

from wizard.domain.questions import Choice, Question
from wizard.engine.presentation import decorate, read_plan

QUESTIONS = [Question("a"), Question("b"), Question("c")]


def test_a_template_that_says_nothing_gets_one_step() -> None:
    form = read_plan(None, "thing").form(QUESTIONS)
    assert form.title == "thing"
    assert [(step.title, len(step.questions)) for step in form.steps] == [("Questions", 3)]


def test_steps_are_in_the_templates_order_and_what_they_forget_comes_last() -> None:
    plan = read_plan(
        {
            "title": "A thing",
            "steps": [
                {"id": "two", "title": "Two", "help": "Second\n first.", "questions": ["c"]},
                {"id": "one", "questions": ["a", "unknown"]},
                {"id": "none", "title": "None", "questions": ["unknown"]},
            ],
        },
        "thing",
    )
    form = plan.form(QUESTIONS)
    assert form.title == "A thing"
    assert [(step.id, step.title) for step in form.steps] == [
        ("two", "Two"),
        ("one", "one"),
        ("more", "More"),
    ]
    assert form.steps[0].help == "Second first."
    assert [question.name for question in form.questions] == ["c", "a", "b"]


@pytest.mark.parametrize("data", ["text", [1], {"steps": "x"}, {"steps": [1, {"questions": 2}]}])
def test_what_is_malformed_is_left_out(data: object) -> None:
    form = read_plan(data, "thing").form(QUESTIONS)
    assert [question.name for question in form.questions] == ["a", "b", "c"]


def test_options_are_explained_by_their_values() -> None:
    choices = (Choice("None", "none"), Choice("Three", 3), Choice("Yes", True), Choice("X", "x"))
    data = {
        "label": "A label",
        "options": {
            "none": {"summary": "No\n  thing.", "docs": "https://example.org"},
            3: {"choose": "For three."},
            True: {"cost": "A lot."},
            "x": "no mapping",
        },
    }
    question = decorate(Question("q", choices=choices), data, str)
    assert question.label == "A label"
    assert question.choices[0].summary == "No thing."
    assert question.choices[0].docs == "https://example.org"
    assert question.choices[1].choose == "For three."
    assert question.choices[2].cost == "A lot."
    assert question.choices[3] == Choice("X", "x")


def test_a_label_is_made_of_the_name() -> None:
    assert decorate(Question("project_name"), None, str).label == "Project name"


def test_the_reason_is_rendered_and_only_there_while_the_question_is_not_asked() -> None:
    data = {"skipped": "Because of {{ x }}."}

    def render(text: str) -> str:
        return text.replace("{{ x }}", "x")

    assert decorate(Question("q", active=False), data, render).skipped == "Because of x."
    assert decorate(Question("q"), data, render).skipped == ""
