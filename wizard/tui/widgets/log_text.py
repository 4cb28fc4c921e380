"""Log lines made readable: of JSON the time, level and message are shown, then the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from rich.style import Style
from rich.text import Text

from wizard.engine.compose_events import LogLine, Origin
from wizard.engine.compose_text import clean

_TIMES = ("timestamp", "time", "ts", "@timestamp", "asctime")
_LEVELS = ("level", "levelname", "severity")
_MESSAGES = ("message", "msg", "event")
_NOISE = ("logger", "name")
_TRACEBACKS = ("exception", "exc_info", "stack", "traceback")


class Looks(NamedTuple):
    """The styles that depend on the theme.

    Attributes:
        aside: What is less important.
        warning: A level between information and error.
        error: A level from error on.
    """

    aside: Style
    warning: Style
    error: Style

    def of_level(self, level: str) -> Style:
        """Return how a level in capital letters looks."""
        if level in {"ERROR", "CRITICAL", "FATAL"}:
            return self.error
        return self.warning if level.startswith("WARN") else self.aside


def with_tracebacks(lines: Iterable[LogLine]) -> Iterator[LogLine]:
    """Return `lines`, each JSON line that holds a traceback followed by that, line by line."""
    for line in lines:
        yield line
        if line.origin is Origin.CONTAINER and line.text.startswith("{") and "\\n" in line.text:
            record = _record(line.text) or {}
            for text in str(_first(record, _TRACEBACKS) or "").splitlines():
                yield replace(line, text=f"    {clean(text)}")


def readable(text: str, looks: Looks) -> Text:
    """Return a cleaned log line with its colours; a JSON object with a message becomes short."""
    record = _record(text) if text.startswith("{") else None
    message = _first(record, _MESSAGES) if record else None
    if record is None or message is None:
        return Text.from_ansi(text) if "\x1b" in text else Text(text)
    level = str(_first(record, _LEVELS) or "").upper()
    line = Text()
    if time := _time(_first(record, _TIMES)):
        line.append(f"{time} ", looks.aside)
    if level:
        line.append(f"{level:<7} ", looks.of_level(level))
    line.append(clean(str(message).replace("\n", " ")))
    shown = {*_TIMES, *_LEVELS, *_MESSAGES, *_TRACEBACKS, *_NOISE}
    for name, value in record.items():
        if name not in shown and not _said(value, str(message)):
            line.append(f"  {clean(name)}=", looks.aside)
            line.append(clean(value if isinstance(value, str) else json.dumps(value)))
    return line


def _record(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _first(record: Mapping[str, Any], names: Iterable[str]) -> object:
    return next((record[name] for name in names if record.get(name)), None)


def _time(value: object) -> str:
    """Return the time of day of an ISO 8601 time; empty for other ways of telling the time."""
    text = str(value or "")
    return text[11:19] if len(text) >= 19 and text[10] in "T " and text[13] == ":" else ""


def _said(value: object, message: str) -> bool:
    """Whether the message says the value already, as in ``GET /items 200``."""
    return isinstance(value, str | int) and f" {value} " in f" {message} "
