"""Follows a project that runs: its containers' states and its log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from wizard.engine.compose_cli import DockerCli, Report
from wizard.engine.compose_containers import Containers
from wizard.engine.compose_events import Failed, LogLine
from wizard.engine.compose_failures import ComposeFailedError
from wizard.engine.compose_tables import read_logs, tells_a_change

PAUSE_SECONDS = 3.0
"""Between two attempts to reach an engine that went away."""

SETTLE_SECONDS = 0.15
"""Changes that follow each other closely are looked at once."""

FLUSH_SECONDS = 0.04
"""Log lines are told at most this often."""

FIRST_LINES = 1_000
"""Old log lines that are fetched from a project that runs already."""


class Watch:
    """Both followers of one project; each of its methods runs until it is cancelled."""

    def __init__(self, cli: DockerCli, containers: Containers, report: Report) -> None:
        self._cli = cli
        self._containers = containers
        self._report = report

    async def states(self) -> None:
        """Tell of the containers' states whenever they change.

        An engine that goes away is told of once, and looked for every few seconds.
        """
        lost = False
        while True:
            try:
                await self._containers.look()
                lost = False
                await self._until_events_end()
            except ComposeFailedError as error:
                if not lost:
                    self._report([Failed(error.failure)])
                lost = True
            await asyncio.sleep(PAUSE_SECONDS)

    async def _until_events_end(self) -> None:
        changed = asyncio.Event()

        def handle(lines: Sequence[str]) -> None:
            if any(tells_a_change(line) for line in lines):
                changed.set()

        async def look_after_changes() -> None:
            while True:
                await changed.wait()
                await asyncio.sleep(SETTLE_SECONDS)
                changed.clear()
                await self._containers.try_to_look()

        looking = asyncio.create_task(look_after_changes())
        try:
            await self._cli.compose("events", "--json", handle=handle)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def logs(self) -> None:
        """Tell of the log lines of all services.

        Following ends when the last container does; it begins again with the next one.
        """
        since = ["--tail", str(FIRST_LINES)]
        batcher = _Batcher(self._report)
        while True:
            await self._containers.alive.wait()
            try:
                await self._follow(since, batcher)
            except ComposeFailedError as error:
                self._report([Failed(error.failure)])
                return
            finally:
                batcher.flush()
            since = ["--since", datetime.now(UTC).isoformat()]
            await self._containers.try_to_look()
            await asyncio.sleep(SETTLE_SECONDS)

    async def _follow(self, since: Sequence[str], batcher: _Batcher) -> None:
        def handle(lines: Sequence[str]) -> None:
            batcher.add(read_logs(lines, self._containers.log_names()))

        await self._cli.compose("logs", "--follow", "--no-color", *since, handle=handle)


class _Batcher:
    """Collects log lines and tells of them at most every `FLUSH_SECONDS`."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._lines: list[LogLine] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, lines: Sequence[LogLine]) -> None:
        """Take lines, and see to it that they are told soon."""
        self._lines += lines
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Tell of what is there now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._lines:
            lines, self._lines = self._lines, []
            self._report(lines)
