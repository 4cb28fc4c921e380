"""Turns what Docker and Compose say when they fail into a sentence and a way out."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from wizard.engine.compose_events import Failure, FailureKind
from wizard.engine.compose_progress import Step
from wizard.errors import ComposeError

OLDEST_COMPOSE = (2, 20, 0)
"""The first release with a global ``--progress``; ``up --wait-timeout`` is older."""

NO_FILE_CODE, PULL_CODE, BUILD_CODE, INTERRUPTED_CODE = 14, 18, 17, 130
"""Exit codes of Compose 2; 5 returns 1 for the first three, so the text decides as well."""

_PERMISSION = re.compile(r"permission denied.*(?:docker|socket|pipe)|dial unix .*permission denied")
_NO_ENGINE = re.compile(
    r"cannot connect to the docker daemon|is the docker daemon running|error during connect"
    r"|failed to connect to the docker api|docker desktop is not running",
    re.IGNORECASE,
)
_PORT = re.compile(
    r"(?:Bind for |listen tcp[46]? |ports are not available: exposing port TCP )"
    r"\S*?:(?P<port>\d+)",
    re.IGNORECASE,
)
_PORT_WORDS = re.compile(
    r"port is already allocated|address already in use|ports are not available"
    r"|forbidden by its access permissions",
    re.IGNORECASE,
)
_DISK = re.compile(r"no space left on device", re.IGNORECASE)
_UNHEALTHY = re.compile(r"container (?P<name>\S+) is unhealthy")
_EXITED = re.compile(r"container (?P<name>\S+) exited \((?P<code>\d+)\)")
_INCOMPLETE = re.compile(
    r"service \"(?P<name>[^\"]+)\" didn't complete successfully: exit (?P<code>\d+)"
)
_TIMEOUT = re.compile(r"not healthy after|context deadline exceeded|timeout waiting")
_MISSING = re.compile(
    r"required variable (?P<name>\S+) is missing a value(?:: (?P<say>.+))?"
    r"|env file (?P<file>\S+) not found"
)
_PULL = re.compile(
    r"pull access denied|manifest (?:for \S+ not found|unknown)|failed to resolve (?:source|ref)"
    r"|error from registry|https?://\S+/v2/|failed to pull|requested access to the resource",
    re.IGNORECASE,
)
_IMAGE = re.compile(
    r"(?:for|denied for|reference|metadata for|image) \"?([\w./:@-]+/?[\w.:@-]+)\"?"
)
_NOISE = re.compile(r"^(?:-+|canceled|exit status \d+|\s*)$")


class ComposeFailedError(ComposeError):
    """A command could not do its work; `failure` says why and what to do."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.sentence} {failure.hint}")
        self.failure = failure


def no_docker() -> Failure:
    """There is no ``docker`` command."""
    return Failure(
        FailureKind.NO_DOCKER,
        "The docker command was not found.",
        "Install Docker Engine or Docker Desktop (https://docs.docker.com/get-docker/) then "
        "try again.",
    )


def no_compose(details: Sequence[str] = ()) -> Failure:
    """``docker`` does not know ``compose``."""
    return Failure(
        FailureKind.NO_COMPOSE,
        "Docker is installed without its Compose plug-in.",
        "Install it (https://docs.docker.com/compose/install/) and try again.",
        details=tuple(details),
    )


def old_compose(version: str) -> Failure:
    """Compose lacks options that are needed."""
    oldest = ".".join(map(str, OLDEST_COMPOSE[:2]))
    return Failure(
        FailureKind.OLD_COMPOSE,
        f"Docker Compose {version} is too old.",
        f"Update it to {oldest} or newer (https://docs.docker.com/compose/install/).",
    )


