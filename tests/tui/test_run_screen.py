"""The run screen with a stand-in for Docker: what it shows, offers and asks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.style import Style
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Footer, OptionList, Static

from wizard.engine.compose_cli import Report
from wizard.engine.compose_events import (
    Answered,
    Began,
    BuildStep,
    Cancelled,
    Checked,
    CommandEnded,
    CommandStarted,
    Container,
    Event,
    Failed,
    Finished,
    LogLine,
    Origin,
    Phase,
    Plan,
    Planned,
    Port,
    Seen,
    ServicePlan,
)
from wizard.engine.compose_failures import build_failed, engine_failure, port_taken, unhealthy
from wizard.engine.compose_progress import Step
from wizard.engine.compose_state import Service
from wizard.tui.screens.run import ProjectLeft, RunScreen
from wizard.tui.screens.run_leave import LeaveDialog, Left
from wizard.tui.widgets.log_text import Looks, readable
from wizard.tui.widgets.log_view import MOST_LINES, LogView
from wizard.tui.widgets.run_panes import AnswersPane, CommandList, FailurePane, ProgressLine
from wizard.tui.widgets.service_table import ServiceTable

PORT = Port("127.0.0.1", 8000, 8000)
PLAN = Plan(
    "shop",
    (
        ServicePlan("db"),
        ServicePlan("migrate", builds=True, one_shot=True),
        ServicePlan("app", builds=True, ports=(PORT,)),
    ),
)
PLAIN = Looks(Style(), Style(), Style())
UP = "docker compose up -d --build --wait"


def seen(**states: str) -> Seen:
    """Containers by service; `healthy`, `starting`, `unhealthy`, or the engine's state."""
    health = {"healthy", "starting", "unhealthy"}
    return Seen(
        tuple(
            Container(f"shop-{name}-1", name, "running", state, 0, (PORT,) * (name == "app"))
            if state in health
            else Container(f"shop-{name}-1", name, state, "", 0)
            for name, state in states.items()
        )
    )


WELL = seen(db="healthy", migrate="exited", app="healthy")
STOPPED = seen(db="exited", migrate="exited", app="exited")


class StandIn:
    """Plays events for each operation, and remembers what it was asked to do.

    Attributes:
        plays: Operation -> what it tells.
        hold: Operations that go on until they are cancelled or `release` is called.
    """

    def __init__(self, project: Path, report: Report) -> None:
        self.project = project
        self.report = report
        self.calls: list[str] = []
        self.plays: dict[str, Sequence[Event]] = {
            "check": [Planned(PLAN)],
            "up": [Planned(PLAN), Began("up"), WELL, Finished("up", 1.0)],
            "stop": [Began("stop"), STOPPED, Finished("stop", 1.0)],
            "down": [Began("down"), Seen(()), Finished("down", 1.0)],
            "restart": [Began("restart"), seen(db="healthy", app="starting"), WELL],
        }
        self.hold: set[str] = set()
        self.closed = False
        self._released = asyncio.Event()
        self._cancelled = False

    async def _play(self, operation: str) -> None:
        self.calls.append(operation)
        self._released.clear()
        self._cancelled = False
        self.report(self.plays[operation])
        if operation in self.hold:
            await self._released.wait()
            if self._cancelled:
                self.report([Cancelled("Broken off: db runs.")])

    async def check(self) -> bool:
        await self._play("check")
        return True

    async def up(self) -> None:
        await self._play("up")

    async def stop(self) -> None:
        await self._play("stop")

    async def down(self) -> None:
        await self._play("down")

    async def restart(self) -> None:
        await self._play("restart")

    async def watch(self) -> None:
        self.calls.append("watch")
        await asyncio.Event().wait()

    async def follow_logs(self) -> None:
        self.calls.append("follow_logs")
        await asyncio.Event().wait()

    async def ask(self, url: str) -> None:
        self.calls.append(f"ask {url}")
        self.report([Answered(url, 200, '{"status":"ok"}', 12.0)])

    async def use_port(self, variable: str, port: int) -> bool:
        self.calls.append(f"{variable}={port}")
        return True

    def cancel(self) -> None:
        self.calls.append("cancel")
        self._cancelled = True
        self._released.set()

    def release(self) -> None:
        self._released.set()

    async def close(self) -> None:
        self.calls.append("close")
        self.closed = True


