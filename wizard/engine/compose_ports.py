"""Ports of this machine: which are taken, which is free, and where a project sets its own."""

from __future__ import annotations

import errno
import os
import re
import socket
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

from wizard.engine.compose_events import Plan, Port
from wizard.errors import ComposeError

HIGHEST_PORT = 65_535
SEARCHED = 200
"""How many ports after a taken one are tried."""

COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""The names that Compose looks for, in its order."""

_VARIABLE = r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::?[-?+][^}]*)?\}:"


def is_taken(port: Port) -> bool:
    """Whether something on this machine holds the address and port already.

    An address that is not this machine's, or a port that we may not bind ourselves though the
    engine may, is nobody's as far as we can tell.
    """
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    kind = socket.SOCK_DGRAM if port.protocol == "udp" else socket.SOCK_STREAM
    with socket.socket(family, kind) as probe:
        if os.name == "posix" and kind is socket.SOCK_STREAM:
            # A connection that is winding down (TIME_WAIT) is in nobody's way.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.published))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def taken_ports(plan: Plan, own: Iterable[Port]) -> tuple[tuple[str, Port], ...]:
    """Return service and port for each port that `plan` wants and somebody else has.

    Args:
        plan: The project.
        own: Ports that its own containers hold now.
    """
    held = {(port.published, port.protocol) for port in own}
    return tuple(
        (service.name, port)
        for service in plan.services
        for port in service.ports
        if (port.published, port.protocol) not in held and is_taken(port)
    )


def next_free(port: Port, avoid: Collection[int] = ()) -> int:
    """Return the next port above `port` that is free at the same address; 0 if none is found."""
    last = min(port.published + SEARCHED, HIGHEST_PORT)
    for number in range(port.published + 1, last + 1):
        candidate = Port(port.host, number, port.target, port.protocol)
        if number not in avoid and not is_taken(candidate):
            return number
    return 0


def port_variable(project: Path, target: int) -> str:
    """Return the name of the variable that sets the published port of `target`; empty if none.

    It is looked for in the text of the Compose file, as in ``${APP_PORT:-8000}:8000``, because
    Compose itself only tells the resolved value.
    """
    for name in COMPOSE_FILES:
        path = project / name
        if path.is_file():
            text = path.read_text("utf-8", "replace")
            found = re.search(_VARIABLE + rf"{target}\b", text)
            return found["name"] if found else ""
    return ""


def set_in_env(project: Path, name: str, value: str) -> None:
    """Set `name` in the project's ``.env``, which is written anew in one go with the same mode.

    All other lines stay as they are. A file that is not there is made, readable by its owner only.

    Raises:
        ComposeError: The file cannot be read or written.
    """
    path = (project / ".env").resolve()
    try:
        text = path.read_text("utf-8") if path.exists() else ""
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        _replace(path, _with_setting(text, name, value), mode)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ComposeError(
            f"{path} cannot be changed ({reason}); write {name}={value} into it yourself."
        ) from error


def _with_setting(text: str, name: str, value: str) -> str:
    setting = re.compile(rf"^(?P<start>[ \t]*(?:export[ \t]+)?{name}[ \t]*=).*$", re.MULTILINE)
    if setting.search(text):
        return setting.sub(lambda match: match["start"] + value, text)
    separator = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{separator}{name}={value}\n"


def _replace(path: Path, text: str, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".env.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
