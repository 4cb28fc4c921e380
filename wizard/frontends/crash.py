"""What happens to an error that nobody expected: a sentence for the user, a log for the report."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path

from wizard import __version__

DEBUG = "SCAFFOLD_TUI_DEBUG"
"""Set in the environment to see the traceback instead."""


def report(error: BaseException, environ: Mapping[str, str]) -> str:
    """Log `error` and return the sentence to show."""
    text = "".join(traceback.format_exception(error))
    if environ.get(DEBUG):
        return text.rstrip()
    name = type(error).__name__
    log = _write_log(f"scaffold-tui {__version__}, Python {platform.python_version()} on "
                     f"{platform.platform()}\n\n{text}", environ)  # fmt: skip
    where = f"the details are in {log}" if log else f"set {DEBUG}=1 to see the details"
    return f"Something unexpected went wrong ({name}); {where}."


def log_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder for logs that the platform means for them."""
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or tempfile.gettempdir(), "scaffold-tui")
    home = Path(environ.get("HOME") or tempfile.gettempdir())
    if sys.platform == "darwin":
        return home / "Library" / "Logs" / "scaffold-tui"
    return Path(environ.get("XDG_STATE_HOME") or home / ".local" / "state", "scaffold-tui")


def _write_log(text: str, environ: Mapping[str, str]) -> Path | None:
    """Write the log of the last error, for its owner's eyes; None if there is nowhere to put it."""
    for folder in (log_folder(environ), Path(tempfile.gettempdir())):
        log = folder / "scaffold-tui-error.log"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            log.unlink(missing_ok=True)
            with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
        except OSError:
            continue
        return log
    return None
