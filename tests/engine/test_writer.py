"""Projects are written all or nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from wizard.domain.answers import Answers
from wizard.engine import blueprints, staging, writer
from wizard.engine.blueprints import Blueprint
from wizard.errors import AnswerError, BlueprintError, DestinationError, WriteError

Contents = dict[str, Any]

VARYING = {"place.txt", "secret.txt", "lucky.txt"}
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="session")
def simple(tmp_path_factory: pytest.TempPathFactory) -> Blueprint:
    """A template of thirty files in three folders, with one that is never overwritten."""
    root = tmp_path_factory.mktemp("simple")
    (root / "copier.yml").write_text(
        "_skip_if_exists: [.env]\n"
        "name: {type: str, default: thing, validator: \"{% if name == 'bad' %}No.{% endif %}\"}\n"
        "note: {type: str, default: '', when: \"{{ name == 'noted' }}\"}\n"
    )
    for folder in ("", "a/", "b/c/"):
        for number in range(10):
            path = root / f"{folder}file-{number}.txt.jinja"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{{{{ name }}}} {number}\n")
    (root / ".env").write_text("SECRET=new\n")
    return blueprints.local(root)


def write(simple: Blueprint, target: Path, **options: Any) -> writer.Written:
    return writer.write(simple, Answers(), target, **options)


@pytest.fixture
def leftovers(tmp_path: Path) -> Callable[[], list[str]]:
    """Lists what a run left behind beside the target."""
    return lambda: [path.name for path in tmp_path.rglob(f"{staging.PREFIX}*")]


def test_writes_what_copier_writes(
    torture: Path,
    plain_copy: Callable[[Path, Path, Mapping[str, object]], None],
    on_disk: Callable[[Path], Contents],
    tmp_path: Path,
) -> None:
    answers = {"name": "Ünï", "flavour": "rich", "extras": True}
    target = tmp_path / "ours" / "project"
    result = writer.write(blueprints.local(torture), Answers(answers), target)
    plain_copy(torture, tmp_path / "plain" / "project", answers)

    ours, plain = on_disk(target), on_disk(tmp_path / "plain" / "project")
    for path in VARYING:
        assert ours.pop(path)[:2] == plain.pop(path)[:2]
    assert ours == plain
    assert result.files == len([1 for kind, _, _ in ours.values() if kind != "folder"]) + 3
    assert result.target == target


def test_secrets_that_are_written_are_no_stand_ins(torture: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        writer.write(blueprints.local(torture), Answers(), tmp_path / name)
    one, two = ((tmp_path / name / "secret.txt").read_text() for name in ("one", "two"))
    assert len(one.split()[0]) == 128
    assert one != two
    assert (tmp_path / "one" / "place.txt").read_text() == str(tmp_path / "one")


def test_parents_that_do_not_exist_are_made(
    simple: Blueprint, tmp_path: Path, leftovers: Callable[[], list[str]]
) -> None:
    write(simple, tmp_path / "x" / "y" / "z")
    assert (tmp_path / "x" / "y" / "z" / "b" / "c" / "file-9.txt").read_text() == "thing 9\n"
    assert leftovers() == []


def test_progress_counts_every_file_and_knows_the_total_from_the_start(
    simple: Blueprint, tmp_path: Path
) -> None:
    seen: list[writer.Progress] = []
    write(simple, tmp_path / "x", on_progress=seen.append)
    assert seen[0] == writer.Progress(0, 31, "")
    assert [each.done for each in seen] == list(range(32))
    assert {each.total for each in seen} == {31}
    assert {each.path for each in seen[1:]} == {
        path.relative_to(tmp_path / "x").as_posix()
        for path in (tmp_path / "x").rglob("*")
        if path.is_file()
    }


def test_an_empty_folder_is_written_to(simple: Blueprint, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    writer.check_destination(tmp_path / "x")
    write(simple, tmp_path / "x")
    assert len(list((tmp_path / "x").rglob("*.txt"))) == 30


def test_an_empty_folder_that_a_shell_is_in_stays_the_same_folder(
    simple: Blueprint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    monkeypatch.chdir(tmp_path / "x")
    before = (tmp_path / "x").stat().st_ino
    write(simple, Path())
    assert (tmp_path / "x").stat().st_ino == before
    assert Path("a/file-1.txt").is_file()


def test_an_empty_folder_with_modes_of_its_own_keeps_them(
    simple: Blueprint, tmp_path: Path
) -> None:
    (tmp_path / "x").mkdir(mode=0o700)
    write(simple, tmp_path / "x")
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o700


def test_a_link_to_an_empty_folder_stays_a_link(simple: Blueprint, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "x").symlink_to("real")
    write(simple, tmp_path / "x")
    assert (tmp_path / "x").is_symlink()
    assert (tmp_path / "real" / "a" / "file-1.txt").is_file()


@pytest.fixture
def full_folder(tmp_path: Path) -> Path:
    """A folder with files that differ, one that is equal, one of its own, and one in a folder."""
    folder = tmp_path / "x"
    (folder / "a" / "mine").mkdir(parents=True)
    (folder / "file-0.txt").write_text("mine\n")
    (folder / "file-1.txt").write_text("thing 1\n")
    (folder / "a" / "file-2.txt").write_text("mine too\n")
    (folder / "a" / "mine" / "own.txt").write_text("own\n")
    (folder / ".env").write_text("SECRET=old\n")
    return folder


def test_a_folder_that_is_not_empty_is_refused(
    simple: Blueprint, full_folder: Path, on_disk: Callable[[Path], Contents]
) -> None:
    before = on_disk(full_folder)
    with pytest.raises(writer.DestinationNotEmpty, match="is not empty") as caught:
        write(simple, full_folder)
    assert caught.value.files == 4
    assert caught.value.names == (".env", "a", "file-0.txt")
    assert on_disk(full_folder) == before


def test_files_that_are_there_are_kept_when_the_user_agrees(
    simple: Blueprint, full_folder: Path
) -> None:
    result = write(simple, full_folder, agreed=True)
    assert result.kept == (".env", "a/file-2.txt", "file-0.txt")
    assert result.overwritten == ()
    assert (full_folder / "file-0.txt").read_text() == "mine\n"
    assert (full_folder / "a" / "file-2.txt").read_text() == "mine too\n"
    assert (full_folder / "a" / "mine" / "own.txt").read_text() == "own\n"
    assert (full_folder / "b" / "c" / "file-3.txt").read_text() == "thing 3\n"
    assert (full_folder / "a" / "file-3.txt").read_text() == "thing 3\n"


def test_overwriting_spares_what_the_template_wants_left_alone(
    simple: Blueprint, full_folder: Path
) -> None:
    result = write(simple, full_folder, agreed=True, overwrite=True)
    assert result.kept == (".env",)
    assert result.overwritten == ("a/file-2.txt", "file-0.txt")
    assert (full_folder / "file-0.txt").read_text() == "thing 0\n"
    assert (full_folder / ".env").read_text() == "SECRET=old\n"
    assert (full_folder / "a" / "mine" / "own.txt").read_text() == "own\n"


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_is_in_the_way_of_a_folder_stops_everything(
    simple: Blueprint,
    full_folder: Path,
    on_disk: Callable[[Path], Contents],
    kind: str,
    overwrite: bool,
) -> None:
    (full_folder.parent / "elsewhere").mkdir()
    if kind == "file":
        (full_folder / "b").write_text("a file\n")
    else:
        (full_folder / "b").symlink_to("../elsewhere")
    before = on_disk(full_folder.parent)
    with pytest.raises(WriteError, match=r"/b” is in the way"):
        write(simple, full_folder, agreed=True, overwrite=overwrite)
    assert on_disk(full_folder.parent) == before


def test_a_wrong_answer_is_refused_and_nothing_is_written(
    simple: Blueprint, tmp_path: Path, leftovers: Callable[[], list[str]]
) -> None:
    with pytest.raises(AnswerError, match=r"^name: No\.$"):
        writer.write(simple, Answers({"name": "bad"}), tmp_path / "x" / "y")
    assert not (tmp_path / "x").exists()
    assert leftovers() == []


def test_strict_writing_refuses_answers_that_are_not_asked_for(
    simple: Blueprint, tmp_path: Path
) -> None:
    with pytest.raises(AnswerError, match="There is no question of that name; did you mean name"):
        writer.write(simple, Answers({"nam": "x"}), tmp_path / "x", strict=True)
    with pytest.raises(AnswerError, match="note: It is not asked"):
        writer.write(simple, Answers({"note": "x"}), tmp_path / "x", strict=True)
    writer.write(simple, Answers({"note": "x"}), tmp_path / "x")
    assert (tmp_path / "x").is_dir()


def test_a_broken_template_is_reported(tmp_path: Path) -> None:
    (tmp_path / "template").mkdir()
    (tmp_path / "template" / "copier.yml").write_text("name: x\n")
    (tmp_path / "template" / "broken.txt.jinja").write_text("{{ name | nothing }}")
    with pytest.raises(
        BlueprintError, match=r"“broken\.txt\.jinja” of the template cannot be render"
    ):
        writer.write(blueprints.local(tmp_path / "template"), Answers(), tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("at", [0, 1, 17, 31])
def test_cancelling_leaves_nothing(
    simple: Blueprint, tmp_path: Path, leftovers: Callable[[], list[str]], at: int
) -> None:
    cancelled = threading.Event()

    def cancel(progress: writer.Progress) -> None:
        if progress.done == at:
            cancelled.set()

    with pytest.raises(writer.Cancelled):
        write(simple, tmp_path / "x", on_progress=cancel, cancelled=cancelled)
    assert not (tmp_path / "x").exists()
    assert leftovers() == []


def test_an_interrupt_leaves_nothing(
    simple: Blueprint, tmp_path: Path, leftovers: Callable[[], list[str]]
) -> None:
    def interrupt(progress: writer.Progress) -> None:
        if progress.done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(simple, tmp_path / "x", on_progress=interrupt)
    assert not (tmp_path / "x").exists()
    assert leftovers() == []


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Blueprint:
    """A template of so many files that there is time to stop the writing."""
    root = tmp_path_factory.mktemp("large")
    (root / "copier.yml").write_text("name: thing\n")
    for number in range(1200):
        (root / f"file-{number}.txt").write_text(f"{number}\n")
    return blueprints.local(root)


@pytest.mark.parametrize("at", [0, 1, 300])
def test_a_killed_child_leaves_nothing(
    large: Blueprint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    leftovers: Callable[[], list[str]],
    at: int,
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = writer._start

    def remember(said: Any) -> subprocess.Popen[bytes]:
        started.append(start(said))
        return started[0]

    def kill(progress: writer.Progress) -> None:
        if progress.done == at:
            started[0].kill()

    monkeypatch.setattr(writer, "_start", remember)
    with pytest.raises(WriteError, match="was ended"):
        write(large, tmp_path / "x", on_progress=kill)
    assert not (tmp_path / "x").exists()
    assert leftovers() == []


WRITER = """
import sys
from pathlib import Path
from wizard.domain.answers import Answers
from wizard.engine import blueprints, writer

