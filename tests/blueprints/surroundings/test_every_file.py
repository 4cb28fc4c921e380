"""What holds for every file of a generated project."""

from __future__ import annotations

import ast
import os
import re
import tomllib
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Project, Render


def test_no_file_has_leftovers_of_the_template(project: Project) -> None:
    for path in project.files():
        text = path.read_text("utf-8")
        name = str(path.relative_to(project.root))
        assert not re.search(r"\{%|%\}|(?<!\$)\{\{", text), name
        assert not re.search(r"[ \t]$", text, re.M), name
        if path.suffix not in (".py", ".mako") and name != "LICENSE":
            assert "\n\n\n" not in text, name
        assert not text or (text.endswith("\n") and not text.endswith("\n\n")), name


def test_odd_names_and_texts_leave_every_file_readable(render: Render) -> None:
    project = render(
        project_name='  Ünïcode & Co. "2" ',
        description='It\'s "quoted" \\ {{ x }} {% if %} # 1: yes',
        author_name='Łukasz "Luke" O\'Neill \\',
    )
    assert (project / "src" / "unicode_co_2").is_dir()
    assert project.text("README.md").startswith('# Ünïcode & Co. "2"\n\nIt\'s "quoted" \\ {{ x }}')
    for path in project.files():
        if path.suffix in (".yml", ".yaml"):
            assert yaml.safe_load(path.read_text("utf-8")), path
        elif path.suffix == ".toml":
            assert tomllib.loads(path.read_text("utf-8")), path
        elif path.suffix == ".py":
            ast.parse(path.read_text("utf-8"))


def test_no_name_in_the_template_is_forbidden_on_windows(blueprint: Path) -> None:
    for path in blueprint.rglob("*"):
        assert not set('"<>|:*?\\') & set(path.name), path


def test_scripts_can_be_executed(project: Project) -> None:
    scripts = list((project / "scripts").iterdir())
    assert all(os.access(script, os.X_OK) for script in scripts)
    assert all(script.read_bytes().startswith(b"#!/usr/bin/env bash\n") for script in scripts)


def test_db_migrate_script_is_there_with_a_database_only(render: Render) -> None:
    assert (render() / "scripts" / "db_migrate.sh").exists()
    assert not (render(sample="none", database="none") / "scripts" / "db_migrate.sh").exists()


@pytest.mark.parametrize(
    ("license_", "first_line"),
    [
        ("MIT", "MIT License"),
        ("Apache-2.0", "Apache License"),
        ("Proprietary", "Copyright (c) Ada Lovelace. All rights reserved."),
    ],
)
def test_license_file_holds_the_chosen_licence(
    render: Render, license_: str, first_line: str
) -> None:
    small = {"sample": "none", "database": "none"}
    text = render(license=license_, author_name="Ada Lovelace", **small).text("LICENSE")
    assert text.strip().splitlines()[0].strip() == first_line
    assert "Ada Lovelace" in text or license_ == "Apache-2.0"


def test_mit_licence_without_an_author_names_the_project(render: Render) -> None:
    assert "Copyright (c) My Service contributors" in render().text("LICENSE")
