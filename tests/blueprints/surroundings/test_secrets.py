"""Secrets: where they are, where they are not, and how they are made."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Generate, Project, Render


def test_secrets_stand_nowhere_but_in_env(project: Project) -> None:
    secrets = project.secrets().values()
    assert all(re.fullmatch(r"[0-9a-f]{64}", secret) for secret in secrets)
    for path in project.files():
        if path.name != ".env":
            assert not [secret for secret in secrets if secret in path.read_text("utf-8")], path


def test_secrets_differ_from_each_other_and_in_each_rendering(
    generate: Generate, tmp_path: Path
) -> None:
    one, two = (generate(tmp_path / name, sample="none").secrets() for name in ("one", "two"))
    assert list(one) == list(two) == ["POSTGRES_PASSWORD", "JWT_SECRET_KEY"]
    assert len({*one.values(), *two.values()}) == 4


def test_env_example_documents_every_setting_and_no_secret(project: Project) -> None:
    example = project.settings(".env.example")
    env = project.settings(".env")
    assert list(example) == list(env)
    for name, value in example.items():
        assert value == ("" if name in project.secrets() else env[name])
    lines = project.text(".env.example").splitlines()
    for number, line in enumerate(lines):
        assert "=" not in line or line.startswith("#") or lines[number - 1].startswith("# "), line


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_env_is_ignored_by_git_and_the_example_is_not(render: Render, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(render() / ".gitignore", tmp_path)
    names = [".env", ".env.example", ".venv/x", "app.db", "reports/junit.xml", "src/x.py"]
    ignored = subprocess.run(
        ["git", "check-ignore", *names], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.split()
    assert ignored == [".env", ".venv/x", "app.db", "reports/junit.xml"]


def test_env_stays_outside_the_image(project: Project) -> None:
    rules = project.text(".dockerignore").splitlines()
    rules = [rule for rule in rules if rule and not rule.startswith("#")]
    assert rules[0] == "*"
    assert not [rule for rule in rules if rule.startswith("!.env") or rule == "!*"]


def test_generating_again_leaves_env_as_it_is(generate: Generate, tmp_path: Path) -> None:
    before = generate(tmp_path, description="First.").text(".env")
    again = generate(tmp_path, description="Second.")
    assert again.text(".env") == before
    assert "Second." in again.text("README.md")


@pytest.mark.usefixtures("bash")
def test_setup_env_writes_strong_secrets_for_the_owner_only(clone: Project) -> None:
    subprocess.run([clone / "scripts" / "setup_env.sh"], check=True)
    assert list(clone.settings(".env")) == list(clone.settings(".env.example"))
    secrets = set(clone.secrets().values())
    assert len(secrets) == 2
    assert all(re.fullmatch(r"[0-9a-f]{64}", secret) for secret in secrets)
    assert (clone / ".env").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("bash")
def test_setup_env_never_overwrites(clone: Project) -> None:
    (clone / ".env").write_text("MINE=1\n", "utf-8")
    result = subprocess.run(
        [clone / "scripts" / "setup_env.sh"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert ".env exists and is left as it is" in result.stderr
    assert clone.text(".env") == "MINE=1\n"
