"""The small panes of the run screen: progress, answers, what went wrong, and the commands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from wizard.engine.compose_events import Answered, CommandEnded, CommandStarted, Failure, Phase
from wizard.engine.compose_state import Build, Service
from wizard.tui.text import visible
from wizard.tui.widgets.service_table import BAD

_BAR_WIDTH = 24
_MOUNTS = re.compile(r"--(?:mount|from|chown|chmod)=\S+ ")


def bar(fraction: float, width: int) -> Content:
    """Return a bar `width` cells wide; half cells are drawn as such."""
    halves = round(max(0.0, min(fraction, 1.0)) * width * 2)
    full, half = divmod(halves, 2)
    done = "━" * full + "╸" * half
    return Content.styled(done, "$text-primary") + Content.styled(
        "─" * (width - len(done)), "$text-disabled"
    )


class ProgressLine(Static):
    """How far the image builds and pulls are, in one line; hidden when there are none."""

    DEFAULT_CSS = """
    ProgressLine { height: 1; display: none; text-wrap: nowrap; text-overflow: ellipsis; }
    ProgressLine.-busy { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)

    def show(self, services: Iterable[Service]) -> None:
        """Show the last service that is being built, or else those that are being pulled."""
        every = tuple(services)
        building = [each for each in every if each.phase is Phase.BUILDING and each.build]
        pulling = [each for each in every if each.phase is Phase.PULLING]
        self.set_class(bool(building or pulling), "-busy")
        if building:
            self.update(_building(building[-1]))
        elif pulling:
            names = ", ".join(visible(each.name) for each in pulling)
            self.update(Content.assemble("Pulling ", (names, "bold"), f"  {pulling[0].detail}"))


def _building(service: Service) -> Content:
    build = service.build or Build()
    total = max(build.total, 1)
    return Content.assemble(
        (visible(service.name), "bold"),
        f" step {min(len(build.done) + 1, total)} of {total} ",
        bar(len(build.done) / total, _BAR_WIDTH),
        " ",
        (visible(_MOUNTS.sub("", build.text)), "$text-muted"),
    )


class AnswersPane(Static):
    """What the service answered, and where its pages are; hidden until it was asked."""

    DEFAULT_CSS = """
    AnswersPane { height: auto; display: none; text-wrap: nowrap; text-overflow: ellipsis; }
    AnswersPane.-asked { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self.answers: dict[str, Answered] = {}

    def clear(self) -> None:
        """Forget the answers: the service that gave them is no more."""
        self.answers.clear()
        self.remove_class("-asked")

    def show(self, answer: Answered, path: str, docs: str) -> None:
        """Add the answer to a request for `path`; `docs` is the address of the API's pages."""
        self.answers[path] = answer
        width = max(map(len, self.answers))
        lines = [_answer(path.ljust(width), each) for path, each in self.answers.items()]
        if any(each.good for each in self.answers.values()):
            link = (docs, f"underline link={docs!r}")
            lines.append(Content.assemble(("  Docs ", "$text-muted"), link))
        self.update(Content("\n").join(lines))
        self.add_class("-asked")


def _answer(path: str, answer: Answered) -> Content:
    glyph, style = ("✓", "$text-success") if answer.good else (BAD, "$text-error")
    told = f"{answer.status} {answer.milliseconds:>5.0f} ms  " if answer.status else ""
    body = " ".join(answer.body.split()) or answer.error
    return Content.assemble(
        (f"{glyph} ", f"bold {style}"),
        ("GET ", "$text-muted"),
        f"{path}  ",
        (told, style),
        (visible(body), "$text-muted" if answer.status else style),
    )


class FailurePane(VerticalScroll, can_focus=False):
    """What went wrong and what to do; hidden while nothing did."""

    DEFAULT_CSS = """
    FailurePane { height: auto; max-height: 12; display: none; }
    FailurePane.-failed { display: block; }
    FailurePane Static { height: auto; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        yield Static(id="failure-text", markup=False)

    def show(self, failure: Failure, keys: str = "") -> None:
        """Show `failure`; `keys` names keys that help, in words."""
        self.border_title = "What went wrong"
        parts = [
            Content.styled(f"{BAD} {visible(failure.sentence)}", "bold $text-error"),
            Content(visible(failure.hint)),
        ]
        if keys:
            parts.append(Content.styled(keys, "bold $text-primary"))
        parts += [Content.styled(f"  {visible(line)}", "$text-muted") for line in failure.details]
        self.query_one("#failure-text", Static).update(Content("\n").join(parts))
        self.add_class("-failed")
        self.can_focus = bool(failure.details)

    def say(self, sentence: str) -> None:
        """Show a sentence that is no failure."""
        self.border_title = "Broken off"
        self.query_one("#failure-text", Static).update(Content(visible(sentence)))
        self.add_class("-failed")

    def clear(self) -> None:
        """Hide it."""
        self.remove_class("-failed")


@dataclass(frozen=True)
class CommandRun:
    """A command line and its last run.

    Attributes:
        count: How often it was run.
        code: Exit code of the last run; None while it runs.
        seconds: How long the last run took.
    """

    line: str
    count: int = 1
    code: int | None = None
    seconds: float = 0.0


class CommandList(VerticalScroll):
    """Every command that was run, in the order of their first run."""

    DEFAULT_CSS = """
    CommandList Static { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.runs: dict[str, CommandRun] = {}

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        yield Static("No command was run yet.", id="commands-text", markup=False)

    def hear(self, events: Iterable[CommandStarted | CommandEnded]) -> None:
        """Take the next starts and ends of commands."""
        for event in events:
            known = self.runs.get(event.line)
            if isinstance(event, CommandStarted):
                self.runs[event.line] = CommandRun(event.line, known.count + 1 if known else 1)
            elif known is not None:
                run = replace(known, code=event.code, seconds=event.seconds)
                self.runs[event.line] = run
        lines = [_command(run) for run in self.runs.values()]
        self.query_one("#commands-text", Static).update(Content("\n").join(lines))


def _command(run: CommandRun) -> Content:
    if run.code is None:
        glyph, style, how = "▸", "$text-primary", "running"
    elif run.code == 0:
        glyph, style, how = "✓", "$text-success", f"{run.seconds:.1f} s"
    else:
        glyph, style, how = BAD, "$text-error", f"code {run.code}"
    times = f"  {run.count} times" if run.count > 1 else ""
    return Content.assemble(
        (f"{glyph} ", f"bold {style}"),
        (f"{how:>8}  ", "$text-muted"),
        visible(run.line),
        (times, "$text-muted"),
    )
