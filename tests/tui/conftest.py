"""A small questionnaire and a writer that the tests of the screens drive instead of Copier."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.events import Key
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen

from wizard.domain.answers import Answers
from wizard.domain.filetree import Entry, FileTree
from wizard.domain.questions import Choice, Form, Question, Step
from wizard.engine.blueprints import Blueprint
from wizard.engine.writer import Progress, Written
from wizard.errors import AnswerError, BlueprintError, DestinationError, WriteError
from wizard.tui.app import ScaffoldApp
from wizard.tui.screens.wizard import WizardScreen
from wizard.tui.services import Services, WriteJob
from wizard.tui.widgets.file_tree import ProjectTree
from wizard.tui.widgets.file_view import FileView

AppPilot = Pilot[tuple[str, ...]]

ODD_NAME = "[bold red]odd[not].txt"
"""A file name that Textual's markup would swallow."""

_QUIET_ROUNDS = 1

_NO_DATABASE = "Choose a database to have users."
_DATABASES = (
    Choice("PostgreSQL", "postgresql", summary="A server.", docs="https://example.org/pg"),
    Choice("SQLite", "sqlite", summary="One file."),
)


def _form(answers: Answers) -> Form:
    name = str(answers.get("project_name", "My Service"))
    slug = str(answers.get("project_slug", name.lower().replace(" ", "-")))
    items = answers.get("sample", "items") == "items"
    reason = "Items need a database: choose one." if items else ""
    database = answers.get("database", "postgresql")
    wrong = not slug.replace("-", "a").isalnum() or slug != slug.lower()
    project = Step(
        "project",
        "Project",
        (
            Question(
                "project_name",
                label="Name",
                help="What is it called?",
                value=name,
                default="My Service",
                given="project_name" in answers,
            ),
            Question(
                "project_slug",
                label="Slug",
                value=slug,
                default=name.lower().replace(" ", "-"),
                given="project_slug" in answers,
                error=f"“{slug}” is no slug; use small letters." if wrong else "",
                suggestion=slug.lower().replace(" ", "-").strip("!") if wrong else "",
            ),
        ),
    )
    none = Choice("None", "none", disabled=reason, summary="Nothing is kept.")
    return Form(
        "A service",
        (
            project,
            _choice_step(
                "sample", (Choice("Items", "items"), Choice("Empty", "none")), "items", answers
            ),
            _choice_step("database", (*_DATABASES, none), "postgresql", answers),
            _choice_step(
                "auth",
                (Choice("JWT", "jwt"), Choice("None", "none")),
                "none" if database == "none" else "jwt",
                answers,
                skipped=_NO_DATABASE if database == "none" else "",
            ),
        ),
    )


def _choice_step(
    name: str, choices: tuple[Choice, ...], default: str, answers: Answers, skipped: str = ""
) -> Step:
    value = default if skipped else answers.get(name, default)
    chosen = next((choice for choice in choices if choice.value == value), None)
    question = Question(
        name,
        label=name.title(),
        help=f"Which {name}?",
        choices=choices,
        value=value,
        default=default,
        given=name in answers,
        active=not skipped,
        skipped=skipped,
        error=chosen.disabled if chosen else "",
    )
    return Step(name, name.title(), (question,))


def _files(form: Form) -> Iterable[tuple[str, str, set[str]]]:
    values = {question.name: question.value for question in form.questions}
    slug, database = str(values["project_slug"]), values["database"]
    yield (
        "README.md",
        f"# {values['project_name']}\n\nData: {database}\n",
        {"project_name", "database"},
    )
    yield "LICENSE", "[red]not markup[/red]\n", set()
    yield ODD_NAME, "odd\n", set()
    yield f"src/{slug}/main.py", "def main() -> None:\n    pass\n", {"project_slug"}
    if values["sample"] == "items":
        yield f"src/{slug}/items.py", "ITEMS = []\n", {"project_slug", "sample"}
    if database != "none":
        yield f"src/{slug}/db/{database}.py", f'URL = "{database}"\n', {"project_slug", "database"}
    if values["auth"] == "jwt":
        yield f"src/{slug}/auth.py", "TOKENS = {}\n", {"project_slug", "auth"}
    for number in range(30):
        yield f"tests/test_{number:02}.py", "def test() -> None: ...\n", set()


