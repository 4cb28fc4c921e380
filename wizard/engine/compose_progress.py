"""Reads what ``docker compose up`` and its like say about their progress.

Compose 2.29 and newer say it as JSON lines, older ones as text, and builds inside either of them
as BuildKit's text or as BuildKit's JSON (which older releases spread over several lines). Which
of these comes is the business of the installed release, so every line is looked at by itself.
"""

from __future__ import annotations

import base64
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wizard.engine.compose_events import BuildStep, Event, LogLine, Origin, Plan, Pull, Resource
from wizard.engine.compose_text import clean, without_colour

KEPT_OUTPUT = 20
"""Lines of output that are remembered of a build step, in case it fails."""

_BUILDKIT = re.compile(r"#(?P<id>\d+) (?P<rest>.*)")
_VERTEX = re.compile(r"\[(?P<name>[^\]]+)\] (?P<text>.+)")
_COUNTED = re.compile(r"(?:(?P<before>.+) )?(?P<step>\d+)/(?P<total>\d+)")
_OUTPUT = re.compile(r"\d+\.\d+ ?(?P<text>.*)")
_RESOURCE = re.compile(r"\s*(?P<kind>Container|Network|Volume|Image) (?P<name>\S+) +(?P<word>.+)")
_LAYER = re.compile(r"\s*(?P<id>[0-9a-f]{12}) (?P<text>[A-Z][a-z].*)")
_PULL = re.compile(
    r"\s*(?P<name>[\w.-]+) (?P<word>Pulling|Pulled|Skipped|Warning|Error)\b(?P<rest>.*)"
)
_LOGRUS = re.compile(r'time="[^"]*" level=(?P<level>\w+) msg="(?P<text>(?:[^"\\]|\\.)*)"')
_SIZES = re.compile(r"(?P<now>[\d.]+)(?P<now_unit>[kMGT]?B)/(?P<all>[\d.]+)(?P<all_unit>[kMGT]?B)")
_UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
_LAYER_DONE = ("Pull complete", "Already exists", "Download complete", "Verifying", "Done")
_WORDS = frozenset(
    (
        *("Creating", "Created", "Starting", "Started", "Waiting", "Healthy", "Running", "Exited"),
        *("Stopping", "Stopped", "Killing", "Killed", "Removing", "Removed", "Interrupted"),
        *("Recreate", "Recreating", "Recreated", "Restarting", "Restarted"),
        *("Pulling", "Pulled", "Building", "Built", "Skipped", "Warning", "Error"),
    )
)


@dataclass
class Step:
    """A step of a build and what it printed."""

    service: str
    stage: str = ""
    step: int = 0
    total: int = 0
    text: str = ""
    error: str = ""
    ended: bool = False
    output: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_OUTPUT))

    @property
    def title(self) -> str:
        """For example ``builder 3/7: RUN pip install .``."""
        counted = f"{self.step}/{self.total}" if self.total else ""
        place = " ".join(part for part in (self.stage, counted) if part)
        return f"{place}: {self.text}" if place else self.text