class Host(App[str]):
    """A bare app with the run screen on it."""

    def __init__(
        self, prepare: Callable[[StandIn], None] = lambda _: None, *, start: bool = True
    ) -> None:
        super().__init__()
        self.left: list[Left | None] = []
        self.told: list[Left] = []
        self._prepare = prepare
        self._start = start
        self.stand_in: StandIn
        self.run_screen: RunScreen

    def _make(self, project: Path, report: Report) -> StandIn:
        self.stand_in = StandIn(project, report)
        self._prepare(self.stand_in)
        return self.stand_in

    def on_mount(self) -> None:
        self.run_screen = RunScreen(Path("/srv/shop[1]"), start=self._start, stack=self._make)
        self.push_screen(self.run_screen, self.left.append)

    def on_project_left(self, message: ProjectLeft) -> None:
        self.told.append(message.left)

    def words(self) -> dict[str, str]:
        return {service.name: service.words for service in self.run_screen.state.services}

    def headline(self) -> str:
        return text_of(self.run_screen.query_one("#headline", Static))

    def log_view(self) -> LogView:
        return self.run_screen.query_one(LogView)

    def offered(self) -> set[str]:
        """The keys that the footer shows."""
        bindings = self.run_screen.active_bindings.values()
        return {each.binding.key for each in bindings if each.enabled and each.binding.show}


def text_of(widget: Static) -> str:
    return str(widget.render())


async def settle(pilot: Pilot[str]) -> None:
    """Let everything that was told be shown: wait until no message is left, several times over."""
    quiet = 0
    while quiet < 5:
        await pilot.pause()
        pumps = [pilot.app, *pilot.app.screen.walk_children(with_self=True)]
        quiet = 0 if any(pump.message_queue_size for pump in pumps) else quiet + 1


def holding(operation: str, *events: Event) -> Callable[[StandIn], None]:
    """Prepare a stand-in whose `operation` tells `events` and then goes on and on."""

    def prepare(stand_in: StandIn) -> None:
        stand_in.hold.add(operation)
        stand_in.plays[operation] = [Planned(PLAN), Began(operation), *events]

    return prepare


def telling(*events: Event) -> Callable[[StandIn], None]:
    """Prepare a stand-in whose `up` tells `events` and ends."""

    def prepare(stand_in: StandIn) -> None:
        stand_in.plays["up"] = [Planned(PLAN), Began("up"), *events]

    return prepare


async def test_it_starts_at_once_and_shows_that_all_is_well() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.stand_in.calls[0] == "up"
        assert app.words() == {"db": "healthy", "migrate": "finished", "app": "healthy"}
        assert "✓ running" in app.headline()
        assert "http://127.0.0.1:8000" in app.headline()
        assert "shop[1]" in app.headline()


async def test_an_existing_project_is_only_looked_at() -> None:
    app = Host(start=False)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert app.stand_in.calls == ["check", "watch", "follow_logs"]
        assert "not running" in app.headline()


async def test_health_and_readiness_are_asked_once_it_is_well_and_shown() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        asked = [call for call in app.stand_in.calls if call.startswith("ask")]
        assert asked == ["ask http://127.0.0.1:8000/health", "ask http://127.0.0.1:8000/ready"]
        shown = text_of(app.run_screen.query_one(AnswersPane))
        assert 'GET /health  200    12 ms  {"status":"ok"}' in shown
        assert "http://127.0.0.1:8000/docs" in shown


async def test_answers_go_when_the_service_does_and_are_asked_for_anew() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.stand_in.report([STOPPED])
        await settle(pilot)
        pane = app.run_screen.query_one(AnswersPane)
        assert not pane.display
        app.stand_in.report([WELL])
        await settle(pilot)
        assert pane.display
        assert sum(call.startswith("ask") for call in app.stand_in.calls) == 4


async def test_a_row_says_state_and_address_without_colours() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        table = app.run_screen.query_one(ServiceTable)
        rows = str(table.render()).splitlines()
        assert [row.split() for row in rows] == [
            ["✓", "db", "healthy"],
            ["✓", "migrate", "finished"],
            ["✓", "app", "healthy", "127.0.0.1:8000"],
        ]


async def test_every_phase_is_told_apart_without_colours() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        table = app.run_screen.query_one(ServiceTable)
        table.services = tuple(Service("db", phase, 3, detail="build failed") for phase in Phase)
        assert len(set(str(table.render()).splitlines())) == len(Phase)


