"""`scaffold-tui up`: the run screen in an application of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.tui.run_app import RunApp
from wizard.tui.screens.run import ProjectLeft, RunScreen
from wizard.tui.screens.run_leave import Left


@pytest.fixture(autouse=True)
def _no_docker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "no-programs-here"))


async def test_a_project_is_shown_and_leaving_ends_the_app(tmp_path: Path) -> None:
    app = RunApp(tmp_path, theme="scaffold-dark")
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.screen, RunScreen)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen.failure is not None
        await pilot.press("escape")
    assert app.return_value == ()


async def test_what_became_of_the_project_is_printed_at_the_end(tmp_path: Path) -> None:
    app = RunApp(tmp_path / "shop", theme="scaffold-dark")
    async with app.run_test(size=(80, 24)) as pilot:
        app.post_message(ProjectLeft(tmp_path / "shop", Left.KEPT))
        await pilot.pause()
        app.exit_with_report()
    assert app.return_value == (Left.KEPT.sentence(tmp_path / "shop"),)
