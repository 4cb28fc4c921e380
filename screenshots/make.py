"""Make the pictures in this folder: drive the app, and draw what is on its screen.

    python screenshots/make.py                  all of them; needs a Docker Engine for the last
    python screenshots/make.py --without-run    all but the last
    python screenshots/make.py --to FOLDER      somewhere else

The boxes fit together with the font Fira Code (Debian's package is `fonts-firacode`).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import resvg_py
from textual.pilot import Pilot

from wizard.engine.blueprints import builtin
from wizard.tui.app import ScaffoldApp
from wizard.tui.screens.done import DoneScreen
from wizard.tui.screens.run import RunScreen
from wizard.tui.screens.wizard import WizardScreen
from wizard.tui.widgets.run_panes import AnswersPane

SIZE = (120, 34)
PATIENCE = 300

AppPilot = Pilot[tuple[str, ...]]


async def until(pilot: AppPilot, condition: Callable[[], object]) -> None:
    """Let the app go on until `condition` holds, and then until it has painted."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await pilot.pause(0.05)
    await pilot.pause(0.5)


async def go_to(pilot: AppPilot, step: str) -> WizardScreen:
    """Press Enter until `step` is shown; the review is called ``review``."""
    screen = pilot.app.screen
    assert isinstance(screen, WizardScreen)
    await until(pilot, lambda: screen.session.form)
    while (screen.session.step.id if screen.session.step else "review") != step:
        await pilot.press("enter")
        await pilot.pause(0.2)
    await pilot.pause(0.5)
    return screen


def take(pilot: AppPilot, picture: Path) -> None:
    """Draw what is on the screen into `picture`."""
    svg = pilot.app.export_screenshot(simplify=True)
    picture.write_bytes(
        resvg_py.svg_to_bytes(svg_string=svg, font_family="Fira Code", monospace_family="Fira Code")
    )
    print(picture.name)


async def wizard_pictures(folder: Path, theme: str) -> None:
    """Draw the steps, the review and the report; leaves the project in ``orders-api``."""
    app = ScaffoldApp(builtin(), theme=theme)
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, "project")
        await pilot.press("ctrl+u", *"Orders API")
        await pilot.pause(1)
        take(pilot, folder / "project.png")
        await go_to(pilot, "database")
        await pilot.press("down")
        await pilot.pause(1)
        take(pilot, folder / "wizard.png")
        await pilot.press("up", "enter")
        screen = await go_to(pilot, "review")
        await pilot.press("ctrl+t")
        await pilot.pause(1)
        take(pilot, folder / "review.png")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: not screen.query_one("#write").disabled)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DoneScreen))
        take(pilot, folder / "done.png")


async def run_picture(folder: Path, theme: str) -> None:
    """Draw the project in ``orders-api`` running, and take it down."""
    app = ScaffoldApp(builtin(), theme=theme)
    async with app.run_test(size=SIZE) as pilot:
        screen = RunScreen(Path("orders-api"))
        await app.push_screen(screen)
        await until(pilot, lambda: screen.state.settled or screen.failure)
        if screen.failure:
            raise SystemExit(screen.failure.sentence)
        await until(pilot, lambda: "/ready" in str(screen.query_one(AnswersPane).render()))
        await pilot.pause(2)
        take(pilot, folder / "run.png")


def main() -> None:
    """Read the command line and make the pictures."""
    parser = argparse.ArgumentParser(description="Make the pictures of the README.")
    parser.add_argument("--to", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--theme", default="scaffold-dark")
    parser.add_argument("--without-run", action="store_true", help="needs no Docker Engine")
    arguments = parser.parse_args()
    folder = arguments.to.resolve()
    with tempfile.TemporaryDirectory() as workplace:
        os.chdir(workplace)
        asyncio.run(wizard_pictures(folder, arguments.theme))
        if not arguments.without_run:
            with socket.socket() as taken:
                if taken.connect_ex(("127.0.0.1", 8000)) == 0:
                    raise SystemExit("Port 8000 is in use: free it, the picture shows it.")
            try:
                asyncio.run(run_picture(folder, arguments.theme))
            finally:
                command = ["docker", "compose", "down", "--volumes", "--rmi", "local"]
                subprocess.run(command, cwd="orders-api", check=False, capture_output=True)
        os.chdir(folder)


if __name__ == "__main__":
    main()
