"""A small project on the real engine: every way up, down, and wrong; nothing is left at the end."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from wizard.engine import docker_look
from wizard.engine.compose import Compose
from wizard.engine.compose_events import (
    Answered,
    BuildStep,
    Cancelled,
    CommandStarted,
    Event,
    Failed,
    Failure,
    FailureKind,
    Finished,
    LogLine,
    Origin,
    Seen,
)
from wizard.engine.compose_state import StackState

pytestmark = [pytest.mark.slow, pytest.mark.engine]

Some = TypeVar("Some")

APP = """
import http.server, json, sys, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path in ("/health", "/ready")
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"status": "ok"} if known else {}).encode())

    def log_message(self, *_):
        print("\\x1b[32masked\\x1b[0m for", self.path, flush=True)

print("listening", flush=True)
http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"""
DOCKERFILE = """
FROM python:3.13-slim
WORKDIR /srv
RUN echo built {mark}
COPY app.py .
CMD ["python", "-u", "app.py"]
"""
HEALTH = "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health')"
GOOD = {
    "services": {
        "migrate": {"build": ".", "command": ["python", "-c", "print('migrated')"]},
        "app": {
            "build": ".",
            "init": True,
            "ports": ["127.0.0.1:${APP_PORT:?}:8000"],
            "depends_on": {"migrate": {"condition": "service_completed_successfully"}},
            "healthcheck": {"test": ["CMD", "python", "-c", HEALTH], "interval": "1s"},
        },
    }
}
ENDLESS = ["python", "-u", "-c", "import time; print('alive'); time.sleep(600)"]


def docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def engine() -> None:
    """A Docker Engine with Compose; without one the tests are skipped, unless one is demanded."""
    if docker("version", "--format", "{{.Server.Version}}") and docker("compose", "version"):
        return
    if os.environ.get("SCAFFOLD_TUI_REQUIRE_ENGINE") == "1":
        pytest.fail("SCAFFOLD_TUI_REQUIRE_ENGINE=1, but there is no Docker Engine with Compose")
    pytest.skip("there is no Docker Engine with Compose")


@dataclass
class Project:
    """A project in a folder, what drives it, and what was told."""

    folder: Path
    port: int
    heard: list[Event] = field(default_factory=list)
    state: StackState = field(default_factory=StackState)

    def __post_init__(self) -> None:
        (self.folder / "app.py").write_text(APP)
        (self.folder / ".env").write_text(f"APP_PORT={self.port}\n")
        self.dockerfile(DOCKERFILE.format(mark=self.folder.name))
        self.services(GOOD)
        self.changed = asyncio.Event()
        self.compose = Compose(self.folder, self._hear, wait_seconds=60)

    def services(self, config: object) -> None:
        (self.folder / "docker-compose.yml").write_text(json.dumps(config))

    def only_app(self, **service: object) -> None:
        self.services({"services": {"app": {"image": "python:3.13-slim", "init": True, **service}}})

    def dockerfile(self, text: str) -> None:
        (self.folder / "Dockerfile").write_text(text)

    def _hear(self, events: Sequence[Event]) -> None:
        self.heard += events
        for event in events:
            self.state = self.state.after(event)
        self.changed.set()

    def of(self, kind: type[Some]) -> list[Some]:
        return [event for event in self.heard if isinstance(event, kind)]

    @property
    def failure(self) -> Failure:
        (failed,) = self.of(Failed)
        return failed.failure

    def words(self) -> dict[str, str]:
        return {service.name: service.words for service in self.state.services}

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what was told makes `condition` true."""
        async with asyncio.timeout(60):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    async def until_told(self, kind: type[object], like: str) -> None:
        """Wait until an event of `kind` was told whose text has `like` in it."""
        await self.until(lambda: any(like in repr(event) for event in self.of(kind)))

    def count(self, text: str) -> int:
        """Return how many log lines say exactly `text`."""
        return [line.text for line in self.of(LogLine)].count(text)

    def left(self) -> str:
        """Name the containers, networks and commands that are there for the project."""
        label = f"label=com.docker.compose.project={self.folder.name}"
        containers = docker("ps", "--all", "--quiet", "--filter", label)
        networks = docker("network", "ls", "--quiet", "--filter", label)
        return containers + networks


