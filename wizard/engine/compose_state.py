"""What is known of a project's services, worked out from the events one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from wizard.engine.compose_events import (
    Began,
    BuildStep,
    Cancelled,
    Container,
    Event,
    Failed,
    FailureKind,
    Finished,
    Phase,
    Plan,
    Planned,
    Port,
    Pull,
    Resource,
    Seen,
    ServicePlan,
)

_BEFORE_CONTAINER = frozenset({Phase.WAITING, Phase.PULLING, Phase.BUILDING, Phase.BUILT})
_FAILURES = {FailureKind.BUILD: "build failed", FailureKind.PULL: "pull failed"}

APP = "app"
"""The service that is asked whether it is well, if there is one of that name."""

SIGTERM_CODE = 143
"""Exit code of a program that was stopped as `docker stop` does it."""

_PHASES = {
    "created": Phase.CREATED,
    "restarting": Phase.RESTARTING,
    "paused": Phase.PAUSED,
    "removing": Phase.STOPPING,
}
_HEALTH = {
    "": Phase.RUNNING,
    "starting": Phase.STARTING,
    "healthy": Phase.HEALTHY,
    "unhealthy": Phase.UNHEALTHY,
}
_WORDS = {
    "Creating": Phase.CREATED,
    "Created": Phase.CREATED,
    "Recreate": Phase.CREATED,
    "Recreated": Phase.CREATED,
    "Starting": Phase.STARTING,
    "Stopping": Phase.STOPPING,
    "Killing": Phase.STOPPING,
    "Removing": Phase.STOPPING,
    "Restarting": Phase.RESTARTING,
}


# The look at the containers was on its way when Compose said that it starts this one.
_OUTRUN = (Phase.STARTING, Phase.CREATED)


def phase_of(container: Container, plan: Plan) -> Phase:
    """Put a container's state into a word."""
    if container.state == "running":
        return _HEALTH.get(container.health, Phase.RUNNING)
    if container.state not in {"exited", "dead"}:
        return _PHASES.get(container.state, Phase.CREATED)
    service = plan.service(container.service)
    if container.code == 0 and service is not None and service.one_shot:
        return Phase.FINISHED
    if container.state == "exited" and container.code in {0, SIGTERM_CODE}:
        return Phase.STOPPED
    return Phase.EXITED


def what_is_left(plan: Plan, containers: Iterable[Container]) -> str:
    """Say in a sentence or two what a broken-off operation leaves behind."""
    phases = {each.service: phase_of(each, plan) for each in containers}
    alive = [name for name, phase in phases.items() if phase.alive]
    rest = [name for name in phases if name not in alive]
    if not phases:
        return "Broken off: there are no containers."
    parts = [f"{_names(alive)} {_verb(alive, 'runs', 'run')}" if alive else "nothing runs"]
    if rest:
        parts.append(f"{_names(rest)} {_verb(rest, 'is', 'are')} there but not running")
    return f"Broken off: {', '.join(parts)}."


def _verb(names: list[str], one: str, several: str) -> str:
    return one if len(names) == 1 else several


