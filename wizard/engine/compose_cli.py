"""Runs the ``docker`` command in a project's folder and tells of each run."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from wizard.engine.compose_events import CommandEnded, CommandStarted, Event
from wizard.engine.compose_failures import ComposeFailedError, no_docker
from wizard.engine.compose_process import Child, LinesHandler, Output, Processes

Report = Callable[[Sequence[Event]], None]
"""Takes the next events; called on the event loop that runs the commands."""

JSON_PROGRESS = (2, 29, 0)
"""The first release that can tell its progress as JSON."""

# They would overrule the flags that are given here, or add hints meant for a terminal.
_MEDDLING = ("BUILDKIT_PROGRESS", "COMPOSE_PROGRESS", "COMPOSE_ANSI", "COMPOSE_MENU")


class DockerCli:
    """The docker command line of one project.

    Args:
        project: Folder with the Compose file.
        report: Hears of each command.

    Attributes:
        version: Compose's release; decides how progress is asked for. Zeros while unknown.
    """

    def __init__(self, project: Path, report: Report) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in _MEDDLING}
        environment["DOCKER_CLI_HINTS"] = "false"
        self._processes = Processes(project, environment)
        self._report = report
        self._foreground: Child | None = None
        self.version = (0, 0, 0)
        self.cancelled = False

    async def capture(self, *arguments: str) -> Output:
        """Run a short ``docker`` command to its end and return what it said.

        Raises:
            ComposeFailedError: There is no docker command.
        """
        output = Output(0, "", "")

        async def work(child: Child) -> int:
            nonlocal output
            output = await child.capture()
            return output.code

        await self._run(["docker", *arguments], " ".join(["docker", *arguments]), work, merge=False)
        return output

    async def compose(self, *arguments: str, handle: LinesHandler, foreground: bool = False) -> int:
        """Run a ``docker compose`` command, hand over its lines, and return its exit code.

        Args:
            arguments: For example ``up``, ``-d``.
            handle: Gets the cleaned lines of both of its streams.
            foreground: Whether `cancel` means this command.
        """
        mode = "json" if self.version >= JSON_PROGRESS else "plain"
        flags = ["--ansi", "never", "--progress", mode]
        command = ["docker", "compose", *flags, *arguments]

        async def work(child: Child) -> int:
            if foreground:
                self._foreground = child
                if self.cancelled:
                    child.interrupt()
            return await child.follow(handle)

        try:
            # How the output looks is our business: the user reads what one would type.
            return await self._run(command, shlex.join(["docker", "compose", *arguments]), work)
        finally:
            if foreground:
                self._foreground = None

    async def _run(
        self,
        command: Sequence[str],
        shown: str,
        work: Callable[[Child], Awaitable[int]],
        *,
        merge: bool = True,
    ) -> int:
        begin = time.monotonic()
        self._report([CommandStarted(shown)])
        code = -1
        try:
            child = await self._processes.start(command, merge=merge)
            code = await self._processes.run(child, work)
        except FileNotFoundError as error:
            raise ComposeFailedError(no_docker()) from error
        finally:
            self._report([CommandEnded(shown, code, time.monotonic() - begin)])
        return code

    def cancel(self) -> None:
        """Interrupt the foreground command, or the next one if it is about to start."""
        self.cancelled = True
        if self._foreground is not None:
            self._foreground.interrupt()

    async def close(self) -> None:
        """End every command that still runs."""
        await self._processes.close()