def tree_of(answers: Answers) -> FileTree:
    """Return the files of the small questionnaire."""
    form = _form(answers)
    for question, error in form.errors.items():
        raise AnswerError(question, error)
    return FileTree(
        {
            path: Entry(path, content=text.encode(), mode=0o644, depends_on=frozenset(reasons))
            for path, text, reasons in _files(form)
        }
    )


@dataclass
class FakeEngine:
    """An engine in memory; a test can hold its rendering up, and tell its writer to fail.

    Attributes:
        may_render: Rendering waits while this is not set.
        template_error: Why the template cannot be read; empty if it can.
        render_error: Why the files cannot be rendered; empty if they can.
        rendered: The answers that were rendered, in order.
        in_folder: What stands in the destination already; None for a folder that can be used.
        destination_error: Why the destination cannot be used; empty if it can.
        write_error: Raised instead of writing, once.
        jobs: What was written.
        repositories: The folders that were made repositories.
    """

    may_render: threading.Event = field(default_factory=threading.Event)
    template_error: str = ""
    render_error: str = ""
    rendered: list[Answers] = field(default_factory=list)
    in_folder: tuple[str, ...] = ()
    destination_error: str = ""
    write_error: Exception | None = None
    may_write: threading.Event = field(default_factory=threading.Event)
    jobs: list[WriteJob] = field(default_factory=list)
    repositories: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let everything through."""
        self.may_render.set()
        self.may_write.set()

    def open(self) -> FakeEngine:
        """Read the template, which may be broken."""
        if self.template_error:
            raise BlueprintError(self.template_error)
        return self

    def form(self, answers: Answers) -> Form:
        """Return the form."""
        return _form(answers)

    def tree(self, answers: Answers) -> FileTree:
        """Return the files, when allowed."""
        assert self.may_render.wait(10)
        if self.render_error:
            raise BlueprintError(self.render_error)
        self.rendered.append(answers)
        return tree_of(answers)

    def close(self) -> None:
        """Nothing to let go of."""

    def check_destination(self, target: Path) -> None:
        """Refuse what the test says."""
        if self.destination_error:
            raise DestinationError(self.destination_error)
        if self.in_folder:
            error = DestinationError(f"{target} is not empty")
            error.files, error.names = len(self.in_folder), self.in_folder  # type: ignore[attr-defined]
            raise error

    def write(
        self, job: WriteJob, on_progress: Callable[[Progress], None], cancelled: threading.Event
    ) -> Written:
        """Write nothing, but say so."""
        files = tree_of(job.answers).files
        on_progress(Progress(1, len(files), files[0]))
        while not self.may_write.wait(0.01):
            if cancelled.is_set():
                raise WriteError("Stopped; nothing was written.")
        error, self.write_error = self.write_error, None
        if error is not None:
            raise error
        self.jobs.append(job)
        return Written(job.target, len(files), 0.1)

    def command(self, form: Form, answers: Answers, target: str) -> str:
        """Return a command."""
        options = " ".join(f"-d {name}={value}" for name, value in answers.items())
        return f"scaffold-tui new {target} --defaults {options}".rstrip()

    def git_init(self, project: Path) -> str:
        """Remember the folder."""
        self.repositories.append(project)
        return "Made a repository."

    @property
    def services(self) -> Services:
        """The engine as the app takes it."""
        return Services(
            outline=lambda: ("Project", "Sample", "Database", "Auth"),
            open_renderer=self.open,
            check_destination=self.check_destination,
            write=self.write,
            command=self.command,
            git_available=lambda: True,
            git_init=self.git_init,
        )


class Driver:
    """What the tests do with the running app, and what they see of it."""

    def __init__(self, app: ScaffoldApp, pilot: AppPilot, engine: FakeEngine) -> None:
        self.app = app
        self.pilot = pilot
        self.engine = engine

    async def settle(self) -> None:
        """Wait until every message has been handled, no worker is left, and all is drawn."""
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            await self.pilot.pause(0)
            while self.busy:
                quiet = 0
                await asyncio.sleep(0.001)
            quiet += 1

    @property
    def busy(self) -> bool:
        """Whether a message waits in a queue, or a worker is at work."""
        pumps = [self.app, *self.app.screen.walk_children(with_self=True)]
        waiting = any(pump.message_queue_size for pump in pumps)
        return waiting or any(not worker.is_finished for worker in self.app.workers)

    def focus(self, selector: str) -> None:
        """Put the focus on a widget of the main screen at once."""
        self.wizard.set_focus(self.wizard.query_one(selector))

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the app go on until `condition` holds."""
        async with asyncio.timeout(20):
            while not condition():
                await self.pilot.pause(0)

    async def see(self, *texts: str) -> None:
        """Wait until all of `texts` are on the screen: what is known is drawn a moment later."""
        give_up = time.monotonic() + 20
        while missing := [text for text in texts if text not in self.text]:
            assert time.monotonic() < give_up, f"{missing} is not on the screen:\n{self.text}"
            await self.pilot.pause(0.01)

    async def see_no(self, text: str) -> None:
        """Wait until `text` has gone from the screen."""
        give_up = time.monotonic() + 20
        while text in self.text:
            assert time.monotonic() < give_up, f"{text!r} is still on the screen:\n{self.text}"
            await self.pilot.pause(0.01)

    def send(self, *keys: str) -> None:
        """Send `keys` all at once, as a fast typist or a script does."""
        for key in keys:
            character = " " if key == "space" else key if len(key) == 1 else None
            self.app.post_message(Key(key, character))

    async def press(self, *keys: str) -> None:
        """Press `keys` one after the other, each when the one before has had its effect."""
        for key in keys:
            self.send(key)
            await self.settle()

    async def enter_text(self, text: str) -> None:
        """Type `text`."""
        self.send(*("space" if each == " " else each for each in text))
        await self.settle()

    async def go_to(self, step: str) -> None:
        """Press Enter until `step` is shown."""
        for _ in range(12):
            if self.step == step:
                return
            await self.press("enter")
        pytest.fail(f"no step {step}")

    async def ended(self) -> None:
        """Wait until the app has ended."""
        async with asyncio.timeout(20):
            while self.app.is_running:  # noqa: ASYNC110 - there is no event for it
                await asyncio.sleep(0.001)

    @property
    def ready(self) -> bool:
        """Whether the first questions are there."""
        screens = [each for each in self.app.screen_stack if isinstance(each, WizardScreen)]
        return bool(screens) and screens[0].session.form is not None

    def shows(self, kind: type[Screen[Any]]) -> bool:
        """Whether a screen of this kind is on top."""
        return isinstance(self.app.screen, kind)

    @property
    def wizard(self) -> WizardScreen:
        """The main screen, whatever is over it."""
        return next(each for each in self.app.screen_stack if isinstance(each, WizardScreen))

    @property
    def step(self) -> str:
        """Id of the step that is shown."""
        return self.wizard.session.step.id if self.wizard.session.step else "review"

    @property
    def tree(self) -> ProjectTree:
        """The file tree."""
        return self.wizard.query_one(ProjectTree)

    @property
    def file(self) -> FileView:
        """The file view."""
        return self.wizard.query_one(FileView)

    @property
    def paths(self) -> list[str]:
        """The paths in the rows of the tree."""
        return [row.node.path for row in self.tree.rows]

    @property
    def title(self) -> str:
        """The title of the tree."""
        return plain_title(self.tree)

    @property
    def text(self) -> str:
        """All lines of the active screen."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips(Size(width, height))
        return "\n".join(strip.text for strip in strips)


def plain_title(widget: ProjectTree | FileView) -> str:
    """Return a border's title without its styles."""
    return Content.from_markup(widget.border_title or "").plain


Start = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture(autouse=True, scope="session")
def _collect_rarely() -> Iterator[None]:
    """Have Python look for garbage less often: with an app a test that is a quarter of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    yield
    gc.set_threshold(*usual)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine in memory."""
    return FakeEngine()


@pytest.fixture
def start(engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Return a function that opens the app on a terminal of the given size, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    @asynccontextmanager
    async def started(
        size: tuple[int, int] = (80, 24), answers: Answers | None = None, *, ready: bool = True
    ) -> AsyncIterator[Driver]:
        app = ScaffoldApp(
            Blueprint("small", tmp_path, str(tmp_path)),
            answers=answers,
            theme="scaffold-dark",
            services=engine.services,
        )
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot, engine)
            await driver.until(lambda: driver.ready or not ready)
            await driver.settle()
            yield driver

    return started


@pytest.fixture(params=[(80, 24), (160, 50)], ids=["80x24", "160x50"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Columns and lines of the terminal."""
    return request.param  # type: ignore[no-any-return]