@pytest.fixture
async def project(engine: None, tmp_path: Path) -> AsyncIterator[Project]:
    """A project that builds, migrates, and becomes healthy; removed in the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    folder = tmp_path / f"shop{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    project = Project(folder, port)
    try:
        yield project
        assert not children_in(folder)
    finally:
        await project.compose.close()
        label = f"label=com.docker.compose.project={folder.name}"
        for container in docker("ps", "--all", "--quiet", "--filter", label).split():
            docker("rm", "--force", "--volumes", container)
        for network in docker("network", "ls", "--quiet", "--filter", label).split():
            docker("network", "rm", network)
        docker("image", "rm", f"{folder.name}-app", f"{folder.name}-migrate")


def children_in(folder: Path) -> list[str]:
    """Return the command lines of the docker commands that run in `folder`, on Linux."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes().decode("utf-8", "replace")
            if command.startswith("docker") and (process / "cwd").resolve() == folder.resolve():
                found.append(command)
    return found


@pytest.fixture
def taken(project: Project) -> Iterator[int]:
    """The project's port, with somebody else on it."""
    with socket.create_server(("127.0.0.1", project.port)):
        yield project.port


async def test_a_whole_life_from_up_to_down(project: Project) -> None:
    compose = project.compose
    following = asyncio.create_task(compose.follow_logs())
    await compose.up()

    assert project.words() == {"migrate": "finished", "app": "healthy"}
    assert any(step.text.startswith("RUN echo built") for step in project.of(BuildStep))
    assert isinstance(project.heard[-1], Finished | LogLine | Seen)
    assert [finished.operation for finished in project.of(Finished)] == ["up"]

    await compose.ask(f"http://127.0.0.1:{project.port}/health")
    (answer,) = project.of(Answered)
    assert (answer.status, answer.body, answer.good) == (200, '{"status": "ok"}', True)
    await project.until_told(LogLine, "/health")
    lines = [line for line in project.of(LogLine) if line.origin is Origin.CONTAINER]
    assert LogLine("app", "\x1b[32masked\x1b[0m for /health") in lines
    assert LogLine("migrate", "migrated") in lines

    await compose.restart()
    assert project.words() == {"migrate": "finished", "app": "healthy"}
    await compose.stop()
    assert project.words() == {"migrate": "finished", "app": "stopped"}
    await compose.up()
    assert project.words() == {"migrate": "finished", "app": "healthy"}
    await compose.down()
    assert project.words() == {"migrate": "not started", "app": "not started"}
    assert not project.of(Failed)
    assert project.left() == ""

    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await compose.close()


async def test_a_taken_port_is_found_before_anything_is_built_and_another_is_offered(
    project: Project, taken: int
) -> None:
    await project.compose.up()
    failure = project.failure
    assert (failure.kind, failure.port, failure.variable) == (
        FailureKind.PORT_TAKEN,
        taken,
        "APP_PORT",
    )
    assert project.of(BuildStep) == []

    assert await project.compose.use_port(failure.variable, failure.free_port)
    await project.compose.up()
    assert project.words()["app"] == "healthy"
    app = project.state.service("app")
    assert app is not None
    assert [port.published for port in app.ports] == [failure.free_port]


async def test_the_container_that_holds_the_port_is_named(project: Project) -> None:
    name = f"{project.folder.name}-other"
    publish = f"127.0.0.1:{project.port}:80"
    docker("run", "-d", "--name", name, "-p", publish, "python:3.13-slim", "sleep", "60")
    try:
        assert docker_look.port_owner(project.port) == name
        await project.compose.up()
    finally:
        docker("rm", "--force", name)
    assert name in project.failure.sentence


async def test_the_projects_own_port_is_not_taken_by_itself(project: Project) -> None:
    await project.compose.up()
    await project.compose.up()
    assert not project.of(Failed)


async def test_a_build_that_fails_names_its_step_and_last_lines(project: Project) -> None:
    project.dockerfile("FROM python:3.13-slim\nRUN echo on my way; exit 7\n")
    await project.compose.up()
    failure = project.failure
    assert failure.kind is FailureKind.BUILD
    assert "RUN echo on my way; exit 7" in failure.sentence
    assert "on my way" in failure.details
    assert "build failed" in project.words().values()
    assert project.left() == ""


async def test_an_image_that_is_nowhere_cannot_be_pulled(project: Project) -> None:
    project.services({"services": {"app": {"image": "registry.invalid/shop:1"}}})
    await project.compose.up()
    assert project.failure.kind is FailureKind.PULL


async def test_an_unhealthy_service_quotes_its_check_and_its_log(project: Project) -> None:
    check = ["CMD-SHELL", "echo no answer; exit 1"]
    project.only_app(command=ENDLESS, healthcheck={"test": check, "interval": "1s", "retries": 2})
    await project.compose.up()
    failure = project.failure
    assert (failure.kind, failure.service) == (FailureKind.UNHEALTHY, "app")
    assert {"  no answer", "  alive"} <= set(failure.details)
    assert project.words() == {"app": "unhealthy"}


