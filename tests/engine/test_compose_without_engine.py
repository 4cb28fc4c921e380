"""What is said when there is no Docker, or when it refuses: a stand-in plays captured output."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from wizard.engine import docker_look
from wizard.engine.compose import Compose
from wizard.engine.compose_events import (
    Cancelled,
    Checked,
    CommandStarted,
    Event,
    Failed,
    Failure,
    FailureKind,
    Finished,
    Seen,
)
from wizard.errors import ComposeError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")

OUTPUTS = Path(__file__).parent / "compose_outputs"
VERSION = "2.26.1-4"


class StandIn:
    """A `docker` on the PATH that answers each command with a file and a code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        self._cases: list[str] = []
        self.answers("compose version --short", text=VERSION)
        self.answers("version --format", text="26.1.5")
        self.answers("compose config --format json", file="config.json")
        self.answers("compose ps --all --format json", text="")
        self.answers("logs --no-color", text="Traceback: no settings")

    def answers(self, command: str, *, text: str = "", file: str = "", code: int = 0) -> None:
        """Let `command`, a part of a command line, print `text` or a captured file."""
        path = OUTPUTS / file if file else self.folder / f"answer-{len(self._cases)}"
        if not file:
            path.write_text(text)
        stream = ">&2" if code else ""
        self._cases.insert(0, f'*"{command}"*) cat "{path}" {stream}; exit {code};;')
        script = "\n".join(
            [
                "#!/bin/sh",
                f'echo "$*" >> "{self.calls}"',
                'case "$*" in',
                *self._cases,
                "esac",
                "exit 99",
            ]
        )
        docker = self.folder / "docker"
        docker.write_text(script)
        docker.chmod(docker.stat().st_mode | stat.S_IXUSR)


def no_way_to_the_engine(*_: object) -> None:
    """What the SDK does when it does not understand how the command reaches its engine."""
    raise ComposeError("no way")


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    for name in ("engine_facts", "inspect", "port_owner"):
        monkeypatch.setattr(docker_look, name, no_way_to_the_engine)
    return StandIn(folder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".env").write_text("A=1\n")
    return folder


async def up(project: Path, operation: str = "up") -> list[Event]:
    heard: list[Event] = []

    def report(events: Sequence[Event]) -> None:
        heard.extend(events)

    compose = Compose(project, report, wait_seconds=5)
    await getattr(compose, operation)()
    await compose.close()
    return heard


def failure_of(events: Sequence[Event]) -> Failure:
    (failed,) = [event for event in events if isinstance(event, Failed)]
    return failed.failure


