"""From the review to the written project, and what can happen on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets import OptionList

from wizard.errors import WriteError
from wizard.tui.screens.dialogs import NotEmptyDialog
from wizard.tui.screens.done import DoneScreen
from wizard.tui.screens.wizard import WizardScreen
from wizard.tui.screens.write import WriteScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, FakeEngine, Start


async def answer_not_empty(driver: Driver, way: str) -> None:
    """Write into a folder that is not empty, and choose `way` in the dialog."""
    await driver.go_to("review")
    driver.send("enter")
    await driver.until(lambda: driver.shows(NotEmptyDialog))
    await driver.until(lambda: "README.md" in driver.text)
    ways = driver.app.screen.query_one(OptionList)
    await driver.until(lambda: ways.has_focus)
    assert ways.highlighted == 0
    driver.send(*["down"] * ways.get_option_index(way), "enter")
    await driver.settle()


async def test_an_empty_folder_is_written_into_without_a_question(
    start: Start, engine: FakeEngine, tmp_path: Path
) -> None:
    async with start() as driver:
        await driver.enter_text("Orders")
        await driver.go_to("review")
        await driver.press("enter")
        assert driver.shows(DoneScreen)
        (job,) = engine.jobs
        assert job.target == tmp_path / "orders"
        assert not job.agreed
        assert job.answers["project_name"] == "Orders"


async def test_a_folder_that_is_not_empty_is_not_touched_by_enter_alone(
    start: Start, engine: FakeEngine
) -> None:
    engine.in_folder = ("README.md", "notes.txt")
    async with start() as driver:
        await answer_not_empty(driver, "another")
        assert engine.jobs == []
        assert driver.app.focused is driver.wizard.query_one("#destination")


async def test_files_in_the_folder_are_kept_or_replaced_as_the_user_says(
    start: Start, engine: FakeEngine
) -> None:
    engine.in_folder = ("README.md",)
    async with start() as driver:
        await answer_not_empty(driver, "keep")
        await driver.press("escape")
        await answer_not_empty(driver, "overwrite")
        agreed = [(job.agreed, job.overwrite) for job in engine.jobs]
        assert agreed == [(True, False), (True, True)]


async def test_a_folder_that_cannot_be_used_disables_the_button(
    start: Start, engine: FakeEngine
) -> None:
    engine.destination_error = "“my-service” is a file; choose another name."
    async with start() as driver:
        await driver.go_to("review")
        await driver.until(lambda: driver.wizard.query_one("#write").disabled)
        await driver.see("“my-service” is a file; choose another")
        engine.destination_error = ""
        driver.focus("#destination")
        await driver.press("end", "2")
        await driver.until(lambda: not driver.wizard.query_one("#write").disabled)
        await driver.press("enter")
        assert [job.target.name for job in engine.jobs] == ["my-service2"]


async def test_a_failure_comes_back_to_the_review_with_everything_kept(
    start: Start, engine: FakeEngine
) -> None:
    engine.write_error = WriteError("The disk is full; free some space and try again.")
    async with start() as driver:
        await driver.enter_text("Orders")
        await driver.go_to("review")
        await driver.press("enter")
        assert driver.shows(WizardScreen)
        assert driver.step == "review"
        await driver.see("The disk is full; free some space and try again.")
        assert driver.wizard.session.answers["project_name"] == "Orders"
        await driver.press("enter")
        assert [job.target.name for job in engine.jobs] == ["orders"]


async def test_escape_stops_the_writing(start: Start, engine: FakeEngine) -> None:
    engine.may_write.clear()
    async with start() as driver:
        await driver.go_to("review")
        driver.send("enter")
        await driver.until(lambda: driver.shows(WriteScreen))
        await driver.until(lambda: "1 of" in driver.text)
        driver.send("escape")
        await driver.until(lambda: driver.app.screen is driver.wizard)
        await driver.settle()
        await driver.see("Stopped; nothing was written.")
        assert engine.jobs == []


async def test_the_last_screen_makes_a_repository_and_quits_with_a_report(
    start: Start, engine: FakeEngine, tmp_path: Path
) -> None:
    async with start() as driver:
        await driver.go_to("review")
        await driver.press("enter", "g")
        assert engine.repositories == [tmp_path / "my-service"]
        await driver.see("Made a repository.")
        driver.send("q")
        await driver.ended()
    assert driver.app.return_value is not None
    report = "\n".join(driver.app.return_value)
    assert str(tmp_path / "my-service") in report
    assert "scaffold-tui new ./my-service" in report


async def test_on_the_last_screen_enter_starts_nothing_and_escape_goes_back(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("review")
        await driver.press("enter", "enter", "enter")
        assert driver.shows(DoneScreen)
        await driver.press("escape")
        assert driver.shows(WizardScreen)
        assert driver.step == "review"
