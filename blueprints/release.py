"""Release a blueprint: one commit and one tag more in its bundle.

    python blueprints/release.py service 0.2.0 --notes "Adds MySQL."

A project remembers the version that it was made from, and ``copier update`` merges what has
changed since. So each release of ``blueprints/<name>`` is a commit with a tag in
``blueprints/<name>.bundle``, which the package carries and ``git-remote-scaffold-tui`` serves.
Author and dates are fixed and depend on the number of releases alone: the same content gives the
same commit, whoever releases it.

The version must be newer than all others, and something must have changed. ``--check`` only tells
whether the newest release equals the folder; its exit code is 1 if not.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.version import InvalidVersion, Version

FOLDER = Path(__file__).resolve().parent
FIRST_DATE = 1_767_225_600  # 2026-01-01 00:00 UTC; each release is dated a day later
IDENTITY = {"NAME": "scaffold-tui", "EMAIL": "blueprints@scaffold-tui.invalid"}


def git(repository: Path, *arguments: str, date: int = FIRST_DATE) -> str:
    """Run git in `repository`, apart from the user's configuration; return what it printed."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{key}": text
            for who in ("AUTHOR", "COMMITTER")
            for key, text in IDENTITY.items()
        },
        "GIT_AUTHOR_DATE": f"{date} +0000",
        "GIT_COMMITTER_DATE": f"{date} +0000",
    }
    command = ["git", "-c", "pack.threads=1", "-c", "core.autocrlf=false", *arguments]
    return subprocess.run(
        command, cwd=repository, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def unpack(name: str, repository: Path) -> list[Version]:
    """Make `repository` from the bundle, if there is one, and return its versions, oldest first."""
    git(repository, "init", "--quiet", "--initial-branch=main")
    bundle = FOLDER / f"{name}.bundle"
    if not bundle.exists():
        return []
    git(repository, "fetch", "--quiet", "--tags", str(bundle), "refs/heads/main")
    git(repository, "update-ref", "refs/heads/main", "FETCH_HEAD")
    return sorted(Version(tag) for tag in git(repository, "tag").split())


def stage(name: str, repository: Path) -> bool:
    """Put the folder's files into the index; return whether they differ from the newest release."""
    for old in repository.iterdir():
        if old.name != ".git":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(FOLDER / name, repository, symlinks=True, dirs_exist_ok=True, ignore=ignored)
    git(repository, "add", "--all", "--force")
    return bool(git(repository, "status", "--porcelain"))


def is_current(name: str) -> bool:
    """Return whether the newest release equals the folder."""
    with tempfile.TemporaryDirectory() as folder:
        return bool(unpack(name, Path(folder))) and not stage(name, Path(folder))


def release(name: str, version: Version, notes: str) -> str:
    """Add `version` to the bundle and return the id of its commit.

    Raises:
        SystemExit: The version is not newer than all others, or nothing has changed.
    """
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder)
        versions = unpack(name, repository)
        if versions and version <= versions[-1]:
            sys.exit(f"{version} is not newer than {versions[-1]}.")
        if not stage(name, repository):
            sys.exit(f"Nothing has changed since {versions[-1]}.")
        date = FIRST_DATE + 86_400 * len(versions)
        git(repository, "commit", "--quiet", "-m", f"Release {version}\n\n{notes}", date=date)
        git(repository, "tag", "-a", f"v{version}", "-m", notes or f"Release {version}", date=date)
        bundle = str(FOLDER / f"{name}.bundle")
        git(repository, "bundle", "create", "--quiet", bundle, "HEAD", "main", "--tags")
        return git(repository, "rev-parse", "HEAD")


def main() -> int:
    """Read the command line and release or check."""
    parser = argparse.ArgumentParser(description="Release a blueprint into its bundle.")
    parser.add_argument("name", help="folder below blueprints/, for example service")
    parser.add_argument("version", nargs="?", help="for example 0.2.0")
    parser.add_argument("--notes", default="", help="what users of the blueprint should know")
    parser.add_argument("--check", action="store_true", help="only compare folder and bundle")
    arguments = parser.parse_args()
    if arguments.check:
        current = is_current(arguments.name)
        print("released" if current else "changed since the last release")
        return 0 if current else 1
    try:
        version = Version(arguments.version or "")
    except InvalidVersion:
        parser.error("give a version such as 0.2.0")
    commit = release(arguments.name, version, arguments.notes)
    print(f"{arguments.name} {version} is {commit[:12]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
