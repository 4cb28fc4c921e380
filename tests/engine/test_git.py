"""A written project becomes a repository."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.engine import git
from wizard.errors import GitError

pytestmark = pytest.mark.skipif(not git.available(), reason="git is not installed")


@pytest.fixture(autouse=True)
def _identity(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text("[user]\nname = Test\nemail = test@example.org\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    for name in ("README.md", "src/main.py", ".env", "src/.env", ".env.example"):
        (folder / name).write_text("x\n")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    return folder


def test_all_files_but_secrets_are_in_the_first_commit(
    project: Path, run_git: Callable[..., str]
) -> None:
    said = git.init_with_first_commit(project)
    commit = run_git(project, "rev-parse", "--short", "HEAD")
    assert said == (f"Made a git repository on branch main; its first commit {commit} has 4 files.")
    committed = run_git(project, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    assert committed == [".env.example", "README.md", "run.sh", "src/main.py"]
    assert run_git(project, "branch", "--show-current") == "main"
    assert run_git(project, "log", "--format=%an %s") == "Test Start the project with scaffold-tui"


def test_ignored_files_are_left_out(project: Path, run_git: Callable[..., str]) -> None:
    (project / ".gitignore").write_text("*.log\n.env\n")
    (project / "x.log").write_text("x")
    git.init_with_first_commit(project)
    assert run_git(project, "status", "--porcelain") == ""
    assert "x.log" not in run_git(project, "ls-files")


def test_without_git_a_sentence_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    assert not git.available()
    with pytest.raises(GitError, match="Git is not installed; install it, then run “git init”"):
        git.init_with_first_commit(project)


def test_without_an_identity_nothing_is_begun(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[user]\nuseConfigOnly = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME",
                 "GIT_COMMITTER_EMAIL", "EMAIL"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(GitError, match="Git does not know who you are; run “git config --global"):
        git.init_with_first_commit(project)
    assert not (project / ".git").exists()


def test_a_repository_is_not_begun_twice(project: Path) -> None:
    git.init_with_first_commit(project)
    with pytest.raises(GitError, match="“project” is a git repository already"):
        git.init_with_first_commit(project)


def test_no_repository_is_made_inside_another(project: Path, run_git: Callable[..., str]) -> None:
    run_git(project.parent, "init", "--quiet")
    with pytest.raises(GitError, match=f"is inside the git repository {project.parent}; commit it"):
        git.init_with_first_commit(project)
    assert not (project / ".git").exists()


def test_a_refusal_is_told_and_undone(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\necho 'The secret scanner says no.' >&2\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    config = tmp_path / "hooked"
    config.write_text(f"[user]\nname = T\nemail = t@example.org\n[core]\nhooksPath = {hooks}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    with pytest.raises(GitError, match="refused the commit: The secret scanner says no; mend that"):
        git.init_with_first_commit(project)
    assert not (project / ".git").exists()
    assert (project / "README.md").exists()


def test_the_repository_of_a_hook_that_starts_us_is_left_alone(
    project: Path, tmp_path: Path, run_git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    run_git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    git.init_with_first_commit(project)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name)
    assert (project / ".git").is_dir()
    with pytest.raises(subprocess.CalledProcessError):
        run_git(other, "rev-parse", "--verify", "HEAD")