class ProgressReader:
    """Reads the output of one Compose command line by line.

    Attributes:
        messages: What Compose said apart from progress, oldest first: its errors and warnings.
        steps: The steps of all builds by BuildKit's id.
    """

    def __init__(self, plan: Plan) -> None:
        self.messages: list[str] = []
        self.steps: dict[str, Step] = {}
        self._plan = plan
        self._built = [service.name for service in plan.services if service.builds]
        self._block: list[str] = []
        self._layers: dict[str, int] = {}

    @property
    def failed_step(self) -> Step | None:
        """The build step that failed, None if none did."""
        return next((step for step in self.steps.values() if step.error), None)

    def read(self, lines: Iterable[str]) -> list[Event]:
        """Return what the next lines of output tell."""
        return [event for line in lines for event in self._read(line)]

    def _read(self, line: str) -> Iterator[Event]:
        if self._block or line == "{":
            self._block.append(line)
            if line == "}":
                text, self._block = "".join(self._block), []
                yield from self._json(text)
        elif line.startswith("{") and line.endswith("}"):
            yield from self._json(line)
        elif match := _BUILDKIT.fullmatch(line):
            yield from self._buildkit(match["id"], match["rest"])
        else:
            yield from self._text(without_colour(line))

    def _text(self, line: str) -> Iterator[Event]:
        if match := _RESOURCE.fullmatch(line):
            yield from self._resource(match["kind"], match["name"], match["word"].strip())
        elif match := _LAYER.fullmatch(line):
            yield self._layer("", match["id"], match["text"])
        elif match := _PULL.fullmatch(line):
            yield from self._pull(match["name"], match["word"], match["rest"].strip())
        elif match := _LOGRUS.fullmatch(line):
            yield from self._message(match["text"].replace('\\"', '"').replace("\\n", " "))
        elif line.strip():
            yield from self._message(line)

    def _message(self, text: str) -> Iterator[Event]:
        self.messages.append(text)
        yield LogLine("", text, Origin.COMPOSE)

    def _resource(self, kind: str, name: str, word: str) -> Iterator[Event]:
        name = name.strip('"')
        first = word.split(maxsplit=1)[0]
        if kind == "Image" and first in {"Pulling", "Pulled"}:
            yield from self._pull(name, first, "")
        else:
            yield Resource(kind.lower(), name, first if first in _WORDS else "Error")

    def _pull(self, name: str, word: str, rest: str) -> Iterator[Event]:
        if word in {"Error", "Warning"} and rest:
            self.messages.append(f"{name}: {rest}")
        for service in self._plan.services:
            if name in {service.name, service.image}:
                yield Pull(service.name, word)

    def _layer(self, parent: str, layer: str, text: str, percent: int | None = None) -> Pull:
        if text.startswith(_LAYER_DONE):
            percent = 100
        elif percent is None:
            percent = _percent(text)
        self._layers[layer] = max(percent or 0, self._layers.get(layer, 0))
        done = sum(each == 100 for each in self._layers.values())
        mean = sum(self._layers.values()) // len(self._layers)
        return Pull(parent, f"{done} of {len(self._layers)} layers", mean)

    def _buildkit(self, id_: str, rest: str) -> Iterator[Event]:
        if match := _VERTEX.fullmatch(rest):
            yield from self._announce(id_, match["name"], match["text"])
        elif (step := self.steps.get(id_)) is None:
            return
        elif rest.startswith(("DONE", "CACHED")):
            yield self._end(step, cached=rest.startswith("CACHED"))
        elif rest.startswith("ERROR: "):
            step.error = rest.removeprefix("ERROR: ")
        elif match := _OUTPUT.fullmatch(rest):
            yield from self._output(step, match["text"])

    def _announce(self, id_: str, name: str, text: str) -> Iterator[Event]:
        service, stage, number, total = self._place(name)
        known = self.steps.get(id_)
        if known and (known.service, known.ended) == (service, False):
            return
        self.steps[id_] = Step(service, stage, number, total, text)
        yield BuildStep(service, stage, number, total, text)

    def _place(self, name: str) -> tuple[str, str, int, int]:
        """Split ``app builder 3/7`` into service, stage, step and total.

        With a single image to build, some releases leave out the service.
        """
        number = total = 0
        if match := _COUNTED.fullmatch(name):
            name, number, total = match["before"] or "", int(match["step"]), int(match["total"])
        first, _, stage = name.partition(" ")
        if first in self._built:
            return first, stage, number, total
        return self._built[0] if len(self._built) == 1 else "", name, number, total

    def _end(self, step: Step, *, cached: bool) -> BuildStep:
        step.ended = True
        return BuildStep(
            step.service, step.stage, step.step, step.total, step.text, done=True, cached=cached
        )

    def _output(self, step: Step, text: str) -> Iterator[Event]:
        step.output.append(without_colour(text))
        yield LogLine(step.service, text, Origin.BUILD)

    def _json(self, text: str) -> Iterator[Event]:
        try:
            message = json.loads(text)
        except ValueError:
            yield from self._text(text)
            return
        if "vertexes" in message or "statuses" in message or "logs" in message:
            yield from self._raw_build(message)
        elif message.get("error") is True or "msg" in message:
            yield from self._message(str(message.get("message") or message.get("msg") or ""))
        elif message.get("tail"):
            yield from self._message(str(message.get("text", "")))
        elif "id" in message:
            yield from self._json_resource(message)

    def _json_resource(self, message: dict[str, object]) -> Iterator[Event]:
        name, parent = str(message["id"]), str(message.get("parent_id", ""))
        said = [str(message.get(key, "")) for key in ("text", "status", "details")]
        # Which of the keys holds the word changed twice between Compose 2.29 and 5.0.
        word = next((each for each in said if each.split(" ")[0] in _WORDS), "")
        percent = message.get("percent")
        if parent or re.fullmatch("[0-9a-f]{12}", name):
            known = percent if isinstance(percent, int) else None
            yield self._layer(self._owner(parent), name, " ".join(said), known)
        elif word:
            rest = " ".join(each for each in said if each not in {word, "Working", "Done"})
            yield from self._text(f" {name} {word} {rest}".rstrip())

    def _owner(self, name: str) -> str:
        image = name.removeprefix("Image ")
        owners = (s.name for s in self._plan.services if image in {s.name, s.image})
        return next(owners, "")

    def _raw_build(self, message: dict[str, list[dict[str, object]]]) -> Iterator[Event]:
        for vertex in message.get("vertexes") or ():
            yield from self._raw_vertex(vertex)
        for log in message.get("logs") or ():
            step = self.steps.get(str(log.get("vertex")))
            if step is not None:
                text = base64.b64decode(str(log.get("data", ""))).decode("utf-8", "replace")
                for line in text.splitlines():
                    yield from self._output(step, clean(line))

    def _raw_vertex(self, vertex: dict[str, object]) -> Iterator[Event]:
        id_ = str(vertex.get("digest"))
        match = _VERTEX.fullmatch(str(vertex.get("name", "")))
        if match is None or "started" not in vertex:
            return
        yield from self._announce(id_, match["name"], match["text"])
        step = self.steps[id_]
        if error := vertex.get("error"):
            step.error = str(error)
        elif "completed" in vertex and not step.ended:
            yield self._end(step, cached=bool(vertex.get("cached")))


def _percent(text: str) -> int | None:
    match = _SIZES.search(text)
    if match is None:
        return None
    whole = float(match["all"]) * _UNITS[match["all_unit"]]
    part = float(match["now"]) * _UNITS[match["now_unit"]]
    return min(99, int(100 * part / whole)) if whole else None
