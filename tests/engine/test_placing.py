"""Moving a project into a folder can be undone, by this run or by the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.engine import placing, staging
from wizard.errors import WriteError

Contents = dict[str, Any]

FILES = ("one.txt", "two.txt", "a/one.txt", "a/two.txt", "a/new/x.txt", "b/c/x.txt", ".env")
STEPS = 10
"""Renames that placing the files above into the folder below takes, that of the lock included."""

PLACER = """
import os, signal, sys
from pathlib import Path
from wizard.engine import placing, staging

target, die_at = Path(sys.argv[1]), int(sys.argv[2])
renames, rename = 0, Path.rename

def rename_or_die(self, to):
    global renames
    renames += 1
    if renames == die_at:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, to)

Path.rename = rename_or_die
with staging.staging(target.parent) as folder:
    staged = folder / placing.TREE / target.name
    for name in sys.argv[3:]:
        (staged / name).parent.mkdir(parents=True, exist_ok=True)
        (staged / name).write_text(f"new {name}")
    placing.place_into(folder, staged, target, placing.plan(staged, target, overwrite=True))
print(renames)
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder with three files that differ, one that is equal, and one of its own."""
    folder = tmp_path / "x"
    (folder / "a" / "mine").mkdir(parents=True)
    for name in ("one.txt", "a/one.txt", ".env"):
        (folder / name).write_text(f"old {name}")
    (folder / "two.txt").write_text("new two.txt")
    (folder / "a" / "mine" / "own.txt").write_text("own")
    return folder


def stage(folder: Path) -> Path:
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"new {name}")
    return folder


def place(target: Path, die_at: int = 0) -> subprocess.CompletedProcess[str]:
    """Place the files in a process that is killed at one of its renames."""
    return subprocess.run(
        [sys.executable, "-c", PLACER, str(target), str(die_at), *FILES],
        capture_output=True,
        text=True,
        check=False,
    )


def place_here(target: Path) -> None:
    """Place the files in this process."""
    with staging.staging(target.parent) as folder:
        staged = stage(folder / placing.TREE / "x")
        plan = placing.plan(staged, target, overwrite=True)
        placing.place_into(folder, staged, target, plan)


def leftovers(target: Path) -> list[Path]:
    return list(target.parent.glob(f"{staging.PREFIX}*"))


def test_a_plan_names_what_it_would_do_and_changes_nothing(
    target: Path, tmp_path: Path, on_disk: Callable[[Path], Contents]
) -> None:
    staged = stage(tmp_path / "y")
    before = on_disk(tmp_path)
    plan = placing.plan(staged, target, overwrite=True, spared={".env"})
    assert plan.moves == ["a/new", "a/two.txt", "b"]
    assert plan.replaced == ["a/one.txt", "one.txt"]
    assert plan.kept == [".env"]
    assert placing.plan(staged, target, overwrite=False).kept == [".env", "a/one.txt", "one.txt"]
    assert on_disk(tmp_path) == before


def test_equal_links_are_left_and_others_are_kept(tmp_path: Path) -> None:
    for name, same in (("staged", "there"), ("target", "there")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same").symlink_to(same)
        (tmp_path / name / "other").symlink_to(name)
    plan = placing.plan(tmp_path / "staged", tmp_path / "target", overwrite=False)
    assert plan == placing.Plan(kept=["other"])


def test_a_file_that_only_lost_its_executable_bit_differs(tmp_path: Path) -> None:
    for name, mode in (("staged", 0o755), ("target", 0o644)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run").write_text("x")
        (tmp_path / name / "run").chmod(mode)
    plan = placing.plan(tmp_path / "staged", tmp_path / "target", overwrite=False)
    assert plan.kept == ["run"]


def test_a_folder_in_the_way_of_a_file_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "staged").mkdir()
    (tmp_path / "staged" / "x").write_text("x")
    (tmp_path / "target" / "x").mkdir(parents=True)
    with pytest.raises(WriteError, match="because the project has a file there"):
        placing.plan(tmp_path / "staged", tmp_path / "target", overwrite=True)


def test_placing_replaces_and_adds(target: Path) -> None:
    done = place(target)
    assert done.stdout == f"{STEPS}\n", done.stderr
    assert {name: (target / name).read_text() for name in FILES} == {
        name: f"new {name}" for name in FILES
    }
    assert (target / "a" / "mine" / "own.txt").read_text() == "own"
    assert leftovers(target) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
@pytest.mark.parametrize("at", range(2, STEPS + 1))
def test_what_a_killed_run_had_moved_is_moved_back_by_the_next(
    target: Path, on_disk: Callable[[Path], Contents], at: int
) -> None:
    before = on_disk(target)
    assert place(target, at).returncode == -signal.SIGKILL
    assert len(leftovers(target)) == 1

    staging.sweep(target.parent)
    assert on_disk(target) == before
    assert leftovers(target) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_what_was_changed_after_a_kill_stays(target: Path) -> None:
    place(target, STEPS)
    later = time.time() + 60
    (target / "a" / "new" / "x.txt").write_text("worked on since")
    os.utime(target / "a" / "new" / "x.txt", (later, later))
    staging.sweep(target.parent)
    assert (target / "a" / "new" / "x.txt").read_text() == "worked on since"
    assert (target / "one.txt").read_text() == "old one.txt"
    assert not (target / "a" / "two.txt").exists()


@pytest.mark.parametrize("at", range(2, STEPS + 1))
def test_a_move_that_fails_undoes_those_before_it(
    target: Path, monkeypatch: pytest.MonkeyPatch, on_disk: Callable[[Path], Contents], at: int
) -> None:
    before, rename, renames = on_disk(target), Path.rename, 0

    def failing(self: Path, to: Path) -> Path:
        nonlocal renames
        renames += 1
        if renames == at:
            raise OSError(28, "No space left on device")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="No space"):
        place_here(target)
    assert on_disk(target) == before
    assert leftovers(target) == []


def test_the_staging_folder_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    with staging.staging(tmp_path) as folder:
        staging.sweep(tmp_path)
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_just_being_made_or_is_no_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / f"{staging.PREFIX}new").mkdir()
    (tmp_path / f"{staging.PREFIX}file").write_text("x")
    (tmp_path / f"{staging.PREFIX}link").symlink_to(tmp_path)
    staging.sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_was_never_locked_is_removed_when_it_is_old(tmp_path: Path) -> None:
    folder = tmp_path / f"{staging.PREFIX}old"
    folder.mkdir()
    os.utime(folder, (0, 0))
    staging.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_was_cut_off_is_undone_as_far_as_it_goes(target: Path) -> None:
    place(target, STEPS)
    folder = leftovers(target)[0]
    with (folder / "journal").open("a") as journal:
        journal.write('{"pa')
    staging.sweep(target.parent)
    assert leftovers(target) == []
    assert (target / "one.txt").read_text() == "old one.txt"
