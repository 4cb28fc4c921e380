"""What the UI needs of a project that can be started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from wizard.engine.compose_cli import Report


class Stack(Protocol):
    """What a screen needs of a project that can be started; `Compose` is the real one.

    No method raises for what can go wrong with Docker: it is reported as `Failed`.
    """

    async def check(self) -> bool:
        """Look whether the project can be started; False after a reported failure."""

    async def up(self) -> None:
        """Build, start and wait until everything is healthy."""

    async def stop(self) -> None:
        """Stop the containers and keep them."""

    async def down(self) -> None:
        """Stop and remove the containers and networks; volumes stay."""

    async def restart(self) -> None:
        """Restart the services that run all the time, and wait until they are healthy."""

    async def watch(self) -> None:
        """Tell of the containers' states until cancelled."""

    async def follow_logs(self) -> None:
        """Tell of log lines until cancelled."""

    async def ask(self, url: str) -> None:
        """Send a request and tell of the answer."""

    async def use_port(self, variable: str, port: int) -> bool:
        """Write a port into ``.env``; False after a reported failure."""

    def cancel(self) -> None:
        """Break off what `up`, `stop`, `down` or `restart` is doing, gracefully."""

    async def close(self) -> None:
        """End every process that was started; containers are left as they are."""


MakeStack = Callable[[Path, Report], Stack]
"""Makes the stack of the project in a folder; `wizard.engine.compose.Compose` is one of these."""
