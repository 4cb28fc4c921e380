"""`scaffold-tui` as a newcomer meets it: a real terminal of 80 by 24, and the keyboard alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PATIENCE = 60
"""Seconds until what does not show up on the screen is given up."""

COMMAND = Path(sys.executable).with_name("scaffold-tui")


class Terminal:
    """A terminal of 80 by 24 with a shell in it.

    Args:
        tmux: Path of tmux.
        socket: Name of a tmux server of its own.
        folder: Where the shell starts.
    """

    def __init__(self, tmux: str, socket: str, folder: Path) -> None:
        self._tmux = [tmux, "-L", socket, "-f", os.devnull]
        size = ["-x", "80", "-y", "24"]
        shell = "PS1='$ ' exec sh"
        self._do("new-session", "-d", *size, "-c", str(folder), shell)

    def _do(self, *arguments: str) -> str:
        command = [*self._tmux, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def press(self, *keys: str) -> None:
        """Press keys by their names in tmux."""
        self._do("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type `text` as it stands."""
        self._do("send-keys", "-l", text)

    @property
    def screen(self) -> str:
        """What is on the screen now."""
        return self._do("capture-pane", "-p")

    def wait_for(self, pattern: str) -> str:
        """Return the screen once it has `pattern`, a regular expression."""
        return self.wait_until(lambda screen: bool(re.search(pattern, screen)), pattern)

    def wait_until(self, condition: Callable[[str], bool], what: str) -> str:
        """Return the screen once `condition` holds for it."""
        give_up = time.monotonic() + PATIENCE
        while not condition(screen := self.screen):
            assert time.monotonic() < give_up, f"no {what} on this screen:\n{screen}"
            time.sleep(0.05)
        return screen

    def settled(self) -> str:
        """Return the screen once it has stayed the same for a while."""
        same, screen = 0, self.screen
        while same < 8:
            time.sleep(0.05)
            now = self.screen
            same, screen = (same + 1 if now == screen else 0), now
        return screen

    def close(self) -> None:
        """End the terminal and everything in it."""
        self._do("kill-server")


@pytest.fixture
def terminal(tmux: str, tmp_path: Path) -> Iterator[Terminal]:
    """A shell in an empty folder; ends with the test."""
    opened = Terminal(tmux, f"scaffold-tui-{tmp_path.name}-{os.getpid()}", tmp_path)
    try:
        opened.wait_for(r"^\$")
        yield opened
    finally:
        opened.close()


def step(screen: str) -> int:
    """Return the number of the step that is shown; 0 if none is."""
    found = re.search(r"^.* (\d+)/\d+\s*\n", screen)
    return int(found[1]) if found else 0


def press_enter_to(terminal: Terminal, number: int) -> str:
    """Press Enter until step `number` is shown, letting the screen settle after each time."""
    for _ in range(30):
        screen = terminal.settled()
        if step(screen) == number:
            return screen
        terminal.press("Enter")
    pytest.fail(f"step {number} is not reached by pressing Enter:\n{terminal.screen}")


def test_a_project_is_written_with_the_keyboard_alone(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type(f"{COMMAND}\n")
    terminal.wait_for("My Service")
    terminal.press("C-u")
    terminal.type("Orders API")
    terminal.wait_for("orders-api")
    terminal.wait_for("orders_api")

    press_enter_to(terminal, 2)
    terminal.wait_for("FastAPI")
    terminal.press("Down")
    terminal.wait_for(r". ○ Flask +.*[+~-]\d")
    terminal.press("Enter")
    terminal.wait_until(lambda now: step(now) == 3, "third step")
    terminal.press("Escape")
    terminal.wait_until(lambda now: step(now) == 2, "second step again")
    terminal.wait_for("● Flask")

    press_enter_to(terminal, 8)
    screen = terminal.wait_for(r"Write \d+ files")
    assert "framework=flask" in screen
    assert not list(tmp_path.iterdir()), "nothing is written before it was agreed"
    terminal.press("Enter")
    terminal.wait_for("orders-api is written")
    terminal.press("q")
    screen = terminal.wait_for(r"scaffold-tui new [\s\S]*\n\$")
    assert "framework=flask" in screen.replace("\n", "")

    project = tmp_path / "orders-api"
    assert "flask" in (project / "pyproject.toml").read_text()
    assert (project / "src/orders_api/main.py").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["orders-api"]
    terminal.type("clear; echo still $((40 + 2)) alive\n")
    terminal.wait_for("still 42 alive")


def test_escape_never_quits_and_control_c_asks(terminal: Terminal) -> None:
    terminal.type(f"{COMMAND}; echo ended with $?\n")
    terminal.wait_for("My Service")
    terminal.press("Escape")
    assert "Ctrl+C" in terminal.wait_for("first step")
    terminal.press("C-c")
    terminal.wait_for("Quit")
    terminal.press("Escape")
    terminal.wait_until(lambda now: "Stay" not in now, "end of the question")
    terminal.press("C-c")
    terminal.wait_for("Quit")
    terminal.press("C-c")
    assert "scaffold-tui new" in terminal.wait_for("ended with 0")


@pytest.mark.parametrize(("signal", "code"), [("TERM", 143), ("HUP", 129)])
def test_a_signal_leaves_the_terminal_as_it_was(terminal: Terminal, signal: str, code: int) -> None:
    terminal.type(f"{COMMAND}; echo ended with $?\n")
    terminal.wait_for("My Service")
    pids = subprocess.run(
        ["pgrep", "-f", f"^{sys.executable}.*{COMMAND}$"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    for pid in pids:
        subprocess.run(["kill", f"-{signal}", pid], check=True)
    terminal.wait_for(f"ended with {code}")
    terminal.type("clear; echo still $((40 + 2)) alive\n")
    terminal.wait_for("still 42 alive")
