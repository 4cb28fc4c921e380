"""The files beside the form: look-ahead, marks, newest answers first, and odd names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from wizard.domain.answers import Answers
from wizard.domain.filetree import Mark
from wizard.tui.messages import Picture
from wizard.tui.widgets.file_view import Mode
from wizard.tui.widgets.project_pane import ProjectPane
from wizard.tui.widgets.text_field import TextField

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, FakeEngine, Start

ODD_NAME = "[bold red]odd[not].txt"


def marks(driver: Driver) -> dict[str, Mark]:
    """Return path -> mark of the rows that have one."""
    nodes = [row.node for row in driver.tree.rows]
    return {node.path: node.mark for node in nodes if node.mark is not Mark.SAME}


def mode(driver: Driver) -> Mode:
    """Return what the file view shows."""
    return driver.file.mode


def typed(driver: Driver) -> str:
    """Return the project's name as far as it has been taken as an answer."""
    return str(driver.wizard.session.answers.get("project_name", ""))


def title(driver: Driver) -> str:
    """Return the title of the tree."""
    return driver.title


async def test_an_option_shows_its_effect_before_it_is_chosen(
    start: Start, size: tuple[int, int]
) -> None:
    async with start(size) as driver:
        await driver.go_to("database")
        assert marks(driver) == {}
        await driver.press("down")
        assert marks(driver) == {
            "README.md": Mark.CHANGED,
            "src/my-service/db/postgresql.py": Mark.REMOVED,
            "src/my-service/db/sqlite.py": Mark.ADDED,
        }
        assert "+1 ~1 -1" in title(driver)
        assert "database" not in driver.wizard.session.answers
        await driver.until(
            lambda: any(
                "SQLite" in line and "+1 ~1 -1" in line for line in driver.text.splitlines()
            )
        )


