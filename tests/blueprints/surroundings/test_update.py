"""`copier update` of a project, with a repository that holds two versions of the blueprint."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import copier
import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

IDENTITY = ["-c", "user.name=Ada Lovelace", "-c", "user.email=ada@example.org"]


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as somebody; its output."""
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path, message: str) -> None:
    """Commit all that is in a folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture
def released(blueprint: Path, tmp_path: Path) -> Path:
    """A repository with version 1.0.0 of the blueprint's surroundings."""
    root = tmp_path / "template"
    shutil.copytree(blueprint, root, ignore=shutil.ignore_patterns("src", "tests"))
    git(root, "init", "--quiet")
    commit(root, "Release 1.0.0")
    git(root, "tag", "v1.0.0")
    return root


def test_update_keeps_env_and_brings_the_rest(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{variable}_NAME", "Ada Lovelace")
        monkeypatch.setenv(f"{variable}_EMAIL", "ada@example.org")
    project = tmp_path / "project"
    copier.run_copy(str(released), project, defaults=True, quiet=True)
    env = (project / ".env").read_bytes()
    git(project, "init", "--quiet")
    commit(project, "Start")

    example = released / "project" / ".env.example.jinja"
    example.write_text(example.read_text("utf-8") + "\n# New.\nNEW_SETTING=1\n", "utf-8")
    template_env = released / "project" / ".env.jinja"
    template_env.write_text(template_env.read_text("utf-8") + "NEW_SETTING=1\n", "utf-8")
    commit(released, "Release 1.1.0")
    git(released, "tag", "v1.1.0")
    copier.run_update(project, defaults=True, overwrite=True, quiet=True)

    assert (project / ".env").read_bytes() == env
    assert "NEW_SETTING=1" in (project / ".env.example").read_text("utf-8")
    assert git(project, "status", "--porcelain").split() == [
        *("M", ".copier-answers.yml"),
        *("M", ".env.example"),
    ]
