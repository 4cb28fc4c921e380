"""The program `scaffold-tui`: what the shell sees of it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wizard import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.tui.base_app import BaseApp

INTERRUPTED = 130
BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    0 is success; 1 says that it could not be done, 2 that it was asked wrongly and nothing was
    done, 130 that Ctrl+C ended it, 141 that nobody read its output.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal knows every letter
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The interpreter flushes once more when it ends, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def _run(arguments: Sequence[str]) -> int:
    if list(arguments) in (["--version"], ["-V"]):
        print(f"scaffold-tui {__version__}")
        return 0
    # Not before: the version has to be quick, and argparse is not.
    from wizard.errors import ScaffoldError  # noqa: PLC0415
    from wizard.frontends import cli, crash  # noqa: PLC0415

    try:
        return cli.run(arguments, cli.Screens(_open_wizard, _run_project))
    except ScaffoldError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a traceback is for a log
        print(crash.report(error, os.environ), file=sys.stderr)
        return 1


def _open_wizard(destination: Path | None) -> int:
    from wizard.engine import blueprints  # noqa: PLC0415 - Textual takes its time
    from wizard.tui.app import ScaffoldApp  # noqa: PLC0415

    app = ScaffoldApp(blueprints.builtin(), target=destination)
    return _show(app)


def _run_project(project: Path) -> int:
    from wizard.tui.run_app import RunApp  # noqa: PLC0415 - Textual takes its time

    app = RunApp(project)
    return _show(app)


def _show(app: BaseApp) -> int:
    """Run the app, and print what it leaves behind now that the terminal is as it was before.

    Raises:
        Exception: Whatever ended the app that nobody expected; what was answered is printed first.
    """
    for line in app.run() or app.report.lines():
        print(line)
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
