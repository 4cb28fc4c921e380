"""Copier's Jinja environment, made quick and observable, and its random functions made showable."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, wraps
from hashlib import sha512
from pathlib import Path
from typing import Any

from copier._jinja_ext import get_yield_context
from copier._types import Phase
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from wizard.engine.copier_adapter.bytecode import compile_text
from wizard.engine.recording import Recorder

STAND_IN = "<random secret>"
VARYING_NAMES = frozenset({"make_secret", "now"})
"""Variables whose value differs each time."""

_SEEDED_FILTERS = ("ans_random", "random_mac", "shuffle")
_VARYING_FILTERS = (*_SEEDED_FILTERS, "random", "strftime")

Matcher = Callable[[Path], bool]


class StandInText(str):
    """What the preview shows for a random text; a piece of it is still the whole."""

    __slots__ = ()

    def __getitem__(self, _key: object) -> StandInText:
        return self


class StandInNumber(int):
    """What the preview shows for a random number, which can be counted with."""

    def __str__(self) -> str:
        return STAND_IN


@dataclass(frozen=True)
class PlainText:
    """Stands in for the template of a text on one line with nothing to fill in, as most are."""

    text: str

    def render(self, *_args: object, **_variables: object) -> str:
        """Return the text."""
        return self.text


@dataclass
class Shared:
    """What all renderings of one open template have in common.

    Attributes:
        stand_ins: Whether random secrets are shown as ``<random secret>``.
        recorder: Where reads are noted.
        metadata: What is recorded as the project's origin, `_commit` before `_src_path`.
    """

    stand_ins: bool
    recorder: Recorder = field(default_factory=Recorder)
    metadata: dict[str, str] = field(default_factory=dict)
    _matchers: dict[tuple[str, ...], Matcher] = field(default_factory=dict)

    @cached_property
    def functions(self) -> dict[str, Callable[[], object]]:
        """Copier's two functions that templates may call, without its warnings.

        The clock stands still, so that all files of a project agree.
        """
        opened_at = datetime.now(tz=UTC)

        def make_secret() -> str:
            return StandInText(STAND_IN) if self.stand_ins else sha512(os.urandom(48)).hexdigest()

        return {"make_secret": make_secret, "now": lambda: opened_at}

    def matcher(
        self, patterns: tuple[str, ...], make: Callable[[tuple[str, ...]], Matcher]
    ) -> Matcher:
        """Return the function that tells which paths match, made once for equal patterns."""
        if patterns not in self._matchers:
            matches, known = make(patterns), dict[Path, bool]()

            def remembered(path: Path) -> bool:
                if path not in known:
                    known[path] = matches(path)
                return known[path]

            self._matchers[patterns] = remembered
        return self._matchers[patterns]


def prepare(environment: Environment, shared: Shared) -> None:
    """Make Copier's `environment` quick, and let it note what is read."""
    environment.auto_reload = False
    environment.cache = {}
    environment.context_class = _recording_context(shared.recorder)
    filters = environment.filters
    for name in _VARYING_FILTERS:
        filters[name] = _varying_filter(name, filters[name], shared)
    filters["hash"] = _keeping_stand_ins(filters["hash"])
    _memoise_from_string(environment)


def reset_yield(environment: Any) -> None:
    """Forget the loop of the last path; Jinja does so itself only when it compiles."""
    loop = get_yield_context(environment)
    loop.yield_name = loop.yield_iterable = None


def _recording_context(recorder: Recorder) -> type[Context]:
    """Return a class of Jinja contexts that note each variable that is looked up."""

    class RecordingContext(Context):
        def resolve_or_missing(self, key: str) -> Any:
            recorder.name(key)
            return super().resolve_or_missing(key)

    return RecordingContext


def _memoise_from_string(environment: Environment) -> None:
    """Compile each text once; Copier compiles the same ones again and again."""
    plain_from_string, compiled = environment.from_string, dict[str, Any]()
    marks = [
        environment.block_start_string,
        environment.variable_start_string,
        environment.comment_start_string,
        environment.line_statement_prefix or "\n",
        environment.line_comment_prefix or "\n",
        "\n",
        "\r",
    ]

    def from_string(source: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(source, str):
            raise TypeError("Not a text")  # as Jinja does, after looking at it for longer
        if args or kwargs:
            return plain_from_string(source, *args, **kwargs)
        reset_yield(environment)
        if source not in compiled:
            cache = environment.bytecode_cache
            if not any(mark in source for mark in marks):
                compiled[source] = PlainText(source)
            elif cache is None:
                compiled[source] = plain_from_string(source)
            else:
                compiled[source] = compile_text(cache, environment, source)
        return compiled[source]

    environment.from_string = from_string  # type: ignore[method-assign]


def _varying_filter(name: str, function: Callable[..., Any], shared: Shared) -> Callable[..., Any]:
    """Wrap a filter whose result differs each time, unless it is given a seed or a moment.

    It takes the context, so that Jinja does not work it out when it compiles the template.
    """
    wanted = str(getattr(function, "jinja_pass_arg", ""))

    @wraps(function)
    def noted(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
        fixed = kwargs.get("seed") is not None or (name == "strftime" and (args or kwargs))
        if not fixed:
            shared.recorder.varying()
            if shared.stand_ins and name in _SEEDED_FILTERS:
                if isinstance(value, int) and Phase.current() is not Phase.PROMPT:
                    return StandInNumber(0)
                # An answer has to be of its type, and the same whenever it is worked out.
                kwargs["seed"] = "preview"
        first = {
            "_PassArg.context": (context,),
            "_PassArg.environment": (context.environment,),
            "_PassArg.eval_context": (context.eval_ctx,),
        }.get(wanted, ())
        return function(*first, value, *args, **kwargs)

    return pass_context(noted)


def _keeping_stand_ins(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a filter so that the hash of a stand-in is a stand-in, not what looks like a secret."""

    @wraps(function)
    def kept(value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, StandInNumber | StandInText):
            return StandInText(STAND_IN)
        return function(value, *args, **kwargs)

    return kept
