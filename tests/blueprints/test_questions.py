"""What the blueprint `service` asks, refuses and offers, held with plain Copier."""

from __future__ import annotations

import itertools
import keyword
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from copier._template import Template

BLUEPRINT = Path(__file__).parents[2] / "blueprints" / "service"
STEPS = ["project", "framework", "sample", "database", "auth", "ci", "deploy"]
EXPLAINED_AT_LENGTH = STEPS[1:]
CHOICES = {
    "framework": ["fastapi", "flask"],
    "sample": ["items", "none"],
    "database": ["postgresql", "sqlite", "none"],
    "auth": ["jwt", "none"],
    "ci": ["github", "none"],
    "deploy": ["none", "kubernetes"],
    "license": ["MIT", "Apache-2.0", "Proprietary"],
    "python_version": ["3.14", "3.13", "3.12", "3.11"],
}
DEFAULTS = {
    "project_name": "My Service",
    "project_slug": "my-service",
    "package_name": "my_service",
    "description": "My Service, a JSON service.",
    "author_name": "",
    "author_email": "",
    "license": "MIT",
    "python_version": "3.13",
    "framework": "fastapi",
    "sample": "items",
    "database": "postgresql",
    "auth": "jwt",
    "ci": "github",
    "deploy": "none",
}

Answer = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def questionnaire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blueprint's questions with a project that is only its answers file."""
    root = tmp_path_factory.mktemp("questionnaire")
    shutil.copy(BLUEPRINT / "copier.yml", root)
    for folder in ("questions", "partials"):
        shutil.copytree(BLUEPRINT / folder, root / folder)
    (root / "project").mkdir()
    shutil.copy(BLUEPRINT / "project" / "{{ _copier_conf.answers_file }}.jinja", root / "project")
    return root


@pytest.fixture
def answer(questionnaire: Path, tmp_path: Path) -> Answer:
    """A function that answers with defaults and `data`, and returns what Copier would record."""

    def run(**data: Any) -> dict[str, Any]:
        copier.run_copy(str(questionnaire), tmp_path, data=data, defaults=True, quiet=True)
        recorded = yaml.safe_load((tmp_path / ".copier-answers.yml").read_text("utf-8"))
        return {name: value for name, value in recorded.items() if not name.startswith("_")}

    return run


def questions() -> dict[str, dict[str, Any]]:
    """Every question that is asked, by name, in the order of the questionnaire."""
    data = Template(url=str(BLUEPRINT)).questions_data
    return {name: details for name, details in data.items() if details.get("when") is not False}


def values(question: dict[str, Any]) -> list[str]:
    """The values of a question's choices, in order."""
    return [c["value"] if isinstance(c, dict) else c for c in question["choices"].values()]


def combinations() -> Iterator[dict[str, str]]:
    """Every combination of the three questions that limit one another."""
    names = ("sample", "database", "auth")
    for chosen in itertools.product(*(CHOICES[name] for name in names)):
        yield dict(zip(names, chosen, strict=True))


def is_legal(sample: str, database: str, auth: str) -> bool:
    """The rules restated: without a database there are neither items nor JWT."""
    return database != "none" or (sample == "none" and auth == "none")


LEGAL = [c for c in combinations() if is_legal(**c)]
ILLEGAL = [c for c in combinations() if not is_legal(**c)]


def test_defaults_alone_answer_everything(answer: Answer) -> None:
    assert answer() == DEFAULTS


def test_choices_are_the_public_values_with_the_default_among_them() -> None:
    asked = questions()
    assert {name: values(asked[name]) for name in CHOICES} == CHOICES
    assert all(DEFAULTS[name] in CHOICES[name] for name in CHOICES)


@pytest.mark.parametrize("combination", LEGAL, ids=lambda c: "-".join(c.values()))
def test_legal_combination_is_accepted(answer: Answer, combination: dict[str, str]) -> None:
    recorded = answer(**combination)
    assert {"auth": "none", **recorded}.items() >= combination.items()


