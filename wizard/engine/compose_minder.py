"""Runs as a program of its own: interrupts what is left when its standard input ends.

The standard library only, and nothing of this package: it is started with ``-I -S``.
"""

from __future__ import annotations

import os
import signal
import sys
import time

GRACE = 10.0


def main() -> None:
    """Read ``+pid`` and ``-pid`` lines until the input ends, then end what is still listed."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    left: set[int] = set()
    for line in sys.stdin:
        change, pid = line[0], int(line[1:])
        (left.add if change == "+" else left.discard)(pid)
    for pid in left:
        _send(pid, getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
    give_up = time.monotonic() + GRACE
    while left and time.monotonic() < give_up:
        time.sleep(0.1)
        left = {pid for pid in left if _send(pid, 0)}
    for pid in left:
        _kill(pid)


def _send(pid: int, number: int) -> bool:
    """Send a signal, 0 to look only; False if there is no such process any more."""
    try:
        os.kill(pid, number)
    except OSError:
        return False
    return True


def _kill(pid: int) -> None:
    """Kill the process and its group, whose id is the same; what is gone is fine."""
    try:
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)
    except OSError:
        return


if __name__ == "__main__":
    main()
