"""The image that the Dockerfile builds."""

from __future__ import annotations

import http.server
import json
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Project, Render


def test_image_is_built_in_stages_on_the_chosen_python(framework: str, render: Render) -> None:
    build, final = render(framework=framework, python_version="3.12").stages()
    assert build[0] == "FROM python:3.12-slim AS build"
    assert final[0] == "FROM python:3.12-slim"


def test_final_image_has_no_build_tools_and_copies_from_the_build_only(project: Project) -> None:
    final = project.stages()[-1]
    assert not [line for line in final if re.search(r"\b(uv|pip|apt-get|gcc)\b", line)]
    assert all(line.startswith("COPY --from=build ") for line in final if "COPY" in line)


def test_image_runs_as_a_numeric_user_who_is_not_root(project: Project) -> None:
    users = [line for line in project.stages()[-1] if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]


def test_image_starts_the_server_without_a_shell(render: Render) -> None:
    for framework, server in (("fastapi", "uvicorn"), ("flask", "gunicorn")):
        instruction, command = render(framework=framework).stages()[-1][-1].split(" ", 1)
        assert instruction == "CMD"
        assert json.loads(command)[0] == server
        assert "my_service.main:app" in json.loads(command)


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (204, 1), (503, 1)])
def test_image_health_check_is_true_for_status_200_only(
    render: Render, status: int, exit_code: int
) -> None:
    (check,) = (line for line in render().stages()[-1] if line.startswith("HEALTHCHECK"))
    python, option, code = json.loads(check[check.index("[") :])
    assert (python, option) == ("python", "-c")
    with answering(status) as port:
        code = code.replace("8000", str(port))
        result = subprocess.run([sys.executable, "-c", code], check=False)
    assert result.returncode == exit_code


def test_image_health_check_fails_when_nothing_listens(render: Render) -> None:
    (check,) = (line for line in render().stages()[-1] if line.startswith("HEALTHCHECK"))
    with answering(200) as port:
        code = json.loads(check[check.index("[") :])[2].replace("8000", str(port))
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert result.returncode == 1


class answering:  # noqa: N801 -- reads as a verb where it is used
    """A server on loopback that answers every GET with one status; gives its port."""

    def __init__(self, status: int) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keep the test's output quiet."""

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> int:
        self.thread.start()
        return self.server.server_address[1]

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def test_docker_context_holds_what_the_image_needs(project: Project) -> None:
    rules = project.text(".dockerignore").split()
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    wanted = {"requirements.txt", "src", "alembic.ini", "migrations", "gunicorn.conf.py"}
    assert allowed == wanted
    present = {name for name in wanted if (project / name).exists()}
    assert {"requirements.txt", "src"} <= present
    assert ("alembic.ini" in present) == ("migrate" in project.compose()["services"])
