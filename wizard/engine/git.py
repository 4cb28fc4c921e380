"""Makes a written project a git repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from wizard.errors import GitError

_SECONDS = 60
_MESSAGE = "Start the project with scaffold-tui"
_NEVER_ADDED = (":(exclude,glob)**/.env", ":(exclude,glob)**/.scaffold-tui-*")


def available() -> bool:
    """Whether git can be run."""
    return shutil.which("git") is not None


def init_with_first_commit(project: Path) -> str:
    """Make `project` a repository with all files but `.env` in a first commit; say so.

    Raises:
        GitError: Git is missing or refuses; `project` is no repository then, as before.
    """
    if not available():
        raise GitError("Git is not installed; install it, then run “git init” in the project.")
    if (project / ".git").exists():
        raise GitError(f"“{project.name}” is a git repository already; commit with git itself.")
    outer = _run(project, "rev-parse", "--show-toplevel", check=False)
    if outer:
        raise GitError(f"“{project.name}” is inside the git repository {outer}; commit it there.")
    for ident in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        if not _run(project, "var", ident, check=False):
            raise GitError(
                "Git does not know who you are; run “git config --global user.name NAME” and "
                "“git config --global user.email ADDRESS”, then try again."
            )
    try:
        return _commit(project)
    except (GitError, KeyboardInterrupt):
        shutil.rmtree(project / ".git", ignore_errors=True)
        raise


def _commit(project: Path) -> str:
    _run(project, "init", "--quiet")
    _run(project, "symbolic-ref", "HEAD", "refs/heads/main")  # “init -b” needs git 2.28
    _run(project, "add", "--all", "--", ".", *_NEVER_ADDED)
    _run(project, "commit", "--quiet", "--message", _MESSAGE)
    files = _run(project, "ls-files").splitlines()
    commit = _run(project, "rev-parse", "--short", "HEAD")
    return (
        f"Made a git repository on branch main; its first commit {commit} has {len(files)} files."
    )


def _run(project: Path, *arguments: str, check: bool = True) -> str:
    """Run git in `project` without a terminal and return what it printed.

    Without one, nothing that git starts (a hook, a signing program) can paint over the wizard.
    A caller's own repository is left out of it: git sets variables for that when it runs a hook.

    Raises:
        GitError: It failed, and `check` is set; else the result is empty.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_DIR")}
    for key in ("GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"):
        environment.pop(key, None)
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=project,
            env={**environment, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise GitError(f"Git did not finish in {_SECONDS} seconds; run it by hand.") from error
    except OSError as error:
        raise GitError(f"Git could not be run: {error.strerror}.") from error
    if done.returncode and check:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        said = lines[-1].removeprefix("fatal: ").rstrip(".") if lines else "it does not say why"
        raise GitError(f"Git refused the {arguments[0]}: {said}; mend that and try again.")
    return "" if done.returncode else done.stdout.strip()