print("started", flush=True)
writer.write(
    blueprints.local(Path(sys.argv[1])), Answers(), Path(sys.argv[2]), agreed=True, overwrite=True,
    on_progress=lambda progress: print(progress.done, flush=True),
)
print("written", flush=True)
"""


def start_writer(template: Blueprint, target: Path, **environ: str) -> subprocess.Popen[str]:
    """Write in a process that can be killed."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(template.root), str(target)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
        start_new_session=True,
    )


def processes_with(mark: str) -> list[int]:
    """Return the processes whose environment has `mark` in it."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if mark.encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def ended(pids: Callable[[], list[int]]) -> bool:
    """Wait until there are no such processes; False if there still are after ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not pids():
            return True
        time.sleep(0.02)
    return False


@on_linux
@pytest.mark.parametrize("milliseconds", [0, 300, 500, 600, 700])
def test_a_killed_wizard_leaves_the_target_and_no_process(
    large: Blueprint, tmp_path: Path, leftovers: Callable[[], list[str]], milliseconds: int
) -> None:
    mark = f"SCAFFOLD_TUI_TEST={tmp_path}"
    with start_writer(large, tmp_path / "x", SCAFFOLD_TUI_TEST=str(tmp_path)) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(milliseconds / 1000)
        process.kill()
    assert ended(lambda: processes_with(mark))
    files = len(list((tmp_path / "x").iterdir())) if (tmp_path / "x").exists() else 0
    assert files in {0, 1200}

    writer.check_destination(tmp_path / "y")
    assert leftovers() == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with 1 MB of room; only root on Linux may make one."""
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mount)]
    if sys.platform != "linux" or subprocess.call(command, stderr=-3):
        pytest.skip("cannot mount a tmpfs here")
    yield mount
    subprocess.run(["umount", str(mount)], check=True)


@pytest.mark.parametrize("inside", ["x", "."])
def test_a_full_disk_is_said_so_and_leaves_nothing(
    simple: Blueprint, small_disk: Path, inside: str
) -> None:
    root = small_disk.parent / "template"
    shutil.copytree(simple.root, root)
    for number in range(20):
        (root / f"big-{number}.bin").write_bytes(bytes(100_000))
    with pytest.raises(WriteError, match=r"is full; make room and try again\. Nothing was written"):
        write(blueprints.local(root), small_disk / inside)
    assert list(small_disk.iterdir()) == []


def test_a_mount_point_is_written_to(simple: Blueprint, small_disk: Path) -> None:
    write(simple, small_disk)
    assert len(list(small_disk.rglob("*.txt"))) == 30
    assert not list(small_disk.glob(f"{staging.PREFIX}*"))


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("file", "“{0}/file” is a file, not a folder; choose another name."),
        ("file/below/it", "“{0}/file” is a file, so nothing can be in it; choose another."),
        ("dangling", "“{0}/dangling” is a file, not a folder; choose another name."),
        ("nul\0byte", "The folder's name has a NUL character in it; choose another one."),
        ("n" * 300, "“{0}/" + "n" * 300 + "” cannot be used: File name too long."),
    ],
)
def test_destinations_that_cannot_be_used(tmp_path: Path, target: str, sentence: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(DestinationError) as caught:
        writer.check_destination(tmp_path / target)
    assert str(caught.value) == sentence.format(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    for target in (tmp_path / "locked", tmp_path / "locked" / "x"):
        with pytest.raises(DestinationError, match=r"You may not write to “.*locked”"):
            writer.check_destination(target)


def test_a_destination_inside_the_template_or_the_program_is_refused(simple: Blueprint) -> None:
    with pytest.raises(DestinationError, match="is inside the template itself"):
        write(simple, simple.root / "x")
    with pytest.raises(DestinationError, match="is inside scaffold-tui itself"):
        writer.check_destination(Path(writer.__file__).parent / "x")


def test_an_unknown_reason_is_one_sentence(
    simple: Blueprint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(WriteError, match="Nothing was written"):
        write(simple, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