async def test_a_build_shows_its_step_a_bar_and_its_output() -> None:
    build: list[Event] = [
        BuildStep("migrate", "build", 1, 4, "FROM python", done=True),
        BuildStep("migrate", "build", 2, 4, "RUN --mount=type=cache,target=/x uv pip install [a]"),
        LogLine("migrate", "Resolved 38 packages", Origin.BUILD),
    ]
    app = Host(holding("up", *build))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        line = text_of(app.run_screen.query_one(ProgressLine))
        assert line.startswith("migrate step 2 of 4 ━━━━━━───")
        assert line.endswith("RUN uv pip install [a]")
        assert "building" in app.headline()
        assert app.log_view().texts() == ["Resolved 38 packages"]
        assert app.words()["migrate"] == "building 2/4"
        assert {"x"} <= app.offered()
        assert not {"u", "s", "d", "r"} & app.offered()


async def test_what_went_wrong_is_shown_with_its_way_out_and_details() -> None:
    failure = unhealthy("app", ("Last health check:", "  [Errno 111] refused"))
    app = Host(telling(seen(db="healthy", app="unhealthy"), Failed(failure)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        pane = app.run_screen.query_one(FailurePane)
        shown = text_of(pane.query_one(Static))
        assert pane.display
        assert failure.sentence in shown
        assert failure.hint in shown
        assert "[Errno 111] refused" in shown
        assert "needs attention" in app.headline()


async def test_a_failed_build_marks_its_service() -> None:
    failure = build_failed(Step("migrate", "build", 2, 4, "RUN x", error="code 1"), ())
    app = Host(telling(BuildStep("migrate", "build", 2, 4, "RUN x"), Failed(failure)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.words() == {"db": "not started", "migrate": "build failed", "app": "not started"}
        assert not app.run_screen.query_one(ProgressLine).display


async def test_a_free_port_is_used_only_when_the_user_agrees() -> None:
    failure = port_taken(8000, service="app", variable="APP_PORT", free_port=8001)
    app = Host(telling(Failed(failure)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "APP_PORT=8001" not in app.stand_in.calls
        assert "p" in app.offered()
        app.stand_in.plays["up"] = [Planned(PLAN), Began("up"), WELL, Finished("up", 1.0)]
        await pilot.press("p")
        await settle(pilot)
        assert app.stand_in.calls.index("APP_PORT=8001") < app.stand_in.calls.index("up", 1)
        assert not app.run_screen.query_one(FailurePane).display
        assert "p" not in app.offered()


async def test_no_port_is_offered_when_there_is_none() -> None:
    app = Host(telling(Failed(port_taken(8000))))
    async with app.run_test() as pilot:
        await settle(pilot)
        assert "p" not in app.offered()


async def test_a_lost_engine_is_forgiven_when_it_is_back() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await settle(pilot)
        failure = engine_failure("Cannot connect to the Docker daemon")
        assert failure is not None
        app.stand_in.report([Failed(failure)])
        await settle(pilot)
        assert app.run_screen.failure == failure
        app.stand_in.report([WELL])
        await settle(pilot)
        assert app.run_screen.failure is None


async def test_a_service_that_recovers_is_no_failure_any_more() -> None:
    app = Host(telling(seen(db="healthy", app="unhealthy"), Failed(unhealthy("app", ()))))
    async with app.run_test() as pilot:
        await settle(pilot)
        assert app.run_screen.failure is not None
        app.stand_in.report([WELL])
        await settle(pilot)
        assert app.run_screen.failure is None
        assert "✓ running" in app.headline()


@pytest.mark.parametrize(
    ("key", "operation", "words"),
    [("s", "stop", "stopped"), ("d", "down", "not started"), ("r", "restart", "healthy")],
)
async def test_a_key_does_what_it_says(key: str, operation: str, words: str) -> None:
    app = Host()
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        assert operation in app.stand_in.calls
        assert app.words()["app"] == words


async def test_one_operation_at_a_time() -> None:
    app = Host(holding("up"))
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("u", "s", "d", "r")
        await settle(pilot)
        assert [call for call in app.stand_in.calls if call in {"up", "stop", "down"}] == ["up"]


async def test_what_is_under_way_can_be_broken_off_and_what_is_left_is_said() -> None:
    app = Host(holding("up"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert "cancel" in app.stand_in.calls
        pane = app.run_screen.query_one(FailurePane)
        assert text_of(pane.query_one(Static)) == "Broken off: db runs."
        assert app.words() == dict.fromkeys(("db", "migrate", "app"), "not started")
        assert "u" in app.offered()


async def test_every_command_is_listed_with_its_result_and_count() -> None:
    ps = "docker compose ps --all"
    commands: list[Event] = [
        CommandStarted(ps),
        CommandEnded(ps, 0, 0.1),
        CommandStarted(UP),
        CommandStarted(ps),
        CommandEnded(ps, 0, 0.2),
        CommandEnded(UP, 1, 12.34),
    ]
    app = Host(telling(*commands, WELL))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        pane = app.run_screen.query_one(CommandList)
        assert not pane.display
        await pilot.press("c")
        assert pane.display
        lines = text_of(pane.query_one(Static)).splitlines()
        assert lines == [f"✓    0.2 s  {ps}  2 times", f"\u00d7   code 1  {UP}"]


async def test_commands_are_always_there_when_the_screen_is_wide() -> None:
    app = Host()
    async with app.run_test(size=(160, 50)) as pilot:
        await settle(pilot)
        assert app.run_screen.query_one(CommandList).display


LINES = [
    LogLine("db", "ready"),
    LogLine("app", "\x1b[32mlistening\x1b[0m [not markup]"),
    LogLine("app", "GET /items"),
    LogLine("app", "app-1 exited with code 0", Origin.COMPOSE),
]


async def test_the_log_shows_everybodys_lines_and_one_services_alone() -> None:
    app = Host(telling(*LINES, WELL))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        log = app.log_view()
        assert log.texts() == ["ready", "listening [not markup]", "GET /items", LINES[3].text]
        for expected in ("db", "migrate", "app", ""):
            await pilot.press("l")
            assert log.service == expected
        await pilot.press("l", "l", "l")
        assert log.texts() == ["listening [not markup]", "GET /items", LINES[3].text]
        assert "Log of app" in str(log.border_title)


async def test_a_service_in_the_table_chooses_its_log_and_everybodys_again() -> None:
    app = Host(telling(*LINES, WELL))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.run_screen.query_one(ServiceTable).focus()
        await pilot.press("down", "down", "enter")
        assert app.log_view().service == "app"
        await pilot.press("enter")
        assert app.log_view().service == ""
        await pilot.click(ServiceTable, offset=(5, 0))
        assert app.log_view().service == "db"


async def test_the_filter_shows_lines_with_a_word_and_escape_ends_it() -> None:
    app = Host(telling(*LINES, WELL))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"ITEMS")
        await settle(pilot)
        assert app.log_view().texts() == ["GET /items"]
        assert "1 of 4 lines" in str(app.log_view().border_subtitle)
        await pilot.press("enter")
        assert app.log_view().has_focus
        await pilot.press("escape")
        assert app.log_view().count == 4
        assert app.left == []


async def test_the_log_follows_until_one_scrolls_up_and_again_from_the_end() -> None:
    app = Host(telling(*[LogLine("app", f"line {i}") for i in range(100)], WELL))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        log = app.log_view()
        assert log.scroll_y == log.max_scroll_y > 0
        await pilot.press("home")
        await settle(pilot)
        assert (log.following, log.scroll_y) == (False, 0)
        assert "f" in app.offered()
        app.stand_in.report([LogLine("app", "one more")])
        await settle(pilot)
        assert log.scroll_y == 0
        await pilot.press("f")
        await settle(pilot)
        assert log.scroll_y == log.max_scroll_y
        assert "f" not in app.offered()


async def test_a_hundred_thousand_lines_are_kept_and_older_ones_go() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        log = app.log_view()
        for start in range(0, MOST_LINES + 5_000, 5_000):
            log.add([LogLine("app", f"line {i}") for i in range(start, start + 5_000)])
        await settle(pilot)
        assert MOST_LINES * 0.9 <= log.total <= MOST_LINES
        assert log.texts()[-1] == f"line {MOST_LINES + 4_999}"
        log.needle = "line 99999"
        assert log.texts() == ["line 99999"]


def test_a_json_line_is_shown_as_time_level_and_message() -> None:
    line = {
        "timestamp": "2026-01-02T03:04:05.678+00:00",
        "level": "WARNING",
        "logger": "app",
        "message": "GET /x 200",
        "status": 200,
        "duration_ms": 1.5,
    }
    shown = readable(json.dumps(line), PLAIN)
    assert shown.plain == "03:04:05 WARNING GET /x 200  duration_ms=1.5"


@pytest.mark.parametrize("text", ['{"no": "message"}', '{"broken', "{}", "plain [b]text[/b]"])
def test_a_line_that_is_no_record_is_shown_as_it_is(text: str) -> None:
    assert readable(text, PLAIN).plain == text


async def test_a_traceback_in_a_json_line_is_shown_line_by_line() -> None:
    record = json.dumps({"message": "failed", "exception": "Traceback:\n  File x\nError: no"})
    app = Host(telling(LogLine("app", record), WELL))
    async with app.run_test() as pilot:
        await settle(pilot)
        assert app.log_view().texts()[1:] == ["    Traceback:", "      File x", "    Error: no"]


async def test_checks_and_their_warnings_are_in_the_log() -> None:
    checks = [Checked("Disk", "1 GB free", warning=True), Checked("Docker Engine", "26.1.5")]
    app = Host(telling(*checks, WELL))
    async with app.run_test() as pilot:
        await settle(pilot)
        assert app.log_view().texts() == ["! Disk: 1 GB free", "✓ Docker Engine: 26.1.5"]


async def test_leaving_asks_nothing_when_nothing_runs() -> None:
    app = Host(start=False)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert app.left == [Left.NOTHING]
        assert app.stand_in.closed


async def test_leaving_asks_with_keep_running_first() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, LeaveDialog)
        assert "db and app are running" in text_of(app.screen.query_one("#dialog-text", Static))
        options = app.screen.query_one(OptionList)
        assert options.highlighted == 0
        assert [options.get_option_at_index(i).id for i in range(3)] == ["keep", "stop", "down"]
        await pilot.press("enter")
        await settle(pilot)
        assert app.left == [Left.KEPT]
        assert "stop" not in app.stand_in.calls
        assert app.stand_in.closed


@pytest.mark.parametrize(
    ("keys", "operation", "left"),
    [(("down",), "stop", Left.STOPPED), (("down", "down"), "down", Left.REMOVED)],
)
async def test_leaving_can_stop_and_take_down(
    keys: tuple[str, ...], operation: str, left: Left
) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("escape", *keys, "enter")
        await settle(pilot)
        assert operation in app.stand_in.calls
        assert app.left == [left]


async def test_escape_in_the_question_stays() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert app.left == []
        assert app.screen is app.run_screen


async def test_leaving_while_it_starts_breaks_that_off_first() -> None:
    app = Host(holding("up", seen(db="healthy")))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "broken off first" in text_of(app.screen.query_one("#dialog-text", Static))
        await pilot.press("down", "down", "enter")
        await settle(pilot)
        assert [c for c in app.stand_in.calls if c in {"cancel", "down"}] == ["cancel", "down"]
        assert app.left == [Left.REMOVED]


async def test_leaving_stays_when_stopping_fails() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        failure = engine_failure("Cannot connect to the Docker daemon")
        assert failure is not None
        app.stand_in.plays["stop"] = [Began("stop"), Failed(failure)]
        await pilot.press("escape", "down", "enter")
        await settle(pilot)
        assert app.left == []
        assert app.run_screen.failure == failure


async def test_quitting_asks_the_same_and_ends_the_app() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.run_screen.ask_before_quit()
        await settle(pilot)
        assert isinstance(app.screen, LeaveDialog)
        await pilot.press("enter")
        await settle(pilot)
        assert app.left == []
        assert app._exit
    assert app.told == [Left.KEPT]
    assert app.stand_in.closed


async def test_whatever_ends_the_app_ends_what_was_started() -> None:
    app = Host(holding("up"))
    async with app.run_test() as pilot:
        await settle(pilot)
        app.exit()
    assert app.stand_in.closed


def test_what_became_of_it_is_a_line_for_the_terminal() -> None:
    project = Path("/srv/shop")
    assert "docker compose down" in Left.KEPT.sentence(project)
    assert "docker compose start" in Left.STOPPED.sentence(project)
    assert Left.NOTHING.sentence(project) == Left.REMOVED.sentence(project) == ""


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 50), (60, 20)])
async def test_log_and_footer_have_room_at_every_size(size: tuple[int, int]) -> None:
    failure = unhealthy("app", tuple(f"line {i}" for i in range(20)))
    app = Host(telling(*LINES, seen(db="healthy", app="unhealthy"), Failed(failure)))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert app.log_view().scrollable_content_region.height >= 3
        footer = app.run_screen.query_one(Footer)
        assert footer.region.bottom == size[1]
