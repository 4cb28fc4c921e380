"""A template that does everything a template may, and what plain Copier makes of a template."""

from __future__ import annotations

import os
import stat
import subprocess
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import copier
import copier._main
import pytest

from wizard.domain.filetree import EntryKind, FileTree

COPIER_YML = """\
_subdirectory: "{{ 'odd' if flavour == 'odd' else 'tpl' }}"
_preserve_symlinks: true
_answers_file: ".answers-{{ slug }}.yml"
_exclude:
  - "*.skip"
  - "{% if not extras %}only-with-extras{% endif %}"
_skip_if_exists: ["keep*.txt"]
_external_data:
  other: "{{ slug }}-other.yml"
_scaffold_tui:
  title: Torture
  steps:
    - {id: one, title: One, help: First., questions: [name, slug, flavour]}
    - {id: two, title: Two, questions: [extras, extra_note, parts, tags, count]}

name: {type: str, default: "Ä project"}
slug:
  type: str
  default: "{{ name|lower|regex_replace('[^a-z]+', '-') }}"
  validator: "{% if not slug %}A slug is needed; try “x-slug”.{% endif %}"
module: {type: str, when: false, default: "{{ slug|replace('-', '_') }}"}
flavour:
  type: str
  default: plain
  choices:
    Plain: plain
    Odd: odd
    Only with extras:
      value: rich
      validator: "{% if extras is defined and not extras %}Rich needs the extras.{% endif %}"
  _scaffold_tui:
    label: Which flavour
    options:
      plain: {summary: Nothing special., docs: "https://example.org/plain"}
extras: {type: bool, default: false}
extra_note:
  type: str
  default: "{{ name }} has extras"
  when: "{{ extras }}"
  _scaffold_tui: {skipped: "Switch the extras on to write a note for {{ name }}."}
parts: {type: yaml, default: "[1, two, 'th ree']"}
tags: {type: str, multiselect: true, choices: [red, green, blue], default: [red]}
count: {type: int, default: 3}
ratio: {type: float, default: 0.5}
token: {type: str, secret: true, default: s3cret}
lucky: {type: int, when: false, default: "{{ 1000000|ans_random }}"}
"""

FILES: Mapping[str, bytes] = {
    "tpl/{{ _copier_conf.answers_file }}.jinja": b"# answers\n{{ _copier_answers|to_nice_yaml }}",
    "tpl/plain.txt": b"{{ not rendered }}\r\n",
    "tpl/binary.bin": bytes(range(256)) * 3,
    "tpl/run.sh": b"#!/bin/sh\n",
    "tpl/run-{{ slug }}.sh.jinja": b"#!/bin/sh\necho {{ name }}\n",
    "tpl/private.key": b"k",
    "tpl/src/{{ module }}/__init__.py.jinja": b'"""{{ name }}"""\n{{ module }} = {{ count + 1 }}',
    "tpl/{% if extras %}extras{% endif %}/deep/note.txt.jinja": b"{{ extra_note }}\n\n\n",
    "tpl/only-with-extras/x/y.txt": b"y",
    "tpl/{% yield n from parts %}part-{{ n }}{% endyield %}.txt.jinja": b"{{ n }} of {{ parts }}",
    "tpl/{% yield t from tags %}dir-{{ t }}{% endyield %}/in-{{ t }}.md.jinja": b"{{ t }}{{ slug}}",
    "tpl/\u00fcn\u00ef \u2603/{{ name }}.txt.jinja": "☃ {{ name }} {{ flavour }}\n".encode(),
    "tpl/ignored.skip": b"never",
    "tpl/sub/.GIT/hooks/evil": b"never",
    "tpl/sibling.txt": b"the plain one",
    "tpl/sibling.txt.jinja": b"the template {{ ratio }}",
    "tpl/keep-a.txt": b"first or second",
    "tpl/{{ 'keep-a' }}.txt": b"second or first",
    "tpl/included.txt.jinja": b"{% include 'partials/a.txt' %}|{% include 'partials/' ~ flavour %}"
    b"|{% from 'partials/macros.jinja' import shout %}{{ shout(name) }}",
    "tpl/lines.txt.jinja": b"{% for t in tags %}\r\n- {{ t }}\r\n{% endfor %}"
    b"{% set x = slug %}{{ x }}",
    "tpl/machine.txt.jinja": b"{{ _copier_conf.os }}{{ _copier_conf.sep }}{{ _copier_phase }}"
    b"{{ _folder_name }}{{ _copier_conf.data|to_json }}{{ _external_data.other|length }}",
    "tpl/place.txt.jinja": b"{{ _copier_conf.dst_path }}",
    "tpl/secret.txt.jinja": b"{{ make_secret() }} {{ count|ans_random|hash('sha256') }}",
    "tpl/lucky.txt.jinja": b"{{ lucky }}",
    "tpl/seeded.txt.jinja": b"{{ 1000|ans_random(seed=slug) }} {{ '%Y'|strftime(0) }}",
    "tpl/empty.txt.jinja": b"",
    "odd/{{ _copier_conf.answers_file }}.jinja": b"{{ _copier_answers|to_nice_yaml }}",
    "odd/just-{{ flavour }}.txt.jinja": b"{{ name }}",
    "partials/a.txt": b"A{% if extras %}+{{ ratio }}{% endif %}",
    "partials/plain": b"p {{ count }}",
    "partials/rich": b"r {{ extra_note }}",
    "partials/macros.jinja": b"{% macro shout(text) %}{{ text|upper }}!{% endmacro %}",
}
LINKS = {
    "tpl/link": "plain.txt",
    "tpl/dangling": "no/where",
    "tpl/to-{{ slug }}.jinja": "{{ module }}.py",
}
FOLDERS = ("tpl/nothing/in/here", "tpl/{% if flavour == 'rich' %}rich{% endif %}/empty")
MODES = {"tpl/run.sh": 0o755, "tpl/run-{{ slug }}.sh.jinja": 0o775, "tpl/private.key": 0o400}

