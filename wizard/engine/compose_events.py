"""What happens while a Compose project is looked at, started and stopped, as frozen values.

`wizard.engine.compose` reports these in batches; nothing here runs anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Phase(StrEnum):
    """Where a service stands; the value is the word that a person reads."""

    ABSENT = "not started"
    WAITING = "waiting"
    PULLING = "pulling"
    BUILDING = "building"
    BUILT = "built"
    CREATED = "created"
    STARTING = "starting"
    RUNNING = "running"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    RESTARTING = "restarting"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    EXITED = "exited"
    FAILED = "failed"

    @property
    def alive(self) -> bool:
        """Whether a process of the service runs or is about to run again."""
        return self in _ALIVE

    @property
    def settled(self) -> bool:
        """Whether the service is as it should be and stays so."""
        return self in {Phase.RUNNING, Phase.HEALTHY, Phase.FINISHED}

    @property
    def broken(self) -> bool:
        """Whether the service is in trouble."""
        return self in {Phase.UNHEALTHY, Phase.RESTARTING, Phase.EXITED, Phase.FAILED}


_ALIVE = frozenset(
    {
        Phase.STARTING,
        Phase.RUNNING,
        Phase.HEALTHY,
        Phase.UNHEALTHY,
        Phase.RESTARTING,
        Phase.PAUSED,
        Phase.STOPPING,
    }
)


@dataclass(frozen=True)
class Port:
    """A port of this machine that leads into a container.

    Attributes:
        host: Address it is bound to; empty means all.
        published: Port on this machine.
        target: Port in the container.
        protocol: ``tcp`` or ``udp``.
    """

    host: str
    published: int
    target: int
    protocol: str = "tcp"

    @property
    def address(self) -> str:
        """Host and port as a browser on this machine can use them."""
        host = "127.0.0.1" if self.host in {"", "0.0.0.0", "::"} else self.host  # noqa: S104
        return f"[{host}]:{self.published}" if ":" in host else f"{host}:{self.published}"


@dataclass(frozen=True)
class Container:
    """One container as `docker compose ps` lists it.

    Attributes:
        state: The engine's word: created, running, restarting, paused, removing, exited, dead.
        health: The engine's word: starting, healthy, unhealthy; empty without a health check.
        code: Exit code; 0 while it runs.
    """

    name: str
    service: str
    state: str
    health: str = ""
    code: int = 0
    ports: tuple[Port, ...] = ()


@dataclass(frozen=True)
class ServicePlan:
    """What the Compose file says about a service.

    Attributes:
        image: Name of its image; empty if Compose makes one up for what it builds.
        builds: Whether its image is built here.
        one_shot: Whether it is meant to end: another service waits for its completion.
        ports: The ports it is going to publish.
        needs: Names of the services that it waits for.
    """

    name: str
    image: str = ""
    builds: bool = False
    one_shot: bool = False
    ports: tuple[Port, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A Compose project as `docker compose config` resolves it.

    Attributes:
        services: Those that others need come first.
    """

    name: str
    services: tuple[ServicePlan, ...] = ()

    def service(self, name: str) -> ServicePlan | None:
        """Return the service called `name`, None if the file has none."""
        return next((service for service in self.services if service.name == name), None)


class FailureKind(StrEnum):
    """What went wrong, for code that has to decide; people read the sentence."""

    NO_DOCKER = "no docker command"
    NO_COMPOSE = "no compose plug-in"
    OLD_COMPOSE = "compose is too old"
    NO_ENGINE = "no engine"
    PERMISSION = "permission denied"
    NO_FILE = "no compose file"
    BROKEN_FILE = "broken compose file"
    NO_ENV = "missing .env"
    PORT_TAKEN = "port taken"
    DISK_FULL = "disk full"
    PULL = "image cannot be pulled"
    BUILD = "build failed"
    UNHEALTHY = "unhealthy"
    EXITED = "exited"
    TIMEOUT = "timed out"
    OTHER = "other"


@dataclass(frozen=True)
class Failure:
    """Something that went wrong, in words, with a way out.

    Attributes:
        sentence: What is wrong; one sentence.
        hint: What to do next; one sentence.
        service: Whose trouble it is; empty if it is everybody's.
        details: Lines of output that show it, oldest first.
        port: The port that is taken; 0 for other kinds.
        variable: The variable in ``.env`` that sets that port; empty if there is none.
        free_port: A port that could be used instead; 0 if none is offered.
    """

    kind: FailureKind
    sentence: str
    hint: str
    service: str = ""
    details: tuple[str, ...] = ()
    port: int = 0
    variable: str = ""
    free_port: int = 0


@dataclass(frozen=True)
class CommandStarted:
    """A command begins; `line` is what one would type in a shell in the project's folder."""

    line: str


@dataclass(frozen=True)
class CommandEnded:
    """A command is over; `code` is negative if a signal ended it."""

    line: str
    code: int
    seconds: float


@dataclass(frozen=True)
class Checked:
    """A preflight check that passed, or that only deserves a warning."""

    name: str
    detail: str
    warning: bool = False


@dataclass(frozen=True)
class Planned:
    """The Compose file was read."""

    plan: Plan


@dataclass(frozen=True)
class BuildStep:
    """A step of an image build began or ended.

    Attributes:
        service: Whose image it is.
        stage: Name of the build stage; empty if the Dockerfile has only one.
        step: Number within its stage, from 1; 0 for steps that are not counted (context, export).
        total: Number of steps of its stage; 0 if not counted.
        text: The instruction.
        done: Whether it ended.
        cached: Whether nothing had to be done.
    """

    service: str
    stage: str
    step: int
    total: int
    text: str
    done: bool = False
    cached: bool = False


@dataclass(frozen=True)
class Pull:
    """An image is being pulled; `percent` is None while the size is not known."""

    name: str
    text: str
    percent: int | None = None


@dataclass(frozen=True)
class Resource:
    """Compose says that it did something to a container, a network, a volume or an image."""

    kind: str
    name: str
    word: str


class Origin(StrEnum):
    """Where a line of the log comes from."""

    CONTAINER = "container"
    BUILD = "build"
    COMPOSE = "compose"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line for the log; colours (SGR sequences) are kept, other control sequences are gone."""

    service: str
    text: str
    origin: Origin = Origin.CONTAINER


@dataclass(frozen=True)
class Seen:
    """The containers as they are now; services that are not in it have none."""

    containers: tuple[Container, ...]


@dataclass(frozen=True)
class Answered:
    """What a service answered to a request.

    Attributes:
        status: HTTP status; 0 if there was no answer.
        body: The first part of the answer's body as text.
        milliseconds: From connecting to the last byte.
        error: Why there was no answer, one sentence; empty if there was one.
    """

    url: str
    status: int = 0
    body: str = ""
    milliseconds: float = 0.0
    error: str = ""

    @property
    def good(self) -> bool:
        """Whether the service says that it is well."""
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Failed:
    """Something went wrong."""

    failure: Failure


@dataclass(frozen=True)
class Cancelled:
    """What was under way was broken off; `sentence` says what is left."""

    sentence: str


@dataclass(frozen=True)
class Began:
    """An operation (up, stop, down, restart) began; it ends `Finished`, `Failed` or `Cancelled`."""

    operation: str


@dataclass(frozen=True)
class Finished:
    """An operation ended well."""

    operation: str
    seconds: float


Event: TypeAlias = (
    CommandStarted
    | CommandEnded
    | Checked
    | Planned
    | BuildStep
    | Pull
    | Resource
    | LogLine
    | Seen
    | Answered
    | Failed
    | Cancelled
    | Began
    | Finished
)
