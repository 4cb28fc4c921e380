"""The screens on the real engine and the built-in blueprint."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from textual.events import Key

from wizard.engine.blueprints import builtin
from wizard.tui.app import ScaffoldApp
from wizard.tui.screens.done import DoneScreen
from wizard.tui.screens.wizard import WizardScreen
from wizard.tui.widgets.breadcrumbs import Breadcrumbs
from wizard.tui.widgets.project_pane import ProjectPane

FIRST_FRAME = """
import sys
from textual.events import Key

from wizard.engine.blueprints import builtin
from wizard.tui.app import ScaffoldApp

class Stopped(ScaffoldApp):
    def on_ready(self):
        heavy = {"copier", "docker", "pygments", "jinja2"} & sys.modules.keys()
        print("imported:", sorted(heavy))
        self.exit(())

Stopped(builtin(), theme="scaffold-dark").run(headless=True, size=(80, 24))
"""


UNEXPECTED = """
import sys
from wizard import __main__ as program
from wizard.tui.app import ScaffoldApp

class Broken(ScaffoldApp):
    def on_form_ready(self, message):
        super().on_form_ready(message)
        self.call_later(self.boom)

    def boom(self):
        raise RuntimeError("boom")

    def run(self, **options):
        return super().run(headless=True, size=(80, 24), **options)

sys.modules["wizard.tui.app"].ScaffoldApp = Broken
try:
    program._open_wizard(None)
except RuntimeError as error:
    print("raised:", error)
"""


def test_an_error_that_nobody_expected_prints_the_answers_and_no_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNEXPECTED], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    assert "scaffold-tui new ./my-service --defaults" in done.stdout
    assert done.stdout.endswith("raised: boom\n")


def test_the_first_frame_waits_for_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME], capture_output=True, text=True, check=True, timeout=60
    )
    assert "imported: []" in done.stdout


async def test_the_preview_is_what_enter_alone_writes(tmp_path: Path) -> None:
    target = tmp_path / "orders"
    app = ScaffoldApp(builtin(), target=target, theme="scaffold-dark")
    async with app.run_test(size=(100, 30)) as pilot:
        wizard = app.screen
        assert isinstance(wizard, WizardScreen)
        while wizard.query_one(ProjectPane).picture is None:
            await pilot.pause(0.02)
        steps = [crumb.title for crumb in wizard.query_one(Breadcrumbs).crumbs]
        assert steps == [
            "Project", "Framework", "Domain", "Database", "Auth", "CI", "Deploy", "Review"
        ]  # fmt: skip
        while not wizard.session.on_review:
            focused = app.focused
            app.post_message(Key("enter", None))
            while app.focused is focused:
                await pilot.pause(0.01)
        picture = wizard.query_one(ProjectPane).picture
        assert picture is not None
        app.post_message(Key("enter", None))
        while not isinstance(app.screen, DoneScreen):
            await pilot.pause(0.02)
        await pilot.pause()
    written = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert written == set(picture.tree.files)
    assert "Nothing" not in "".join(app.return_value or ())