def _names(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


@dataclass(frozen=True)
class Build:
    """How far the build of one image is.

    Attributes:
        totals: Stage -> number of its steps, for the stages that were heard of.
        done: Stage and step of each counted step that ended.
        text: The step that is under way.
    """

    totals: Mapping[str, int] = field(default_factory=dict)
    done: frozenset[tuple[str, int]] = frozenset()
    text: str = ""

    @property
    def total(self) -> int:
        """Number of steps, as far as known; grows when a stage is heard of for the first time."""
        return sum(self.totals.values())

    def after(self, step: BuildStep) -> Build:
        """Return how far it is after `step`."""
        totals, done = dict(self.totals), self.done
        if step.total:
            totals[step.stage] = step.total
            if step.done:
                done |= {(step.stage, step.step)}
        return Build(totals, done, self.text if step.done else step.text)


@dataclass(frozen=True)
class Service:
    """A service as it stands.

    Attributes:
        code: Exit code of its container; 0 while it runs.
        ports: Published ports: those it has, or else those it is going to have.
        build: How far its image's build is; None if it is not being built.
        detail: What the phase does not say, such as ``3 of 7 layers``.
    """

    name: str
    phase: Phase = Phase.ABSENT
    code: int = 0
    ports: tuple[Port, ...] = ()
    build: Build | None = None
    detail: str = ""

    @property
    def web_port(self) -> Port | None:
        """The first TCP port; None if it has none."""
        return next((port for port in self.ports if port.protocol == "tcp"), None)

    @property
    def words(self) -> str:
        """The phase as a person reads it."""
        if self.phase is Phase.EXITED:
            return f"exited (code {self.code})"
        if self.phase is Phase.FAILED:
            return self.detail
        if self.phase is Phase.RESTARTING and self.code:
            return f"restarting (code {self.code})"
        return f"{self.phase} {self.detail}".rstrip()


@dataclass(frozen=True)
class StackState:
    """All services, in the order in which they are started."""

    plan: Plan = field(default_factory=lambda: Plan(""))
    services: tuple[Service, ...] = ()

    def service(self, name: str) -> Service | None:
        """Return the service called `name`, None if there is none."""
        return next((service for service in self.services if service.name == name), None)

    @property
    def alive(self) -> tuple[Service, ...]:
        """The services of which something runs."""
        return tuple(service for service in self.services if service.phase.alive)

    @property
    def front(self) -> Service | None:
        """The service that answers requests: `APP`, or else the first with a TCP port."""
        return self.service(APP) or next((each for each in self.services if each.web_port), None)

    @property
    def url(self) -> str:
        """Where the front service can be reached; empty while it cannot."""
        front = self.front
        if front is None or front.web_port is None or not front.phase.settled:
            return ""
        return f"http://{front.web_port.address}"

    @property
    def settled(self) -> bool:
        """Whether everything is as it should be."""
        return bool(self.services) and all(service.phase.settled for service in self.services)

    @property
    def broken(self) -> tuple[Service, ...]:
        """The services that are in trouble."""
        return tuple(service for service in self.services if service.phase.broken)

    def after(self, event: Event) -> StackState:
        """Return the state after `event`; events that change nothing give the same state."""
        if isinstance(event, Planned):
            services = tuple(self._kept(each) for each in event.plan.services)
            return StackState(event.plan, services)
        if isinstance(event, Began) and event.operation == "up":
            return self._expecting()
        if isinstance(event, Seen):
            return self._seen(event.containers)
        if isinstance(event, BuildStep):
            return self.changed(event.service, lambda service: _building(service, event))
        if isinstance(event, Pull):
            return self._pulled(event)
        if isinstance(event, Resource) and event.kind == "container" and event.word in _WORDS:
            phase = _WORDS[event.word]
            return self.changed(self._service_of(event.name), lambda each: _moved(each, phase))
        if isinstance(event, Failed | Cancelled | Finished):
            return self._ended(event)
        return self

    def _ended(self, event: Failed | Cancelled | Finished) -> StackState:
        """Nobody waits for a container any more once the operation is over."""
        failure = event.failure if isinstance(event, Failed) else None
        state = replace(
            self,
            services=tuple(
                replace(each, phase=Phase.ABSENT, detail="", build=None)
                if each.phase in _BEFORE_CONTAINER
                else each
                for each in self.services
            ),
        )
        if failure is None or failure.kind not in _FAILURES:
            return state
        words = _FAILURES[failure.kind]
        return state.changed(
            failure.service, lambda each: replace(each, phase=Phase.FAILED, detail=words)
        )

    def _expecting(self) -> StackState:
        """All services that have no container wait for one."""
        services = tuple(
            replace(each, phase=Phase.WAITING, detail="")
            if each.phase in {Phase.ABSENT, Phase.FAILED}
            else each
            for each in self.services
        )
        return replace(self, services=services)

    def _kept(self, plan: ServicePlan) -> Service:
        known = self.service(plan.name) or Service(plan.name)
        return replace(known, ports=known.ports or plan.ports)

    def changed(self, name: str, change: Callable[[Service], Service]) -> StackState:
        """Return the state with one service changed; a name that is not known changes nothing."""
        services = tuple(change(each) if each.name == name else each for each in self.services)
        return replace(self, services=services)

    def _pulled(self, event: Pull) -> StackState:
        pulling = {each.name for each in self.services if each.phase is Phase.PULLING}
        names = {event.name} if event.name else pulling
        detail = "" if event.percent is None else f"{event.percent}%"
        phase = Phase.WAITING if event.text == "Pulled" else Phase.PULLING
        services = tuple(
            replace(each, phase=phase, detail=detail) if each.name in names else each
            for each in self.services
        )
        return replace(self, services=services)

    def _service_of(self, container: str) -> str:
        """Name the service of a container of which only the name is known as yet."""
        prefix = f"{self.plan.name}-"
        names = (each.name for each in self.services)
        bare = container.removeprefix(prefix).rpartition("-")[0]
        return next((name for name in names if name in {bare, container}), "")

    def _seen(self, containers: Iterable[Container]) -> StackState:
        found: dict[str, Container] = {}
        for container in containers:
            known = found.get(container.service)
            # Of several containers of a service, the one that is worst off stands for it.
            if known is None or not phase_of(container, self.plan).settled:
                found[container.service] = container
        return replace(self, services=tuple(self._as_seen(s, found) for s in self.services))

    def _as_seen(self, service: Service, found: Mapping[str, Container]) -> Service:
        container = found.get(service.name)
        plan = self.plan.service(service.name)
        planned = plan.ports if plan else ()
        if container is None:
            if service.phase in _BEFORE_CONTAINER or service.phase is Phase.FAILED:
                return service
            return Service(service.name, ports=planned)
        phase = phase_of(container, self.plan)
        # An old container says nothing about the new one that is being made or started.
        busy = service.phase in {Phase.BUILDING, Phase.PULLING, Phase.BUILT}
        if (busy and not phase.alive) or (service.phase, phase) == _OUTRUN:
            return service
        ports = container.ports or planned
        return Service(service.name, phase, container.code, ports)


def _building(service: Service, step: BuildStep) -> Service:
    build = (service.build or Build()).after(step)
    counted = f"{min(len(build.done) + 1, build.total)}/{build.total}" if build.total else ""
    if step.done and step.text.startswith("exporting to"):
        return replace(service, phase=Phase.BUILT, build=build, detail="")
    return replace(service, phase=Phase.BUILDING, build=build, detail=counted)


def _moved(service: Service, phase: Phase) -> Service:
    if phase is Phase.STOPPING and not service.phase.alive:
        return service
    return replace(service, phase=phase, build=None, detail="")
