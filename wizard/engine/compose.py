"""Starts, watches and stops a project through ``docker compose``, as a stream of events.

The command line acts, because that is what users would type and what they can repeat; the SDK only
looks. Everything runs on one event loop; what happens is told in batches to one function.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

from wizard.engine import smoke
from wizard.engine.compose_checks import Preflight
from wizard.engine.compose_cli import DockerCli, Report
from wizard.engine.compose_containers import Containers
from wizard.engine.compose_events import (
    Began,
    Cancelled,
    Container,
    Failed,
    Failure,
    FailureKind,
    Finished,
)
from wizard.engine.compose_failures import (
    ComposeFailedError,
    crashing,
    exited,
    explain,
    timed_out,
    unhealthy,
)
from wizard.engine.compose_ports import set_in_env
from wizard.engine.compose_progress import ProgressReader
from wizard.engine.compose_state import what_is_left
from wizard.engine.compose_watch import Watch
from wizard.errors import ComposeError

WAIT_SECONDS = 300
"""How long services may take to become healthy once their containers are started."""

POLL_SECONDS = 1.0
"""Between two looks at the containers while they start."""

RESTARTS_THAT_ARE_ENOUGH = 4
"""Looks that find a service between two starts before it is given up."""


class Compose:
    """One project's Docker Compose.

    Args:
        project: Folder with the Compose file.
        report: Gets the events.
        wait_seconds: How long services may take to become healthy.
    """

    def __init__(
        self, project: Path, report: Report, *, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._project = project
        self._report = report
        self._wait_seconds = wait_seconds
        self._cli = DockerCli(project, report)
        self._preflight = Preflight(project, self._cli, report)
        self._containers = Containers(self._cli, report)
        self._watch = Watch(self._cli, self._containers, report)
        self._crashing: Container | None = None

    async def check(self) -> bool:
        """Look whether the project can be started; False after a reported failure."""
        try:
            await self._preflight.compose()
            await self._preflight.engine()
            self._containers.plan = await self._preflight.plan()
            self._preflight.surroundings()
            await self._containers.look()
        except ComposeFailedError as error:
            self._report([Failed(error.failure)])
            return False
        return True

    async def up(self) -> None:
        """Build, start and wait until everything is healthy; reports how it ended."""
        self._cli.cancelled = False
        begin = time.monotonic()
        if not await self.check():
            return
        self._report([Began("up")])
        reader = ProgressReader(self._containers.plan)
        try:
            await self._preflight.ports(self._containers.plan, self._containers.seen)
            if self._cli.cancelled:
                self._report(
                    [Cancelled(what_is_left(self._containers.plan, self._containers.seen))]
                )
                return
            wait = ["--wait", "--wait-timeout", f"{self._wait_seconds:.0f}"]
            code = await self._watched("up", "-d", "--build", *wait, reader=reader)
        except ComposeFailedError as error:
            self._report([Failed(error.failure)])
            return
        await self._conclude("up", code, reader, begin)

    async def stop(self) -> None:
        """Stop the containers and keep them."""
        await self._operate("stop")

    async def down(self) -> None:
        """Stop and remove the containers and networks; volumes stay."""
        await self._operate("down")

    async def restart(self) -> None:
        """Restart the services that run all the time, and wait until they are healthy.

        A one-shot such as a migration has done its work and is not run again.
        """
        lasting = [
            service.name for service in self._containers.plan.services if not service.one_shot
        ]
        begin = time.monotonic()
        if not await self._operate("restart", *lasting, quiet=True):
            return
        give_up = begin + self._wait_seconds
        while (waiting := self._containers.waiting()) and time.monotonic() < give_up:
            if self._cli.cancelled:
                self._report(
                    [Cancelled(what_is_left(self._containers.plan, self._containers.seen))]
                )
                return
            if sick := [c for c in self._containers.seen if c.health == "unhealthy"]:
                self._report(
                    [Failed(unhealthy(sick[0].service, await self._containers.last_words(sick[0])))]
                )
                return
            await asyncio.sleep(POLL_SECONDS)
            await self._containers.try_to_look()
        if waiting:
            self._report([Failed(timed_out(self._wait_seconds, waiting))])
        else:
            self._report([Finished("restart", time.monotonic() - begin)])

    async def _operate(self, operation: str, *arguments: str, quiet: bool = False) -> bool:
        """Run a command that works on containers; True if it ended well."""
        self._cli.cancelled = False
        self._report([Began(operation)])
        reader = ProgressReader(self._containers.plan)
        begin = time.monotonic()
        try:
            code = await self._cli.compose(
                operation,
                *arguments,
                handle=lambda lines: self._report(reader.read(lines)),
                foreground=True,
            )
        except ComposeFailedError as error:
            self._report([Failed(error.failure)])
            return False
        return await self._conclude(operation, code, reader, begin, quiet=quiet)

    async def _watched(self, *arguments: str, reader: ProgressReader) -> int:
        """Run a command in the foreground while looking at the containers once a second."""
        self._crashing = None
        poller = asyncio.create_task(self._poll())
        try:
            return await self._cli.compose(
                *arguments, handle=lambda lines: self._report(reader.read(lines)), foreground=True
            )
        finally:
            poller.cancel()
            await asyncio.gather(poller, return_exceptions=True)

    async def _poll(self) -> None:
        """Look at the containers once a second, and break off when one crashes in a circle.

        Compose itself waits for as long as the engine restarts it.
        """
        restarts: Counter[str] = Counter()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self._containers.try_to_look()
            for container in self._containers.seen:
                restarts[container.name] += container.state == "restarting"
                if restarts[container.name] >= RESTARTS_THAT_ARE_ENOUGH:
                    self._crashing = container
                    self._cli.cancel()
                    return

    async def _conclude(
        self,
        operation: str,
        code: int,
        reader: ProgressReader,
        begin: float,
        *,
        quiet: bool = False,
    ) -> bool:
        await self._containers.try_to_look()
        if self._crashing is not None:
            container, self._crashing = self._crashing, None
            words = await self._containers.last_words(container)
            self._report([Failed(crashing(container.service, container.code, words))])
        elif code == 0:
            # Without a health check, Compose is content with the moment that a program starts.
            if operation == "up" and (broken := self._containers.broken()):
                self._report([Failed(await self._trouble(broken[0]))])
                return False
            if not quiet:
                self._report([Finished(operation, time.monotonic() - begin)])
            return True
        elif self._cli.cancelled:
            self._report([Cancelled(what_is_left(self._containers.plan, self._containers.seen))])
        else:
            self._report([Failed(await self._explain(operation, code, reader))])
        return False

    async def _explain(self, operation: str, code: int, reader: ProgressReader) -> Failure:
        failure = explain(operation, code, reader.messages, failed_step=reader.failed_step)
        if failure.kind is FailureKind.PORT_TAKEN and failure.port:
            return await self._preflight.taken(self._containers.plan, failure.port)
        if failure.kind is FailureKind.TIMEOUT:
            return timed_out(self._wait_seconds, self._containers.waiting())
        if failure.kind not in {FailureKind.UNHEALTHY, FailureKind.EXITED}:
            return failure
        return await self._trouble(self._containers.find(failure.service), failure.kind)

    async def _trouble(
        self, container: Container, kind: FailureKind = FailureKind.EXITED
    ) -> Failure:
        """Say what is wrong with a container, with its last words.

        Args:
            container: As it was seen last.
            kind: What Compose took it for: `UNHEALTHY` or `EXITED`.
        """
        words = await self._containers.last_words(container)
        if container.state == "restarting" or await self._containers.restarts(container):
            return crashing(container.service, container.code, words)
        if FailureKind.UNHEALTHY in {kind, container.health}:
            return unhealthy(container.service, words)
        return exited(container.service, container.code, words)

    async def watch(self) -> None:
        """Tell of the containers' states until cancelled."""
        await self._watch.states()

    async def follow_logs(self) -> None:
        """Tell of the log lines of all services until cancelled."""
        await self._watch.logs()

    async def ask(self, url: str) -> None:
        """Send a GET request and tell of the answer."""
        self._report([await asyncio.to_thread(smoke.ask_until_answered, url)])

    async def use_port(self, variable: str, port: int) -> bool:
        """Set `variable` in the project's ``.env``; False after a reported failure."""
        try:
            await asyncio.to_thread(set_in_env, self._project, variable, str(port))
        except ComposeError as error:
            hint = "Then try again."
            self._report([Failed(Failure(FailureKind.OTHER, str(error), hint))])
            return False
        return True

    def cancel(self) -> None:
        """Break off the operation that is under way, gracefully."""
        self._cli.cancel()

    async def close(self) -> None:
        """End every process that was started; containers are left as they are."""
        await self._cli.close()
