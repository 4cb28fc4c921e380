"""The only module that knows Copier, private names included (9.19.x; tests hold them).

Copier can neither list a template's questions nor render into memory, so its `Worker` is
subclassed: everything is rendered by its own code, but what it is about to write is recorded
instead. Template and Jinja environment are shared between renderings, `from_string` is memoised,
and what each piece reads is recorded, so that a caller can keep what has not changed.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial, wraps
from hashlib import sha512
from pathlib import Path
from typing import Any, cast

import yaml
from copier._jinja_ext import get_yield_context
from copier._main import Worker, as_operation
from copier._settings import SettingsModel
from copier._template import Template
from copier._tools import scantree
from copier._types import MISSING, LazyDict, Phase
from copier._user_data import AnswersMap, parse_yaml_list
from copier._user_data import Question as CopierQuestion
from copier.errors import CopierError, CopierWarning, UnsafeTemplateError
from jinja2 import Environment, TemplateError, pass_context
from jinja2.runtime import Context

from wizard.domain.answers import Answers
from wizard.domain.filetree import EntryKind
from wizard.domain.questions import Choice, Kind, Question
from wizard.engine import wording
from wizard.engine.blueprints import Blueprint
from wizard.engine.recording import Reads, Recorder
from wizard.errors import BlueprintError

NEVER_WRITTEN = ".[gG][iI][tT]"
"""A template must never write below `.git`; Copier's own exclusion goes once `_exclude` is set."""

STAND_IN = "<random secret>"
ANSWERS_FILE = "(answers file)"
"""A name that cannot be a variable's, for what every path depends on: the answers file's path."""

_VARYING_NAMES = frozenset({"make_secret", "now"})
_VARYING_CONF = frozenset({"src_path", "dst_path"})
_VARYING_FILTERS = ("ans_random", "random", "random_mac", "shuffle", "strftime")
_TEMPLATE_FAULTS = (CopierError, TemplateError, ValueError, TypeError, KeyError, OSError)


class _StandInText(str):
    """What the preview shows for a random text; a piece of it is still the whole."""

    __slots__ = ()

    def __getitem__(self, _key: object) -> _StandInText:
        return self


class _StandInNumber(int):
    """What the preview shows for a random number, which can be counted with."""

    def __str__(self) -> str:
        return STAND_IN


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


@dataclass(frozen=True)
class Rendered:
    """What Copier would write for one file or link; `mode` is 0 for a link."""

    kind: EntryKind
    content: bytes
    mode: int


class _RecordedConf(LazyDict[str, Any]):
    """`_copier_conf`, noting when something is read that differs between machines."""

    def __init__(self, conf: Mapping[str, Any], recorder: Recorder) -> None:
        super().__init__({key: partial(conf.__getitem__, key) for key in conf})
        self._recorder = recorder

    def __getitem__(self, key: str) -> Any:
        if key in _VARYING_CONF:
            self._recorder.varying()
        return super().__getitem__(key)


