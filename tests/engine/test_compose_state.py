"""What is known of the services after each event."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from wizard.engine.compose_events import (
    Began,
    BuildStep,
    Cancelled,
    Container,
    Event,
    Failed,
    Phase,
    Plan,
    Planned,
    Port,
    Pull,
    Resource,
    Seen,
    ServicePlan,
)
from wizard.engine.compose_failures import build_failed
from wizard.engine.compose_progress import Step
from wizard.engine.compose_state import StackState, phase_of, what_is_left

PORT = Port("127.0.0.1", 8000, 8000)
PLAN = Plan(
    "shop",
    (
        ServicePlan("db"),
        ServicePlan("migrate", builds=True, one_shot=True),
        ServicePlan("app", builds=True, ports=(PORT,)),
    ),
)


def after(*events: Event) -> StackState:
    state = StackState()
    for event in (Planned(PLAN), *events):
        state = state.after(event)
    return state


def words(state: StackState) -> list[str]:
    return [service.words for service in state.services]


def seen(*containers: tuple[str, str, str, int]) -> Seen:
    return Seen(tuple(Container(f"shop-{s}-1", s, state, h, c) for s, state, h, c in containers))


@pytest.mark.parametrize(
    ("service", "state", "health", "code", "phase"),
    [
        ("app", "created", "", 0, Phase.CREATED),
        ("app", "running", "", 0, Phase.RUNNING),
        ("app", "running", "starting", 0, Phase.STARTING),
        ("app", "running", "healthy", 0, Phase.HEALTHY),
        ("app", "running", "unhealthy", 0, Phase.UNHEALTHY),
        ("app", "restarting", "", 3, Phase.RESTARTING),
        ("app", "paused", "", 0, Phase.PAUSED),
        ("app", "exited", "", 0, Phase.STOPPED),
        ("app", "exited", "", 143, Phase.STOPPED),
        ("app", "exited", "", 137, Phase.EXITED),
        ("app", "dead", "", 0, Phase.EXITED),
        ("migrate", "exited", "", 0, Phase.FINISHED),
        ("migrate", "exited", "", 3, Phase.EXITED),
    ],
)
def test_a_containers_state_has_a_word(
    service: str, state: str, health: str, code: int, phase: Phase
) -> None:
    assert phase_of(Container("x", service, state, health, code), PLAN) is phase


def test_before_anything_happens_nothing_is_started() -> None:
    assert words(after()) == ["not started"] * 3
    assert after().services[2].ports == (PORT,)


def test_an_up_makes_services_wait_build_and_start() -> None:
    up = (Began("up"),)
    assert words(after(*up)) == ["waiting"] * 3
    build = BuildStep("migrate", "build", 2, 6, "RUN one")
    assert words(after(*up, build)) == ["waiting", "building 1/6", "waiting"]
    exported = BuildStep("migrate", "", 0, 0, "exporting to image", done=True)
    assert words(after(*up, build, exported)) == ["waiting", "built", "waiting"]
    created = Resource("container", "shop-db-1", "Created")
    assert words(after(*up, build, exported, created)) == ["created", "built", "waiting"]


def test_the_exit_code_is_said() -> None:
    state = after(seen(("migrate", "exited", "", 3), ("app", "restarting", "", 1)))
    assert words(state) == ["not started", "exited (code 3)", "restarting (code 1)"]
    assert [service.name for service in state.broken] == ["migrate", "app"]


def test_a_build_counts_the_steps_of_all_its_stages() -> None:
    steps = [
        BuildStep("app", "build", 1, 6, "FROM", done=True),
        BuildStep("app", "stage-1", 2, 4, "RUN", done=True),
        BuildStep("app", "build", 2, 6, "COPY"),
    ]
    service = after(Began("up"), *steps).service("app")
    assert service is not None
    assert service.build is not None
    assert (len(service.build.done), service.build.total, service.build.text) == (2, 10, "COPY")


def test_an_old_container_does_not_hide_that_a_new_image_is_built() -> None:
    stopped = seen(("app", "exited", "", 0))
    state = after(stopped, Began("up"), BuildStep("app", "", 1, 2, "FROM"), stopped)
    assert state.services[2].phase is Phase.BUILDING


def test_a_look_that_was_outrun_does_not_take_a_start_back() -> None:
    created = seen(("db", "created", "", 0))
    state = after(Began("up"), Resource("container", "shop-db-1", "Starting"), created)
    assert state.services[0].phase is Phase.STARTING


def test_a_finished_one_shot_does_not_stop() -> None:
    state = after(
        seen(("migrate", "exited", "", 0), ("app", "running", "healthy", 0)),
        Resource("container", "shop-migrate-1", "Stopping"),
        Resource("container", "shop-app-1", "Stopping"),
    )
    assert words(state) == ["not started", "finished", "stopping"]


def test_nobody_waits_after_a_failure_and_the_failed_build_is_marked() -> None:
    failure = build_failed(Step("migrate", "build", 3, 6, "RUN x", error="no"), ())
    state = after(Began("up"), BuildStep("migrate", "build", 3, 6, "RUN x"), Failed(failure))
    assert words(state) == ["not started", "build failed", "not started"]
    assert words(state.after(Seen(()))) == ["not started", "build failed", "not started"]
    assert words(state.after(Began("up"))) == ["waiting", "waiting", "waiting"]


def test_nobody_waits_after_a_cancel() -> None:
    assert words(after(Began("up"), Cancelled("Broken off."))) == ["not started"] * 3


def test_a_pull_says_how_far_it_is() -> None:
    pulling = (Began("up"), Pull("db", "Pulling"), Pull("", "1 of 4 layers", 40))
    assert words(after(*pulling)) == ["pulling 40%", "waiting", "waiting"]
    assert words(after(*pulling, Pull("db", "Pulled"))) == ["waiting"] * 3


def test_the_worst_of_several_containers_stands_for_its_service() -> None:
    pair = (
        Container("shop-app-1", "app", "running", "healthy"),
        Container("shop-app-2", "app", "running", "unhealthy"),
    )
    for containers in (pair, pair[::-1]):
        assert after(Seen(containers)).services[2].phase is Phase.UNHEALTHY


def test_settled_means_all_are_well() -> None:
    well = [("db", "running", "healthy", 0), ("migrate", "exited", "", 0)]
    assert after(seen(*well, ("app", "running", "healthy", 0))).settled
    assert not after(seen(*well)).settled
    assert not StackState().settled


@pytest.mark.parametrize(
    ("containers", "sentence"),
    [
        ([], "Broken off: there are no containers."),
        ([("db", "running", "healthy", 0)], "Broken off: db runs."),
        (
            [("db", "running", "", 0), ("app", "running", "", 0), ("migrate", "exited", "", 0)],
            "Broken off: db and app run, migrate is there but not running.",
        ),
        (
            [("app", "created", "", 0), ("migrate", "created", "", 0)],
            "Broken off: nothing runs, app and migrate are there but not running.",
        ),
    ],
)
def test_what_a_broken_off_start_leaves_is_said(
    containers: Sequence[tuple[str, str, str, int]], sentence: str
) -> None:
    assert what_is_left(PLAN, seen(*containers).containers) == sentence