async def test_a_one_shot_that_fails_is_named_with_its_code_and_log(project: Project) -> None:
    config = json.loads(json.dumps(GOOD))
    config["services"]["migrate"]["command"] = ["python", "-c", "print('no table'); exit(3)"]
    project.services(config)
    await project.compose.up()
    failure = project.failure
    assert (failure.kind, failure.service) == (FailureKind.EXITED, "migrate")
    assert "exit code 3" in failure.sentence
    assert "  no table" in failure.details
    assert project.words() == {"migrate": "exited (code 3)", "app": "created"}


async def test_a_service_that_crashes_in_a_circle_is_given_up(project: Project) -> None:
    crash = ["python", "-c", "print('DATABASE_URL is missing'); exit(4)"]
    health = {"test": ["CMD", "true"], "interval": "2s"}
    project.only_app(command=crash, restart="unless-stopped", healthcheck=health)
    await project.compose.up()
    failure = project.failure
    assert (failure.kind, failure.service) == (FailureKind.EXITED, "app")
    assert "restarted" in failure.sentence
    assert "  DATABASE_URL is missing" in failure.details


async def test_a_service_that_never_becomes_healthy_times_out(project: Project) -> None:
    project.only_app(
        command=ENDLESS, healthcheck={"test": ["CMD", "false"], "interval": "1s", "retries": 99}
    )
    project.compose = Compose(project.folder, project._hear, wait_seconds=3)
    await project.compose.up()
    failure = project.failure
    assert (failure.kind, failure.service) == (FailureKind.TIMEOUT, "app")
    assert "3 seconds" in failure.sentence


async def test_a_missing_setting_is_named(project: Project) -> None:
    (project.folder / ".env").unlink()
    await project.compose.up()
    assert project.failure.kind is FailureKind.NO_ENV
    assert "APP_PORT" in project.failure.sentence


async def test_a_build_that_is_cancelled_leaves_nothing(project: Project) -> None:
    project.dockerfile("FROM python:3.13-slim\nRUN echo begun; sleep 60\n")
    starting = asyncio.create_task(project.compose.up())
    await project.until_told(LogLine, "begun")
    project.compose.cancel()
    await asyncio.wait_for(starting, 20)
    (cancelled,) = project.of(Cancelled)
    assert cancelled.sentence == "Broken off: there are no containers."
    assert project.left() == ""
    assert children_in(project.folder) == []


async def test_a_start_that_is_cancelled_says_what_runs(project: Project) -> None:
    project.only_app(
        command=ENDLESS, healthcheck={"test": ["CMD", "false"], "interval": "1s", "retries": 99}
    )
    starting = asyncio.create_task(project.compose.up())
    await project.until_told(Seen, "starting")
    project.compose.cancel()
    await asyncio.wait_for(starting, 20)
    assert [cancelled.sentence for cancelled in project.of(Cancelled)] == ["Broken off: app runs."]


async def test_closing_in_the_middle_of_a_build_leaves_no_process(project: Project) -> None:
    project.dockerfile("FROM python:3.13-slim\nRUN echo begun; sleep 60\n")
    starting = asyncio.create_task(project.compose.up())
    await project.until_told(LogLine, "begun")
    starting.cancel()
    await project.compose.close()
    await asyncio.gather(starting, return_exceptions=True)
    assert children_in(project.folder) == []
    assert project.left() == ""


async def test_watching_tells_what_others_do_to_the_containers(project: Project) -> None:
    project.only_app(command=ENDLESS)
    await project.compose.up()
    watching = asyncio.create_task(project.compose.watch())
    await project.until_told(CommandStarted, "events --json")
    docker("compose", "--project-directory", str(project.folder), "kill")
    await project.until(lambda: "exited" in str(project.words()))
    assert project.words() == {"app": "exited (code 137)"}
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_the_log_goes_on_after_a_stop_without_saying_anything_twice(
    project: Project,
) -> None:
    project.only_app(command=ENDLESS)
    following = asyncio.create_task(project.compose.follow_logs())
    await project.compose.up()
    await project.until(lambda: project.count("alive") == 1)
    await project.compose.stop()
    await project.compose.up()
    await project.until(lambda: project.count("alive") >= 2)
    await asyncio.sleep(0.5)
    assert project.count("alive") == 2
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