class _Renderer(Worker):
    """Copier's worker under one set of answers, which records instead of writing."""

    opened: OpenTemplate
    caught: Rendered | None
    frozen: dict[str, Any] | None

    @property
    def answers_relpath(self) -> Path:
        """The answers file's path, worked out once instead of once a path."""
        known = cast(Path | None, self.__dict__.get("_answers_relpath"))
        if known is None:
            known = cast(property, Worker.answers_relpath).__get__(self)
            if self.frozen is not None:
                self.__dict__["_answers_relpath"] = known
        return known

    def freeze(self) -> None:
        """Work out the render context once and for all: the answers are complete."""
        fresh = self._render_context()
        self.frozen = {}
        path = self.answers_relpath
        self.frozen = {**fresh, "_copier_conf": _RecordedConf(fresh["_copier_conf"], self.recorder)}
        self.__dict__["_answers_relpath"] = path

    @property
    def recorder(self) -> Recorder:
        """Where reads are noted."""
        return self.opened.recorder

    def _render_context(self) -> Any:
        if self.frozen:
            return dict(self.frozen)
        return {**super()._render_context(), **self.opened.functions}

    def _answers_to_remember(self) -> Mapping[str, Any]:
        remembered = dict(super()._answers_to_remember())
        own = {key: remembered.pop(key, None) for key in ("_commit", "_src_path")}
        own |= self.opened.metadata
        return {key: value for key, value in own.items() if value is not None} | remembered

    def _external_data(self) -> LazyDict[str, Any]:
        lazy = super()._external_data()

        def load(name: str) -> Any:
            with _quiet():
                return lazy[name]

        return LazyDict({name: partial(load, name) for name in self.template.external_data})

    def _path_matcher(self, patterns: Any) -> Callable[[Path], bool]:
        return self.opened.matcher(tuple(patterns), super()._path_matcher)

    def _render_allowed(
        self,
        dst_relpath: Path,
        is_dir: bool = False,
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

    def __init__(self, renderer: _Renderer, asked: Mapping[str, tuple[Question, Reads]]) -> None:
        self._renderer = renderer
        self.questions = tuple(question for question, _ in asked.values())
        self.reads = {name: frozenset(reads.names) for name, (_, reads) in asked.items()}
        varying = set(_VARYING_NAMES)
        for name, (question, reads) in asked.items():
            if not question.given and (reads.varies or reads.names & varying):
                varying.add(name)
        self.varying = frozenset(varying)
        context = renderer._render_context()
        self.fingerprints = {
            name: repr(value) for name, value in context.items() if name not in _VARYING_NAMES
        }
        self.fingerprints["_copier_conf"] = repr(renderer.data)
        self.fingerprints[ANSWERS_FILE] = str(renderer.answers_relpath)

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
            root = self._renderer.template_copy_root
            return self._renderer.opened.scan(root)
        except _TEMPLATE_FAULTS as error:
            raise _broken(error) from error

    @as_operation("copy")
    def targets(self, source: Source) -> tuple[Target, ...]:
        """Return where `source` goes: nowhere, to one place, or in a loop to several.

        Excluded paths are among them.
        """
        self._renderer.recorder.name(ANSWERS_FILE)
        try:
            found = list(self._renderer._render_path(source.path))
        except _TEMPLATE_FAULTS as error:
            raise _broken(error, source.path) from error
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
        _reset_yield(renderer.jinja_env)
        path = (renderer.template_copy_root / source.path).relative_to(
            renderer.template.local_abspath
        )
        renderer.caught = None
        try:
            if source.kind is EntryKind.LINK:
                renderer._render_symlink(path, target.path)
            else:
                renderer._render_file(path, target.path, extra_context=dict(target.loop))
        except _TEMPLATE_FAULTS as error:
            raise _broken(error, source.path) from error
        if renderer.caught is None:  # pragma: no cover - a new Copier that writes by another way
            raise BlueprintError("This version of Copier is not supported; install 9.19.")
        return renderer.caught


class OpenTemplate:
    """A template that is open for asking and rendering, until `close`; for one thread at a time.

    Args:
        blueprint: Where it is.
        destination: The folder the project will be in; it is not touched.
        stand_ins: Whether random secrets are shown as ``<random secret>``.

    Raises:
        BlueprintError: It cannot be read, or wants to run commands or code of its own.
    """

    def __init__(self, blueprint: Blueprint, destination: Path, *, stand_ins: bool) -> None:
        self.recorder = Recorder()
        self._destination = destination
        self._stand_ins = stand_ins
        self._matchers: dict[tuple[str, ...], Callable[[Path], bool]] = {}
        self._scans: dict[Path, tuple[Source, ...]] = {}
        self._template = Template(url=str(blueprint.root))
        if blueprint.builtin:
            self._template.__dict__["vcs"] = None
        try:
            with _quiet(), contextlib.redirect_stderr(None):
                self.metadata = self._metadata(blueprint)
                self._environment = self._prepared(self._renderer({}))
        except UnsafeTemplateError as error:
            self.close()
            raise BlueprintError(
                f"{blueprint.root} wants to run commands or code of its own, which scaffold-tui "
                "does not do; use “copier copy --trust” for it."
            ) from error
        except (*_TEMPLATE_FAULTS, yaml.YAMLError) as error:
            self.close()
            raise BlueprintError(
                f"The template {blueprint.root} cannot be read: {wording.sentence(str(error))}"
            ) from error

    def _metadata(self, blueprint: Blueprint) -> dict[str, str]:
        if blueprint.builtin:
            return {"_commit": f"v{blueprint.version}", "_src_path": blueprint.source}
        return dict(self._template.metadata)

    @property
    def presentation(self) -> object:
        """What the template says for the wizard alone: its top-level `_scaffold_tui`."""
        return self._template.config_data.get("scaffold_tui")

    def question_presentation(self, name: str) -> object:
        """What the template says for the wizard alone about the question `name`."""
        return self._template.questions_data[name].get("_scaffold_tui")

    def close(self) -> None:
        """Remove the clone that Copier makes of a template under git."""
        self._template._cleanup()

    @cached_property
    def functions(self) -> dict[str, Callable[[], object]]:
        """Copier's two functions that templates may call, without its warnings.

        In a preview the secret is a stand-in; the clock stands still, so that files agree.
        """
        opened_at = datetime.now(tz=UTC)

        def make_secret() -> str:
            return _StandInText(STAND_IN) if self._stand_ins else sha512(os.urandom(48)).hexdigest()

        return {"make_secret": make_secret, "now": lambda: opened_at}

    def matcher(
        self, patterns: tuple[str, ...], make: Callable[[tuple[str, ...]], Callable[[Path], bool]]
    ) -> Callable[[Path], bool]:
        """Return the function that tells which paths match, made once for equal patterns."""
        if patterns not in self._matchers:
            matches, known = make(patterns), dict[Path, bool]()

            def remembered(path: Path) -> bool:
                if path not in known:
                    known[path] = matches(path)
                return known[path]

            self._matchers[patterns] = remembered
        return self._matchers[patterns]

    def scan(self, root: Path) -> tuple[Source, ...]:
        """Return what is below `root`; read once, a template does not change while it is open."""
        if root not in self._scans:
            follow = not self._template.preserve_symlinks
            self._scans[root] = tuple(
                Source(Path(found.path).relative_to(root), self._kind(found, follow))
                for found in scantree(str(root), follow)
            )
        return self._scans[root]

    def _kind(self, found: os.DirEntry[str], follow: bool) -> EntryKind:
        if found.is_symlink():
            if not follow:
                return EntryKind.LINK
            if not Path(found.path).resolve().is_relative_to(self._template.local_abspath):
                raise ValueError(f"“{found.name}” is a link that leads out of the template.")
        return EntryKind.FOLDER if found.is_dir(follow_symlinks=follow) else EntryKind.FILE

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
            return Asked(renderer, asked)

    def _renderer(self, data: dict[str, object]) -> _Renderer:
        renderer = _Renderer(
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
        renderer.opened, renderer.caught, renderer.frozen = self, None, None
        renderer.__dict__["template"] = self._template
        if "_environment" in self.__dict__:
            renderer.__dict__["jinja_env"] = self._environment
        return renderer

    def _prepared(self, renderer: _Renderer) -> Any:
        """Return Copier's Jinja environment, made quick and observable."""
        renderer._check_unsafe("copy")
        environment = renderer.jinja_env
        environment.auto_reload = False
        environment.cache = {}
        environment.context_class = _recording_context(self.recorder)
        for name in _VARYING_FILTERS:
            environment.filters[name] = self._varying_filter(name, environment.filters[name])
        environment.filters["hash"] = _keeping_stand_ins(environment.filters["hash"])
        _memoise_from_string(environment)
        return environment

    def _varying_filter(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a filter whose result differs each time, unless it is given a seed or a moment.

        It takes the context, so that Jinja does not work it out when it compiles the template.
        """
        wanted = str(getattr(function, "jinja_pass_arg", ""))

        @pass_context
        @wraps(function)
        def noted(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
            fixed = kwargs.get("seed") is not None or (name == "strftime" and (args or kwargs))
            if not fixed:
                self.recorder.varying()
                if self._stand_ins and name == "ans_random" and isinstance(value, int):
                    return _StandInNumber(0)
            first = {
                "_PassArg.context": (context,),
                "_PassArg.environment": (context.environment,),
                "_PassArg.eval_context": (context.eval_ctx,),
            }.get(wanted, ())
            return function(*first, value, *args, **kwargs)

        # `wraps` has copied the wrapped filter's own mark over that of `pass_context`.
        return pass_context(noted)

    def _walk(self, renderer: _Renderer) -> dict[str, tuple[Question, Reads]]:
        renderer.answers = AnswersMap(
            init=dict(renderer.data),
            metadata=dict(self.metadata),
            external=renderer._external_data(),
        )
        asked = {}
        for name, details in self._template.questions_data.items():
            with self.recorder.recording() as reads:
                question = _ask(renderer, name, details)
            asked[name] = (question, reads)
        return asked


def _ask(renderer: _Renderer, name: str, details: Mapping[str, Any]) -> Question:
    """Return the state of one question, and enter its value into the answers.

    Whatever a template's code raises ends up in the question's `error`.
    """
    answers = renderer.answers
    try:
        question = CopierQuestion(
            answers=answers,
            context=renderer._render_context(),
            jinja_env=renderer.jinja_env,
            settings=renderer.settings,
            var_name=name,
            **details,
        )
        facts = _facts(question)
        raw = answers.init.pop(name, MISSING)
        active = question.get_when() and (raw is not MISSING or question.get_ask())
        if not question.get_when():
            answers.hide(name)
        default, error = _default(question)
    except Exception as fault:  # noqa: BLE001 - a template's filters may raise anything
        return Question(name, error=f"The template's question is broken: {_said(fault)}")
    value = default
    given = raw is not MISSING
    if given:
        answers.init[name] = raw
        value, error = _judged(question, facts, raw)
    if value is not MISSING:
        answers.user[name] = value
    elif active:
        error = "It has no default: answer it."
    return Question(
        **facts,
        value=None if value is MISSING else value,
        default=None if default is MISSING else default,
        given=given,
        active=active,
        error=error,
        suggestion=_suggestion(question, facts, value, error) if error else "",
    )


def _facts(question: CopierQuestion) -> dict[str, Any]:
    """Return what a question is, apart from its value, as arguments of `Question`."""
    choices = tuple(
        Choice(
            label=str(choice.title),
            value=question.cast_answer(choice.value),
            disabled=wording.ruled_out(choice.disabled) if choice.disabled else "",
        )
        for choice in question._formatted_choices
    )
    return {
        "name": question.var_name,
        "kind": Kind(question.get_type_name()),
        "help": " ".join(str(question.render_value(question.help)).split()),
        "choices": choices,
        "multiselect": question.multiselect,
        "multiline": question.get_multiline(),
        "placeholder": str(question.get_placeholder()),
        "secret": question.secret,
    }


def _default(question: CopierQuestion) -> tuple[Any, str]:
    """Return the default, `MISSING` if there is none, and what is wrong with it."""
    try:
        return question.get_default(), ""
    except Exception as fault:  # noqa: BLE001 - a template's filters may raise anything
        error = wording.sentence(_said(fault))
    try:
        return question.cast_answer(question.render_value(question.default)), error
    except _TEMPLATE_FAULTS:
        return MISSING, error


def _judged(question: CopierQuestion, facts: Mapping[str, Any], raw: Any) -> tuple[Any, str]:
    """Return the value that the answer `raw` stands for, and what is wrong with it."""
    kind, choices = facts["kind"], facts["choices"]
    try:
        if isinstance(raw, str):
            raw.encode()
            if kind is Kind.BOOL and raw.strip().lower() not in wording.YES_OR_NO:
                return raw, f"“{raw}” is neither yes nor no."
            if question.multiselect:
                raw = parse_yaml_list(raw if raw.lstrip().startswith("[") else f"[{raw}]")
        if choices:
            for item in raw if question.multiselect else [raw]:
                value = question.cast_answer(item)
                if wrong := wording.wrong_choice(value, choices):
                    return raw if question.multiselect else value, wrong
        value = question.parse_answer(raw)
    except UnicodeEncodeError:
        return MISSING, "It contains bytes that are not text in UTF-8; type it again."
    except (*_TEMPLATE_FAULTS, yaml.YAMLError) as fault:
        return raw, wording.malformed(kind, raw) or wording.sentence(_said(fault))
    try:
        question.validate_answer(value)
    except ValueError as fault:
        return value, wording.sentence(str(fault))
    return value, ""


def _suggestion(question: CopierQuestion, facts: Mapping[str, Any], value: Any, error: str) -> str:
    """Return a value that would do, if the message or the choices lead to one."""
    idea = wording.proposal(error)
    if not idea and facts["choices"] and not question.multiselect:
        idea = wording.nearest_choice(value, facts["choices"])
    return idea if idea and not _judged(question, facts, idea)[1] else ""


def _recording_context(recorder: Recorder) -> type[Context]:
    """Return a class of Jinja contexts that note each variable that is looked up."""

    class RecordingContext(Context):
        def resolve_or_missing(self, key: str) -> Any:
            recorder.name(key)
            return super().resolve_or_missing(key)

    return RecordingContext


def _memoise_from_string(environment: Environment) -> None:
    """Compile each text once; Copier compiles the same ones again and again.

    Compiling also resets the context of `yield`, so that has to be done here.
    """
    compile_text, compiled = environment.from_string, dict[str, Any]()

    def from_string(source: Any, *args: Any, **kwargs: Any) -> Any:
        if args or kwargs or not isinstance(source, str):
            return compile_text(source, *args, **kwargs)
        _reset_yield(environment)
        if source not in compiled:
            compiled[source] = compile_text(source)
        return compiled[source]

    environment.from_string = from_string  # type: ignore[method-assign]


def _reset_yield(environment: Any) -> None:
    loop = get_yield_context(environment)
    loop.yield_name = loop.yield_iterable = None


def _keeping_stand_ins(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a filter so that the hash of a stand-in is a stand-in, not what looks like a secret."""

    @wraps(function)
    def kept(value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, _StandInNumber | _StandInText):
            return _StandInText(STAND_IN)
        return function(value, *args, **kwargs)

    return kept


def _inside(path: Path) -> Path:
    """Return `path` without detours.

    Raises:
        BlueprintError: It leads out of the project.
    """
    plain = Path(os.path.normpath(path))
    if plain.is_absolute() or ".." in plain.parts:
        raise BlueprintError(f"The template wants to write to “{path}”, outside of the project.")
    return plain


def _said(fault: BaseException) -> str:
    """Return the first lines of what an exception says, or its class if it says nothing."""
    return " ".join(re.split(r"\n\s*\n", str(fault))[0].split()) or type(fault).__name__


def _broken(fault: BaseException, path: Path | None = None) -> BlueprintError:
    if isinstance(fault, BlueprintError):
        return fault
    where = f"“{path.as_posix()}” of the template" if path else "The template"
    return BlueprintError(f"{where} cannot be rendered: {wording.sentence(_said(fault))}")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Copier's warnings off the screen: they are for a template's author."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CopierWarning)
        yield
