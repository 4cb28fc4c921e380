"""Child processes that never outlive their purpose.

Each command runs in a process group of its own, because a terminal's Ctrl-C reaches the whole
group of the foreground program, and Compose takes a second interrupt as an order to kill. A
cancelled or closed child is interrupted, which Compose takes for "stop gracefully", and killed if
it does not listen. Against an end of this program that leaves no time for that (SIGKILL, a crash),
`Minder` keeps a small process that waits for its input to end and then interrupts what is left.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from wizard.engine.compose_text import LineSplitter

CHUNK = 65_536
"""Bytes that are read at a time."""

GRACE = 10.0
"""Seconds that an interrupted process gets before it is killed."""

_CREATION_FLAGS: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # Windows only

Result = TypeVar("Result")
LinesHandler = Callable[[list[str]], None]


@dataclass(frozen=True)
class Output:
    """What a command that ran to its end said."""

    code: int
    out: str
    err: str


class Child:
    """A running command in a process group of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._output = asyncio.Lock()  # a stream has one reader at a time
        self.interrupted = False

    @property
    def pid(self) -> int:
        """The process id, which is also that of its group."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    async def follow(self, handle: LinesHandler) -> int:
        """Hand over its lines as they come, and return the exit code.

        Other tasks get their turn after each chunk, however fast the output comes.
        """
        splitter = LineSplitter()
        async with self._output:
            while chunk := await self._read():
                if lines := splitter.feed(chunk):
                    handle(lines)
                await asyncio.sleep(0)
        if lines := splitter.end():
            handle(lines)
        return await self._process.wait()

    async def _read(self) -> bytes:
        return await self._process.stdout.read(CHUNK) if self._process.stdout else b""

    async def capture(self) -> Output:
        """Wait for its end and return all that it said."""
        async with self._output:
            out, err = await self._process.communicate()
        code = self._process.returncode or 0
        return Output(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    def interrupt(self, grace: float = GRACE) -> None:
        """Ask it once to end gracefully; a second interrupt would make Compose kill.

        It is killed if it has not ended after `grace` seconds: Compose that is interrupted just
        when it is done waiting may hang.
        """
        if self.running and not self.interrupted:
            self.interrupted = True
            send_interrupt(self.pid)
            asyncio.get_running_loop().call_later(grace, self._kill)

    def _kill(self) -> None:
        if self.running:
            kill_group(self.pid)

    async def end(self, grace: float = GRACE) -> None:
        """Interrupt it, and kill its group if it is still there after `grace` seconds."""
        self.interrupt()
        try:
            await asyncio.wait_for(self._drained(), grace)
        except TimeoutError:
            kill_group(self.pid)
            await self._drained()

    async def _drained(self) -> None:
        """Wait for its end, reading what nobody else reads: a full pipe would hold it up."""
        async with self._output:
            while await self._read():
                continue
        await self._process.wait()


def send_interrupt(pid: int) -> None:
    """Send the interrupt that a terminal's Ctrl-C would send; a process that is gone is fine."""
    try:
        if sys.platform == "win32":
            os.kill(pid, signal.CTRL_BREAK_EVENT)
        else:
            os.kill(pid, signal.SIGINT)
    except ProcessLookupError:
        return


def kill_group(pid: int) -> None:
    """Kill the process `pid` and, where there are process groups, all of its group."""
    try:
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


class Processes:
    """Starts children and ends those that are left.

    Args:
        folder: The folder that commands run in.
        environment: Their whole environment.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._children: set[Child] = set()
        self._minder = Minder()

    async def start(self, command: Sequence[str], *, merge: bool = True) -> Child:
        """Start `command`; with `merge` its standard error comes with its standard output.

        Raises:
            FileNotFoundError: There is no such program or no such folder.
        """
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT if merge else asyncio.subprocess.PIPE,
            start_new_session=sys.platform != "win32",
            creationflags=_CREATION_FLAGS,
        )
        child = Child(process)
        self._children.add(child)
        self._minder.watch(child.pid)
        return child

    async def run(self, child: Child, work: Callable[[Child], Awaitable[Result]]) -> Result:
        """Return what `work` makes of `child`; whatever happens, it has ended afterwards."""
        try:
            return await work(child)
        finally:
            # The interrupt goes out before the first await: a program that is being torn down
            # may cancel that await at once, and `close` then finishes what began here.
            child.interrupt()
            await child.end()
            self._forget(child)

    def _forget(self, child: Child) -> None:
        self._children.discard(child)
        self._minder.forget(child.pid)

    async def close(self) -> None:
        """End all children that are left; no process of ours is there afterwards."""
        children = list(self._children)
        for child in children:
            child.interrupt()
        await asyncio.gather(*(child.end() for child in children))
        for child in children:
            self._forget(child)
        await asyncio.to_thread(self._minder.close)


class Minder:
    """A process that outlives this one by a moment, to interrupt children that are left over.

    It is started with the first child, costs a bare interpreter, and reads ``+pid`` and ``-pid``
    lines. Its input ends when this process does, whatever ended it.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, pid: int) -> None:
        """Interrupt `pid` should this program end before `forget` is called."""
        if self._process is None:
            script = Path(__file__).with_name("compose_minder.py")
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(script)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=sys.platform != "win32",
                creationflags=_CREATION_FLAGS,
            )
        self._tell(f"+{pid}\n")

    def forget(self, pid: int) -> None:
        """The child has ended by itself."""
        self._tell(f"-{pid}\n")

    def close(self) -> None:
        """End the minder; blocks for a few milliseconds."""
        process, self._process = self._process, None
        if process is not None:
            process.communicate()

    def _tell(self, line: str) -> None:
        if self._process is None or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            # Somebody ended the minder. The children are still ended in all orderly ways.
            self._process.stdin.close()
            self._process.wait()
            self._process = None
