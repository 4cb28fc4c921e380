"""Projects as plain Copier generates them, and what the tests ask of one."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml

BLUEPRINT = Path(__file__).parents[3] / "blueprints" / "service"
SHAPES = [
    {"sample": sample, "database": database, "auth": auth}
    for database, sample, auth in itertools.product(
        ("postgresql", "sqlite"), ("items", "none"), ("jwt", "none")
    )
] + [{"sample": "none", "database": "none"}]

DEFAULTS = {
    "framework": "fastapi",
    "sample": "items",
    "database": "postgresql",
    "auth": "jwt",
    "deploy": "kubernetes",
}


class Project:
    """A generated project; `project / "name"` is a path in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __truediv__(self, name: str | Path) -> Path:
        return self.root / name

    def files(self) -> Iterator[Path]:
        """Every file."""
        return (path for path in self.root.rglob("*") if path.is_file())

    def text(self, name: str) -> str:
        """A file's text."""
        return (self / name).read_text("utf-8")

    def load(self, name: str) -> dict[str, Any]:
        """The mapping that a YAML file holds."""
        document: dict[str, Any] = yaml.safe_load(self.text(name))
        return document

    def compose(self) -> dict[str, Any]:
        """docker-compose.yml, with its merges resolved."""
        return self.load("docker-compose.yml")

    def settings(self, name: str) -> dict[str, str]:
        """The settings that a file like .env gives, in order."""
        lines = [line for line in self.text(name).splitlines() if line and line[0] != "#"]
        return dict(line.split("=", 1) for line in lines)

    def secrets(self) -> dict[str, str]:
        """The secrets in .env."""
        return {
            name: value
            for name, value in self.settings(".env").items()
            if name in ("POSTGRES_PASSWORD", "JWT_SECRET_KEY")
        }

    def make_targets(self) -> dict[str, str]:
        """The documented targets of the Makefile with their descriptions, in order."""
        return dict(re.findall(r"^([a-z-]+):[^#\n]*## (.+)$", self.text("Makefile"), re.M))

    def stages(self) -> list[list[str]]:
        """The instructions of the Dockerfile, a list a stage, continued lines joined."""
        text = self.text("Dockerfile").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        starts = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
        return [lines[a:b] for a, b in itertools.pairwise([*starts, len(lines)])]

    def manifests(self) -> dict[str, dict[str, Any]]:
        """The resources of the Kustomize base, by kind."""
        base = "deploy/kubernetes/base"
        names = self.load(f"{base}/kustomization.yaml")["resources"]
        resources = [self.load(f"{base}/{name}") for name in names]
        return {resource["kind"]: resource for resource in resources}

    def pod(self) -> dict[str, Any]:
        """The pod's specification in the Deployment."""
        pod: dict[str, Any] = self.manifests()["Deployment"]["spec"]["template"]["spec"]
        return pod

    def overlay(self, environment: str) -> dict[str, Any]:
        """The Kustomization of an environment."""
        return self.load(f"deploy/kubernetes/overlays/{environment}/kustomization.yaml")


Render = Callable[..., Project]
Generate = Callable[..., Project]


@pytest.fixture(scope="session")
def render(tmp_path_factory: pytest.TempPathFactory) -> Render:
    """A function that renders the blueprint once for the same answers; nobody writes into it."""
    rendered: dict[tuple[tuple[str, str], ...], Project] = {}

    def run(**answers: str) -> Project:
        answers = {**DEFAULTS, **answers}
        if answers["database"] == "none":
            del answers["auth"]
        key = tuple(sorted(answers.items()))
        if key not in rendered:
            root = tmp_path_factory.mktemp("service")
            copier.run_copy(str(BLUEPRINT), root, data=answers, defaults=True, quiet=True)
            rendered[key] = Project(root)
        return rendered[key]

    return run


@pytest.fixture
def generate() -> Generate:
    """A function that generates into a folder of the test's own, over what is there."""

    def run(root: Path, **answers: str) -> Project:
        copier.run_copy(
            str(BLUEPRINT), root, data=answers, defaults=True, overwrite=True, quiet=True
        )
        return Project(root)

    return run


@pytest.fixture
def clone(render: Render, tmp_path: Path) -> Project:
    """The default project as a colleague has it after a clone: without .env, free to change."""
    shutil.copytree(render().root, tmp_path / "clone", ignore=shutil.ignore_patterns(".env"))
    return Project(tmp_path / "clone")


@pytest.fixture
def bash() -> None:
    """Skips where the scripts cannot run."""
    if os.name == "nt" or shutil.which("bash") is None:
        pytest.skip("the scripts are for a POSIX shell")


@pytest.fixture(scope="session")
def blueprint() -> Path:
    """The blueprint's folder."""
    return BLUEPRINT


@pytest.fixture(params=["fastapi", "flask"])
def framework(request: pytest.FixtureRequest) -> str:
    """Each framework."""
    return str(request.param)


@pytest.fixture(params=SHAPES, ids=lambda shape: "-".join(shape.values()))
def project(request: pytest.FixtureRequest, framework: str, render: Render) -> Project:
    """A project of each framework with each legal combination of sample, database and auth."""
    return render(framework=framework, **request.param)
