"""Every legal combination of the answers that shape code gives a project that hangs together."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

MODULES_OF = {
    "argon2-cffi": "argon2",
    "flask-smorest": "flask_smorest",
    "pydantic-settings": "pydantic_settings",
    "pyjwt": "jwt",
    "pytest-asyncio": "pytest_asyncio",
}
"""What a distribution is imported as, where that is another name."""
NEVER_IMPORTED = {
    "aiosqlite",
    "gunicorn",
    "mypy",
    "psycopg",
    "pytest-asyncio",
    "pytest-cov",
    "python-multipart",
    "ruff",
    "uvicorn",
    "webargs",
}
"""Drivers, servers and tools, which are named in settings and commands only."""
BROUGHT_ALONG = {"fastapi": {"starlette"}, "flask": {"werkzeug", "webargs", "apispec"}}
"""Modules of libraries that a framework is made of."""


def python_files(service: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(service.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"), str(path))


def imports_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each imported module with the name that is taken out of it, "" for the module itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def names_in(path: Path) -> set[str]:
    """The names that a module binds at its top level."""
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        else:
            names |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return names


def module_file(source: Path, module: str) -> Path | None:
    """Where a module of the service stands, if it does."""
    path = source.joinpath(*module.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def test_a_refusal_says_which_rule_is_broken(
    illegal: dict[str, str],
    rules_broken: Callable[[dict[str, str]], list[str]],
    render_service: Callable[..., Path],
    tmp_path: Path,
) -> None:
    with pytest.raises(ValueError, match="|".join(rules_broken(illegal))):
        render_service(tmp_path / "service", **illegal)
    assert not (tmp_path / "service").exists()


def test_answers_are_recorded_without_what_is_worked_out(
    service: Path, legal: dict[str, str]
) -> None:
    recorded = yaml.safe_load((service / ".copier-answers.yml").read_text("utf-8"))

    assert {"auth": "none", **recorded}.items() >= legal.items()
    assert not {name for name in recorded if name.startswith("has_") or name.endswith("_")}


def test_python_files_compile_and_have_no_odd_gaps(service: Path) -> None:
    for path in sorted(service.rglob("*.py")):
        text = path.read_text("utf-8")
        compile(text, str(path), "exec")
        assert "\n\n\n\n" not in text, path
        assert not text.startswith("\n"), path
        assert not re.search(r"[ \t]$", text, re.MULTILINE), path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not re.search(r"\{%|%\}|\{#|#\}", text), path


def test_data_files_can_be_read(service: Path) -> None:
    for path in service.rglob("*"):
        if path.suffix in (".yml", ".yaml"):
            list(yaml.safe_load_all(path.read_text("utf-8")))
        elif path.suffix == ".toml":
            tomllib.loads(path.read_text("utf-8"))
        elif path.suffix == ".json":
            json.loads(path.read_text("utf-8"))


def test_every_import_within_the_service_finds_its_name(service: Path) -> None:
    source = service / "src"
    for path, tree in python_files(service):
        for module, name in imports_of(tree):
            if module.partition(".")[0] != "my_service":
                continue
            found = module_file(source, module)
            assert found is not None, f"{path} imports {module}"
            if name and module_file(source, f"{module}.{name}") is None:
                assert name in names_in(found), f"{path} imports {name} from {module}"


def test_no_module_of_the_service_is_left_over(service: Path) -> None:
    source = service / "src"
    used = {"my_service.main", "my_service"}
    for _, tree in python_files(service):
        for module, name in imports_of(tree):
            used |= {module, f"{module}.{name}"}

    for path in (source / "my_service").rglob("*.py"):
        parts = path.relative_to(source).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        assert any(name == module or name.startswith(f"{module}.") for name in used), path


def test_dependencies_are_those_that_the_code_imports(service: Path, legal: dict[str, str]) -> None:
    project = tomllib.loads((service / "pyproject.toml").read_text("utf-8"))["project"]
    runtime = {Requirement(line).name for line in project["dependencies"]}
    dev = {Requirement(line).name for line in project["optional-dependencies"]["dev"]}
    source, everything = set[str](), set[str]()
    for path, tree in python_files(service):
        modules = {module.partition(".")[0] for module, _ in imports_of(tree)}
        everything |= modules
        if path.is_relative_to(service / "src") or path.is_relative_to(service / "migrations"):
            source |= modules

    own = (
        {"my_service", "_typeshed", ""}
        | set(sys.stdlib_module_names)
        | BROUGHT_ALONG[legal["framework"]]
    )
    declared = {MODULES_OF.get(name, name) for name in runtime}
    assert source - own <= declared
    assert everything - own <= declared | {MODULES_OF.get(name, name) for name in dev}
    imported = {name for name in runtime | dev if MODULES_OF.get(name, name) in everything}
    assert runtime | dev <= imported | NEVER_IMPORTED


def test_each_dependency_is_pinned_within_its_range(service: Path) -> None:
    project = tomllib.loads((service / "pyproject.toml").read_text("utf-8"))["project"]
    for file, wanted in (
        ("requirements.txt", project["dependencies"]),
        ("requirements-dev.txt", project["optional-dependencies"]["dev"]),
    ):
        lines = (service / file).read_text("utf-8").splitlines()
        pins = [Requirement(line) for line in lines if not line.startswith("#")]
        version_of = {pin.name: next(iter(pin.specifier)).version for pin in pins}
        assert len(version_of) == len(pins), f"{file} pins something twice"
        for line in wanted:
            requirement = Requirement(line)
            assert requirement.specifier.contains(version_of[requirement.name]), line


def test_no_file_tells_where_packages_come_from(service: Path) -> None:
    for path in service.rglob("*"):
        if path.is_file():
            text = path.read_text("utf-8")
            assert not re.search(r"index-url|find-links|/simple/?\b", text), path


def test_text_of_a_person_stays_text(render_service: Callable[..., Path], tmp_path: Path) -> None:
    texts = {
        "project_name": 'The "Best" of 日本語',
        "description": 'It\'s a "service" with \\ and {{ 7 * 7 }} in a sentence of some length. '
        * 2,
        "author_name": 'O\'Neil "Ada" \\ Søn',
    }

    service = render_service(tmp_path / "service", **texts)

    project = tomllib.loads((service / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["description"] == texts["description"].strip()
    assert project["authors"] == [{"name": texts["author_name"]}]
    config = ast.parse((service / "src" / "the_best_of" / "core" / "config.py").read_text("utf-8"))
    constants = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in config.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert constants["SERVICE_TITLE"] == texts["project_name"]
    assert constants["SERVICE_DESCRIPTION"] == texts["description"].strip()
    assert constants["SERVICE_NAME"] == "the-best-of"
