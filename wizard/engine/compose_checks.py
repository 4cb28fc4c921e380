"""Looks whether a project can be started, before anything is started."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from wizard.engine import docker_look
from wizard.engine.compose_cli import DockerCli, Report
from wizard.engine.compose_events import Checked, Container, Failure, FailureKind, Plan, Planned
from wizard.engine.compose_failures import (
    OLDEST_COMPOSE,
    ComposeFailedError,
    config_failure,
    engine_failure,
    no_compose,
    no_docker,
    old_compose,
    port_taken,
)
from wizard.engine.compose_ports import next_free, port_variable, taken_ports
from wizard.engine.compose_tables import read_plan, read_version
from wizard.errors import ComposeError

LITTLE_SPACE = 2 * 1024**3
"""Bytes of free disk space under which a build is likely to fail."""


class Preflight:
    """The checks of one project, each of which reports what it found.

    All methods raise `ComposeFailedError` if the project cannot be started.
    """

    def __init__(self, project: Path, cli: DockerCli, report: Report) -> None:
        self._project = project
        self._cli = cli
        self._report = report
        self._root = ""

    def _passed(self, name: str, detail: str, *, warning: bool = False) -> None:
        self._report([Checked(name, detail, warning)])

    async def compose(self) -> None:
        """There is a docker command, and its Compose plug-in is new enough."""
        if shutil.which("docker") is None:
            raise ComposeFailedError(no_docker())
        output = await self._cli.capture("compose", "version", "--short")
        version = output.out.strip()
        if output.code != 0 or not version:
            raise ComposeFailedError(no_compose(output.err.strip().splitlines()[:3]))
        self._cli.version = read_version(version)
        if self._cli.version < OLDEST_COMPOSE:
            raise ComposeFailedError(old_compose(version))
        self._passed("Docker Compose", version)

    async def engine(self) -> None:
        """The engine answers us.

        The command is asked first: it knows every way to an engine, and says why one is closed.
        """
        output = await self._cli.capture("version", "--format", "{{.Server.Version}}")
        if output.code != 0:
            raise ComposeFailedError(_engine_failure(output.err))
        self._passed("Docker Engine", output.out.strip())
        try:
            self._root = (await asyncio.to_thread(docker_look.engine_facts)).root
        except ComposeError:
            self._root = ""

    async def plan(self) -> Plan:
        """The Compose file can be used; return what it says."""
        output = await self._cli.capture("compose", "config", "--format", "json")
        if output.code != 0:
            raise ComposeFailedError(config_failure(output.code, output.err, self._project))
        plan = read_plan(output.out)
        self._report([Planned(plan)])
        self._passed("Compose file", f"{len(plan.services)} services")
        return plan

    def surroundings(self) -> None:
        """There is a ``.env`` and room on the disk; both only deserve a warning if not."""
        if (self._project / ".env").is_file():
            self._passed(".env", "is there")
        else:
            self._passed(".env", "is not there, so defaults are used", warning=True)
        # With Docker Desktop or a remote engine its folder is on another machine.
        folder = Path(self._root) if self._root and Path(self._root).is_dir() else self._project
        free = shutil.disk_usage(folder).free
        self._passed("Disk", f"{free / 1024**3:.0f} GB free", warning=free < LITTLE_SPACE)

    async def ports(self, plan: Plan, containers: Iterable[Container]) -> None:
        """Nobody else has the ports that the project wants."""
        if os.environ.get("DOCKER_HOST", "").startswith(("tcp:", "ssh:")):
            return  # they are another machine's
        own = [port for container in containers for port in container.ports]
        for service, port in await asyncio.to_thread(taken_ports, plan, own):
            raise ComposeFailedError(await self.taken(plan, port.published, service))
        wanted = [port for service in plan.services for port in service.ports]
        if wanted:
            self._passed("Ports", f"{', '.join(port.address for port in wanted)} can be used")

    async def taken(self, plan: Plan, number: int, service: str = "") -> Failure:
        """Say that port `number` is taken, by whom, and what to use instead."""
        found = [
            (each.name, port)
            for each in plan.services
            for port in each.ports
            if port.published == number
        ]
        if not found:
            return port_taken(number, service=service, owner=await _port_owner(number))
        service, port = found[0]
        variable = port_variable(self._project, port.target)
        if variable in os.environ:
            variable = ""  # the environment overrules .env
        wanted = {each.published for one in plan.services for each in one.ports}
        free = await asyncio.to_thread(next_free, port, wanted) if variable else 0
        owner = await _port_owner(number)
        return port_taken(number, service=service, owner=owner, variable=variable, free_port=free)


def _engine_failure(text: str) -> Failure:
    return engine_failure(text) or Failure(
        FailureKind.NO_ENGINE,
        "The Docker Engine cannot be used.",
        "Read the lines below, mend what they name, and try again.",
        details=tuple(text.strip().splitlines()[-4:]),
    )


async def _port_owner(number: int) -> str:
    """Name the container that has the port; empty if none has it or nobody can tell."""
    try:
        name = await asyncio.to_thread(docker_look.port_owner, number)
    except ComposeError:
        return ""
    return f"the container {name}" if name else ""
