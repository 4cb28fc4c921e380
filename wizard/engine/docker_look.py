"""Looks at the engine through the docker SDK; nothing here starts, stops or changes anything.

All functions block and are meant for a thread. The SDK costs a tenth of a second to import, so it
is imported when the first of them is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.errors import ComposeError

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

PROJECT_LABEL = "com.docker.compose.project"
SERVICE_LABEL = "com.docker.compose.service"
SECONDS = 10
"""How long the engine gets to answer one request."""


@dataclass(frozen=True)
class EngineFacts:
    """What the engine says about itself.

    Attributes:
        version: For example ``26.1.5``.
        root: The folder where it keeps images and volumes, on its own machine.
    """

    version: str
    root: str


@dataclass(frozen=True)
class Inspection:
    """What the engine knows of one container.

    Attributes:
        health_output: What the last health check printed; empty without a health check.
        restarts: How often the engine restarted it.
        out_of_memory: Whether it was killed because it used too much memory.
    """

    name: str
    service: str
    state: str
    health_output: str
    restarts: int
    out_of_memory: bool


@contextmanager
def _engine() -> Iterator[DockerClient]:
    """Connect to the engine that the docker command uses.

    Raises:
        ComposeError: It cannot be reached; the sentence is the SDK's.
    """
    import docker  # noqa: PLC0415  # late: see the module's docstring
    import requests  # noqa: PLC0415

    # The SDK lets some errors of the layers below it through: requests' own ones while it talks,
    # and ValueError or OSError for a context or certificate that it cannot read.
    errors = (docker.errors.DockerException, requests.RequestException, OSError, ValueError)
    try:
        client = docker.from_env(timeout=SECONDS)
    except errors as error:
        raise ComposeError(str(error)) from error
    try:
        yield client
    except errors as error:
        raise ComposeError(str(error)) from error
    finally:
        client.close()


def engine_facts() -> EngineFacts:
    """Ask the engine who it is.

    Raises:
        ComposeError: It cannot be reached.
    """
    with _engine() as client:
        client.ping()
        facts = client.info()
    return EngineFacts(str(facts.get("ServerVersion", "")), str(facts.get("DockerRootDir", "")))


def inspect(project: str) -> tuple[Inspection, ...]:
    """Return what the engine knows of all containers of a Compose project, stopped ones too.

    Raises:
        ComposeError: The engine cannot be reached.
    """
    with _engine() as client:
        found = client.containers.list(all=True, filters={"label": f"{PROJECT_LABEL}={project}"})
        return tuple(_inspection(container) for container in found)


def _inspection(container: Container) -> Inspection:
    state = container.attrs.get("State") or {}
    checks = (state.get("Health") or {}).get("Log") or []
    return Inspection(
        name=str(container.name),
        service=str(container.labels.get(SERVICE_LABEL, "")),
        state=str(state.get("Status", "")),
        health_output=str(checks[-1].get("Output", "")) if checks else "",
        restarts=int(container.attrs.get("RestartCount") or 0),
        out_of_memory=bool(state.get("OOMKilled")),
    )


def port_owner(port: int) -> str:
    """Return the name of the running container that publishes `port`; empty if none does.

    Raises:
        ComposeError: The engine cannot be reached.
    """
    with _engine() as client:
        found = client.containers.list(filters={"publish": str(port)})
        return str(found[0].name) if found else ""