async def test_moving_away_takes_the_look_ahead_back(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        before = driver.paths
        await driver.press("down")
        assert driver.wizard.query_one(ProjectPane).looking_ahead
        await driver.press("up")
        assert not driver.wizard.query_one(ProjectPane).looking_ahead
        assert marks(driver) == {}
        assert driver.paths == before
        await driver.press("down", "tab")
        assert not driver.wizard.query_one(ProjectPane).looking_ahead


async def test_an_option_that_is_ruled_out_has_no_look_ahead(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        await driver.press("down", "down")
        assert not driver.wizard.query_one(ProjectPane).looking_ahead
        assert marks(driver) == {}


async def test_marks_stay_until_the_next_answer(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        await driver.press("down", "enter")
        assert driver.step == "auth"
        assert marks(driver)["src/my-service/db/postgresql.py"] is Mark.REMOVED
        await driver.press("down", "enter")
        assert marks(driver) == {"src/my-service/auth.py": Mark.REMOVED}


async def test_a_removed_file_still_shows_what_it_was(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        await driver.press("down")
        driver.tree.cursor = "src/my-service/db/postgresql.py"
        await driver.settle()
        assert [line.content.plain for line in driver.file.lines] == ['URL = "postgresql"']
        assert {line.mark for line in driver.file.lines} == {Mark.REMOVED}


async def test_another_name_changes_files_instead_of_replacing_all(start: Start) -> None:
    async with start() as driver:
        await driver.enter_text("Orders")
        assert driver.paths
        assert Mark.REMOVED not in marks(driver).values()
        assert Mark.ADDED not in marks(driver).values()
        assert marks(driver)["README.md"] is Mark.CHANGED


async def test_the_file_shows_its_changes_its_content_and_its_reasons(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        await driver.press("down")
        driver.tree.cursor = "README.md"
        await driver.settle()
        changes = [(line.mark, line.content.plain) for line in driver.file.lines]
        assert (Mark.REMOVED, "Data: postgresql") in changes
        assert (Mark.ADDED, "Data: sqlite") in changes
        await driver.press("d")
        assert mode(driver) is Mode.CONTENT
        assert [line.content.plain for line in driver.file.lines] == [
            "# My Service",
            "",
            "Data: sqlite",
        ]
        await driver.press("w")
        assert mode(driver) is Mode.WHY
        reasons = [line.content.plain for line in driver.file.lines[2:]]
        assert reasons == ["Database  PostgreSQL  ← the last one", "Name      My Service"]


async def test_files_are_coloured_in_the_end(start: Start) -> None:
    async with start() as driver:
        driver.tree.cursor = "src/my-service/main.py"
        await driver.settle()
        assert driver.file.lines[0].content.plain == "def main() -> None:"
        assert driver.file.lines[0].content.spans


async def test_what_is_stale_is_never_drawn(
    start: Start, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Answers] = []
    show = ProjectPane.show

    def remember(pane: ProjectPane, picture: Picture) -> None:
        drawn.append(picture.answers)
        show(pane, picture)

    monkeypatch.setattr(ProjectPane, "show", remember)
    async with start() as driver:
        drawn.clear()
        engine.may_render.clear()
        for letter in "Old":
            driver.send(letter)
            await driver.until(lambda letter=letter: typed(driver).endswith(letter))  # type: ignore[misc]
        engine.may_render.set()
        await driver.settle()
        assert drawn == [Answers({"project_name": "Old"})]
        assert Answers({"project_name": "Ol"}) not in engine.rendered


async def test_keys_are_shown_while_the_project_is_rendered(
    start: Start, engine: FakeEngine
) -> None:
    async with start() as driver:
        engine.may_render.clear()
        driver.send("A", "b", "c")
        name = driver.wizard.query_one("#field-project_name", TextField)
        await driver.until(lambda: name.value == "Abc")
        engine.may_render.set()
        await driver.settle()
        assert driver.title.startswith("abc")


async def test_markup_in_names_and_contents_is_shown_as_it_is(start: Start) -> None:
    async with start((100, 40)) as driver:
        driver.tree.cursor = ODD_NAME
        driver.tree.scroll_to_cursor()
        await driver.settle()
        await driver.see(ODD_NAME)
        assert ODD_NAME in (driver.file.border_title or "").replace("\\", "")
        driver.tree.cursor = "LICENSE"
        await driver.settle()
        await driver.see("[red]not markup[/red]")


async def test_the_tree_keeps_cursor_and_folding_over_answers(start: Start) -> None:
    async with start() as driver:
        driver.focus("#tree")
        await driver.press("home")
        assert driver.tree.cursor == "src/my-service"
        if "src/my-service/main.py" not in driver.paths:
            await driver.press("right")
        await driver.press("left")
        assert "src/my-service/main.py" not in driver.paths
        tests = driver.paths.index("tests")
        await driver.press("down", *["down"] * 20)
        assert driver.tree.cursor == "tests/test_19.py"
        line = driver.paths.index("tests/test_19.py") - driver.tree.scroll_offset.y
        await driver.press("escape")
        await driver.go_to("database")
        await driver.press("down")
        assert driver.tree.cursor == "tests/test_19.py"
        assert driver.paths.index("tests/test_19.py") - driver.tree.scroll_offset.y == line
        assert driver.paths.index("tests") == tests
        assert "src/my-service/db/sqlite.py" not in driver.paths


async def test_n_goes_from_change_to_change_and_unfolds(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        await driver.press("down", "enter", "tab")
        driver.focus("#tree")
        seen = set()
        for _ in range(3):
            await driver.press("n")
            seen.add(driver.tree.cursor)
        assert seen == {
            "README.md",
            "src/my-service/db/postgresql.py",
            "src/my-service/db/sqlite.py",
        }


async def test_the_mouse_folds_and_opens(start: Start) -> None:
    async with start() as driver:
        row = driver.paths.index("tests") - driver.tree.scroll_offset.y
        was_open = "tests/test_00.py" in driver.paths
        await driver.pilot.click(driver.tree, offset=(6, row + 1))
        await driver.settle()
        assert driver.tree.cursor == "tests"
        assert ("tests/test_00.py" in driver.paths) is not was_open


async def test_folders_sum_up_their_marks(start: Start) -> None:
    async with start() as driver:
        await driver.go_to("database")
        await driver.press("down")
        node = next(row.node for row in driver.tree.rows if row.node.path == "src/my-service")
        assert node.counts == (1, 0, 1)


async def test_a_template_that_cannot_be_read_says_why(start: Start, engine: FakeEngine) -> None:
    engine.template_error = "The template has no questions; use another one."
    async with start((160, 50), ready=False) as driver:
        await driver.settle()
        await driver.see("✗ The template has no questions; use another")
        await driver.see("Ctrl+C")
        await driver.press("enter", "escape", "tab", "f6", "d", "w")
        assert driver.app.is_running


async def test_files_that_cannot_be_rendered_leave_the_last_ones_and_say_why(
    start: Start, engine: FakeEngine
) -> None:
    async with start((160, 50)) as driver:
        before = driver.paths
        engine.render_error = "“main.py” of the template cannot be rendered."
        await driver.enter_text("Orders")
        await driver.see("“main.py” of the template cannot be rendered.")
        assert driver.paths == before
        engine.render_error = ""
        await driver.enter_text("x")
        await driver.see_no("cannot be rendered")
