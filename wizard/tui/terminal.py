"""Whether the terminal's background is light or dark, asked before the app takes the terminal."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Mapping

_ASK_BACKGROUND = b"\x1b]11;?\x1b\\"
_ASK_ATTRIBUTES = b"\x1b[c"
"""Every terminal answers this one, and in order: its answer ends the wait for the other."""

_BACKGROUND = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)")
_ATTRIBUTES = re.compile(rb"\x1b\[\?[0-9;]*c")
_PATIENCE_SECONDS = 0.25
_LIGHT_ANSI = frozenset({"7", "9", "10", "11", "12", "13", "14", "15"})


def has_light_background(environ: Mapping[str, str] | None = None) -> bool:
    """Return whether to use the light theme: OSC 11, then COLORFGBG, then dark."""
    environ = os.environ if environ is None else environ
    asked = light_of(_ask_terminal())
    if asked is not None:
        return asked
    return environ.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT_ANSI


def light_of(reply: bytes) -> bool | None:
    """Return whether the colour in an OSC 11 reply is light; None if there is none in it."""
    found = _BACKGROUND.search(reply)
    if found is None:
        return None
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in found.groups())
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5)


def _ask_terminal() -> bytes:
    """Return what the terminal answers in time; empty where it cannot be asked."""
    if sys.platform == "win32":
        return b""
    import termios  # noqa: PLC0415 - neither of the two exists on Windows
    import tty  # noqa: PLC0415

    try:
        device = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return b""
    try:
        before = termios.tcgetattr(device)
        try:
            tty.setcbreak(device, termios.TCSANOW)
            os.write(device, _ASK_BACKGROUND + _ASK_ATTRIBUTES)
            return _read_reply(device)
        finally:
            termios.tcsetattr(device, termios.TCSANOW, before)
    except (OSError, termios.error):
        return b""
    finally:
        os.close(device)


def _read_reply(device: int) -> bytes:
    reply = b""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _ATTRIBUTES.search(reply) and (left := deadline - time.monotonic()) > 0:
        if not select.select([device], [], [], left)[0]:
            break
        chunk = os.read(device, 1024)
        if not chunk:
            break
        reply += chunk
    return reply
