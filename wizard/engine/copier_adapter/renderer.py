"""Copier's worker under one set of answers, recording what it would write."""

# ruff: noqa: SLF001 - private names of Copier are what this package is for.

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast

from copier._main import Worker, as_operation
from copier._tools import scantree
from copier._types import LazyDict

from wizard.domain.filetree import EntryKind
from wizard.domain.questions import Question
from wizard.engine.copier_adapter.environment import VARYING_NAMES, Shared, reset_yield
from wizard.engine.copier_adapter.faults import FAULTS, broken, quiet
from wizard.engine.recording import Reads, Recorder
from wizard.errors import BlueprintError

ANSWERS_FILE = "(answers file)"
"""A name that cannot be a variable's, for what every path depends on: the answers file's path."""

_VARYING_CONF = frozenset({"src_path", "dst_path"})


@dataclass(frozen=True)
class Source:
    """A file, folder or link of the template: its path below the folder that is copied."""

    path: Path
    kind: EntryKind


@dataclass(frozen=True)
class Target:
    """Where a source goes, and the loop variables that its path was rendered with."""

    path: Path
    loop: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def name(self) -> str:
        """The path with forward slashes."""
        return self.path.as_posix()

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """The folders that it is in, the innermost first, with forward slashes."""
        return tuple(folder.as_posix() for folder in self.path.parents)[:-1]

    @cached_property
    def loop_text(self) -> str:
        """A text that differs when a loop variable does."""
        return repr(self.loop)


@dataclass(frozen=True)
class Rendered:
    """What Copier would write for one file or link; `mode` is 0 for a link."""

    kind: EntryKind
    content: bytes
    mode: int


class _RecordedConf(LazyDict[str, Any]):
    """`_copier_conf`, noting what is read of it; paths differ between machines."""

    def __init__(self, conf: Mapping[str, Any], recorder: Recorder) -> None:
        super().__init__({key: partial(conf.__getitem__, key) for key in conf})
        self._recorder = recorder

    def __getitem__(self, key: str) -> Any:
        self._recorder.name(f"_copier_conf.{key}")
        if key in _VARYING_CONF:
            self._recorder.varying()
        return super().__getitem__(key)


class Renderer(Worker):
    """Copier's worker, which hands out what it would write.

    Attributes:
        shared: What it shares with the other renderings of the template.
        caught: What it would have written last.
    """

    shared: Shared
    caught: Rendered | None
    _frozen: dict[str, Any] | None
    _answers_path: Path | None

    def share(self, shared: Shared) -> None:
        """Complete the worker; its constructor is Copier's."""
        self.shared, self.caught, self._frozen, self._answers_path = shared, None, None, None

    @property
    def answers_relpath(self) -> Path:
        """The answers file's path, worked out once instead of several times a path."""
        return self._answers_path or cast(
            Path, cast(property, Worker.answers_relpath).__get__(self)
        )

    def freeze(self) -> None:
        """Work out the render context once and for all: the answers are complete."""
        self._answers_path = self.answers_relpath
        context = self._render_context()
        context["_copier_conf"] = _RecordedConf(context["_copier_conf"], self.shared.recorder)
        self._frozen = context

    def _render_context(self) -> Any:
        if self._frozen is not None:
            return dict(self._frozen)
        return {**super()._render_context(), **self.shared.functions}

    def _answers_to_remember(self) -> Mapping[str, Any]:
        remembered = super()._answers_to_remember()
        own = self.shared.metadata
        return own | {name: value for name, value in remembered.items() if name not in own}

    def _external_data(self) -> LazyDict[str, Any]:
        lazy = super()._external_data()

        def load(name: str) -> Any:
            with quiet():
                return lazy[name]

        return LazyDict({name: partial(load, name) for name in self.template.external_data})

    def _path_matcher(self, patterns: Any) -> Callable[[Path], bool]:
        return self.shared.matcher(tuple(patterns), super()._path_matcher)

    def _render_allowed(
        self,
        dst_relpath: Path,  # noqa: ARG002 - the signature is Copier's
        is_dir: bool = False,  # noqa: ARG002
        is_symlink: bool = False,
        expected_contents: bytes | Path = b"",
        expected_mode: int | None = None,
        **_: Any,
    ) -> bool:
        kind = EntryKind.LINK if is_symlink else EntryKind.FILE
        content = os.fsencode(expected_contents)
        self.caught = Rendered(kind, content, stat.S_IMODE(expected_mode or 0))
        return False


