"""The Makefile and the pipeline, which calls nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Project, Render


def test_every_make_target_is_documented_and_phony(project: Project) -> None:
    text = project.text("Makefile")
    phony = set(re.findall(r"^\.PHONY: ([a-z-]+)$", text, re.M))
    assert phony == set(project.make_targets())


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_help_lists_every_target(render: Render) -> None:
    result = subprocess.run(["make", "help"], cwd=render().root, capture_output=True, check=True)
    listed = [line.split()[0] for line in result.stdout.decode().splitlines()]
    assert listed == list(render().make_targets())


def test_database_targets_are_there_with_a_database_only(render: Render) -> None:
    database_targets = {"migrate", "migration", "upgrade-local"}
    assert database_targets | {"db"} <= set(render().make_targets())
    sqlite = set(render(database="sqlite").make_targets())
    assert database_targets <= sqlite
    assert "db" not in sqlite
    assert not (database_targets | {"db"}) & set(
        render(sample="none", database="none").make_targets()
    )


def test_workflow_only_calls_make_targets_that_exist(project: Project) -> None:
    workflow = project.load(".github/workflows/ci.yml")
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    commands = [step["run"] for step in steps if "run" in step]
    assert {command.split()[0] for command in commands} == {"make"}
    called = {command.split()[1] for command in commands}
    assert (
        {"lint", "typecheck", "test", "docker-build", "up"} <= called <= {*project.make_targets()}
    )


def test_workflow_may_only_read_and_pins_its_actions(render: Render) -> None:
    workflow = render().load(".github/workflows/ci.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is True
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    uses = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in uses)


def test_workflow_checks_with_the_chosen_python(render: Render) -> None:
    workflow = render(python_version="3.12").load(".github/workflows/ci.yml")
    setups = [
        step["with"]["python-version"]
        for step in workflow["jobs"]["check"]["steps"]
        if step.get("uses", "").startswith("actions/setup-python@")
    ]
    assert setups == ["3.12"]


def test_no_ci_means_no_github_folder(render: Render) -> None:
    project = render(ci="none")
    assert not (project / ".github").exists()
    assert "GitHub Actions" not in project.text("README.md")