@pytest.mark.parametrize("combination", ILLEGAL, ids=lambda c: "-".join(c.values()))
def test_illegal_combination_is_refused(answer: Answer, combination: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Invalid choice for"):
        answer(**combination)


def test_items_without_a_database_are_refused_with_what_to_do(answer: Answer) -> None:
    with pytest.raises(ValueError, match="Items need a database: choose PostgreSQL or SQLite, or"):
        answer(sample="items", database="none")


def test_jwt_without_a_database_is_refused_with_what_to_do(answer: Answer) -> None:
    with pytest.raises(ValueError, match="JWT needs a database to keep its users: choose Postgre"):
        answer(sample="none", database="none", auth="jwt")


def test_auth_is_not_asked_without_a_database(answer: Answer) -> None:
    assert "auth" not in answer(sample="none", database="none")


@pytest.mark.parametrize("question", CHOICES)
def test_unknown_choice_is_refused(answer: Answer, question: str) -> None:
    with pytest.raises(ValueError, match="'nonesuch' is not in"):
        answer(**{question: "nonesuch"})


@pytest.mark.parametrize(
    ("project_name", "slug", "package"),
    [
        ("Orders", "orders", "orders"),
        ("  Ünïcode & Co. 2 ", "unicode-co-2", "unicode_co_2"),
        ("İstanbul Ærø Łódź Straße", "istanbul-aero-lodz-strasse", "istanbul_aero_lodz_strasse"),
        ("Bob's e\u0301clair", "bobs-eclair", "bobs_eclair"),
        ("2 Fast", "service-2-fast", "service_2_fast"),
        ("日本語", "my-service", "my_service"),
        ("Class", "class", "class_service"),
        ("Tests", "tests", "tests_service"),
        ("FastAPI", "fastapi-service", "fastapi_service"),
        ("a" * 39 + " b", "a" * 39, "a" * 39),
        ("C:\\path/to {{ x }} \"q\" 'r'", "c-path-to-x-q-r", "c_path_to_x_q_r"),
    ],
)
def test_any_project_name_gives_a_good_slug_and_package(
    answer: Answer, project_name: str, slug: str, package: str
) -> None:
    answers = answer(project_name=project_name)
    assert answers["project_name"] == project_name
    assert (answers["project_slug"], answers["package_name"]) == (slug, package)


@pytest.mark.parametrize(
    ("question", "bad", "fixed"),
    [
        ("project_name", "", "My Service"),
        ("project_name", "!?", "My Service"),
        ("project_name", "two\nlines", "two lines"),
        ("project_name", "x" * 81, "x" * 80),
        ("project_slug", "", "my-service"),
        ("project_slug", "My Service", "my-service"),
        ("project_slug", "2fast", "service-2fast"),
        ("project_slug", "-a--b-", "a-b"),
        ("project_slug", "x" * 41, "x" * 40),
        ("project_slug", "flask", "flask-service"),
        ("project_slug", "argon2-cffi", "argon2-cffi-service"),
        ("package_name", "", "my_service"),
        ("package_name", "my-service", "my_service"),
        ("package_name", "MyService", "myservice"),
        ("package_name", "2fast", "service_2fast"),
        ("package_name", "class", "class_service"),
        ("package_name", "json", "json_service"),
        ("package_name", "test", "test_service"),
        ("package_name", "tests", "tests_service"),
        ("package_name", "flask", "flask_service"),
        ("package_name", "naïve", "naive"),
        ("package_name", "x" * 41, "x" * 40),
    ],
)
def test_bad_name_is_refused_with_a_fixed_name_that_is_accepted(
    answer: Answer, question: str, bad: str, fixed: str
) -> None:
    with pytest.raises(ValueError, match=f"try “{fixed}”\\.$"):
        answer(**{question: bad})
    assert answer(**{question: fixed})[question] == fixed


@pytest.mark.parametrize(
    ("question", "bad"),
    [
        ("description", "two\nlines"),
        ("description", "x" * 201),
        ("author_name", "Ada <ada@example.org>"),
        ("author_name", "two\nlines"),
        ("author_email", "ada"),
        ("author_email", "ada@example"),
        ("author_email", "ada lovelace@example.org"),
    ],
)
def test_bad_text_is_refused_in_one_sentence(answer: Answer, question: str, bad: str) -> None:
    with pytest.raises(ValueError, match=f"Validation error for question '{question}': .*[.]$"):
        answer(**{question: bad})


def test_author_can_be_given(answer: Answer) -> None:
    answers = answer(author_name="Łukasz O'Neill", author_email="l.oneill+x@example.org")
    assert answers["author_name"] == "Łukasz O'Neill"
    assert answers["author_email"] == "l.oneill+x@example.org"


def test_no_package_can_hide_a_keyword_or_the_standard_library(answer: Answer) -> None:
    source = (BLUEPRINT / "partials" / "names.jinja").read_text("utf-8").split()
    public = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    names = {name for name in public | set(keyword.kwlist) if name == name.lower()}
    assert names <= set(source)


def test_every_partial_is_named_after_a_choice_that_exists() -> None:
    for path in (BLUEPRINT / "partials").rglob("*"):
        parts = re.sub(r"\.[a-z]+$", "", path.relative_to(BLUEPRINT).as_posix()).split("/")
        for option, choice in itertools.pairwise(parts):
            assert option not in CHOICES or choice in CHOICES[option], path


def test_no_question_is_secret() -> None:
    assert not [name for name, details in questions().items() if details.get("secret")]


def test_blueprint_asks_for_no_trust() -> None:
    template = Template(url=str(BLUEPRINT))
    assert not template.tasks
    assert not template.jinja_extensions
    assert not any(name.startswith("_migrations") for name in template.config_data)


def test_every_question_has_a_help_sentence_and_a_label() -> None:
    for name, details in questions().items():
        assert details["help"].strip().endswith((".", "?")), name
        assert details["_scaffold_tui"]["label"], name


def test_every_question_stands_in_one_step_in_the_order_asked() -> None:
    settings = next(yaml.load_all((BLUEPRINT / "copier.yml").read_text("utf-8"), _Loader))
    steps = settings["_scaffold_tui"]["steps"]
    assert [step["id"] for step in steps] == STEPS
    assert [name for step in steps for name in step["questions"]] == list(questions())
    assert all(step["title"] and step["help"].endswith(".") for step in steps)


@pytest.mark.parametrize("question", CHOICES)
def test_every_choice_has_an_explanation(question: str) -> None:
    options = questions()[question]["_scaffold_tui"]["options"]
    assert list(options) == CHOICES[question]
    needed = {"summary", "docs"}
    if question in EXPLAINED_AT_LENGTH:
        needed |= {"choose", "cost", "pairs"}
    for value, option in options.items():
        assert set(option) == needed, value
        assert option["docs"].startswith("https://"), value
        assert all(text.endswith(".") for key, text in option.items() if key != "docs"), value


class _Loader(yaml.SafeLoader):
    """Reads copier.yml without following its includes."""


_Loader.add_constructor("!include", lambda _loader, node: {"include": node.value})
