"""What is legal, said apart from the blueprint; and the generated services that tests look at."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import copier
import pytest
from jinja2 import Environment, FileSystemLoader

BLUEPRINT = Path(__file__).parents[2] / "blueprints" / "service"
CODE_QUESTIONS = {
    "framework": ("fastapi", "flask"),
    "sample": ("items", "none"),
    "database": ("postgresql", "sqlite", "none"),
    "auth": ("jwt", "none"),
}
# Each rule with the words that its refusal begins with.
RULES: dict[str, Callable[[dict[str, str]], bool]] = {
    "Items need a database": lambda a: a["sample"] == "items" and a["database"] == "none",
    "JWT needs a database": lambda a: a["auth"] == "jwt" and a["database"] == "none",
}
# What shapes no code goes round and round, so that each choice meets several combinations.
SURROUNDINGS = [
    {"ci": "github", "deploy": "kubernetes", "license": "MIT", "python_version": "3.13"},
    {"ci": "none", "deploy": "none", "license": "Apache-2.0", "python_version": "3.11"},
    {"ci": "github", "deploy": "none", "license": "Proprietary", "python_version": "3.14"},
    {"ci": "none", "deploy": "kubernetes", "license": "MIT", "python_version": "3.12"},
]

Answers = dict[str, str]
Render = Callable[..., Path]


def combinations() -> Iterator[Answers]:
    """Every combination of the answers that shape code."""
    for chosen in itertools.product(*CODE_QUESTIONS.values()):
        yield dict(zip(CODE_QUESTIONS, chosen, strict=True))


def broken_rules(answers: Answers) -> list[str]:
    """The rules that a combination breaks."""
    return [name for name, breaks in RULES.items() if breaks(answers)]


LEGAL = [answers for answers in combinations() if not broken_rules(answers)]
ILLEGAL = [answers for answers in combinations() if broken_rules(answers)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test that asks for `legal` or `illegal` once for each such combination."""
    for name, chosen in (("legal", LEGAL), ("illegal", ILLEGAL)):
        if name in metafunc.fixturenames:
            ids = ["-".join(answers.values()) for answers in chosen]
            metafunc.parametrize(name, chosen, ids=ids, scope="session")


@pytest.fixture(scope="session")
def rules_broken() -> Callable[[Answers], list[str]]:
    """The oracle."""
    return broken_rules


@pytest.fixture(scope="session")
def render_service() -> Render:
    """A function that generates a service with plain Copier, and returns where."""

    def render(destination: Path, **answers: str) -> Path:
        if answers.get("database") == "none" and answers.get("auth") == "none":
            # Not asked without a database.
            answers = {name: value for name, value in answers.items() if name != "auth"}
        copier.run_copy(str(BLUEPRINT), destination, data=answers, defaults=True, quiet=True)
        return destination

    return render


@pytest.fixture(scope="session")
def service(
    legal: Answers, render_service: Render, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A service for each legal combination; nobody changes its files."""
    surroundings = SURROUNDINGS[LEGAL.index(legal) % len(SURROUNDINGS)]
    destination = tmp_path_factory.mktemp("-".join(legal.values()))
    return render_service(destination, **legal, **surroundings)


@pytest.fixture(scope="session")
def service_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with all that any service needs, in the pinned versions."""
    root = tmp_path_factory.mktemp("environment")
    environment = Environment(loader=FileSystemLoader(BLUEPRINT), autoescape=False)
    pins = environment.get_template("partials/requirements/pins.jinja").module
    lines = {line for line, _ in [*pins.pins, *pins.dev_pins]}  # type: ignore[attr-defined]
    requirements = root / "requirements.txt"
    requirements.write_text("\n".join(sorted(lines)), encoding="utf-8")
    python = root / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    uv = shutil.which("uv")
    venv.create(root / "venv", with_pip=uv is None)
    install = [uv, "pip", "install", "--quiet", "--python", str(python)] if uv else []
    install = install or [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--requirement", str(requirements)], check=True)
    return python


@pytest.fixture(scope="session")
def clean_environment() -> dict[str, str]:
    """The variables that a command needs, and none that a service would read."""
    needed = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMPDIR", "LANG")
    return {name: os.environ[name] for name in needed if name in os.environ} | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