VARYING = {"place.txt", "secret.txt", "lucky.txt"}
"""Files of the template above that differ each time, if the answers give them."""


@pytest.fixture(scope="session")
def torture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with loops in paths, links, empty folders, binaries, modes and much more."""
    root = tmp_path_factory.mktemp("torture")
    (root / "copier.yml").write_text(COPIER_YML, "utf-8")
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
        (root / path).chmod(MODES.get(path, 0o644))
    for path, target in LINKS.items():
        (root / path).symlink_to(target)
    for path in FOLDERS:
        (root / path).mkdir(parents=True)
    return root


CopyWith = Callable[[Path, Path, Mapping[str, object]], None]


@pytest.fixture
def plain_copy(monkeypatch: pytest.MonkeyPatch) -> CopyWith:
    """Copier's own `run_copy`; without its look at git for every file, which takes long."""
    monkeypatch.setattr(copier._main, "is_git_available", lambda: False)

    def copy(template: Path, destination: Path, answers: Mapping[str, object]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            copier.run_copy(
                str(template),
                destination,
                data=dict(answers),
                defaults=True,
                overwrite=True,
                quiet=True,
                exclude=[".[gG][iI][tT]"],
            )

    return copy


Contents = dict[str, tuple[EntryKind, int, bytes]]


def on_disk(folder: Path) -> Contents:
    """Return path -> (kind, mode, bytes) of everything below `folder`."""
    found: Contents = {}
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(place, name)
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink():
                found[relative] = (EntryKind.LINK, 0, os.fsencode(path.readlink()))
            elif path.is_dir():
                found[relative] = (EntryKind.FOLDER, 0, b"")
            else:
                mode = stat.S_IMODE(path.stat().st_mode)
                found[relative] = (EntryKind.FILE, mode, path.read_bytes())
    return found


def of_tree(tree: FileTree) -> Contents:
    """Return the same of a tree."""
    return {path: (entry.kind, entry.mode, entry.content) for path, entry in tree.items()}


@pytest.fixture(name="on_disk", scope="session")
def on_disk_fixture() -> Callable[[Path], Contents]:
    """The function `on_disk`."""
    return on_disk


@pytest.fixture(name="of_tree", scope="session")
def of_tree_fixture() -> Callable[[FileTree], Contents]:
    """The function `of_tree`."""
    return of_tree


@pytest.fixture(scope="session")
def run_git(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs git in a folder, as somebody with a name and an address."""
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text(
        "[user]\nname = Test\nemail = test@example.org\n[init]\ndefaultBranch = trunk\n"
    )

    def run(folder: Path, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env={**os.environ, "GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_NOSYSTEM": "1"},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    return run
