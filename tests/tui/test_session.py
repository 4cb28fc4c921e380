"""Where the user stands: answers, the step, and what the marks compare with."""

from __future__ import annotations

from dataclasses import replace

from wizard.domain.answers import Answers
from wizard.domain.questions import Choice, Form, Question, Step
from wizard.tui.session import Session, default_target, renames


def step(name: str, *, active: bool = True) -> Step:
    """Return a step with one question of the same name."""
    return Step(
        name, name.title(), (Question(name, active=active, skipped="" if active else "No."),)
    )


FORM = Form("Three", (step("one"), step("two", active=False), step("three")))


def test_the_marks_compare_with_what_was_before_the_last_question() -> None:
    session = Session()
    session.answer("one", "a")
    session.answer("two", "b")
    before = session.before
    session.answer("two", "c")
    assert session.before == before == Answers({"one": "a"})
    session.clear("one")
    assert session.before == Answers({"one": "a", "two": "c"})


def test_the_same_answer_again_changes_nothing() -> None:
    session = Session()
    assert session.answer("one", "a")
    assert not session.answer("one", "a")
    assert not session.clear("two")
    assert session.before == Answers()


def test_next_tells_which_steps_it_passed_over() -> None:
    session = Session(form=FORM)
    assert [each.id for each in session.next()] == ["two"]
    assert session.step == FORM.steps[2]
    assert session.next() == ()
    assert session.on_review
    assert session.step is None
    session.next()
    assert session.position == 3


def test_back_passes_over_skipped_steps_and_stops_at_the_first() -> None:
    session = Session(form=FORM, position=2)
    assert session.back()
    assert session.position == 0
    assert not session.back()
    assert session.position == 0


def test_a_skipped_step_and_one_that_is_not_there_cannot_be_gone_to() -> None:
    session = Session(form=FORM)
    assert not session.go_to(1)
    assert not session.go_to(4)
    assert not session.go_to(-1)
    assert session.go_to(3)
    assert session.on_review


def test_before_the_template_is_read_there_is_no_step() -> None:
    session = Session()
    assert session.step is None
    assert not session.on_review
    assert session.next() == ()
    assert not session.back()


def test_renames_are_the_free_answers_that_changed() -> None:
    name = Question("name", value="old")
    choice = Question("choice", value="a", choices=(Choice("A", "a"), Choice("B", "b")))
    old = Form(
        "",
        (
            Step(
                "s",
                "S",
                (name, choice, Question("empty", value="")),
            ),
        ),
    )
    new = Form(
        "",
        (
            Step(
                "s",
                "S",
                (
                    replace(name, value="new"),
                    replace(choice, value="b"),
                    Question("empty", value="x"),
                ),
            ),
        ),
    )
    assert renames(old, new) == {"old": "new"}
    assert renames(old, old) == {}


def test_the_folder_is_named_after_the_slug() -> None:
    slug = Question("project_slug", value="orders")
    assert default_target(Form("", (Step("s", "S", (slug,)),))) == "./orders"
    assert default_target(FORM) == "./project"
    assert default_target(Form("", (Step("s", "S", (replace(slug, value=""),)),))) == "./project"
