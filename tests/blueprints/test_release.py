"""Releases of a blueprint: the bundle that `copier update` reads, and the command behind it."""

from __future__ import annotations

import importlib.util
import io
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import copier
import pytest
from packaging.version import Version

from wizard.engine import git_remote

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "scaffold-tui://builtin/service"


@pytest.fixture(name="release")
def _release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load the release command, working on a blueprint of one file in a folder of its own."""
    spec = importlib.util.spec_from_file_location("release", ROOT / "blueprints/release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    blueprint = tmp_path / "tiny"
    blueprint.mkdir()
    (blueprint / "copier.yml").write_text("name: demo\n")
    (blueprint / "{{ _copier_conf.answers_file }}.jinja").write_text(
        "{{ _copier_answers|to_nice_yaml -}}\n"
    )
    (blueprint / "hello.txt.jinja").write_text("one {{ name }}\n")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    return module


@pytest.fixture(autouse=True)
def _remote_helper_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(Path(sys.executable).parent)
    monkeypatch.setenv("PATH", os.pathsep.join([folder, os.environ["PATH"]]))


def test_the_newest_release_of_the_service_is_the_folder() -> None:
    """If this fails, a file of blueprints/service changed: run blueprints/release.py."""
    result = subprocess.run(
        [sys.executable, "blueprints/release.py", "service", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (0, "released\n")


def test_the_same_content_gives_the_same_commit(release: ModuleType) -> None:
    first = release.release("tiny", Version("1.0.0"), "First.")
    (release.FOLDER / "tiny.bundle").unlink()
    assert release.release("tiny", Version("1.0.0"), "First.") == first


def test_a_release_keeps_the_earlier_ones(release: ModuleType, tmp_path: Path) -> None:
    release.release("tiny", Version("1.0.0"), "First.")
    (tmp_path / "tiny/hello.txt.jinja").write_text("two {{ name }}\n")
    assert not release.is_current("tiny")
    release.release("tiny", Version("1.1.0"), "Second.")
    assert release.is_current("tiny")
    heads = git_remote.list_heads(tmp_path / "tiny.bundle")
    assert [line.split()[1] for line in heads[1:]] == [
        "refs/heads/main",
        "refs/tags/v1.0.0",
        "refs/tags/v1.1.0",
    ]


@pytest.mark.parametrize(
    ("version", "sentence"),
    [("0.9.0", "0.9.0 is not newer than 1.0.0."), ("1.1.0", "Nothing has changed since 1.0.0.")],
)
def test_a_release_must_be_newer_and_change_something(
    release: ModuleType, version: str, sentence: str
) -> None:
    release.release("tiny", Version("1.0.0"), "First.")
    with pytest.raises(SystemExit, match=sentence):
        release.release("tiny", Version(version), "Again.")


def test_copier_update_brings_a_later_release(release: ModuleType, tmp_path: Path) -> None:
    release.release("tiny", Version("1.0.0"), "First.")
    project = tmp_path / "project"
    origin = tmp_path / "origin"
    for command in (
        ["clone", "--quiet", "--bare", str(tmp_path / "tiny.bundle"), str(origin)],
        ["init", "--quiet", str(project)],
    ):
        subprocess.run(["git", *command], check=True)
    copier.run_copy(f"git+file://{origin}", project, defaults=True, quiet=True)
    assert (project / "hello.txt").read_text() == "one demo\n"
    (project / "mine.txt").write_text("mine\n")
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", "-C", str(project), "add", "--all"], check=True)
    subprocess.run(["git", *identity, "-C", str(project), "commit", "-qm", "First"], check=True)
    (tmp_path / "tiny/hello.txt.jinja").write_text("two {{ name }}\n")
    release.release("tiny", Version("1.1.0"), "Second.")
    subprocess.run(
        ["git", "-C", str(origin), "fetch", "-q", "--tags", str(tmp_path / "tiny.bundle")],
        check=True,
    )
    copier.run_update(project, defaults=True, overwrite=True, quiet=True)
    assert (project / "hello.txt").read_text() == "two demo\n"
    assert (project / "mine.txt").read_text() == "mine\n"


def test_git_finds_the_released_versions_without_a_network() -> None:
    result = subprocess.run(
        ["git", "ls-remote", "--tags", SOURCE], capture_output=True, text=True, check=True
    )
    assert "refs/tags/v0.1.0" in result.stdout


def test_copier_copies_the_service_from_the_recorded_source(tmp_path: Path) -> None:
    project = tmp_path / "demo"
    command = ["copy", "--quiet", "--defaults", f"git+{SOURCE}", str(project)]
    subprocess.run([sys.executable, "-m", "copier", *command], check=True)
    answers = (project / ".copier-answers.yml").read_text()
    assert f"_src_path: git+{SOURCE}" in answers
    assert "_commit: v0.1.0" in answers


@pytest.mark.parametrize(
    "address", ["scaffold-tui://elsewhere/service", "scaffold-tui://builtin/../x", ""]
)
def test_an_address_that_is_not_built_in_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(git_remote.RemoteError, match="is not a built-in blueprint"):
        git_remote.bundle_for(address)


def test_the_helper_ends_when_git_has_no_more_to_ask(release: ModuleType, tmp_path: Path) -> None:
    release.release("tiny", Version("1.0.0"), "First.")
    answers = io.StringIO()
    git_remote.serve(tmp_path / "tiny.bundle", io.StringIO("capabilities\nlist\n\n"), answers)
    assert answers.getvalue().startswith("fetch\n\n@refs/heads/main HEAD\n")
    assert answers.getvalue().endswith("refs/tags/v1.0.0\n\n")
