"""Answers -> the form they give and the very files they would write.

Importing this imports Copier, which takes a quarter of a second: do it after the first frame.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from wizard.domain.answers import Answers
from wizard.domain.filetree import Entry, EntryKind, FileTree
from wizard.domain.questions import Form
from wizard.engine.blueprints import Blueprint
from wizard.engine.copier_adapter import Asked, OpenTemplate, Rendered, Source, Target
from wizard.engine.presentation import decorate, read_plan
from wizard.engine.recording import Variants
from wizard.errors import AnswerError, BlueprintError

ASKED_KEPT = 64
"""Sets of answers whose form and tree are kept."""

_NOWHERE = Path("/", ".scaffold-tui-preview")
"""A folder that does not exist: what is there cannot change a preview."""


@dataclass
class _Known:
    """What is known about one set of answers; the tree once it was wanted."""

    asked: Asked
    form: Form
    tree: FileTree | None = None


@dataclass(frozen=True)
class _Piece:
    """A rendered file, whether it differs each time, and the entries that were made of it.

    Trees share their entries: many trees of equal files are kept.
    """

    rendered: Rendered
    varies: bool
    entries: dict[tuple[str, frozenset[str]], Entry] = field(default_factory=dict)

    def entry(self, path: str, depends_on: frozenset[str]) -> Entry:
        """Return the entry for this file at `path`."""
        key = (path, depends_on)
        if key not in self.entries:
            made = self.rendered
            self.entries[key] = Entry(
                path, made.kind, made.content, made.mode, depends_on, self.varies
            )
        return self.entries[key]


class Previewer:
    """Works out forms and trees; any thread may call, one at a time is served.

    It keeps what it rendered with the values that were read on the way, so that another answer
    renders only the paths and files that depend on it. It never writes to the disk.

    Args:
        blueprint: The template.
        destination_name: Name of the project's folder, for templates that mention it.
        destination: The project's folder, for the writer; it need not exist.
        stand_ins: Whether random secrets are shown as ``<random secret>``; False to write them.

    Raises:
        BlueprintError: The template cannot be used.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        *,
        destination_name: str = "",
        destination: Path | None = None,
        stand_ins: bool = True,
    ) -> None:
        self._lock = threading.Lock()
        where = destination or _NOWHERE / (destination_name or "project")
        self._template = OpenTemplate(blueprint, where, stand_ins=stand_ins)
        self._plan = read_plan(self._template.presentation, blueprint.name)
        can_be_asked = filter(self._template.can_be_asked, self._template.question_names)
        self._shown = self._plan.placed | frozenset(can_be_asked)
        self._known: dict[tuple[tuple[str, str], ...], _Known] = {}
        self._targets: dict[Source, Variants[tuple[Target, ...]]] = {}
        self._pieces: dict[tuple[Source, str], Variants[_Piece]] = {}

    def form(self, answers: Answers) -> Form:
        """Return the questions as they stand; what is wrong with an answer stands in the question.

        Raises:
            BlueprintError: The template is broken.
        """
        with self._lock:
            return self._ask(answers).form

    def tree(self, answers: Answers) -> FileTree:
        """Return every file, link and folder that would be written.

        Raises:
            AnswerError: An answer is wrong, so nothing would be written.
            BlueprintError: The template is broken.
        """
        with self._lock:
            known = self._ask(answers)
            for question in known.asked.questions:
                if question.error and question.active:
                    raise AnswerError(question.name, question.error)
                if question.error:
                    raise BlueprintError(f"The template's {question.name}: {question.error}")
            if known.tree is None:
                known.tree = self._render(known.asked)
            return known.tree

    def kept_if_exists(self, answers: Answers) -> frozenset[str]:
        """Return the files that the template never writes over, such as one with secrets."""
        tree = self.tree(answers)
        with self._lock:
            asked = self._ask(answers).asked
            return frozenset(path for path in tree.files if asked.kept_if_exists(Path(path)))

    def close(self) -> None:
        """Remove what opening the template left behind; call it once, at the end."""
        with self._lock:
            self._template.close()

    def _ask(self, answers: Answers) -> _Known:
        key = tuple(sorted((name, repr(value)) for name, value in answers.items()))
        known = self._known.pop(key, None)
        if known is None:
            asked = self._template.ask(answers)
            shown = (
                decorate(
                    question, self._template.question_presentation(question.name), asked.render
                )
                for question in asked.questions
                if question.name in self._shown
            )
            known = _Known(asked, self._plan.form(shown))
        self._known[key] = known
        if len(self._known) > ASKED_KEPT:
            del self._known[next(iter(self._known))]
        return known

    def _render(self, asked: Asked) -> FileTree:
        entries: dict[str, Entry] = {}
        origins = _origins(asked, self._shown)
        depend = cache(partial(_depend, origins=origins))
        for source in asked.sources():
            path_reads, targets = self._where(asked, source)
            depends = depend(path_reads)
            for target in targets:
                if asked.excluded(target.path):
                    continue
                _add_folders(entries, target.folders, depends)
                if source.kind is EntryKind.FOLDER:
                    _add_folders(entries, (target.name,), depends)
                elif target.name not in entries or not asked.kept_if_exists(target.path):
                    reads, piece = self._what(asked, source, target)
                    entry = piece.entry(target.name, depends | depend(reads))
                    entries[target.name] = entry
        return FileTree(entries)

    def _where(self, asked: Asked, source: Source) -> tuple[frozenset[str], tuple[Target, ...]]:
        """Return the names that the path of `source` read, and where it goes."""
        variants = self._targets.setdefault(source, Variants())
        found = variants.find(asked.fingerprints)
        if found is None:
            with self._template.recorder.recording() as reads:
                targets = asked.targets(source)
            found = variants.keep(reads, asked.fingerprints, targets)
        return found.names, found.value

    def _what(self, asked: Asked, source: Source, target: Target) -> tuple[frozenset[str], _Piece]:
        """Return the names that the content of `source` read, and the content."""
        variants = self._pieces.setdefault((source, target.loop_text), Variants())
        found = variants.find(asked.fingerprints)
        if found is None:
            with self._template.recorder.recording() as reads:
                rendered = asked.render_source(source, target)
            reads.names -= target.loop.keys()
            varies = reads.varies or not reads.names.isdisjoint(asked.varying)
            found = variants.keep(reads, asked.fingerprints, _Piece(rendered, varies))
        return found.names, found.value


def _add_folders(
    entries: dict[str, Entry], folders: Iterable[str], depends: frozenset[str]
) -> None:
    for path in folders:
        if path not in entries:
            entries[path] = Entry(path, EntryKind.FOLDER, depends_on=depends)


def _origins(asked: Asked, shown: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return for each variable the questions that it stands for.

    A question of the form stands for itself; a computed value for what it was computed from;
    `_copier_answers` for all answers that are remembered.
    """
    origins: dict[str, frozenset[str]] = {}
    for question in asked.questions:
        if question.name in shown:
            origins[question.name] = frozenset({question.name})
        else:
            origins[question.name] = _depend(asked.reads[question.name], origins)
    origins["_copier_answers"] = _depend(asked.remembered, origins)
    return origins


def _depend(reads: frozenset[str], origins: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(origins[name] for name in reads if name in origins))
