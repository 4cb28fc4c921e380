"""Answers and a folder -> a project on the disk, all or nothing.

A child process renders and writes into a temporary folder beside the target; then everything is
moved into place. Whatever stops it, the target is as it was, or, if the wizard was killed during
the last moves, is so again when anything is written there next.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from wizard.domain.answers import Answers
from wizard.engine import placing
from wizard.engine.blueprints import Blueprint
from wizard.engine.staging import PREFIX, base_for, staging, sweep
from wizard.errors import AnswerError, BlueprintError, DestinationError, WriteError

_NAMED = 3
"""How many of the files in a folder are named in a message."""

_PACKAGE = Path(__file__).resolve().parent.parent
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class Cancelled(WriteError):
    """The user stopped the writing; nothing was written."""


class DestinationNotEmpty(DestinationError):
    """The folder holds something already.

    Attributes:
        files: How many files and folders are directly in it.
        names: The first few of them.
        summary: Those names, and how many more there are.
    """

    def __init__(self, target: Path, names: list[str]) -> None:
        self.files, self.names = len(names), tuple(names[:_NAMED])
        more = f" and {self.files - _NAMED} more" if self.files > _NAMED else ""
        self.summary = f"{', '.join(self.names)}{more}"
        super().__init__(
            f"“{target}” is not empty ({self.summary}); choose another folder, or agree to write "
            "into it."
        )


@dataclass(frozen=True)
class Progress:
    """How far the writing is; `path` is the file that was written last, empty at the start."""

    done: int
    total: int
    path: str = ""


@dataclass(frozen=True)
class Written:
    """A project that was written.

    Attributes:
        target: Its folder, absolute.
        files: How many files and links it has.
        seconds: How long it took.
        kept: Files that were there already, differ from the project's, and were left alone.
        overwritten: Files that were there already and were replaced.
    """

    target: Path
    files: int
    seconds: float
    kept: tuple[str, ...] = ()
    overwritten: tuple[str, ...] = ()


def absolute(target: Path) -> Path:
    """Return `target` as it is from the root, with ``~`` and ``..`` worked out.

    Raises:
        DestinationError: It is no path at all.
    """
    if "\0" in str(target):
        raise DestinationError("The folder's name has a NUL character in it; choose another one.")
    try:
        return Path(os.path.abspath(target.expanduser()))  # noqa: PTH100 - keeps links, unlike resolve
    except (OSError, RuntimeError) as error:
        raise DestinationError(f"“{target}” cannot be used as a folder: {error}.") from error


def is_here(target: Path, *, below: bool = False) -> bool:
    """Whether `target` is the current folder, or one above it if `below` is set."""
    try:
        here = Path.cwd()
    except OSError:  # it was removed
        return False
    return here.is_relative_to(target.resolve()) if below else here == target.resolve()


def check_destination(target: Path) -> None:
    """Check that a project can be written to `target`: a folder that is new or empty.

    What killed runs left there is undone and removed first.

    Raises:
        DestinationNotEmpty: It holds something; `write` takes it when the user agrees.
        DestinationError: It cannot be used at all.
    """
    target = absolute(target)
    try:
        names = _usable(target)
    except OSError as error:
        raise DestinationError(f"“{target}” cannot be used: {error.strerror}.") from error
    if names:
        raise DestinationNotEmpty(target, names)


def _usable(target: Path) -> list[str]:
    """Return the names of what is in `target`, after checking that it can be written to."""
    if os.path.lexists(target) and not target.is_dir():
        raise DestinationError(f"“{target}” is a file, not a folder; choose another name.")
    nearest = next(path for path in (target, *target.parents) if os.path.lexists(path))
    if not nearest.is_dir():
        raise DestinationError(f"“{nearest}” is a file, so nothing can be in it; choose another.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise DestinationError(f"You may not write to “{nearest}”; choose another folder.")
    if target.resolve().is_relative_to(_PACKAGE):
        raise DestinationError(f"“{target}” is inside scaffold-tui itself; choose another folder.")
    sweep(base_for(target))
    if nearest != target:
        return []
    sweep(target)
    return sorted(path.name for path in target.iterdir() if not path.name.startswith(PREFIX))


def write(
    blueprint: Blueprint,
    answers: Answers,
    target: Path,
    *,
    agreed: bool = False,
    overwrite: bool = False,
    strict: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: threading.Event | None = None,
) -> Written:
    """Write the project that `answers` give to `target`; blocks until it is there.

    Args:
        blueprint: The template.
        answers: Only what was given; text is read by the question's type.
        target: A folder, which need not exist; it and its parents are made.
        agreed: Whether it may hold something already. Files that are in the way and differ are
            kept then, and so listed in the result.
        overwrite: Whether they are replaced instead, except those that the template wants left
            alone, such as `.env`.
        strict: Whether answers to unknown questions, and to such as are not asked, are refused.
        on_progress: Called in this thread for every file, and once before the first.
        cancelled: Stops the writing when it is set, before anything is moved into place.

    Raises:
        AnswerError: An answer is wrong.
        DestinationError: The folder cannot be used, or holds something and `agreed` is False.
        BlueprintError: The template cannot be used.
        Cancelled: `cancelled` was set.
        WriteError: The disk is full, or anything else went wrong.
    """
    started = time.perf_counter()
    target = absolute(target)
    try:
        check_destination(target)
    except DestinationNotEmpty:
        if not agreed:
            raise
    if target.resolve().is_relative_to(blueprint.root.resolve()):
        raise DestinationError(f"“{target}” is inside the template itself; choose another folder.")
    try:
        base = base_for(target)
        with staging(base) as folder:
            staged = folder / placing.TREE / _below(target, base)
            request = {
                "blueprint": {**asdict(blueprint), "root": str(blueprint.root)},
                "answers": dict(answers),
                "target": str(target),
                "folder": str(staged),
                "strict": strict,
            }
            files, spared = _render(request, on_progress or _ignore, cancelled)
            plan = _place(folder, staged, target, base, overwrite=overwrite, spared=spared)
    except OSError as error:
        raise _write_error(error.errno, error.strerror or str(error), target) from error
    seconds = time.perf_counter() - started
    return Written(target, files, seconds, tuple(plan.kept), tuple(plan.replaced))


def _below(target: Path, base: Path) -> Path:
    """Return the path of `target` from `base`, or a name for it if `base` is not above it."""
    inside = target.is_relative_to(base) and target != base
    return target.relative_to(base) if inside else Path("project")


def _place(
    folder: Path, staged: Path, target: Path, base: Path, *, overwrite: bool, spared: frozenset[str]
) -> placing.Plan:
    if not target.is_dir() or _can_be_replaced(target, base):
        placing.place_anew(folder, target, base)
        return placing.Plan()
    plan = placing.plan(staged, target, overwrite=overwrite, spared=spared)
    placing.place_into(folder, staged, target, plan)
    return plan


def _can_be_replaced(target: Path, base: Path) -> bool:
    """Whether the empty folder `target` can make way for a new one without anybody noticing."""
    if target.is_symlink() or target.parent != base or any(target.iterdir()):
        return False
    if is_here(target, below=True):  # the user's shell is there
        return False
    here, parent = target.stat(), base.stat()
    fresh = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    try:
        fresh.chmod(0o777 & ~_umask())
        made = fresh.stat()
    finally:
        fresh.rmdir()
    same = (made.st_mode, made.st_uid, made.st_gid) == (here.st_mode, here.st_uid, here.st_gid)
    return same and here.st_dev == parent.st_dev


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _render(
    request: dict[str, Any],
    on_progress: Callable[[Progress], None],
    cancelled: threading.Event | None,
) -> tuple[int, frozenset[str]]:
    """Let the child write; return how many files there are, and which are never overwritten."""
    total, done, spared = 0, 0, frozenset[str]()
    with _child(request) as messages:
        while True:
            if cancelled is not None and cancelled.is_set():
                raise Cancelled("Stopped; nothing was written.")
            try:
                message = messages.get(timeout=0.05)
            except queue.Empty:
                continue
            if "total" in message:
                total, spared = message["total"], frozenset(message["spared"])
                on_progress(Progress(0, total))
            elif "file" in message:
                done += 1
                on_progress(Progress(done, total, message["file"]))
            elif "written" in message:
                return total, spared
            else:
                raise _error(message, Path(request["target"]))


@contextmanager
def _child(request: dict[str, Any]) -> Iterator[queue.Queue[dict[str, Any]]]:
    """Start the writing process, and make sure that it is gone at the end of the block.

    The queue yields its messages, and at last one about its end, if it does not end by itself.
    """
    messages: queue.Queue[dict[str, Any]] = queue.Queue()
    with tempfile.TemporaryFile() as said:
        process = _start(said)
        reader = threading.Thread(target=_read, args=(process, said, messages), daemon=True)
        try:
            reader.start()
            _send(process, request)
            yield messages
        finally:
            # Not by `with process`: that waits for a child that still waits for its request.
            _kill(process)
            with contextlib.suppress(RuntimeError):  # it was not even started
                reader.join()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    cast(IO[bytes], pipe).close()


def _send(process: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
    """Hand over the request and leave the pipe open: the child dies when it is closed."""
    line = json.dumps(request, default=str).encode() + b"\n"
    # A child that is gone already is reported by the thread that reads what it said.
    with contextlib.suppress(BrokenPipeError):
        cast(IO[bytes], process.stdin).write(line)
        cast(IO[bytes], process.stdin).flush()


def _start(said: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a Python like this one, which finds what this one finds, in a group of its own.

    So Ctrl+C in the terminal reaches this process alone, which then ends the other.
    """
    paths = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "wizard.engine.writer_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        env={**os.environ, "PYTHONPATH": paths},
        **_own_group(),
    )


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and what it has started, if it runs, and wait for it.

    Nobody else may wait for it, or its number could be that of another process by now.
    """
    if process.poll() is None and sys.platform != "win32":
        with contextlib.suppress(PermissionError):  # which macOS raises for a group of zombies
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _read(
    process: subprocess.Popen[bytes], said: IO[bytes], messages: queue.Queue[dict[str, Any]]
) -> None:
    """Pass on the child's messages, and at last one with what it said elsewhere."""
    with contextlib.suppress(ValueError):  # a line that was cut off in the middle
        for line in cast(IO[bytes], process.stdout):
            messages.put(json.loads(line))
    said.seek(0)
    messages.put({"said": said.read().decode(errors="replace")})


def _error(message: dict[str, Any], target: Path) -> Exception:
    """Return the error that a message of the child stands for."""
    if "answer" in message:
        return AnswerError(message["answer"], message["sentence"])
    if "blueprint" in message:
        return BlueprintError(message["blueprint"])
    if "errno" in message:
        return _write_error(message["errno"], message["strerror"], target)
    if "crash" in message:
        return RuntimeError(f"the writing process failed:\n{message['crash']}")
    said = message["said"].strip().splitlines()
    reason = f" ({said[-1]})" if said else ""
    return WriteError(f"The writing process was ended{reason}; nothing was written, try again.")


def _write_error(number: int | None, reason: str, target: Path) -> WriteError:
    if number in _FULL:
        sentence = f"The disk that “{target}” is on is full; make room and try again."
    elif number in _FORBIDDEN:
        sentence = f"You may not write to “{target}”; choose another folder."
    else:
        sentence = f"“{target}” could not be written: {reason}; choose another folder or try again."
    return WriteError(f"{sentence} Nothing was written.")


def _ignore(_: Progress) -> None:
    """Stand in for a caller that does not want to know."""
