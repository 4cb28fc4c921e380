"""The main job: from an empty folder, through the wizard, to a service that answers and back."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from textual.pilot import Pilot

from wizard.engine.blueprints import builtin
from wizard.engine.compose_events import Phase
from wizard.tui.app import ScaffoldApp
from wizard.tui.screens.done import DoneScreen
from wizard.tui.screens.run import RunScreen
from wizard.tui.screens.wizard import WizardScreen
from wizard.tui.widgets.choice_list import ChoiceList
from wizard.tui.widgets.run_panes import AnswersPane

pytestmark = [pytest.mark.slow, pytest.mark.engine, pytest.mark.usefixtures("engine")]

ANNA = {"username": "anna", "email": "anna@example.com", "password": "a long enough secret"}
PATIENCE = 300
"""Seconds until a condition that does not come true is given up; images are built meanwhile."""

AppPilot = Pilot[tuple[str, ...]]


async def until(pilot: AppPilot, condition: Callable[[], bool], what: str) -> None:
    """Let the app go on until `condition` holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await pilot.pause(0.05)
    assert condition(), what


async def press_to_step(pilot: AppPilot, step: str) -> None:
    """Press Enter, one field after the other, until the step called `step` is shown."""
    screen = pilot.app.screen
    assert isinstance(screen, WizardScreen)
    await until(pilot, lambda: screen.session.form is not None, "the template is read")
    for _ in range(20):
        shown = screen.session.step
        if (shown.id if shown else "review") == step:
            return
        await pilot.press("enter")
        await pilot.pause()
    pytest.fail(f"no step {step} after 20 times Enter")


async def choose(pilot: AppPilot, question: str, value: str) -> None:
    """Move the cursor of the focused question to the option `value` and take it."""
    await until(pilot, lambda: isinstance(pilot.app.focused, ChoiceList), "options have the focus")
    options = pilot.app.focused
    assert isinstance(options, ChoiceList)
    assert options.question.name == question
    await pilot.press("home")
    while options.highlighted.value != value:
        await pilot.press("down")
    await pilot.press("enter")


async def write_with(pilot: AppPilot, framework: str) -> Path:
    """Go through the wizard, with Enter but for the framework, and return the project."""
    wizard = pilot.app.screen
    assert isinstance(wizard, WizardScreen)
    await press_to_step(pilot, "framework")
    await choose(pilot, "framework", framework)
    await press_to_step(pilot, "review")
    form = wizard.session.form
    assert form is not None
    chosen = {name: form.question(name).value for name in ("framework", "database", "auth")}
    assert chosen == {"framework": framework, "database": "postgresql", "auth": "jwt"}
    await until(pilot, lambda: not wizard.query_one("#write").disabled, "it can be written")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, DoneScreen), "the project is written")
    return Path(wizard.query_one("#destination").value)  # type: ignore[attr-defined]


def use_port(project: Path, port: int) -> None:
    """Have the service published on `port`, as somebody would whose 8000 is taken."""
    env = project / ".env"
    lines = [line for line in env.read_text().splitlines() if not line.startswith("APP_PORT=")]
    env.write_text("\n".join([*lines, f"APP_PORT={port}", ""]))


def phases(screen: RunScreen) -> dict[str, Phase]:
    """Return the state of each service."""
    return {service.name: service.phase for service in screen.state.services}


async def running(pilot: AppPilot, screen: RunScreen) -> None:
    """Wait until everything is up; a failure shows in words."""
    await until(
        pilot, lambda: (screen.state.settled and not screen.operation) or bool(screen.failure), "up"
    )
    assert screen.failure is None, screen.failure
    assert phases(screen) == {
        "app": Phase.HEALTHY,
        "db": Phase.HEALTHY,
        "migrate": Phase.FINISHED,
    }


class Caller:
    """Somebody who calls the service on `port`."""

    def __init__(self, port: int) -> None:
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def register_and_create_item(self) -> str:
        """Register Anna, let her create an item, and return its path."""
        registered = self._client.post("/api/v1/auth/register", json=ANNA)
        assert registered.status_code == 201, registered.text
        item = {"title": "A thing", "description": "to keep"}
        created = self._client.post("/api/v1/items", json=item, headers=self._sign_in())
        assert created.status_code == 201, created.text
        place = str(created.headers["Location"])
        assert self._client.get(place).status_code == 401
        return place

    def read(self, place: str) -> dict[str, object]:
        """Sign in anew and return what is at `place`."""
        answer = self._client.get(place, headers=self._sign_in())
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def _sign_in(self) -> dict[str, str]:
        form = {"username": ANNA["username"], "password": ANNA["password"]}
        answer = self._client.post("/api/v1/auth/token", data=form)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def left_in_docker(project: Path) -> list[str]:
    """Return the project's containers and networks."""
    label = f"label=com.docker.compose.project={project.name}"
    found: list[str] = []
    for command in (["ps", "--all", "--quiet"], ["network", "ls", "--quiet"]):
        listed = subprocess.run(
            ["docker", *command, "--filter", label], capture_output=True, text=True, check=True
        )
        found += listed.stdout.split()
    return found


def shown_answers(screen: RunScreen) -> str:
    """Return the text of the pane that shows what the service answered."""
    return str(screen.query_one(AnswersPane).render())


@pytest.mark.parametrize("framework", ["fastapi", "flask"])
async def test_a_service_goes_from_an_empty_folder_to_answering_and_back(
    framework: str,
    tmp_path: Path,
    free_port: int,
    remove_afterwards: Callable[[Path], None],
) -> None:
    target = tmp_path / f"orders-{framework}-{free_port}"
    remove_afterwards(target)
    app = ScaffoldApp(builtin(), target=target, theme="scaffold-dark")
    async with app.run_test(size=(100, 30)) as pilot:
        assert await write_with(pilot, framework) == target
        use_port(target, free_port)

        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, RunScreen), "the run screen is shown")
        screen = app.screen
        assert isinstance(screen, RunScreen)
        await running(pilot, screen)
        await until(pilot, lambda: "/health" in shown_answers(screen), "the answer is shown")
        assert "200" in shown_answers(screen)

        with closing(Caller(free_port)) as caller:
            place = caller.register_and_create_item()
            item = caller.read(place)
            assert item["title"] == "A thing"

            await pilot.press("d")
            await until(pilot, lambda: not screen.operation and not screen.state.alive, "down")
            assert left_in_docker(target) == []
            await pilot.press("u")
            await running(pilot, screen)
            assert caller.read(place) == item

            await pilot.press("r")
            await until(pilot, lambda: screen.operation == "restart", "it restarts")
            await running(pilot, screen)
            assert caller.read(place) == item

        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen, "it asks what shall become of it")
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, DoneScreen), "it is down")
        assert left_in_docker(target) == []
