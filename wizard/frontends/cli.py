"""The command line: `new` writes a project without asking, `up` runs one, else the wizard.

What a command needs is imported when it runs: a word on the command line must not wait for
Copier.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from wizard import __version__
from wizard.domain.answers import Answers
from wizard.errors import UsageError
from wizard.frontends.terminal import terminal_problem

if TYPE_CHECKING:
    from wizard.engine.writer import Written

COMMANDS = ("new", "up")

_EPILOG = """\
commands:
  scaffold-tui [DEST]            open the wizard, to write a project to DEST
  scaffold-tui new DEST ...      write a project without the wizard
  scaffold-tui new --schema      print the questions as JSON Schema
  scaffold-tui up [PATH]         run a written project with Docker Compose
"""
_OTHER_WORDS = {"create": "new", "generate": "new", "copy": "new", "init": "new", "run": "up"}
_COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, through the same exception as everything else."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}; see “{self.prog} --help”.")


@dataclass(frozen=True)
class Screens:
    """What is shown full-screen; each returns the exit code.

    They are handed in, because the command line and the UI know nothing of each other.

    Attributes:
        open_wizard: Ask the questions, and write to the folder if one is given.
        run_project: Run the project in a folder.
    """

    open_wizard: Callable[[Path | None], int]
    run_project: Callable[[Path], int]


def run(arguments: Sequence[str], screens: Screens) -> int:
    """Run the command line `arguments`, without the program's name; return the exit code.

    Raises:
        ScaffoldError: What the user asked for could not be done.
    """
    if arguments and arguments[0] == "new":
        return _new(_new_parser(), arguments[1:])
    if arguments and arguments[0] == "up":
        return _up(_up_parser().parse_args(arguments[1:]), screens)
    return _wizard(_wizard_parser().parse_args(arguments), screens)


def _wizard_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "scaffold-tui",
        description="Make a production-ready Flask or FastAPI service in a terminal wizard.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("dest", nargs="*", metavar="DEST", help="the folder for the project")
    parser.add_argument("-V", "--version", action="version", version=f"scaffold-tui {__version__}")
    return parser


def _new_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "scaffold-tui new",
        description="Write a project without asking anything. Questions that are not answered "
        "with -d take their defaults.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("dest", nargs="?", metavar="DEST", help="the folder for the project; made if missing")
    add("-d", "--data", action="append", default=[], metavar="QUESTION=ANSWER",
        help="answer a question; may be given several times")  # fmt: skip
    add("--defaults", action="store_true",
        help="take the defaults for all other questions, which is what happens anyway")  # fmt: skip
    add("--yes", action="store_true",
        help="write into DEST although it is not empty; files that are there are kept")  # fmt: skip
    add("--overwrite", action="store_true",
        help="like --yes, but replace files that are there")  # fmt: skip
    add("--json", action="store_true", help="print the result as JSON")
    add("--schema", action="store_true", help="print the questions as JSON Schema and stop")
    return parser


def _up_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "scaffold-tui up",
        description="Run a project with Docker Compose, and watch its services and logs.",
        allow_abbrev=False,
    )
    parser.add_argument("path", nargs="?", default=".", metavar="PATH",
                        help="the project's folder; the current one by default")  # fmt: skip
    return parser


def _new(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> int:
    options = parser.parse_args(arguments)
    if options.schema:
        return _schema()
    if options.dest is None:
        sys.stderr.write(parser.format_usage())
        return UsageError.exit_code
    # Imported here: `--schema` and usage errors do without.
    from wizard.engine import blueprints, writer  # noqa: PLC0415

    answers = Answers(dict(_pair(text) for text in options.data))
    stop = _Stop()
    try:
        written = writer.write(
            blueprints.builtin(),
            answers,
            Path(options.dest),
            agreed=options.yes or options.overwrite,
            overwrite=options.overwrite,
            strict=True,
            cancelled=stop.wanted,
        )
    except writer.Cancelled as error:
        print(error, file=sys.stderr)
        return 128 + stop.signal
    except writer.DestinationNotEmpty as error:
        raise UsageError(
            f"“{options.dest}” is not empty ({error.summary}); choose another folder, or add "
            "--yes to write into it and keep the files that are there."
        ) from error
    is_here = writer.is_here(written.target)
    lines = _json(written) if options.json else _summary(written, options.dest, is_here=is_here)
    print("\n".join(lines))
    return 0


def _schema() -> int:
    from wizard.engine import blueprints, preview, schema  # noqa: PLC0415 - preview brings Copier

    previewer = preview.Previewer(blueprints.builtin())
    print(json.dumps(schema.json_schema(previewer.form(Answers())), indent=2))
    previewer.close()
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"“{text}” is no answer; write it as QUESTION=ANSWER.")
    return name.strip(), value


def _json(written: Written) -> Iterable[str]:
    yield json.dumps(
        {
            "target": str(written.target),
            "files": written.files,
            "seconds": round(written.seconds, 3),
            "kept": written.kept,
            "overwritten": written.overwritten,
        },
        indent=2,
    )


def _summary(written: Written, dest: str, *, is_here: bool) -> Iterable[str]:
    """Say where the project is and what to do next."""
    yield f"Wrote {written.files} files to {written.target} in {written.seconds:.1f} s."
    if written.overwritten:
        yield f"Replaced {_named(written.overwritten)}."
    if written.kept:
        yield f"Kept {_named(written.kept)}, which were there already; --overwrite replaces them."
    yield "Next:"
    if not is_here:
        # The shell's quoting, also of names with spaces; only needed here.
        import shlex  # noqa: PLC0415

        yield f"  cd {shlex.quote(dest)}"
    if _compose_file(written.target):
        yield "  scaffold-tui up"
    yield "  git init"


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""
    return f"{', '.join(paths[:5])}{more}"


def _up(options: argparse.Namespace, screens: Screens) -> int:
    project = Path(options.path).absolute()
    if not project.is_dir():
        raise UsageError(f"“{options.path}” is not a folder; give the folder of a project.")
    if not _compose_file(project):
        raise UsageError(
            f"“{options.path}” has no docker-compose.yml; give the folder of a project that was "
            "written by scaffold-tui."
        )
    _need_terminal("run “docker compose up -d --build --wait” in the project instead")
    return screens.run_project(project)


def _wizard(options: argparse.Namespace, screens: Screens) -> int:
    if len(options.dest) > 1:
        raise UsageError(
            f"“{options.dest[0]}” is no command{_meant(options.dest[0])}; "
            "see “scaffold-tui --help”."
        )
    dest = options.dest[0] if options.dest else None
    if dest and _meant(dest) and not Path(dest).exists():
        raise UsageError(f"“{dest}” is no command{_meant(dest)} (As a folder: ./{dest})")
    _need_terminal("use “scaffold-tui new DEST --defaults” instead")
    return screens.open_wizard(Path(dest) if dest else None)


def _meant(word: str) -> str:
    """Return which command `word` may have been meant for; empty if it looks like none."""
    near = [_OTHER_WORDS[word]] if word in _OTHER_WORDS else []
    if word.isalpha():  # a path to a folder is none
        near += difflib.get_close_matches(word, COMMANDS)
    return f"; did you mean “scaffold-tui {near[0]}”?" if near else ""


def _need_terminal(instead: str) -> None:
    problem = terminal_problem(os.environ, sys.stdin, sys.stderr)
    if problem:
        raise UsageError(f"{problem}; {instead}.")


def _compose_file(project: Path) -> bool:
    return any((project / name).is_file() for name in _COMPOSE_FILES)


class _Stop:
    """Asks the writing to stop when a signal comes; for the rest of the program's life.

    An exception in the middle of anything, which is what Python makes of Ctrl+C, could leave
    something behind.

    Attributes:
        wanted: Set when a signal came.
        signal: Its number.
    """

    def __init__(self) -> None:
        self.wanted = threading.Event()
        self.signal: int = signal.SIGINT
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._stop)

    def _stop(self, number: int, _frame: object) -> None:
        self.signal = number
        self.wanted.set()
