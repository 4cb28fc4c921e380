"""Going through the steps: forwards, backwards, past skipped ones, and never out by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input, OptionList

from wizard.domain.answers import Answers
from wizard.tui.screens.dialogs import QuitDialog
from wizard.tui.screens.done import DoneScreen
from wizard.tui.screens.help import HelpScreen
from wizard.tui.screens.wizard import WizardScreen
from wizard.tui.widgets.breadcrumbs import Breadcrumbs
from wizard.tui.widgets.choice_list import ChoiceList
from wizard.tui.widgets.key_bar import KeyBar
from wizard.tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, FakeEngine, Start


def choices(driver: Driver) -> ChoiceList:
    """Return the options with the focus."""
    focused = driver.app.focused
    assert isinstance(focused, ChoiceList)
    return focused


def field(driver: Driver, name: str) -> TextField:
    """Return the field of the question `name`."""
    return driver.wizard.query_one(f"#field-{name}", TextField)


async def test_enter_alone_reaches_a_written_project(
    start: Start, engine: FakeEngine, size: tuple[int, int]
) -> None:
    async with start(size) as driver:
        seen = []
        for _ in range(6):
            seen.append(driver.step)
            await driver.press("enter")
        assert seen == ["project", "project", "sample", "database", "auth", "review"]
        await driver.until(lambda: driver.shows(DoneScreen))
        assert [job.target.name for job in engine.jobs] == ["my-service"]
        await driver.see("my-service is written")


async def test_enters_that_come_faster_than_the_screen_are_all_counted(start: Start) -> None:
    async with start() as driver:
        driver.send("enter", "enter", "enter")
        await driver.until(lambda: driver.step == "database")
        await driver.settle()
        assert driver.step == "database"


async def test_answers_are_kept_back_and_forth(start: Start) -> None:
    async with start() as driver:
        await driver.enter_text("Orders")
        await driver.go_to("database")
        await driver.press("down", "enter")
        assert driver.step == "auth"
        await driver.press("escape", "escape", "escape")
        assert driver.step == "project"
        assert field(driver, "project_name").value == "Orders"
        await driver.go_to("database")
        assert choices(driver).highlighted.value == "sqlite"
        assert driver.wizard.session.answers["database"] == "sqlite"


async def test_answers_given_beforehand_are_there(start: Start) -> None:
    async with start(answers=Answers({"database": "sqlite"})) as driver:
        await driver.go_to("database")
        assert choices(driver).highlighted.value == "sqlite"


async def test_escape_on_the_first_step_says_how_to_quit(start: Start) -> None:
    async with start() as driver:
        await driver.press("escape", "escape", "escape")
        assert driver.app.is_running
        assert driver.step == "project"
        await driver.see("first step")
        await driver.see("Ctrl+C")


async def test_escape_in_the_files_goes_back_to_the_question(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        question = driver.app.focused
        await driver.press("tab", "tab")
        assert driver.app.focused is driver.file
        await driver.press("escape")
        assert driver.app.focused is question
        assert driver.step == "database"


async def test_tab_goes_from_the_form_to_the_tree_to_the_file(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        stops = []
        for _ in range(4):
            stops.append(driver.app.focused)
            await driver.press("tab")
        assert stops[1:] == [driver.tree, driver.file, driver.wizard.query_one(Breadcrumbs)]
        assert driver.app.focused is stops[0]


async def test_control_c_asks_and_a_second_one_quits(start: Start) -> None:
    async with start() as driver:
        await driver.press("ctrl+c")
        assert driver.shows(QuitDialog)
        await driver.press("escape")
        assert driver.shows(WizardScreen)
        await driver.press("ctrl+c", "enter")
        assert driver.shows(WizardScreen), "staying comes first"
        driver.send("ctrl+c", "ctrl+c")
        await driver.ended()
    assert driver.app.return_value is not None
    assert any("scaffold-tui new ./my-service" in line for line in driver.app.return_value)


async def test_a_skipped_step_is_passed_over_with_its_reason(start: Start) -> None:
    async with start(answers=Answers({"sample": "none"})) as driver:
        await driver.go_to("database")
        await driver.press("down", "down", "enter")
        assert driver.step == "review"
        await driver.see("Auth is skipped: Choose a database to have users.")


async def test_a_skipped_step_is_greyed_and_cannot_be_opened(start: Start) -> None:
    answers = Answers({"sample": "none", "database": "none"})
    async with start(answers=answers) as driver:
        crumbs = driver.wizard.query_one(Breadcrumbs)
        assert crumbs.crumbs[3].skipped == "Choose a database to have users."
        assert "strike" in crumbs._style(3)
        await driver.see("Auth")
        column = driver.text.splitlines()[0].index("Auth")
        await driver.pilot.click(Breadcrumbs, offset=(column, 0))
        await driver.settle()
        assert driver.step == "project"
        await driver.see("Auth is skipped: Choose a database to have users.")


async def test_a_step_is_reached_by_a_click_and_by_keys(start: Start) -> None:
    async with start() as driver:
        await driver.see("Database")
        column = driver.text.splitlines()[0].index("Database")
        await driver.pilot.click(Breadcrumbs, offset=(column, 0))
        await driver.settle()
        assert driver.step == "database"
        driver.focus("#steps")
        await driver.press("left", "enter")
        assert driver.step == "sample"


async def test_a_choice_that_is_ruled_out_is_shown_and_refused(start: Start) -> None:
    async with start((160, 50)) as driver:
        await driver.go_to("database")
        await driver.press("down", "down")
        assert choices(driver).highlighted.value == "none"
        await driver.see("Items need a database: choose one.")
        await driver.press("enter", "space")
        assert driver.step == "database"
        assert "database" not in driver.wizard.session.answers
        await driver.see("× None")  # noqa: RUF001
        line = next(line for line in driver.text.splitlines() if "× None" in line)  # noqa: RUF001
        assert "not with your answers" in line


async def test_a_wrong_name_holds_enter_up_and_offers_a_fix(start: Start) -> None:
    async with start((160, 50)) as driver:
        await driver.press("enter")
        await driver.enter_text("Bad!")
        await driver.see("“Bad!” is no slug; use small letters.")
        await driver.press("enter")
        assert driver.app.focused is field(driver, "project_slug")
        await driver.see("use “bad”")
        await driver.see("Project!")
        assert "Project!" in driver.text.splitlines()[0]
        await driver.press("ctrl+y")
        assert field(driver, "project_slug").value == "bad"
        assert driver.wizard.session.answers["project_slug"] == "bad"
        await driver.press("enter")
        assert driver.step == "sample"


async def test_a_mistake_that_is_found_after_enter_brings_the_question_back(
    start: Start, engine: FakeEngine
) -> None:
    async with start() as driver:
        await driver.press("enter")
        driver.send("B", "!", "enter")
        await driver.settle()
        assert driver.step == "project"
        assert driver.app.focused is field(driver, "project_slug")


async def test_a_default_follows_what_it_depends_on_until_it_is_typed_over(start: Start) -> None:
    async with start() as driver:
        await driver.enter_text("Orders API")
        slug = field(driver, "project_slug")
        assert slug.value == "orders-api"
        await driver.press("enter")
        await driver.enter_text("mine")
        await driver.press("shift+tab")
        await driver.enter_text("Other")
        assert slug.value == "mine"
        await driver.press("enter")
        await driver.press(*["backspace"] * 4)
        assert "project_slug" not in driver.wizard.session.answers
        await driver.press("enter")
        assert slug.value == "other"


async def test_the_review_goes_back_to_a_question(start: Start) -> None:
    async with start(answers=Answers({"database": "sqlite"})) as driver:
        await driver.go_to("review")
        await driver.see("• Database")
        driver.focus("#answers")
        await driver.press("down", "down", "enter")
        assert driver.app.focused is field(driver, "project_slug")


async def test_the_review_does_not_write_what_is_wrong(start: Start, engine: FakeEngine) -> None:
    async with start(answers=Answers({"project_slug": "Bad"})) as driver:
        await driver.see("Review")
        column = driver.text.splitlines()[0].index("Review")
        await driver.pilot.click(Breadcrumbs, offset=(column, 0))
        await driver.settle()
        assert driver.step == "review"
        assert driver.wizard.query_one("#write").disabled
        await driver.see("✗ Slug")
        await driver.press("enter")
        assert engine.jobs == []


async def test_every_key_of_the_footer_is_in_the_help(start: Start) -> None:
    async with start((100, 60)) as driver:
        await driver.press("f1")
        assert driver.shows(HelpScreen)
        for words in ("go back; never quits", "next and previous changed file", "ruled out"):
            await driver.see(words)
        await driver.press("f1")
        assert driver.shows(WizardScreen)


async def test_the_palette_goes_to_a_step_and_changes_the_theme(start: Start) -> None:
    async with start() as driver:
        for words in ("Go to Database", "Light or dark"):
            driver.send("ctrl+p")
            await driver.until(lambda: driver.app.screen is not driver.wizard)
            driver.send(*("space" if each == " " else each for each in words))
            hits = driver.app.screen.query_one(OptionList)
            await driver.until(lambda hits=hits: hits.option_count == 1)  # type: ignore[misc]
            driver.send("enter")
            await driver.until(lambda: driver.app.screen is driver.wizard)
            await driver.settle()
        assert driver.step == "database"
        assert driver.app.theme == "scaffold-light"


async def test_a_narrow_terminal_shows_one_pane_at_a_time(start: Start) -> None:
    async with start((60, 24)) as driver:
        await driver.go_to("database")
        panes = {"#left": driver.wizard.query_one("#left"), "#tree": driver.tree}
        assert [name for name, pane in panes.items() if pane.display] == ["#left"]
        await driver.press("tab")
        assert driver.app.focused is driver.tree
        assert [name for name, pane in panes.items() if pane.display] == ["#tree"]
        await driver.pilot.resize_terminal(100, 30)
        await driver.settle()
        assert [name for name, pane in panes.items() if pane.display] == ["#left", "#tree"]


async def test_a_terminal_that_is_too_small_says_so(start: Start) -> None:
    async with start((40, 12)) as driver:
        await driver.see("too small")
        await driver.pilot.resize_terminal(80, 24)
        await driver.settle()
        await driver.see_no("too small")


async def test_the_form_keeps_34_columns_at_80(start: Start) -> None:
    async with start((80, 24)) as driver:
        assert field(driver, "project_name").size.width >= 32
        assert driver.wizard.query_one("#form").outer_size.width >= 34
        assert isinstance(field(driver, "project_name"), Input)


async def test_the_mouse_chooses_an_option_and_presses_the_keys_shown(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        await driver.pilot.click("#choices-database", offset=(5, 1))
        await driver.settle()
        assert driver.wizard.session.answers["database"] == "sqlite"
        assert driver.step == "database"
        await driver.see("esc")
        column = driver.text.splitlines()[-1].index("esc")
        await driver.pilot.click(KeyBar, offset=(column, 0))
        await driver.settle()
        assert driver.step == "sample"


async def test_f6_goes_round_the_panes(start: Start) -> None:
    async with start() as driver:
        name = driver.app.focused
        stops = []
        for _ in range(3):
            await driver.press("f6")
            stops.append(driver.app.focused)
        assert stops == [driver.tree, driver.file, name]
