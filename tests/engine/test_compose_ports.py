"""Ports that are taken, the next free one, and the line of .env that sets it."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.engine.compose_events import Plan, Port, ServicePlan
from wizard.engine.compose_ports import (
    is_taken,
    next_free,
    port_variable,
    set_in_env,
    taken_ports,
)
from wizard.errors import ComposeError


@pytest.fixture
def taken() -> Iterator[Port]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Port("127.0.0.1", server.getsockname()[1], 8000)


def test_a_port_is_taken_while_somebody_listens(taken: Port) -> None:
    assert is_taken(taken)
    assert is_taken(Port("", taken.published, 8000))


def test_a_port_is_free_when_nobody_listens_any_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = Port("127.0.0.1", server.getsockname()[1], 8000)
    assert not is_taken(port)


def test_the_next_free_port_is_neither_taken_nor_wanted(taken: Port) -> None:
    avoid = {taken.published + 1}
    free = next_free(taken, avoid)
    assert free > taken.published + 1
    assert not is_taken(Port("127.0.0.1", free, 8000))


def test_no_port_is_offered_past_the_last() -> None:
    assert next_free(Port("127.0.0.1", 65_535, 80)) == 0


def test_ports_of_the_projects_own_containers_are_not_taken(taken: Port) -> None:
    plan = Plan("shop", (ServicePlan("app", ports=(taken,)),))
    assert taken_ports(plan, ()) == (("app", taken),)
    assert taken_ports(plan, (taken,)) == ()


@pytest.mark.parametrize(
    ("line", "variable"),
    [
        ('- "127.0.0.1:${APP_PORT:-8000}:8000"', "APP_PORT"),
        ("- ${WEB_PORT}:8000", "WEB_PORT"),
        ('- "${APP_PORT?set it}:8000"', "APP_PORT"),
        ('- "8000:8000"', ""),
        ('- "${DB_PORT:-5432}:5432"', ""),
        ('- "${OTHER:-1}:80000"', ""),
    ],
)
def test_the_variable_of_a_port_is_found_in_the_compose_file(
    line: str, variable: str, tmp_path: Path
) -> None:
    (tmp_path / "docker-compose.yml").write_text(f"services:\n  app:\n    ports:\n      {line}\n")
    assert port_variable(tmp_path, 8000) == variable


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A=1\nAPP_PORT=8000\nB=2\n", "A=1\nAPP_PORT=8123\nB=2\n"),
        ("A=1", "A=1\nAPP_PORT=8123\n"),
        ("", "APP_PORT=8123\n"),
        ("export APP_PORT=8000 # why\n", "export APP_PORT=8123\n"),
        ("# APP_PORT=8000\nMY_APP_PORT=1\n", "# APP_PORT=8000\nMY_APP_PORT=1\nAPP_PORT=8123\n"),
    ],
)
def test_only_the_line_of_the_variable_changes(before: str, after: str, tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text(before)
    env.chmod(0o640)
    set_in_env(tmp_path, "APP_PORT", "8123")
    assert env.read_text() == after
    assert stat.S_IMODE(env.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == [".env"]


def test_a_new_env_file_is_for_its_owner_only(tmp_path: Path) -> None:
    set_in_env(tmp_path, "APP_PORT", "8123")
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_an_env_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(ComposeError, match=r"write APP_PORT=8123 into it yourself\."):
        set_in_env(tmp_path, "APP_PORT", "8123")