def engine_failure(text: str) -> Failure | None:
    """Return what keeps us from the engine, None if `text` says nothing of the kind."""
    lines = tuple(text.strip().splitlines()[-4:])
    if _PERMISSION.search(text):
        return Failure(
            FailureKind.PERMISSION,
            "You are not allowed to use the Docker Engine.",
            "Add yourself to its group with `sudo usermod -aG docker $USER`, then sign in anew."
            if sys.platform.startswith("linux")
            else "Start Docker Desktop as the user that you are now.",
            details=lines,
        )
    if _NO_ENGINE.search(text):
        return Failure(
            FailureKind.NO_ENGINE,
            "No Docker Engine answers.",
            "Start it with `sudo systemctl start docker`, or start Docker Desktop, and try again."
            if sys.platform.startswith("linux")
            else "Start Docker Desktop, wait until it says that it runs, and try again.",
            details=lines,
        )
    return None


def config_failure(code: int, text: str, project: Path) -> Failure:
    """Explain why ``docker compose config`` failed."""
    lines = tuple(text.strip().splitlines()[-6:])
    if code == NO_FILE_CODE and "no configuration file" in text:
        return Failure(
            FailureKind.NO_FILE,
            f"There is no docker-compose.yml in {project}.",
            "Choose the folder of a project that has one.",
        )
    if missing := _MISSING.search(text):
        what = f"{missing['name']} has no value" if missing["name"] else "the file is missing"
        return Failure(
            FailureKind.NO_ENV,
            f"The .env file of the project is not complete: {what}.",
            _env_hint(project),
            details=lines,
        )
    return Failure(
        FailureKind.BROKEN_FILE,
        f"The Compose file cannot be used: {lines[-1] if lines else 'it gave no reason'}.",
        "Mend docker-compose.yml and try again.",
        details=lines[:-1],
    )


def _env_hint(project: Path) -> str:
    if (project / "scripts" / "setup_env.sh").is_file():
        return "Run `sh scripts/setup_env.sh` in the project, which writes .env, and try again."
    if (project / ".env.example").is_file():
        return "Copy .env.example to .env, fill it in, and try again."
    return "Write it into .env in the project's folder and try again."


def port_taken(
    port: int, *, service: str = "", owner: str = "", variable: str = "", free_port: int = 0
) -> Failure:
    """The port is used by somebody else.

    Args:
        port: The port on this machine.
        service: Who wanted it.
        owner: Who has it, as far as known, for example ``the container shop-app-1``.
        variable: The variable in ``.env`` that sets it; empty if the Compose file fixes it.
        free_port: A port that could be used instead, 0 if none is known.
    """
    by = f" by {owner}" if owner else " by another program"
    if variable and free_port:
        hint = f"Use {free_port} instead ({variable} in .env), or stop what uses {port}."
    elif variable:
        hint = f"Stop what uses it, or set {variable} to a free port, and try again."
    else:
        hint = "Stop what uses it, or change the port in docker-compose.yml, and try again."
    return Failure(
        FailureKind.PORT_TAKEN,
        f"Port {port} is already used{by}.",
        hint,
        service=service,
        port=port,
        variable=variable,
        free_port=free_port,
    )


def build_failed(step: Step | None, messages: Sequence[str]) -> Failure:
    """An image could not be built; `step` is None if no step is known to have failed."""
    said = tuple(line for line in messages if not _NOISE.match(line))
    if step is None:
        return Failure(
            FailureKind.BUILD,
            "An image could not be built.",
            "Mend what the last lines name and try again.",
            details=said[-12:],
        )
    of = f" of {step.service}" if step.service else ""
    return Failure(
        FailureKind.BUILD,
        f"Building the image{of} failed at {step.title}.",
        "Mend the Dockerfile or what it copies, and try again.",
        service=step.service,
        details=(*list(step.output)[-10:], step.error),
    )


def pull_failed(text: str, service: str = "") -> Failure:
    """An image could not be had from its registry."""
    image = _IMAGE.search(text)
    what = f"The image {image[1]}" if image else "An image"
    whom = f" for {service}" if service else ""
    return Failure(
        FailureKind.PULL,
        f"{what}{whom} cannot be pulled.",
        "Check its name, your network and `docker login`, and try again.",
        service=service,
        details=tuple(text.strip().splitlines()[-6:]),
    )


