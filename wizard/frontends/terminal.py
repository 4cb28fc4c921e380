"""Whether this terminal can show the wizard; asked before Textual is imported.

Textual itself never refuses: without a terminal it hangs, and a dumb one gets its control codes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TextIO

_UNABLE = frozenset({"", "dumb", "unknown", "emacs", "cons25", "vt52"})
"""Values of TERM for terminals that cannot place the cursor or do not say what they can do."""

_FIRST_WINDOWS = 14393
"""The first build of Windows 10 whose console understands control codes (1607)."""


def terminal_problem(
    environ: Mapping[str, str], stdin: TextIO | None, screen: TextIO | None
) -> str:
    """Return why the wizard cannot be shown, as the beginning of a sentence; empty if it can.

    Args:
        environ: The environment.
        stdin: Where keys come from.
        screen: Where Textual paints: standard error.
    """
    if environ.get("TEXTUAL_DRIVER"):  # Textual is shown somewhere else, such as in a browser
        return ""
    if not _is_terminal(stdin) or not _is_terminal(screen):
        return "The wizard needs a terminal"
    if sys.platform == "win32":
        too_old = sys.getwindowsversion().build < _FIRST_WINDOWS
        return "This version of Windows is too old for the wizard" if too_old else ""
    term = environ.get("TERM", "")
    if term in _UNABLE:
        name = f"TERM is “{term}”" if term else "TERM is not set"
        return f"This terminal cannot show the wizard ({name})"
    return ""


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether `stream` is a terminal; a closed one is none."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False
