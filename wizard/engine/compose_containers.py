"""Looks at a project's containers, and remembers what was seen last."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from wizard.engine import docker_look
from wizard.engine.compose_cli import DockerCli, Report
from wizard.engine.compose_events import Container, Phase, Plan, Seen
from wizard.engine.compose_failures import ComposeFailedError, engine_failure, explain
from wizard.engine.compose_state import phase_of
from wizard.engine.compose_tables import read_containers
from wizard.engine.compose_text import LineSplitter, without_colour
from wizard.errors import ComposeError

LAST_LINES = 12
"""Log lines that are quoted when a service fails."""

LAST_CHECK_LINES = 4
"""Lines of the last health check's output that are quoted."""


class Containers:
    """The containers of one project.

    Attributes:
        plan: What the Compose file says; whoever reads it sets it.
        seen: The containers as they were when looked at last.
        alive: Set while something runs.
    """

    def __init__(self, cli: DockerCli, report: Report) -> None:
        self._cli = cli
        self._report = report
        self.plan = Plan("")
        self.seen: tuple[Container, ...] = ()
        self.alive = asyncio.Event()

    async def look(self) -> None:
        """Look at the containers and tell what was seen.

        Raises:
            ComposeFailedError: They cannot be looked at.
        """
        output = await self._cli.capture("compose", "ps", "--all", "--format", "json")
        if output.code != 0:
            raise ComposeFailedError(
                engine_failure(output.err) or explain("ps", output.code, output.err.splitlines())
            )
        self.seen = read_containers(output.out)
        if any(phase_of(each, self.plan).alive for each in self.seen):
            self.alive.set()
        else:
            self.alive.clear()
        self._report([Seen(self.seen)])

    async def try_to_look(self) -> None:
        """Look, and leave it at what was known if that fails: the next command will tell."""
        try:
            await self.look()
        except ComposeFailedError:
            return

    def find(self, name: str) -> Container:
        """Find a container by its name or its service's; make one up if it is gone."""
        found = (each for each in self.seen if name in {each.name, each.service})
        return next(found, Container(name, name, "removed"))

    def waiting(self) -> list[str]:
        """Return the services that are not yet as they should be."""
        phases = {each.service: phase_of(each, self.plan) for each in self.seen}
        names = [service.name for service in self.plan.services]
        return [name for name in names if not phases.get(name, Phase.WAITING).settled]

    def broken(self) -> list[Container]:
        """Return the containers that are in trouble."""
        return [each for each in self.seen if phase_of(each, self.plan).broken]

    def log_names(self) -> Mapping[str, str]:
        """Return container name, as the log says it, -> service.

        The log leaves out the project's name, except for what has a ``container_name``.
        """
        names = {each.name: each.service for each in self.seen}
        project = f"{self.plan.name}-"
        return names | {name.removeprefix(project): names[name] for name in names}

    async def last_words(self, container: Container) -> tuple[str, ...]:
        """Return the output of the last health check, and the last lines of the log."""
        return (*await self._health_words(container), *await self._log_words(container))

    async def restarts(self, container: Container) -> int:
        """Return how often the engine restarted it; 0 if the engine cannot be asked."""
        inspection = await self._inspect(container)
        return inspection.restarts if inspection else 0

    async def _inspect(self, container: Container) -> docker_look.Inspection | None:
        try:
            found = await asyncio.to_thread(docker_look.inspect, self.plan.name)
        except ComposeError:
            return None
        return next((each for each in found if each.name == container.name), None)

    async def _health_words(self, container: Container) -> list[str]:
        inspection = await self._inspect(container)
        if inspection is None:
            return []
        words = ["It was killed because it used too much memory."] * inspection.out_of_memory
        if output := inspection.health_output.strip():
            lines = output.splitlines()[-LAST_CHECK_LINES:]
            words += ["Last health check:", *(f"  {without_colour(line)}" for line in lines)]
        return words

    async def _log_words(self, container: Container) -> list[str]:
        flags = ["--no-color", "--no-log-prefix", "--tail", str(LAST_LINES)]
        output = await self._cli.capture("compose", "logs", *flags, container.service)
        splitter = LineSplitter()
        lines = [*splitter.feed((output.out + output.err).encode()), *splitter.end()]
        words = [without_colour(line) for line in lines if line.strip()]
        return ["Last lines:", *(f"  {word}" for word in words)] if words else []
