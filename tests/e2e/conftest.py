"""What the end-to-end tests stand on: a Docker Engine, a terminal multiplexer, and free ports."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


def _missing(what: str, required_by: str) -> None:
    """Skip on a developer's machine; fail where the variable `required_by` is set."""
    if os.environ.get(required_by):
        pytest.fail(f"{what} is required here, but there is none")
    pytest.skip(f"needs {what}")


def _answers(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="session")
def engine() -> None:
    """Ask for a Docker Engine with Compose v2."""
    if not (_answers("docker", "info") and _answers("docker", "compose", "version")):
        _missing("a Docker Engine with Compose v2", "SCAFFOLD_TUI_REQUIRE_ENGINE")


@pytest.fixture(scope="session")
def tmux() -> str:
    """Ask for tmux; return its path."""
    path = shutil.which("tmux")
    if path is None:
        _missing("tmux", "SCAFFOLD_TUI_REQUIRE_TMUX")
    return str(path)


@pytest.fixture
def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def remove_afterwards() -> Iterator[Callable[[Path], None]]:
    """Return a function that takes a project's folder; all it left in Docker goes at the end."""
    projects: list[Path] = []
    yield projects.append
    for project in projects:
        if (project / "docker-compose.yml").exists():
            command = ["docker", "compose", "down", "--volumes", "--rmi", "local", "--timeout", "5"]
            subprocess.run(command, cwd=project, capture_output=True, check=False)
