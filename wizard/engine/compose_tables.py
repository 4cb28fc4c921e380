"""Reads what ``docker compose`` prints as JSON or as prefixed lines: config, ps, events, logs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from wizard.engine.compose_events import Container, LogLine, Origin, Plan, Port, ServicePlan

_PREFIX = re.compile(r"(?:\x1b\[[0-9;]*m)*(?P<name>[\w.-]+) +\| ?(?:\x1b\[0?m)? ?(?P<text>.*)")
_INSTANCE = re.compile(r"-\d+$")
_CHANGES = frozenset(
    (
        *("create", "start", "restart", "stop", "die", "kill", "oom", "destroy"),
        *("pause", "unpause", "rename", "health_status"),
    )
)


def read_version(text: str) -> tuple[int, int, int]:
    """Return the numbers of a version such as ``v2.29.1`` or ``2.26.1-4``; zeros for what lacks."""
    numbers = re.match(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?", text.strip())
    if numbers is None:
        return (0, 0, 0)
    major, minor, patch = (int(number or 0) for number in numbers.groups())
    return (major, minor, patch)


def read_plan(text: str) -> Plan:
    """Read ``docker compose config --format json``.

    Raises:
        ValueError: `text` is no such thing.
    """
    config = json.loads(text)
    services: Mapping[str, Mapping[str, Any]] = config.get("services") or {}
    one_shots = {
        name
        for service in services.values()
        for name, need in _needs(service).items()
        if need == "service_completed_successfully"
    }
    plans = {
        name: ServicePlan(
            name,
            image=service.get("image", ""),
            builds="build" in service,
            one_shot=name in one_shots,
            ports=tuple(port for entry in service.get("ports") or () for port in _port(entry)),
            needs=tuple(_needs(service)),
        )
        for name, service in services.items()
    }
    return Plan(str(config.get("name", "")), _needed_first(plans))


def _needs(service: Mapping[str, Any]) -> dict[str, str]:
    needs = service.get("depends_on") or {}
    return {name: need.get("condition", "") for name, need in needs.items()}


def _port(entry: Mapping[str, Any]) -> list[Port]:
    """Return the port of an entry; none if the engine is to choose it or it is a range."""
    published = str(entry.get("published", ""))
    if not published.isdigit() or published == "0":
        return []
    protocol = str(entry.get("protocol", "tcp"))
    return [Port(str(entry.get("host_ip", "")), int(published), int(entry["target"]), protocol)]


def _needed_first(plans: Mapping[str, ServicePlan]) -> tuple[ServicePlan, ...]:
    ordered: dict[str, ServicePlan] = {}

    def add(name: str, path: tuple[str, ...]) -> None:
        if name in ordered or name in path or name not in plans:
            return
        for need in plans[name].needs:
            add(need, (*path, name))
        ordered[name] = plans[name]

    for name in plans:
        add(name, ())
    return tuple(ordered.values())


def read_containers(text: str) -> tuple[Container, ...]:
    """Read ``docker compose ps --all --format json``: an array, or an object a line.

    Lines that are neither are passed over: warnings come in between.
    """
    text = text.strip()
    rows = json.loads(text) if text.startswith("[") else map(_object, text.splitlines())
    return tuple(_container(row) for row in rows if "Service" in row)


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _container(row: Mapping[str, Any]) -> Container:
    ports = {
        Port(str(each.get("URL", "")), each["PublishedPort"], each["TargetPort"], each["Protocol"])
        for each in row.get("Publishers") or ()
        if each.get("PublishedPort")
    }
    return Container(
        name=str(row.get("Name", "")),
        service=str(row["Service"]),
        state=str(row.get("State", "")).lower(),
        health=str(row.get("Health", "")).lower(),
        code=int(row.get("ExitCode", 0)),
        ports=tuple(sorted(ports, key=lambda port: (port.target, port.published, port.host))),
    )


def tells_a_change(line: str) -> bool:
    """Whether a line of ``docker compose events --json`` says that a container's state changed.

    Health checks alone make three events every few seconds that say nothing.
    """
    action = str(_object(line).get("action", ""))
    return action.partition(":")[0] in _CHANGES


def read_logs(lines: Iterable[str], services: Mapping[str, str]) -> list[LogLine]:
    """Read lines of ``docker compose logs``.

    Args:
        lines: Cleaned lines such as ``app-1  | text``.
        services: Container name, with and without the project's name before it -> service.
    """
    return [_log_line(line, services) for line in lines]


def _log_line(line: str, services: Mapping[str, str]) -> LogLine:
    if match := _PREFIX.fullmatch(line):
        name = match["name"]
        return LogLine(services.get(name) or _INSTANCE.sub("", name), match["text"])
    # Compose's own remarks begin with the name, too: "app-1 exited with code 0".
    return LogLine(services.get(line.partition(" ")[0], ""), line, Origin.COMPOSE)
