"""A template that is open for asking and rendering."""

# ruff: noqa: SLF001 - private names of Copier are what this package is for.

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import yaml
from copier._settings import SettingsModel
from copier._template import Template
from copier._tools import cast_to_bool
from copier._types import Phase
from copier._user_data import AnswersMap
from copier.errors import UnsafeTemplateError

from wizard.domain.answers import Answers
from wizard.domain.questions import Question
from wizard.engine.blueprints import Blueprint
from wizard.engine.copier_adapter.bytecode import user_cache
from wizard.engine.copier_adapter.environment import Shared, prepare
from wizard.engine.copier_adapter.faults import FAULTS, quiet, said
from wizard.engine.copier_adapter.questions import ask
from wizard.engine.copier_adapter.renderer import Asked, Renderer, Source, scan
from wizard.engine.recording import Reads, Recorder
from wizard.engine.wording import sentence
from wizard.errors import BlueprintError

NEVER_WRITTEN = ".[gG][iI][tT]"
"""A template must never write below `.git`; Copier's own exclusion goes once `_exclude` is set."""


class OpenTemplate:
    """A template, open until `close`; for one thread at a time.

    The user's own Copier settings are left aside: equal answers give equal files everywhere.

    Args:
        blueprint: Where it is.
        destination: The folder the project will be in; it is not touched.
        stand_ins: Whether random secrets are shown as ``<random secret>``.

    Raises:
        BlueprintError: It cannot be read, or wants to run commands or code of its own.
    """

    def __init__(self, blueprint: Blueprint, destination: Path, *, stand_ins: bool) -> None:
        self._shared = Shared(stand_ins)
        self._destination = destination
        self._scans: dict[Path, tuple[Source, ...]] = {}
        self._environment: Any = None
        self._template = Template(url=str(blueprint.root))
        if blueprint.builtin:
            self._template.__dict__["vcs"] = None  # else Copier starts git to find out
        try:
            with quiet(), contextlib.redirect_stderr(io.StringIO()):
                self._open(blueprint)
        except UnsafeTemplateError as error:
            self.close()
            raise BlueprintError(
                f"{blueprint.root} wants to run commands or code of its own, which scaffold-tui "
                "does not do; use “copier copy --trust” for it."
            ) from error
        except (*FAULTS, yaml.YAMLError) as error:
            self.close()
            raise BlueprintError(
                f"The template {blueprint.root} cannot be read: {sentence(said(error))}"
            ) from error

    def _open(self, blueprint: Blueprint) -> None:
        if blueprint.builtin:
            origin = {"_commit": f"v{blueprint.version}", "_src_path": blueprint.source}
        else:
            origin = dict(self._template.metadata)
        keys = [key for key in ("_commit", "_src_path") if key in origin]
        self._shared.metadata.update({key: origin[key] for key in keys})
        renderer = self._renderer({})
        renderer._check_unsafe("copy")
        self._environment = renderer.jinja_env
        prepare(self._environment, self._shared)
        if blueprint.builtin:
            self._environment.bytecode_cache = user_cache(self._environment)

    @property
    def recorder(self) -> Recorder:
        """Where reads are noted."""
        return self._shared.recorder

    @property
    def presentation(self) -> object:
        """What the template says for the wizard alone: its top-level `_scaffold_tui`."""
        return self._template.config_data.get("scaffold_tui")

    @property
    def question_names(self) -> tuple[str, ...]:
        """The names of all questions in order, computed values included."""
        return tuple(self._template.questions_data)

    def question_presentation(self, name: str) -> object:
        """What the template says for the wizard alone about the question `name`."""
        return self._template.questions_data[name].get("_scaffold_tui")

    def can_be_asked(self, name: str) -> bool:
        """Whether some answers let the question `name` be asked; else it is a computed value."""
        when = self._template.questions_data[name].get("when", True)
        environment = self._environment
        marks = (environment.variable_start_string, environment.block_start_string)
        is_rendered = isinstance(when, str) and any(mark in when for mark in marks)
        return is_rendered or cast_to_bool(when)

    def close(self) -> None:
        """Remove the clone that Copier makes of a template under git."""
        self._template._cleanup()

    def ask(self, answers: Answers) -> Asked:
        """Walk all questions under `answers`, whose unknown names are left out.

        An answer of a question that is not asked is left out too: it would beat the computed
        default. Which ones those are can change when one is left out, hence the loop.
        """
        data = {name: answers[name] for name in self._template.questions_data if name in answers}
        while True:
            renderer = self._renderer(data)
            with Phase.use(Phase.PROMPT):
                asked = self._walk(renderer)
            unasked = [name for name in data if not asked[name][0].active]
            if not unasked:
                break
            data = {name: value for name, value in data.items() if name not in unasked}
        renderer.answers.external = renderer._external_data()
        with Phase.use(Phase.RENDER):
            renderer.freeze()
            return Asked(renderer, asked, self._scan)

    def _walk(self, renderer: Renderer) -> dict[str, tuple[Question, Reads]]:
        renderer.answers = AnswersMap(
            init=dict(renderer.data),
            metadata=dict(self._shared.metadata),
            external=renderer._external_data(),
        )
        asked = {}
        for name, details in self._template.questions_data.items():
            with self.recorder.recording() as reads:
                question = ask(renderer, name, details)
            asked[name] = (question, reads)
        return asked

    def _scan(self, root: Path) -> tuple[Source, ...]:
        """Read the folder `root` once; a template does not change while it is open."""
        if root not in self._scans:
            follow = not self._template.preserve_symlinks
            self._scans[root] = scan(root, self._template.local_abspath, follow=follow)
        return self._scans[root]

    def _renderer(self, data: dict[str, object]) -> Renderer:
        renderer = Renderer(
            src_path=self._template.url,
            dst_path=self._destination,
            data=data,
            settings=SettingsModel(),
            exclude=(NEVER_WRITTEN,),
            cleanup_on_error=False,
            defaults=True,
            overwrite=True,
            quiet=True,
        )
        renderer.share(self._shared)
        renderer.__dict__["template"] = self._template
        if self._environment is not None:
            renderer.__dict__["jinja_env"] = self._environment
        return renderer
