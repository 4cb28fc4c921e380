"""Every generated service passes the checks and the tests that it brings along.

Commands are those of its Makefile, run with one environment that all services share.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 600
POSTGRESQL = "postgres:17"
START_SECONDS = 60

Run = Callable[..., None]


@pytest.fixture
def run(
    service: Path,
    service_python: Path,
    clean_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Run:
    """A function that runs a tool in the service's folder, and shows what it says if it fails."""
    caches = tmp_path_factory.getbasetemp() / "caches"

    def run_tool(*command: str, **settings: str) -> None:
        environment = clean_environment | settings
        environment |= {"MYPY_CACHE_DIR": str(caches), "RUFF_NO_CACHE": "true"}
        # The coverage data stands apart, since tests share the folder.
        environment["COVERAGE_FILE"] = str(caches / "coverage")
        done = subprocess.run(
            [str(service_python), "-m", *command],
            cwd=service,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"

    caches.mkdir(exist_ok=True)
    return run_tool


def test_its_linter_and_formatter_have_nothing_to_say(run: Run) -> None:
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")


def test_its_types_hold(run: Run) -> None:
    run("mypy")


def test_its_tests_pass_and_cover_the_code(run: Run) -> None:
    run("pytest", "-q", "-p", "no:cacheprovider", "--cov", "--cov-fail-under=90")


def test_its_migrations_match_the_models_and_can_be_taken_back(
    run: Run, legal: dict[str, str], tmp_path: Path
) -> None:
    if legal["database"] == "none":
        pytest.skip("there is nothing to migrate without a database")
    url = f"sqlite:///{(tmp_path / 'app.db').as_posix()}"
    for command in (["upgrade", "head"], ["check"], ["downgrade", "base"], ["upgrade", "head"]):
        run("alembic", *command, DATABASE_URL=url)


def succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The address of a new PostgreSQL."""
    docker = shutil.which("docker")
    if docker is None or not succeeds(docker, "info"):
        if os.environ.get("SCAFFOLD_TUI_REQUIRE_ENGINE"):
            pytest.fail("a Docker Engine is required here, but there is none")
        pytest.skip("needs a Docker Engine")

    def ask(*command: str) -> str:
        done = subprocess.run([docker, *command], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    container = ask(
        *("run", "--detach", "--publish", "127.0.0.1::5432"),
        *("--env", "POSTGRES_USER=app", "--env", "POSTGRES_PASSWORD=app", POSTGRESQL),
    )
    try:
        port = ask("port", container, "5432").rpartition(":")[2]
        # Over TCP: during its first start the server listens on a socket only.
        ready = (docker, "exec", container, "pg_isready", "--host=127.0.0.1", "--username=app")
        deadline = time.monotonic() + START_SECONDS
        while not succeeds(*ready):
            assert time.monotonic() < deadline, ask("logs", container)
            time.sleep(0.2)
        yield f"postgresql://app:app@127.0.0.1:{port}/app"
    finally:
        ask("rm", "--force", "--volumes", container)


@pytest.mark.engine
def test_its_tests_and_migrations_pass_on_postgresql(
    run: Run, legal: dict[str, str], postgresql: str
) -> None:
    if legal["database"] != "postgresql":
        pytest.skip("the service is not for PostgreSQL")
    run("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=postgresql)
    for command in (["upgrade", "head"], ["check"], ["downgrade", "base"]):
        run("alembic", *command, DATABASE_URL=postgresql)