class Asked:
    """A template under one set of answers: its questions, and the means to render it.

    Attributes:
        questions: All questions in order, those that are computed and never asked included.
        reads: Question -> what its condition, default and texts read.
        fingerprints: Variable -> text that differs when its value does.
        varying: The variables whose value differs each time.
    """

    def __init__(
        self,
        renderer: Renderer,
        asked: Mapping[str, tuple[Question, Reads]],
        scan: Callable[[Path], tuple[Source, ...]],
    ) -> None:
        self._renderer = renderer
        self._scan = scan
        self.questions = tuple(question for question, _ in asked.values())
        self.reads = {name: frozenset(reads.names) for name, (_, reads) in asked.items()}
        self.varying = _varying(asked)
        self.fingerprints = {
            name: repr(value)
            for name, value in renderer._render_context().items()
            if name not in VARYING_NAMES
        }
        self.fingerprints |= {
            "_copier_conf": "",  # what matters is what is read of it
            "_copier_conf.data": repr(renderer.data),
            "_copier_conf.answers_file": str(renderer.answers_relpath),
            ANSWERS_FILE: str(renderer.answers_relpath),
        }

    @property
    def remembered(self) -> frozenset[str]:
        """The names of the answers that go into the answers file."""
        return frozenset(self._renderer._answers_to_remember()) & self.reads.keys()

    def render(self, text: str) -> str:
        """Render a short text of the template under these answers."""
        return self._renderer._render_string(text)

    @as_operation("copy")
    def sources(self) -> tuple[Source, ...]:
        """Return what there is to render, in the order in which Copier comes across it."""
        try:
            return self._scan(self._renderer.template_copy_root)
        except FAULTS as error:
            raise broken(error) from error

    @as_operation("copy")
    def targets(self, source: Source) -> tuple[Target, ...]:
        """Return where `source` goes: nowhere, to one place, or in a loop to several.

        Excluded paths are among them.
        """
        self._renderer.shared.recorder.name(ANSWERS_FILE)
        try:
            found = list(self._renderer._render_path(source.path))
        except FAULTS as error:
            raise broken(error, source.path) from error
        return tuple(Target(_inside(path), dict(loop or {})) for path, loop in found)

    @as_operation("copy")
    def excluded(self, path: Path) -> bool:
        """Whether the template excludes `path` from the project."""
        return self._renderer.match_exclude(path)

    @as_operation("copy")
    def kept_if_exists(self, path: Path) -> bool:
        """Whether the template wants an existing file at `path` left alone, always."""
        return self._renderer.match_skip(path)

    @as_operation("copy")
    def render_source(self, source: Source, target: Target) -> Rendered:
        """Return what Copier would write for `source`, which is no folder, at `target`."""
        renderer = self._renderer
        reset_yield(renderer.jinja_env)
        root = renderer.template_copy_root.relative_to(renderer.template.local_abspath)
        renderer.caught = None
        try:
            if source.kind is EntryKind.LINK:
                renderer._render_symlink(root / source.path, target.path)
            else:
                renderer._render_file(root / source.path, target.path, dict(target.loop))
        except FAULTS as error:
            raise broken(error, source.path) from error
        if renderer.caught is None:
            raise BlueprintError("This version of Copier is not supported; install copier 9.19.")
        return renderer.caught


def scan(root: Path, template: Path, *, follow: bool) -> tuple[Source, ...]:
    """Return what is below `root`, a folder of `template`, folders before what is in them.

    Args:
        root: The folder that is copied.
        template: The template's folder.
        follow: Whether what a link leads to is copied instead of the link.

    Raises:
        ValueError: A link that is followed leads out of the template.
    """
    found = []
    for entry in list(scantree(str(root), follow)):
        path = Path(entry.path)
        if entry.is_symlink() and not follow:
            kind = EntryKind.LINK
        elif entry.is_symlink() and not path.resolve().is_relative_to(template):
            raise ValueError(f"“{entry.name}” is a link that leads out of the template")
        else:
            is_folder = entry.is_dir(follow_symlinks=follow)
            kind = EntryKind.FOLDER if is_folder else EntryKind.FILE
        found.append(Source(path.relative_to(root), kind))
    return tuple(found)


def _varying(asked: Mapping[str, tuple[Question, Reads]]) -> frozenset[str]:
    """Return the variables that hold random values, or what was made from them."""
    varying = set(VARYING_NAMES)
    for name, (question, reads) in asked.items():
        if not question.given and (reads.varies or reads.names & varying):
            varying.add(name)
    return frozenset(varying)


def _inside(path: Path) -> Path:
    """Return `path` without detours.

    Raises:
        BlueprintError: It leads out of the project.
    """
    plain = Path(os.path.normpath(path))
    if plain.is_absolute() or ".." in plain.parts:
        raise BlueprintError(f"The template wants to write to “{path}”, outside of the project.")
    return plain
