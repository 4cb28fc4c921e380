"""Work-arounds for Textual, each with the version that needs it."""

from __future__ import annotations

import codecs
import sys
from functools import partial

from textual.drivers._writer_thread import WriterThread


def _tolerant_decoder(encoding: str) -> partial[codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")


def tolerate_broken_input() -> None:
    """Show a byte that is not UTF-8 as U+FFFD instead of ending the app.

    Textual 8.2.8 decodes standard input strictly, so that one broken byte, pasted or sent by a
    Latin-1 terminal, is an unhandled exception (Textualize/textual#6668).
    """
    if sys.platform == "win32":
        return
    from textual.drivers import linux_driver  # noqa: PLC0415 - does not exist on Windows

    vars(linux_driver)["getincrementaldecoder"] = _tolerant_decoder


def survive_lost_terminal() -> None:
    """Swallow what cannot be written any more once the terminal is gone.

    Textual 8.2.8's output thread dies at the first failed write after SIGHUP; its queue holds 30
    writes, and the 31st blocks the event loop for ever, so the program would never end.
    """
    write_all = WriterThread.run
    if getattr(write_all, "survives", False):
        return

    def run(self: WriterThread) -> None:
        try:
            write_all(self)
        except OSError:
            while self._queue.get() is not None:
                pass

    run.survives = True  # type: ignore[attr-defined]
    WriterThread.run = run  # type: ignore[method-assign]


def apply() -> None:
    """Apply every work-around; calling it again does nothing more."""
    tolerate_broken_input()
    survive_lost_terminal()
