"""A template's questions as a form, under good answers and bad ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wizard.domain.answers import Answers
from wizard.domain.questions import Form, Kind, Question
from wizard.engine import blueprints
from wizard.engine.blueprints import Blueprint
from wizard.engine.preview import Previewer
from wizard.engine.schema import json_schema
from wizard.engine.strict import refuse_bad
from wizard.errors import AnswerError, BlueprintError

MakeTemplate = Callable[[str], Blueprint]


@pytest.fixture
def template(tmp_path: Path) -> MakeTemplate:
    """Makes a template of the text of its `copier.yml` and one file."""

    def make(config: str) -> Blueprint:
        (tmp_path / "copier.yml").write_text(config, "utf-8")
        (tmp_path / "file.txt.jinja").write_text("{{ _copier_answers|to_json }}")
        return blueprints.local(tmp_path)

    return make


@pytest.fixture(scope="module")
def torture_form(torture: Path) -> Iterator[Callable[[dict[str, object]], Form]]:
    previewer = Previewer(blueprints.local(torture))
    yield lambda given: previewer.form(Answers(given))
    previewer.close()


@pytest.fixture(scope="module")
def service_form() -> Iterator[Callable[[dict[str, object]], Form]]:
    previewer = Previewer(blueprints.builtin())
    yield lambda given: previewer.form(Answers(given))
    previewer.close()


def ask(blueprint: Blueprint, given: dict[str, object] | None = None) -> Form:
    previewer = Previewer(blueprint)
    try:
        return previewer.form(Answers(given or {}))
    finally:
        previewer.close()


def question(blueprint: Blueprint, given: dict[str, object] | None = None) -> Question:
    return ask(blueprint, given).question("q")


def test_questions_come_with_everything_a_front_end_draws(
    torture_form: Callable[[dict[str, object]], Form],
) -> None:
    form = torture_form({})
    assert form.title == "Torture"
    assert [(step.id, step.title, step.help) for step in form.steps] == [
        ("one", "One", "First."),
        ("two", "Two", ""),
        ("more", "More", ""),
    ]
    flavour = form.question("flavour")
    assert (flavour.label, flavour.kind, flavour.value) == ("Which flavour", Kind.STR, "plain")
    assert [choice.label for choice in flavour.choices] == ["Plain", "Odd", "Only with extras"]
    assert flavour.choices[0].summary == "Nothing special."
    assert form.question("tags").multiselect
    assert form.question("tags").value == ["red"]
    assert form.question("parts").value == [1, "two", "th ree"]
    assert form.question("token").secret
    assert form.question("ratio").value == 0.5
    assert "module" not in {each.name for each in form.questions}


def test_a_default_follows_the_answers_until_the_question_is_answered(
    torture_form: Callable[[dict[str, object]], Form],
) -> None:
    form = torture_form({"name": "Orders"})
    assert form.question("name").given
    assert not form.question("slug").given
    assert form.question("slug").value == "orders"
    form = torture_form({"name": "Orders", "slug": "mine"})
    assert (form.question("slug").value, form.question("slug").default) == ("mine", "orders")


def test_a_choice_that_is_ruled_out_says_why(
    torture_form: Callable[[dict[str, object]], Form],
) -> None:
    choices = torture_form({"extras": False}).question("flavour").choices
    assert [choice.disabled for choice in choices] == ["", "", "Rich needs the extras."]
    assert torture_form({"extras": True}).question("flavour").choices[2].disabled == ""
    form = torture_form({"extras": False, "flavour": "rich"})
    assert form.errors == {"flavour": "Rich needs the extras."}


def test_a_question_that_is_not_asked_says_why_and_its_answer_does_not_count(
    torture_form: Callable[[dict[str, object]], Form],
) -> None:
    form = torture_form({"name": "Ünï", "extras": False, "extra_note": "mine"})
    note = form.question("extra_note")
    assert not note.active
    assert not note.given
    assert note.skipped == "Switch the extras on to write a note for Ünï."
    assert note.value == "Ünï has extras"
    back = torture_form({"name": "Ünï", "extras": True, "extra_note": "mine"})
    assert back.question("extra_note").value == "mine"
    assert back.question("extra_note").skipped == ""


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("str", "3.10", "3.10"),
        ("int", "42", 42),
        ("float", "2.5", 2.5),
        ("bool", "yes", True),
        ("bool", "off", False),
        ("bool", True, True),
        ("json", '{"a": [1]}', {"a": [1]}),
        ("yaml", "[1, two]", [1, "two"]),
        ("path", "a/b", "a/b"),
    ],
)
def test_text_is_read_by_the_questions_type(
    template: MakeTemplate, kind: str, typed: object, value: object
) -> None:
    asked = question(template(f"q: {{type: {kind}, default: null}}"), {"q": typed})
    assert (asked.value, asked.error) == (value, "")
    assert type(asked.value) is type(value)


@pytest.mark.parametrize(
    ("kind", "typed", "error"),
    [
        ("int", "many", "“many” is not a whole number."),
        ("float", "much", "“much” is not a number."),
        ("bool", "maybe", "“maybe” is neither yes nor no."),
        ("json", "{", "“{” is not valid JSON."),
        ("yaml", "[", "“[” is not valid YAML."),
        ("str", "\udcff", "It contains bytes that are not text in UTF-8; type it again."),
    ],
)
def test_what_is_malformed_is_an_error_of_its_question_alone(
    template: MakeTemplate, kind: str, typed: str, error: str
) -> None:
    form = ask(template(f"q: {{type: {kind}, default: '1'}}\nother: x"), {"q": typed})
    assert form.errors == {"q": error}
    assert form.question("other").value == "x"


@pytest.mark.parametrize(
    ("typed", "value", "error"),
    [
        ("red", ["red"], ""),
        ("blue, red", ["red", "blue"], ""),
        ("[blue]", ["blue"], ""),
        ([], [], ""),
        (["red", "green"], ["red", "green"], "“green” is not one of the choices: red, blue."),
    ],
)
def test_several_choices_are_read_with_or_without_brackets(
    template: MakeTemplate, typed: object, value: object, error: str
) -> None:
    config = "q: {type: str, multiselect: true, choices: [red, blue], default: []}"
    asked = question(template(config), {"q": typed})
    assert (asked.value, asked.error) == (value, error)


def test_a_validators_message_is_shown_without_copiers_words(template: MakeTemplate) -> None:
    lines = ["{% if q != 'ok' %}", "Say ok;", "try “ok”", "{% endif %}"]
    config = "q:\n  default: ok\n  validator: |\n" + "".join(f"    {line}\n" for line in lines)
    asked = question(template(config), {"q": "no"})
    assert asked.error == "Say ok; try “ok”"
    assert asked.suggestion == "ok"


def test_a_proposal_that_would_be_refused_too_is_no_suggestion(template: MakeTemplate) -> None:
    config = "q: {default: ok, validator: \"{% if q != 'ok' %}Say ok, or try “that”{% endif %}\"}"
    assert question(template(config), {"q": "no"}).suggestion == ""


def test_a_mistyped_choice_is_suggested(template: MakeTemplate) -> None:
    asked = question(template("q: {type: str, choices: {First: one, Second: two}}"), {"q": "Secnd"})
    assert asked.error == "“Secnd” is not one of the choices: one, two."
    assert asked.suggestion == "two"


def test_a_default_that_is_refused_is_an_error_and_the_walk_goes_on(template: MakeTemplate) -> None:
    config = "q: {type: str, default: bad, validator: \"{% if q == 'bad' %}Bad.{% endif %}\"}\nr: 1"
    form = ask(template(config))
    assert form.errors == {"q": "Bad."}
    assert form.question("q").value == "bad"
    assert form.question("r").value == 1
    assert ask(template(config), {"q": "good"}).errors == {}


def test_a_default_that_is_ruled_out_is_an_error(template: MakeTemplate) -> None:
    config = "q:\n  default: a\n  choices:\n    A: {value: a, validator: 'Not a.'}\n    B: b"
    form = ask(template(config))
    assert form.errors == {"q": "Not a."}
    assert form.question("q").value == "a"


@pytest.mark.parametrize("default", ["", "  default: '{{ UNSET }}'\n"])
def test_a_question_without_a_default_has_to_be_answered(
    template: MakeTemplate, default: str
) -> None:
    blueprint = template(f"q:\n  type: str\n{default}")
    asked = question(blueprint)
    assert (asked.value, asked.default) == (None, None)
    assert asked.error == "There is no default: give an answer."
    assert question(blueprint, {"q": "x"}).error == ""


@pytest.mark.parametrize(
    "broken",
    [
        "q: {type: nonsense, default: 1}",
        "q: {default: '{{ 1 / 0 }}'}",
        "q: {default: '{{ x | nothing }}'}",
        "q: {default: '{% if %}'}",
        "q: {choices: {A: {validator: x}}}",
        "q: {when: '{{ 1 / 0 }}', default: 1}",
        "q: {secret: true, type: str}",
    ],
)
def test_a_broken_question_is_an_error_and_the_walk_goes_on(
    template: MakeTemplate, broken: str
) -> None:
    form = ask(template(f"{broken}\nr: fine"))
    assert list(form.errors) == ["q"]
    assert "\n" not in form.errors["q"]
    assert form.question("r").value == "fine"


def test_a_tree_is_refused_while_an_answer_is_wrong(template: MakeTemplate) -> None:
    previewer = Previewer(template("q: {type: int, default: 1}"))
    with pytest.raises(AnswerError) as caught:
        previewer.tree(Answers({"q": "x"}))
    assert caught.value.question == "q"
    text = previewer.tree(Answers({"q": "2"}))["file.txt"].text
    assert text is not None
    assert json.loads(text)["q"] == 2


def test_a_computed_value_that_is_refused_is_the_templates_fault(template: MakeTemplate) -> None:
    previewer = Previewer(template("q: {type: int, when: false, default: 'x'}"))
    assert previewer.form(Answers()).errors == {}
    with pytest.raises(BlueprintError, match="The template's q: "):
        previewer.tree(Answers())


def test_unknown_answers_are_left_out(template: MakeTemplate) -> None:
    form = ask(template("q: x"), {"unknown": 1})
    assert [each.name for each in form.questions] == ["q"]


def test_a_question_that_is_not_put_can_still_be_answered(template: MakeTemplate) -> None:
    blueprint = template("q: {ask: false, default: x}")
    assert not question(blueprint).active
    assert question(blueprint).value == "x"
    assert (question(blueprint, {"q": "y"}).active, question(blueprint, {"q": "y"}).value) == (
        True,
        "y",
    )


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("r: 1\nq: [", "cannot be read: .* in line 2 of copier.yml"),
        ("_tasks: [echo]\nq: 1", "wants to run commands or code of its own"),
        ("_jinja_extensions: [x.Y]\nq: 1", "wants to run commands or code of its own"),
        ("_min_copier_version: '99'\nq: 1", "requires Copier version >= 99"),
        ("_envops: {undefined: os.system}\nq: 1", "cannot be read: Unsupported envops"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_in_one_sentence(
    template: MakeTemplate, capfd: pytest.CaptureFixture[str], config: str, sentence: str
) -> None:
    with pytest.raises(BlueprintError, match=sentence) as caught:
        Previewer(template(config))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"sample": "items", "database": "none"}, "database"),
        ({"project_name": "!!!"}, "project_name"),
        ({"package_name": "fastapi"}, "package_name"),
        ({"author_email": "nobody"}, "author_email"),
    ],
)
def test_bad_answers_of_the_service_stand_in_its_form(
    service_form: Callable[[dict[str, object]], Form], given: dict[str, object], error: str
) -> None:
    assert list(service_form(given).errors) == [error]


def test_without_a_database_there_is_no_sign_in(
    service_form: Callable[[dict[str, object]], Form],
) -> None:
    form = service_form({"sample": "none", "database": "none", "auth": "jwt"})
    assert form.errors == {}
    assert form.question("auth").value == "none"
    assert not next(step for step in form.steps if step.id == "auth").active
    with pytest.raises(AnswerError, match="auth: Users are kept in a database"):
        refuse_bad(form, Answers({"sample": "none", "database": "none", "auth": "jwt"}))
    refuse_bad(form, Answers({"sample": "none", "database": "none", "auth": "none"}))


def test_every_option_of_the_service_is_explained(
    service_form: Callable[[dict[str, object]], Form],
) -> None:
    for each in service_form({}).questions:
        assert each.help.endswith(("?", "."))
        for choice in each.choices:
            assert choice.summary, f"{each.name}={choice.value}"
            assert choice.docs.startswith("https://"), f"{each.name}={choice.value}"


def test_the_outline_is_the_forms(service_form: Callable[[dict[str, object]], Form]) -> None:
    form, outline = service_form({}), blueprints.outline(blueprints.builtin())
    assert outline.title == form.title
    assert outline.steps == tuple(step.title for step in form.steps)


@pytest.mark.parametrize("config", ["q: [", "[1, 2]", "", "_scaffold_tui: text", "\x00"])
def test_an_outline_that_cannot_be_read_is_empty(template: MakeTemplate, config: str) -> None:
    assert blueprints.outline(template(config)) == blueprints.Outline()


def test_the_schema_says_types_choices_and_defaults(template: MakeTemplate) -> None:
    config = """
a: {type: str, default: x, help: 'What?', choices: {X: x, Y: y}}
b: {type: int}
c: {type: bool, default: false}
d: {type: yaml, default: [1]}
e: {type: str, multiselect: true, choices: [p, q], default: [p]}
f: {type: str, secret: true, default: hush}
g: {type: float, default: 0.5, when: "{{ c }}"}
h: {type: str, when: false, default: computed}
"""
    assert json_schema(ask(template(config)))["properties"] == {
        "a": {
            "title": "A",
            "description": "What?",
            "type": "string",
            "enum": ["x", "y"],
            "default": "x",
        },
        "b": {"title": "B", "type": "integer"},
        "c": {"title": "C", "type": "boolean", "default": False},
        "d": {"title": "D", "default": [1]},
        "e": {
            "title": "E",
            "type": "array",
            "items": {"type": "string", "enum": ["p", "q"]},
            "uniqueItems": True,
            "default": ["p"],
        },
        "f": {"title": "F", "type": "string"},
        "g": {"title": "G", "type": "number", "default": 0.5},
    }
