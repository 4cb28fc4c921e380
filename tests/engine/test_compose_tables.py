"""What Compose prints as JSON, and its log, become values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wizard.engine.compose_events import Container, LogLine, Origin, Port
from wizard.engine.compose_tables import (
    read_containers,
    read_logs,
    read_plan,
    read_version,
    tells_a_change,
)
from wizard.engine.compose_text import clean

OUTPUTS = Path(__file__).parent / "compose_outputs"


def output(name: str) -> str:
    return (OUTPUTS / name).read_text()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2.26.1-4\n", (2, 26, 1)),
        ("v2.29.0", (2, 29, 0)),
        ("5.0.0-rc.1", (5, 0, 0)),
        ("2.40", (2, 40, 0)),
        ("dev", (0, 0, 0)),
    ],
)
def test_version_numbers_are_read_from_any_shape(text: str, numbers: tuple[int, int, int]) -> None:
    assert read_version(text) == numbers


def test_the_plan_names_services_in_the_order_of_starting() -> None:
    plan = read_plan(output("config.json"))
    assert plan.name == "shop"
    assert [service.name for service in plan.services] == ["db", "migrate", "app"]


def test_the_plan_knows_builds_one_shots_and_ports() -> None:
    plan = read_plan(output("config.json"))
    db, migrate, app = plan.services
    assert (db.builds, migrate.builds, app.builds) == (False, True, True)
    assert (db.one_shot, migrate.one_shot, app.one_shot) == (False, True, False)
    assert app.ports == (Port("127.0.0.1", 18561, 8000),)
    assert db.image == "python:3.13-slim"


def test_ports_that_the_engine_chooses_are_not_planned() -> None:
    ports = [{"target": 80}, {"target": 81, "published": "0"}, {"target": 82, "published": "8-9"}]
    plan = read_plan(json.dumps({"name": "x", "services": {"a": {"ports": ports}}}))
    assert plan.services[0].ports == ()


def test_containers_are_read_from_an_object_a_line_and_from_an_array() -> None:
    by_line = read_containers(output("ps.txt"))
    rows = [json.loads(line) for line in output("ps.txt").splitlines()]
    assert read_containers(json.dumps(rows)) == by_line
    assert (
        Container("shop-app-1", "app", "running", "healthy", 0, (Port("127.0.0.1", 18561, 8000),))
        in by_line
    )
    assert Container("shop-migrate-1", "migrate", "exited") in by_line


def test_warnings_between_the_containers_are_passed_over() -> None:
    text = 'time="x" level=warning msg="y"\n' + output("ps.txt")
    assert len(read_containers(text)) == 3
    assert read_containers("") == ()
    assert read_containers("[]") == ()


def test_a_port_on_both_address_families_is_told_once_a_family() -> None:
    publisher = {"TargetPort": 8000, "PublishedPort": 8000, "Protocol": "tcp"}
    row = {
        "Service": "a",
        "Publishers": [publisher | {"URL": "0.0.0.0"}, publisher | {"URL": "::"}],
    }
    (container,) = read_containers(json.dumps(row))
    assert {port.address for port in container.ports} == {"127.0.0.1:8000"}


def test_health_checks_are_no_change_but_their_verdict_is() -> None:
    lines = output("events.txt").splitlines()
    actions = [json.loads(line)["action"] for line in lines if tells_a_change(line)]
    assert not any(action.startswith("exec_") for action in actions)
    assert {"die", "start", "health_status: healthy"} <= set(actions)


def test_log_lines_know_their_service() -> None:
    names = {"shop-app-1": "app", "app-1": "app", "custom-name": "db"}
    lines = [
        *(clean(line) for line in output("logs.txt").splitlines()),
        "custom-name  | ready | steady",
        "app-1 exited with code 0",
        "new-service-1  | unknown as yet",
    ]
    read = read_logs(lines, names)
    assert LogLine("app", "\x1b[32mlistening\x1b[0m on 8000") in read
    assert read[-3:] == [
        LogLine("db", "ready | steady"),
        LogLine("app", "app-1 exited with code 0", Origin.COMPOSE),
        LogLine("new-service", "unknown as yet"),
    ]