def unhealthy(service: str, details: Sequence[str]) -> Failure:
    """The health check of `service` fails."""
    return Failure(
        FailureKind.UNHEALTHY,
        f"{service} runs, but its health check fails.",
        "Read its last lines, mend it, and start again, or take it down.",
        service=service,
        details=tuple(details),
    )


def exited(service: str, code: int, details: Sequence[str]) -> Failure:
    """The container of `service` ended although it should not have."""
    how = "ended at once" if code == 0 else f"ended with exit code {code}"
    return Failure(
        FailureKind.EXITED,
        f"{service} {how}{_signal_word(code)}.",
        "Read its last lines, mend it, and start again, or take it down.",
        service=service,
        details=tuple(details),
    )


def crashing(service: str, code: int, details: Sequence[str]) -> Failure:
    """The container of `service` ends again and again and is restarted each time.

    The code is not known (0) while it runs between two ends.
    """
    how = f" with exit code {code}{_signal_word(code)}" if code else ""
    return Failure(
        FailureKind.EXITED,
        f"{service} keeps ending{how} and is restarted each time.",
        "Read its last lines, mend it, and start again, or take it down.",
        service=service,
        details=tuple(details),
    )


def _signal_word(code: int) -> str:
    return {137: " (killed, perhaps for lack of memory)", 139: " (it crashed)"}.get(code, "")


def timed_out(seconds: float, waiting: Sequence[str]) -> Failure:
    """Services did not become healthy in time."""
    who = " and ".join(waiting) if waiting else "The project"
    verb = "are" if len(waiting) > 1 else "is"
    return Failure(
        FailureKind.TIMEOUT,
        f"{who} {verb} still not healthy after {seconds:.0f} seconds.",
        "Read the logs for what it waits for, and start again to wait longer, or take it down.",
        service=waiting[0] if waiting else "",
    )


def explain(
    operation: str,
    code: int,
    messages: Sequence[str],
    *,
    failed_step: Step | None = None,
) -> Failure:
    """Explain why a command that works on containers failed.

    What needs a look at containers (`unhealthy`, `exited`) comes back with the container's name in
    `service` and without details; the caller looks and fills them in.
    """
    text = "\n".join(messages)
    if failure := engine_failure(text):
        return failure
    if _DISK.search(text):
        return Failure(
            FailureKind.DISK_FULL,
            "The disk that Docker uses is full.",
            "Free some space, for example with `docker system prune`, and try again.",
            details=tuple(messages[-4:]),
        )
    if _PORT_WORDS.search(text):
        found = _PORT.search(text)
        return port_taken(int(found["port"]) if found else 0)
    if failure := _container_failure(text):
        return failure
    if failed_step is not None:
        return build_failed(failed_step, messages)
    if code == PULL_CODE or _PULL.search(text):
        return pull_failed(text)
    if code == BUILD_CODE or "failed to solve" in text:
        return build_failed(None, messages)
    return _other(operation, code, messages)


def _container_failure(text: str) -> Failure | None:
    if match := _UNHEALTHY.search(text):
        return unhealthy(match["name"], ())
    if match := _INCOMPLETE.search(text) or _EXITED.search(text):
        return exited(match["name"], int(match["code"]), ())
    if _TIMEOUT.search(text):
        return timed_out(0, ())
    return None


def _other(operation: str, code: int, messages: Iterable[str]) -> Failure:
    said = [line for line in messages if not _NOISE.match(line)]
    command = shlex.join(["docker", "compose", operation])
    return Failure(
        FailureKind.OTHER,
        f"`{command}` failed with code {code}" + (f": {said[-1]}." if said else "."),
        "Read the lines below, mend what they name, and try again.",
        details=tuple(said[-8:-1]),
    )