async def test_no_docker_command_is_said(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    failure = failure_of(await up(project))
    assert failure.kind is FailureKind.NO_DOCKER
    assert "docs.docker.com/get-docker" in failure.hint


async def test_a_docker_without_compose_is_said(project: Path, docker: StandIn) -> None:
    text = "docker: unknown command: docker compose\n\nRun 'docker --help' for more information\n"
    docker.answers("compose version --short", text=text, code=1)
    assert failure_of(await up(project)).kind is FailureKind.NO_COMPOSE


async def test_a_compose_that_is_too_old_is_said(project: Path, docker: StandIn) -> None:
    docker.answers("compose version --short", text="v2.17.3")
    failure = failure_of(await up(project))
    assert failure.kind is FailureKind.OLD_COMPOSE
    assert "2.17.3" in failure.sentence
    assert "2.20" in failure.hint


@pytest.mark.parametrize(
    ("file", "kind"),
    [("permission.txt", FailureKind.PERMISSION), ("no_engine.txt", FailureKind.NO_ENGINE)],
)
async def test_an_engine_that_is_out_of_reach_is_said(
    file: str, kind: FailureKind, project: Path, docker: StandIn
) -> None:
    docker.answers("version --format", file=file, code=1)
    assert failure_of(await up(project)).kind is kind


async def test_a_missing_setting_points_to_the_env_file(project: Path, docker: StandIn) -> None:
    text = "required variable JWT_SECRET_KEY is missing a value: run scripts/setup_env.sh"
    docker.answers("compose config --format json", text=text, code=15)
    failure = failure_of(await up(project))
    assert failure.kind is FailureKind.NO_ENV
    assert "JWT_SECRET_KEY" in failure.sentence


async def test_a_missing_env_file_alone_is_a_warning(project: Path, docker: StandIn) -> None:
    (project / ".env").unlink()
    docker.answers(" up -d", file="up.txt")
    events = await up(project)
    warnings = [event for event in events if isinstance(event, Checked) and event.warning]
    assert [warning.name for warning in warnings] == [".env"]
    assert isinstance(events[-1], Finished)


@pytest.mark.parametrize(
    ("file", "code", "kind", "quoted"),
    [
        ("build_failed.txt", 17, FailureKind.BUILD, "about to fail"),
        ("pull_failed.txt", 18, FailureKind.PULL, "registry.invalid"),
        ("unhealthy.txt", 1, FailureKind.UNHEALTHY, "Traceback: no settings"),
        ("exited.txt", 1, FailureKind.EXITED, "Traceback: no settings"),
        ("timed_out.txt", 1, FailureKind.TIMEOUT, ""),
    ],
)
async def test_a_start_that_fails_quotes_what_helps(
    file: str, code: int, kind: FailureKind, quoted: str, project: Path, docker: StandIn
) -> None:
    docker.answers(" up -d", file=file, code=code)
    failure = failure_of(await up(project))
    assert failure.kind is kind
    assert quoted in "\n".join(failure.details)


async def test_a_port_that_only_the_engine_finds_taken_is_said_with_an_offer(
    project: Path, docker: StandIn
) -> None:
    (project / "docker-compose.yml").write_text('ports: ["127.0.0.1:${APP_PORT:-18561}:8000"]')
    text = (OUTPUTS / "port_in_use.txt").read_text().replace("18562", "18561")
    docker.answers(" up -d", text=text, code=1)
    failure = failure_of(await up(project))
    assert (failure.kind, failure.port, failure.variable) == (
        FailureKind.PORT_TAKEN,
        18561,
        "APP_PORT",
    )
    assert failure.free_port > 18561


async def test_no_port_is_offered_when_the_environment_overrules_env(
    project: Path, docker: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_PORT", "18561")
    (project / "docker-compose.yml").write_text('ports: ["127.0.0.1:${APP_PORT:-18561}:8000"]')
    text = (OUTPUTS / "port_in_use.txt").read_text().replace("18562", "18561")
    docker.answers(" up -d", text=text, code=1)
    assert failure_of(await up(project)).free_port == 0


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ('"State":"restarting","ExitCode":4', FailureKind.EXITED, "restarted each time"),
        ('"State":"exited","ExitCode":4', FailureKind.EXITED, "exit code 4"),
        ('"State":"running","Health":"unhealthy"', FailureKind.UNHEALTHY, "health check fails"),
    ],
)
async def test_a_start_that_compose_takes_for_a_success_is_looked_at(
    state: str, kind: FailureKind, words: str, project: Path, docker: StandIn
) -> None:
    docker.answers(
        "ps --all --format json", text=f'{{"Name":"shop-app-1","Service":"app",{state}}}'
    )
    docker.answers(" up -d", text="")
    failure = failure_of(await up(project))
    assert (failure.kind, failure.service) == (kind, "app")
    assert words in failure.sentence


@pytest.mark.parametrize(
    ("version", "mode"), [("2.26.1", "plain"), ("2.29.0", "json"), ("5.0.1", "json")]
)
async def test_progress_is_asked_for_as_the_release_can_tell_it(
    version: str, mode: str, project: Path, docker: StandIn
) -> None:
    docker.answers("compose version --short", text=version)
    docker.answers(" up -d", text="")
    await up(project)
    assert (
        f"compose --ansi never --progress {mode} up -d --build --wait" in docker.calls.read_text()
    )


async def test_commands_are_told_as_one_would_type_them(project: Path, docker: StandIn) -> None:
    docker.answers(" up -d", file="up.txt")
    events = await up(project)
    lines = [event.line for event in events if isinstance(event, CommandStarted)]
    assert "docker compose up -d --build --wait --wait-timeout 5" in lines
    assert "docker compose config --format json" in lines


async def test_settings_that_change_the_output_do_not_reach_compose(
    project: Path, docker: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILDKIT_PROGRESS", "plain")
    docker.answers(" up -d", text="")
    script = docker.folder / "docker"
    script.write_text(script.read_text().replace('echo "$*"', 'echo "$BUILDKIT_PROGRESS|$*"'))
    await up(project)
    assert all(line.startswith("|") for line in docker.calls.read_text().splitlines())


async def test_containers_are_looked_at_when_a_command_is_over(
    project: Path, docker: StandIn
) -> None:
    docker.answers(" down", file="down.txt")
    events = await up(project, "down")
    assert isinstance(events[-1], Finished)
    assert any(isinstance(event, Seen) for event in events)


async def test_a_start_that_is_cancelled_during_the_checks_starts_nothing(
    project: Path, docker: StandIn
) -> None:
    heard: list[Event] = []
    compose: Compose

    def report(events: Sequence[Event]) -> None:
        heard.extend(events)
        if any(isinstance(event, Checked) for event in events):
            compose.cancel()

    compose = Compose(project, report)
    await compose.up()
    await compose.close()
    assert isinstance(heard[-1], Cancelled)
    assert " up " not in docker.calls.read_text()


def test_the_stand_in_is_not_the_real_one(docker: StandIn) -> None:
    assert os.environ["PATH"].startswith(str(docker.folder))
