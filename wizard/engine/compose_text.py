"""Lines as they come out of Compose, made fit for a screen."""

from __future__ import annotations

import codecs
import re

LONGEST_LINE = 8_192
"""Characters of a line that are kept; what a program prints without line breaks has no end."""

_NOT_PRINTED = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI sequences, colours (SGR) among them
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: titles, links
    r"|\x1b[PX^_].*?\x1b\\"  # DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_SGR = re.compile(r"\x1b\[[0-9;:]*m")
_PLAIN = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f-\x9f]*")


def clean(line: str) -> str:
    """Return `line` without control sequences other than colours (SGR).

    Of a line that was overwritten with carriage returns, what stood there last is kept. Tabs
    become spaces.
    """
    line = line.rstrip("\r")
    if not _PLAIN.fullmatch(line):
        line = line.rpartition("\r")[2]
        line = _NOT_PRINTED.sub(_keep_colour, line)
    if len(line) > LONGEST_LINE:
        line = line[:LONGEST_LINE] + "…"
    return line.expandtabs(8) if "\t" in line else line


def _keep_colour(match: re.Match[str]) -> str:
    return match[0] if _SGR.fullmatch(match[0]) else ""


def without_colour(line: str) -> str:
    """Return a cleaned line without colours as well."""
    return _SGR.sub("", line) if "\x1b" in line else line


class LineSplitter:
    """Turns chunks of bytes into cleaned lines; bytes that are not UTF-8 become U+FFFD."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that `chunk` completes."""
        *lines, self._rest = (self._rest + self._decoder.decode(chunk)).split("\n")
        if len(self._rest) > 8 * LONGEST_LINE:
            self._rest = self._rest[:LONGEST_LINE] + "…"
        return [clean(line) for line in lines]

    def end(self) -> list[str]:
        """Return the last line if it had no line break at its end."""
        rest, self._rest = self._rest + self._decoder.decode(b"", final=True), ""
        return [clean(rest)] if rest else []
