"""The README, held against the project that it describes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Project, Render


def test_readme_lists_every_make_target(project: Project) -> None:
    readme = project.text("README.md")
    rows = re.findall(r"^\| `make ([a-z-]+)", readme, re.M)
    assert sorted(rows) == sorted(set(project.make_targets()) - {"help"})
    assert set(re.findall(r"`?make ([a-z-]+)[ `]", readme)) <= set(project.make_targets())


def test_readme_settings_are_the_ones_of_the_service(project: Project) -> None:
    readme = project.text("README.md")
    rows = re.findall(r"^\| `([A-Z_]+)` \|", readme, re.M)
    assert sorted(rows) == sorted(project.settings(".env"))
    tree = ast.parse(project.text("src/my_service/core/config.py"))
    fields = {
        statement.target.id.upper()
        for definition in ast.walk(tree)
        if isinstance(definition, ast.ClassDef)
        for statement in definition.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }
    only_outside = {"APP_PORT", "DB_PORT", "POSTGRES_PASSWORD", "WEB_CONCURRENCY"}
    assert set(rows) - only_outside == fields


def test_readme_routes_are_in_the_code(project: Project) -> None:
    readme = project.text("README.md")
    resources = set(re.findall(r"/api/v1/([a-z]+)", readme))
    api = project / "src" / "my_service" / "api"
    modules = {path.stem for path in (api / "v1").glob("*.py")} - {"__init__", "router"}
    assert resources <= modules
    assert {"auth", "users", "items"} & modules <= resources
    for method, resource in re.findall(r"^\| `([A-Z]+)[^/]*/api/v1/([a-z]+)", readme, re.M):
        source = (api / "v1" / f"{resource}.py").read_text("utf-8")
        assert re.search(rf"\b{method.lower()}\(", source), (method, resource)


def test_readme_structure_and_links_exist(project: Project) -> None:
    readme = project.text("README.md")
    structure = readme.split("```text\n")[1].split("```")[0]
    for line in structure.splitlines():
        name = line.split()[0]
        root = project / "src" / "my_service" if line.startswith("  ") else project.root
        assert (root / name).exists(), name
    for link in re.findall(r"\]\(([^)]+)\)", readme):
        assert link.startswith("https://") or (project / link).exists(), link
    for path in re.findall(r"`((?:scripts|deploy|tests|migrations)/[^` <]*)`", readme):
        assert (project / path).exists(), path


def test_readme_never_mentions_a_choice_that_was_not_made(render: Render) -> None:
    readme = render(sample="none", database="none", deploy="none").text("README.md")
    for word in ("PostgreSQL", "SQLite", "Alembic", "JWT", "items", "kubectl", "Flask", "gunicorn"):
        assert word not in readme, word
