"""Child processes end when they should, and none is left whatever ends the program."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.engine.compose_process import Child, Processes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX matter")

TALKER = "import time\nfor i in range(10**9): print(i, flush=True); time.sleep(0.01)"
DEAF = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
FLOOD = "import sys\nwhile True: sys.stdout.write('x' * 99 + chr(10))"

OWNER = """
import asyncio, os, sys
from pathlib import Path
from wizard.engine.compose_process import Processes

async def main():
    processes = Processes(Path("."), os.environ)
    child = await processes.start([sys.executable, "-c", "import time; time.sleep(60)"])
    print(child.pid, flush=True)
    await child.follow(lambda lines: None)

asyncio.run(main())
"""


def exists(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        if sys.platform == "linux":
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    return state != "Z"


def gone_within(pid: int, seconds: float) -> bool:
    give_up = time.monotonic() + seconds
    while exists(pid) and time.monotonic() < give_up:
        time.sleep(0.05)
    return not exists(pid)


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path, os.environ)


async def start(processes: Processes, code: str) -> Child:
    return await processes.start([sys.executable, "-c", code])


async def test_lines_come_as_they_are_printed_and_the_code_at_the_end(processes: Processes) -> None:
    heard: list[str] = []
    code = "print('one'); import sys; print('two', file=sys.stderr); sys.exit(3)"
    child = await start(processes, code)
    assert await processes.run(child, lambda child: child.follow(heard.extend)) == 3
    assert sorted(heard) == ["one", "two"]
    await processes.close()


async def test_a_child_that_is_deaf_to_an_interrupt_is_killed(processes: Processes) -> None:
    child = await processes.start([sys.executable, "-c", DEAF])

    def hear(lines: list[str]) -> None:
        assert lines == ["deaf"]
        child.interrupt(grace=0.2)

    assert await child.follow(hear) == -signal.SIGKILL
    assert not child.running
    await processes.close()


async def test_an_interrupt_ends_a_child_gracefully(processes: Processes) -> None:
    child = await start(processes, TALKER)
    asyncio.get_running_loop().call_later(0.3, child.interrupt)
    code = await processes.run(child, lambda child: child.follow(lambda _: None))
    assert code in {-signal.SIGINT, 1}
    assert not child.running
    await processes.close()


async def test_a_child_that_does_not_listen_is_killed(processes: Processes) -> None:
    child = await start(processes, DEAF)
    deaf = asyncio.Event()
    following = asyncio.create_task(child.follow(lambda _: deaf.set()))
    await deaf.wait()
    await child.end(grace=0.2)
    assert await following == -signal.SIGKILL
    await processes.close()


@pytest.mark.parametrize("code", [TALKER, FLOOD], ids=["talker", "flood"])
async def test_cancelling_the_one_who_follows_ends_the_child(
    code: str, processes: Processes
) -> None:
    child = await start(processes, code)
    task = asyncio.create_task(processes.run(child, lambda child: child.follow(lambda _: None)))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not exists(child.pid)
    await processes.close()


async def test_a_child_may_be_ended_by_several_at_once(processes: Processes) -> None:
    child = await start(processes, FLOOD)
    task = asyncio.create_task(processes.run(child, lambda child: child.follow(lambda _: None)))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(processes.close(), processes.close(), child.end())
    await asyncio.gather(task, return_exceptions=True)
    assert not exists(child.pid)


async def test_a_flood_of_lines_leaves_others_their_turn(processes: Processes) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    child = await start(processes, FLOOD)
    chunks = 0

    def handle(lines: list[str]) -> None:
        nonlocal chunks
        chunks += 1
        if chunks == 20:
            child.interrupt()

    counting = asyncio.create_task(count())
    await processes.run(child, lambda child: child.follow(handle))
    counting.cancel()
    assert turns >= chunks
    await processes.close()


async def test_close_ends_all_children_at_once(processes: Processes) -> None:
    children = [await start(processes, TALKER) for _ in range(3)]
    followers = [asyncio.create_task(child.follow(lambda _: None)) for child in children[:2]]
    await processes.close()
    await asyncio.gather(*followers)
    assert not any(exists(child.pid) for child in children)
    await processes.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_no_child_outlives_a_program_that_is_killed(
    number: signal.Signals, repository: Path
) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], stdout=subprocess.PIPE, cwd=repository, text=True
    )
    assert owner.stdout is not None
    child = int(owner.stdout.readline())
    assert exists(child)
    owner.send_signal(number)
    owner.communicate()
    assert gone_within(child, 5)


async def test_each_child_has_a_process_group_of_its_own(processes: Processes) -> None:
    child = await start(processes, TALKER)
    group: Callable[[int], int] = os.getpgid
    assert group(child.pid) == child.pid != group(0)
    await processes.close()
